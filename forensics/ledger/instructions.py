"""VERIFY.txt: what an outsider can check in a bundle, and with which public tools, in plain words."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from forensics.ledger import bundle as names


def instructions(origin: str, size: int, files: Collection[str], *, since: int | None) -> str:
    """Returns the text for one bundle.

    Args:
        origin: The log's name.
        size: How many entries the bundle's checkpoint signs.
        files: Names of all other files in the bundle, beginning with "data/".
        since: Size of the earlier bundle that this one continues, or None.
    """
    note = f"{names.CHECKPOINTS}{size}/{names.NOTE}"
    parts = [_HEAD.format(origin=origin, size=size), _SUMS, _KEY.format(note=note), _TREE]
    if names.LEAVES in files:
        parts.append(_LEAVES)
    if since is not None:
        parts.append(_SINCE.format(since=since, size=size))
    if any(name.endswith(names.COSIGNED) for name in files):
        parts.append(_WITNESSES)
    if any(name.endswith(".tsr") for name in files):
        parts.append(_TOKENS)
    if any(name.endswith(".ots") for name in files):
        parts.append(_STAMPS)
    if names.DISCLOSURES in files:
        parts.append(_DISCLOSED)
    if any(name.startswith(names.EVIDENCE) for name in files):
        parts.append(_EVIDENCE)
    parts += [_SEALED, _LIMITS.format(size=size)]
    steps = count(1)
    return re.sub(r"(?m)^N\.", lambda _: f"{next(steps)}.", "\n".join(parts))


_HEAD = """\
HOW TO VERIFY THIS BUNDLE WITHOUT THE PROGRAM THAT MADE IT

This is part of the log {origin}: its first {size} entries, numbered from 0.
With the program it is one command, which needs no network and no settings:

    forensics verify BUNDLE.zip --key "the log's key, as its owner told you"

Without it, step by step, in the folder that unpacking made. The format is
public: docs/ledger-format.md of the program, and the specifications named
below.
"""
_SUMS = """\
N. Are the files those that were packed?           (tool: sha256sum)

    sha256sum --check tagmanifest-sha256.txt manifest-sha256.txt

   This shows damage. It does not show who packed them: whoever passed the
   bundle on could have made new sums. The steps below do not rely on it.
"""
_KEY = """\
N. Who signed?    (tools: Go's golang.org/x/mod/sumdb/note, or any Ed25519)

   {note}
   is a C2SP signed note (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): the
   log's name, how many entries, the root of their Merkle tree in base64; an
   empty line; the signature of all above the empty line.
   data/log/key.txt names the key. That is the owner's own word, and whoever
   made this bundle could have written it: ask the owner by another way.
"""
_TREE = """\
N. Are the entries those that were signed?   (any code for RFC 6962 or 9162)

   data/log/entries.txt has a line for each entry: its number, a tab, its
   body. What is hashed is the body, without number, tab and line end. The
   leaf hash of entry 0 with standard tools:

    (printf '\\000'; head -n 1 data/log/entries.txt | cut -f 2- | tr -d '\\n') | sha256sum

   The Merkle tree hash (RFC 6962 section 2.1) of all leaves in order is the
   root in the checkpoint. Go: golang.org/x/mod/sumdb/tlog, or
   github.com/transparency-dev/merkle. Bodies are JSON in the canonical form
   of RFC 8785.
"""
_LEAVES = """\
   Not all bodies are in this bundle. data/log/leaves.txt has the leaf hash of
   every entry in order, in hexadecimal; the root follows from these. The
   bodies that are here must have the leaf hash of their number. What the
   others say is not told, and that they exist is.
"""
_SINCE = """\
   Is it the same log as in the earlier bundle of {since} entries? The lines
   between the first and the empty one in data/since/proof.txt are a
   consistency proof (RFC 6962 section 2.1.2) from {since} to {size} entries.
   Compare data/since/checkpoint.txt with the one in the bundle that you hold.
"""
_WITNESSES = """\
N. Who else saw it?                     (c2sp.org/tlog-cosignature)

   cosigned.txt beside a checkpoint is the same checkpoint with the lines of
   witnesses. Each says when a witness saw that checkpoint, and that the log
   had only grown until then. You need the witnesses' keys, from them.
"""
_TOKENS = """\
N. When did it exist?                   (tool: openssl)

   A file .tsr beside a checkpoint is an RFC 3161 time-stamp token over the
   exact bytes of checkpoint.txt. In the folder of that checkpoint, with the
   authority's root certificate, from the authority, as root.pem:

    openssl ts -verify -token_in -in rfc3161-1.tsr -data checkpoint.txt -CAfile root.pem

   Where the authority's certificate has ended since, add -attime and the time
   of the token in seconds since 1970: it had to be valid then, not now.
   A token says "not later than"; nothing here says "not earlier than".
"""
_STAMPS = """\
   A file .ots is an OpenTimestamps proof (opentimestamps.org) over the same
   bytes. As long as it names no block, it was submitted and proves nothing.
"""
_DISCLOSED = """\
N. Are the disclosed values those of the log?

   data/disclosures.txt has a line for each value that may tell about a
   person: entry, key, salt (hexadecimal), value. SHA-256 over a zero byte,
   the salt and the value as a JSON text is the entry's commitment of that
   key. In the log itself stand the commitments only.
"""
_EVIDENCE = """\
N. Are the originals those that were examined?     (tool: sha256sum)

   Each file in data/evidence/ is named after its SHA-256. Entries whose
   subject is sha256:<that name> are about it.
"""
_SEALED = """\
What is sealed, and what is not

   Sealed by the log (steps 2 and 3): data/log/entries.txt, data/log/leaves.txt,
   every checkpoint.txt; through them the disclosed values, the originals
   whose SHA-256 an entry names, and the proof since an earlier bundle.
   Proved by their makers' keys: cosigned.txt, .tsr, .ots.
   Listed by the manifest only, so that whoever passed the bundle on could
   have changed them: this file, bag-info.txt, data/log/key.txt,
   data/policy.txt and everything in data/reports/. The log's owner recorded the SHA-256 of the
   whole bundle in a later entry, which the next bundle has.
"""
_LIMITS = """\
What stays open

   The owner has the key. Until somebody else held one of these checkpoints,
   the owner could have written any of these entries anew. Now you hold the
   checkpoint of {size} entries: nothing among them can be changed any more
   without contradicting it. Entries after them are not in this bundle.
   That an entry was recorded does not say that what it says is true.
"""
