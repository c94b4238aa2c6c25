"""Collects every message of the package, and brings the catalogues up to date with them.

`python -m forensics.language.extract` adds what is new to each catalogue, untranslated, and takes out what is
said no more. Messages come from calls (`say`, `say_many`, `say_as`, `noted`) in modules and templates, from
words of rulesets and of the rules about programs, and from the sentences of analyses: there, every text that
is built as a sentence counts. Parts of such a sentence that are not fixed become places.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from forensics.language import LANGUAGES
from forensics.language.catalogue import DOMAIN, FILLED
from forensics.language.elsewhere import listed

PACKAGE = Path(__file__).parents[1]
FOUND_IN = (
    *(
        "analyses",
        "cases/context.py",
        "claims",
        "copies",
        "inside/partly.py",
        "maps",
        "media/film.py",
        "sky",
        "gallery.py",
    ),
    "verdict/difference.py",
)
"""Where sentences of findings, and of what changed, are made."""
NOT_THERE = frozenset({"claimfile.py", "example.py", "drawings.py", "gazetteer.py", "outcome.py"})
"""Modules among them whose sentences are for whoever runs a command, or are listed in `elsewhere.txt`."""
_QUANTITIES = re.compile("quantities|QUANTITIES|_TEXT|_PERSONAL|_DATES|_EXTENT|_LAID")
"""Names under which quantities are declared: what they mean is in the documents, and in no report."""
VOCABULARIES = {
    "model/questions.py": {"h1", "h2"},
    "report/inspected.py": {"_TOPICS", "ROLES", "OWN_WORD", "CHECKED"},
}
"""Modules with words that are messages, and the names that they stand under."""
_SAID = {"say": 1, "say_plain": 1, "noted": 1, "say_many": 2, "say_many_plain": 2, "say_as": 2}
_PLACES = re.compile(r"\{[^}]*\}")
_LETTERS = re.compile(r"[a-z]{2}.*[a-z]{2}", re.DOTALL)
_MOST = 64
"""Variants of one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message.

    Attributes:
        id: The English, or the English for 1.
        many: The English for other numbers; None where no number chooses.
        context: Of a short word; None without.
        filled: It may reach the renderers with its values filled in.
    """

    id: str
    many: str | None = None
    context: str | None = None
    filled: bool = False

    @property
    def key(self) -> tuple[str, str | None]:
        """What a catalogue finds it by."""
        return self.id, self.context


def messages(package: Path = PACKAGE) -> tuple[Message, ...]:
    """Returns every message of the package, each once, in a fixed order."""
    found: dict[tuple[str, str | None], Message] = {}
    unused = frozenset(listed("- "))
    for message in _all(package):
        known = found.get(message.key)
        if message.id in unused:
            continue
        if known is None or (message.many and not known.many):
            found[message.key] = message
        elif message.filled and not known.many:
            found[message.key] = Message(id=message.id, context=message.context, filled=True)
    return tuple(found.values())


def _all(package: Path) -> Iterator[Message]:
    for path in sorted(package.rglob("*.py")):
        if path.parent.name != "language":
            yield from said_in_module(path.read_text("utf-8"))
    for path in sorted(package.rglob("*.j2")):
        yield from said_in_template(path.read_text("utf-8"))
    yield from _vocabularies(package)
    for path in sorted((package / "verdict" / "rulesets").glob("*.toml")):
        yield from (Message(id=text, filled="{" in text) for text in sentences(path))
    yield from _programs(package / "analyses" / "data")
    for name in FOUND_IN:
        place = package / name
        for path in [place] if place.suffix else sorted(place.rglob("*.py")):
            if path.name not in NOT_THERE:
                yield from composed_in_module(path.read_text("utf-8"))
    yield from (Message(id=text, filled=True) for text in listed())


def said_in_module(source: str) -> Iterator[Message]:
    """Yields what is said in a Python module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAID:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from _said(node.func.id, texts)


def said_in_template(source: str) -> Iterator[Message]:
    """Yields what is said in a template."""
    for node in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in _SAID:
            yield from _said(
                node.node.name, [a.value for a in node.args if isinstance(a, nodes.Const)]
            )


def _said(name: str, texts: list[Any]) -> Iterator[Message]:
    texts = [text for text in texts if isinstance(text, str)]
    if len(texts) < _SAID[name]:
        return
    if name.startswith("say_many"):
        yield Message(id=texts[0], many=texts[1])
    elif name == "say_as":
        yield Message(id=texts[1], context=texts[0])
    else:
        yield Message(id=texts[0])


def _vocabularies(package: Path) -> Iterator[Message]:
    """The words of questions, and those under which statements of a file stand."""
    for name, wanted in VOCABULARIES.items():
        for node in ast.walk(ast.parse((package / name).read_text("utf-8"))):
            named: ast.expr | None = None
            match node:
                case ast.keyword(arg=str(key), value=value) if key in wanted:
                    named = value
                case ast.AnnAssign(target=ast.Name(id=key), value=value) if key in wanted:
                    named = value
                case ast.Assign(targets=[ast.Name(id=key)], value=value) if key in wanted:
                    named = value
            if isinstance(named, ast.Dict):
                texts = [v.value for v in named.values if isinstance(v, ast.Constant)]
            else:
                texts = [named.value] if isinstance(named, ast.Constant) else []
            yield from (Message(id=text) for text in texts if isinstance(text, str))


def sentences(path: Path) -> Iterator[str]:
    """Yields the words of a ruleset: whatever is more than one word, but for what rules are told by."""

    def walk(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, Mapping):
            for inner, one in value.items():
                yield from () if inner in {"when", "unless", "status"} else walk(one, inner)
        elif isinstance(value, list):
            for one in value:
                yield from walk(one, key)
        elif isinstance(value, str) and " " in value:
            yield value

    yield from walk(tomllib.loads(path.read_text("utf-8")))


def _programs(folder: Path) -> Iterator[Message]:
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        for rule in (rule for rules in data.values() if isinstance(rules, list) for rule in rules):
            if text := rule.get("cannot_show"):
                yield Message(id=f"{text[0].lower()}{text[1:]}")
            if text := rule.get("evidence"):
                yield Message(id=text)
            if (text := rule.get("writer")) and text.startswith(("a ", "an ")):
                yield Message(id=text)


def composed_in_module(source: str) -> Iterator[Message]:
    """Yields what is built as a sentence in a module, wherever it goes from there."""
    tree = ast.parse(source)
    known = _constants(tree)
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if node in inner or _is_no_sentence(node):
            inner.update(ast.walk(node))
            continue
        if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
            inner.update(ast.walk(node))
            inner.discard(node)
            for text in map(str.strip, itertools.islice(_variants(node, known), _MOST)):
                if _is_sentence(text):
                    yield Message(id=text, filled="{" in text)


def _is_no_sentence(node: ast.AST) -> bool:
    """Documentation, hints on the command line, and what quantities mean."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.keyword(arg="hint" | "meaning"):
            return True
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return _QUANTITIES.fullmatch(name) is not None
        case ast.Call(func=ast.Name(id=name)):
            return name.endswith(("Error", "Quantity")) and name != "MediaError"
    return False


def _is_sentence(text: str) -> bool:
    words = text.split()
    return (
        len(words) > 2
        and _LETTERS.search(_PLACES.sub("", text)) is not None
        and (text[0].isupper() or text[0] == "{")
        and text.rstrip()[-1] in ".:;}"
    )


def _constants(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Names of the module that stand for a text, or for one of the texts of a dictionary."""
    found: dict[str, list[ast.expr]] = {}
    for node in tree.body:
        value = getattr(node, "value", None)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Dict):
                found[target.id] = list(value.values)
            elif isinstance(target, ast.Name) and isinstance(value, (ast.Constant, ast.JoinedStr)):
                found[target.id] = [value]
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.IfExp):
            ways = list(_ways(inner.value))
            name = getattr(inner.targets[0], "id", "")
            if name and all(map(_is_text, ways)) and ways != found.get(name):
                found.setdefault(name, []).extend(ways)
    return found


def _ways(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression chooses from, or itself."""
    if isinstance(node, ast.IfExp):
        yield from _ways(node.body)
        yield from _ways(node.orelse)
    else:
        yield node


def _is_text(node: ast.expr) -> bool:
    """Whether it is a text without places of its own to be filled, or several joined by plus."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_text(left) and _is_text(right)
        case ast.Constant(value=value):
            return isinstance(value, str)
        case ast.Name(id=name):
            return name.isupper()
    return False


def _variants(node: ast.expr, known: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    """Every text that an expression can come to; what is not fixed is a place."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            every = [list(itertools.islice(_variants(p, known), _MOST)) for p in parts]
            yield from map(_apart, itertools.product(*every))
        case ast.FormattedValue(value=value):
            inner = [] if isinstance(value, ast.Constant) else list(_fixed(value, known))
            yield from inner or [f"{{{_name(value)}}}"]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for a, b in itertools.product(_variants(left, known), _variants(right, known)):
                yield a + b
        case ast.IfExp() | ast.Name() | ast.Subscript():
            yield from _fixed(node, known) or [f"{{{_name(node)}}}"]
        case _:
            if not isinstance(node, ast.Constant):
                yield f"{{{_name(node)}}}"


def _apart(parts: Sequence[str]) -> str:
    """Joined parts, of which places that were named alike have names of their own."""
    seen: Counter[str] = Counter()
    out = []
    for part in parts:
        seen[part] += part.startswith("{") and part.endswith("}") and part.count("{") == 1
        out.append(f"{part[:-1]}_{seen[part]}}}" if seen[part] > 1 else part)
    return "".join(out)


def _fixed(node: ast.expr, known: Mapping[str, list[ast.expr]]) -> list[str]:
    """The texts that an expression chooses from; none where it is not known."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [*_variants(body, known), *_variants(orelse, known)]
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) if name in known:
            return [text for value in known[name] for text in _variants(value, known)]
    return []


def _name(node: ast.expr) -> str:
    """A name for a place, from what fills it."""
    match node:
        case ast.Name(id=name):
            return name.strip("_")
        case ast.Attribute(value=value, attr=attr):
            return (
                f"{_name(value)}_{attr}" if isinstance(value, (ast.Name, ast.Attribute)) else attr
            )
        case ast.Call(func=function):
            return _name(function)
        case ast.Subscript(value=value):
            return _name(value)
    return "value"


def brought_up_to_date(language: str, wanted: Iterable[Message], path: Path) -> None:
    """Rewrites a catalogue: what is new is added untranslated, what is no message any more goes."""
    with path.open("rb") as file:
        old = read_po(file, locale=language, domain=DOMAIN)
    catalog = Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    for message in wanted:
        ids = (message.id, message.many) if message.many else message.id
        known = old.get(message.id, message.context)
        same = known is not None and bool(known.pluralizable) == bool(message.many)
        catalog.add(
            ids,
            known.string if same and known is not None else None,
            flags=["fuzzy"] if same and known is not None and known.fuzzy else [],
            auto_comments=[FILLED] if message.filled else [],
            context=message.context,
        )
    write(catalog, path)


def write(catalog: Catalog, path: Path) -> None:
    """Writes a catalogue with the header that is needed and no dates."""
    header = (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: forensics\\n"\n'
        f'"Language: {catalog.locale_identifier}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(file, catalog, width=110, omit_header=True, sort_output=False)


def main() -> None:
    """Brings every catalogue up to date, and says what each lacks."""
    wanted = messages()
    for language in list(LANGUAGES)[1:]:
        path = Path(__file__).parent / "catalogues" / language / f"{DOMAIN}.po"
        brought_up_to_date(language, wanted, path)
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        lacking = sum(not _translated(m.string) for m in catalog if m.id)
        sys.stdout.write(f"{language}: {len(wanted)} messages, {lacking} not translated\n")


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


if __name__ == "__main__":
    main()
