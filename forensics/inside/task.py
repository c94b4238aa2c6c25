"""What a worker is asked for: the tree of a file, read once and kept beside its working copy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from forensics.codec import plain, revive
from forensics.inside.read import read_file
from forensics.media.identify import identify_file
from forensics.model import Part

KEPT = "carried.json"


def tree(path: str) -> Any:
    """Worker task: reads a file and returns its tree as JSON values."""
    return plain(_read(Path(path)))


def carried(folder: Path) -> Part:
    """Returns the tree of the working copy in a scratch folder, read once for all who ask."""
    kept = folder / KEPT
    if kept.exists():
        return revive(json.loads(kept.read_text()), Part)
    found = _read(folder / "asset", folder)
    kept.write_text(json.dumps(plain(found)))
    return found


def carried_tree(folder: str) -> Any:
    """Worker task: returns `carried` as JSON values."""
    return plain(carried(Path(folder)))


def _read(path: Path, scratch: Path | None = None) -> Part:
    return read_file(path, identify_file(path), scratch)
