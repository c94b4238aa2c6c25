"""PDF files made on the spot: objects, tables as text and as streams, appended savings."""

from __future__ import annotations

import zlib
from collections.abc import Mapping


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def packed(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data), b"/Filter /FlateDecode " + entries)


class Made:
    """A file that is written piece by piece, each saving behind the one before."""

    def __init__(self, version: bytes = b"1.7") -> None:
        self.data = b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"
        self.last: int | None = None
        self.size = 1

    def _objects(self, objects: Mapping[int, bytes]) -> dict[int, int]:
        places = {}
        for number, body in objects.items():
            places[number] = len(self.data)
            self.data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
            self.size = max(self.size, number + 1)
        return places

    def _end(self, at: int) -> Made:
        self.last = at
        self.data += b"startxref\n%d\n%%%%EOF\n" % at
        return self

    def save(
        self, objects: Mapping[int, bytes], trailer: bytes = b"", freed: tuple[int, ...] = ()
    ) -> Made:
        """Appends objects, a table as text and a trailer."""
        places = self._objects(objects)
        lines = {n: b"%010d 00000 n \n" % at for n, at in places.items()}
        lines |= dict.fromkeys(freed, b"0000000000 00001 f \n")
        if self.last is None:
            lines[0] = b"0000000000 65535 f \n"
        at = len(self.data)
        table = b"".join(b"%d 1\n%s" % (n, lines[n]) for n in sorted(lines))
        before = b"" if self.last is None else b"/Prev %d " % self.last
        self.data += b"xref\n%strailer\n<< /Size %d %s%s >>\n" % (table, self.size, before, trailer)
        return self._end(at)

    def save_packed(
        self, objects: Mapping[int, bytes], inside: Mapping[int, bytes], trailer: bytes = b""
    ) -> Made:
        """Appends objects, others in an object stream, and a table as a stream with predicted rows."""
        holder = max({*objects, *inside, self.size - 1}) + 1
        index = b" ".join(
            b"%d %d" % (n, len(b"".join(b + b"\n" for b in list(inside.values())[:i])))
            for i, n in enumerate(inside)
        )
        body = index + b"\n" + b"".join(b + b"\n" for b in inside.values())
        entries = b"/Type /ObjStm /N %d /First %d" % (len(inside), len(index) + 1)
        places = self._objects({**objects, holder: packed(body, entries)})
        at, table = len(self.data), holder + 1
        rows = {n: bytes([1]) + place.to_bytes(3, "big") + b"\0" for n, place in places.items()}
        rows |= {
            n: bytes([2]) + holder.to_bytes(3, "big") + bytes([i]) for i, n in enumerate(inside)
        }
        rows |= {table: bytes([1]) + at.to_bytes(3, "big") + b"\0"}
        before, data = bytes(5), b""
        for number in sorted(rows):
            row = rows[number]
            data += b"\x02" + bytes((a - b) & 255 for a, b in zip(row, before, strict=True))
            before = row
        numbers = b" ".join(b"%d 1" % n for n in sorted(rows))
        previous = b"" if self.last is None else b"/Prev %d " % self.last
        settings = b"/DecodeParms << /Predictor 12 /Columns 5 >>"
        self._objects(
            {
                table: packed(
                    data,
                    b"/Type /XRef /W [1 3 1] /Index [%s] /Size %d %s %s%s"
                    % (numbers, table + 1, settings, previous, trailer),
                )
            }
        )
        return self._end(at)


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="A writer"/>'
    b"</rdf:RDF></x:xmpmeta>"
)

CATALOG = {
    1: b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /Lang (uk-UA) >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
    4: packed(b"BT /F1 12 Tf (seen) Tj 3 Tr (not \\(3 Tr\\) seen) Tj q 0 Tr (x) Tj Q [(y)] TJ ET"),
    5: b"<< /Producer (Writer 1) /CreationDate (D:20250102030405+02'00') /Author <FEFF042E> >>",
    6: stream(XMP, b"/Type /Metadata /Subtype /XML"),
}
TRAILER = b"/Root 1 0 R /Info 5 0 R /ID [<AA> <AA>]"


def plain() -> bytes:
    """One page, saved once."""
    return Made().save(CATALOG, TRAILER).data


def changed() -> bytes:
    """The same, changed twice."""
    made = Made().save(CATALOG, TRAILER)
    made.save(
        {
            5: b"<< /Producer (Editor 2) /ModDate (D:20250607080910Z) >>",
            7: b"<< /Type /Annot /Subtype /Redact /Rect [0 0 9 9] >>",
        },
        b"/Root 1 0 R /Info 5 0 R /ID [<AA> <BB>]",
    )
    made.save({8: b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"}, b"/Root 1 0 R", freed=(7,))
    return made.data


def modern() -> bytes:
    """One page, its objects in object streams and its tables in streams."""
    inside = {n: CATALOG[n] for n in (1, 2, 3, 5)}
    made = Made().save_packed({n: CATALOG[n] for n in (4, 6)}, inside, TRAILER)
    made.save_packed({}, {5: b"<< /Producer (Editor 2) >>"}, TRAILER)
    return made.data
