"""PDF: who made it and when, each time it was saved, and what it holds.

Source: ISO 32000-1:2008, ISO 32000-2:2020. Own bounded reading: nothing is drawn, run or fetched. Black boxes
and other coverings are not judged: that text lies under a shape does not say why.
"""

from __future__ import annotations

from typing import Any, Final

from forensics.inside.making import part
from forensics.inside.pdfcontent import Content, xmp
from forensics.inside.pdffile import MAX_PDF, PdfFile
from forensics.inside.pdfobjects import Ref, entry, text
from forensics.inside.pdfplaces import places
from forensics.inside.window import Window
from forensics.model import Part

MAX_PAGES: Final = 5000
"""Pages that are counted through."""
_PERSONAL: Final = frozenset({"Title", "Author", "Subject", "Keywords"})
_MEANINGS: Final = {
    "Producer": "program that wrote the PDF",
    "Creator": "program in which the document was made",
    "CreationDate": "when the document was made, as stated",
    "ModDate": "when it was last changed, as stated",
}
_TOLD: Final = ("Producer", "Creator", "CreationDate", "ModDate")


def read_pdf(window: Window) -> Part:
    """Reads a PDF.

    Returns:
        "PDF" with its version, "Generations" (each saving: objects added, replaced, deleted, and what its
        information said then), "Info", "XMP", "Pages", "Fonts", "Images", "Layers", "Hidden text",
        "Attachments", "Scripts", "Actions", "Links", "Signatures", "Annotations", "Viewport" and "LGIDict".

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    if window.size > MAX_PDF:
        trouble = f"It has {window.size} bytes; at most {MAX_PDF} are read."
        return part(window, "PDF", start=0, size=window.size, trouble=trouble)
    file = PdfFile.read(window)
    trailer = file.trailer
    root = file.of(trailer.get("Root"))
    parts = [*_head(window, file, root, trailer), _generations(window, file)]
    trouble_said = file.trouble
    if "Encrypt" in trailer:
        parts.append(_encryption(window, file, trailer))
    else:
        info = file.of(trailer.get("Info"))
        if isinstance(info, dict):
            parts.append(part(window, "Info", parts=_information(window, file, info)))
        metadata = entry(root, "Metadata")
        held = file.object(metadata.number) if isinstance(metadata, Ref) else None
        if held is not None and held.start is not None:
            parts.append(xmp(file, window, held))
    pages = _pages(file, root)
    parts.append(part(window, "Pages", len(pages), trouble=_uncounted(pages)))
    parts += _catalog(window, file, root)
    if "Encrypt" not in trailer:
        parts += Content(file, window, pages).parts()
        parts += places(window, file, pages)
    if file.budget.left <= 0:
        trouble_said = "It holds more than is read of one file; what is listed here is not all."
    return part(
        window,
        "PDF",
        start=0,
        size=window.size,
        trouble=trouble_said,
        parts=tuple(parts),
    )


def _head(window: Window, file: PdfFile, root: Any, trailer: dict[str, Any]) -> list[Part]:
    at = file.data[:1024].find(b"%PDF-")
    parts: list[Part] = []
    if at >= 0:
        version = file.data[at + 5 : at + 13].split()[:1]
        trouble = f"{at} bytes stand before it." if at else None
        said = version[0].decode("latin-1") if version else ""
        parts.append(part(window, "Version", said, start=at, size=5 + len(said), trouble=trouble))
    later = text(file.get(root, "Version"))
    if later:
        parts.append(part(window, "Version in catalog", later, meaning="counts where it is later"))
    if file.linearized is not None:
        said = "written so that it can be shown while it loads"
        if file.linearized < window.size:
            said += "; changed after that"
        parts.append(part(window, "Linearized", file.linearized, meaning=f"bytes then; {said}"))
    parts += _identifiers(window, file, trailer)
    if file.marks:
        behind = len(file.data) - file.marks[-1] - 5
        if behind > 2 and file.data[file.marks[-1] + 5 :].strip(b"\r\n \t\0"):
            start = file.marks[-1] + 5
            meaning = "bytes behind the last end mark"
            parts.append(
                part(window, "Trailing data", behind, start=start, size=behind, meaning=meaning)
            )
    return parts


def _identifiers(window: Window, file: PdfFile, trailer: dict[str, Any]) -> list[Part]:
    """The pair of identifiers (section 14.4): the first stays, the second changes with each saving."""
    pair = file.of(trailer.get("ID"))
    if not isinstance(pair, list) or len(pair) != 2:
        return []
    first, second = (v.hex() if isinstance(v := file.of(one), bytes) else "" for one in pair)
    same = "equal to the second: not saved again since, as far as the writer says"
    other = "another than the second: saved again since it was first written"
    return [
        part(window, "First identifier", first, meaning=same if first == second else other),
        part(window, "Second identifier", second),
    ]


def _generations(window: Window, file: PdfFile) -> Part:
    found: list[Part] = []
    start, told = 0, dict[str, str]()
    for index, (generation, change) in enumerate(
        zip(file.generations, file.changes(), strict=True)
    ):
        facts = [part(window, "Objects", change.added, meaning="added" if index else "written")]
        facts += [
            part(window, name, count)
            for name, count in (("Replaced", change.replaced), ("Deleted", change.deleted))
            if count
        ]
        facts.append(part(window, "Table", "stream" if generation.stream else "text"))
        if "Encrypt" not in file.trailer:
            now = _told(file, index)
            facts += [part(window, k, v) for k, v in now.items() if told.get(k) != v]
            told = now
        end = max(start, generation.end)
        found.append(
            part(
                window,
                "Generation",
                index + 1,
                start=start,
                size=end - start,
                meaning="appended: a change saved behind what was there" if index else "",
                parts=tuple(facts),
            )
        )
        start = end
    trouble = None
    expected = len(found) + (file.linearized is not None)
    if len(file.marks) > expected and file.trouble is None:
        trouble = (
            f"The file has {len(file.marks)} end marks where {expected} are expected: there may be an "
            "older or inserted document in it."
        )
    meaning = (
        "savings that can be told apart; a program can also write a changed document anew as one"
    )
    return part(
        window, "Generations", len(found), meaning=meaning, trouble=trouble, parts=tuple(found)
    )


def _told(file: PdfFile, index: int) -> dict[str, str]:
    """What the information said when a generation was written."""
    reference = next(
        (g.trailer["Info"] for g in reversed(file.generations[: index + 1]) if "Info" in g.trailer),
        None,
    )
    info = file.of(reference, index)
    said = {key: text(file.of(entry(info, key), index)) for key in _TOLD}
    return {key: value for key, value in said.items() if value}


def _information(window: Window, file: PdfFile, info: dict[str, Any]) -> tuple[Part, ...]:
    """The document information (section 14.3.3); fields of programs' own are shown as well."""
    said = [(key, text(file.of(value))) for key, value in list(info.items())[:100]]
    return tuple(
        part(
            window,
            key,
            value,
            meaning=_MEANINGS.get(key, ""),
            personal=key in _PERSONAL or key not in {*_MEANINGS, "Trapped"},
        )
        for key, value in said
        if value is not None
    )


def _encryption(window: Window, file: PdfFile, trailer: dict[str, Any]) -> Part:
    settings = file.of(trailer.get("Encrypt"))
    facts = [("Filter", text(file.get(settings, "Filter")))]
    facts += [
        (key, str(value))
        for key in ("V", "R", "Length", "P")
        if isinstance(value := file.get(settings, key), int)
    ]
    return part(
        window,
        "Encryption",
        trouble="Its texts and streams are encrypted, so that what they hold is not read here.",
        parts=tuple(part(window, n, v) for n, v in facts if v),
    )


def _pages(file: PdfFile, root: Any) -> list[int]:
    """Numbers of the page objects in order of pages (section 7.7.3); each branch is followed once."""
    start = entry(root, "Pages")
    pending, seen, found = [start], set[int](), list[int]()
    while pending and len(found) <= MAX_PAGES:
        reference = pending.pop()
        if not isinstance(reference, Ref) or reference.number in seen:
            continue
        seen.add(reference.number)
        node = file.of(reference)
        kids = file.get(node, "Kids")
        if isinstance(kids, list):
            pending.extend(reversed(kids[: MAX_PAGES + 1]))
        elif isinstance(node, dict):
            found.append(reference.number)
    return found


def _uncounted(pages: list[int]) -> str | None:
    return f"Only the first {MAX_PAGES} were counted." if len(pages) > MAX_PAGES else None


def _catalog(window: Window, file: PdfFile, root: Any) -> list[Part]:
    parts: list[Part] = []
    language = text(file.get(root, "Lang"))
    if language:
        parts.append(part(window, "Language", language))
    form = file.get(root, "AcroForm")
    if isinstance(form, dict):
        fields = file.get(form, "Fields")
        count = len(fields) if isinstance(fields, list) else 0
        xfa = "; filled in by rules in XML (XFA)" if "XFA" in form else ""
        parts.append(part(window, "Form fields", count, meaning=f"outermost fields{xfa}"))
    parts.extend(
        part(window, key, meaning="something is done when the document is opened")
        for key in ("OpenAction", "AA")
        if entry(root, key) is not None
    )
    return parts
