"""What parameter sets of coded pictures state: profile, level, size, depth, timing, colour.

Sources: ITU-T H.264 sections 7.3.2.1 and E.1.1; ITU-T H.265 sections 7.3.2.2 and 7.3.3; AV1 specification,
section 5.5; ISO/IEC 13818-2, sections 6.2.2.1 and 6.2.2.3. Where a set ends early, what stands late in it is
left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from forensics.inside.codednames import (
    AVC_PROFILES,
    CHROMA,
    HEVC_PROFILES,
    MATRICES,
    MPEG2_RATES,
    PRIMARIES,
    TRANSFERS,
    said,
)
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.media.bits import Bits, unescaped
from forensics.media.units import Coding
from forensics.model import Part

_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
"""Profiles of H.264 whose sequence parameter sets state the form of samples."""
_CUT = "The parameter set ends before all of it could be read."
_EXTENDED_PIXEL = 255


def of_set(window: Window, coding: Coding, unit: bytes) -> Part | None:
    """Returns the tree of one parameter set; None of those that state nothing for a person."""
    kind, facts = _reader(coding, unit)
    if facts is None:
        return None
    found, trouble = [], None
    try:
        for name, value, meaning in facts:
            found.append(part(window, name, value, meaning=meaning))
    except (ValueError, IndexError):
        trouble = _CUT
    return part(window, kind, meaning=f"{len(unit)} bytes", trouble=trouble, parts=tuple(found))


_Facts = Iterator[tuple[str, int | str, str]]


def _reader(coding: Coding, unit: bytes) -> tuple[str, _Facts | None]:
    if not unit:
        return "", None
    if coding is Coding.AVC and unit[0] & 31 == 7:
        return "Sequence parameter set", _avc(unit)
    if coding is Coding.HEVC and unit[0] >> 1 & 63 == 33:
        return "Sequence parameter set", _hevc(unit)
    if coding is Coding.AV1:
        return "Sequence header", _av1(unit)
    if coding in {Coding.MPEG1, Coding.MPEG2} and unit[0] == 0xB3:
        return "Sequence header", _mpeg(unit)
    if coding is Coding.MPEG2 and unit[0] == 0xB5 and len(unit) > 1 and unit[1] >> 4 == 1:
        return "Sequence extension", _mpeg_extension(unit)
    if coding is Coding.MPEG4 and unit[0] == 0xB0:
        return "Visual object sequence", _mpeg4(unit)
    return "", None


def _avc(unit: bytes) -> _Facts:
    bits = Bits(unescaped(unit[1:]))
    profile, constraints, level = bits.take(8), bits.take(8), bits.take(8)
    yield "profile_idc", profile, said(AVC_PROFILES, profile)
    yield "constraint_flags", f"{constraints:08b}", ""
    yield "level_idc", level, f"Level {level // 10}.{level % 10}"
    yield "seq_parameter_set_id", bits.unsigned(), ""
    chroma = 1
    if profile in _HIGH:
        chroma = bits.unsigned()
        if chroma == 3:
            bits.take(1)
        luma, colour = bits.unsigned() + 8, bits.unsigned() + 8
        yield "bit_depth", luma, f"bits of brightness; {colour} of colour"
        bits.take(1)
        if bits.flag():
            _skip_scaling(bits, 8 if chroma != 3 else 12)
    yield "chroma_format_idc", chroma, said(CHROMA, chroma)
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 255)):
            bits.signed()
    yield "max_num_ref_frames", bits.unsigned(), "earlier pictures that one may be predicted from"
    bits.take(1)
    wide, high = 16 * (bits.unsigned() + 1), 16 * (bits.unsigned() + 1)
    frames = bits.flag()
    high *= 1 if frames else 2
    if not frames:
        bits.take(1)
    meaning = "only whole pictures" if frames else "fields or whole pictures: may be interlaced"
    yield "frame_mbs_only_flag", int(frames), meaning
    bits.take(1)
    crop = tuple(bits.unsigned() for _ in range(4)) if bits.flag() else (0, 0, 0, 0)
    across, down = (2 if chroma in {1, 2} else 1), (2 if chroma == 1 else 1)
    down *= 1 if frames else 2
    wide -= across * (crop[0] + crop[1])
    high -= down * (crop[2] + crop[3])
    yield "size", f"{wide} × {high}", "pixels shown"
    if bits.flag():
        yield from _vui(bits)


def _vui(bits: Bits) -> _Facts:
    if bits.flag():
        aspect = bits.take(8)
        yield "aspect_ratio_idc", aspect, "shape of a pixel; 1: square, 255: as follows"
        if aspect == _EXTENDED_PIXEL:
            yield "sample_aspect_ratio", f"{bits.take(16)}:{bits.take(16)}", "width to height"
    bits.take(int(bits.flag()))
    if bits.flag():
        yield from _colours(bits)
    if bits.flag():
        bits.unsigned()
        bits.unsigned()
    if bits.flag():
        units, scale, fixed = bits.take(32), bits.take(32), bits.flag()
        if units:
            rate = f"pictures per second; {'said to be fixed' if fixed else 'may vary'}"
            yield "timing", f"{float(Fraction(scale, 2 * units)):.3f}", rate
    hrd = False
    for _ in range(2):
        if bits.flag():
            hrd = True
            _skip_hrd(bits)
    if hrd:
        bits.take(1)
    yield "nal_hrd", int(hrd), "1: a buffer model is stated, as for broadcast"
    bits.take(1)
    if bits.flag():
        bits.take(1)
        for _ in range(4):
            bits.unsigned()
        yield "max_num_reorder_frames", bits.unsigned(), "pictures shown later than they are coded"


def _colours(bits: Bits) -> _Facts:
    bits.take(3)
    yield (
        "video_full_range_flag",
        bits.take(1),
        "1: all values are used, 0: the range of television",
    )
    if bits.flag():
        for name, table in (
            ("colour_primaries", PRIMARIES),
            ("transfer_characteristics", TRANSFERS),
            ("matrix_coefficients", MATRICES),
        ):
            value = bits.take(8)
            yield name, value, said(table, value)


def _skip_scaling(bits: Bits, lists: int) -> None:
    for number in range(lists):
        if not bits.flag():
            continue
        last = step = 8
        for _ in range(16 if number < 6 else 64):
            if step:
                step = (last + bits.signed()) % 256
            last = step or last


def _skip_hrd(bits: Bits) -> None:
    count = bits.unsigned() + 1
    bits.take(8)
    for _ in range(min(count, 32)):
        bits.unsigned()
        bits.unsigned()
        bits.take(1)
    bits.take(20)


def _hevc(unit: bytes) -> _Facts:
    bits = Bits(unescaped(unit[2:]))
    bits.take(4)
    layers = bits.take(3)
    bits.take(1)
    bits.take(2)
    tier, profile = bits.take(1), bits.take(5)
    bits.take(32)
    progressive, interlaced = bits.take(1), bits.take(1)
    bits.take(46)
    level = bits.take(8)
    yield "general_profile_idc", profile, said(HEVC_PROFILES, profile)
    yield "general_tier_flag", tier, "High tier" if tier else "Main tier"
    yield "general_level_idc", level, f"Level {level // 30}.{level % 30 // 3}"
    source = {(1, 0): "progressive", (0, 1): "interlaced"}.get(
        (progressive, interlaced), "not said"
    )
    yield "source", source, "how the pictures were scanned, as stated"
    flags = [(bits.take(1), bits.take(1)) for _ in range(layers)]
    bits.take(2 * (8 - layers) if layers else 0)
    for with_profile, with_level in flags:
        bits.take(88 * with_profile + 8 * with_level)
    yield "sps_seq_parameter_set_id", bits.unsigned(), ""
    chroma = bits.unsigned()
    if chroma == 3:
        bits.take(1)
    yield "chroma_format_idc", chroma, said(CHROMA, chroma)
    wide, high = bits.unsigned(), bits.unsigned()
    crop = [bits.unsigned() for _ in range(4)] if bits.flag() else [0] * 4
    across, down = (2 if chroma in {1, 2} else 1), (2 if chroma == 1 else 1)
    shown = wide - across * (crop[0] + crop[1]), high - down * (crop[2] + crop[3])
    yield "size", f"{shown[0]} × {shown[1]}", "pixels shown"
    luma, colour = bits.unsigned() + 8, bits.unsigned() + 8
    yield "bit_depth", luma, f"bits of brightness; {colour} of colour"


def _av1(data: bytes) -> _Facts:
    bits = Bits(data)
    profile, _, reduced = bits.take(3), bits.take(1), bits.flag()
    yield "seq_profile", profile, {0: "Main", 1: "High", 2: "Professional"}.get(profile, "")
    if reduced:
        yield _av1_level(bits.take(5))
    else:
        model = 0
        if bits.flag():
            bits.take(64)
            if bits.flag():
                bits.unsigned()
            if bits.flag():
                model = bits.take(5) + 1
                bits.take(42)
        delays = bits.flag()
        for number in range(bits.take(5) + 1):
            bits.take(12)
            level = bits.take(5)
            tier = bits.take(1) if level > 7 else 0
            if model and bits.flag():
                bits.take(2 * model + 1)
            if delays and bits.flag():
                bits.take(4)
            if number == 0:
                yield _av1_level(level)
                yield "seq_tier", tier, "High tier" if tier else "Main tier"
    across, down = bits.take(4) + 1, bits.take(4) + 1
    yield "size", f"{bits.take(across) + 1} × {bits.take(down) + 1}", "pixels at most"


def _av1_level(number: int) -> tuple[str, int | str, str]:
    return "seq_level_idx", number, f"Level {2 + (number >> 2)}.{number & 3}"


def _mpeg(unit: bytes) -> _Facts:
    bits = Bits(unit[1:])
    yield "size", f"{bits.take(12)} × {bits.take(12)}", "pixels"
    yield "aspect_ratio", bits.take(4), "1: square pixels; 2: 4:3; 3: 16:9"
    rate = bits.take(4)
    yield "frame_rate_code", rate, said(MPEG2_RATES, rate)
    yield "bit_rate", 400 * bits.take(18), "bits per second, at most"


def _mpeg_extension(unit: bytes) -> _Facts:
    bits = Bits(unit[1:])
    bits.take(4)
    level = bits.take(8)
    profiles = {1: "High", 2: "Spatial", 3: "SNR", 4: "Main", 5: "Simple"}
    levels = {4: "High", 6: "High 1440", 8: "Main", 10: "Low"}
    meaning = f"{profiles.get(level >> 4 & 7, 'another')} profile, {levels.get(level & 15, 'another')} level"
    yield "profile_and_level", level, meaning
    progressive = bits.take(1)
    yield "progressive_sequence", progressive, "1: only whole pictures"
    yield "chroma_format", bits.take(2), "1: 4:2:0; 2: 4:2:2; 3: 4:4:4"


def _mpeg4(unit: bytes) -> _Facts:
    yield "profile_and_level_indication", unit[1], "as ISO/IEC 14496-2, table G.1, numbers them"
