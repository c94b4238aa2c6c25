"""The command line: parses, wires, prints. No forensic logic lives here.

stdout carries the result, stderr progress and errors. Exit codes are in `forensics.errors`.
"""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from forensics import __version__
from forensics.errors import (
    EXIT_ADVERSE,
    EXIT_BUG,
    EXIT_DONE,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_LEDGER,
    EXIT_PIPE,
    ForensicsError,
    UsageError,
)

if TYPE_CHECKING:  # the heavy parts are imported by the commands that need them
    from rich.console import Console

    from db.ledger import SqlLedger
    from db.place import Place
    from forensics.ledger.policy import Policy
    from forensics.ledger.witness import Answer
    from forensics.media.worker import Watch, Worker
    from forensics.model import Ledger, Report
    from forensics.pipeline import Options

app = typer.Typer(
    name="forensics",
    help="Says what a released video, picture or map can and cannot show, and keeps an auditable record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ledger_app = typer.Typer(
    help="Read and verify the record.", no_args_is_help=True, rich_markup_mode=None
)
witness_app = typer.Typer(
    help="Cosign the records of other desks, and have ours cosigned.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
keys_app = typer.Typer(
    help="See and change the key that signs.", no_args_is_help=True, rich_markup_mode=None
)
config_app = typer.Typer(help="See the settings.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ledger_app, name="ledger")
ledger_app.add_typer(witness_app, name="witness")
ledger_app.add_typer(keys_app, name="keys")
app.add_typer(config_app, name="config")

INTERRUPTED = "forensics: interrupted; what was recorded before stays recorded."

LedgerOption = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="FILE|URL",
        help="The ledger's SQLite file, or postgresql+psycopg://user@host/database "
        "[env: FORENSICS_LEDGER].",
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Write to this file instead of standard output.")
]
HomeOption = Annotated[
    Path | None,
    typer.Option(help="The witness's folder.", show_default="beside the ledger"),
]
LogOption = Annotated[
    list[str] | None, typer.Option("--log", help="Key of a log that is witnessed; repeatable.")
]
WitnessOption = Annotated[
    str | None, typer.Option("--witness", help="The witness's key, as it was told to you.")
]
RootOption = Annotated[
    Path | None,
    typer.Option("--tsa-root", help="Root certificates of time-stamping authorities, PEM."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"forensics {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; - reads standard input.")],
    claim: Annotated[
        Path | None, typer.Option(help="A TOML file with the claim that the files are offered for.")
    ] = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Print one JSON document a line, one a file.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="Write an HTML report; for several files, a folder for theirs."),
    ] = None,
    keep: Annotated[
        bool | None,
        typer.Option(
            "--keep/--no-keep", help="Store the originals beside the ledger, or only record them."
        ),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(help="Seconds that reading one file may take; 900 unless set."),
    ] = None,
) -> None:
    """Examine files, record what was found, and print a verdict on what they can and cannot show."""
    from forensics import batch, config
    from forensics.claims.claimfile import read_claim
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.pipeline import Options

    files = batch.expand(paths)
    if json and len(files) != 1:
        raise UsageError(
            f"--json prints one document, and {len(files)} files were given.", hint="Use --jsonl."
        )
    targets = batch.report_targets(files, report)
    options = Options(
        claim=read_claim(claim) if claim else None,
        keep=config.truth(config.resolve("keep", keep)),
        limits=Limits(seconds=config.seconds(config.resolve("deadline", deadline))),
        with_pictures=report is not None,
    )
    codes = set()
    with _ledger(ledger) as open_ledger, Worker(options.limits) as worker:
        for file, target in zip(files, targets, strict=True):
            codes.add(
                _check_one(
                    file, target, open_ledger, worker, options, as_json=json or jsonl, line=jsonl
                )
            )
    raise typer.Exit(batch.overall(codes))


def _check_one(
    file: Path | ForensicsError,
    target: Path | None,
    ledger: Ledger,
    worker: Worker,
    options: Options,
    *,
    as_json: bool,
    line: bool,
) -> int:
    """Checks one file and prints its report; a file that cannot be taken in does not stop the batch."""
    from forensics import pipeline
    from forensics.errors import LedgerError

    if isinstance(file, ForensicsError):
        return _refuse("", file, as_json=as_json, line=line)
    source = sys.stdin.buffer if str(file) == "-" else file
    try:
        with _progress(file) as watch:
            made = pipeline.check(
                source,
                ledger=ledger,
                worker=worker,
                options=options,
                watch=watch,
            )
    except LedgerError:
        raise
    except ForensicsError as error:
        return _refuse(str(file), error, as_json=as_json, line=line)
    _print_report(made, as_json=as_json, line=line)
    written = target is None or _write_report(made, target)
    whole = written and not any(o.status == "failed" for o in made.outcomes)
    return EXIT_ADVERSE if made.adverse else EXIT_DONE if whole else EXIT_INCOMPLETE


def _refuse(name: str, error: ForensicsError, *, as_json: bool, line: bool) -> int:
    """Says why a file was not examined, to a program as well."""
    from forensics.report.document import refusal

    _complain(error)
    if as_json:
        sys.stdout.buffer.write(refusal(name, error, line=line))
        sys.stdout.buffer.flush()
    return error.exit_code


def _write_report(report: Report, target: Path) -> bool:
    """Writes the HTML report; where it cannot be written, says so: the check itself is recorded."""
    from forensics.report.html import render_html

    try:
        target.write_text(render_html(report), "utf-8")
    except OSError as error:
        entries = f"entries {report.receipt.entries[0]} to {report.receipt.entries[-1]}"
        said = f"The report {target} cannot be written: {error.strerror}. The check is recorded: {entries}."
        _complain(ForensicsError(said, hint="Free space or choose another place, and check again."))
        return False
    return True


def _print_report(report: Report, *, as_json: bool, line: bool) -> None:
    if as_json:
        from forensics.report.document import to_json, to_jsonl

        sys.stdout.buffer.write(to_jsonl(report) if line else to_json(report))
        sys.stdout.buffer.flush()
    else:
        from forensics.report.text import render_text

        render_text(report, _console())


@ledger_app.command("log")
def ledger_log(
    ledger: LedgerOption = None,
    asset: Annotated[str | None, typer.Option(help="Only entries about this SHA-256.")] = None,
    type: Annotated[str | None, typer.Option(help="Only entries of this type.")] = None,  # noqa: A002
    since: Annotated[
        str | None, typer.Option(help="Only entries from this time on (RFC 3339).")
    ] = None,
    before: Annotated[int | None, typer.Option(help="Only entries before this index.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most this many entries.")] = 50,
    json: JsonOption = False,
) -> None:
    """List entries, newest first."""
    from db.reading import Reader
    from forensics.model import Sha256
    from forensics.model.moment import read_moment
    from forensics.report import ledger as shown

    if asset is not None and not re.fullmatch("[0-9a-f]{64}", asset):
        raise UsageError(
            f"--asset is {asset!r}: expected a whole SHA-256, 64 hexadecimal digits.",
            hint="`forensics ledger show ENTRY` prints it whole.",
        )
    if since is not None and read_moment(since) is None:
        raise UsageError(
            f"--since is {since!r}: expected a time such as 2026-01-31T12:00:00Z or a date."
        )
    wanted = None if asset is None else Sha256(asset)
    with Reader.open(_ledger_path(ledger)) as reader:
        entries = reader.entries(asset=wanted, type=type, since=since, before=before, limit=limit)
        if json:
            typer.echo(shown.log_json(entries))
        else:
            shown.print_log(entries, _console(), limit=limit)


@ledger_app.command("show")
def ledger_show(
    entry: Annotated[int, typer.Argument(min=0, help="Index of the entry.")],
    ledger: LedgerOption = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Print the exact bytes that are hashed.")
    ] = False,
) -> None:
    """Show one entry."""
    from db.reading import Reader
    from forensics.report import ledger as shown

    with Reader.open(_ledger_path(ledger)) as reader:
        stored = reader.entry(entry)
    if raw:
        sys.stdout.buffer.write(stored.body)
        sys.stdout.buffer.flush()
    else:
        shown.print_entry(stored, _console())


@ledger_app.command("verify")
def ledger_verify(
    ledger: LedgerOption = None,
    key: Annotated[
        str | None, typer.Option(help="The verifier key that you were given by another way.")
    ] = None,
    bundle: Annotated[
        list[Path] | None, typer.Option(help="A bundle that left this ledger; may be repeated.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint that was kept elsewhere; may be repeated."),
    ] = None,
    tsa_root: RootOption = None,
    json: JsonOption = False,
) -> None:
    """Recompute everything and say what the record proves, and what it does not."""
    from db.held import read_left, verify_against
    from forensics.ledger.note import MAX_NOTE, NoteError
    from forensics.report import ledger as shown

    path = _ledger_path(ledger)
    notes = [_read(file, MAX_NOTE).decode("utf-8", "replace") for file in checkpoint or []]
    bundles = [read_left(file) for file in bundle or []]
    roots = None if tsa_root is None else _read(tsa_root, MAX_NOTE)
    try:
        result = verify_against(path, vkey=key, notes=notes, bundles=bundles, roots_pem=roots)
    except NoteError as error:
        what = "--key or --checkpoint" if notes else "--key"
        raise UsageError(f"{what} cannot be used: {error}.", hint=error.hint) from error
    if json:
        typer.echo(shown.verification_json(result))
    else:
        shown.print_verification(result, str(path), _console())
    raise typer.Exit(EXIT_LEDGER if result.problems else EXIT_DONE)


@ledger_app.command("rebuild")
def ledger_rebuild(ledger: LedgerOption = None) -> None:
    """Make the tables beside the log again from its entries."""
    from db.ledger import SqlLedger

    with SqlLedger.open(_ledger_path(ledger), create=False) as opened:
        typer.echo(f"Rebuilt from {opened.rebuild()} entries.")


@ledger_app.command("export")
def ledger_export(
    bundle: Annotated[Path, typer.Argument(help="The zip file to write.")],
    ledger: LedgerOption = None,
    asset: Annotated[
        list[str] | None,
        typer.Option(help="Only the entries about this SHA-256; may be repeated."),
    ] = None,
    with_evidence: Annotated[
        bool, typer.Option("--with-evidence", help="Add the originals that were kept.")
    ] = False,
    without_personal: Annotated[
        bool, typer.Option("--without-personal", help="Leave out the disclosed values.")
    ] = False,
    report: Annotated[
        list[Path] | None, typer.Option(help="Add this report; may be repeated.")
    ] = None,
    since: Annotated[
        Path | None, typer.Option(help="Prove that this continues an earlier bundle.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Add this policy file.")] = None,
) -> None:
    """Write a bundle that others can verify without the ledger, and record that it left."""
    from db.exporting import Wanted, export
    from db.ledger import SqlLedger
    from forensics.model import Sha256
    from forensics.report.bundle import print_export

    wanted = Wanted(
        assets=tuple(Sha256(name) for name in asset or []),
        evidence=with_evidence,
        personal=not without_personal,
        reports=tuple(report or []),
        since=since,
        policy=policy,
    )
    with SqlLedger.open(_ledger_path(ledger), create=False) as opened:
        print_export(export(opened, bundle, wanted), str(bundle), _console())


@ledger_app.command("import")
def ledger_import(
    bundle: Annotated[Path, typer.Argument(help="A bundle of another desk.")],
    ledger: LedgerOption = None,
    key: Annotated[
        str | None, typer.Option(help="The other log's key, as its owner told it to you.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A file that names the logs and witnesses you know.")
    ] = None,
) -> None:
    """Take in another desk's bundle: verified, kept apart, and searched for earlier copies."""
    from db.importing import import_bundle
    from forensics.ledger.policy import MAX_POLICY, parse_policy
    from forensics.report.bundle import print_import

    known = None if policy is None else parse_policy(_read(policy, MAX_POLICY))
    with _ledger(ledger) as opened:
        print_import(import_bundle(opened, bundle, vkey=key, policy=known), _console())


@ledger_app.command("checkpoint")
def ledger_checkpoint(
    ledger: LedgerOption = None,
    size: Annotated[
        int | None, typer.Option(help="The checkpoint that signs this many entries.")
    ] = None,
    out: OutOption = None,
) -> None:
    """Print a signed checkpoint, the last one unless told otherwise, with its cosignatures."""
    from db import proving
    from db.reading import Reader

    with Reader.open(_ledger_path(ledger)) as reader, reader.snapshot() as connection:
        _deliver(proving.checkpoint(connection, size), out)


@ledger_app.command("prove")
def ledger_prove(
    entry: Annotated[int, typer.Argument(min=0, help="Index of the entry.")],
    ledger: LedgerOption = None,
    size: Annotated[
        int | None,
        typer.Option(help="Prove it in the checkpoint of this size, not the best one."),
    ] = None,
    body: Annotated[
        bool, typer.Option("--body/--no-body", help="Let the proof carry the entry itself.")
    ] = True,
    out: OutOption = None,
) -> None:
    """Make a file that proves an entry to anybody, without the ledger."""
    from db import proving
    from db.reading import Reader

    with Reader.open(_ledger_path(ledger)) as reader, reader.snapshot() as connection:
        _deliver(proving.prove(connection, entry, size, with_body=body).text, out)


@witness_app.command("key")
def witness_key(
    ledger: LedgerOption = None,
    home: HomeOption = None,
    name: Annotated[
        str | None, typer.Option(help="Make a witness of this name, such as desk.example/witness.")
    ] = None,
) -> None:
    """Print the key of this desk's witness, for the policies of others; with --name, make it."""
    from db.witness import SqlWitness

    folder = _witness_home(home, ledger)
    witness = SqlWitness.make(folder, name, os.urandom(32)) if name else SqlWitness.open(folder)
    typer.echo(witness.cosigner.witness.vkey)


@witness_app.command("request")
def witness_request(
    ledger: LedgerOption = None,
    old: Annotated[
        int | None, typer.Option(min=0, help="Size that the witness cosigned last.")
    ] = None,
    witness: WitnessOption = None,
    out: OutOption = None,
) -> None:
    """Write the request that asks a witness to cosign the last checkpoint, to be carried by hand."""
    from db import cosigning, proving
    from db.reading import Reader
    from forensics.ledger.cosign import parse_witness_key

    with Reader.open(_ledger_path(ledger)) as reader, reader.snapshot() as connection:
        if old is None:
            known = None if witness is None else parse_witness_key(witness)
            old = cosigning.witnessed_size(connection, known) if known else 0
        _deliver(proving.request(connection, old).text, out)


@witness_app.command("add-checkpoint")
def witness_add_checkpoint(
    request: Annotated[
        Path | None, typer.Argument(help="A request of another desk, to be answered here.")
    ] = None,
    ledger: LedgerOption = None,
    log: LogOption = None,
    home: HomeOption = None,
    url: Annotated[
        str | None, typer.Option(help="Ask the witness at this address for our last checkpoint.")
    ] = None,
    witness: WitnessOption = None,
    out: OutOption = None,
) -> None:
    """Cosign another desk's checkpoint from a request file; or, with --url, have ours cosigned."""
    if (request is None) == (url is None):
        raise UsageError("Give a request file to answer, or --url to ask a witness.")
    if url is not None:
        if witness is None:
            raise UsageError("--url needs --witness: the key that the witness told you.")
        _have_cosigned(_ledger_path(ledger), url, witness)
        return
    from db.witness import SqlWitness
    from forensics.errors import LedgerError
    from forensics.ledger.note import parse_vkey
    from forensics.ledger.witness import MAX_REQUEST

    logs = [parse_vkey(vkey) for vkey in log or []]
    data = _read(request or Path(), MAX_REQUEST)
    opened = SqlWitness.open(_witness_home(home, ledger))
    found = opened.answer(data, logs, int(time.time()))
    if found.status != 200:
        raise LedgerError(
            f"the checkpoint is not cosigned ({found.status}): {found.body.strip()}",
            hint="404: give the log's key with --log. 409 with a size: the proof must lead from there.",
        )
    _deliver(found.body, out)


@witness_app.command("attach")
def witness_attach(
    answer: Annotated[Path, typer.Argument(help="The cosignature that the witness gave.")],
    witness: Annotated[str, typer.Option(help="The witness's key, as it was told to you.")],
    ledger: LedgerOption = None,
) -> None:
    """Keep a witness's cosignature that was carried here by hand, with the checkpoint it is for."""
    from db import cosigning
    from forensics.ledger.cosign import parse_witness_key

    known = parse_witness_key(witness)
    kept = cosigning.attach(_ledger_path(ledger), _read(answer, 65536), known)
    typer.echo(f"{known.short} cosigned {kept.size} entries at {kept.at}.")


@witness_app.command("seen")
def witness_seen(
    origin: Annotated[str, typer.Argument(help="Name of the log.")],
    ledger: LedgerOption = None,
    home: HomeOption = None,
    out: OutOption = None,
) -> None:
    """Print the largest checkpoint of a log that the witness here cosigned, to hold the log against."""
    from db.witness import SqlWitness

    seen = SqlWitness.open(_witness_home(home, ledger)).seen()
    if origin not in seen:
        raise UsageError(f"The witness cosigned no checkpoint of {origin!r} yet.")
    _deliver(seen[origin], out)


@witness_app.command("serve")
def witness_serve(
    ledger: LedgerOption = None,
    log: LogOption = None,
    home: HomeOption = None,
    bind: Annotated[str, typer.Option(help="Address and port to listen at.")] = "127.0.0.1:7380",
) -> None:
    """Answer other desks over HTTP until interrupted."""
    from db.witness import SqlWitness
    from forensics.ledger.note import parse_vkey
    from forensics.report.proofs import answered
    from forensics.witnessing import WitnessServer, parse_address

    logs = [parse_vkey(vkey) for vkey in log or []]
    opened = SqlWitness.open(_witness_home(home, ledger))

    def answer(data: bytes) -> Answer:
        return opened.answer(data, logs, int(time.time()))

    with WitnessServer(
        *parse_address(bind), answer, lambda found: typer.echo(answered(found), err=True)
    ) as server:
        typer.echo(f"Witness {opened.cosigner.witness.short} at {server.url}")
        server.serve_forever()


def _have_cosigned(ledger: Place, url: str, vkey: str) -> None:
    from db import cosigning
    from forensics.ledger.cosign import parse_witness_key
    from forensics.witnessing import submit

    def send(request: bytes) -> tuple[int, bytes, int | None]:
        reply = submit(url, request)
        return reply.status, reply.body, reply.held

    witness = parse_witness_key(vkey)
    kept = cosigning.ask(ledger, witness, send)
    typer.echo(f"{witness.short} cosigned {kept.size} entries at {kept.at}.")


@app.command("verify")
def verify_file(
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

    known = None if policy is None else parse_policy(_read(policy, MAX_POLICY))
    if _is_bundle(file):
        _verify_bundle(file, known, key, checkpoint or [], tsa_root, as_json=json)
    data = _read(file, MAX_PROOF)
    if not data.startswith(HEADER.encode()):
        raise UsageError(
            f"{file} is neither a bundle nor a proof: expected a zip file, or one that begins with {HEADER}"
        )
    if key is not None:
        known = with_key(known, key)
    proven = verify_proof(
        data, policy=known, body=None if entry is None else _read(entry, MAX_BODY)
    )
    if json:
        typer.echo(proofs.proven_json(proven))
    else:
        proofs.print_proven(proven, _console())
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

    roots = None if tsa_root is None else _read(tsa_root, MAX_NOTE)
    held = tuple(_read(path, MAX_NOTE).decode("utf-8", "replace") for path in checkpoints)
    try:
        with file.open("rb") as opened:
            result = audit(opened, policy=policy, vkey=key, roots_pem=roots, held=held)
    except NoteError as error:
        raise UsageError(f"--key or --checkpoint cannot be used: {error}.") from error
    if as_json:
        typer.echo(shown.audit_json(result))
    else:
        shown.print_audit(result, _console())
    broken = EXIT_LEDGER if result.problem else EXIT_ADVERSE
    raise typer.Exit(EXIT_DONE if result.accepted else broken)


@ledger_app.command("anchor")
def ledger_anchor(
    ledger: LedgerOption = None,
    tsa: Annotated[
        str | None, typer.Option(help="Ask the time-stamping authority at this address.")
    ] = None,
    tsa_root: RootOption = None,
    query_out: Annotated[
        Path | None, typer.Option(help="Write the query, to be carried by hand.")
    ] = None,
    reply_in: Annotated[
        Path | None, typer.Option(help="Keep the answer that was carried here by hand.")
    ] = None,
    note_out: Annotated[
        Path | None, typer.Option(help="Write the exact bytes that are to be stamped.")
    ] = None,
    ots: Annotated[
        Path | None, typer.Option(help="Keep an OpenTimestamps proof (.ots) over those bytes.")
    ] = None,
) -> None:
    """Have the last checkpoint time-stamped, and keep what shows that it existed by then."""
    from db import anchoring
    from db.ledger import SqlLedger
    from db.reading import Reader
    from forensics.authority import ask
    from forensics.ledger.opentimestamps import MAX_STAMP
    from forensics.ledger.timestamps import MAX_TOKEN, query, token_in
    from forensics.report.keeping import print_anchored

    if sum(one is not None for one in (tsa, query_out, reply_in, note_out, ots)) != 1:
        raise UsageError("Give one of --tsa, --query-out, --reply-in, --note-out and --ots.")
    path = _ledger_path(ledger)
    with Reader.open(path) as reader, reader.snapshot() as connection:
        size, note = anchoring.to_stamp(connection)
    if target := query_out or note_out:
        _deliver(note if note_out else query(note, None), target)
        typer.echo(f"Wrote {target}, over the checkpoint of {size} entries.")
        return
    roots = None if tsa_root is None else _read(tsa_root, MAX_TOKEN)
    with SqlLedger.open(path, create=False) as opened:
        if ots is not None:
            kept = anchoring.keep_stamp(opened, _read(ots, MAX_STAMP))
        elif reply_in is not None:
            kept = anchoring.keep_token(
                opened, token_in(_read(reply_in, MAX_TOKEN), None), "", roots
            )
        else:
            nonce = int.from_bytes(os.urandom(8))
            token = token_in(ask(tsa or "", query(note, nonce)), nonce)
            kept = anchoring.keep_token(opened, token, tsa or "", roots)
    print_anchored(kept.anchor, kept.receipt, _console())


@ledger_app.command("redact")
def ledger_redact(
    reason: Annotated[
        str, typer.Option(help="Why; it stays in the log, so it must not repeat what is deleted.")
    ],
    entry: Annotated[
        int | None, typer.Argument(min=0, help="Entry whose values are deleted.")
    ] = None,
    ledger: LedgerOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="Only this value, named as `show` names it; may be repeated."),
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(help="Remove the stored original with this SHA-256 as well.")
    ] = None,
) -> None:
    """Delete values that may tell about a person, for good; every proof keeps holding."""
    from db.ledger import SqlLedger
    from db.redaction import redact
    from forensics.model import Sha256
    from forensics.report.keeping import print_redacted

    if entry is None and (evidence is None or key):
        raise UsageError("Name an entry, or with --evidence an original.")
    wanted = None if evidence is None else Sha256(evidence)
    with SqlLedger.open(_ledger_path(ledger), create=False) as opened:
        done = redact(opened, entry, keys=key or [], evidence=wanted, reason=reason)
    print_redacted(entry, done.keys, done.evidence, done.receipt, _console())


@keys_app.command("show")
def keys_show(ledger: LedgerOption = None) -> None:
    """Print the key to give to those who verify, where its private half lies, and past keys."""
    from db.reading import Reader
    from db.rotation import shown_keys
    from forensics.report.keeping import print_keys

    with Reader.open(_ledger_path(ledger)) as reader:
        print_keys(shown_keys(reader), _console())


@keys_app.command("rotate")
def keys_rotate(
    reason: Annotated[str, typer.Option(help="Why; it stays in the log.")],
    ledger: LedgerOption = None,
    destroy_old: Annotated[
        bool, typer.Option("--destroy-old", help="Destroy the old private key, not put it aside.")
    ] = False,
) -> None:
    """Let the key name a new one; both sign once, and from then on the new one signs alone."""
    from db.ledger import SqlLedger
    from db.reading import Reader
    from db.rotation import shown_keys
    from forensics.report.keeping import print_keys

    path = _ledger_path(ledger)
    with SqlLedger.open(path, create=False) as opened:
        opened.change_key(reason, destroy_old=destroy_old)
    with Reader.open(path) as reader:
        print_keys(shown_keys(reader), _console())


@app.command()
def doctor(json: JsonOption = False) -> None:
    """Say what works on this machine, and what repairs the rest."""
    from forensics.doctor import examine
    from forensics.report import machine

    found = examine()
    if json:
        typer.echo(machine.as_json(found))
    else:
        machine.show(found, _console())
    raise typer.Exit(EXIT_INCOMPLETE if any(f.state == "missing" for f in found) else EXIT_DONE)


@config_app.command("show")
def config_show() -> None:
    """Show each setting and which source won."""
    from forensics import config

    typer.echo(f"file: {config.file()}")
    for key in config.defaults():
        setting = config.resolve(key)
        typer.echo(f"{key} = {config.shown(setting)}  ({setting.source}; {setting.variable})")


def _ledger_path(flag: str | None) -> Place:
    from forensics import config

    value = config.resolve("ledger", flag).value
    if "://" in value:
        from db.place import Server

        return Server.parse(value, config.server_folder())
    return Path(value).expanduser().absolute()


@contextmanager
def _ledger(flag: str | None) -> Iterator[SqlLedger]:
    from db.ledger import SqlLedger
    from db.session import is_there
    from forensics import config

    path = _ledger_path(flag)
    origin = None if is_there(path) else config.new_origin()
    with SqlLedger.open(path, origin=origin) as opened:
        yield opened


def _witness_home(home: Path | None, ledger: str | None) -> Path:
    from db.place import beside

    path = beside(_ledger_path(ledger))
    return home or path.with_name(path.name + ".witness")


def _read(path: Path, limit: int) -> bytes:
    """Reads a file that somebody else made, and no more of it than it may have."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > limit:
        raise UsageError(f"{path} is too long: expected at most {limit:,} bytes")
    return data


def _deliver(text: str | bytes, out: Path | None) -> None:
    """Writes exact bytes to a file or to standard output."""
    data = text.encode() if isinstance(text, str) else text
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from error


def _console() -> Console:
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(
            self,
        ) -> None:  # rich would end the program with 1, which means "adverse"
            raise BrokenPipeError

    return Plain(highlight=False, markup=False, emoji=False)


@contextmanager
def _progress(file: Path) -> Iterator[Watch | None]:
    """Progress on stderr, and only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from forensics.report.clean import visible

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        name = visible(file.name, 40)
        task = bar.add_task(f"{name}: reading", total=1.0)

        def watch(what: str, done: float) -> None:
            bar.update(task, description=f"{name}: {what}", completed=done)

        yield watch


def _complain(error: ForensicsError) -> None:
    from forensics.report.clean import visible

    typer.echo(f"forensics: {visible(str(error), 2000)}", err=True)
    if error.hint:
        typer.echo(f"           {visible(error.hint, 2000)}", err=True)


def _end(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - a signal handler's form
    sys.exit(128 + number)


def _silence() -> None:
    """Sends the rest of the output nowhere, so that closing it at the end cannot fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> NoReturn:
    """Entry point: turns what escapes into an exit code and a sentence, never a stack of source code."""
    signal.signal(signal.SIGTERM, _end)  # so that scratch folders are removed
    # A terminal that cannot show a character gets its number.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(standalone_mode=False) or EXIT_DONE
        if code == EXIT_INTERRUPTED:  # typer takes Ctrl-C and answers with this
            typer.echo(INTERRUPTED, err=True)
        sys.exit(code)
    except ForensicsError as error:
        _complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo(INTERRUPTED, err=True)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:  # whoever read the output stopped reading
        _silence()
        sys.exit(EXIT_PIPE)
    except OSError as error:
        said = f"The output cannot be written: {error.strerror}. What was recorded before stays recorded."
        _complain(ForensicsError(said, hint="Free space, or send the output somewhere else."))
        _silence()
        sys.exit(EXIT_INCOMPLETE)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        usage = getattr(error, "show", None)
        if usage is not None:  # typer's own usage errors
            usage()
            sys.exit(getattr(error, "exit_code", 2))
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_globals.get('__name__')}:{where.tb_lineno}" if where else "?"
        typer.echo(
            f"forensics: a bug in forensics {__version__}: {type(error).__name__} at {place}. "
            "Please report it with the command line and, if you may, the file.",
            err=True,
        )
        sys.exit(EXIT_BUG)


if __name__ == "__main__":
    main()
