"""Any sequence of acts on a ledger, against a list of bodies and the tree's definition over them."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from db.attachments import COSIGNATURE, Attachment
from db.exporting import Wanted, export
from db.importing import import_bundle
from db.judging import judge
from db.ledger import SqlLedger
from db.proving import prove, request
from db.reading import REDACTED, Reader
from db.redaction import redact
from db.verifying import verify
from forensics.ledger import merkle
from forensics.ledger.audit import audit
from forensics.ledger.cosign import Cosigner, cosign
from forensics.ledger.note import open_checkpoint, parse_note, parse_vkey
from forensics.ledger.policy import parse_policy
from forensics.ledger.verify import Grade
from forensics.model import Draft, Receipt
from tests.db.drafts import Clock, Entropy, custody, digest, plain, received, signatures, verdict

WITNESS = Cosigner(
    name="w.example",
    private=Ed25519PrivateKey.from_private_bytes(b"a witness of 32 bytes in length."),
)
DRAFTS = st.sampled_from([received, custody, verdict, plain]).flatmap(
    lambda make: st.builds(make, st.integers(0, 3))
) | st.builds(
    signatures,
    st.integers(0, 3),
    st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=3),
)


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


class Machine(RuleBasedStateMachine):
    """What the ledger says must follow from the bodies that it gave out."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "case.sqlite"
        self.clock, self.entropy = Clock(), Entropy()
        self.bodies: list[bytes] = []
        self.notes: list[str] = []
        self.names = 0
        self.theirs = 0
        self.cosigned: set[int] = set()
        self.assets: dict[str, tuple[int, str]] = {}
        self.disclosed: dict[int, str] = {}
        self.ledger = self.open()
        self.keys = [parse_vkey(self.ledger.vkey)]

    def open(self) -> SqlLedger:
        return SqlLedger.open(
            self.path, clock=self.clock, entropy=self.entropy, origin="desk.example/case"
        )

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.ledger.close()
            shutil.rmtree(self.folder)

    def unique(self, draft: Draft) -> Draft:
        """Gives each file a name of its own, so that a deleted name can be looked for."""
        self.names += 1
        name = f"личное-{self.names:06}.mp4"
        return replace(draft, personal={"name": name}) if draft.personal else draft

    @rule(drafts=st.lists(DRAFTS, min_size=1, max_size=5))
    def append(self, drafts: list[Draft]) -> None:
        drafts = [self.unique(draft) for draft in drafts]
        receipt = self.ledger.append(drafts)
        first = max(len(self.bodies), 1)
        assert receipt.entries == tuple(range(first, first + len(drafts)))
        with Reader.open(self.path) as reader:
            new = reader.entries(
                after=len(self.bodies) - 1, before=receipt.size + 1, oldest_first=True
            )
        self.bodies += [stored.body for stored in new]
        self.notes.append(receipt.checkpoint)
        assert len(self.bodies) == receipt.size + 1
        for index, draft in zip(receipt.entries, drafts, strict=True):
            stored = new[index - new[0].index]
            assert (stored.entry.type, stored.entry.payload) == (draft.type, draft.payload)
            assert stored.disclosed == dict(draft.personal)
            if draft.type == "asset-received" and draft.subject:
                self.assets.setdefault(draft.subject, (index, draft.personal["name"]))
            if draft.personal:
                self.disclosed[index] = draft.personal["name"]

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.ledger = self.open()

    def follow(self, receipt: Receipt) -> None:
        """Takes up what an act that is not an append of drafts has recorded."""
        with Reader.open(self.path) as reader:
            new = reader.entries(after=len(self.bodies) - 1, oldest_first=True)
        self.bodies += [stored.body for stored in new]
        self.notes.append(receipt.checkpoint)

    @rule()
    def append_by_another(self) -> None:
        with self.open() as other:
            self.follow(other.append([plain(9)]))

    @precondition(lambda self: self.bodies)
    @rule()
    def rotate(self) -> None:
        self.follow(self.ledger.change_key("a year is over", destroy_old=True))
        self.keys.append(parse_vkey(self.ledger.vkey))

    @precondition(lambda self: self.disclosed)
    @rule(data=st.data())
    def redact(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(sorted(self.disclosed)))
        done = redact(self.ledger, entry, reason="asked for")
        assert done.receipt is not None
        self.follow(done.receipt)
        name = self.disclosed.pop(entry)
        assert self.ledger.disclosed(entry) == {}
        assert name.encode() not in self.path.read_bytes()
        for subject, (first, _) in self.assets.items():
            if first == entry:
                self.assets[subject] = (first, REDACTED)

    def take_up(self) -> None:
        """Takes up appends of which no receipt was given."""
        with Reader.open(self.path) as reader:
            new = reader.entries(after=len(self.bodies) - 1, oldest_first=True)
        self.bodies += [stored.body for stored in new]
        self.notes += [s.entry.payload["note"] for s in new if s.entry.type == "checkpoint"]

    @precondition(lambda self: self.notes)
    @rule(data=st.data())
    def cosign(self, data: st.DataObject) -> None:
        note = data.draw(st.sampled_from(self.notes))
        size = open_checkpoint(note, self.keys).size
        if size in self.cosigned:
            return
        made = cosign(parse_note(note).text, WITNESS, 1_750_000_000)
        self.ledger.attach(
            Attachment(
                size=size,
                kind=COSIGNATURE,
                name=WITNESS.witness.vkey,
                at=made.at,
                data=made.line.encode(),
            )
        )
        self.cosigned.add(size)

    @precondition(lambda self: self.cosigned)
    @rule()
    def judge(self) -> None:
        text = f"log {self.keys[0].vkey}\nwitness w {WITNESS.witness.vkey}\nquorum w\n"
        judged = judge(self.path, policy=parse_policy(text.encode()))
        assert (judged.found.grade, judged.accepted) == (Grade.WITNESSED, True), (
            judged.found.sentences
        )
        assert judged.witnessed == judged.found.anchored == max(self.cosigned)

    @rule(pinned=st.booleans())
    def import_(self, pinned: bool) -> None:
        self.theirs += 1
        with SqlLedger.open(
            self.folder / "desk.sqlite",
            clock=self.clock,
            entropy=self.entropy,
            origin="other.example/log",
        ) as desk:
            desk.append([received(100 + self.theirs)])
            left = export(desk, self.folder / f"theirs-{self.theirs}.zip", Wanted()).path
            before = len(self.bodies)
            made = import_bundle(self.ledger, left, vkey=desk.vkey if pinned else None)
        self.take_up()
        assert made.entry == len(self.bodies) - 2 >= before
        for number in range(1, self.theirs + 1):
            known = self.ledger.known(digest(100 + number))
            assert known is not None
            assert known.name == "(met by other.example/log)"

    @precondition(lambda self: self.notes)
    @rule()
    def export(self) -> None:
        size = len(self.bodies) - 1
        done = export(self.ledger, self.folder / f"{size}.zip", Wanted())
        self.follow(done.receipt)
        with done.path.open("rb") as file:
            found = audit(file, vkey=self.keys[0].vkey)
        assert found.problem is None
        assert (found.size, found.root) == (size, root(self.bodies[:size]))

    @rule()
    def rebuild(self) -> None:
        assert self.ledger.rebuild() == len(self.bodies)

    @precondition(lambda self: self.bodies)
    @rule(data=st.data())
    def prove(self, data: st.DataObject) -> None:
        size = len(self.bodies) - 1
        index = data.draw(st.integers(0, size - 1))
        with Reader.open(self.path) as reader, reader.snapshot() as connection:
            proof = prove(connection, index, size)
        assert proof.extra == self.bodies[index]
        merkle.verify_inclusion(
            index,
            size,
            merkle.leaf_hash(self.bodies[index]),
            list(proof.path),
            root(self.bodies[:size]),
        )

    @precondition(lambda self: self.notes)
    @rule(data=st.data())
    def prove_growth(self, data: st.DataObject) -> None:
        old, new = sorted(
            open_checkpoint(data.draw(st.sampled_from(self.notes)), self.keys).size
            for _ in range(2)
        )
        with Reader.open(self.path) as reader, reader.snapshot() as connection:
            proof = request(connection, old, new).proof
        merkle.verify_consistency(
            old, new, list(proof), root(self.bodies[:old]), root(self.bodies[:new])
        )

    @precondition(lambda self: self.notes)
    @rule(data=st.data())
    def verify(self, data: st.DataObject) -> None:
        held = data.draw(st.lists(st.sampled_from(self.notes), max_size=3))
        vkey = data.draw(st.sampled_from(self.keys)).vkey
        found = verify(self.path, vkey=vkey, held=held)
        assert found.grade is Grade.SIGNED, found.sentences
        assert (found.size, found.root) == (len(self.bodies), root(self.bodies))
        assert found.checkpoints == len(self.notes)
        sizes = [open_checkpoint(n, self.keys).size for n in held]
        assert found.anchored == max(sizes, default=0)

    @invariant()
    def every_checkpoint_signs_the_bodies_before_it(self) -> None:
        for note in getattr(self, "notes", [])[-1:]:
            checkpoint = open_checkpoint(note, self.keys)
            assert checkpoint.root == root(self.bodies[: checkpoint.size])

    @invariant()
    def assets_are_known_by_their_first_name(self) -> None:
        for number in range(4) if hasattr(self, "ledger") else ():
            known = self.ledger.known(digest(number))
            _, name = self.assets.get(f"sha256:{digest(number)}", (0, None))
            assert (known.name if known else None) == name


def test_some_sequences_of_acts() -> None:
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=3, stateful_step_count=10, deadline=None)
    )


@pytest.mark.slow
def test_many_sequences_of_acts() -> None:
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )
