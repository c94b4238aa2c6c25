"""Values of EXIF fields as a person reads them: the value as stated, and what it means.

CIPA DC-008-2023 section 4.6: units, character codes of comments, APEX values (annex C).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from forensics.inside.ifd import UNDEFINED, Number, Values, readable

MAX_NUMBERS: Final = 32
"""Numbers shown of one field."""

_PERSONAL: Final = (
    "serial", "owner", "artist", "author", "copyright", "photographer", "imageeditor", "usercomment",
    "imagedescription", "imagetitle", "xptitle", "xpcomment", "xpkeywords", "xpsubject", "uniqueid",
    "hostcomputer", "documentname", "identifier", "contentid", "firmwareid", "location",
)  # fmt: skip
"""Parts of lower-case names of fields that may name or locate a person."""

EXTRA_NAMES: Final = {
    0x000B: "ProcessingSoftware", 0x02BC: "XMP", 0x4749: "RatingPercent", 0x8474: "SEMInfo",
    0x8649: "ImageResources", 0x87AF: "GeoKeyDirectory", 0x87B0: "GeoDoubleParams",
    0x87B1: "GeoAsciiParams", 0x830E: "ModelPixelScale", 0x8482: "ModelTiepoint",
    0x85D8: "ModelTransformation", 0x8831: "StandardOutputSensitivity",
    0x8834: "ISOSpeedLatitudeyyy", 0x8835: "ISOSpeedLatitudezzz", 0x935C: "ImageSourceData",
    0x9400: "AmbientTemperature", 0x9401: "Humidity", 0x9402: "Pressure", 0x9403: "WaterDepth",
    0x9404: "Acceleration", 0x9405: "CameraElevationAngle", 0xA436: "ImageTitle",
    0xA437: "Photographer", 0xA438: "ImageEditor", 0xA439: "CameraFirmware",
    0xA43A: "RAWDevelopingSoftware", 0xA43B: "ImageEditingSoftware",
    0xA43C: "MetadataEditingSoftware", 0xA460: "CompositeImage",
    0xA461: "SourceImageNumberOfCompositeImage", 0xA462: "SourceExposureTimesOfCompositeImage",
    0xA480: "GDALMetadata", 0xA481: "GDALNoData", 0xC612: "DNGVersion",
    0xC613: "DNGBackwardVersion", 0xC614: "UniqueCameraModel", 0xC62F: "CameraSerialNumber",
    0xC630: "LensInfo", 0xC68B: "OriginalRawFileName", 0xC716: "PreviewApplicationName",
    0xC717: "PreviewApplicationVersion", 0xC71B: "PreviewDateTime", 0xC7A1: "CameraLabel",
}  # fmt: skip
"""Names of fields that exifread does not name; EXIF 3.0, GeoTIFF 1.1, DNG 1.7, GDAL."""
EXTRA_GPS_NAMES: Final = {0x001F: "GPSHPositioningError"}

_COMMENTS: Final = ("UserComment", "GPSProcessingMethod", "GPSAreaInformation")
_UNITS: Final = {
    "ExposureTime": "seconds", "FocalLength": "mm", "FocalLengthIn35mmFilm": "mm",
    "SubjectDistance": "m", "ExposureBiasValue": "EV", "BrightnessValue": "EV",
    "GPSImgDirection": "degrees", "GPSTrack": "degrees", "GPSDestBearing": "degrees",
    "GPSTimeStamp": "UTC", "GPSHPositioningError": "m", "AmbientTemperature": "°C",
    "CameraElevationAngle": "degrees", "FlashEnergy": "BCPS",
}  # fmt: skip
_REFERENCES: Final = {
    "GPSLatitudeRef": {"N": "north", "S": "south"},
    "GPSLongitudeRef": {"E": "east", "W": "west"},
    "GPSSpeedRef": {"K": "km/h", "M": "miles per hour", "N": "knots"},
    "GPSImgDirectionRef": {"T": "true north", "M": "magnetic north"},
    "GPSTrackRef": {"T": "true north", "M": "magnetic north"},
    "GPSStatus": {"A": "measured", "V": "not measured"},
    "GPSMeasureMode": {"2": "two dimensions", "3": "three dimensions"},
}
_DENSITIES: Final[Mapping[object, str]] = {
    (2,): "pixels per inch",
    (3,): "pixels per centimetre",
}
_ANGLES: Final = ("GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude")
_LENS: Final = ("LensSpecification", "LensInfo")


def personal(name: str) -> bool:
    """Returns whether a field of this name may name or locate a person."""
    lower = name.lower()
    return any(part in lower for part in _PERSONAL)


def text_of(name: str, kind: int, values: Values) -> Values:
    """Returns the text of a field whose type does not say that it is one, otherwise `values`."""
    if name.startswith("XP") and isinstance(values, bytes | tuple):
        raw = bytes(v & 0xFF for v in values if isinstance(v, int))
        return raw.decode("utf-16-le", "replace").split("\0", 1)[0]
    if kind != UNDEFINED or not isinstance(values, bytes):
        return values
    if name in _COMMENTS:
        comment = _comment(values)
        return comment if sum(c < " " for c in comment[:200]) < 20 else values
    raw = values.strip(b"\0")
    if len(raw) >= 4 and all(0x20 <= byte < 0x7F for byte in raw):
        return raw.decode("ascii")
    return values


def _comment(raw: bytes) -> str:
    """Text after the eight bytes that name its code; section 4.6.5, table 9."""
    code, rest = raw[:8], raw[8:]
    if code == b"UNICODE\0":
        little = rest[:2] == b"\xff\xfe" or rest[1:2] == b"\0" != rest[:1]
        coding = "utf-16-le" if little else "utf-16-be"
        return rest.decode(coding, "replace").lstrip("\ufeff").rstrip("\0 ")
    if code == b"JIS\0\0\0\0\0":
        return rest.decode("iso2022_jp", "replace").rstrip("\0 ")
    if code not in (b"ASCII\0\0\0", bytes(8)):
        rest = raw
    return readable(rest.rstrip(b"\0 "))


def render(name: str, values: Values) -> int | str | None:
    """Returns the value as text or a whole number; None for what is too long to be read by a person."""
    if isinstance(values, str):
        return values
    if len(values) > MAX_NUMBERS or not values:
        return None
    numbers = tuple(values)
    if len(numbers) == 1 and isinstance(numbers[0], int):
        return numbers[0]
    if name in _ANGLES and len(numbers) == 3:
        return "{}° {}' {}\"".format(*map(plain, numbers))
    if name == "GPSTimeStamp" and len(numbers) == 3:
        return ":".join(plain(n).zfill(2) for n in numbers)
    if name == "ExposureTime" and len(numbers) == 1:
        return _seconds(numbers[0])
    return " ".join(map(plain, numbers))


def plain(number: Number) -> str:
    """Returns a number in decimals, ten digits of a ratio, as many of a float as it takes to keep it."""
    if isinstance(number, float):
        return repr(number).removesuffix(".0")
    return f"{_float(number):.10g}" if isinstance(number, Fraction) else str(number)


def _float(number: Number) -> float:
    try:
        return float(number)
    except (ValueError, OverflowError):
        return math.nan


def _seconds(number: Number) -> str:
    """1/125 for 10/1250, and for 333/20000, which no camera sets, the nearest that one does: 1/60."""
    if not isinstance(number, Fraction) or not 0 < number <= Fraction(1, 4):
        return plain(number)
    return f"1/{round(1 / number)}"


def explain(name: str, values: Values, others: Mapping[str, Values]) -> str:
    """Returns what a value means; empty where the name and the value say it.

    Args:
        name: The field.
        values: What it holds.
        others: The fields beside it, of which some state its reference.
    """
    if isinstance(values, str):
        return _REFERENCES.get(name, {}).get(values, "")
    numbers = [_float(v) for v in values[:6]]
    if not numbers or not all(map(math.isfinite, numbers)):
        return ""
    first = numbers[0]
    if name in _ANGLES:
        found = degrees(numbers)
        side = _REFERENCES.get(name.replace("Dest", "") + "Ref", {}).get(
            _text(others, name + "Ref")
        )
        return "" if found is None else f"{found:.6f} degrees" + (f" {side}" if side else "")
    if name == "GPSAltitude":
        below = others.get("GPSAltitudeRef") in (b"\1", (1,))
        return "m below sea level" if below else "m above sea level"
    if name == "GPSSpeed":
        return _REFERENCES["GPSSpeedRef"].get(_text(others, "GPSSpeedRef"), "km/h")
    if name in ("GPSImgDirection", "GPSTrack"):
        north = _REFERENCES[name + "Ref"].get(_text(others, name + "Ref"))
        return f"degrees from {north}" if north else "degrees"
    if name == "ShutterSpeedValue" and -20 < first < 20:
        return f"APEX; {_seconds(Fraction(2.0**-first))} s"
    if name in ("ApertureValue", "MaxApertureValue") and -20 < first < 20:
        return f"APEX; f/{2 ** (first / 2):.1f}"
    if name == "FNumber":
        return f"f/{first:.10g}"
    if name in _LENS and len(numbers) == 4:
        return _lens(numbers)
    if (
        name == "ExposureTime"
        and isinstance(values[0], Fraction)
        and 0 < values[0] <= Fraction(1, 4)
    ):
        exact = values[0].numerator == 1
        return "seconds" if exact else f"seconds; stated as {values[0]}"
    if name in ("XResolution", "YResolution"):
        return _DENSITIES.get(others.get("ResolutionUnit"), "")
    return _UNITS.get(name, "")


def _text(others: Mapping[str, Values], name: str) -> str:
    found = others.get(name)
    return found.strip().upper() if isinstance(found, str) else ""


def _lens(numbers: list[float]) -> str:
    """As makers write it: "24-70mm f/2.8"."""
    near, far, wide, tele = numbers
    length = f"{near:g}" if near == far else f"{near:g}-{far:g}"
    aperture = (
        "" if not wide else f" f/{wide:g}" if wide == tele or not tele else f" f/{wide:g}-{tele:g}"
    )
    return f"{length}mm{aperture}" if near else ""


def degrees(parts: list[float]) -> float | None:
    """Returns degrees, minutes and seconds as degrees; None where they cannot be an angle on Earth."""
    if not 1 <= len(parts) <= 3:
        return None
    found = sum(part / 60**power for power, part in enumerate(parts))
    return found if 0 <= found <= 180 else None


def angle(text: str) -> Fraction | None:
    """Returns the degrees in a text such as `render` makes of an angle."""
    found = re.findall(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", text[:100])
    if len(found) != 3:
        return None
    return sum((Fraction(part) / 60**power for power, part in enumerate(found)), Fraction())
