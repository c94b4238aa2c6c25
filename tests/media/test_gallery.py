"""Small pictures for a report: of the working copy, and of an earlier copy at one time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.errors import LimitExceeded, MediaError
from tests.media.making import COLOURS, coded, colours, gif, make, nearest_colour, picture, tone
from tests.media.reading import LIMITS, Reader


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten pictures a second, of another colour in each second; one keyframe."""
    return colours(tmp_path_factory.mktemp("film") / "film.mp4")


def at(
    reader: Reader, source: Path, folder: Path, time: Fraction, pixels: int = LIMITS.pixels
) -> Image.Image:
    made = reader.worker.call(
        "forensics.media.gallery:picture_at",
        source=str(source),
        folder=str(folder),
        name="other",
        time=f"{time.numerator}/{time.denominator}",
        pixel_limit=pixels,
        seconds=20,
    )
    assert made["path"] == str(folder / "other.jpg")
    with Image.open(made["path"]) as shown:
        assert shown.format == "JPEG"
        assert shown.size == (made["width"], made["height"])
        return shown.convert("RGB")


def colour(shown: Image.Image) -> str:
    return nearest_colour(np.asarray(shown)[shown.height // 2, shown.width // 2])


@pytest.mark.parametrize(
    ("time", "second"),
    [
        (Fraction(0), 0),
        (Fraction(9, 10), 0),
        (Fraction(94, 100), 0),
        (Fraction(96, 100), 1),
        (Fraction(1), 1),
        (Fraction(29, 10), 2),
        (Fraction(3), 3),
        (Fraction(10, 3), 3),
        (Fraction(59, 10), 5),
        (Fraction(100), 5),
    ],
)
def test_the_picture_is_the_one_nearest_to_the_time(
    reader: Reader, film: Path, tmp_path: Path, time: Fraction, second: int
) -> None:
    assert colour(at(reader, film, tmp_path, time)) == COLOURS[second]


def test_every_sample_is_found_again_at_its_time(
    reader: Reader, film: Path, tmp_path: Path
) -> None:
    late = tmp_path / "late.ts"
    make("-i", film, "-c", "copy", "-output_ts_offset", "7", late)
    found = reader.read(late)
    for sample in found.samples:
        want = nearest_colour(found.picture(sample.index)[24, 32])
        assert colour(at(reader, late, tmp_path, sample.time)) == want


def test_a_video_that_begins_after_its_sound_is_sought_by_its_own_time(
    reader: Reader, film: Path, tmp_path: Path
) -> None:
    late = tmp_path / "late.mkv"
    make(*tone(8), "-itsoffset", "1.5", "-i", film, "-c:v", "copy", "-map", "0", "-map", "1", late)
    for second in range(6):
        time = second + Fraction(1, 2)
        assert colour(at(reader, late, tmp_path, time)) == COLOURS[second]


def test_a_picture_and_an_animation_are_read_whole(reader: Reader, tmp_path: Path) -> None:
    still = tmp_path / "still"
    still.write_bytes(coded(picture((1000, 500)), "PNG"))
    assert at(reader, still, tmp_path, Fraction(5)).size == (480, 240)
    moving = tmp_path / "moving"
    frames = [Image.new("RGB", (16, 16), name) for name in ("red", "blue")]
    moving.write_bytes(
        coded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=500)
    )
    assert colour(at(reader, moving, tmp_path, Fraction(2, 10))) == "red"
    assert colour(at(reader, moving, tmp_path, Fraction(4, 10))) == "blue"


def test_sound_holds_no_picture(reader: Reader, tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    make(*tone(1), "-f", "wav", sound)
    with pytest.raises(MediaError, match="holds no pictures"):
        at(reader, sound, tmp_path, Fraction(0))


def test_a_picture_past_the_limit_is_refused(reader: Reader, film: Path, tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="64 × 48"):
        at(reader, film, tmp_path, Fraction(0), pixels=1000)


def test_what_is_not_examined_is_refused(reader: Reader, tmp_path: Path) -> None:
    text = tmp_path / "film.mp4"
    text.write_text("#EXTM3U\n")
    with pytest.raises(MediaError, match="not examined"):
        at(reader, text, tmp_path, Fraction(0))


def test_thumbnails_are_made_of_the_samples_asked_for(reader: Reader, film: Path) -> None:
    found = reader.read(film)
    made = reader.worker.call(
        "forensics.media.gallery:thumbnails", folder=str(found.folder), indices=[5, 0]
    )
    shown = []
    for one in made:
        with Image.open(one["path"]) as image:
            shown.append(colour(image))
    assert shown == [COLOURS[5], COLOURS[0]]


def test_no_thumbnails_are_made_where_decoding_failed(reader: Reader) -> None:
    found = reader.read(gif((65535, 65535), [(1, 1, 0)]))
    with pytest.raises(MediaError, match="pixels"):
        reader.worker.call(
            "forensics.media.gallery:thumbnails", folder=str(found.folder), indices=[0]
        )
