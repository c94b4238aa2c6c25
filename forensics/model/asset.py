"""An asset: the exact bytes handed in, what kind they are, and what streams they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NewType

Sha256 = NewType("Sha256", str)
"""SHA-256 of a file's bytes, 64 lower-case hexadecimal digits. It names the asset."""


class MediaKind(StrEnum):
    """What a file is, by its content. Decides which analyses apply."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    """Pages: PDF."""
    DRAWING = "drawing"
    """Vector graphics that are rasterised to be looked at: SVG."""
    GEODATA = "geodata"
    """Places and tracks as data, without a picture: GeoJSON, KML, KMZ, GPX, world files."""


class Capability(StrEnum):
    """Something that an analysis needs and a machine may lack; `forensics doctor` lists them."""

    FFMPEG = "ffmpeg"
    PYAV = "pyav"
    HEIF = "heif"
    PDF = "pdf"
    C2PA = "c2pa"
    """Reads content credentials; there is no wheel of it for every platform."""
    TESSERACT = "tesseract"
    """Reads the lettering of maps; it comes from the system's packages."""


class StreamType(StrEnum):
    """The kinds of track a container can hold."""

    VIDEO = "video"
    AUDIO = "audio"
    SUBTITLE = "subtitle"
    DATA = "data"
    ATTACHMENT = "attachment"
    IMAGE = "image"
    """A still picture: the one stream of an image, or a page of a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One track of a container, or the picture of an image.

    Attributes:
        index: Position in the container, from 0.
        type: What it carries.
        codec: The decoder's name for the coding ("h264", "aac", "jpeg").
        digest: SHA-256 over the packets in stored order, hexadecimal, exactly as the container holds them.
            None for stills, and where the stream could not be read to its end.
        digest_scheme: How `digest` was made; only equal schemes compare.
        coded_digest: SHA-256 over the coded pictures or sound alone, hexadecimal: it survives a change of
            container. None as `digest`, and for what is neither pictures nor sound.
        coded_digest_scheme: How `coded_digest` was made.
        width: Coded width in pixels, None for sound.
        height: Coded height in pixels.
        rotation: Clockwise turn for display, in degrees.
        time_base: Seconds per tick.
        frame_rate: Average pictures per second; None for sound or where unstated.
        start: First presentation time in seconds.
        duration: From the first to the end of the last packet, in seconds, measured on the packets.
        packets: How many packets there are.
        keyframes: How many of them can be decoded on their own.
        picture_types: How many packets hold each type of picture ("I", "P", "B"; "S": predicted from a
            sprite, "R": an earlier one shown again); "?" where the type is not read for this codec.
        sample_rate: Sound samples per second.
        channels: Sound channels.
        profile: Codec profile, as the decoder names it.
        pixel_format: As the decoder names it.
        tags: The stream's own metadata, exactly as stated.
    """

    index: int
    type: StreamType
    codec: str
    digest: str | None = None
    digest_scheme: str | None = None
    coded_digest: str | None = None
    coded_digest_scheme: str | None = None
    width: int | None = None
    height: int | None = None
    rotation: int = 0
    time_base: Fraction | None = None
    frame_rate: Fraction | None = None
    start: Fraction | None = None
    duration: Fraction | None = None
    packets: int | None = None
    keyframes: int | None = None
    picture_types: Mapping[str, int] = field(default_factory=dict)
    sample_rate: int | None = None
    channels: int | None = None
    profile: str | None = None
    pixel_format: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """(scheme, digest) of each digest there is, that of the packets first."""
        pairs = (
            (self.digest_scheme, self.digest),
            (self.coded_digest_scheme, self.coded_digest),
        )
        return tuple((scheme, digest) for scheme, digest in pairs if scheme and digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a container says about itself, read without decoding pictures.

    Attributes:
        container: The demuxer's or decoder's name ("mov,mp4,…", "JPEG").
        streams: All tracks, in order.
        duration: Longest stream, in seconds, measured; None for stills.
        tags: Container-level metadata, exactly as stated.
        pictures: How many pictures a still format carries (frames of a GIF, pages of a PDF).
        notes: What could not be read, each a sentence.
    """

    container: str
    streams: tuple[Stream, ...] = ()
    duration: Fraction | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    pictures: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """The exact bytes handed in.

    Attributes:
        sha256: Names the asset.
        size: Bytes.
        kind: By content, never by name.
        mime: Media type, by content.
        name: File name as received: somebody's word, hostile until escaped.
        probe: None where the container could not be read at all.
        blake2b: BLAKE2b-512 of the same bytes, 128 lower-case hexadecimal digits: a second digest of another
            construction, should SHA-256 ever fall. Empty where it was not made.
    """

    sha256: Sha256
    size: int
    kind: MediaKind
    mime: str
    name: str
    probe: Probe | None = None
    blake2b: str = ""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """All tracks, in order; none where the container could not be read."""
        return self.probe.streams if self.probe else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """Where and when an asset was published or seen, on somebody's word.

    Attributes:
        what: How it is known: "received" (here), "published", "captured" (by an archive),
            "listed" (by whoever published a list of hashes).
        at: RFC 3339 time in UTC, or a day ("2025-12-29") where no more is known.
        url: Address, or None.
        publisher: Who published it, or None.
        by: Who says so.
    """

    what: str
    at: str
    url: str | None = None
    publisher: str | None = None
    by: str
