"""The objects of PDF: how they are written, and read with bounds.

Source: ISO 32000-1:2008 sections 7.2 and 7.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MAX_NESTED: Final = 50
"""Arrays and dictionaries in one another."""
MAX_VALUES: Final = 2_000_000
"""Words read of one file; each 32 bytes passed over count as one."""

_SPACE = rb"\x00\t\n\x0c\r "
_TOKEN = re.compile(
    rb"[" + _SPACE + rb"]*+(?:%[^\r\n]*+[" + _SPACE + rb"]*+)*+"
    rb"(<<|>>|[\[\]{}()]|<[0-9A-Fa-f" + _SPACE + rb"]*+>?|/[^" + _SPACE + rb"()<>\[\]{}/%]*"
    rb"|[^" + _SPACE + rb"()<>\[\]{}/%]+)"
)
_STRING_PART = re.compile(rb"[^()\\\r]+|\\(?:[0-7]{1,3}|\r\n|.)|[()]|\r\n?", re.DOTALL)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_REFERENCE = re.compile(
    rb"[" + _SPACE + rb"]+(\d{1,10})[" + _SPACE + rb"]+R(?![^" + _SPACE + rb"()<>\[\]{}/%])"
)


_LEADING = re.compile(rb"[" + _SPACE + rb"]{0,64}+")


class Name(str):
    """A name, without its solidus."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to an object."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An indirect object.

    Attributes:
        number: Its number.
        value: What it is; a dictionary for a stream.
        start: Offset of a stream's first byte; None where it is no stream.
    """

    number: int
    value: Any
    start: int | None = None


class Malformed(Exception):  # noqa: N818 - says what is so, not that it is an error to report
    """What stands here is no object."""


@dataclass(slots=True)
class Budget:
    """How much may still be read of a file: its objects may lie over one another."""

    left: int = MAX_VALUES

    def spend(self, passed: int) -> None:
        """Counts a word and the bytes passed over to its end.

        Raises:
            Malformed: Nothing is left.
        """
        self.left -= 1 + (passed >> 5)
        if self.left < 0:
            raise Malformed


@dataclass(slots=True)
class Lexer:
    """Reads values from bytes, one after another."""

    data: bytes
    at: int = 0
    budget: Budget = field(default_factory=Budget)

    def token(self) -> bytes:
        """Returns the next word or delimiter; empty at the end.

        Raises:
            Malformed: More was read of the file than is.
        """
        if self.budget.left <= 0:
            raise Malformed  # looking at what follows would cost as much again
        found = _TOKEN.match(self.data, self.at)
        end = found.end() if found else len(self.data)
        self.budget.spend(end - self.at)
        self.at = end
        return found[1] if found else b""

    def value(self, depth: int = 0) -> Any:
        """Returns the next value: None, bool, int, float, bytes, `Name`, `Ref`, list, dict.

        Raises:
            Malformed: There is none, or it is nested or long beyond what is read.
        """
        return self._from(self.token(), depth)

    def _from(self, word: bytes, depth: int) -> Any:
        if not word or depth > MAX_NESTED:
            raise Malformed
        if word == b"<<":
            return self._dictionary(depth)
        if word == b"[":
            return self._array(depth)
        if word == b"(":
            return self._string()
        if word[:1] == b"<":
            digits = re.sub(rb"[^0-9A-Fa-f]", b"", word)
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        if word[:1] == b"/":
            plain = _HEX.sub(lambda m: bytes([int(m[1], 16)]), word[1:])
            return Name(plain.decode("utf-8", "backslashreplace"))
        return self._word(word)

    def _word(self, word: bytes) -> Any:
        if word.isdigit() and len(word) <= 10:
            follows = _REFERENCE.match(self.data, self.at)
            if follows and len(follows[1]) <= 5:
                self.at = follows.end()
                return Ref(int(word), int(follows[1]))
            return int(word)
        if _NUMBER.fullmatch(word):
            if b"." in word:
                return float(word[:60])
            return int(word[:19])
        known = {b"true": True, b"false": False, b"null": None}
        if word in known:
            return known[word]
        raise Malformed

    def _array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while (word := self.token()) != b"]":
            found.append(self._from(word, depth + 1))
        return found

    def _dictionary(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (word := self.token()) != b">>":
            if word[:1] != b"/":
                raise Malformed
            key = self._from(word, depth + 1)
            found[key] = self._from(self.token(), depth + 1)
        return found

    def _string(self) -> bytes:
        """A literal string from behind its first parenthesis (section 7.3.4.2)."""
        pieces: list[bytes] = []
        depth = 1
        while found := _STRING_PART.match(self.data, self.at):
            self.budget.spend(found.end() - self.at)
            self.at = found.end()
            piece = found[0]
            if piece == b"(":
                depth += 1
            elif piece == b")":
                depth -= 1
                if not depth:
                    return b"".join(pieces)
            elif piece[:1] == b"\\":
                piece = _unescaped(piece[1:])
            elif piece[:1] == b"\r":
                piece = b"\n"
            pieces.append(piece)
        raise Malformed


def _unescaped(code: bytes) -> bytes:
    if code[:1].isdigit() and code[0] < 0x38:
        return bytes([int(code, 8) & 255])
    if code in {b"\n", b"\r", b"\r\n"}:
        return b""
    return _ESCAPES.get(code, code)


OBJECT: Final = re.compile(
    rb"(?<![0-9])(\d{1,10})[" + _SPACE + rb"]++(\d{1,5})[" + _SPACE + rb"]++obj(?![A-Za-z0-9])"
)
"""How an object begins."""


def read_object(
    data: bytes, at: int, budget: Budget | None = None, *, number: int | None = None
) -> Object:
    """Returns the object that begins at an offset, but for space before it.

    Raises:
        Malformed: None does, or none of that number.
    """
    leading = _LEADING.match(data, at)
    head = OBJECT.match(data, leading.end() if leading else at)
    if not head or number not in {None, int(head[1])}:
        raise Malformed
    lexer = Lexer(data, head.end(), budget or Budget())
    value = lexer.value()
    start = None
    if isinstance(value, dict):
        rest = lexer.at
        if lexer.token() == b"stream":
            start = lexer.at + (2 if data[lexer.at : lexer.at + 2] == b"\r\n" else 1)
        else:
            lexer.at = rest
    return Object(number=int(head[1]), value=value, start=start)


def words(data: bytes, most: int) -> Iterator[bytes]:
    """Yields the words of a page's content, strings as "(" alone, up to `most` of them."""
    lexer = Lexer(data)
    for _ in range(most):
        word = lexer.token()
        if not word:
            return
        if word == b"(":
            try:
                lexer._string()
            except Malformed:
                return
        yield word


_PDF_DOC = {
    **{0x18 + i: c for i, c in enumerate("˘ˇˆ˙˝˛˚˜")},
    **{0x80 + i: c for i, c in enumerate("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž")},
    0xA0: "€",
}
"""Where PDFDocEncoding departs from Latin-1 (annex D.2)."""


def text(value: object) -> str | None:
    """Returns a text string (section 7.9.2.2) or a name as text; None for what is neither."""
    if isinstance(value, Name):
        return str(value)
    if not isinstance(value, bytes):
        return None
    for mark, encoding in (
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xef\xbb\xbf", "utf-8"),
    ):
        if value.startswith(mark):
            return value[len(mark) :].decode(encoding, "replace")
    return value.decode("latin-1").translate(_PDF_DOC)


def entry(value: object, key: str) -> Any:
    """Returns an entry of a dictionary; None where there is none, or it is no dictionary."""
    return value.get(key) if isinstance(value, Mapping) else None
