"""What the search amounts to: sentences that say no more than was looked at."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from forensics.copies.outcome import QUANTITIES, as_outcome
from forensics.model import (
    Appearance,
    Asset,
    Copy,
    CopySpan,
    Diagnostic,
    Direction,
    Finding,
    KnownAsset,
    MediaKind,
    Outcome,
    Pillar,
    Probe,
    Relation,
    Searched,
    Sha256,
    Span,
    Stream,
    StreamType,
)

HAND = Asset(sha256=Sha256("0" * 64), size=1, kind=MediaKind.VIDEO, mime="", name="in hand")
OTHER = KnownAsset(
    sha256=Sha256("ab" * 32),
    kind=MediaKind.VIDEO,
    name="{asset}\x1b[31m<b>.mp4",
    first_seen="2025-01-02T03:04:05Z",
)
FOUND = Copy(
    relation=Relation.COPY,
    asset=OTHER,
    spans=(
        CopySpan(
            query=Span(start=Fraction(0), end=Fraction(25, 3)),
            copy=Span(start=Fraction(4), end=Fraction(37, 3)),
        ),
        CopySpan(
            query=Span(start=Fraction(20), end=Fraction(20)),
            copy=Span(start=Fraction(1), end=Fraction(1)),
        ),
    ),
    transform="scaled or re-encoded; framing as before",
    distance=9,
    pairs=10,
    scheme="pdq/1",
    frames=(Fraction(1), Fraction(5)),
)
SAME = Copy(
    relation=Relation.SAME_STREAM,
    asset=OTHER,
    spans=(),
    transform="the coded sound is bit for bit the same, in another wrapper",
    distance=0,
    pairs=0,
    scheme="packets/1",
)


def searched(queries: int = 24, skipped: int = 1) -> Searched:
    return Searched(
        signatures=1200,
        assets=12,
        schemes=("pdq/1", "phash64/1"),
        radius=(31, 6),
        queries=queries,
        skipped=skipped,
    )


RECEIVED = "2027-01-01T00:00:00Z"


def statements(outcome: Outcome) -> dict[str, str]:
    return {finding.id: finding.statement for finding in outcome.findings}


def test_a_copy_is_said_with_where_when_and_how_near() -> None:
    outcome = as_outcome([FOUND], searched(), HAND, RECEIVED)
    assert statements(outcome) == {
        "copy-found": (
            "Another asset, abababababab, first met here at 2025-01-02T03:04:05Z, carries the same "
            "pictures (0.0 to 8.3 s here is 4.0 to 12.3 s there, 20.0 s here is 1.0 s there); 10 pairs of "
            "pictures agree, 9 bits apart at the median; only codes of whole pictures could be compared. "
            "Change between them: scaled or re-encoded; framing as before."
        )
    }
    (finding,) = outcome.findings
    assert finding.question is not None
    assert finding.question.id == "seen-before"
    assert finding.direction is Direction.SUPPORTS_H1
    assert finding.diagnostic is Diagnostic.UNKNOWN
    assert {m.key: m.value for m in finding.measurements}["asset-sha256"] == "ab" * 32
    assert outcome.examines == (Pillar.PROVENANCE, Pillar.DATE)
    assert outcome.parameters == {"radius pdq/1": "31 bits", "radius phash64/1": "6 bits"}


def test_the_other_files_name_is_personal_and_stays_out_of_the_sentence() -> None:
    (finding,) = as_outcome([FOUND], searched(), HAND, RECEIVED).findings
    (name,) = [m for m in finding.measurements if m.key == "name"]
    assert name.personal
    assert name.value == OTHER.name
    assert OTHER.name not in finding.statement


def test_a_sentence_does_not_grow_with_the_number_of_passages() -> None:
    many = replace(FOUND, spans=FOUND.spans * 50)
    said = statements(as_outcome([many], searched(), HAND, RECEIVED))["copy-found"]
    assert "90 more)" in said
    assert len(said) < 800


def test_pictures_that_were_laid_over_each_other_say_how_much_agrees() -> None:
    laid = replace(FOUND, distance=None, tiles=40, agree=38, part=640)
    found = as_outcome([laid], searched(), HAND, RECEIVED)
    said = statements(found)
    assert (
        "10 pairs of pictures agree; laid over each other, 38 of 40 places agree."
        in (said["copy-found"])
    )
    assert said["shows-a-part"].startswith("The asset in hand shows 64 percent of the picture")
    assert found.findings[1].direction is Direction.NEUTRAL


@pytest.mark.parametrize(
    ("own", "other", "said"),
    [
        (
            (960, 540),
            (1920, 1080),
            "Asset abababababab shows what both show with 2.0 times as many",
        ),
        ((1920, 1080), (960, 540), "The asset in hand shows what both show with 2.0 times as many"),
        ((1800, 1000), (1920, 1080), None),
        ((960, 540), None, None),
    ],
)
def test_the_finer_of_two_pictures_is_named(
    own: tuple[int, int], other: tuple[int, int] | None, said: str | None
) -> None:
    width, height = own
    stream = Stream(index=0, type=StreamType.VIDEO, codec="h264", width=width, height=height)
    hand = replace(HAND, probe=Probe(container="mov", streams=(stream,)))
    points = other[0] * other[1] if other else None
    whole = tuple(Fraction(n) for n in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    laid = replace(
        FOUND,
        asset=replace(OTHER, points=points),
        distance=None,
        tiles=40,
        agree=38,
        placement=whole,
    )
    found = as_outcome([laid], searched(), hand, RECEIVED)
    assert statements(found).get("finer-picture", "").startswith(said or "")
    assert ("finer-picture" in statements(found)) == (said is not None)


def test_of_a_part_as_large_as_the_other_the_points_are_the_same() -> None:
    # The other's middle half fills this picture, which is half as wide and high: as many points a side.
    stream = Stream(index=0, type=StreamType.VIDEO, codec="h264", width=960, height=540)
    hand = replace(HAND, probe=Probe(container="mov", streams=(stream,)))
    doubled = tuple(Fraction(n) for n in (2, 0, -1, 0, 2, -1, 0, 0, 1))
    other = replace(OTHER, points=1920 * 1080)
    laid = replace(FOUND, asset=other, distance=None, tiles=40, agree=38, placement=doubled)
    assert "finer-picture" not in statements(as_outcome([laid], searched(), hand, RECEIVED))


def test_the_same_scene_is_no_copy_and_speaks_for_nothing() -> None:
    scene = replace(FOUND, relation=Relation.SAME_SCENE, spans=(), distance=None, tiles=40, agree=3)
    (finding,) = as_outcome([scene], searched(), HAND, RECEIVED).findings
    assert finding.id == "same-scene"
    assert finding.direction is Direction.NEUTRAL
    assert "only 3 of 40 places compared agree" in finding.statement


def test_what_is_only_listed_is_said_to_be_its_publishers_word() -> None:
    listed = replace(FOUND, asset=replace(OTHER, listed_by="Desk\u202e A"))
    (finding,) = as_outcome([listed], searched(), HAND, RECEIVED).findings
    assert "known here only from a list of hashes by Desk\u202e A since 2025-01-02" in (
        finding.statement
    )
    assert "met here" not in finding.statement


def test_an_equal_stream_claims_no_pairs_of_pictures() -> None:
    said = statements(as_outcome([SAME], searched(), HAND, RECEIVED))["copy-found"]
    assert "a coded stream of this one. Change between them: the coded sound is" in said
    assert "pairs" not in said


def test_no_copy_says_among_what() -> None:
    outcome = as_outcome([], searched(), HAND, RECEIVED)
    assert statements(outcome) == {
        "no-copy": (
            "No copy was found among 1200 signatures of 12 other assets, compared with 24 signatures of "
            "this one by pdq/1 (up to 31 bits) and phash64/1 (up to 6 bits); an earlier copy elsewhere is "
            "not excluded. Sampled pictures left out: 1 with too little in them, 0 that occur in many "
            "assets here. Pairs of pictures laid over each other: 0."
        )
    }
    assert outcome.findings[0].direction is Direction.NEUTRAL


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        (
            MediaKind.VIDEO,
            "No sampled picture of this asset has enough in it to be searched for (4 left",
        ),
        (
            MediaKind.AUDIO,
            "Nothing in this sound says where it is from: it is too short, silent, steady",
        ),
    ],
)
def test_nothing_to_search_with_is_not_no_copy(kind: MediaKind, start: str) -> None:
    asset = Asset(sha256=HAND.sha256, size=1, kind=kind, mime="", name="")
    said = statements(as_outcome([], searched(queries=0, skipped=4), asset, RECEIVED))
    assert set(said) == {"nothing-searchable"}
    assert said["nothing-searchable"].startswith(start)


SOUND = Copy(
    relation=Relation.SAME_SOUND,
    asset=OTHER,
    spans=FOUND.spans[:1],
    transform="played at about 1.25 times the speed",
    distance=None,
    pairs=0,
    scheme="sound/1",
)
HEARD = replace(
    searched(),
    schemes=("pdq/1", "phash64/1", "sound/1"),
    radius=(31, 6, 9),
    sounds=7,
    listened=40,
)
RECORDING = replace(HAND, kind=MediaKind.AUDIO)


@pytest.mark.parametrize(
    ("asset", "direction"), [(HAND, Direction.NEUTRAL), (RECORDING, Direction.SUPPORTS_H1)]
)
def test_the_same_sound_speaks_for_sound_and_not_for_pictures(
    asset: Asset, direction: Direction
) -> None:
    (finding,) = as_outcome([SOUND], HEARD, asset, RECEIVED).findings
    assert finding.id == "same-sound"
    assert finding.direction is direction
    assert finding.statement == (
        "Another asset, abababababab, first met here at 2025-01-02T03:04:05Z, carries the same sound "
        "(0.0 to 8.3 s here is 4.0 to 12.3 s there). Change of the sound between them: played at about "
        "1.25 times the speed. It says nothing of the pictures."
    )
    later = replace(SOUND, asset=replace(OTHER, first_seen="2027-06-01T00:00:00Z"))
    (finding,) = as_outcome([later], HEARD, asset, RECEIVED).findings
    assert finding.direction is Direction.NEUTRAL


def test_sound_that_was_searched_in_vain_is_no_copy_and_says_among_how_many() -> None:
    by_sound = replace(HEARD, queries=0, skipped=0)
    said = statements(as_outcome([], by_sound, RECORDING, RECEIVED))
    assert said == {
        "no-copy": (
            "No copy was found. Its sound, of which 40 s could be asked with, was compared with that of 7 "
            "other assets; an earlier copy elsewhere is not excluded."
        )
    }
    said = statements(as_outcome([], HEARD, HAND, RECEIVED))
    assert said["no-copy"].endswith("was compared with that of 7 other assets.")


def test_sound_does_not_stand_in_for_pictures_that_say_nothing() -> None:
    by_sound = replace(HEARD, queries=0, skipped=4)
    said = statements(as_outcome([], by_sound, HAND, RECEIVED))
    assert set(said) == {"nothing-searchable"}
    assert (
        "beyond equal coded streams and the same sound, nothing was" in said["nothing-searchable"]
    )
    assert said["nothing-searchable"].endswith("with that of 7 other assets.")


def test_what_was_left_out_is_told_in_findings_that_move_nothing() -> None:
    partly = replace(HEARD, notes=("The sound's decoder failed 3 times.", "Two were left."))
    outcome = as_outcome([FOUND], partly, HAND, RECEIVED)
    assert [f.id for f in outcome.findings] == ["copy-found", *["search-incomplete"] * 2]
    assert [f.statement for f in outcome.findings[1:]] == list(partly.notes)
    assert {f.direction for f in outcome.findings[1:]} == {Direction.NEUTRAL}
    assert {f.diagnostic for f in outcome.findings[1:]} == {Diagnostic.NO}
    assert outcome.parameters["radius sound/1"] == "9 bits"
    assert len(outcome.parameters) == 3


def test_one_is_told_as_one() -> None:
    one = replace(searched(queries=1), signatures=1, assets=1, sounds=1, listened=9)
    (said,) = statements(as_outcome([], one, HAND, RECEIVED)).values()
    assert "among 1 signature of 1 other asset, compared with 1 signature of this one" in said
    assert said.endswith("was compared with that of 1 other asset.")
    (said,) = statements(as_outcome([replace(FOUND, pairs=1)], one, HAND, RECEIVED)).values()
    assert "; 1 pair of pictures agrees, 9 bits" in said
    nothing = replace(one, queries=0, listened=0)
    (said,) = statements(as_outcome([], nothing, HAND, RECEIVED)).values()
    assert said.endswith("nothing was looked for among 1 other asset.")


def test_an_equal_stream_is_said_beside_nothing_searchable() -> None:
    outcome = as_outcome([SAME], searched(queries=0, skipped=4), HAND, RECEIVED)
    assert [finding.id for finding in outcome.findings] == ["copy-found", "nothing-searchable"]


@pytest.mark.parametrize("copies", [[FOUND, SAME], []])
@pytest.mark.parametrize("queries", [0, 24])
def test_only_declared_quantities_and_always_the_caveats(copies: list[Copy], queries: int) -> None:
    declared = {(q.key, q.unit, q.personal) for q in QUANTITIES}
    partly = replace(searched(queries), notes=("One was left.",))
    for finding in as_outcome(copies, partly, HAND, RECEIVED).findings:
        assert {(m.key, m.unit, m.personal) for m in finding.measurements} <= declared
        assert [c.id for c in finding.caveats] == [
            "missed-edits",
            "same-scene",
            "same-sound",
            "earliest-found",
            "which-first",
            "common-material",
        ]


def test_an_asset_met_after_this_one_is_no_earlier_copy() -> None:
    (finding,) = as_outcome([FOUND], searched(), HAND, "2001-01-01T00:00:00Z").findings
    assert finding.direction is Direction.NEUTRAL
    assert ", after this one, carries" in finding.statement


def found_at(other: KnownAsset) -> Finding:
    copies = [replace(FOUND, asset=other)]
    return as_outcome(copies, searched(), HAND, "2026-01-02T00:00:00Z").findings[0]


def test_what_was_published_before_is_seen_before_though_it_was_met_here_later() -> None:
    """An archive that learns of old footage after a release tells the release's provenance all the same."""
    met = replace(
        OTHER,
        first_seen="2026-06-01T00:00:00Z",
        appearances=(
            Appearance(what="published", at="2025-02-14T10:00:00Z", by="desk"),
            Appearance(what="received", at="2026-06-01T00:00:00Z", by="desk"),
        ),
    )
    found = found_at(met)
    assert found.direction is Direction.SUPPORTS_H1
    assert "on record elsewhere since 2025-02-14T10:00:00Z" in found.statement
    assert "after this one" not in found.statement
    unpublished = replace(met, appearances=met.appearances[1:])
    later = found_at(unpublished)
    assert later.direction is Direction.NEUTRAL
    assert "after this one" in later.statement
