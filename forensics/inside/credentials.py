"""Content credentials (C2PA) by c2pa-python: is the file as it was signed, who signed it, and what is stated.

Three questions are kept apart, because each can be answered without the others: does the file fit the hash
that was signed (integrity), does the signature fit the claim (signature), and does the signer's certificate
lead to a list of trusted ones (trust). No list is shipped; one can be named (`TRUST_LIST`). Nothing is
fetched: neither manifests kept elsewhere nor the present state of certificates.

Call it in a worker (`forensics.media.worker`): the library reads hostile bytes in native code.

Sources: C2PA Technical Specification 2.4, sections 13 to 15 (validation and its status codes).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from forensics.codec import well_formed
from forensics.errors import MediaError, MissingCapability, NotFitting, UsageError
from forensics.inside.credential_answers import (
    EARLIER,
    MANIFEST,
    Credentials,
    Integrity,
    Problem,
    Signature,
    Thumbnail,
    Trust,
    TrustList,
)
from forensics.inside.credential_codes import (
    BINDINGS,
    DEPENDS_ON_TODAY,
    FAILED_CHECKS,
    SIGNATURE_FITS,
    SIGNATURE_WRONG,
    TIME_STAMPED,
    TRUSTED,
    UNTRUSTED,
)
from forensics.inside.credential_parts import Bounds, manifest_part
from forensics.inside.window import MAX_TEXT
from forensics.model.part import Part

TRUST_LIST: Final = "FORENSICS_TRUST_LIST"
"""Environment variable with the path of a list of trusted certificates, in PEM."""
MAX_LIST: Final = 16 << 20
"""Bytes of a trust list."""
MAX_PICTURES: Final = 12
"""Thumbnails taken out of one file's credentials."""
MAX_PICTURE: Final = 8 << 20
"""Bytes of one of them."""


class KeptElsewhere(MediaError):  # noqa: N818 - names what was found
    """The file names a place on a network where its credential is."""


def tool() -> str:
    """Returns the library that reads credentials, with its versions."""
    import c2pa  # noqa: PLC0415 - 23 MB of native code, only where it is needed

    return f"c2pa-python {version('c2pa-python')}, c2pa-rs {c2pa.sdk_version()}"


def trust_list(path: str | None = None) -> TrustList | None:
    """Reads a list of trusted certificates.

    Args:
        path: Where it is, empty for none; by default what `FORENSICS_TRUST_LIST` says.

    Returns:
        The list; None where none was named.

    Raises:
        UsageError: It cannot be read, is too long, or holds no certificate.
    """
    path = os.environ.get(TRUST_LIST) if path is None else path
    if not path:
        return None
    hint = "Name a file of certificates in PEM, or unset it to check no signer."
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_LIST + 1)
        pem = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The trust list cannot be read: {type(error).__name__}.", hint=hint
        ) from error
    if len(data) > MAX_LIST or "-----BEGIN CERTIFICATE-----" not in pem:
        raise UsageError("The trust list is too long or holds no certificate in PEM.", hint=hint)
    return TrustList(
        name=f"{Path(path).name} (SHA-256 {hashlib.sha256(data).hexdigest()[:16]})", pem=pem
    )


def read_credentials(path: Path, mime: str, trusted: TrustList | None = None) -> Credentials | None:
    """Reads and checks the credentials of a file.

    Args:
        path: The file.
        mime: What it is.
        trusted: Certificates to which a trusted signer leads.

    Returns:
        What was found, or None where the file carries none.

    Raises:
        MissingCapability: c2pa-python is not installed.
        NotFitting: Credentials are not read from this format.
        KeptElsewhere: It is not in the file.
        MediaError: This version of the library cannot read the file, or something like a credential in it.
    """
    try:
        import c2pa  # noqa: PLC0415 - 23 MB of native code, only where it is needed
    except (ImportError, OSError, RuntimeError) as error:
        raise MissingCapability(
            "c2pa-python, which reads content credentials, does not load here.",
            hint="See `forensics doctor`.",
        ) from error
    if mime not in c2pa.Reader.get_supported_mime_types():
        raise NotFitting("Content credentials are not read from this format.")
    try:
        with (
            c2pa.Context.from_dict(_settings(trusted)) as context,
            path.open("rb") as file,
            c2pa.Reader(mime, file, context=context) as reader,
        ):
            store, crypto = (
                json.loads(reader.json(), parse_float=str),
                json.loads(reader.crjson(), parse_float=str),
            )
            thumbnails = tuple(_thumbnails(reader, store, c2pa.C2paError))
    except c2pa.C2paError.ManifestNotFound:
        return None
    except (c2pa.C2paError, ValueError, RecursionError) as error:
        if isinstance(error, c2pa.C2paError.RemoteManifest) or str(error).startswith("Remote:"):
            raise KeptElsewhere(
                "The file says that its content credential is kept elsewhere; nothing is fetched.",
                hint="Ask for the credential, or for a copy of the file that carries it.",
            ) from error
        raise MediaError(
            f"Whether the file carries a content credential could not be told: {tool()} cannot read the "
            f"file, or a credential in it ({_kind(error)}).",
            hint="The file may be damaged, or a credential of a newer version; nothing follows from it.",
        ) from error
    return judged(store, crypto, trusted, thumbnails)


def _settings(trusted: TrustList | None) -> dict[str, Any]:
    """Everything that reaches outside is off; trust is checked even against no list, which says so."""
    return {
        "verify": {
            "verify_after_reading": True,
            "verify_trust": True,
            "ocsp_fetch": False,
            "remote_manifest_fetch": False,
        },
        "trust": {"user_anchors": trusted.pem} if trusted else {},
    }


def _kind(error: Exception) -> str:
    """The library's name for what went wrong, without what it quotes from the file."""
    return type(error).__name__.removeprefix("_C2pa")


def judged(
    store: Mapping[str, Any],
    crypto: Mapping[str, Any],
    trusted: TrustList | None,
    thumbnails: tuple[Thumbnail, ...],
) -> Credentials:
    """Turns the library's answer into the three answers and the tree.

    Args:
        store: Manifests and results of validation, as `Reader.json` gives them.
        crypto: The same as `Reader.crjson` gives them: the terms of certificates are only there.
        trusted: The list that was used.
        thumbnails: Pictures taken out.
    """
    results = _mapping(store.get("validation_results"))
    active = _mapping(results.get("activeManifest"))
    passed = {_text(s.get("code")) for s in _list(active.get("success"))}
    failed = [_problem(s, of_ingredient=False) for s in _list(active.get("failure"))]
    wrong = {p.code for p in failed}
    deltas = (_mapping(d.get("validationDeltas")) for d in _list(results.get("ingredientDeltas")))
    failed += [_problem(s, of_ingredient=True) for d in deltas for s in _list(d.get("failure"))]
    fits = any(f"assertion.{b}.match" in passed for b in BINDINGS)
    mismatch = any(f"assertion.{b}.mismatch" in wrong for b in BINDINGS)
    integrity = Integrity.NOT_CHECKED
    if fits != mismatch:
        integrity = Integrity.FITS if fits else Integrity.DOES_NOT_FIT
    signature = Signature.NOT_CHECKED
    if wrong & SIGNATURE_WRONG:
        signature = Signature.INVALID
    elif SIGNATURE_FITS in passed:
        signature = Signature.VALID
    trust = Trust.NO_LIST
    if trusted and TRUSTED in passed:
        trust = Trust.TRUSTED
    elif trusted:  # what has expired cannot be led to a list any more, whoever is on it
        trust = Trust.EXPIRED if wrong & DEPENDS_ON_TODAY else Trust.NOT_ON_LIST
    problems = tuple(
        p
        for p in failed
        if p.code not in {*UNTRUSTED, *DEPENDS_ON_TODAY} and not _only_partial(p, fits)
    )
    partial = fits and mismatch
    head = (
        Part(name="tool", value=tool(), meaning="what read and checked it"),
        Part(
            name="integrity",
            value=integrity.value,
            meaning=_INTEGRITY[integrity, partial],
            trouble=_CHANGED if integrity is Integrity.DOES_NOT_FIT else None,
        ),
        Part(
            name="signature",
            value=signature.value,
            meaning="whether the signature fits the claim",
            trouble=_UNSIGNED if signature is Signature.INVALID else None,
        ),
        Part(
            name="signer trust",
            value=trust.value if trusted is None else f"{trust.value}: {trusted.name}",
            meaning="whether the signer's certificate leads to one on the list of trusted ones",
        ),
        *(
            Part(
                name="problem",
                value=p.code,
                meaning=FAILED_CHECKS.get(p.code, "a check that this version of the library makes"),
                trouble=_trouble(p),
            )
            for p in problems
        ),
    )
    return Credentials(
        tool=tool(),
        integrity=integrity,
        partial=partial,
        signature=signature,
        trust=trust,
        trust_list=trusted.name if trusted else None,
        time_stamped=TIME_STAMPED in passed,
        problems=problems,
        part=Part(
            name="C2PA",
            meaning="content credentials: signed statements about the file",
            parts=(*head, *_manifests(store, crypto)),
        ),
        thumbnails=thumbnails,
    )


_CHANGED = "The file is not as it was signed: it was changed since, or damaged."
_UNSIGNED = (
    "The signature does not fit what it signs: nothing that the credential states is confirmed."
)


def _trouble(problem: Problem) -> str | None:
    """What is wrong, where the three answers do not say it; a code that may be of another version is not."""
    if problem.of_ingredient:
        return "It is about an ingredient."
    told = {*SIGNATURE_WRONG, *(f"assertion.{kind}.mismatch" for kind in BINDINGS)}
    if problem.code in told or problem.code not in FAILED_CHECKS:
        return None
    said = FAILED_CHECKS[problem.code]
    return f"{said[0].upper()}{said[1:]}."


_INTEGRITY = {
    (Integrity.FITS, False): "the file's bytes fit the hash that was signed",
    (Integrity.DOES_NOT_FIT, False): "the file's bytes do not fit the hash that was signed",
    (Integrity.NOT_CHECKED, False): "no hash over the file's bytes could be checked",
    (
        Integrity.NOT_CHECKED,
        True,
    ): "the hash fits what it is over, but leaves out more than the credential",
}


def _only_partial(problem: Problem, fits: bool) -> bool:
    return (
        fits
        and not problem.of_ingredient
        and problem.code in {f"assertion.{b}.mismatch" for b in BINDINGS}
    )


def _problem(status: Any, *, of_ingredient: bool) -> Problem:
    status = _mapping(status)
    label = _text(status.get("url")).removeprefix("self#jumbf=")
    return Problem(
        code=_text(status.get("code"))[:MAX_TEXT],
        label=label[:MAX_TEXT],
        of_ingredient=of_ingredient,
    )


def _manifests(store: Mapping[str, Any], crypto: Mapping[str, Any]) -> Iterator[Part]:
    """Every manifest, the one in force first."""
    terms = {}
    for manifest in map(_mapping, _list(crypto.get("manifests"))):
        signature = _mapping(manifest.get("signature"))
        certificate = _mapping(signature.get("certificateInfo"))
        terms[_text(manifest.get("label"))] = _mapping(certificate.get("validity"))
    manifests, active = _mapping(store.get("manifests")), store.get("active_manifest")
    bounds = Bounds()
    for label in sorted(manifests, key=lambda label: (label != active, label)):
        if bounds.keep():
            name = MANIFEST if label == active else EARLIER
            yield manifest_part(
                name, label, _mapping(manifests[label]), terms.get(label, {}), bounds
            )


def _thumbnails(
    reader: Any, store: Mapping[str, Any], failure: type[Exception]
) -> Iterator[Thumbnail]:
    """The pictures of the manifest in force: of the file when it was signed, then of its ingredients."""
    active = _mapping(_mapping(store.get("manifests")).get(_text(store.get("active_manifest"))))
    holders = [("the file when it was signed", active)]
    for number, ingredient in enumerate(_list(active.get("ingredients")), 1):
        holders.append((f"ingredient {number}", _mapping(ingredient)))
    for of, holder in holders[:MAX_PICTURES]:
        thumbnail = _mapping(holder.get("thumbnail"))
        target = _Bounded()
        try:
            reader.resource_to_stream(_text(thumbnail.get("identifier")), target)
        except (failure, ValueError):  # a picture that is named and not there is no reason to stop
            continue
        if data := target.getvalue():
            yield Thumbnail(of=of, mime=_text(thumbnail.get("format"))[:64], data=data)


class _Bounded(io.BytesIO):
    """A stream that takes no more than one picture may have."""

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > MAX_PICTURE:
            raise ValueError("larger than a thumbnail may be")
        return super().write(data)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return well_formed(value) if isinstance(value, str) else ""
