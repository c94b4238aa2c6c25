from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from forensics.copies.sound import SoundMatch, match
from forensics.index.postings import Postings, build
from forensics.model import Sha256
from forensics.signatures.sound import BANDS, FRAMES, RATE, Sound, fingerprint, levels
from tests.signatures.tunes import PLAIN, noise, pink, plain, played, tune

SECONDS = 14


def named(number: int) -> Sha256:
    return Sha256(f"{number:064x}")


def known_sounds(*sounds: Sound) -> Postings:
    return build({named(i): coded(sound) for i, sound in enumerate(sounds)})


def coded(sound: Sound) -> tuple[np.ndarray, np.ndarray]:
    codes = fingerprint(sound)
    return codes.array(), codes.telling()


@pytest.fixture(scope="module")
def archive() -> Postings:
    return known_sounds(*(tune(seed, SECONDS) for seed in range(12)))


def asked(sound: Sound, known: Postings, **options: Sha256) -> list[SoundMatch]:
    return match(levels([sound]), known, **options)


def ends(found: SoundMatch) -> tuple[float, float, float, float]:
    (span,) = found.spans
    return tuple(
        float(t) for t in (span.query.start, span.query.end, span.copy.start, span.copy.end)
    )


def test_the_same_sound_is_found_in_full_and_alone(archive: Postings) -> None:
    (found,) = asked(tune(3, SECONDS), archive)
    assert found.asset == named(3)
    assert (found.tempo, found.pitch) == (1, 1)
    assert ends(found) == pytest.approx((0, SECONDS, 0, SECONDS), abs=0.2)


def test_an_asset_can_be_left_out(archive: Postings) -> None:
    assert asked(tune(3, SECONDS), archive, without=named(3)) == []


def test_a_part_within_other_sound_is_found_where_it_is(archive: Postings) -> None:
    part = tune(5, SECONDS)[4 * RATE : 12 * RATE]
    (found,) = asked(np.concatenate([tune(101, 7), part, tune(102, 5)]), archive)
    assert found.asset == named(5)
    assert ends(found) == pytest.approx((7, 15, 4, 12), abs=0.6)


def test_two_parts_of_two_assets_are_told_apart(archive: Postings) -> None:
    both = np.concatenate([tune(1, SECONDS)[: 8 * RATE], tune(2, SECONDS)[: 8 * RATE]])
    found = asked(both, archive)
    assert {m.asset for m in found} == {named(1), named(2)}
    for one in found:
        start = 0 if one.asset == named(1) else 8
        assert ends(one)[0] == pytest.approx(start, abs=0.6)


def test_noise_and_quiet_do_not_hide_it(archive: Postings) -> None:
    worn = (0.1 * (tune(4, SECONDS) + noise(9, SECONDS, 0.02))).astype(np.float32)
    assert [m.asset for m in asked(worn, archive)] == [named(4)]


@pytest.mark.parametrize("speed", [0.78, 0.96, 1.05, 1.25])
def test_other_speeds_are_found_and_told(archive: Postings, speed: float) -> None:
    (found,) = asked(played(tune(6, SECONDS), speed), archive)
    assert found.asset == named(6)
    assert float(found.tempo) == pytest.approx(speed, rel=0.01)
    assert float(found.pitch) == pytest.approx(speed, rel=0.02)
    assert ends(found) == pytest.approx((0, SECONDS / speed, 0, SECONDS), abs=0.6)


def test_unknown_sound_is_not_found(archive: Postings) -> None:
    for seed in range(200, 203):
        assert asked(tune(seed, SECONDS), archive) == []


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_sound_never_matches_itself(kind: str) -> None:
    sound = plain(kind, SECONDS)
    assert asked(sound, known_sounds(sound, tune(1, SECONDS))) == []


@pytest.mark.parametrize("made", [noise, pink])
def test_a_recording_of_noise_is_found_again_and_no_other_noise(
    made: Callable[[int, float], Sound],
) -> None:
    archive = known_sounds(*(made(seed, SECONDS) for seed in range(20, 26)))
    for seed in (30, 31):
        assert asked(made(seed, SECONDS), archive) == []
    (found,) = asked(0.1 * made(22, SECONDS) + noise(40, SECONDS, 0.0005), archive)
    assert found.asset == named(2)


def test_of_noise_some_seconds_are_too_little() -> None:
    shared = noise(50, SECONDS)[: 5 * RATE]
    archive = known_sounds(np.concatenate([noise(51, 6), shared, noise(52, 6)]))
    assert asked(np.concatenate([noise(53, 4), shared, noise(54, 4)]), archive) == []


def test_a_second_of_equal_sound_is_too_little(archive: Postings) -> None:
    short = tune(7, SECONDS)[: 2 * RATE]
    assert asked(np.concatenate([tune(103, 7), short, tune(104, 7)]), archive) == []


def test_a_jingle_that_many_share_is_no_match_and_the_rest_still_is() -> None:
    jingle = tune(300, 6)
    archive = known_sounds(
        *(np.concatenate([jingle, tune(310 + i, 14)]) for i in range(5)),
    )
    assert asked(np.concatenate([jingle, tune(320, 14)]), archive) == []
    (found,) = asked(np.concatenate([jingle, tune(312, 14)]), archive)
    assert found.asset == named(2)


def test_a_jingle_that_few_share_is_the_same_sound() -> None:
    jingle = tune(300, 6)
    archive = known_sounds(*(np.concatenate([jingle, tune(310 + i, 14)]) for i in range(2)))
    assert len(asked(np.concatenate([jingle, tune(320, 14)]), archive)) == 2


def test_the_order_of_registering_changes_nothing() -> None:
    codes = {named(i): coded(tune(i % 3, SECONDS)) for i in range(6)}
    heard = levels([tune(1, SECONDS)])
    one = match(heard, build(codes))
    assert one == match(heard, build(dict(reversed(codes.items()))))
    assert [m.asset for m in one] == [named(1), named(4)]


def test_times_are_exact_and_within_the_sound(archive: Postings) -> None:
    sound = tune(8, SECONDS)
    for found in asked(sound, archive):
        for span in found.spans:
            assert 0 <= span.query.start < span.query.end <= Fraction(len(sound), RATE)
            assert (span.query.start * 100).denominator == 1


@pytest.mark.parametrize("rows", [0, 1, FRAMES])
def test_sound_too_short_for_a_code_matches_nothing(archive: Postings, rows: int) -> None:
    heard = levels([tune(3, SECONDS)])[:rows]
    assert match(heard, archive) == []


def test_an_empty_ledger_matches_nothing() -> None:
    assert asked(tune(3, 8), build({})) == []


def test_a_passage_late_in_a_long_sound_is_found_where_it_is(archive: Postings) -> None:
    quiet = np.zeros((130 * FRAMES, BANDS), np.uint8)
    part = levels([played(tune(9, SECONDS), 1.1)])
    (found,) = match(np.concatenate([quiet, part, quiet]), archive)
    assert found.asset == named(9)
    assert ends(found) == pytest.approx((130, 130 + SECONDS / 1.1, 0, SECONDS), abs=0.6)
    assert float(found.tempo) == pytest.approx(1.1, rel=0.01)
