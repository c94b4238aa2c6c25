"""`forensics config`: the settings and where each comes from."""

from __future__ import annotations

import typer


def show() -> None:
    """Show each setting and which source won."""
    from forensics import config

    typer.echo(f"file: {config.file()}")
    for key in config.defaults():
        setting = config.resolve(key)
        typer.echo(f"{key} = {config.shown(setting)}  ({setting.source}; {setting.variable})")
