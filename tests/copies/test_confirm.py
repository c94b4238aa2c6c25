"""Two pictures are a copy, one scene, or nothing to each other; and what was done is said in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from forensics.copies.confirm import Confirmed, confirm, query_picture, relation_of
from forensics.copies.geometry import Placement
from forensics.copies.overlay import Overlay, Tile
from forensics.errors import MediaError
from forensics.model import Relation
from forensics.signatures.local import look
from tests.copies.pictures import (
    Picture,
    captioned,
    colour_bars,
    cropped,
    jpeg,
    resized,
    scene,
    sky,
    slate,
    turned,
    windows,
)

NOW, THEN = Fraction(5), Fraction(7, 2)
LOOKS = {seed: look(scene(seed), THEN) for seed in (1, 2)}


def confirmed(query: Picture, reference: Picture) -> Confirmed | None:
    return confirm(query_picture(query, NOW), look(reference, THEN))


def framed(picture: Picture, tall: int, wide: int) -> Picture:
    border = cv2.copyMakeBorder(picture, tall, tall, wide, wide, cv2.BORDER_CONSTANT)
    return np.asarray(border, dtype=np.uint8)


def inset(picture: Picture, other: Picture) -> Picture:
    out = other.copy()
    out[20:164, 230:486] = resized(picture, 256, 144)
    return out


EDITS = {
    "none seen": lambda p: jpeg(p, 40),
    "mirrored": lambda p: np.ascontiguousarray(p[:, ::-1]),
    "cropped to 5": lambda p: cropped(p, 36, 252, 64, 448),
    "borders added": lambda p: framed(p, 50, 0),
    "set into a larger picture": lambda p: inset(p, scene(77)),
    "turned by 90 degrees clockwise": lambda p: np.ascontiguousarray(np.rot90(p, -1)),
    "turned by 180 degrees": lambda p: np.ascontiguousarray(p[::-1, ::-1]),
    "turned by 20 degrees counterclockwise": lambda p: turned(p, 20),
    "stretched in height": lambda p: resized(p, 384, 288),
    "caption or change at the bottom": lambda p: captioned(p, "EYEWITNESS VIDEO LIVE", 0.95, 1.2),
    "made grey": lambda p: np.repeat(p.mean(axis=2).astype(np.uint8)[..., None], 3, axis=2),
    "made darker": lambda p: (p * 0.5).astype(np.uint8),
    "made brighter": lambda p: np.clip(p * 1.1 + 40.0, 0, 255).astype(np.uint8),
}


@pytest.mark.parametrize("words", EDITS)
@pytest.mark.parametrize("seed", LOOKS)
def test_an_edited_picture_is_a_copy_and_the_edit_is_named(words: str, seed: int) -> None:
    found = confirm(query_picture(EDITS[words](scene(seed)), NOW), LOOKS[seed])
    assert found is not None
    assert found.relation is Relation.COPY
    assert words in found.words
    assert (found.query, found.reference) == (NOW, THEN)
    assert found.mirrored == ("mirrored" in words)


def test_several_edits_are_named_together() -> None:
    picture = cropped(np.ascontiguousarray(scene(1)[:, ::-1]), 30, 260, 40, 440)
    found = confirm(query_picture(captioned(picture, "WATCH UNTIL THE END"), NOW), LOOKS[1])
    assert found is not None
    assert found.words.startswith("mirrored, cropped to 6")
    assert "change" in found.words


def test_the_transform_is_given_in_shares_of_both_pictures() -> None:
    part = cropped(np.ascontiguousarray(scene(2)[:, ::-1]), 0, 288, 128, 512)
    found = confirm(query_picture(part, NOW), LOOKS[2])
    assert found is not None
    matrix = np.array(found.matrix).reshape(3, 3)
    # The mirror image loses its left quarter: what was at x = 3/4 comes to the left edge.
    corner = matrix @ np.array([0.75, 0.0, 1.0])
    assert np.abs(corner[:2] / corner[2]).max() < 0.01
    assert abs(found.of_reference - 750) <= 15
    assert found.of_query >= 985


def test_a_part_of_a_known_picture_and_a_picture_around_a_known_one_are_both_copies() -> None:
    whole, part = inset(scene(1), scene(3)), scene(1)
    outward, inward = confirmed(whole, part), confirmed(part, whole)
    assert outward is not None
    assert inward is not None
    assert (outward.relation, inward.relation) == (Relation.COPY, Relation.COPY)
    assert abs(outward.of_query - 250) <= 15
    assert abs(inward.of_reference - 250) <= 15


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (scene(10), scene(11)),
        (captioned(scene(10), "BREAKING NEWS"), captioned(scene(11), "BREAKING NEWS")),
        (windows(150, 1, 28), windows(110, 2, 31)),
        (slate("SCENE 12 TAKE 3"), slate("SCENE 12 TAKE 8")),
        (sky(), sky()),
        (np.zeros((288, 512, 3), np.uint8), np.zeros((288, 512, 3), np.uint8)),
        (colour_bars(), colour_bars()),
        (captioned(sky(), "WATCH"), captioned(scene(12), "WATCH")),
    ],
    ids=["scenes", "captions", "windows", "slates", "skies", "black", "bars", "one caption"],
)
def test_pictures_that_say_little_or_share_only_words_are_no_copies(
    one: Picture, other: Picture
) -> None:
    found = confirmed(one, other)
    assert found is None or found.relation is not Relation.COPY


def in_a_frame(picture: Picture) -> Picture:
    """Returns the picture as one page of a program shows it, with much that every page has."""
    page = np.full((360, 512, 3), 245, dtype=np.uint8)
    cv2.rectangle(page, (0, 0), (512, 30), (40, 60, 140), -1)
    for k, word in enumerate(("Home", "Search", "Messages", "Profile", "Settings")):
        page = captioned(page, word, 0.1 + 0.17 * k, 0.4)
    page[60:300, 150:490] = resized(picture, 340, 240)
    return page


def test_two_pages_of_one_program_are_no_copies() -> None:
    found = confirmed(in_a_frame(scene(50)), in_a_frame(scene(51)))
    assert found is None or found.relation is Relation.SAME_SCENE


def test_a_picture_on_a_page_of_a_program_is_found() -> None:
    found = confirmed(in_a_frame(scene(50)), scene(50))
    assert found is not None
    assert found.relation is Relation.COPY


def test_a_scene_with_its_things_in_other_places_is_no_copy() -> None:
    one, other = scene(20), scene(20)
    chance = np.random.default_rng(1)
    for k in range(5):  # most of what is seen changes, some of it stays
        x = 100 * k
        other[:, x : x + 75] = scene(30 + k)[:, x : x + 75]
    noise = chance.normal(0, 4, other.shape)
    found = confirmed(one, np.clip(other + noise, 0, 255).astype(np.uint8))
    assert found is None or found.relation is Relation.SAME_SCENE


def stating(width: int, height: int) -> bytes:
    """Returns the thumbnail of scene 1 with another size in its header."""
    thumbnail = LOOKS[1].thumbnail
    at = thumbnail.index(b"\xff\xc0") + 5
    return thumbnail[:at] + height.to_bytes(2) + width.to_bytes(2) + thumbnail[at + 4 :]


@pytest.mark.parametrize(
    "thumbnail",
    [b"", b"\xff\xd8\xff", b"not a picture", stating(65000, 65000), stating(3000, 40)],
    ids=["empty", "cut-short", "words", "states-four-gigapixels", "states-more-than-kept"],
)
def test_a_thumbnail_that_is_no_picture_is_refused(thumbnail: bytes) -> None:
    broken = replace(LOOKS[1], thumbnail=thumbnail)
    with pytest.raises(MediaError, match="not a readable thumbnail"):
        confirm(query_picture(scene(1), NOW), broken)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 10**9), (10**9, 10**9)])
def test_a_known_picture_that_states_an_absurd_size_is_taken(width: int, height: int) -> None:
    local = tuple(replace(codes, width=width, height=height) for codes in LOOKS[1].local)
    absurd = replace(LOOKS[1], width=width, height=height, local=local)
    found = confirm(query_picture(scene(1), NOW), absurd)
    assert found is None or all(np.isfinite(found.matrix))


def laid(tiles: int, agree: int) -> Overlay:
    """Returns an overlay of which so many tiles agree, spread evenly over the picture."""
    order = np.random.default_rng(0).permutation(36)
    nothing = np.zeros((1, 1), np.float32)
    return Overlay(
        tiles=tuple(
            Tile(
                row=int(k) // 6,
                column=int(k) % 6,
                correlation=95 * (n < agree),
                structure=900,
                bare=False,
                centre=(0, 0),
                reach=1,
            )
            for n, k in enumerate(order[:tiles])
        ),
        rows=6,
        columns=6,
        of_query=1.0,
        of_reference=1.0,
        reference=nothing,
        query=nothing,
    )


def placement(inliers: int) -> Placement:
    """Returns a placement that so many places obey."""
    return Placement(matrix=np.eye(3), inliers=inliers, at_query=np.full((inliers, 2), 100.0))


def test_more_agreement_never_makes_less_of_a_pair() -> None:
    rank = {None: 0, Relation.SAME_SCENE: 1, Relation.COPY: 2}
    for inliers in range(0, 60, 3):
        for tiles in (0, 4, 20, 36):
            pictures = [laid(tiles, agree) for agree in range(tiles + 1)]
            ranks = [rank[relation_of(placement(inliers), one)] for one in pictures]
            assert ranks == sorted(ranks)
            more = [rank[relation_of(placement(inliers + 3), one)] for one in pictures]
            assert all(a <= b for a, b in zip(ranks, more, strict=True))
