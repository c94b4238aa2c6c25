"""Media made on the spot: pictures by Pillow, clips by the ffmpeg in use, the rest by hand."""

from __future__ import annotations

import io
import struct
import subprocess
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from forensics.media import ffmpeg

pillow_heif.register_heif_opener()

COLOURS = ("red", "lime", "blue", "yellow", "magenta", "cyan", "white", "black")


def make(*arguments: object) -> None:
    """Runs ffmpeg with `arguments`; the last is the file that it makes."""
    command = [
        ffmpeg.binary(),
        "-nostdin",
        "-loglevel",
        "error",
        "-y",
        "-bitexact",
        "-threads",
        "1",
    ]
    subprocess.run([*command, *map(str, arguments)], check=True)


def pattern(seconds: float, *, size: str = "160x90", rate: str = "25") -> tuple[str, ...]:
    """A moving test picture as an ffmpeg input."""
    return ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}")


def tone(seconds: float) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")


def x264(*options: str, gop: int = 25, b_frames: int = 2) -> tuple[str, ...]:
    return (
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
        *("-g", str(gop), "-bf", str(b_frames), *options),
    )


def colours(path: Path, *options: str, rate: int = 10, seconds: int = 6) -> Path:
    """A clip that is of another of `COLOURS` in each second."""
    parts = "".join(
        f"color={COLOURS[s]}:size=64x48:rate={rate}:duration=1[c{s}];" for s in range(seconds)
    )
    joined = "".join(f"[c{s}]" for s in range(seconds))
    graph = f"{parts}{joined}concat=n={seconds}[v]"
    make("-filter_complex", graph, "-map", "[v]", *(options or x264(gop=60)), path)
    return path


def nearest_colour(rgb: Sequence[float]) -> str:
    table = {
        "red": (255, 0, 0),
        "lime": (0, 255, 0),
        "blue": (0, 0, 255),
        "yellow": (255, 255, 0),
        "magenta": (255, 0, 255),
        "cyan": (0, 255, 255),
        "white": (255, 255, 255),
        "black": (0, 0, 0),
    }
    found = [int(v) for v in rgb]
    return min(table, key=lambda n: sum((a - b) ** 2 for a, b in zip(table[n], found, strict=True)))


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Four quarters: red, lime / blue, white."""
    image = Image.new("RGB", size)
    w, h = size[0] // 2, size[1] // 2
    for place, colour in (((0, 0), "red"), ((w, 0), "lime"), ((0, h), "blue"), ((w, h), "white")):
        image.paste(Image.new("RGB", (w, h), colour), place)
    return image.convert(mode)


def coded(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    )


def png_of_zeros(width: int, height: int) -> bytes:
    """A grey PNG, all black; a hundred rows are packed once and repeated, so no pixels lie in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    rows = packer.compress(bytes((1 + width) * 100)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = (1 + width) * height % 65521 << 16 | 1  # Adler-32 of zeros
    data = b"\x78\xda" + rows * (height // 100) + b"\x03\0" + struct.pack(">I", check)
    return png_header(width, height) + _png_chunk(b"IDAT", data) + _png_chunk(b"IEND", b"")


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def gif(size: tuple[int, int], frames: Iterable[tuple[int, int, int]]) -> bytes:
    """A black-and-white GIF of one dot a frame: (width, height stated, hundredths of a second)."""
    start = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    body = b"".join(
        b"\x21\xf9\x04\x00"
        + struct.pack("<H", delay)
        + b"\0\0\x2c"
        + struct.pack("<HHHHB", 0, 0, width, height, 0)
        + b"\x02\x02\x44\x01\x00"
        for width, height, delay in frames
    )
    return start + body + b";"


def pdf(
    pages: Sequence[tuple[float, float, bytes]],
    *,
    extra: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """A PDF of (width, height in points, content) pages; `extra` objects are numbered from 3 + 2 n on."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * i) for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
    ]
    for number, (width, height, content) in enumerate(pages):
        box = f"/MediaBox [0 0 {width} {height}]".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << /XObject << /X %d 0 R >> >> >>"
            % (box, 4 + 2 * number, 3 + 2 * len(pages))
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects.extend(extra)
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(out))
    )


def svg(body: str, attributes: str = 'width="40" height="20"', prolog: str = "") -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{prolog}<svg {names} {attributes}>{body}</svg>".encode()
