"""The arrays of one scheme that are searched, kept up with the log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from db.codes import Batch, Kind, read, total_of, width_of
from db.head import log_size
from forensics.index import frames, local
from forensics.index.columns import Columns

MOST = 1 << 24
"""Codes in one segment."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """Some codes of a scheme, sorted to be searched.

    Attributes:
        columns: The codes.
        groups: Whose they are, in the order of the codes (`db.codes.GROUP`).
        origins: Names of the desks; the first is "", this ledger.
    """

    columns: Columns
    groups: NDArray[np.void]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """All codes of one scheme.

    Attributes:
        kind: What they are codes of.
        scheme: Its name.
        width: Bytes in a code.
        stride: Bits of a column.
        size: Of the log up to which they were read.
        segments: The codes.
    """

    kind: Kind
    scheme: str
    width: int
    stride: int
    size: int
    segments: tuple[Segment, ...]


def refreshed(
    connection: Connection, held: Held | None, kind: Kind, scheme: str, width: int
) -> Held:
    """Returns the codes of a scheme as of now.

    Args:
        connection: The ledger, within one view of it.
        held: As of earlier; None: nothing was read yet.
        kind: Of the scheme.
        scheme: Which.
        width: Bytes in a code, where this ledger has none of its own to tell.

    Raises:
        LedgerBroken: The tables contradict themselves or the log.
    """
    size = log_size(connection)
    if held is not None and held.size == size and held.width == width:
        return held
    width = width_of(connection, kind, scheme) or width
    stride = stride_of(connection, kind, scheme, width)
    if held is None or (held.width, held.stride) != (width, stride) or held.size > size:
        held = Held(kind=kind, scheme=scheme, width=width, stride=stride, size=0, segments=())
    batches = read(connection, kind, scheme, width, held.size, MOST)
    segments = (*held.segments, *(sort(held, batch) for batch in batches))
    return Held(
        kind=kind,
        scheme=scheme,
        width=width,
        stride=stride,
        size=size,
        segments=segments,
    )


def stride_of(connection: Connection, kind: Kind, scheme: str, width: int) -> int:
    """Returns the width of the columns for a scheme, in bits."""
    if kind is Kind.PICTURES:
        return frames.BITS
    return local.stride_for(total_of(connection, kind, scheme, width))


def sort(held: Held, batch: Batch) -> Segment:
    """Makes a segment of codes."""
    if held.kind is Kind.PICTURES:
        columns = frames.sort(batch.words, held.width)
    else:
        columns = local.sort(batch.words, held.width, held.stride)
    return Segment(columns=columns, groups=batch.groups, origins=batch.origins)
