"""Has any picture, or any coded stream, of this asset been met in another asset?

Guesses come from the index (`candidates`). The best of each asset are registered with the pictures in hand
(`compare`, in the worker); where one agrees, the rest of the passage is compared along the line in time that
it suggests; and what agrees in the end is weighed (`decide`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from forensics.copies.align import distinct_groups, lines, sampling_spacing
from forensics.copies.candidates import Candidate, FrameHit, candidates, frame_hits
from forensics.copies.comparing import Compare
from forensics.copies.confirmed import Comparison, Confirmed
from forensics.copies.decide import (
    STILLS,
    InHand,
    Registered,
    best_placed,
    from_codes,
    from_registered,
    pair_of,
)
from forensics.copies.moving import told_apart
from forensics.copies.sounds import duration, same_sounds
from forensics.copies.steady import is_loose, steady_offset
from forensics.copies.streams import same_streams
from forensics.errors import LedgerBroken
from forensics.model import (
    Asset,
    Copy,
    CopyIndex,
    KnownAsset,
    Relation,
    Searched,
    Sha256,
)
from forensics.signatures.schemes import LOCAL, PDQ, SCHEMES
from forensics.signatures.signed import Signed
from forensics.signatures.sound import Levels

_MISSED = 6
"""Assets one after the other, those for which most speaks first, of which nothing agrees: the rest is left,
but for those that have a whole-picture code in common. How many were left is told."""
_NAMED, _SHORT = 4, 12
"""Assets named in a note, and digits of each."""
_FIRST, _MORE, _ALONG = 3, 6, 24
"""Pairs compared of an asset: at first, where one of those agrees, and along the line that they suggest."""
_TRIED, _NEAR, _FAR = 4, 4, 16
"""Pictures in hand that are compared with others around the one found; seconds around, at first and where
those all agree."""


def find_copies(
    asset: Asset,
    signed: Signed,
    index: CopyIndex,
    compare: Compare,
    sound: Levels | None = None,
) -> tuple[tuple[Copy, ...], Searched]:
    """Returns the copies of an asset among those met earlier, and what was looked through.

    Args:
        asset: The asset in hand; hits on itself are dropped.
        signed: Its pictures and sound.
        index: What is known.
        compare: Registers pairs of pictures.
        sound: Levels of its sound; None where it has none.

    Returns:
        At most one copy for each other asset and relation, strongest first: equal streams, then copies,
        then the same sound, then the same scene; then more pairs or longer sound, then by SHA-256; and the
        extent of the search.

    Raises:
        LedgerBroken: The index names an asset that it does not know.
    """
    mine = _in_hand(asset, signed)
    hits, common = frame_hits(signed, index, asset.sha256)
    guesses = candidates(signed, hits, common, index, asset.sha256)
    by_asset: dict[Sha256, list[FrameHit]] = defaultdict(list)
    for hit in hits:
        if hit.scheme == PDQ:  # the others only suggest what to compare
            by_asset[hit.asset].append(hit)
    found = []
    compared = 0
    missed = 0
    left, unseen, unwatched = 0, 0, []
    for other in [*guesses, *sorted(by_asset.keys() - guesses.keys())]:
        if missed >= _MISSED and other not in by_asset:
            left += 1
            continue
        known = _known(index, other)
        guessed = guesses.get(other, [])
        registered = _register(mine, known, signed, guessed, index, compare)
        compared += registered.compared
        copy = (
            from_registered(mine, known, registered, by_asset[other])
            if registered.looked
            else from_codes(mine, known, by_asset[other])
        )
        unseen += copy is None and not registered.looked
        copy, watched = told_apart(mine, known, registered, copy, index, compare)
        if not watched:
            unwatched.append(other)
        missed = 0 if copy is not None else missed + 1
        if copy is not None:
            found.append(copy)
    heard = same_sounds(asset, signed.heard, sound, index, _known)
    copies = [*same_streams(asset, index, _known), *found, *heard.copies]
    total, assets = index.extent((PDQ,), asset.sha256)
    asked = {a.time for a in signed.asked if a.quality >= SCHEMES[PDQ].least_quality}
    searched = Searched(
        signatures=total,
        assets=assets,
        schemes=(*SCHEMES, *LOCAL, *heard.schemes),
        radius=(
            *(s.radius for s in SCHEMES.values()),
            *(s.radius for s in LOCAL.values()),
            *heard.schemes.values(),
        ),
        queries=len(asked - common),
        skipped=len({a.time for a in signed.asked} - asked),
        common=len(common & asked),
        compared=compared,
        sounds=heard.assets,
        listened=heard.seconds,
        notes=(
            *(signed.heard.notes if signed.heard is not None else ()),
            *_notes(left, unseen, unwatched),
        ),
    )
    return tuple(sorted(copies, key=_strength)), searched


def _notes(left: int, unseen: int, unwatched: Sequence[Sha256]) -> Iterator[str]:
    """Says what was not looked at, so that nothing is left out in silence.

    Args:
        left: Assets that something suggested and that were not compared.
        unseen: Those of which no picture is kept, and whose codes made no copy.
        unwatched: Copies of which it could not be seen whether what moves agrees.
    """
    if unwatched:
        named = ", ".join(sha256[:_SHORT] for sha256 in unwatched[:_NAMED])
        more = f" and {len(unwatched) - _NAMED} more" if len(unwatched) > _NAMED else ""
        yield (
            f"Whether what moves agrees as well could not be seen for {named}{more}: around the pictures "
            "that agree this file could not be decoded, or has too few others, so that another recording "
            "from the same viewpoint is not excluded."
        )
    if unseen:
        one = unseen == 1
        yield (
            f"{unseen} {'asset was' if one else 'assets were'} suggested by codes, but no picture of "
            f"{'it' if one else 'them'} could be laid over this one: only codes of whole "
            "pictures were compared."
        )
    if left:
        one = left == 1
        yield (
            f"{left} more {'asset was' if one else 'assets were'} suggested by codes and not compared: less "
            f"speaks for {'it' if one else 'them'} than for {_MISSED} that did not agree."
        )


_ORDER = (Relation.SAME_STREAM, Relation.COPY, Relation.SAME_SOUND, Relation.SAME_SCENE)


def _strength(copy: Copy) -> tuple[int, int, Fraction, Sha256]:
    sounding = duration(copy) if copy.relation is Relation.SAME_SOUND else Fraction(0)
    return _ORDER.index(copy.relation), -copy.pairs, -sounding, copy.asset.sha256


def _in_hand(asset: Asset, signed: Signed) -> InHand:
    scheme = SCHEMES[PDQ]
    mine = sorted((s for s in signed.signatures if s.scheme == PDQ), key=lambda s: s.time)
    rich = [s for s in mine if s.quality >= scheme.least_quality]
    groups = distinct_groups((s.code for s in rich), scheme.distinct)
    return InHand(
        asset=asset,
        groups={s.time: group for s, group in zip(rich, groups, strict=True)},
        spacing=sampling_spacing(s.time for s in mine),
        unmoving=len(rich) == len(mine) and len(set(groups)) == 1,
    )


def _register(
    mine: InHand,
    known: KnownAsset,
    signed: Signed,
    guesses: Sequence[Candidate],
    index: CopyIndex,
    compare: Compare,
) -> Registered:
    """Returns what registering pictures in hand with those of another asset came to."""
    done: dict[tuple[Fraction, Fraction], Confirmed | None] = {}

    def look_at(wanted: Sequence[tuple[Fraction, Fraction]]) -> bool:
        near = index.looks(guesses[0].asset, sorted({time for _, time in wanted}))
        # Codes without a thumbnail, as of another desk's assets, place a picture but cannot confirm it.
        looks = [look for look in near if look.thumbnail]
        if not looks:
            return False
        pairs: list[Comparison] = []
        for query, time in wanted:
            place = min(range(len(looks)), key=lambda i: (abs(looks[i].time - time), i))
            key = (query, looks[place].time)
            if key not in done:
                done[key] = None
                pairs.append(Comparison(query=query, look=place))
        for pair, made in zip(pairs, compare.register(looks, pairs) if pairs else (), strict=True):
            done[pair.query, looks[pair.look].time] = made
        return True

    best = _best_guesses(signed, guesses)
    if not best or not look_at(best[:_FIRST]):
        return Registered()
    offset: Fraction | None = None
    loose = False
    if _agreed(done):
        look_at(best[_FIRST : _FIRST + _MORE])
        if mine.moves and known.kind not in STILLS:
            look_at(_around(_agreed(done), _TRIED, _NEAR))
            if is_loose(_agreed(done)):
                look_at(_around(_agreed(done), _TRIED + 1, _FAR))
                offset, loose = steady_offset(_agreed(done)), True
        look_at(_along(mine, signed, _agreed(done), offset))
    return Registered(
        confirmed=tuple(_agreed(done)),
        compared=len(done),
        looked=True,
        loose=loose,
        offset=offset,
    )


def _agreed(done: Mapping[tuple[Fraction, Fraction], Confirmed | None]) -> list[Confirmed]:
    found = [one for one in done.values() if one is not None]
    return sorted(found, key=lambda one: (one.query, one.reference))


def _best_guesses(signed: Signed, guesses: Sequence[Candidate]) -> list[tuple[Fraction, Fraction]]:
    """Returns the pairs to compare, best first: of each picture in hand the best guess, then its second."""
    ranked: dict[int, int] = defaultdict(int)
    order = []
    for guess in guesses:
        order.append((ranked[guess.query], -guess.weight, guess.query, guess.time))
        ranked[guess.query] += 1
    return [(signed.looks[query].time, time) for _, _, query, time in sorted(order)]


def _around(
    confirmed: Sequence[Confirmed], pictures: int, seconds: int
) -> list[tuple[Fraction, Fraction]]:
    """Returns some confirmed pairs with others earlier and later: which of them fits best?"""
    best: dict[Fraction, Confirmed] = {}
    for one in confirmed:
        if one.query not in best or one.closeness > best[one.query].closeness:
            best[one.query] = one
    chosen = [best[time] for time in sorted(best)]
    step = max(1, -(-len(chosen) // pictures))
    return [
        (one.query, one.reference + shift)
        for one in chosen[::step]
        for shift in range(-seconds, seconds + 1, 2)
        if one.reference + shift >= 0
    ]


def _along(
    mine: InHand, signed: Signed, confirmed: Sequence[Confirmed], offset: Fraction | None
) -> list[tuple[Fraction, Fraction]]:
    """Returns the pairs that lie on the lines in time which the confirmed ones suggest."""
    if offset is not None:
        suggested = [(Fraction(1), offset)]
    else:
        copied = best_placed([one for one in confirmed if one.relation is Relation.COPY])
        pairs = [pair_of(mine, one) for one in copied or confirmed]
        suggested = [
            (line.speed, line.pairs[0].copy - line.speed * line.pairs[0].query)
            for line in lines(pairs, mine.spacing, 1)[:3]
        ]
    wanted = [
        (look.time, start + speed * look.time)
        for speed, start in suggested
        for look in signed.looks
        if start + speed * look.time >= -mine.spacing
    ]
    # Evenly, so that what is left out leaves no end of the passage open.
    step = max(1, -(-len(wanted) // _ALONG))
    return [*wanted[::step], *wanted[-1:]]


def _known(index: CopyIndex, sha256: Sha256) -> KnownAsset:
    known = index.known(sha256)
    if known is None:
        raise LedgerBroken(
            f"The copy index names the asset {sha256}, which the ledger does not know.",
            hint="Run `forensics ledger rebuild`, which makes the index again from the log.",
        )
    return known
