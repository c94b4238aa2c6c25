"""What becomes of an answer when two films are followed: weak pairs on one line, and pairs that lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pytest

from forensics.copies.confirmed import Comparison, Confirmed, Course, Followed, Moved, Moving
from forensics.copies.decide import InHand, Registered, from_registered
from forensics.copies.moving import follow, told_apart
from forensics.model import Asset, Copy, KnownAsset, Look, MediaKind, Relation, Sha256
from tests.copies.exact import ExactIndex

OTHER = KnownAsset(
    sha256=Sha256("b" * 64), kind=MediaKind.VIDEO, name="b.mp4", first_seen="2025-01-01T00:00:00Z"
)
STEADY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
SAME = Followed(alike=98, strength=60, tiles=200, agree=100, pairs=())
APART = Followed(alike=20, strength=60, tiles=200, agree=150, pairs=())
UNSURE = Followed(alike=70, strength=60, tiles=200, agree=150, pairs=())


def in_hand(seconds: int = 10) -> InHand:
    return InHand(
        asset=Asset(
            sha256=Sha256("a" * 64), size=1, kind=MediaKind.VIDEO, mime="video/mp4", name="a"
        ),
        groups={Fraction(time): time for time in range(seconds)},
        spacing=Fraction(1),
        unmoving=False,
    )


def pair(
    query: int,
    reference: int,
    relation: Relation = Relation.SAME_SCENE,
    matrix: tuple[float, ...] = STEADY,
) -> Confirmed:
    return Confirmed(
        relation=relation,
        query=Fraction(query),
        reference=Fraction(reference),
        inliers=30,
        tiles=36,
        agree=16,
        closeness=60,
        matrix=matrix,
        mirrored=False,
        of_query=1000,
        of_reference=1000,
        words="none seen",
    )


def moved_by(share: float) -> tuple[float, ...]:
    return (1.0, 0.0, share, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class Index(ExactIndex):
    """Has a picture of each second."""

    def looks(self, asset: Sha256, times: Sequence[Fraction]) -> list[Look]:
        assert asset == OTHER.sha256
        return [
            Look(time=time, width=320, height=180, thumbnail=b"jpeg", local=())
            for time in sorted({Fraction(round(time)) for time in times})
        ]


@dataclass
class Answers:
    """Says of every course and every place that moves what the test is about."""

    course: Followed | None
    moved: Moved | None = None
    asked: list[Course] = field(default_factory=list)

    def register(
        self, looks: Sequence[Look], pairs: Sequence[Comparison]
    ) -> list[Confirmed | None]:
        raise AssertionError

    def motion(self, looks: Sequence[Look], pairs: Sequence[Moving]) -> list[Moved | None]:
        return [self.moved for _ in pairs]

    def follow(self, looks: Sequence[Look], courses: Sequence[Course]) -> list[Followed | None]:
        self.asked += courses
        return [self._along(course, looks) for course in courses]

    def _along(self, course: Course, looks: Sequence[Look]) -> Followed | None:
        if self.course is None:
            return None
        moments = [((look.time - course.offset) / course.speed, look.time) for look in looks]
        inside = tuple(m for m in moments if course.start <= m[0] <= course.end)
        return Followed(
            alike=self.course.alike,
            strength=self.course.strength,
            tiles=self.course.tiles,
            agree=self.course.agree,
            pairs=inside,
        )


def told(
    confirmed: Sequence[Confirmed], course: Followed | None, moved: Moved | None = None
) -> tuple[Copy | None, bool]:
    found = Registered(confirmed=tuple(confirmed), compared=len(confirmed), looked=True)
    mine = in_hand()
    copy = from_registered(mine, OTHER, found, ())
    return told_apart(mine, OTHER, found, copy, Index(), Answers(course=course, moved=moved))


def relation(answer: tuple[Copy | None, bool]) -> Relation:
    copy, watched = answer
    assert watched
    assert copy is not None
    return copy.relation


WEAK = [pair(time, time + 2) for time in range(5)]
STRONG = [pair(time, time + 2, Relation.COPY) for time in range(5)]
NO_PLACE = Moved(places=0, agree=0, together=0)
ELSEWHERE = Moved(places=6, agree=1, together=1)
AT_ONE_MOMENT = Moved(places=6, agree=5, together=5)


def test_weak_pairs_on_one_line_are_a_copy_where_the_course_is_one() -> None:
    copy, _ = told(WEAK, SAME)
    assert copy is not None
    assert copy.relation is Relation.COPY
    (span,) = copy.spans
    assert span.copy.start - span.query.start == 2
    assert (copy.tiles, copy.agree) == (200, 100)
    assert copy.pairs >= 5


@pytest.mark.parametrize(
    "course",
    [
        None,
        UNSURE,
        APART,
        Followed(alike=98, strength=10, tiles=200, agree=100, pairs=()),
        Followed(alike=98, strength=60, tiles=200, agree=40, pairs=()),
    ],
    ids=["not-seen", "unsure", "apart", "hardly-changes", "pictures-disagree"],
)
def test_weak_pairs_stay_a_scene_where_it_is_not(course: Followed | None) -> None:
    assert relation(told(WEAK, course)) is Relation.SAME_SCENE


def test_three_pictures_are_no_course() -> None:
    found = Registered(confirmed=(pair(0, 0), pair(1, 1)), compared=2, looked=True)
    mine = in_hand(3)
    copy = from_registered(mine, OTHER, found, ())
    copy, _ = told_apart(mine, OTHER, found, copy, Index(), Answers(course=SAME))
    assert copy is not None
    assert copy.relation is Relation.SAME_SCENE


def test_pairs_whose_moving_places_disagree_are_a_copy_only_on_one_course() -> None:
    assert relation(told(STRONG, SAME, ELSEWHERE)) is Relation.COPY
    assert relation(told(STRONG, UNSURE, ELSEWHERE)) is Relation.SAME_SCENE


def test_a_copy_in_one_piece_on_the_line_keeps_its_own_times() -> None:
    copy, _ = told(STRONG, SAME, ELSEWHERE)
    assert copy is not None
    assert (copy.tiles, copy.agree) == (5 * 36, 5 * 16)
    jumbled = [*STRONG, *(pair(5 + time, time, Relation.COPY) for time in range(4))]
    copy, _ = told(jumbled, SAME, ELSEWHERE)
    assert copy is not None
    assert (copy.tiles, copy.agree) == (200, 100), "told anew by the course"
    assert len(copy.spans) == 1


def test_where_little_moves_another_course_is_another_recording() -> None:
    assert relation(told(STRONG, APART, NO_PLACE)) is Relation.SAME_SCENE
    assert relation(told(STRONG, UNSURE, NO_PLACE)) is Relation.SAME_SCENE
    assert relation(told(STRONG[:3], UNSURE, NO_PLACE)) is Relation.COPY, "three pairs may wander"
    assert relation(told(STRONG, None, NO_PLACE)) is Relation.COPY


def test_where_all_that_moves_agrees_at_one_moment_nothing_more_is_asked() -> None:
    assert relation(told(STRONG, APART, AT_ONE_MOMENT)) is Relation.COPY


def test_only_lines_on_which_the_crop_holds_still_are_followed() -> None:
    wanders = [pair(time, time + 2, matrix=moved_by(0.1 * time)) for time in range(5)]
    answers = Answers(course=SAME)
    assert follow(in_hand(), wanders, OTHER.sha256, Index(), answers) is None
    assert answers.asked == []


def test_a_course_is_followed_at_the_speed_of_its_line() -> None:
    fast = [pair(time, 2 * time) for time in range(8)]
    answers = Answers(course=SAME)
    run = follow(in_hand(), fast, OTHER.sha256, Index(), answers)
    assert run is not None
    assert Fraction(2) in {course.speed for course in answers.asked}


def test_of_a_long_passage_some_seconds_are_followed() -> None:
    long = [pair(time, time) for time in range(60)]
    answers = Answers(course=SAME)
    run = follow(in_hand(60), long, OTHER.sha256, Index(), answers)
    assert run is not None
    assert all(course.end - course.start <= 12 for course in answers.asked)
    times = [p.query for p in run.line.pairs]
    assert (times[0], times[-1]) == (0, 59), "the pairs beside the line lengthen it"
