"""Model values as plain JSON values and back: one form for worker messages, entries and reports.

Enums become their text, fractions "n/d", bytes hexadecimal (local codes and thumbnails, which are long,
base64); the four results of an outcome carry their status in `status`. Nothing is pickled: what comes
out of a worker was made next to hostile media.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from fractions import Fraction
from typing import Any, TypeVar

import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.strategies import configure_tagged_union

from forensics.errors import MediaError
from forensics.model import LocalCodes, Look, Part, Result

T = TypeVar("T")

_STATUS = {"Ran": "ran", "NotApplicable": "not-applicable", "NotRun": "not-run", "Failed": "failed"}


_RATIO = re.compile(r"-?\d{1,400}(/[1-9]\d{0,399})?", re.ASCII)
"""Long enough for every number that a media library states; no exponents, which can take forever."""


def _converter(*, strict: bool) -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=strict, detailed_validation=False)
    converter.register_unstructure_hook(Fraction, ratio)
    converter.register_structure_hook(Fraction, lambda text, _: _fraction(text))
    converter.register_unstructure_hook(bytes, bytes.hex)
    converter.register_structure_hook(bytes, lambda text, _: bytes.fromhex(text))
    # Enums are text as well, and come here too.
    converter.register_structure_hook(
        str, lambda value, kind: _text(value, strict=strict) if kind is str else kind(value)
    )
    if not strict:
        converter.register_structure_hook(int, lambda value, _: _exactly(value, int))
        converter.register_structure_hook(bool, lambda value, _: _exactly(value, bool))
    converter.register_structure_hook(int | str, lambda value, _: _int_or_text(value))
    converter.register_structure_hook(
        int | str | None, lambda value, _: None if value is None else _int_or_text(value)
    )
    converter.register_unstructure_hook(  # trees are long, and most of their fields are empty
        Part, make_dict_unstructure_fn(Part, converter, _cattrs_omit_if_default=True)
    )
    _long_bytes(converter, LocalCodes, "points", "codes")
    _long_bytes(converter, Look, "thumbnail")
    configure_tagged_union(
        Result, converter, tag_name="status", tag_generator=lambda c: _STATUS[c.__name__]
    )
    return converter


def _long_bytes(converter: cattrs.Converter, kind: type, *names: str) -> None:
    """Carries the named fields of `kind` as base64: a third shorter than hexadecimal."""
    as_text = override(
        unstruct_hook=lambda value: b64encode(value).decode("ascii"),
        struct_hook=lambda text, _: b64decode(text, validate=True),
    )
    fields: dict[str, Any] = dict.fromkeys(names, as_text)
    converter.register_unstructure_hook(kind, make_dict_unstructure_fn(kind, converter, **fields))
    converter.register_structure_hook(
        kind,
        make_dict_structure_fn(
            kind,
            converter,
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=False,
            **fields,
        ),
    )


def _text(value: object, *, strict: bool) -> str:
    """Returns text that UTF-8 can carry; a worker may have put a number where text belongs, an entry not."""
    return well_formed(str(value) if strict else _exactly(value, str))


def _exactly(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind) or type(value) is not kind:
        raise TypeError(f"expected {_KINDS[kind]}, found {type(value).__name__}")
    return value


_KINDS: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


def _int_or_text(value: object) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"expected a whole number or text, found {type(value).__name__}")
    return well_formed(value) if isinstance(value, str) else value


def well_formed(text: str) -> str:
    r"""Returns text that UTF-8 can carry: half a surrogate pair becomes "\udcff", six characters.

    File names and damaged metadata can hold such halves; neither a log entry nor a report can.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def ratio(value: Fraction) -> str:
    """Returns "n/d" in lowest terms, the denominator always written."""
    return f"{value.numerator}/{value.denominator}"


def _fraction(text: object) -> Fraction:
    if not isinstance(text, str) or not _RATIO.fullmatch(text):
        raise ValueError("expected a ratio n/d")
    return Fraction(text)


_CONVERTER = _converter(strict=True)
_LENIENT = _converter(strict=False)


def plain(value: object, as_type: Any = None) -> Any:
    """Returns `value` as JSON values: dicts, lists, text, integers, booleans, None."""
    return _CONVERTER.unstructure(value, unstructure_as=as_type)


def recall(data: object, as_type: type[T]) -> T:
    """Returns the model value that an entry holds; keys that a newer program added are passed over.

    Raises:
        ValueError: `data` is not of that form; says how.
    """
    try:
        return _LENIENT.structure(data, as_type)
    except Exception as error:  # what is raised depends on where the form breaks
        raise ValueError(str(error) or type(error).__name__) from error


def revive(data: object, as_type: type[T]) -> T:
    """Returns the model value that `plain` made `data` from.

    Raises:
        MediaError: `data` is not of that form: the worker that sent it went wrong.
    """
    try:
        return _CONVERTER.structure(data, as_type)
    except Exception as error:  # what is raised depends on where the form breaks
        raise MediaError(
            f"What the worker read is not of the form expected: {type(error).__name__}.",
            hint="The file may be made to take over decoders: treat it with care.",
        ) from error
