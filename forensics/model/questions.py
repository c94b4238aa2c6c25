"""The questions that findings bear on: each a pair of propositions, of which at most one holds.

They stand here because analyses do not import each other and the ruleset refers to them by id.
"""

from __future__ import annotations

from forensics.model.finding import Pillar, Question

FIRST_RECORDING = Question(
    id="first-recording",
    pillar=Pillar.INTEGRITY,
    h1="the file was written by something other than the device that recorded it",
    h2="the file is as its recording device wrote it",
)
