"""`forensics verify`: judge a bundle or a proof with nothing but the file and a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from forensics.commands.options import JsonOption
from forensics.commands.streams import console, read
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_LEDGER, UsageError

if TYPE_CHECKING:
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
    json: JsonOption = False,
) -> None:
    """Verify what left a ledger, with nothing but the file and a policy."""
    from forensics.ledger.canonical import MAX_BODY
    from forensics.ledger.policy import MAX_POLICY, parse_policy, with_key
    from forensics.ledger.proof import HEADER, MAX_PROOF
    from forensics.ledger.proven import verify_proof
    from forensics.report import proofs

    known = None if policy is None else parse_policy(read(policy, MAX_POLICY))
    if _is_bundle(file):
        _verify_bundle(file, known, key, checkpoint or [], tsa_root, as_json=json)
    data = read(file, MAX_PROOF)
    if not data.startswith(HEADER.encode()):
        raise UsageError(
            f"{file} is neither a bundle nor a proof: expected a zip file, or one that begins with {HEADER}"
        )
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


def _verify_bundle(
    file: Path,
    policy: Policy | None,
    key: str | None,
    checkpoints: list[Path],
    tsa_root: Path | None,
    *,
    as_json: bool,
) -> NoReturn:
    from forensics.ledger.audit import audit
    from forensics.ledger.note import MAX_NOTE, NoteError
    from forensics.report import bundle as shown

    roots = None if tsa_root is None else read(tsa_root, MAX_NOTE)
    held = tuple(read(path, MAX_NOTE).decode("utf-8", "replace") for path in checkpoints)
    try:
        with file.open("rb") as opened:
            result = audit(opened, policy=policy, vkey=key, roots_pem=roots, held=held)
    except NoteError as error:
        raise UsageError(f"--key or --checkpoint cannot be used: {error}.") from error
    if as_json:
        typer.echo(shown.audit_json(result))
    else:
        shown.print_audit(result, console())
    broken = EXIT_LEDGER if result.problem else EXIT_ADVERSE
    raise typer.Exit(EXIT_DONE if result.accepted else broken)
