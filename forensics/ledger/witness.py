"""What a witness answers (C2SP tlog-witness, add-checkpoint): a pure function of request, memory and time.

The request is

    old 17                        the size of the last checkpoint that the witness cosigned
    gSKyXoYZUgZ6jduWYrkDOARi…     consistency proof from there (RFC 6962 section 2.1.2), one hash a line

    desk.example/2f9a             the signed checkpoint
    …

and the answer one cosignature line, or a status that says why not. Whoever keeps the memory must make
reading it, asking here and writing it one indivisible step: else two requests could move from the same size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics.errors import LedgerError
from forensics.ledger.cosign import Cosigner, cosign
from forensics.ledger.merkle import EMPTY_ROOT, ProofError, verify_consistency
from forensics.ledger.note import (
    MAX_NOTE,
    Checkpoint,
    NoteError,
    Verifier,
    parse_checkpoint,
    parse_note,
    to_base64,
    verify_note,
)
from forensics.ledger.proof import number_after, parse_hashes

MAX_REQUEST = MAX_NOTE + 4096
"""No request is longer than this many bytes."""
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
"""Content type of an answer that states the size which the witness holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call of add-checkpoint.

    Attributes:
        old: Size from which the proof leads.
        proof: Hashes of 32 bytes.
        checkpoint: The signed note.
    """

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The request's body."""
        lines = [f"old {self.old}", *map(to_base64, self.proof)]
        return "\n".join(lines) + "\n\n" + self.checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a witness remembers of one log: the largest checkpoint that it cosigned.

    Attributes:
        size: How many entries.
        root: 32 bytes.
    """

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a witness answers.

    Attributes:
        status: 200, 400, 403, 404, 409 or 422, as in HTTP.
        body: A cosignature line, a size, or a sentence; ends with a newline.
        content_type: Of the body.
        origin: The log; empty where none was recognized.
        seen: What to remember of the log before the answer leaves; None: nothing new.
    """

    status: int
    body: str
    content_type: str = PLAIN
    origin: str = ""
    seen: Seen | None = None


def parse_request(data: bytes) -> Request:
    """Reads a request, strictly; verifies nothing.

    Raises:
        NoteError: Not well-formed.
        ProofError: A hash is not of 32 bytes.
    """
    if len(data) > MAX_REQUEST:
        raise NoteError(f"a request has {len(data):,} bytes, expected at most {MAX_REQUEST:,}")
    try:
        text = data.decode()
    except UnicodeError:
        raise NoteError("a request is not UTF-8 text") from None
    head, found, checkpoint = text.partition("\n\n")
    if not found:
        raise NoteError("a request has no empty line before its checkpoint")
    first, *lines = head.split("\n")
    return Request(old=number_after("old", first), proof=parse_hashes(lines), checkpoint=checkpoint)


def answer(
    data: bytes,
    *,
    logs: Sequence[Verifier],
    seen: Mapping[str, Seen],
    cosigner: Cosigner,
    seconds: int,
) -> Answer:
    """Answers a request.

    Args:
        data: The request's body.
        logs: Keys of the logs that are witnessed; one log may have several.
        seen: What is remembered, by origin; a log that was never cosigned is not in it.
        cosigner: Who answers.
        seconds: The time, in seconds since 1970.
    """
    try:
        request = parse_request(data)
        note = parse_note(request.checkpoint)
        checkpoint = parse_checkpoint(note.text)
    except LedgerError as error:
        return _refuse(400, error)
    origin = checkpoint.origin
    keys = [log for log in logs if log.name == origin]
    if not keys:
        return _refuse(404, f"the log {origin!r} is not witnessed here")
    try:
        verify_note(note, keys)
    except NoteError as error:
        return _refuse(403, error)
    held = seen.get(origin, Seen())
    if refused := _check_growth(request, checkpoint, held):
        return refused
    return Answer(
        status=200,
        body=cosign(note.text, cosigner, seconds).line,
        origin=origin,
        seen=Seen(size=checkpoint.size, root=checkpoint.root),
    )


def _check_growth(request: Request, checkpoint: Checkpoint, held: Seen) -> Answer | None:
    """Returns why the checkpoint does not continue what is held, or None."""
    if request.old > checkpoint.size:
        return _refuse(400, f"old is {request.old}, and the checkpoint has {checkpoint.size}")
    if request.old != held.size:
        return Answer(status=409, body=f"{held.size}\n", content_type=SIZE)
    try:
        if request.old == 0:
            _check_first(request, checkpoint)
        elif checkpoint.size == held.size and checkpoint.root != held.root:
            return _refuse(
                409,
                f"another root was cosigned for {held.size} entries: expected {held.root.hex()}, "
                f"found {checkpoint.root.hex()}: the log shows two histories",
            )
        else:
            verify_consistency(
                held.size, checkpoint.size, request.proof, held.root, checkpoint.root
            )
    except ProofError as error:
        return _refuse(422, error)
    return None


def _check_first(request: Request, checkpoint: Checkpoint) -> None:
    if request.proof:
        raise ProofError(
            "from the empty log nothing can be proven", expected=0, found=len(request.proof)
        )
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise ProofError("the root of no entries", expected=EMPTY_ROOT, found=checkpoint.root)


def _refuse(status: int, why: LedgerError | str) -> Answer:
    return Answer(status=status, body=f"{why}\n")
