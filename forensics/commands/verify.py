"""`forensics verify`: judge a bundle or a proof with nothing but the file and a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from forensics.commands import given
from forensics.commands.options import DeciderOption, JsonOption
from forensics.commands.streams import console, read
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_LEDGER, UsageError

if TYPE_CHECKING:
    from forensics.ledger.note import Verifier
    from forensics.ledger.policy import Policy


def verify(
    file: Annotated[Path, typer.Argument(help="A bundle or a proof file.")],
    policy: Annotated[
        Path | None, typer.Option(help="A file that names the logs and witnesses you know.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The log's key, as its owner told it to you.")
    ] = None,
    entry: Annotated[
        Path | None, typer.Option(help="The entry's exact bytes, where the proof lacks them.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="Of a bundle: a checkpoint that you held before; may be repeated."),
    ] = None,
    tsa_root: Annotated[
        Path | None,
        typer.Option(help="Of a bundle: root certificates of time-stamping authorities (PEM)."),
    ] = None,
    decider: DeciderOption = None,
    json: JsonOption = False,
) -> None:
    """Verify what left a ledger, with nothing but the file and a policy."""
    from forensics.ledger.canonical import MAX_BODY
    from forensics.ledger.policy import MAX_POLICY, parse_policy, with_key
    from forensics.ledger.proof import HEADER, MAX_PROOF
    from forensics.ledger.proven import verify_proof
    from forensics.report import proofs

    known = None if policy is None else parse_policy(read(policy, MAX_POLICY))
    given.key(key)
    if _is_bundle(file):
        _refuse("a bundle, which has its entries in it", {"--entry": entry})
        told = _Told(
            policy=known,
            key=key,
            held=tuple(given.checkpoints(checkpoint)),
            roots=given.roots(tsa_root),
            deciders=given.deciders(decider),
        )
        _verify_bundle(file, told, as_json=json)
    data = read(file, MAX_PROOF)
    if not data.startswith(HEADER.encode()):
        raise UsageError(
            f"{file} is neither a bundle nor a proof: expected a zip file, or one that begins with {HEADER}"
        )
    only = {"--checkpoint": checkpoint, "--tsa-root": tsa_root, "--decider": decider}
    _refuse("a proof of one entry, which says nothing of it", only)
    if key is not None:
        known = with_key(known, key)
    proven = verify_proof(data, policy=known, body=None if entry is None else read(entry, MAX_BODY))
    if json:
        typer.echo(proofs.proven_json(proven))
    else:
        proofs.print_proven(proven, console())
    broken = EXIT_LEDGER if proven.problem else EXIT_ADVERSE
    raise typer.Exit(EXIT_DONE if proven.accepted else broken)


def _is_bundle(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(2) == b"PK"
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from error


def _refuse(what: str, options: Mapping[str, object]) -> None:
    """Refuses options that would be passed over in silence."""
    for name, value in options.items():
        if value:
            raise UsageError(f"{name} was given, and the file is {what}: leave the option out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the verifier knows by other means."""

    policy: Policy | None
    key: str | None
    held: tuple[str, ...]
    roots: bytes | None
    deciders: tuple[Verifier, ...]


def _verify_bundle(file: Path, told: _Told, *, as_json: bool) -> NoReturn:
    from forensics.ledger.audit import audit
    from forensics.report import bundle as shown

    with file.open("rb") as opened:
        result = audit(
            opened,
            policy=told.policy,
            vkey=told.key,
            roots_pem=told.roots,
            held=told.held,
            deciders=told.deciders,
        )
    if as_json:
        typer.echo(shown.audit_json(result))
    else:
        shown.print_audit(result, console())
    broken = EXIT_LEDGER if result.problem else EXIT_ADVERSE
    raise typer.Exit(EXIT_DONE if result.accepted else broken)
