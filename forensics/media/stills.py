"""Decodes still pictures, pages and drawings into the working copy. Runs in a worker.

Dimensions are read and refused before anything is decoded: a picture of 1 MB can unfold to gigabytes.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pillow_heif
import pypdfium2
from PIL import ExifTags, Image, PngImagePlugin, UnidentifiedImageError

from forensics.errors import ForensicsError, LimitExceeded, MediaError
from forensics.media.limits import lacks_room
from forensics.model import Probe, Sample, SamplePlan, Stream, StreamType

FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/tiff": ("TIFF",),
    "image/webp": ("WEBP",),
    "image/bmp": ("BMP",),
    "image/avif": ("AVIF",),
    "image/heic": ("HEIF",),
    "image/heif": ("HEIF",),
    "image/heic-sequence": ("HEIF",),
    "image/heif-sequence": ("HEIF",),
}
"""Pillow's decoder for each media type; no other is tried."""

ANIMATED = {"image/gif", "image/webp", "image/png", "image/avif"}
"""Media types whose further pictures are moments; in the others they are previews, or pages of their own."""

DAMAGED = "It may be cut off or damaged; ask for the file again and compare the sizes."

PAGE_DPI = 110
MAX_PICTURES = 40
"""Pictures of an animation, pages of a document, that are looked at."""

MAX_TEXT = 1024

_TURNS = {  # CIPA DC-008 section 4.6.4, tag 0x0112
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

pillow_heif.register_heif_opener()
PngImagePlugin.MAX_TEXT_MEMORY = 16 << 20


def refuse_if_large(width: int, height: int, limit: int) -> None:
    """Call before decoding.

    Raises:
        LimitExceeded: The picture has more pixels than allowed.
    """
    if width * height > limit:
        raise LimitExceeded(
            f"The picture is {width} × {height} = {width * height} pixels: at most {limit} are decoded.",
            hint="Ask for a smaller version, or cut the part that matters and say so.",
        )


@contextlib.contextmanager
def _opened(path: Path, mime: str, limit: int | None) -> Iterator[Image.Image]:
    """A picture whose header was read and nothing decoded; decoder errors become `MediaError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            Image.MAX_IMAGE_PIXELS = None  # the header's size is for `refuse_if_large`
            with Image.open(path, formats=FORMATS[mime]) as picture:
                Image.MAX_IMAGE_PIXELS = limit  # an animation can grow with a later picture
                yield picture
        except UnidentifiedImageError as error:
            raise MediaError(
                f"It begins like {mime}, but cannot be read as such.",
                hint=DAMAGED,
            ) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise LimitExceeded(f"A picture within it has more than {limit} pixels.") from error
        except Exception as error:
            if isinstance(error, ForensicsError | MemoryError) or lacks_room(error):
                raise
            raise MediaError(
                f"The picture cannot be decoded: {type(error).__name__}.", hint=DAMAGED
            ) from error


def probe_still(path: Path, mime: str, limit: int) -> Probe:
    """Reads size, mode and text fields from the header; decodes nothing.

    Raises:
        MediaError: The header cannot be read.
    """
    with _opened(path, mime, limit) as picture:
        return Probe(
            container=str(picture.format),
            streams=(
                Stream(
                    index=0,
                    type=StreamType.IMAGE,
                    codec=str(picture.format).lower(),
                    width=picture.width,
                    height=picture.height,
                    pixel_format=picture.mode,
                ),
            ),
            tags={
                str(key)[:MAX_TEXT]: value[:MAX_TEXT]
                for key, value in picture.info.items()
                if isinstance(value, str) and not str(key).startswith("XML:")
            },
            pictures=_count(picture),
        )


def _count(picture: Image.Image) -> int | None:
    """How many pictures there are; None where counting them already costs too much."""
    try:
        return getattr(picture, "n_frames", 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def decode_still(
    path: Path, mime: str, pixels: Path, limit: int
) -> tuple[SamplePlan, list[Sample]]:
    """Writes the picture (or the first pictures of an animation), upright, as RGB.

    Transparency is laid over white. Time of an animation's pictures is the sum of stated delays.

    Raises:
        MediaError: It cannot be decoded.
        LimitExceeded: It has more pixels than allowed.
    """
    samples: list[Sample] = []
    with _opened(path, mime, limit) as picture, pixels.open("wb") as out:
        refuse_if_large(picture.width, picture.height, limit)
        many = getattr(picture, "n_frames", 1) if mime in ANIMATED else 1
        count = min(many, MAX_PICTURES)
        time = Fraction(0)
        for index in range(count):
            if count > 1:
                picture.seek(index)
                refuse_if_large(picture.width, picture.height, limit)
            upright = _on_white(_upright(picture))
            out.write(upright.tobytes())
            samples.append(
                Sample(
                    index=index,
                    time=time,
                    keyframe=True,
                    width=upright.width,
                    height=upright.height,
                )
            )
            time += _delay(picture)
    note = f"The first {count} of {many} pictures." if many > count else ""
    return SamplePlan(
        keyframes=True, every=None, limit=MAX_PICTURES, long_side=None, note=note
    ), samples


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as its orientation says it is to be seen; a damaged EXIF block does not hide it."""
    picture.load()  # some decoders turn it themselves, and then say so
    try:
        stated = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - any; the EXIF reading reports what is wrong with the block
        stated = None
    turn = _TURNS.get(stated) if isinstance(stated, int) else None
    return picture if turn is None else picture.transpose(turn)


def _delay(picture: Image.Image) -> Fraction:
    """Seconds for which an animation shows the picture; the nearest fraction that APNG can state."""
    milliseconds = Fraction(picture.info.get("duration") or 0)
    return max(Fraction(0), milliseconds).limit_denominator(0xFFFF) / 1000


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        low, high = (float(v) for v in picture.getextrema())  # type: ignore[arg-type]  # of one band
        scale = 255.0 / (high - low) if high > low else 1.0
        # Half a step more, since the conversion cuts off what is behind the point.
        picture = picture.point(lambda v: v * scale + (0.5 - low * scale)).convert("L")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return picture.convert("RGB")


def probe_pdf(path: Path) -> Probe:
    """Reads the number and size of pages (in points) and the document information.

    Raises:
        MediaError: PDFium cannot open it.
    """
    with _pdf(path) as document:
        pages = len(document)
        sizes = [document.get_page_size(i) for i in range(min(pages, MAX_PICTURES))]
        return Probe(
            container="PDF",
            streams=tuple(
                Stream(
                    index=i, type=StreamType.IMAGE, codec="page", width=round(w), height=round(h)
                )
                for i, (w, h) in enumerate(sizes)
            ),
            tags={k: v[:MAX_TEXT] for k, v in document.get_metadata_dict(skip_empty=True).items()},
            pictures=pages,
        )


def decode_pdf(path: Path, pixels: Path, limit: int) -> tuple[SamplePlan, list[Sample]]:
    """Writes the first pages as RGB at `PAGE_DPI`; a sample's time is its page number less one.

    Raises:
        MediaError: PDFium cannot open it, or it has no pages.
        LimitExceeded: A page has more pixels than allowed.
    """
    samples: list[Sample] = []
    with _pdf(path) as document, pixels.open("wb") as out:
        pages = len(document)
        count = min(pages, MAX_PICTURES)
        if not pages:
            raise MediaError("The PDF has no pages.", hint=DAMAGED)
        for index in range(count):
            scale = PAGE_DPI / 72
            width, height = (math.ceil(v * scale) for v in document.get_page_size(index))
            refuse_if_large(width, height, limit)
            page = document[index]
            picture = page.render(scale=scale).to_pil().convert("RGB")
            page.close()
            out.write(picture.tobytes())
            samples.append(
                Sample(
                    index=index,
                    time=Fraction(index),
                    keyframe=True,
                    width=picture.width,
                    height=picture.height,
                )
            )
    note = f"Pages drawn at {PAGE_DPI} dpi."
    if pages > count:
        note += f" The first {count} of {pages} pages."
    return SamplePlan(
        keyframes=True, every=None, limit=MAX_PICTURES, long_side=None, note=note
    ), samples


@contextlib.contextmanager
def _pdf(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """An open document; what PDFium cannot do becomes a `MediaError`."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise MediaError(
            "The PDF cannot be opened: it is damaged or asks for a password.",
            hint="Ask for an unlocked copy, or check pictures of its pages.",
        ) from error
    try:
        yield document
    except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
        raise MediaError(
            "A page of the PDF cannot be drawn: it is damaged.", hint=DAMAGED
        ) from error
    finally:
        document.close()
