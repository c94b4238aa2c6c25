"""Every analysis has a page that names its findings; every code block of the guide is what runs."""

from __future__ import annotations

import ast
import inspect
import tomllib
from pathlib import Path

import pytest

from forensics import registry
from forensics.copies import outcome as earlier_copies
from forensics.model import Analysis

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "analyses"


def finding_ids(module: object) -> set[str]:
    """The ids of the findings that a module makes, read from its source."""
    tree = ast.parse(inspect.getsource(module))
    return {
        keyword.value.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding"
        for keyword in call.keywords
        if keyword.arg == "id" and isinstance(keyword.value, ast.Constant)
    }


@pytest.mark.parametrize("analysis", registry.analyses(), ids=lambda a: a.name)
def test_an_analysis_has_a_page_that_names_its_findings(analysis: Analysis) -> None:
    page = (PAGES / f"{analysis.name}.md").read_text("utf-8")
    assert page.startswith(f"# {analysis.name}\n")
    assert "cannot show" in page
    found = finding_ids(inspect.getmodule(type(analysis)))
    missing = sorted(name for name in found if f"`{name}`" not in page)
    assert not missing


def test_the_page_of_the_search_for_copies_names_its_findings() -> None:
    page = (PAGES / "earlier-copies.md").read_text("utf-8")
    found = finding_ids(earlier_copies)
    assert found
    assert not [name for name in found if f"`{name}`" not in page]


def test_the_guide_shows_the_form_of_a_registration_that_the_project_uses() -> None:
    guide = (ROOT / "docs" / "adding-an-analysis.md").read_text("utf-8")
    block = guide.split("```toml\n")[1].split("```")[0]
    shown = tomllib.loads(block)["project"]["entry-points"][registry.GROUP]
    used = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    registered = used["project"]["entry-points"][registry.GROUP]
    assert shown == {"example": "forensics.analyses.example:Example"}
    assert "example" not in registered
    assert set(registered) == {a.name for a in registry.analyses()}
