"""Makes the three videos: one rendering, an earlier copy of it, a released crop, a re-upload."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from making import encode, mp4_read, mp4_write, night, phone_sensor, sound

SEED = 5
SECONDS = 22.0
START_FRAME = 165
"""First frame of the earlier footage that the released video shows: 5.5 s in."""
FRAMES = 396
"""Frames of the released video: 13.2 s."""
CROP = (132, 74, 720, 405)
"""Left, top, width, height of the released picture, in the 960 by 540 picture: 75 % of it."""
RELEASED_SIZE = (854, 480)
WALKING = ((0.3, 5.6), (8.3, 11.3), (14.2, 21.6))

PHONE = mp4_write.Phone(
    make="Sirin",
    model="S7",
    software="S7-14.2.0.118",
    created=datetime(2025, 12, 30, 3, 12, 7, tzinfo=UTC),
    local_time="2025-12-30T06:12:07+0300",
    rate=30.0,
)

# What a phone's hardware encoder does: no B frames, one reference, a key frame each second.
PHONE_X264 = "bframes=0:ref=1:keyint=30:min-keyint=30:scenecut=0:weightp=0:rc-lookahead=10:8x8dct=0"
COLOUR = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
EXACT = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-threads", "1"]


def make(folder: Path) -> None:
    """Render the footage once and write the three files into a folder."""
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _render(work)
        audio = sound.night(seed=SEED + 50, seconds=SECONDS, walking=WALKING)
        first = round(START_FRAME / night.RATE * sound.RATE)
        encode.write_wave(work / "earlier.wav", audio)
        encode.write_wave(
            work / "released.wav", audio[first : first + FRAMES * sound.RATE // night.RATE]
        )
        _earlier(work, folder / "earlier-footage.mp4")
        _released(work, folder / "released-drone-video.mp4")
        _reupload(folder / "released-drone-video.mp4", folder / "released-drone-video-reupload.mp4")


def _render(work: Path) -> None:
    """Encode both pictures from the same frames, without loss for the next steps' sake."""
    lossless = [
        "-c:v",
        "ffv1",
        "-threads",
        "1",
        "-pix_fmt",
        "yuv420p",
        "-sws_flags",
        "bicubic+accurate_rnd",
    ]
    size = (night.WIDTH, night.HEIGHT)
    wide = encode.FrameSink(
        size=size, rate=night.RATE, arguments=[*lossless, str(work / "earlier.mkv")]
    )
    left, top, width, height = CROP
    tight = encode.FrameSink(
        size=RELEASED_SIZE, rate=night.RATE, arguments=[*lossless, str(work / "released.mkv")]
    )
    sensor = phone_sensor.Sensor(seed=SEED + 40)
    for i, light in enumerate(night.frames(seed=SEED, seconds=SECONDS)):
        picture = sensor.expose(light)
        wide.write(picture.tobytes())
        if START_FRAME <= i < START_FRAME + FRAMES:
            part = picture[top : top + height, left : left + width]
            tight.write(cv2.resize(part, RELEASED_SIZE, interpolation=cv2.INTER_CUBIC).tobytes())
    wide.close()
    tight.close()


def _earlier(work: Path, out: Path) -> None:
    """Write the earlier copy as a re-upload leaves it: ffmpeg's own container and tags."""
    encode.run(
        [
            "-i",
            str(work / "earlier.mkv"),
            "-i",
            str(work / "earlier.wav"),
            "-vf",
            "scale=640:360:flags=bicubic+accurate_rnd",
            "-map_metadata",
            "-1",
            "-c:v",
            "libx264",
            "-threads",
            "1",
            "-preset",
            "slow",
            "-crf",
            "31",
            "-pix_fmt",
            "yuv420p",
            *COLOUR,
            "-c:a",
            "aac",
            "-b:a",
            "64k",
            "-movflags",
            "+faststart",
            "-metadata",
            "creation_time=2025-02-11T19:40:31Z",
            "-metadata",
            "title=VID-20250211-WA0007",
            str(out),
        ]
    )


def _released(work: Path, out: Path) -> None:
    """Encode as a phone would, then write the container anew as a phone's recorder does."""
    plain = work / "plain.mp4"
    encode.run(
        [
            "-i",
            str(work / "released.mkv"),
            "-i",
            str(work / "released.wav"),
            "-map_metadata",
            "-1",
            "-c:v",
            "libx264",
            "-profile:v",
            "high",
            "-preset",
            "medium",
            "-x264-params",
            PHONE_X264,
            "-crf",
            "30",
            "-pix_fmt",
            "yuv420p",
            *COLOUR,
            "-bsf:v",
            "filter_units=remove_types=6",
            "-c:a",
            "aac",
            "-b:a",
            "96k",
            *EXACT,
            "-video_track_timescale",
            "90000",
            str(plain),
        ]
    )
    out.write_bytes(mp4_write.write(_as_clocked(mp4_read.read(plain)), PHONE))


def _as_clocked(tracks: tuple[mp4_read.Track, ...]) -> tuple[mp4_read.Track, ...]:
    """Give the frames the uneven times of a real sensor clock, within a tenth of a millisecond."""
    out = []
    for track in tracks:
        if track.kind != "vide":
            out.append(track)
        else:
            late = np.random.default_rng(SEED + 60).integers(-8, 9, len(track.ticks) + 1)
            late[[0, -1]] = 0
            ticks = tuple(int(t) for t in np.array(track.ticks) + np.diff(late))
            out.append(replace(track, ticks=ticks))
    return tuple(out)


def _reupload(source: Path, out: Path) -> None:
    """Shrink and encode again, harder, without metadata: what a channel does to an upload."""
    encode.run(
        [
            "-i",
            str(source),
            "-vf",
            "scale=640:360:flags=bicubic+accurate_rnd",
            "-map_metadata",
            "-1",
            "-c:v",
            "libx264",
            "-threads",
            "1",
            "-preset",
            "medium",
            "-crf",
            "30",
            "-pix_fmt",
            "yuv420p",
            *COLOUR,
            "-c:a",
            "aac",
            "-b:a",
            "48k",
            "-movflags",
            "+faststart",
            str(out),
        ]
    )
