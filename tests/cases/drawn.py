"""What hypothesis draws to be recorded: outcomes, copies, claims, verdicts and assets."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forensics.model import (
    Asset,
    Caveat,
    Claim,
    ClaimVerdict,
    Copy,
    CopySpan,
    Count,
    Diagnostic,
    Direction,
    Exhibit,
    Failed,
    Finding,
    Integrity,
    IntegrityPhrase,
    Measurement,
    MediaKind,
    NotApplicable,
    NotRun,
    OfferedAsset,
    Outcome,
    Pillar,
    PillarVerdict,
    Place,
    Probe,
    Question,
    Ran,
    Reason,
    Relation,
    Searched,
    Span,
    Status,
    Stream,
    StreamType,
    Strength,
    Support,
    Verdict,
    Verifiability,
    Where,
    questions,
)
from forensics.record import EXACT
from tests.cases.made import AT, digest, known

QUESTIONS = [q for q in vars(questions).values() if isinstance(q, Question)]
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
slugs = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True)
ratios = st.fractions(min_value=-1000, max_value=100_000, max_denominator=90_000)
whole = st.integers(0, 2**40)
digests = st.sampled_from([digest(n) for n in range(10)])


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


wheres = st.builds(
    Where,
    start=optional(ratios),
    end=optional(ratios),
    region=optional(st.tuples(whole, whole, whole, whole)),
    offset=optional(whole),
    field=optional(words),
)
measurements = st.one_of(
    st.builds(
        Measurement,
        key=slugs,
        value=st.integers(-EXACT, EXACT) | words,
        unit=slugs,
        where=optional(wheres),
    ),
    st.builds(Measurement, key=slugs, value=words, unit=slugs, personal=st.just(True)),
)
findings = st.builds(
    Finding,
    id=slugs,
    template=words,
    measurements=st.lists(measurements, max_size=3).map(tuple),
    question=optional(st.sampled_from(QUESTIONS)),
    direction=st.sampled_from(Direction),
    diagnostic=st.sampled_from(Diagnostic),
    strength=optional(st.builds(Strength, word=words, scale=slugs, calibration=slugs)),
    exhibits=st.lists(
        st.builds(
            Exhibit,
            id=slugs,
            caption=words,
            mime=st.just("image/png"),
            path=st.just(""),
            sha256=digests,
            width=whole,
            height=whole,
        ),
        max_size=2,
    ).map(tuple),
    caveats=st.lists(st.builds(Caveat, id=slugs, text=words), max_size=2).map(tuple),
)
outcomes = st.builds(
    Outcome,
    analysis=slugs,
    version=st.integers(1, 99),
    examines=st.lists(st.sampled_from(Pillar), max_size=3).map(tuple),
    result=st.one_of(
        st.builds(Ran, findings=st.lists(findings, max_size=3).map(tuple)),
        st.builds(NotApplicable, why=words),
        st.builds(NotRun, needs=words),
        st.builds(Failed, error=words),
    ),
    viewing_aid=st.booleans(),
    parameters=st.dictionaries(slugs, words, max_size=3),
)
spans = st.builds(Span, start=ratios, end=ratios)
copies = st.builds(
    Copy,
    relation=st.sampled_from(Relation),
    asset=digests.map(known),
    spans=st.lists(st.builds(CopySpan, query=spans, copy=spans), max_size=3).map(tuple),
    transform=words,
    distance=optional(whole),
    pairs=whole,
    scheme=slugs,
    tiles=whole,
    agree=whole,
)
searches = st.builds(
    Searched,
    signatures=whole,
    assets=whole,
    schemes=st.lists(slugs, max_size=2).map(tuple),
    radius=st.lists(st.integers(0, 64), max_size=2).map(tuple),
    queries=whole,
    skipped=whole,
    notes=st.lists(words, max_size=2).map(tuple),
)
claims = st.builds(
    Claim,
    statement=words,
    by=words,
    first_said_at=optional(st.just(AT)),
    event_from=optional(st.just(AT)),
    place=optional(
        st.builds(
            Place,
            name=words,
            lat=optional(st.just("57.98")),
            area=st.lists(st.tuples(st.just("1"), st.just("2.5")), max_size=3).map(tuple),
        )
    ),
    said_where=optional(words),
    event_zone=optional(words),
    counts=st.lists(st.builds(Count, what=words, number=whole), max_size=2).map(tuple),
)
reasons = st.lists(
    st.builds(Reason, text=words, rule=slugs, findings=st.lists(slugs, max_size=2).map(tuple)),
    max_size=2,
).map(tuple)
pillars = st.lists(
    st.builds(
        PillarVerdict,
        pillar=st.sampled_from(Pillar),
        status=st.sampled_from(Status),
        reasons=reasons,
    ),
    max_size=5,
).map(tuple)
sentences = st.lists(words, max_size=3).map(tuple)
verdicts = st.builds(
    Verdict,
    ruleset=slugs,
    verifiability=st.sampled_from(Verifiability),
    about=st.sampled_from(["claim", "file"]),
    because=words,
    pillars=pillars,
    integrity=st.builds(Integrity, phrase=st.sampled_from(IntegrityPhrase), reasons=reasons),
    claim=optional(claims),
    could_not_be_confirmed=sentences,
    would_settle_it=sentences,
)
claim_verdicts = st.builds(
    ClaimVerdict,
    ruleset=slugs,
    claim=st.integers(1, 9),
    verifiability=st.sampled_from(Verifiability),
    because=words,
    pillars=pillars,
    assets=st.lists(
        st.builds(
            OfferedAsset,
            asset=digests,
            verdict=optional(whole),
            support=st.sampled_from(Support),
            reason=words,
            because=reasons,
        ),
        max_size=2,
    ).map(tuple),
    could_not_be_confirmed=sentences,
    would_settle_it=sentences,
)
streams = st.builds(
    Stream,
    index=st.integers(0, 9),
    type=st.sampled_from(StreamType),
    codec=words,
    digest=optional(digests),
    digest_scheme=optional(slugs),
    width=optional(whole),
    rotation=st.sampled_from([0, 90, 180, 270]),
    time_base=optional(ratios),
    frame_rate=optional(ratios),
    duration=optional(ratios),
    packets=optional(whole),
    profile=optional(words),
)
assets = st.builds(
    Asset,
    sha256=digests,
    size=whole,
    kind=st.sampled_from(MediaKind),
    mime=words,
    name=words,
    probe=optional(
        st.builds(
            Probe,
            container=words,
            streams=st.lists(streams, max_size=3).map(tuple),
            duration=optional(ratios),
        )
    ),
    blake2b=st.sampled_from(["", "ab" * 64]),
)
