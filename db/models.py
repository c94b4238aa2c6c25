"""The tables. Only `log_entry.body` is truth; the log tables never change their shape.

Everything below `asset` is a projection: `db.projections` makes it from the bodies, and can make it again.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Column, Dialect, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class Json(TypeDecorator[Any]):
    """A JSON value in a TEXT column; STRICT tables have no JSON type."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base's form
        """Writes the value; None stays NULL."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002 - the base's form
        """Reads the value."""
        return None if value is None else orjson.loads(value)


def _table(name: str, *columns: Column[Any] | Index) -> Table:
    return Table(name, metadata, *columns, sqlite_strict=True)


def _name(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _integer(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# The log. `nodes` holds what the entry completes in the tree: its leaf hash, then the hashes of the
# subtrees that end with it, level by level, 32 bytes each.
log_entry = _table("log_entry", _number("idx"), _bytes("nodes"), _bytes("body"))
log_checkpoint = _table("log_checkpoint", _number("size"), _text("note"))

# Values that can be deleted; the log holds only their commitments.
disclosure = _table("disclosure", _number("entry"), _name("key"), _bytes("salt"), _text("value"))

# What others attached to a checkpoint of this size: a witness's signature line, a token of the time.
attachment = _table(
    "attachment", _number("size"), _name("kind"), _name("name"), _text("at"), _bytes("data")
)

# What the ledger says of itself, as in its first entry.
ledger_meta = _table("ledger_meta", _name("key"), _text("value"))

# Projections.
asset = _table(
    "asset",
    _name("sha256"),
    _integer("size"),
    _text("kind"),
    _text("mime"),
    _text("container", null=True),
    _text("duration", null=True),
    _text("first_seen"),
    _integer("entry"),
)
stream = _table(
    "stream",
    _name("asset"),
    _number("position"),
    _text("type"),
    _text("codec"),
    _text("digest", null=True),
    _text("digest_scheme", null=True),
    _integer("width", null=True),
    _integer("height", null=True),
    Index("stream_digest", "digest", "digest_scheme"),
)
# Digests of what an asset's streams code, whatever wrapper they lie in.
coded_stream = _table(
    "coded_stream",
    _name("digest"),
    _name("digest_scheme"),
    _name("asset"),
    Index("coded_stream_asset", "asset"),
)
appearance = _table(
    "appearance",
    _number("entry"),
    _text("asset"),
    _text("what"),
    _text("at"),
    _text("url", null=True),
    _text("publisher", null=True),
    _text("by"),
    Index("appearance_asset", "asset"),
)
# All signatures of one asset under one scheme: `codes` is width × pictures bytes, in the order of `times`.
signature = _table(
    "signature",
    _name("scheme"),
    _name("asset"),
    _integer("entry"),
    _integer("width"),
    _integer("pictures"),
    _bytes("codes"),
    Column("times", Json, nullable=False),
    Column("qualities", Json, nullable=False),
    Index("signature_entry", "scheme", "entry"),
)
# Which entries have the local codes of an asset, and which commits to its reduced pictures: both are long.
local_codes = _table(
    "local_codes",
    _name("scheme"),
    _name("asset"),
    _number("part"),
    _integer("entry"),
    _integer("width"),
    _integer("pictures"),
    _integer("points"),
    Index("local_codes_entry", "scheme", "entry"),
)
look = _table("look", _name("asset"), _integer("entry"), _integer("pictures"))
# Which entry has the codes of an asset's sound.
sound = _table("sound", _name("scheme"), _name("asset"), _integer("entry"), _integer("codes"))
custody = _table(
    "custody",
    _number("entry"),
    _text("asset", null=True),
    _text("event"),
    _text("at"),
    _text("sha256"),
    _integer("size"),
    Index("custody_asset", "asset"),
)
verdict = _table(
    "verdict",
    _number("entry"),
    _text("asset", null=True),
    _text("at"),
    _text("verifiability"),
    _text("about"),
    _text("ruleset"),
    Index("verdict_asset", "asset"),
)
# Which entries a case is read from: by what they are about, and by the case that they say they belong to.
case_file = _table(
    "case_file",
    _number("entry"),
    _text("subject"),
    _text("case_id", null=True),
    _text("type"),
    Index("case_file_subject", "subject"),
    Index("case_file_case", "case_id"),
)


# Other desks' logs. A log's head follows from this log's `import` entries; its entries are what the bundle
# held, of those left out only the leaf hash, each with the `import` entry that it came with. The other
# tables follow from its entries: that desk's word.
foreign_log = _table(
    "foreign_log",
    _name("origin"),
    _text("vkey"),
    _integer("size"),
    _text("root"),
    _text("checkpoint"),
    _integer("entry"),
)
PROJECTIONS = (
    asset,
    stream,
    coded_stream,
    appearance,
    signature,
    local_codes,
    look,
    sound,
    custody,
    verdict,
    case_file,
    foreign_log,
)

foreign_entry = _table(
    "foreign_entry",
    _name("origin"),
    _number("idx"),
    _bytes("leaf"),
    Column("body", LargeBinary, nullable=True),
    _integer("entry", null=True),
)
foreign_asset = _table(
    "foreign_asset", _name("sha256"), _name("origin"), _text("kind"), _integer("entry")
)
foreign_stream = _table(
    "foreign_stream", _name("digest"), _name("digest_scheme"), _name("asset"), _name("origin")
)
foreign_appearance = _table(
    "foreign_appearance",
    _name("origin"),
    _number("entry"),
    _text("asset"),
    _text("what"),
    _text("at"),
    _text("url", null=True),
    _text("publisher", null=True),
    Index("foreign_appearance_asset", "asset"),
)
foreign_signature = _table(
    "foreign_signature",
    _name("scheme"),
    _name("asset"),
    _name("origin"),
    _integer("entry"),
    _integer("width"),
    _integer("pictures"),
    _bytes("codes"),
    Column("times", Json, nullable=False),
)
foreign_local_codes = _table(
    "foreign_local_codes",
    _name("scheme"),
    _name("asset"),
    _name("origin"),
    _number("part"),
    _integer("entry"),
    _integer("width"),
    _integer("pictures"),
    _integer("points"),
)

foreign_sound = _table(
    "foreign_sound",
    _name("scheme"),
    _name("asset"),
    _name("origin"),
    _integer("entry"),
    _integer("codes"),
)

FOREIGN = (
    foreign_asset,
    foreign_stream,
    foreign_appearance,
    foreign_signature,
    foreign_local_codes,
    foreign_sound,
)
