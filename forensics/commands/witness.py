"""`forensics ledger witness`: cosign the records of other desks, and have ours cosigned."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.opening import place, reading, witness_home
from forensics.commands.options import (
    LAST,
    HomeOption,
    LedgerOption,
    LogOption,
    OutOption,
    WitnessOption,
)
from forensics.commands.streams import deliver, read
from forensics.errors import UsageError

if TYPE_CHECKING:
    from db.place import Place
    from forensics.ledger.witness import Answer


def key(
    ledger: LedgerOption = None,
    home: HomeOption = None,
    name: Annotated[
        str | None, typer.Option(help="Make a witness of this name, such as desk.example/witness.")
    ] = None,
) -> None:
    """Print the key of this desk's witness, for the policies of others; with --name, make it."""
    from db.witness import SqlWitness

    folder = witness_home(home, ledger)
    witness = SqlWitness.make(folder, name, os.urandom(32)) if name else SqlWitness.open(folder)
    typer.echo(witness.cosigner.witness.vkey)


def request(
    ledger: LedgerOption = None,
    old: Annotated[
        int | None, typer.Option(min=0, max=LAST, help="Size that the witness cosigned last.")
    ] = None,
    witness: WitnessOption = None,
    out: OutOption = None,
) -> None:
    """Write the request that asks a witness to cosign the last checkpoint, to be carried by hand."""
    from db import cosigning, proving
    from forensics.ledger.cosign import parse_witness_key

    with reading(ledger) as reader, reader.snapshot() as connection:
        if old is None:
            known = None if witness is None else parse_witness_key(witness)
            old = cosigning.witnessed_size(connection, known) if known else 0
        deliver(proving.request(connection, old).text, out)


def add_checkpoint(
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
        _have_cosigned(place(ledger), url, witness)
        return
    from db.witness import SqlWitness
    from forensics.errors import LedgerError
    from forensics.ledger.note import parse_vkey
    from forensics.ledger.witness import MAX_REQUEST

    logs = [parse_vkey(vkey) for vkey in log or []]
    data = read(request or Path(), MAX_REQUEST)
    opened = SqlWitness.open(witness_home(home, ledger))
    found = opened.answer(data, logs, int(time.time()))
    if found.status != 200:
        raise LedgerError(
            f"the checkpoint is not cosigned ({found.status}): {found.body.strip()}",
            hint="404: give the log's key with --log. 409 with a size: the proof must lead from there.",
        )
    deliver(found.body, out)


def attach(
    answer: Annotated[Path, typer.Argument(help="The cosignature that the witness gave.")],
    witness: Annotated[str, typer.Option(help="The witness's key, as it was told to you.")],
    ledger: LedgerOption = None,
) -> None:
    """Keep a witness's cosignature that was carried here by hand, with the checkpoint it is for."""
    from db import cosigning
    from forensics.ledger.cosign import parse_witness_key

    known = parse_witness_key(witness)
    kept = cosigning.attach(place(ledger), read(answer, 65536), known)
    typer.echo(f"{known.short} cosigned {kept.size} entries at {kept.at}.")


def seen(
    origin: Annotated[str, typer.Argument(help="Name of the log.")],
    ledger: LedgerOption = None,
    home: HomeOption = None,
    out: OutOption = None,
) -> None:
    """Print the largest checkpoint of a log that the witness here cosigned, to hold the log against."""
    from db.witness import SqlWitness

    seen = SqlWitness.open(witness_home(home, ledger)).seen()
    if origin not in seen:
        raise UsageError(f"The witness cosigned no checkpoint of {origin!r} yet.")
    deliver(seen[origin], out)


def serve(
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
    opened = SqlWitness.open(witness_home(home, ledger))

    def answer(data: bytes) -> Answer:
        """Answers one request at the time that it comes."""
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
        """Sends a request; returns status, answer, and the size that the witness holds, if it says."""
        reply = submit(url, request)
        return reply.status, reply.body, reply.held

    witness = parse_witness_key(vkey)
    kept = cosigning.ask(ledger, witness, send)
    typer.echo(f"{witness.short} cosigned {kept.size} entries at {kept.at}.")
