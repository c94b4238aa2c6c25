"""Inside the worker: runs one analysis and holds what it yields to the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from forensics.codec import plain, revive
from forensics.context import ScratchContext
from forensics.errors import RegistryError
from forensics.model import Analysis, Asset, Finding
from forensics.registry import analyses


def run_task(name: str, asset: Any, folder: str, seconds: float) -> Any:
    """Worker task: runs one analysis and returns its findings as JSON values."""
    analysis = next(a for a in analyses() if a.name == name)
    subject = revive(asset, Asset)
    context = ScratchContext(subject, Path(folder), name=name, seconds=seconds)
    return plain(tuple(held_to_contract(analysis, analysis.run(subject, context))))


def held_to_contract(analysis: Analysis, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yields findings with the analysis's caveats and the marks of declared quantities.

    Raises:
        RegistryError: A finding measures what was not declared, or speaks to a pillar that the analysis
            does not examine.
    """
    declared = {q.key: q for q in analysis.quantities}
    for finding in findings:
        for m in finding.measurements:
            if m.key not in declared or m.unit != declared[m.key].unit:
                raise RegistryError(
                    f"{analysis.name} reports {m.key!r} in {m.unit!r}, which it does not declare."
                )
        if finding.question and finding.question.pillar not in analysis.examines:
            raise RegistryError(
                f"{analysis.name} speaks to {finding.question.pillar}, which it does not examine."
            )
        yield replace(
            finding,
            measurements=tuple(
                replace(m, personal=m.personal or declared[m.key].personal)
                for m in finding.measurements
            ),
            caveats=(*analysis.caveats, *finding.caveats),
        )
