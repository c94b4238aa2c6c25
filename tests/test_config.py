"""A flag wins over the environment, that over the file, that over the default."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics import config
from forensics.config import Setting
from forensics.errors import UsageError


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for key in config.defaults():
        monkeypatch.delenv(f"FORENSICS_{key.upper()}", raising=False)
    path = tmp_path / "config.toml"
    monkeypatch.setenv("FORENSICS_CONFIG", str(path))
    return path


@pytest.mark.parametrize(("flag", "environment", "written"), list(product([False, True], repeat=3)))
def test_the_nearest_source_wins(
    file: Path, monkeypatch: pytest.MonkeyPatch, flag: bool, environment: bool, written: bool
) -> None:
    if environment:
        monkeypatch.setenv("FORENSICS_ORG", "from-environment")
    if written:
        file.write_text('org = "from-file"\n')
    found = config.resolve("org", "from-flag" if flag else None)
    source = "flag" if flag else "environment" if environment else "file" if written else "default"
    value = "unnamed-desk" if source == "default" else f"from-{source}"
    assert found == Setting(key="org", variable="FORENSICS_ORG", value=value, source=source)


def test_every_setting_has_a_default_that_holds() -> None:
    for key, value in config.defaults().items():
        assert config.resolve(key).value == value
    assert config.truth(config.resolve("keep")) is True
    assert config.deadline() == 900


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORENSICS_ORG", "")
    assert config.resolve("org").source == "default"


def test_false_as_a_flag_is_a_flag(file: Path) -> None:
    file.write_text("keep = true\n")
    found = config.resolve("keep", False)
    assert (found.source, config.truth(found)) == ("flag", False)


def test_values_of_the_file_may_be_text_numbers_or_truths(file: Path) -> None:
    file.write_text("keep = false\ndeadline = 12.5\norg = 'Бюро'\n")
    assert config.truth(config.resolve("keep")) is False
    assert config.deadline() == 12.5
    assert config.deadline(60) == 60
    assert config.resolve("org").value == "Бюро"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("keep = ", "cannot be read"),
        ("\x00", "cannot be read"),
        ("ledgre = 'x'", "unknown keys: ledgre"),
        ("[keep]\nx = 1", "gives keep as a table"),
        ("org = ['a', 'b']", "gives org as a table, list or date"),
        ("org = 2025-01-01", "gives org as"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_keys(file: Path, text: str, why: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match=re.escape(why)) as caught:
        config.resolve("org")
    assert str(file) in str(caught.value)
    assert caught.value.hint


def test_a_file_that_is_no_text_is_told(file: Path) -> None:
    file.write_bytes(b"org = '\xff'")
    with pytest.raises(UsageError, match="cannot be read"):
        config.resolve("org")


def test_a_folder_in_place_of_the_file_is_told(file: Path) -> None:
    file.mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        config.resolve("org")


def test_the_file_is_looked_for_in_the_platforms_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORENSICS_CONFIG")
    assert config.file() == Path(platformdirs.user_config_dir("forensics")) / "config.toml"


def setting(value: str) -> Setting:
    return Setting(key="x", variable="FORENSICS_X", value=value, source="flag")


@pytest.mark.parametrize("value", ["True", "TRUE", "true"])
def test_truth_is_read_in_any_case(value: str) -> None:
    assert config.truth(setting(value))
    assert not config.truth(
        setting(
            value.replace("rue", "alse").replace("RUE", "ALSE").replace("T", "F").replace("t", "f")
        )
    )


@pytest.mark.parametrize("value", ["", "yes", "1", "\x1b[2J"])
def test_what_is_neither_true_nor_false_is_told(value: str) -> None:
    with pytest.raises(UsageError, match="expected true or false"):
        config.truth(setting(value))


@given(st.text(max_size=8) | st.floats().map(str))
def test_seconds_are_within_bounds_or_told(value: str) -> None:
    try:
        assert 1 <= config.seconds(setting(value)) <= 86400
    except UsageError as error:
        assert "1 to 86400" in str(error)


def test_new_origins_differ_and_carry_the_name_of_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORENSICS_ORG", "desk")
    found = {config.new_origin() for _ in range(20)}
    assert len(found) == 20
    assert all(re.fullmatch(r"desk/[0-9a-f]{16}", origin) for origin in found)
