"""What a PDF's objects are: fonts, pictures, layers, attachments, scripts, links, signatures, hidden text.

Source: ISO 32000-1:2008 sections 7.11 (files), 8.11 (layers), 9 (text), 12 (annotations, actions,
signatures). Every object in use is looked at, also one that no page refers to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from forensics.inside.making import part
from forensics.inside.pdffile import PdfFile
from forensics.inside.pdfobjects import Malformed, Object, Ref, entry, text, words
from forensics.inside.window import Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_LISTED: Final = 500
"""Things of one sort that are listed."""
MAX_CONTENT: Final = 16 << 20
"""Bytes of pages' contents, unpacked, that are looked through for hidden text."""
_MAX_WORDS: Final = 500_000
"""Words of one page's content."""
_MAX_SCRIPT: Final = 1000
_HIDDEN: Final = frozenset({b"3", b"7"})
_SHOWN: Final = frozenset({b"Tj", b"TJ", b"'", b'"'})
_ACTIONS: Final = {
    "JavaScript": "a script that a reader of PDF may run",
    "Launch": "starts a program or opens a file",
    "URI": "a link",
    "SubmitForm": "sends what is filled in",
    "ImportData": "reads data from a file",
    "GoToR": "opens another document",
    "GoToE": "opens an attached document",
    "RichMediaExecute": "a command to what is embedded",
}
_FONT_FILES: Final = ("FontFile", "FontFile2", "FontFile3")


class Content:
    """Sorts the objects of a file; `parts` gives what was found, by sort."""

    def __init__(self, file: PdfFile, window: Window, pages: Sequence[int]) -> None:
        """Looks at every object; `pages` are the numbers of the page objects, in order."""
        self._file, self._window = file, window
        self._pages = dict(self._contents(pages))
        self._found: dict[str, list[Part]] = {}
        self._counts: Counter[str] = Counter()
        self._annotations: Counter[str] = Counter()
        self._fonts: set[tuple[str, ...]] = set()
        self._hidden_layers = self._layers_off()
        self._content_left = MAX_CONTENT
        main = entry(file.of(file.trailer.get("Root")), "Metadata")
        self._main = main.number if isinstance(main, Ref) else None
        for number in file.numbers():
            found = file.object(number)
            if found is not None:
                self._object(found)
            if file.budget.left <= 0:
                break

    def parts(self) -> tuple[Part, ...]:
        """Returns one part for each sort: its count, and the first `MAX_LISTED`."""
        sorts = (
            *("Fonts", "Images", "Layers", "Hidden text", "Attachments", "Scripts", "Actions"),
            *("Links", "Signatures", "Object metadata", "Private data"),
        )
        meanings = {
            "Layers": "parts of the pages that can be switched on and off",
            "Hidden text": "text that is not painted; usual over scanned pages that were read by a program",
            "Object metadata": "XMP of single objects, such as pictures, and of earlier savings",
            "Private data": "what programs keep for themselves",
        }
        found = [
            part(
                self._window,
                name,
                self._counts[name],
                meaning=meanings.get(name, ""),
                trouble=self._cut(name),
                parts=tuple(self._found[name]),
            )
            for name in sorts
            if name in self._found
        ]
        if self._annotations:
            each = tuple(
                part(self._window, k, n, meaning=_marked(k))
                for k, n in sorted(self._annotations.items())
            )
            found.append(
                part(self._window, "Annotations", sum(self._annotations.values()), parts=each)
            )
        return tuple(found)

    def _cut(self, name: str) -> str | None:
        if self._counts[name] <= MAX_LISTED:
            return None
        return f"Only the first {MAX_LISTED} are listed."

    def _keep(self, sort: str, made: Part) -> None:
        self._counts[sort] += 1
        listed = self._found.setdefault(sort, [])
        if self._counts[sort] <= MAX_LISTED:
            listed.append(made)

    def _contents(self, pages: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Number of each stream that is a page's content, and which page's."""
        for index, number in enumerate(pages, 1):
            found = self._file.object(number)
            contents = entry(found.value, "Contents") if found else None
            listed = self._file.of(contents)
            for one in listed if isinstance(listed, list) else [contents]:
                if isinstance(one, Ref):
                    yield one.number, f"Page {index}"

    def _object(self, found: Object) -> None:
        value = found.value
        if isinstance(value, dict):
            kind, sub = (self._file.of(value.get(k)) for k in ("Type", "Subtype"))
            if found.start is not None:
                if sub == "Image":
                    self._keep("Images", self._image(found))
                elif sub == "Form" or found.number in self._pages:
                    self._text(found, self._pages.get(found.number, f"Form {found.number}"))
                elif kind == "Metadata" and found.number != self._main:
                    self._keep("Object metadata", xmp(self._file, self._window, found))
        for inner in _dictionaries(value):
            self._dictionary(inner, found.number)

    def _dictionary(self, value: dict[str, Any], number: int) -> None:
        kind, sub = (self._file.of(value.get(k)) for k in ("Type", "Subtype"))
        if kind == "Font" or (kind is None and "BaseFont" in value):
            self._font(value, str(sub))
        elif kind == "OCG":
            off = number in self._hidden_layers
            name = text(self._file.of(value.get("Name")))
            meaning = "off when the document is opened" if off else ""
            self._keep("Layers", part(self._window, "Layer", name, meaning=meaning, personal=True))
        elif "EF" in value:
            self._keep("Attachments", self._attachment(value))
        elif "ByteRange" in value:
            self._keep("Signatures", self._signature(value))
        action = self._file.of(value.get("S"))
        if isinstance(action, str) and action in _ACTIONS:
            self._action(value, action)
        if "Rect" in value and isinstance(sub, str) and kind in {None, "Annot"}:
            self._annotations[sub[:40]] += 1
        private = self._file.of(value.get("PieceInfo"))
        if isinstance(private, dict):
            for name, data in private.items():
                changed = text(self._file.get(data, "LastModified"))
                self._keep(
                    "Private data", part(self._window, name, changed, meaning="last changed")
                )

    def _font(self, value: dict[str, Any], kind: str) -> None:
        name = text(self._file.of(value.get("BaseFont"))) or "(no name)"
        descriptor = self._file.of(value.get("FontDescriptor"))
        embedded = any(entry(descriptor, key) is not None for key in _FONT_FILES)
        subset = len(name) > 7 and name[6] == "+" and name[:6].isupper()
        held = "drawn in the document" if kind == "Type3" else "not embedded"
        if embedded:
            held = "embedded, only the characters used" if subset else "embedded"
        if kind == "Type0":
            held = "its descendant says whether it is embedded"
        if (name, kind, held) not in self._fonts and len(self._fonts) <= MAX_LISTED:
            self._fonts.add((name, kind, held))
            self._keep("Fonts", part(self._window, "Font", name, meaning=f"{kind}; {held}"))

    def _image(self, found: Object) -> Part:
        value, file = found.value, self._file
        width, height, bits = (
            file.of(value.get(k)) for k in ("Width", "Height", "BitsPerComponent")
        )
        space = file.of(value.get("ColorSpace"))
        space = file.of(space[0]) if isinstance(space, list) and space else space
        stated = [
            ("Filter", " ".join(file.filters(found)) or None),
            ("Colours", text(space)),
            ("Bits", bits),
        ]
        mask = " mask" if file.of(value.get("ImageMask")) is True else ""
        return part(
            self._window,
            "Image",
            f"{width} × {height}{mask}",
            start=found.start,
            size=file.length(found),
            meaning=f"object {found.number}",
            parts=tuple(part(self._window, n, v) for n, v in stated if isinstance(v, int | str)),
        )

    def _text(self, found: Object, where: str) -> None:
        """Counts text that is shown unpainted (section 9.3.6) in a page's or a form's content."""
        if self._content_left <= 0:
            return
        data = self._file.unpacked(found)
        if data is None or b"Tr" not in data:
            return
        self._content_left -= len(data)
        hidden = shown = 0
        modes, before = [b"0"], b""
        try:
            for word in words(data, _MAX_WORDS):
                if word == b"Tr":
                    modes[-1] = before
                elif word == b"q" and len(modes) < 100:
                    modes.append(modes[-1])
                elif word == b"Q" and len(modes) > 1:
                    modes.pop()
                elif word in _SHOWN:
                    hidden += modes[-1] in _HIDDEN
                    shown += modes[-1] not in _HIDDEN
                before = word
        except Malformed:
            pass  # the rest is no content
        if hidden:
            meaning = f"pieces of text not painted; {shown} others in it are"
            self._keep("Hidden text", part(self._window, where, hidden, meaning=meaning))

    def _attachment(self, value: dict[str, Any]) -> Part:
        file = self._file
        name = text(file.of(value.get("UF"))) or text(file.of(value.get("F")))
        inside = file.of(value.get("EF"))
        reference = next(
            (v for v in (entry(inside, k) for k in ("UF", "F")) if v is not None), None
        )
        stream = file.object(reference.number) if isinstance(reference, Ref) else None
        settings = file.get(stream.value, "Params") if stream else None
        facts: list[tuple[str, Any]] = [("Description", text(file.of(value.get("Desc"))))]
        facts.append(("Relationship", text(file.of(value.get("AFRelationship")))))
        facts.append(("Media type", text(file.get(stream.value, "Subtype")) if stream else None))
        facts.append(("Size", file.get(settings, "Size")))
        facts += [(k, text(file.get(settings, k))) for k in ("CreationDate", "ModDate")]
        return part(
            self._window,
            "Attachment",
            name,
            start=stream.start if stream else None,
            size=file.length(stream) if stream else None,
            personal=True,
            parts=tuple(
                part(self._window, n, v, personal=n == "Description")
                for n, v in facts
                if isinstance(v, int | str)
            ),
        )

    def _action(self, value: dict[str, Any], kind: str) -> None:
        if kind == "URI":
            address = text(self._file.of(value.get("URI")))
            self._keep("Links", part(self._window, "Link", address, meaning="not opened"))
            return
        script = value.get("JS")
        if kind == "JavaScript":
            self._keep(
                "Scripts",
                part(self._window, "Script", self._script(script), meaning=_ACTIONS[kind]),
            )
            return
        target = self._file.of(value.get("F"))
        name = text(entry(target, "F") if isinstance(target, dict) else target)
        self._keep("Actions", part(self._window, kind, name, meaning=_ACTIONS[kind]))

    def _script(self, script: Any) -> str | None:
        """The beginning of a script; none is run."""
        held = self._file.object(script.number) if isinstance(script, Ref) else None
        if held is not None and held.start is not None:
            return text((self._file.unpacked(held) or b"")[:_MAX_SCRIPT])
        said = text(self._file.of(script))
        return said[:_MAX_SCRIPT] if said else None

    def _signature(self, value: dict[str, Any]) -> Part:
        file = self._file
        keys = (
            ("Filter", False),
            ("SubFilter", False),
            ("Name", True),
            ("M", False),
            ("Reason", True),
        )
        facts = [
            part(self._window, key, said, personal=personal)
            for key, personal in (*keys, ("Location", True), ("ContactInfo", True))
            if (said := text(file.of(value.get(key)))) is not None
        ]
        covered = file.of(value.get("ByteRange"))
        trouble, meaning = "The bytes that it covers are not stated as four numbers.", ""
        if (
            isinstance(covered, list)
            and len(covered) == 4
            and all(isinstance(v, int) for v in covered)
        ):
            trouble, meaning = "", self._covers(covered)
        return part(
            self._window,
            "Signature",
            meaning=f"{meaning}; not verified here" if meaning else "not verified here",
            trouble=trouble or None,
            parts=tuple(facts),
        )

    def _covers(self, covered: list[int]) -> str:
        end, size = covered[2] + covered[3], self._window.size
        whole = covered[0] == 0 and end == size
        if whole:
            return "covers the whole file but for the signature itself"
        if covered[0] == 0 and 0 < end < size:
            return f"covers the first {end} bytes; {size - end} bytes were appended after it"
        return "does not cover a beginning of the file"

    def _layers_off(self) -> set[int]:
        root = self._file.of(self._file.trailer.get("Root"))
        off = self._file.get(self._file.get(self._file.get(root, "OCProperties"), "D"), "OFF")
        return {r.number for r in off if isinstance(r, Ref)} if isinstance(off, list) else set()


def xmp(file: PdfFile, window: Window, found: Object) -> Part:
    """Returns the XMP of a metadata stream.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    if found.start is not None and not file.filters(found):
        return read_xmp(window.inner(found.start, file.length(found)))
    data = file.unpacked(found)
    if data is None:
        return part(window, "XMP", trouble="It is packed in a way that is not read.")
    return read_xmp(window.unpacked(data))


def _marked(kind: str) -> str:
    if kind == "Redact":
        return "marked to be removed; what lies under such a mark is still in the file"
    return ""


def _dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary in an object, itself included."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending.extend(reversed(value.values()))
        elif isinstance(value, list):
            pending.extend(reversed(value))
