"""Which tracks of two files are the same pictures or sound in another wrapper."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.same_streams import SCHEMES, SameStream, same_streams
from forensics.model import Part

CODED, PACKETS = SCHEMES


def track(number: int, kind: str, **digests: str) -> Part:
    parts = [Part(name=CODED if k == "coded" else PACKETS, value=v) for k, v in digests.items()]
    return Part(name=f"Stream {number}", value=kind, parts=tuple(parts))


def file(*tracks: Part) -> Part:
    return Part(name="File", parts=(Part(name="MP4"), Part(name="Streams", parts=tracks)))


def test_tracks_are_paired_whatever_their_order_and_wrapper() -> None:
    a = file(track(0, "video", packets="p1", coded="c1"), track(1, "audio", packets="p2"))
    b = file(track(0, "audio", packets="p2"), track(1, "video", packets="other", coded="c1"))
    assert same_streams(a, b) == (
        SameStream(type="video", a="Stream 0", b="Stream 1", scheme=CODED, digest="c1"),
        SameStream(type="audio", a="Stream 1", b="Stream 0", scheme=PACKETS, digest="p2"),
    )


def test_other_content_another_scheme_and_another_kind_are_not_the_same() -> None:
    one = file(track(0, "video", coded="c1"))
    assert same_streams(one, file(track(0, "video", coded="c2"))) == ()
    assert same_streams(one, file(track(0, "video", packets="c1"))) == ()
    assert same_streams(one, file(track(0, "audio", coded="c1"))) == ()
    assert same_streams(one, Part(name="File")) == ()


def test_tracks_without_content_are_not_called_the_same() -> None:
    empty = file(track(0, "audio", coded=hashlib.sha256(b"").hexdigest()))
    assert same_streams(empty, empty) == ()


def test_a_tag_named_like_a_scheme_is_no_digest() -> None:
    tags = Part(name="Tags", parts=(Part(name=CODED, value="c1"),))
    claims = file(Part(name="Stream 0", value="video", parts=(tags,)))
    assert same_streams(claims, file(track(0, "video", coded="c1"))) == ()


DIGESTS = st.sampled_from(["x", "y"])
TRACKS = st.lists(st.tuples(st.sampled_from(["video", "audio"]), DIGESTS, DIGESTS), max_size=6)


@given(TRACKS, TRACKS)
def test_no_track_stands_in_two_pairs(
    one: list[tuple[str, str, str]], other: list[tuple[str, str, str]]
) -> None:
    a, b = (
        file(*(track(n, k, coded=c, packets=p) for n, (k, c, p) in enumerate(tracks)))
        for tracks in (one, other)
    )
    found = same_streams(a, b)
    assert len({s.a for s in found}) == len({s.b for s in found}) == len(found)
    shared = min(one.count(one[0]), other.count(one[0])) if one else 0
    assert len(found) >= shared
