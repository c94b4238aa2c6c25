"""Worker task: which files of a folder does this process hold in its memory?"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def files(below: str) -> Any:
    """Returns the paths of mapped files below a folder, deleted ones included."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return sorted({line.split(maxsplit=5)[5] for line in lines if f" {below}/" in line})
