"""The living template of an analysis: copy this file, then change every line of it.

It asks the smallest question worth asking: is the picture upright or lying? It is not registered, so it
never runs in a check; the contract tests run on it as on all others. See docs/adding-an-analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from forensics.errors import NotFitting
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
)


class Example:
    """Says which way a picture lies. One class, one question."""

    # Kebab-case; the same text is the entry point's name in pyproject.toml.
    name: ClassVar[str] = "example"
    # Raise it whenever the same file can give another result than before.
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset({MediaKind.IMAGE, MediaKind.VIDEO})
    # What must be installed; where it is missing, the registry says "not run" and what it needs.
    needs: ClassVar[frozenset[Capability]] = frozenset()
    # The pillars that findings may bear on. A finding about another pillar is refused.
    examines: ClassVar[frozenset[Pillar]] = frozenset()
    # True: it helps the eye and can move no verdict.
    viewing_aid: ClassVar[bool] = False
    # Everything that is measured is declared first, with unit and meaning.
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="width", unit="px", meaning="Width of the first picture, upright."),
        Quantity(key="height", unit="px", meaning="Height of the first picture, upright."),
    )
    # What it cannot show. The registry puts these on each finding; every output prints them.
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(id="as-stored", text="A picture can be turned or cut without leaving a trace here."),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields at most one finding. Yielding nothing means "examined, nothing found"."""
        # Raise NotFitting when the asset turns out to be none of this analysis's business. Anything else
        # that goes wrong may simply be raised: it becomes a failed outcome, never "nothing found".
        if not len(context.samples):
            raise NotFitting("There is no picture to look at.")
        context.check_deadline()  # in long loops
        height, width, _ = context.samples.pixels(0).shape
        yield Finding(
            id="orientation",
            template="The first picture is {width} pixels wide and {height} high.",
            measurements=(
                Measurement(key="width", value=width, unit="px"),
                Measurement(key="height", value=height, unit="px"),
            ),
        )
