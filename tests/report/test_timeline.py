from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model import CopySpan, Span
from forensics.report.timeline import WIDTH, timeline
from tests.report import made

COPY = made.drone().copies[0]
SECONDS = st.fractions(min_value=0, max_value=100_000, max_denominator=100_000)


def test_both_lanes_share_one_axis():
    drawn = timeline(COPY, Fraction(16))
    assert drawn is not None
    assert (drawn.query, drawn.copy) == (500, 1000)
    assert (drawn.here, drawn.there) == (16, 32)
    assert drawn.bands[0].query == (0, 187)
    assert drawn.bands[0].copy == (256, 187)


def test_no_spans_no_drawing():
    assert timeline(replace(COPY, spans=()), None) is None


@settings(max_examples=40)
@given(st.lists(st.tuples(SECONDS, SECONDS, SECONDS, SECONDS), max_size=5), st.none() | SECONDS)
def test_everything_stays_inside(spans, duration):
    copy = replace(
        COPY,
        spans=tuple(
            CopySpan(
                query=Span(start=min(a, b), end=max(a, b)),
                copy=Span(start=min(c, d), end=max(c, d)),
            )
            for a, b, c, d in spans
        ),
    )
    drawn = timeline(copy, duration)
    if drawn is None:
        return
    assert max(drawn.query, drawn.copy) == WIDTH
    for band in drawn.bands:
        for left, width in (band.query, band.copy):
            assert left >= 0
            assert width > 0
            assert left + width <= WIDTH
