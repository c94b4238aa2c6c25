"""Does the file carry a content credential (C2PA), is the file as it was signed, and by whom?

Reads credentials by c2pa-python, without any network. Integrity, signature and trust in the signer are three
answers, never one.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import ClassVar, Final

import numpy as np
from PIL import Image

from forensics.inside.credential_answers import MANIFEST, Credentials, Signature, Thumbnail, Trust
from forensics.inside.credential_codes import FAILED_CHECKS
from forensics.inside.credentials import KeptElsewhere, read_credentials, trust_list
from forensics.inside.partly import LIMIT, read_in_part
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Direction,
    Exhibit,
    Finding,
    Measurement,
    MediaKind,
    Part,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.questions import CHANGED_AFTER_SIGNING

MAX_LISTED: Final = 20
"""Actions, ingredients and problems that are listed; the tree of `forensics inspect` has them all."""
MAX_SHOWN: Final = 200
"""Characters of one text from a credential."""
MAX_PIXELS: Final = 16_000_000
"""Of a thumbnail; larger ones are not decoded."""

_C2PA = "C2PA Technical Specification 2.4"
_CAVEATS = (
    Caveat(
        id="who-not-what",
        text="A credential says who signed these bytes and what they state; it cannot say whether what is"
        " shown took place.",
    ),
    Caveat(
        id="absence-is-ordinary",
        text="Most files carry no credential, and platforms remove them: that there is none says nothing.",
    ),
    Caveat(
        id="nothing-is-fetched",
        text="Nothing is fetched: neither credentials that are kept elsewhere, nor whether a certificate"
        " was revoked since.",
    ),
)
_TOUCHED = Caveat(
    id="programs-that-do-not-know-credentials",
    text="A program that does not know credentials breaks them by any ordinary change, such as a"
    " new caption.",
)


class ContentCredentials:
    """See the module's docstring."""

    name: ClassVar[str] = "content-credentials"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(
        {MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.DOCUMENT, MediaKind.DRAWING}
    )
    needs: ClassVar[frozenset[Capability]] = frozenset({Capability.C2PA})
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.INTEGRITY})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="integrity",
            unit="text",
            meaning="Whether the file fits the signed hash.",
            source=_C2PA,
        ),
        Quantity(
            key="signature",
            unit="text",
            meaning="Whether the signature fits the claim.",
            source=_C2PA,
        ),
        Quantity(
            key="trust",
            unit="text",
            meaning="Whether the signer is on the trust list.",
            source=_C2PA,
        ),
        Quantity(key="trust-list", unit="text", meaning="The trust list that was used."),
        Quantity(key="tool", unit="text", meaning="What read the credential."),
        LIMIT,
        Quantity(
            key="code", unit="text", meaning="Status code of a check that failed.", source=_C2PA
        ),
        Quantity(key="check", unit="text", meaning="What such a check found."),
        Quantity(
            key="signer", unit="text", meaning="Names in the signer's certificate.", personal=True
        ),
        Quantity(key="signed-at", unit="time", meaning="When it was signed, by its time stamp."),
        Quantity(key="valid-from", unit="time", meaning="Start of the certificate's term."),
        Quantity(key="valid-until", unit="time", meaning="End of the certificate's term."),
        Quantity(key="program", unit="text", meaning="Program that made the claim, as stated."),
        Quantity(key="action", unit="text", meaning="What was done, as stated, in stored order."),
        Quantity(key="actions", unit="count", meaning="Actions that are stated."),
        Quantity(key="ingredients", unit="count", meaning="Earlier files that went in, as stated."),
        Quantity(
            key="title", unit="text", meaning="Title of an ingredient, as stated.", personal=True
        ),
        Quantity(key="relationship", unit="text", meaning="How an ingredient went in, as stated."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = _CAVEATS

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields whether there is a credential, whether it holds, and what it states."""
        try:
            found = read_credentials(context.path, asset.mime, trust_list())
        except KeptElsewhere as elsewhere:
            yield Finding(id="kept-elsewhere", template=str(elsewhere), diagnostic=Diagnostic.NO)
            return
        context.check_deadline()
        partly = read_in_part(context.carried)
        if found is None and partly:
            yield partly
            return
        if found is None:
            yield Finding(
                id="no-credential",
                template="The file carries no content credential.",
                diagnostic=Diagnostic.NO,
            )
            return
        yield _present(found)
        yield from _judgement(found)
        yield from _reservations(found)
        yield from _stated(found, context)


def _present(found: Credentials) -> Finding:
    manifest = _manifest(found)
    names = (manifest.text("signature_info", key) for key in ("issuer", "common_name"))
    signer = ", ".join(dict.fromkeys(name for name in names if name))
    measured = [
        _text("integrity", found.integrity.value),
        _text("signature", found.signature.value),
        _text("trust", found.trust.value),
        _text("tool", found.tool),
    ]
    if found.trust_list:
        measured.append(_text("trust-list", found.trust_list))
    if signer:
        measured.append(_text("signer", signer, "signature_info"))
    if program := _program(manifest):
        measured.append(_text("program", program, "claim_generator"))
    if at := manifest.text("signature_info", "time"):
        measured.append(Measurement(key="signed-at", value=at[:MAX_SHOWN], unit="time"))
    return Finding(
        id="credential",
        template="The file carries a content credential. Its hash over the file: {integrity}. Its signature:"
        " {signature}. Its signer: {trust}.",
        measurements=tuple(measured),
        diagnostic=Diagnostic.NO,
    )


def _judgement(found: Credentials) -> Iterator[Finding]:
    """What bears on whether the file is as it was signed."""
    failed = [p for p in found.problems if p.code in FAILED_CHECKS]
    for of_ingredient in (False, True):
        codes = dict.fromkeys(p.code for p in failed if p.of_ingredient is of_ingredient)
        measured = tuple(
            m
            for code in list(codes)[:MAX_LISTED]
            for m in (_text("code", code), _text("check", FAILED_CHECKS[code]))
        )
        if measured and of_ingredient:
            yield Finding(
                id="ingredient-invalid",
                template="The credential of an ingredient is invalid: {check} ({code}).",
                measurements=measured,
                question=CHANGED_AFTER_SIGNING,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.YES,
                caveats=(_TOUCHED,),
            )
        elif measured:
            yield Finding(
                id="credential-invalid",
                template="The content credential is invalid: {check} ({code}).",
                measurements=measured,
                question=CHANGED_AFTER_SIGNING,
                direction=Direction.SUPPORTS_H1,
                diagnostic=Diagnostic.YES,
                caveats=(_TOUCHED,),
            )
    if found.holds and found.trust is Trust.TRUSTED:
        yield Finding(
            id="credential-trusted",
            template="The file is as it was signed, by a signer on the trust list {trust-list}.",
            measurements=(_text("trust-list", found.trust_list or ""),),
            question=CHANGED_AFTER_SIGNING,
            direction=Direction.SUPPORTS_H2,
            diagnostic=Diagnostic.YES,
        )
    elif found.holds:
        yield Finding(
            id="credential-holds",
            template="The file is as it was signed; the signer: {trust}.",
            measurements=(_text("trust", found.trust.value),),
            question=CHANGED_AFTER_SIGNING,
            direction=Direction.SUPPORTS_H2,
            diagnostic=Diagnostic.NO,
            caveats=(
                Caveat(
                    id="anyone-can-sign",
                    text="Anyone can change a file and sign it anew with a certificate of their own making.",
                ),
            ),
        )


def _reservations(found: Credentials) -> Iterator[Finding]:
    """What leaves an answer open, and says nothing against the file."""
    other = dict.fromkeys(p.code for p in found.problems if p.code not in FAILED_CHECKS)
    if other:
        yield Finding(
            id="other-checks",
            template="{tool} also reports {code}: that can come from its version or that of the credential.",
            measurements=(
                _text("tool", found.tool),
                *(_text("code", code) for code in list(other)[:MAX_LISTED]),
            ),
            diagnostic=Diagnostic.NO,
        )
    if found.partial:
        yield Finding(
            id="hash-leaves-out",
            template="The signed hash fits what it is over, but leaves out more of the file than the"
            " credential itself, so that changes there would not show.",
            diagnostic=Diagnostic.NO,
        )
    manifest = _manifest(found)
    term = [manifest.text("validity", key)[:MAX_SHOWN] for key in ("notBefore", "notAfter")]
    if not found.time_stamped and found.signature is Signature.VALID and all(term):
        yield Finding(
            id="signing-not-dated",
            template="No time stamp dates the signature; the signer's certificate holds from {valid-from} to"
            " {valid-until}, and whether it was signed in that term is open.",
            measurements=(
                Measurement(key="valid-from", value=term[0], unit="time"),
                Measurement(key="valid-until", value=term[1], unit="time"),
            ),
            diagnostic=Diagnostic.NO,
        )


def _stated(found: Credentials, context: Context) -> Iterator[Finding]:
    """What the credential says of how the file was made: the signer's word."""
    manifest = _manifest(found)
    actions = [p for p in manifest.all("action") if isinstance(p.value, str)]
    if actions:
        yield Finding(
            id="actions-stated",
            template="The credential states what was done ({actions}): {action}.",
            measurements=(
                Measurement(key="actions", value=len(actions), unit="count"),
                *(_text("action", str(p.value), "actions") for p in actions[:MAX_LISTED]),
            ),
            diagnostic=Diagnostic.NO,
        )
    ingredients = manifest.first("ingredients")
    held = ingredients.parts if ingredients else ()
    exhibits = tuple(_exhibits(found.thumbnails, context))
    if held:
        measured = [Measurement(key="ingredients", value=len(held), unit="count")]
        for part in held[:MAX_LISTED]:
            measured += [
                _text(key, value, "ingredients")
                for key in ("relationship", "title")
                if (value := part.text(key))
            ]
        yield Finding(
            id="ingredients-stated",
            template="The credential names earlier files that went into this one: {ingredients}.",
            measurements=tuple(measured),
            diagnostic=Diagnostic.NO,
            exhibits=exhibits,
        )
    elif exhibits:
        yield Finding(
            id="thumbnail-carried",
            template="The credential carries a small picture of the file when it was signed.",
            diagnostic=Diagnostic.NO,
            exhibits=exhibits,
        )


def _exhibits(thumbnails: tuple[Thumbnail, ...], context: Context) -> Iterator[Exhibit]:
    for number, thumbnail in enumerate(thumbnails, 1):
        context.check_deadline()
        picture = _decoded(thumbnail.data)
        if picture is not None:
            yield context.exhibit(
                f"thumbnail-{number}",
                picture,
                f"Small picture of {thumbnail.of}, as the credential carries it.",
            )


def _decoded(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None:
    """The picture as RGB, or None where it is none that is decoded here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return None
                return np.asarray(picture.convert("RGB"))
    except Exception:  # noqa: BLE001 - damaged pictures make decoders raise anything, and it is only shown
        return None


def _manifest(found: Credentials) -> Part:
    """The manifest in force; an empty part where there is none."""
    return next((p for p in found.part.parts if p.name == MANIFEST), Part(name=MANIFEST))


def _program(manifest: Part) -> str:
    info = manifest.first("claim_generator_info", "1")
    if info:
        return " ".join(filter(None, (info.text("name"), info.text("version"))))
    return manifest.text("claim_generator")


def _text(key: str, value: str, field: str | None = None) -> Measurement:
    where = Where(field=field) if field else None
    return Measurement(key=key, value=value[:MAX_SHOWN], unit="text", where=where)
