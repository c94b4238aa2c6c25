"""The reports that every renderer is tried on."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from forensics.model import Report
from forensics.report.text import render_text
from tests.report import made


@pytest.fixture
def drone() -> Report:
    return made.drone()


@pytest.fixture
def still() -> Report:
    return made.still()


@pytest.fixture(scope="session")
def as_text() -> Callable[..., str]:
    """Renders as a pipe would get it: no terminal, no colour."""

    def render(report: Report, width: int = 80, language: str = "en") -> str:
        out = io.StringIO()
        render_text(report, Console(file=out, width=width, color_system=None), language)
        return out.getvalue()

    return render
