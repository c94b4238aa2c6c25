"""Embedded pictures: which are found, and what is cut out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from forensics.errors import LimitExceeded, MediaError
from forensics.inside import embedded as module
from forensics.inside.embedded import cut_out, embedded
from forensics.inside.jpeg import read_jpeg
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.jpegs import app, exif, saved, scene, with_pictures, with_segments

PICTURE = scene(480, 320, seed=5)


def small(size: tuple[int, int] = (160, 107)) -> Image.Image:
    return PICTURE.resize(size, Image.Resampling.LANCZOS)


def tree(data: bytes) -> Part:
    return read_jpeg(Window.over(data))


def test_thumbnails_and_previews_are_found_with_their_holders(tmp_path: Path) -> None:
    thumbnail, preview = saved(small()), saved(small(size=(320, 213)))
    jfif = b"JFIF\0\1\2\0\0\1\0\1\4\3" + bytes(range(36))
    plain = saved(PICTURE)
    base = with_segments(plain[:2] + plain[20:], app(0, jfif), exif(thumbnail))
    path = tmp_path / "picture.jpg"
    path.write_bytes(with_pictures(base, [(0x010001, preview)]))
    found = list(embedded(tree(path.read_bytes())))
    assert [(holder, part.name) for holder, part in found] == [
        ("JFIF", "Thumbnail"),
        ("EXIF", "Thumbnail"),
        ("JPEG", "Preview"),
    ]
    cut = [cut_out(path, part).shape for _, part in found]
    assert cut == [(3, 4, 3), (107, 160, 3), (213, 320, 3)]
    assert cut_out(path, found[0][1]).tobytes() == bytes(range(36))


def test_what_cannot_be_decoded_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a picture")
    part = Part(name="Thumbnail", at=0, size=20)
    with pytest.raises(MediaError, match="cannot be decoded"):
        cut_out(path, part)
    with pytest.raises(MediaError, match="does not lie in the file"):
        cut_out(path, Part(name="Thumbnail"))
    with pytest.raises(LimitExceeded, match="bytes"):
        cut_out(path, Part(name="Thumbnail", at=0, size=1 << 40))
    path.write_bytes(saved(small()))
    monkeypatch.setattr(module, "MAX_PIXELS", 100)
    with pytest.raises(LimitExceeded, match="pixels"):
        cut_out(path, Part(name="Thumbnail", at=0, size=path.stat().st_size))


def test_thumbnails_of_photoshop_4_get_their_colours_back(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(saved(Image.new("RGB", (16, 16), (200, 40, 20)), quality=95))
    size = path.stat().st_size
    order = Part(name="ChannelOrder", value="BGR")
    pixels = cut_out(path, Part(name="Thumbnail", at=0, size=size, parts=(order,)))
    assert pixels[8, 8, 2] > pixels[8, 8, 0]
