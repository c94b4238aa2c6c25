"""What numbers in coded streams stand for: colours (ITU-T H.273), profiles, messages, kinds of user data."""

from __future__ import annotations

from collections.abc import Mapping

PRIMARIES: Mapping[int, str] = {
    1: "BT.709",
    2: "not said",
    4: "BT.470 M",
    5: "BT.470 BG (PAL)",
    6: "SMPTE 170M (NTSC)",
    7: "SMPTE 240M",
    8: "film",
    9: "BT.2020",
    10: "SMPTE 428 (XYZ)",
    11: "SMPTE 431 (DCI-P3)",
    12: "SMPTE 432 (Display P3)",
    22: "EBU 3213",
}
TRANSFERS: Mapping[int, str] = {
    1: "BT.709",
    2: "not said",
    4: "gamma 2.2",
    5: "gamma 2.8",
    6: "SMPTE 170M",
    7: "SMPTE 240M",
    8: "linear",
    9: "logarithmic, 100:1",
    10: "logarithmic, 316:1",
    11: "IEC 61966-2-4 (xvYCC)",
    12: "BT.1361",
    13: "IEC 61966-2-1 (sRGB)",
    14: "BT.2020, 10 bits",
    15: "BT.2020, 12 bits",
    16: "SMPTE 2084 (PQ): high dynamic range",
    17: "SMPTE 428",
    18: "ARIB B67 (HLG): high dynamic range",
}
MATRICES: Mapping[int, str] = {
    0: "RGB",
    1: "BT.709",
    2: "not said",
    4: "FCC",
    5: "BT.470 BG",
    6: "SMPTE 170M",
    7: "SMPTE 240M",
    8: "YCgCo",
    9: "BT.2020, non-constant luminance",
    10: "BT.2020, constant luminance",
    11: "SMPTE 2085",
    12: "derived from the primaries, non-constant luminance",
    13: "derived from the primaries, constant luminance",
    14: "ICtCp",
}
RANGES: Mapping[int, str] = {0: "not said", 1: "the range of television", 2: "all values are used"}
CHROMA: Mapping[int, str] = {0: "4:0:0, no colour", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4"}

AVC_PROFILES: Mapping[int, str] = {
    44: "CAVLC 4:4:4 Intra",
    66: "Baseline",
    77: "Main",
    83: "Scalable Baseline",
    86: "Scalable High",
    88: "Extended",
    100: "High",
    110: "High 10",
    118: "Multiview High",
    122: "High 4:2:2",
    128: "Stereo High",
    244: "High 4:4:4 Predictive",
}
HEVC_PROFILES: Mapping[int, str] = {
    1: "Main",
    2: "Main 10",
    3: "Main Still Picture",
    4: "Format range extensions",
    5: "High throughput",
    6: "Multiview Main",
    7: "Scalable Main",
    9: "Screen content",
}
MPEG2_RATES: Mapping[int, str] = {
    1: "24000/1001 pictures per second",
    2: "24 pictures per second",
    3: "25 pictures per second",
    4: "30000/1001 pictures per second",
    5: "30 pictures per second",
    6: "50 pictures per second",
    7: "60000/1001 pictures per second",
    8: "60 pictures per second",
}
HEVC_FIRSTS: Mapping[int, str] = {
    6: "RADL: leading, decodable",
    7: "RADL: leading, decodable",
    8: "RASL: leading, lost after a jump",
    9: "RASL: leading, lost after a jump",
    16: "BLA: the link before it is broken",
    17: "BLA: the link before it is broken",
    18: "BLA: the link before it is broken",
    19: "IDR: nothing before it is needed",
    20: "IDR: nothing before it is needed",
    21: "CRA: an open group may begin",
}
AVC_FIRSTS: Mapping[int, str] = {
    1: "not IDR",
    5: "IDR: nothing before it is needed",
}
MESSAGES: Mapping[int, str] = {
    0: "buffering period",
    1: "picture timing",
    2: "pan and scan",
    3: "filler",
    4: "registered user data (ITU-T T.35)",
    5: "unregistered user data",
    6: "recovery point",
    19: "film grain",
    22: "post-filter",
    45: "frame packing: two views in one picture",
    47: "display orientation",
    128: "structure of pictures",
    129: "active parameter sets",
    130: "decoding unit",
    132: "hash of the decoded picture",
    133: "scalable nesting",
    136: "time code",
    137: "mastering display",
    144: "content light level",
    147: "preferred transfer",
    148: "ambient viewing",
    149: "content colour volume",
    150: "equirectangular projection",
    151: "cube map projection",
    154: "rotation of a sphere",
    165: "alpha channel",
    177: "multiview view position",
    200: "list of the messages (SEI manifest)",
}
"""SEI messages (ITU-T H.264 table D.1, ITU-T H.265 table D.1, ITU-T H.274)."""
AV1_METADATA: Mapping[int, str] = {
    1: "content light level",
    2: "mastering display",
    3: "scalability",
    4: "registered user data (ITU-T T.35)",
    5: "time code",
}
USER_DATA: Mapping[str, str] = {
    "dc45e9bd-e6d9-48b7-962c-d820d923eeef": "x264",
    "2ca2de09-b517-47db-bb55-a4fe7fc2fc4e": "x265",
    "4d495350-6d69-6372-6f73-656374696d65": "MISB: time in microseconds",
}
"""Kinds of user data by UUID: as x264's and x265's sources and MISB ST 0604 have them."""
REGISTERED: Mapping[bytes, str] = {
    b"\xb5\x00\x31GA94": "captions (ATSC A/53)",
    b"\xb5\x00\x31DTG1": "active format",
    b"\xb5\x00\x3c\x00\x01\x04": "HDR10+ (SMPTE ST 2094-40)",
    b"\xb5\x00\x3b": "Dolby Vision",
}
"""Registered user data by their first bytes: country, provider and provider's code."""


def said(table: Mapping[int, str], number: int) -> str:
    """Returns what a number stands for, or that it is not known here."""
    return table.get(number, "not a number that is known here")
