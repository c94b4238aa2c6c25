"""Settings: which source wins, and what a wrong one says. Help, versions, completion, doctor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics import config
from tests.cli.conftest import Program, picture


def settings(text: str) -> dict[str, tuple[str, str]]:
    """Key → (value, source) as `config show` prints them."""
    rows = (line.split(" = ", 1) for line in text.splitlines()[1:])
    return {
        key: (value.rsplit("  (", 1)[0], value.rsplit("  (", 1)[1].split(";")[0])
        for key, value in rows
    }


def test_environment_wins_over_the_file_and_that_over_the_default(program: Program) -> None:
    (program.home / "config.toml").write_text('org = "desk.example"\nkeep = false\ndeadline = 60\n')
    shown = settings(program("config", "show", env={"FORENSICS_DEADLINE": "30"}).text)
    assert shown["org"] == ("desk.example", "file")
    assert shown["keep"] == ("false", "file")
    assert shown["deadline"] == ("30", "environment")
    assert shown["ledger"] == (str(program.ledger), "environment")
    bare = settings(program("config", "show", without=("FORENSICS_LEDGER",)).text)
    assert bare["ledger"][1] == "default"


@pytest.mark.slow
def test_a_flag_wins_over_all_and_settings_have_effect(program: Program) -> None:
    (program.home / "config.toml").write_text('org = "desk.example"\nkeep = false\n')
    file = picture(program.home / "one.png")
    done = program("check", file, "--json")
    assert json.loads(done.out)["ledger"]["origin"].startswith("desk.example/")
    assert not (program.home / "ledger.evidence").exists()
    assert program("check", file, "--keep", "--ledger", "other.sqlite").code == 0
    assert (program.home / "other.evidence").is_dir()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("org = ", "cannot be read"),
        ('colour = "red"\n', "unknown keys: colour"),
        ('keep = "perhaps"\n', "expected true or false"),
    ],
    ids=["not-toml", "unknown-key", "not-a-truth-value"],
)
def test_a_settings_file_with_a_mistake_ends_with_2(program: Program, text: str, says: str) -> None:
    (program.home / "config.toml").write_text(text)
    done = program("check", picture(program.home / "one.png"))
    assert done.code == 2
    assert says in done.err
    assert not program.ledger.exists()


def test_an_ffmpeg_that_is_none_is_named_by_doctor_and_fails_only_what_needs_it(
    program: Program,
) -> None:
    env = {"FORENSICS_FFMPEG": "/nowhere/ffmpeg"}
    told = json.loads(program("doctor", "--json", env=env).out)["capabilities"]
    (missing,) = [c for c in told if c["state"] == "missing"]
    assert missing["name"].startswith("ffmpeg")
    assert missing["repair"]


def test_doctor_says_what_works(program: Program) -> None:
    done = program("doctor", "--json")
    told = json.loads(done.out)
    assert told["schema"] == "forensics/doctor/1"
    assert done.code == (3 if any(c["state"] == "missing" for c in told["capabilities"]) else 0)
    names = {c["name"] for c in told["capabilities"]}
    assert {"forensics", "Python", "limited worker"} <= names
    assert any(name.startswith("SQLite") for name in names)


def test_the_version_is_one_line(program: Program) -> None:
    from forensics import __version__

    assert program("--version").text == f"forensics {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(program: Program, shell: str) -> None:
    done = program(env={"_FORENSICS_COMPLETE": f"source_{shell}"})
    assert done.code == 0
    assert "_FORENSICS_COMPLETE" in done.text


def test_completion_completes(program: Program) -> None:
    env = {
        "_FORENSICS_COMPLETE": "complete_bash",
        "COMP_WORDS": "forensics ledger v",
        "COMP_CWORD": "2",
    }
    assert program(env=env).text.split() == ["verify"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://desk:pw1@db.example:5432/case", "://desk@db.example:5432/case"),
        ("postgresql://desk:pw1@db.example/case?password=pw1", "://desk@db.example/case"),
        ("postgresql://db.example/case", "://db.example/case"),
        ("postgresql://desk:a?pw1@db.example/case", "://…"),
        ("postgresql://desk:1?pw1@db.example/case", "://…"),
        ("postgresql://desk:a@pw1@db.example/case", "://…"),
        ("postgresql:///case?password=a@pw1&x=y", "://…"),
        ("postgresql://desk:pw1", "://…"),
    ],
)
def test_a_password_is_not_shown(
    url: str, shown: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORENSICS_CONFIG", str(tmp_path / "none.toml"))
    told = config.shown(config.resolve("ledger", url))
    assert told.endswith(shown)
    assert "pw1" not in told
