"""Help for a search elsewhere: pictures picked for it, links to public engines. Nothing is sent anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote, urlsplit

from forensics.codec import revive
from forensics.errors import MediaError, UsageError
from forensics.media.limits import Limits
from forensics.media.worker import Watch, Worker
from forensics.model import Asset
from forensics.readings import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A public search engine for pictures.

    Attributes:
        name: As `forensics appearance add --engine` records it.
        upload: The page to which a person hands a picture.
        by_url: Beginning of the address that asks with a picture on the web, whose address follows, quoted.
    """

    name: str
    upload: str
    by_url: str


ENGINES = (
    Engine(
        name="Google Lens",
        upload="https://lens.google.com/",
        by_url="https://lens.google.com/uploadbyurl?url=",
    ),
    Engine(
        name="Yandex",
        upload="https://yandex.com/images/",
        by_url="https://yandex.com/images/search?rpt=imageview&url=",
    ),
    Engine(
        name="Bing",
        upload="https://www.bing.com/visualsearch",
        by_url="https://www.bing.com/images/search?view=detailv2&iss=sbi&q=imgurl:",
    ),
    Engine(name="TinEye", upload="https://tineye.com/", by_url="https://tineye.com/search?url="),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """A picture that serves a search.

    Attributes:
        path: Where it was written.
        time: Seconds from the start of the asset; 0 for a still.
        width: Pixels.
        height: Pixels.
        notes: What speaks against it: "dark-or-blank", "text"; it was taken for want of a better one.
    """

    path: Path
    time: Fraction
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where to ask."""

    engine: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What a person needs to search elsewhere.

    Attributes:
        asset: Whose pictures they are.
        keyframes: In order of time.
        links: In a fixed order.
    """

    asset: Asset
    keyframes: tuple[Keyframe, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A picture that the worker left in the scratch folder."""

    path: str
    time: Fraction
    width: int
    height: int
    notes: tuple[str, ...]


def links(picture_url: str | None = None) -> tuple[Link, ...]:
    """Returns where to ask: with a picture on the web, or the pages that take one.

    Raises:
        UsageError: The address is none of the web.
    """
    if picture_url is None:
        return tuple(Link(engine=one.name, url=one.upload) for one in ENGINES)
    try:
        parts = urlsplit(picture_url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or not picture_url.isprintable() or " " in picture_url:
        raise UsageError(
            f"--picture-url is {picture_url!r}: expected the address of a picture on the web.",
            hint="As in https://example.org/picture.jpg; the engines fetch it from there.",
        )
    asked = quote(picture_url, safe="")
    return tuple(Link(engine=one.name, url=one.by_url + asked) for one in ENGINES)


def help_with(
    source: Path,
    out: Path,
    *,
    worker: Worker,
    limits: Limits,
    count: int,
    name: str | None = None,
    picture_url: str | None = None,
    watch: Watch | None = None,
) -> Help:
    """Writes pictures of a file that serve a search elsewhere, and says where to ask.

    Args:
        source: The file.
        out: Folder to write to; it is made where it is missing.
        worker: Reads the media, under limits.
        limits: For the worker.
        count: No more pictures than this.
        name: File name as received, where the path's last part is none.
        picture_url: Where one of them lies on the web, if it does.
        watch: Told of progress.

    Raises:
        IntakeError: The file could not be taken in.
        MediaError: It holds no pictures, or none that can be decoded.
        UsageError: The folder cannot be written to.
    """
    where = links(picture_url)
    with read(source, worker=worker, limits=limits, name=name, watch=watch) as reading:
        if reading.prepared.trouble:
            raise MediaError(reading.prepared.trouble)
        if not reading.prepared.samples:
            raise MediaError(f"{reading.asset.name} holds no pictures that a search could use.")
        answer = worker.call(
            "forensics.media.keyframes:picked_keyframes", folder=str(reading.folder), count=count
        )
        made = revive(answer, tuple[_Made, ...])
        try:
            out.mkdir(parents=True, exist_ok=True)
            written = tuple(_written(i, one, reading.folder, out) for i, one in enumerate(made, 1))
        except OSError as error:
            raise UsageError(f"{out} cannot be written to: {error.strerror}.") from error
        return Help(asset=reading.asset, keyframes=written, links=where)


def _written(number: int, made: _Made, folder: Path, out: Path) -> Keyframe:
    """Copies a picture from our own folder, whatever path the worker names."""
    path = out / f"keyframe-{number:02d}.jpg"
    path.write_bytes((folder / Path(made.path).name).read_bytes())
    return Keyframe(
        path=path, time=made.time, width=made.width, height=made.height, notes=made.notes
    )
