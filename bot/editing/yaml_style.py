"""A value as YAML, in the one style that the fact files have.

What is written anew keeps its quotes, its brackets, or its `|` or `>`. Whatever is
written reads back as the same value, or another style is chosen that does.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.editing.edits import Plain
from bot.editing.syntax_tree import BREAK, Node
from bot.story.documents import Document, parse

_WIDTH: Final = 88
"""Columns of a line; longer prose is folded."""

_MIN_WIDTH: Final = 24
_SPACE = re.compile(r"(?<=\S) (?=\S)")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
IN_BRACKETS: Final = frozenset(
    {
        *("aliases", "by", "curators", "disputed_by"),
        *("expect", "facts", "gives", "related", "was"),
    }
)
"""Lists of short texts; all others have an item a line."""

_NEW: Final = Node(None)

Pieces = Mapping[str, str]
"""How texts are written now, by the JSON of each."""


def lines(value: Plain, name: str | None, column: int) -> list[str]:
    """The lines of a new field, or of a new item, whose name is None."""
    head = "-" if name is None else f"{_name(name)}:"
    first, *rest = behind(name, value, column, column + len(head))
    return [f"{' ' * column}{head}{first}", *rest]


def behind(
    name: str | None, value: Plain, column: int, used: int, was: Node = _NEW
) -> list[str]:
    """A value's lines behind a name, or a dash, which stands in a column.

    `used` is how much of the first line is full, `was` what stood there.
    """
    if value is None or isinstance(value, str):
        return _text(value, column, used, was)
    is_flow = was.style in {"[", "{"} and was.value
    if name in IN_BRACKETS and was.style not in {"-", ":"}:
        is_flow = is_flow or all(isinstance(item, str) for item in value)
    if not value or is_flow:
        return _in_brackets(value, column, used, was)
    fields = value.items() if isinstance(value, Mapping) else ((None, v) for v in value)
    below = [line for key, one in fields for line in lines(one, key, column + 2)]
    if name is None:  # the first stands beside the dash
        return [f" {below[0].lstrip(' ')}", *below[1:]]
    return ["", *below]


def _name(name: str) -> str:
    return _inline(name, "{{{}: x}}")


def _width(used: int, was: Node) -> int:
    """The columns of a line; where one was longer, it may stay so."""
    return max(_WIDTH, used + len(BREAK.split(was.text)[0].rstrip()))


def _in_brackets(
    value: Sequence[Plain] | Mapping[str, Plain], column: int, used: int, was: Node
) -> list[str]:
    """A list or mapping in brackets, in as many lines as it needs."""
    pieces = {
        one: piece
        for one, start, end in was.scalars
        if (piece := was.text[start:end]) and not BREAK.search(piece)
    }
    *words, last = _words(value, pieces)
    words = [*(f"{word}," for word in words), last]
    opening, closing = "{}" if isinstance(value, Mapping) else "[]"
    words[0] = opening + words[0]
    words[-1] += closing
    first, *rest = _filled(words, _width(used, was) - used - 1, _WIDTH - column - 2)
    return [f" {first}", *(" " * (column + 2) + line for line in rest)]


def _words(value: Sequence[Plain] | Mapping[str, Plain], pieces: Pieces) -> list[str]:
    """The parts of a list or mapping as they stand in brackets; one at the least."""
    if isinstance(value, Mapping):
        names = (pieces.get(json.dumps(one)) or _name(one) for one in value)
        parts = (_flow(one, pieces) for one in value.values())
        return [": ".join(pair) for pair in zip(names, parts, strict=True)] or [""]
    return [_flow(one, pieces) for one in value] or [""]


def _flow(value: Plain, pieces: Pieces) -> str:
    """A value as it stands in brackets, on one line."""
    if value is None or isinstance(value, str):
        return pieces.get(json.dumps(value)) or _inline(value, "[{}]")
    opening, closing = "{}" if isinstance(value, Mapping) else "[]"
    return f"{opening}{', '.join(_words(value, pieces))}{closing}"


def _text(text: str | None, column: int, used: int, was: Node) -> list[str]:
    """A text in the first style that fits, and reads back as the same one."""
    beside = _inline(text, "- {}", was.style)
    if text is None or not text.strip():
        return [f" {beside}"]
    is_long = used + 1 + len(beside) > _width(used, was) and _SPACE.search(text)
    styles = [was.style] if was.style in {"|", ">"} else []
    if styles or is_long or "\n" in text:
        styles += [">", "|"] if is_long else ["|", ">"]
    for style in styles:
        written = _below(text, style, column + 2)
        if _reads("\n".join([f"-{written[0]}", *written[1:]]), text):
            return written
    return [f" {beside}"]


def _below(text: str, style: str, column: int) -> list[str]:
    """A text's lines below `|` or `>`."""
    body = text.removesuffix("\n")
    found = body.split("\n")
    if style == ">":
        width = max(_WIDTH - column, _MIN_WIDTH)
        folded = [_filled(_SPACE.split(one), width) if one else [] for one in found]
        found = [line for paragraph in folded for line in (*paragraph, "")][:-1]
    indented = (" " * column + line if line else "" for line in found)
    return [f" {style}{'-' if body == text else ''}", *indented]


def _filled(words: Sequence[str], first: int, width: int = 0) -> list[str]:
    """Lines of words; the first has its own width."""
    found = [words[0]]
    room = first
    for word in words[1:]:
        if len(found[-1]) + 1 + len(word) > room:
            found.append(word)
            room = width or first
        else:
            found[-1] += f" {word}"
    return found


def _inline(text: str | None, frame: str, quote: str = "") -> str:
    """A text on one line, in the first way that reads back within the frame."""
    way = ""
    for way in _ways(text, quote):
        if _reads(frame.format(way), text):
            break
    return way


def _ways(text: str | None, quote: str) -> Iterator[str]:
    """Ways to write a text on one line, best first; the last can hold any text."""
    if text is None:
        yield "null"
        return
    single = "'" + text.replace("'", "''") + "'"
    double = '"' + "".join(map(_escaped, text)) + '"'
    if "\n" not in text and "\r" not in text:
        if quote in {"'", '"'}:
            yield single if quote == "'" else double
        yield text
        if "'" not in text:
            yield from (single, double) if quote == "'" else (double, single)
        elif '"' in text or "\\" in text:
            yield single
    yield double


def _escaped(char: str) -> str:
    is_control = char < " " or "\x7f" <= char < "\xa0"
    return _ESCAPES.get(char) or (f"\\x{ord(char):02x}" if is_control else char)


def _reads(written: str, text: str | None) -> bool:
    """Whether a list or mapping of one reads as that one text."""
    document = Document("", written)
    parse(document)
    root = document.root
    return isinstance(root, (list, dict)) and list(root) == [text]
