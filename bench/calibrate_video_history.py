"""Videos coded once and twice.

Sources: scenes made here (a camera drifts, pans, zooms or stands over textures with the spectrum of
photographs, parts move, each picture has noise of its own; some have a cut), 480 × 272, 300 pictures; and
public clips, made smaller at least twofold, up to 300 pictures. Untouched: coded once with x264. Edited:
coded first as MPEG-4 part 2 or with x264, in groups of 9 to 30 pictures, and then with x264 like the
untouched one, at CRF 18 to 28. In the row of 720p the second coding is at CRF 28. "Converted": coded once,
after pictures were repeated, left out or blended to another frame rate, or with something in the scene that
comes again every 15 to 30 pictures. "Taken out": scenes of 30 s, coded twice; edited are those from whose
middle 20 to 119 pictures were taken out between the two codings, so that the groups begin anew. Run by itself
with the folder of the media, this prints how often the first group was estimated right; a multiple or a part
of it is not right.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from calibrate import Item, examine
from numpy.typing import NDArray

from forensics.analyses.video_history import WITH_B, WITHOUT_B, VideoHistory
from forensics.model import Asset, Context, Finding

SETS = (
    "made scenes 480 x 272, seeds 200 to 207",
    "made scenes 1280 x 720, seeds 300 to 303",
    "made scenes 480 x 272 of 30 s, seeds 420 to 435",
    "public clips made smaller: Big Buck Bunny, crystal, pattern-longer, scene_cuts",
)
FINDINGS = ("coded-before", "earlier-groups-change")
CLIPS = ("big-buck-bunny-480p-30sec", "crystal", "pattern-longer-no-bar", "scene_cuts")
GROUPS = (9, 12, 15, 24, 25, 30)
SOCIAL = "720p CRF 28"
CONVERTED = "converted or rhythmic"
TAKEN_OUT = "taken out, "
PICTURES = 300

Values = NDArray[np.float32]
Options = tuple[str, ...]


class Watched(VideoHistory):
    """The analysis, with what it last estimated."""

    last: int | None = None

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        Watched.last = None
        for finding in super().run(asset, context):
            for one in finding.measurements:
                if one.key == "first-group":
                    Watched.last = int(one.value)
            yield finding


ANALYSIS = VideoHistory


def counted(finding: str, quality: str) -> bool:
    """Whether a class is about a finding: broken rhythms are sought in what was coded twice anyway."""
    broken = finding == "earlier-groups-change"
    return quality == CONVERTED or broken == quality.startswith(TAKEN_OUT)


def items(media: Path) -> Iterator[Item]:
    return (item for item, _ in cases(media))


def cases(media: Path) -> Iterator[tuple[Item, int]]:
    """Yields each item with the pictures in a group of its first coding; 0 where it has none."""
    for seed in range(200, 208):
        yield from _made(seed)
    for name in CLIPS:
        yield from _clip(next((media / "videos").glob(f"*/{name}.mp4")))
    for seed in range(300, 304):
        yield from _social(seed)
    for seed in range(420, 436):
        yield from _shortened(seed)


def main(media: Path) -> None:
    """Prints how often the first group was estimated right, of those that were found."""
    right: dict[str, list[bool]] = defaultdict(list)
    for item, group in cases(media):
        if item.edited and "coded-before" in examine(Watched(), item)[0]:
            right[item.quality].append(Watched.last == group)
    for quality, told in right.items():
        print(f"{quality}: first group right in {sum(told)} of {len(told)}")


def _made(seed: int) -> Iterator[tuple[Item, int]]:
    size = (480, 272)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.yuv"
        _write(raw, scene(seed, *size, PICTURES))
        yield from _codings(f"made-{seed}", Path(folder), raw, size)
        yield from _rhythmic(seed, Path(folder), raw, size)


def _clip(path: Path) -> Iterator[tuple[Item, int]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        by = max(2.0, max(stream.width, stream.height) / 480)
        size = (int(stream.width / by) // 2 * 2, int(stream.height / by) // 2 * 2)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.yuv"
        scaled = f"scale={size[0]}:{size[1]}:flags=area"
        _run(
            "-i",
            path,
            "-an",
            "-vf",
            scaled,
            "-frames:v",
            PICTURES,
            "-pix_fmt",
            "yuv420p",
            "-f",
            "rawvideo",
            raw,
        )
        yield from _codings(path.stem, Path(folder), raw, size)


def _codings(
    source: str, folder: Path, raw: Path, size: tuple[int, int]
) -> Iterator[tuple[Item, int]]:
    rng = random.Random(source)  # noqa: S311 - repeatable
    groups = {"MPEG-4": rng.choice(GROUPS), "H.264": rng.choice(GROUPS)}
    quantiser, level = rng.choice((3, 5, 7, 9)), rng.choice((20, 23, 26, 29))
    mpeg4 = ("-c:v", "mpeg4", "-g", str(groups["MPEG-4"]), "-q:v", str(quantiser))
    _run(*_raw(raw, size), *mpeg4, "-sc_threshold", "1000000000", folder / "MPEG-4.mp4")
    first = x264(groups["H.264"], level, rng.choice((0, 3)), "veryfast", "-sc_threshold", "0")
    _run(*_raw(raw, size), *first, folder / "H.264.mp4")
    for present, between in ((WITHOUT_B, 0), (WITH_B, 3)):
        second = x264(
            rng.choice((250, 250, 50, 33)),
            rng.choice((18, 21, 23, 26, 28)),
            between,
            rng.choice(("veryfast", "medium")),
        )
        clean = _coded(_raw(raw, size), second, folder)
        for before, group in groups.items():
            again = _coded(("-i", str(folder / f"{before}.mp4")), second, folder)
            yield _item(source, f"{before}, then {present}", clean, edited=False), 0
            yield _item(source, f"{before}, then {present}", again, edited=True), group


def _social(seed: int) -> Iterator[tuple[Item, int]]:
    size, rng = (1280, 720), random.Random(seed)  # noqa: S311 - repeatable
    group = rng.choice((12, 15, 25, 30))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw = folder / "raw.yuv"
        _write(raw, scene(seed, *size, 250))
        first = x264(group, rng.choice((18, 20, 23)), 0, "veryfast", "-sc_threshold", "0")
        _run(*_raw(raw, size), *first, folder / "first.mp4")
        second = x264(250, 28, 3, "veryfast")
        yield (
            _item(f"made-{seed}", SOCIAL, _coded(_raw(raw, size), second, folder), edited=False),
            0,
        )
        again = _coded(("-i", str(folder / "first.mp4")), second, folder)
        yield _item(f"made-{seed}", SOCIAL, again, edited=True), group


def _shortened(seed: int) -> Iterator[tuple[Item, int]]:
    size, rng = (480, 272), random.Random(seed)  # noqa: S311 - repeatable
    group, between = rng.choice(GROUPS), (0, 3)[seed % 2]
    first_at, gone = rng.randrange(250, 500), rng.randrange(20, 118)
    while min(gone % group, -gone % group) < 2:  # the groups would run on, or nearly
        gone += 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw, first = folder / "raw.yuv", folder / "first.mp4"
        _write(raw, scene(seed, *size, 750))
        coding = rng.choice(
            (
                ("-c:v", "mpeg4", "-g", str(group), "-q:v", "5", "-sc_threshold", "1000000000"),
                x264(group, 23, rng.choice((0, 3)), "veryfast", "-sc_threshold", "0"),
            )
        )
        _run(*_raw(raw, size), *coding, first)
        second = x264(250, rng.choice((18, 21, 23, 26)), between, "veryfast")
        kept = f"select='lt(n,{first_at})+gte(n,{first_at + gone})',setpts=N/25/TB"
        quality = TAKEN_OUT + (WITH_B if between else WITHOUT_B)
        for edited in (False, True):
            made = _coded(("-i", str(first), *(("-vf", kept) if edited else ())), second, folder)
            yield _item(f"long-{seed}", quality, made, edited=edited), group


def _rhythmic(
    seed: int, folder: Path, raw: Path, size: tuple[int, int]
) -> Iterator[tuple[Item, int]]:
    """Coded once, with a rhythm that a coding did not make."""
    filters = ("fps=30", "fps=23", "framerate=fps=30", "fps=26", "", "", "", "")
    rate, between = filters[seed % 8], (0, 3)[seed // 2 % 2]
    shown = raw
    if not rate:
        shown = folder / "rhythm.yuv"
        _write(shown, _with_rhythm(raw, size, seed % 4))
    made = _coded(
        (*_raw(shown, size), *(("-vf", rate) if rate else ())),
        x264(250, 23, between, "veryfast"),
        folder,
    )
    yield _item(f"made-{seed}", CONVERTED, made, edited=False), 0


def _with_rhythm(raw: Path, size: tuple[int, int], kind: int) -> Iterator[bytes]:
    """A lamp that blinks, a hand of a clock, a pendulum, or a flash, drawn into pictures."""
    wide, high = size
    pictures = np.fromfile(raw, np.uint8).reshape(-1, wide * high * 3 // 2)
    for at, picture in enumerate(pictures):
        own = picture.copy()
        light = own[: wide * high].reshape(high, wide)
        if kind == 0 and at % 25 < 3:
            cv2.circle(light, (60, 60), 8, (250,), -1)
        elif kind == 1:
            turn = 2 * np.pi * (at // 25) / 60
            cv2.circle(light, (240, 136), 50, (200,), -1)
            tip = int(240 + 45 * np.sin(turn)), int(136 - 45 * np.cos(turn))
            cv2.line(light, (240, 136), tip, (20,), 2)
        elif kind == 2:
            cv2.circle(light, (int(240 + 80 * np.sin(2 * np.pi * at / 30)), 180), 14, (30,), -1)
        elif kind == 3 and at % 15 == 0:
            light[:] = np.clip(light.astype(int) + 12, 0, 255).astype(np.uint8)
        yield own.tobytes()


def x264(group: int, level: int, between: int, preset: str, *more: str) -> Options:
    """Options of x264: pictures in a group at most, CRF, B pictures at most, preset."""
    return (
        *("-c:v", "libx264", "-preset", preset, "-crf", str(level), "-g", str(group)),
        *("-bf", str(between), "-pix_fmt", "yuv420p", *more),
    )


def _item(source: str, quality: str, data: bytes, *, edited: bool) -> Item:
    return Item(source=source, quality=quality, size="any", edited=edited, data=data)


def _raw(raw: Path, size: tuple[int, int]) -> Options:
    shape = f"{size[0]}x{size[1]}"
    return ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", shape, "-r", "25", "-i", str(raw))


def _coded(source: Options, options: Options, folder: Path) -> bytes:
    made = folder / "made.mp4"
    _run(*source, "-an", *options, made)
    return made.read_bytes()


def _run(*arguments: Any) -> None:
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *map(str, arguments[:-1])]
    subprocess.run([*command, "-threads", "1", str(arguments[-1])], check=True)


def _write(path: Path, pictures: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for picture in pictures:
            file.write(picture)


def _texture(rng: np.random.Generator, wide: int, high: int) -> Values:
    down, across = np.fft.fftfreq(high)[:, None], np.fft.rfftfreq(wide)[None]
    fall = 1 / np.maximum(np.hypot(down, across), 1 / max(wide, high)) ** rng.uniform(1.0, 1.6)
    plane = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((high, wide))) * fall, s=(high, wide))
    plane = (plane - plane.mean()) / plane.std() * rng.uniform(25, 50) + rng.uniform(80, 170)
    return np.clip(plane, 0, 255).astype(np.float32)


def _place(rng: np.random.Generator, wide: int, high: int) -> Values:
    """A plane twice as large as the picture, with shapes and lines."""
    plane = _texture(rng, 2 * wide, 2 * high)
    for _ in range(25):
        corners = rng.integers(0, (2 * wide, 2 * high), (3, 2)).astype(np.int32)
        grey = (float(rng.integers(20, 235)),)
        if rng.random() < 0.4:
            cv2.fillConvexPoly(plane, corners, grey)
        else:
            cv2.polylines(plane, [corners], True, grey, 2, cv2.LINE_AA)
    return plane


def scene(seed: int, wide: int, high: int, count: int) -> Iterator[bytes]:
    """Makes a moving scene: by seed, a camera held in hand, panning, nearly still, or zooming.

    Yields:
        Each picture as planar YUV 4:2:0.
    """
    rng = np.random.default_rng(seed)
    places = [_place(rng, wide, high) for _ in range(2 if seed % 3 == 0 else 1)]
    kind, at = seed % 4, np.arange(count)
    walk = cv2.GaussianBlur(rng.standard_normal((count, 2)).cumsum(0), (1, 61), 6)
    walk = (walk - walk[0]) / max(1e-6, float(np.abs(walk - walk[0]).max()))
    camera = walk * (40, 20, 3, 25)[kind] + rng.normal(0, 0.05 if kind % 3 else 0.25, (count, 2))
    camera += np.c_[at, at * 0.3] * (wide * 0.7 / count if kind == 1 else 0)
    zoom = 1 + 0.25 * at / count * (kind == 3)
    parts = []
    for _ in range(int(rng.integers(1, 5))):
        side = int(rng.integers(wide // 10, wide // 4))
        start, speed = rng.uniform(0, 1, 2) * (wide, high), rng.normal(0, 2.5, 2)
        parts.append((_texture(rng, side, side), start, speed, rng.uniform(0, 6)))
    noise, cut = rng.uniform(0.6, 3.5), count // 2 + int(rng.integers(-30, 30))
    for k in range(count):
        place = places[-1 if k >= cut else 0]
        dx, dy = wide * 0.3 + camera[k, 0], high * 0.3 + camera[k, 1]
        seen = np.array([[zoom[k], 0, -dx], [0, zoom[k], -dy]], np.float32)
        shown = cv2.warpAffine(place, seen, (wide, high), borderMode=cv2.BORDER_REFLECT)
        for part, start, speed, turn in parts:
            side = part.shape[0]
            swing = 8 * np.array((np.sin(turn + k / 9), np.cos(turn + k / 13)))
            x, y = np.mod(start + speed * k + swing, (wide + side, high + side)) - side
            moved = np.array([[1, 0, x], [0, 1, y]], np.float32)
            cv2.warpAffine(part, moved, (wide, high), dst=shown, borderMode=cv2.BORDER_TRANSPARENT)
        noisy = shown + rng.normal(0, noise, shown.shape)
        light = np.clip(noisy, 0, 255).round().astype(np.uint8)
        small = np.asarray(cv2.resize(light, (wide // 2, high // 2), interpolation=cv2.INTER_AREA))
        tint = small.astype(int) - 128
        yield b"".join(
            plane.astype(np.uint8).tobytes() for plane in (light, 128 + tint // 6, 128 - tint // 8)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
