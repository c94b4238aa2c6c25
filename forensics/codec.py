"""Model values as plain JSON values and back: one form for worker messages, entries and reports.

Enums become their text, fractions "n/d", bytes hexadecimal (local codes and thumbnails, which are long,
base64); the four results of an outcome carry their status in `status`. Nothing is pickled: what comes
out of a worker was made next to hostile media.
"""

from __future__ import annotations

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


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook(Fraction, ratio)
    converter.register_structure_hook(Fraction, lambda text, _: Fraction(text))
    converter.register_unstructure_hook(bytes, bytes.hex)
    converter.register_structure_hook(bytes, lambda text, _: bytes.fromhex(text))
    # Not register_structure_hook: that would take enums, which are text as well.
    converter.register_structure_hook_func(
        lambda kind: kind is str, lambda text, _: well_formed(text)
    )
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


_CONVERTER = _converter()


def plain(value: object, as_type: Any = None) -> Any:
    """Returns `value` as JSON values: dicts, lists, text, integers, booleans, None."""
    return _CONVERTER.unstructure(value, unstructure_as=as_type)


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
