"""Settings: a flag wins over the environment, that over the configuration file, that over the default.

The file is TOML in the platform's configuration folder, with keys named like the flags.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from forensics.errors import UsageError
from forensics.language import LANGUAGES

APP = "forensics"
_SCALARS = (str, int, float, bool)
_URL = re.compile(
    r"[^:/?@]+://((?P<user>[^:/?@]*)(:[^/?@]*)?(?P<at>@))?(?P<host>[^:/?@]*(:\d+)?/[^:/?@]*)(\?[^@]*)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting, and which source won.

    Attributes:
        key: As in the file.
        variable: Of the environment.
        value: What holds.
        source: "flag", "environment", "file" or "default".
    """

    key: str
    variable: str
    value: str
    source: str


def file() -> Path:
    """Returns where the configuration file is looked for."""
    chosen = os.environ.get("FORENSICS_CONFIG")
    return Path(chosen) if chosen else Path(platformdirs.user_config_dir(APP)) / "config.toml"


def defaults() -> dict[str, str]:
    """Returns the default of each setting, as text."""
    ledger = Path(platformdirs.user_data_dir(APP)) / "ledger.sqlite"
    return {
        "ledger": str(ledger),
        "org": "unnamed-desk",
        "keep": "true",
        "deadline": "900",
        "trust_list": "",
        "lang": "en",
    }


def resolve(key: str, flag: object | None = None) -> Setting:
    """Returns a setting and says which source won.

    Raises:
        UsageError: The configuration file cannot be read.
    """
    variable = f"FORENSICS_{key.upper()}"
    sources = (
        ("flag", None if flag is None else _text(flag)),
        ("environment", os.environ.get(variable) or None),
        ("file", _from_file().get(key)),
        ("default", defaults()[key]),
    )
    source, value = next((s, v) for s, v in sources if v is not None)
    return Setting(key=key, variable=variable, value=value, source=source)


def new_origin() -> str:
    """Returns a name for a new ledger: "<org>/<ledger id>", drawn at random.

    Raises:
        UsageError: The configuration file cannot be read.
    """
    return f"{resolve('org').value}/{secrets.token_hex(8)}"


def server_folder() -> Path:
    """Returns where keys and evidence of ledgers on servers lie, a folder for each ledger."""
    return Path(platformdirs.user_data_dir(APP)) / "servers"


def shown(setting: Setting) -> str:
    """Returns a setting's value as it may be printed: a URL without its password and options."""
    scheme, found, _ = setting.value.partition("://")
    if not found:
        return setting.value
    plain = _URL.fullmatch(setting.value)
    if plain is None:  # it is in doubt what the password is
        return f"{scheme}://…"
    return f"{scheme}://{plain['user'] or ''}{plain['at'] or ''}{plain['host']}"


def language(flag: str | None = None) -> str:
    """Returns the language in which reports are written.

    Args:
        flag: What was asked for on the command line, if anything.

    Raises:
        UsageError: There is none such, or the configuration file cannot be read.
    """
    setting = resolve("lang", flag)
    if setting.value not in LANGUAGES:
        raise UsageError(
            f"lang is {setting.value!r} (from the {setting.source}): no reports come in that language.",
            hint=f"Choose one of {', '.join(LANGUAGES)}.",
        )
    return setting.value


def truth(setting: Setting) -> bool:
    """Returns a setting that is either true or false.

    Raises:
        UsageError: It is neither.
    """
    if setting.value.lower() not in {"true", "false"}:
        raise UsageError(
            f"{setting.key} is {setting.value!r} (from the {setting.source}): expected true or false."
        )
    return setting.value.lower() == "true"


def seconds(setting: Setting) -> float:
    """Returns a setting that is a number of seconds, at least 1.

    Raises:
        UsageError: It is none.
    """
    try:
        value = float(setting.value)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 86400:
        raise UsageError(
            f"{setting.key} is {setting.value!r} (from the {setting.source}): expected 1 to 86400 seconds."
        )
    return value


def deadline(flag: float | None = None) -> float:
    """Returns how many seconds the reading of one file may take.

    Args:
        flag: What was asked for on the command line, if anything.

    Raises:
        UsageError: It is no such number, or the configuration file cannot be read.
    """
    return seconds(resolve("deadline", flag))


def _from_file() -> Mapping[str, str]:
    path = file()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The configuration file {path} cannot be read: {error}.",
            hint=f"Mend it or move it away; its keys are {', '.join(defaults())}.",
        ) from error
    unknown = sorted(set(data) - set(defaults()))
    if unknown:
        raise UsageError(
            f"The configuration file {path} has unknown keys: {', '.join(unknown)}.",
            hint=f"Its keys are {', '.join(defaults())}.",
        )
    wrong = sorted(key for key, value in data.items() if not isinstance(value, _SCALARS))
    if wrong:
        raise UsageError(
            f"The configuration file {path} gives {', '.join(wrong)} as a table, list or date.",
            hint="Each key takes one text, number, true or false.",
        )
    return {key: _text(value) for key, value in data.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
