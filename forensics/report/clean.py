"""Makes text from outside safe to look at: nothing hidden, nothing that moves a cursor, bounded.

File names, tags and recognised text are chosen by whoever made the file. They may carry terminal
escapes (ECMA-48), line breaks that forge a line of the report, and characters that are invisible or
reverse the reading order ("Trojan Source", Boucher and Anderson 2021; Unicode TR 36). Here each such
character is replaced by its code point in angle brackets. Escaping for HTML is not done here: the
templates do that on top. JSON needs none of this and carries the exact text.
"""

from __future__ import annotations

import re
import unicodedata

LIMIT = 2000
"""Characters of one text that are shown unless a caller asks for fewer."""

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, format characters (bidi marks, zero width), surrogates, private and unassigned ones."""

_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters, marks and variation selectors that draw nothing, though their category does not say so."""

_STACKED = 4
"""Combining marks on one letter, beyond which they only smear the lines around them."""


def visible(text: str, limit: int = LIMIT) -> str:
    """Returns `text` on one line with every hidden character shown as "⟨U+202E⟩".

    A text longer than `limit` keeps its beginning and its end (a file name's extension stands
    there) and says how many characters were left out. Applying it twice changes nothing more,
    as long as the limit is not reached.

    Args:
        text: Any text, lone surrogates included.
        limit: Characters of `text` to show, at least 8.
    """
    if len(text) > limit:
        tail = limit // 4
        head = limit - tail
        left_out = len(text) - limit
        return f"{_shown(text[:head])}⟨… {left_out} more characters …⟩{_shown(text[-tail:])}"
    return _shown(text)


def _shown(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    stacked = _STACKED  # a mark at the very start would join whatever stands before the text
    for char in text:
        category = unicodedata.category(char)
        if category in {"Mn", "Me"}:
            stacked += 1
        else:
            stacked = 0
        if category in _HIDDEN_CATEGORIES or stacked > _STACKED or _BLANK.match(char):
            out.append(f"⟨U+{ord(char):04X}⟩")
        else:
            out.append(char)
    return "".join(out)
