"""Runs an analysis on a sound or a video with sound, as a check does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forensics.context import ScratchContext
from forensics.media.identify import identify_file
from forensics.media.prepare import prepare
from forensics.media.prepared import load
from forensics.model import Asset, Finding, MediaKind, Sha256
from forensics.running import held_to_contract


def examine(analysis: Any, folder: Path, seconds: float = 60.0) -> dict[str, Finding]:
    """Examines `folder/asset`; by id, and each finding must read as a sentence."""
    known = identify_file(folder / "asset")
    kind = known.kind or MediaKind.AUDIO
    prepare(str(folder), kind.value, known.mime, known.demuxer, 10**8, 60.0)
    ready = load(folder)
    asset = Asset(
        sha256=Sha256("0" * 64),
        size=1,
        kind=ready.kind,
        mime=known.mime,
        name="file",
        probe=ready.probe,
    )
    context = ScratchContext(asset, folder, name=analysis.name, seconds=seconds)
    findings = list(held_to_contract(analysis, analysis.run(asset, context)))
    assert all(finding.statement.endswith(".") for finding in findings)
    return {finding.id: finding for finding in findings}
