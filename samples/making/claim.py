"""The claim, as a file: who said what happened, when and where."""

from __future__ import annotations

from pathlib import Path

CLAIM = """\
# A re-creation for this repository: the claim that the sample media are offered as evidence for.

[claim]
statement = "On the night of 29 December 2025, 91 drones attacked a residence near Valdai."
by = "Ministry of Defence (as released)"
first_said_at = 2025-12-29T18:00:00Z
released_at = 2025-12-31T09:00:00Z

[claim.event]
from = 2025-12-28T18:00:00Z
to = 2025-12-29T06:00:00Z

[claim.place]
name = "Valdai, Novgorod Oblast"
lat = "57.98"
lon = "33.25"
radius_km = "60"
"""


def make(path: Path) -> None:
    """Write the claim."""
    path.write_bytes(CLAIM.encode("utf-8"))
