"""The thirty edits of videos whose copies are looked for, as ffmpeg filters.

Each edit says what becomes of the pictures, how hard the result is compressed, and which passage of it
shows which passage of the source, so that matched spans can be compared with the truth.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
VERSION = 1
"""Rises when an overlay or the way of encoding changes."""
EMBEDDED_AFTER = 5
"""Seconds of another video before (and after) an embedded one."""
TRIM = Fraction(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One way to change a video.

    Attributes:
        name: As it stands in the table.
        graph: Filters from [0:v] on; "[1:v]" is the overlay or the other video.
        crf: x264's constant rate factor for the result.
        overlay: Kind of picture laid over it: "", "subtitle", "sticker" or "logo".
        host: Another video takes part: as [1:v].
        trim: Only seconds from three tenths on are kept: `TRIM`, or half of a shorter video.
        speed: The result plays this much faster.
        after: Seconds of the result before the source begins.
    """

    name: str
    graph: str = "[0:v]null"
    crf: int = 26
    overlay: str = ""
    host: bool = False
    trim: bool = False
    speed: Fraction = Fraction(1)
    after: int = 0


FILMED = (
    "scale=iw*0.8:ih*0.8,eq=contrast=0.85:saturation=0.8,pad=iw*1.35:ih*1.35:(ow-iw)/2:(oh-ih)/2:"
    "color=0x3a3632,perspective=x0=W*0.06:y0=H*0.03:x1=W*0.97:y1=0:x2=0:y2=H*0.98:x3=W:y3=H*0.93:"
    "sense=destination,noise=alls=4:allf=t:all_seed=1"
)
PUT = "[b];[b][1:v]overlay=0:0"
INSIDE = (
    "[0:v]fps=15,scale={w}:{h},setsar=1,format=yuv420p[c];"
    "[1:v]fps=15,scale={w}:{h},setsar=1,format=yuv420p,trim=0:5,setpts=PTS-STARTPTS,split[x][y];"
    "[x][c][y]concat=n=3:v=1"
)

EDITS = (
    Edit(name="re-encoded, CRF 38", crf=38),
    Edit(name="re-encoded, CRF 42", crf=42),
    Edit(name="scaled to 40 %, CRF 30", graph="[0:v]scale=iw*0.4:ih*0.4", crf=30),
    Edit(name="cropped by 10 %", graph="[0:v]crop=iw*0.9:ih*0.9:(iw-ow)*0.3:(ih-oh)*0.6"),
    Edit(name="cropped by 25 %", graph="[0:v]crop=iw*0.75:ih*0.75:(iw-ow)*0.3:(ih-oh)*0.6"),
    Edit(name="cropped by 40 %", graph="[0:v]crop=iw*0.6:ih*0.6:(iw-ow)*0.3:(ih-oh)*0.6"),
    Edit(name="letterbox", graph="[0:v]pad=iw:ih*4/3:0:(oh-ih)/2"),
    Edit(name="pillarbox", graph="[0:v]pad=iw*3/2:ih:(ow-iw)/2:0"),
    Edit(
        name="blurred box",
        graph=("[0:v]split[p][q];[p]scale=iw:ih*1.6,boxblur=12:2[r];[r][q]overlay=(W-w)/2:(H-h)/2"),
    ),
    Edit(name="mirrored", graph="[0:v]hflip"),
    Edit(name="rotated by 90°", graph="[0:v]transpose=1"),
    Edit(name="rotated by 5°", graph="[0:v]rotate=5*PI/180"),
    Edit(name="subtitle", graph="[0:v]null" + PUT, overlay="subtitle"),
    Edit(name="sticker", graph="[0:v]null" + PUT, overlay="sticker"),
    Edit(name="logo", graph="[0:v]null" + PUT, overlay="logo"),
    Edit(name="hue turned by 90°", graph="[0:v]hue=h=90:s=1.2"),
    Edit(name="grey", graph="[0:v]hue=s=0"),
    Edit(name="darker by .25", graph="[0:v]eq=brightness=-0.25"),
    Edit(name="brighter by .25", graph="[0:v]eq=brightness=0.25"),
    Edit(name="blurred, sigma 3", graph="[0:v]gblur=sigma=3"),
    Edit(name="speed × 0.8", graph="[0:v]setpts=PTS/0.8", speed=Fraction(4, 5)),
    Edit(name="speed × 1.25", graph="[0:v]setpts=PTS/1.25", speed=Fraction(5, 4)),
    Edit(name="8 pictures a second", graph="[0:v]fps=8"),
    Edit(name="5 s of it", trim=True),
    Edit(name="embedded in another video", graph=INSIDE, host=True, after=EMBEDDED_AFTER),
    Edit(
        name="picture in picture, 50 %",
        graph=(
            "[0:v]scale={w}/2:{h}/2[p];[1:v]scale={w}:{h},setsar=1[q];"
            "[q][p]overlay=W*0.45:H*0.42:shortest=1"
        ),
        host=True,
    ),
    Edit(name="filmed from a screen", graph=f"[0:v]{FILMED}"),
    Edit(
        name="mirrored, cropped by 15 %, subtitle, CRF 32",
        graph="[0:v]hflip,crop=iw*0.85:ih*0.85:(iw-ow)*0.4:(ih-oh)*0.3,scale={w}:{h}" + PUT,
        crf=32,
        overlay="subtitle",
    ),
    Edit(
        name="letterbox, grey, speed × 1.25, logo",
        graph="[0:v]hue=s=0,setpts=PTS/1.25" + PUT + ",pad=iw:ih*4/3:0:(oh-ih)/2",
        overlay="logo",
        speed=Fraction(5, 4),
    ),
    Edit(
        name="subtitle, hue, filmed from a screen, 5 s",
        graph=f"[0:v]hue=h=40{PUT},{FILMED}",
        crf=30,
        overlay="subtitle",
        trim=True,
    ),
)


def truth(edit: Edit, seconds: Fraction) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Returns (start, end) in the edited video and (start, end) of the same in its source."""
    start, length = cut(edit, seconds)
    begin = Fraction(edit.after)
    return begin, begin + length / edit.speed, start, start + length


def cut(edit: Edit, seconds: Fraction) -> tuple[Fraction, Fraction]:
    """Returns start and length of the passage of the source that is used."""
    if not edit.trim:
        return Fraction(0), seconds
    return (seconds * 3 / 10), min(TRIM, seconds / 2)


def edited(
    edit: Edit, source: Path, size: tuple[int, int], seconds: Fraction, host: Path, folder: Path
) -> Path:
    """Returns the edited video, made unless the same was made before.

    Args:
        edit: What to do.
        source: The video.
        size: Its width and height.
        seconds: Its length.
        host: The other video, for edits that take one.
        folder: Where results are kept, named by a digest of all that goes into them.
    """
    other = digest(host) if edit.host else ""
    key = hashlib.sha256(f"{VERSION} {edit} {digest(source)} {other}".encode()).hexdigest()[:24]
    out = folder / f"{key}.mp4"
    if out.exists():
        return out
    start, length = cut(edit, seconds)
    command = [FFMPEG, "-v", "error", "-nostdin", "-y"]
    if edit.trim:
        command += ["-ss", f"{float(start):.3f}", "-t", f"{float(length):.3f}"]
    command += ["-threads", "1", "-i", str(source)]
    if edit.host:
        command += ["-stream_loop", "-1", "-threads", "1", "-i", str(host)]
    if edit.overlay:
        command += ["-i", str(_overlay(edit.overlay, size, folder))]
    graph = edit.graph.replace("{w}", str(size[0])).replace("{h}", str(size[1]))
    graph += ",scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1,format=yuv420p"
    part = out.with_name(f"{os.getpid()}-{out.name}")
    command += ["-filter_complex_threads", "1", "-filter_complex", graph, "-an", "-c:v", "libx264",
                "-preset", "ultrafast", "-crf", str(edit.crf), "-threads", "1", str(part)]  # fmt: skip
    subprocess.run(command, check=True, timeout=300)
    part.rename(out)
    return out


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _overlay(kind: str, size: tuple[int, int], folder: Path) -> Path:
    """Returns a transparent picture of the given size with a subtitle, a sticker or a logo on it."""
    path = folder / f"overlay-{VERSION}-{kind}-{size[0]}x{size[1]}.png"
    if not path.exists():
        part = path.with_name(f"{os.getpid()}-{path.name}")
        cv2.imwrite(str(part), _drawn(kind, *size))
        part.rename(path)
    return path


def _drawn(kind: str, width: int, height: int) -> NDArray[np.uint8]:
    layer = np.zeros((height, width, 4), np.uint8)
    unit = min(width, height)
    if kind == "subtitle":
        for row, text in enumerate(
            ("They came back before the morning,", "and nobody had seen it")
        ):
            scale = width / 620
            (wide, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, 1)
            at = (width - wide) // 2, int(height * (0.84 + 0.09 * row))
            for thick, ink in ((5, (0, 0, 0, 255)), (1, (255, 255, 255, 255))):
                cv2.putText(
                    layer, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, ink, thick, cv2.LINE_AA
                )
    elif kind == "sticker":
        centre, r = (int(width * 0.68), int(height * 0.36)), int(unit * 0.19)
        cv2.circle(layer, centre, r, (40, 210, 250, 255), -1, cv2.LINE_AA)
        cv2.circle(layer, centre, r, (20, 90, 130, 255), 3, cv2.LINE_AA)
        for way in (-1, 1):
            eye = centre[0] + way * r // 3, centre[1] - r // 4
            cv2.circle(layer, eye, r // 7, (20, 20, 20, 255), -1, cv2.LINE_AA)
        cv2.ellipse(layer, centre, (r // 2, r // 2), 0, 20, 160, (20, 20, 20, 255), 4, cv2.LINE_AA)
    else:
        wide, high = int(unit * 0.24), int(unit * 0.11)
        left, top = width - wide - unit // 25, unit // 25
        cv2.rectangle(layer, (left, top), (left + wide, top + high), (170, 40, 30, 255), -1)
        at = left + wide // 8, top + int(high * 0.75)
        cv2.putText(
            layer, "NINE", at, cv2.FONT_HERSHEY_DUPLEX, high / 32, (255,) * 4, 2, cv2.LINE_AA
        )
    return layer
