"""What an analysis says where a file was read only in part: silence then says nothing of the file."""

from __future__ import annotations

from typing import Final

from forensics.model import Diagnostic, Finding, Measurement, Part, Quantity

LIMIT: Final = Quantity(
    key="limit", unit="text", meaning="Why what the file carries was read only in part."
)


def read_in_part(tree: Part) -> Finding | None:
    """Returns the finding that takes the place of "nothing is stated"; None where all was read."""
    if tree.trouble is None:
        return None
    return Finding(
        id="read-in-part",
        template="What the file carries was read only in part, so more may be stated in it: {limit}",
        measurements=(Measurement(key="limit", value=tree.trouble, unit="text"),),
        diagnostic=Diagnostic.NO,
    )
