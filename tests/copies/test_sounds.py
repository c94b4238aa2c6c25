"""The same sound, from levels to copies, over an index that is as plain as possible."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from forensics.copies.search import find_copies
from forensics.copies.sounds import in_words
from forensics.model import (
    Asset,
    Copy,
    MediaKind,
    Probe,
    Relation,
    Searched,
    Sha256,
    Stream,
    StreamType,
)
from forensics.signatures.signed import Heard, Signed
from forensics.signatures.sound import RATE, Sound, encode, levels
from tests.copies.exact import Clip, ExactIndex
from tests.signatures.tunes import plain, played, tune

SECONDS = 14


def asset(number: int, kind: MediaKind = MediaKind.AUDIO) -> Asset:
    return Asset(
        sha256=Sha256(f"{number:064x}"), size=1, kind=kind, mime="", name=f"asset {number}"
    )


def heard(sound: Sound) -> Heard:
    return Heard(codes=encode(levels([sound])), seconds=Fraction(len(sound), RATE))


@pytest.fixture(scope="module")
def library() -> ExactIndex:
    index = ExactIndex()
    for number, sound in enumerate([*(tune(i, SECONDS) for i in range(4)), plain("silence", 30)]):
        one = asset(number, MediaKind.VIDEO if number % 2 else MediaKind.AUDIO)
        index.register(one, Signed())
        codes = heard(sound).codes
        assert codes is not None
        index.heard[one.sha256] = codes
    return index


def ask(library: ExactIndex, sound: Sound, mine: Asset) -> tuple[tuple[Copy, ...], Searched]:
    signed = Signed(heard=heard(sound))
    return find_copies(mine, signed, library, Clip(signed=signed, pixels={}), levels([sound]))


def test_sped_up_sound_is_found_with_its_times_and_said_in_words(library: ExactIndex) -> None:
    (copy,), searched = ask(library, played(tune(1, SECONDS), 1.25), asset(99))
    assert (copy.relation, copy.asset.name, copy.scheme) == (
        Relation.SAME_SOUND, "asset 1", "sound/1",
    )  # fmt: skip
    assert copy.transform == "played at about 1.25 times the speed, about 25 % higher in pitch"
    assert (copy.pairs, copy.frames, copy.tiles, copy.distance) == (0, None, 0, None)
    (span,) = copy.spans
    assert float(span.query.end) == pytest.approx(SECONDS / 1.25, abs=0.5)
    assert float(span.copy.end) == pytest.approx(SECONDS, abs=0.5)
    assert (searched.schemes[-1], searched.radius[-1]) == ("sound/1", 9)
    assert searched.sounds == 5
    assert 6 <= searched.listened <= 12


def test_the_asset_itself_is_left_out_of_answer_and_count(library: ExactIndex) -> None:
    copies, searched = ask(library, tune(1, SECONDS), asset(1))
    assert copies == ()
    assert searched.sounds == 4


def test_an_equal_stream_needs_no_further_word_of_its_sound(library: ExactIndex) -> None:
    stream = Stream(
        index=0, type=StreamType.AUDIO, codec="aac", digest="d" * 64, digest_scheme="packets/1"
    )
    known = library.assets[asset(2).sha256]
    index = replace(library, assets={**library.assets})
    carrier = _with_stream(known[0], stream)
    index.assets[asset(2).sha256] = (carrier, Signed())
    (copy,), _ = ask(index, tune(2, SECONDS), _with_stream(asset(99), stream))
    assert copy.relation is Relation.SAME_STREAM


def _with_stream(one: Asset, stream: Stream) -> Asset:
    return replace(one, probe=Probe(container="mov", streams=(stream,)))


@pytest.mark.parametrize("kind", ["silence", "hum", "tone"])
def test_sound_that_says_nothing_is_not_asked_with(library: ExactIndex, kind: str) -> None:
    copies, searched = ask(library, plain(kind, 20), asset(99))
    assert copies == ()
    assert (searched.listened, searched.sounds) == (0, 0)
    assert "sound/1" not in searched.schemes


def test_longer_agreement_comes_first(library: ExactIndex) -> None:
    both = np.concatenate([tune(3, SECONDS)[: 5 * RATE], tune(0, SECONDS)[: 11 * RATE]])
    copies, _ = ask(library, both, asset(99))
    assert [copy.asset.name for copy in copies] == ["asset 0", "asset 3"]


@pytest.mark.parametrize(
    ("tempo", "pitch", "said"),
    [
        (Fraction(1), Fraction(1), "at most cut or re-encoded"),
        (Fraction(1004, 1000), Fraction(993, 1000), "at most cut or re-encoded"),
        (Fraction(5, 4), Fraction(1), "played at about 1.25 times the speed"),
        (Fraction(1), Fraction(1048, 1000), "about 5 % higher in pitch"),
        (Fraction(8, 10), Fraction(8, 10), "played at about 0.8 times the speed, about 20 % lower in pitch"),
    ],
)  # fmt: skip
def test_the_change_is_said_in_words(tempo: Fraction, pitch: Fraction, said: str) -> None:
    assert in_words(tempo, pitch) == said
