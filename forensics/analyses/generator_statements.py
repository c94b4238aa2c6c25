"""Does the file itself say that a generative system made it, or part of it?

Reads what the file carries: XMP, content credentials, text fields of generating programs. It looks at no
picture; a file that says nothing may have been made in any way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from forensics.inside.generators import Extent, Statement, generator_statements
from forensics.inside.partly import LIMIT, read_in_part
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.questions import MADE_BY_GENERATOR


class GeneratorStatements:
    """See the module's docstring."""

    name: ClassVar[str] = "generator-statements"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(MediaKind)
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.SOURCE, Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(key="statement", unit="text", meaning="What the file states, cut."),
        Quantity(key="words", unit="text", meaning="What the file states, cut.", personal=True),
        Quantity(key="statements", unit="count", meaning="Fields that state it."),
        LIMIT,
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(
            id="own-word",
            text="It is the file's own word: anyone can write such a statement, and anyone can remove it.",
        ),
        Caveat(
            id="silence-says-nothing",
            text="Most generated files say nothing of it, and platforms remove what they say.",
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the contract
        """Yields what is stated of the whole, of a part, and of earlier files; nothing where none is."""
        found = generator_statements(context.carried)
        context.check_deadline()
        own = [s for s in found if not s.of_ingredient]
        whole = [s for s in own if s.extent is not Extent.PART]
        part = [s for s in own if s.extent is Extent.PART]
        earlier = [s for s in found if s.of_ingredient]
        if whole:
            yield Finding(
                id="generated",
                template="The file says that a generative system made it. Fields that say so: {statements}.",
                measurements=_measured(whole),
                question=MADE_BY_GENERATOR,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.YES,
            )
        if part:
            yield Finding(
                id="generated-in-part",
                template="The file says that a generative system made part of it."
                " Fields that say so: {statements}.",
                measurements=_measured(part),
                question=MADE_BY_GENERATOR,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.YES,
            )
        if earlier:
            yield Finding(
                id="generated-ingredient",
                template="The file says that a generative system made something that went into it."
                " Fields that say so: {statements}.",
                measurements=_measured(earlier),
                question=MADE_BY_GENERATOR,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.YES,
            )
        partly = read_in_part(context.carried)
        if partly:
            yield partly
        elif not found:
            yield Finding(
                id="nothing-stated",
                template="The file does not say that a generative system made it.",
                diagnostic=Diagnostic.NO,
            )


def _measured(statements: list[Statement]) -> tuple[Measurement, ...]:
    return (
        Measurement(key="statements", value=len(statements), unit="count"),
        *(
            Measurement(
                key="words" if s.personal else "statement",
                value=s.value,
                unit="text",
                where=Where(field=s.field),
            )
            for s in statements
        ),
    )
