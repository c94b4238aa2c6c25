"""Finds analyses through entry points, holds them to the contract, and turns what happens into outcomes.

An analysis only yields findings or raises. Here exceptions, missing capabilities, deadlines and broken
promises become `Failed`, `NotRun` or `NotApplicable`: four outcomes that are never collapsed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

from forensics.codec import plain, revive
from forensics.errors import ForensicsError, MissingCapability, NotFitting, RegistryError
from forensics.media.worker import Worker
from forensics.model import (
    Analysis,
    Asset,
    Capability,
    Failed,
    Finding,
    MediaKind,
    NotApplicable,
    NotRun,
    Outcome,
    Ran,
    Result,
)

GROUP = "forensics.analyses"
SECONDS = 120.0
"""Wall-clock time for one analysis on one asset."""

_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@functools.cache
def analyses() -> tuple[Analysis, ...]:
    """Returns every registered analysis, by name.

    Raises:
        RegistryError: One of them breaks the contract, or two share a name.
    """
    found: dict[str, Analysis] = {}
    for point in entry_points(group=GROUP):
        analysis: Analysis = point.load()()
        check_contract(analysis)
        if analysis.name != point.name or analysis.name in found:
            raise RegistryError(
                f"The entry point {point.name!r} names an analysis called {analysis.name!r}.",
                hint="Give the entry point the analysis's own name, once.",
            )
        found[analysis.name] = analysis
    return tuple(found[name] for name in sorted(found))


def check_contract(analysis: Analysis) -> None:
    """Checks what an analysis declares.

    Raises:
        RegistryError: Says which part of the contract is broken.
    """
    missing = [
        name
        for name in (
            [
                "name",
                "version",
                "applies_to",
                "needs",
                "examines",
                "quantities",
                "caveats",
                "viewing_aid",
                "run",
            ]
        )
        if not hasattr(analysis, name)
    ]
    keys = [q.key for q in getattr(analysis, "quantities", ())]
    problems = {
        f"it lacks {', '.join(missing)}": bool(missing),
        "its name is not kebab-case": not missing and not _KEBAB.fullmatch(analysis.name),
        "its version is not a whole number from 1": not missing and analysis.version < 1,
        "it applies to nothing": not missing and not analysis.applies_to,
        "it states no caveat": not missing and not analysis.caveats,
        "two of its quantities share a key": len(set(keys)) != len(keys),
        "a viewing aid may examine no pillar": not missing
        and analysis.viewing_aid
        and bool(analysis.examines),
    }
    for problem, holds in problems.items():
        if holds:
            raise RegistryError(
                f"The analysis {type(analysis).__name__} breaks its contract: {problem}."
            )


def examine(
    analysis: Analysis,
    asset: Asset,
    folder: Path,
    worker: Worker,
    available: Mapping[Capability, str | None],
    *,
    seconds: float = SECONDS,
) -> Outcome:
    """Runs one analysis in the worker and says what became of it.

    Args:
        analysis: A registered analysis.
        asset: What to examine.
        folder: The scratch folder that `forensics.media.prepare` filled.
        worker: Where to run it.
        available: Version of each capability; None where it is missing.
        seconds: Wall-clock limit.
    """
    return Outcome(
        analysis=analysis.name,
        version=analysis.version,
        examines=tuple(sorted(analysis.examines)),
        viewing_aid=analysis.viewing_aid,
        result=_result(analysis, asset, folder, worker, available, seconds),
    )


def _result(
    analysis: Analysis,
    asset: Asset,
    folder: Path,
    worker: Worker,
    available: Mapping[Capability, str | None],
    seconds: float,
) -> Result:
    if asset.kind not in analysis.applies_to:
        kinds = ", ".join(sorted(analysis.applies_to))
        return NotApplicable(why=f"It examines {kinds}; this is {_with_article(asset.kind)}.")
    missing = sorted(c for c in analysis.needs if available.get(c) is None)
    if missing:
        return NotRun(needs=f"{', '.join(missing)}, not found here; see `forensics doctor`.")
    try:
        answer = worker.call(
            "forensics.running:run_task",
            deadline=seconds,
            name=analysis.name,
            asset=plain(asset),
            folder=str(folder),
            seconds=seconds,
        )
        return Ran(findings=revive(answer, tuple[Finding, ...]))
    except NotFitting as fit:
        return NotApplicable(why=str(fit))
    except MissingCapability as error:  # of something that only some files need
        return NotRun(needs=str(error))
    except ForensicsError as error:
        return Failed(error=str(error))


def _with_article(kind: MediaKind) -> str:
    words = {
        MediaKind.AUDIO: "sound",
        MediaKind.IMAGE: "an image",
        MediaKind.GEODATA: "places as data",
    }
    return words.get(kind, f"a {kind}")
