"""EXIF as a camera writes it and as an editor leaves it. Maker and lens are invented."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from PIL import Image
from PIL.TiffImagePlugin import IFDRational


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What the EXIF of one still states.

    Attributes:
        make: Maker of the camera.
        model: Model.
        serial: Number of the body.
        lens: Model of the lens.
        software: What wrote the file last.
        taken: `YYYY:MM:DD HH:MM:SS`, local.
        modified: The same, for the last change.
        offset: From UTC, `+03:00`.
        exposure: Seconds.
        aperture: f-number.
        iso: Sensitivity.
        focal_mm: Focal length.
        focal_35mm: The same for a 36 by 24 mm sensor.
        size: Width and height.
    """

    make: str
    model: str
    serial: str
    lens: str
    software: str
    taken: str
    modified: str
    offset: str
    exposure: Fraction
    aperture: Fraction
    iso: int
    focal_mm: Fraction
    focal_35mm: int
    size: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What the GPS part states.

    Attributes:
        latitude: North, degrees.
        longitude: East, degrees.
        altitude: Metres.
        heading: Where the camera looked, degrees from true north.
        time: Hours, minutes, seconds in UTC.
        date: `YYYY:MM:DD` in UTC.
    """

    latitude: Fraction
    longitude: Fraction
    altitude: Fraction
    heading: Fraction
    time: tuple[int, int, int]
    date: str


def build(shot: Shot, position: Position | None = None) -> Image.Exif:
    """Write the tags of EXIF 2.32 for a still."""
    exif = Image.Exif()
    exif.update(
        {
            271: shot.make,
            272: shot.model,
            274: 1,
            282: IFDRational(72, 1),
            283: IFDRational(72, 1),
            296: 2,
            305: shot.software,
            306: shot.modified,
            531: 1,
        }
    )
    inner = exif.get_ifd(0x8769)
    inner.update(
        {
            33434: _rational(shot.exposure),
            33437: _rational(shot.aperture),
            34850: 2,
            34855: shot.iso,
            34864: 2,
            36864: b"0232",
            36867: shot.taken,
            36868: shot.taken,
            36880: shot.offset,
            36881: shot.offset,
            36882: shot.offset,
            37121: b"\x01\x02\x03\x00",
            37383: 5,
            37385: 16,
            37386: _rational(shot.focal_mm),
            37521: "37",
            37522: "37",
            40960: b"0100",
            40961: 1,
            40962: shot.size[0],
            40963: shot.size[1],
            41985: 0,
            41986: 0,
            41987: 0,
            41989: shot.focal_35mm,
            41990: 0,
            42033: shot.serial,
            42035: shot.make,
            42036: shot.lens,
        }
    )
    if position is not None:
        exif.get_ifd(0x8825).update(
            {
                0: b"\x02\x03\x00\x00",
                1: "N",
                2: _degrees(position.latitude),
                3: "E",
                4: _degrees(position.longitude),
                5: b"\x00",
                6: _rational(position.altitude),
                7: tuple(IFDRational(v, 1) for v in position.time),
                16: "T",
                17: _rational(position.heading),
                18: "WGS-84",
                29: position.date,
            }
        )
    return exif


def _rational(value: Fraction) -> IFDRational:
    return IFDRational(value.numerator, value.denominator)


def _degrees(value: Fraction) -> tuple[IFDRational, ...]:
    """Split degrees into degrees, minutes and hundredths of seconds."""
    hundredths = round(value * 360000)
    return (
        IFDRational(hundredths // 360000, 1),
        IFDRational(hundredths // 6000 % 60, 1),
        IFDRational(hundredths % 6000, 100),
    )
