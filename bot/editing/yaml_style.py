"""A value as YAML, in the style that values in like places have.

Whatever is written reads back as the same value, or another style is chosen that does.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.editing.syntax_tree import INLINE, Node, Tree
from bot.story.documents import Document, parse

WIDTH: Final = 88
"""Columns of a line; longer prose is folded."""

_MIN_WIDTH: Final = 24
_PEERS: Final = 8
_SPACE = re.compile(r"(?<=\S) (?=\S)")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value goes: after a dash, or after a name and its colon.

    `column` is that of the dash or the name, `used` how much of its line is full.
    `was` is the node that stood there, or None where the value is new.
    """

    column: int
    used: int
    is_item: bool
    was: Node | None = None


def block(value: Tree, spot: Spot, peers: Sequence[Node]) -> list[str]:
    """A value's lines: the first goes on beside its dash or name, the others below.

    Peers are what stands in like places, nearest first: their style is followed.
    """
    if isinstance(value, (list, dict)):
        like = _like(value, peers)
        beside = f" {flow(value)}"
        if not value:
            return [beside]
        is_short = _is_flow(value, like) and spot.used + len(beside) <= WIDTH
        if is_short and "\n" not in beside:
            return [beside]
        return _collection(value, spot, peers, like)
    return _scalar(value, spot, peers)


def flow(value: Tree) -> str:
    """A value on one line, as it stands inside brackets."""
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, dict):
        fields = (f"{name(key)}: {flow(part)}" for key, part in value.items())
        return f"{{{', '.join(fields)}}}"
    return _first(_inline(value, ""), lambda one: _reads(f"[{one}]", value))


def name(key: str) -> str:
    """A field's name, quoted where it must be."""
    return _first(_inline(key, ""), lambda one: _reads(f"{{{one}: x}}", key))


def lines_of(
    value: Tree, key: str | None, column: int, peers: Sequence[Node]
) -> list[str]:
    """The lines of a whole item (`key` is None) or field, the first not indented."""
    opening = "-" if key is None else f"{name(key)}:"
    spot = Spot(column, column + len(opening), key is None)
    first, *rest = block(value, spot, peers)
    return [opening + first, *rest]


def _like(value: Tree, peers: Sequence[Node]) -> Node | None:
    """The nearest peer that is a list (or a mapping) as the value is, with parts."""
    styles = {"[", "-"} if isinstance(value, list) else {"{", ":"}
    return next((peer for peer in peers if peer.style in styles and peer.parts), None)


def _is_flow(value: Tree, like: Node | None) -> bool:
    if like:
        return like.is_flow
    return isinstance(value, list) and all(
        isinstance(item, str) and _ID.fullmatch(item) for item in value
    )


def _collection(
    value: list[Tree] | dict[str, Tree],
    spot: Spot,
    peers: Sequence[Node],
    like: Node | None,
) -> list[str]:
    is_block = like is not None and not like.is_flow
    step = like.step if like and is_block else 2
    if spot.is_item or isinstance(value, dict):
        step = max(step, 1)
    column = spot.column + step
    fields = value.items() if isinstance(value, dict) else ((None, v) for v in value)
    lines: list[str] = []
    for key, part in fields:
        first, *rest = lines_of(part, key, column, list(_inner(peers, key)))
        lines += [" " * column + first, *rest]
    beside = spot.is_item and step >= 2 and (not (like and is_block) or like.is_beside)
    if beside:
        return [" " * (step - 1) + lines[0][column:], *lines[1:]]
    return ["", *lines]


def _inner(peers: Sequence[Node], key: str | None) -> Iterator[Node]:
    """The nodes of the peers' fields of that name; of their items where it is None."""
    for peer in peers[:_PEERS]:
        for part in peer.parts[:_PEERS] if key is None else peer.parts:
            if part.name == key:
                yield part.node


def _scalar(text: str | None, spot: Spot, peers: Sequence[Node]) -> list[str]:
    """A scalar in the first style that fits, and reads back as the same text."""
    like = next((peer for peer in peers if _shows_habit(peer)), None)
    quote = like.style if like else ""
    beside = _first(_inline(text, quote), lambda one: _reads(f"- {one}", text))
    if text is None or not text.strip():
        return [f" {beside}"]
    was = spot.was
    step = was.step if was and was.is_long and was.step > 0 else 2
    is_long = spot.used + 1 + len(beside) > WIDTH
    others = [peer for peer in peers if peer.style in INLINE]
    if is_long and any(spot.used + peer.end - peer.start >= WIDTH for peer in others):
        is_long = False  # long lines are the habit here
    keeps = was is not None and was.is_long
    styles = [was.style] if was and keeps else []
    if keeps or "\n" in text or (is_long and _SPACE.search(text)):
        styles += [">", "|"] if is_long else ["|", ">"]
        for style in styles:
            lines = _block_scalar(text, style, spot.column + step)
            if _reads("\n".join(["-" + lines[0], *lines[1:]]), text):
                return lines
    return [f" {beside}"]


def _first(ways: Iterator[str], reads: Callable[[str], bool]) -> str:
    """The first way that reads back; the last one where none does."""
    way = ""
    for way in ways:
        if reads(way):
            break
    return way


def _shows_habit(peer: Node) -> bool:
    """Whether a peer's style was chosen, and is not the only one that its text has."""
    return peer.style in INLINE and bool(peer.text) and _is_plain(peer.text or "")


@lru_cache(maxsize=4096)
def _is_plain(text: str) -> bool:
    return "\n" not in text and _reads(f"- {text}", text)


def _inline(text: str | None, quote: str) -> Iterator[str]:
    """Ways to write a scalar on one line, best first; the last can hold any text."""
    if text is None:
        yield "null"
        return
    single = "'" + text.replace("'", "''") + "'"
    double = '"' + "".join(_escaped(char) for char in text) + '"'
    if "\n" not in text and "\r" not in text:
        if quote:
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


def _block_scalar(text: str, style: str, column: int) -> list[str]:
    body = text.removesuffix("\n")
    chomping = "-" if body == text else ""
    if style == "|":
        lines = body.split("\n")
    else:
        lines: list[str] = []
        for paragraph in body.split("\n"):
            lines += [*_wrapped(paragraph, max(WIDTH - column, _MIN_WIDTH)), ""]
        lines.pop()
    indented = (" " * column + line if line else "" for line in lines)
    return [f" {style}{chomping}", *indented]


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of words, parted only where there is a single space."""
    line = ""
    for word in _SPACE.split(text) if text else ():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line


def _reads(written: str, text: str | None) -> bool:
    """Whether a list or mapping of one reads as that one text."""
    document = Document("", written)
    parse(document)
    root = document.root
    if isinstance(root, dict):
        return list(root) == [text]
    return root == [text]
