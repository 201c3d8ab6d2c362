"""A YAML text as a tree of its own pieces: put together again, they are the text.

A block's parts are whole lines, so that one can be taken away, added or written anew,
and every other byte stays. What stands in brackets is one value, as a text is.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.editing.edits import Plain
from bot.story.documents import Document, Fields, Items, Span, Value

BREAK: Final = re.compile("\r\n|[\r\n\x85]")
"""What ends a line in YAML."""

Note = tuple[bool, str]
"""A comment with the space before it, and whether it is beside the dash or name."""

_GAP = re.compile("(?:[ \t\r\n\x85]+|#[^\r\n\x85]*)*")
_COLON = re.compile("[ \t]*:")
_NOTE = re.compile("[ \t]*#[^\r\n\x85]*")


class LayoutError(Exception):
    """The text is written in a way that cannot be changed piece by piece."""


@dataclass(slots=True)
class Node:
    """A value, and how it is written behind its dash or name.

    `style` is the character that a value begins with in quotes, in brackets or below
    `|` or `>`; it is `-` or `:` for a block, and empty for a plain text. `text` goes
    to the end of the last line. A block's is only what stands below its last part, its
    `opening` what stands above the first, and `column` where its parts are. `scalars`
    are the places of the values in `text`, by the JSON of each.
    """

    value: Plain
    style: str = ""
    text: str = ""
    column: int = 0
    opening: str = ""
    parts: list["Part"] = field(default_factory=list["Part"])
    scalars: list[tuple[str, int, int]] = field(
        default_factory=list[tuple[str, int, int]]
    )

    @property
    def written(self) -> str:
        """All the text behind the dash or name."""
        opening, body = self.opening, "".join(map(str, self.parts))
        if opening and not BREAK.search(opening):  # the first part is beside a dash
            if self.parts[0].above:
                opening = "\r\n" if "\r\n" in body else "\n"
            else:
                body = body[self.column :]
        return f"{opening}{body}{self.text}"

    @property
    def keeps_breaks(self) -> bool:
        """Whether an empty line below would be a part of the last text in it."""
        if self.parts:
            return self.parts[-1].node.keeps_breaks
        return self.style in {"|", ">"} and "+" in self.text.lstrip()[:3]

    @property
    def notes(self) -> list[Note]:
        """The comments in it, in order."""
        if not self.parts:
            return _notes(self.text, [(start, end) for _, start, end in self.scalars])
        found = _notes(self.opening)
        for part in self.parts:
            found += [(False, one) for _, one in _notes(part.above) + part.node.notes]
        return found + [(False, one) for _, one in _notes(self.text)]


@dataclass(slots=True)
class Part:
    """An item or a field of a block: whole lines.

    `above` has the comments and the empty lines above it, `head` its indent and its
    dash, or its name (which is None for an item) and colon.
    """

    name: str | None
    above: str
    head: str
    node: Node

    def __str__(self) -> str:
        """Its lines, with those above."""
        return f"{self.above}{self.head}{self.node.written}"


def tree(document: Document) -> Part:
    """The root of a text that ends with a line break, or is empty.

    Raises:
        LayoutError: it has complex keys ('? ').
    """
    text, root, span = document.text, document.root, document.span
    if root is None:  # nothing but comments
        return Part(None, text, "", Node(None))
    reader = _Reader(text)
    if reader.is_block(root, span):
        return Part(None, "", "", reader.block(root, span, 0, len(text))[0])
    line = reader.line(span.start)
    head = text[line : span.start].rstrip(" ")  # '---'
    node, _ = reader.node(root, span, line + len(head))
    node.text = text[line + len(head) :]
    return Part(None, text[:line], head, node)


class _Reader:
    """Reads nodes, each with the place where the last value in it ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(found.end() for found in BREAK.finditer(text))]

    def line(self, at: int, later: int = 0) -> int:
        """Where the line begins that a place is in, or a later one."""
        return self._lines[bisect_right(self._lines, at) - 1 + later]

    def is_block(self, value: Value, span: Span) -> bool:
        """Whether a value is a list or a mapping without brackets."""
        is_list = isinstance(value, (Items, Fields))
        return is_list and self._text[span.start] not in "[{"

    def node(self, value: Value, span: Span, lead: int) -> tuple[Node, int]:
        """What is no block, whose text begins at a place; the caller sets the text."""
        start, end = span.start, span.end
        if start == end:  # nothing is written, and YAML does not say where
            return Node(value), lead
        style = self._text[start]
        scalars = list(_scalars(value, span))
        if style in "|>":
            end = self._end_of_text(str(value), start, end)
            below = BREAK.search(self._text, start)
            scalars = [(value, below.start() if below else end, end)]
        node = Node(value, style if style in "|>[{'\"" else "")
        node.scalars = [
            (json.dumps(one), first - lead, last - lead) for one, first, last in scalars
        ]
        return node, end

    def _end_of_text(self, value: str, start: int, end: int) -> int:
        """Where a block scalar ends, without the lines below that are not its text."""
        written = self._text[start:end]
        if "+" in written[:3] or value.rstrip("\n").endswith((" ", "\t")):
            return start + len(re.sub("(?:\r\n|[\r\n\x85])$", "", written))
        return start + len(written.rstrip(" \t\r\n\x85"))

    def block(
        self, value: Value, span: Span, lead: int, limit: int = 0
    ) -> tuple[Node, int]:
        """A block, whose text begins at a place; the root's is all to the limit."""
        text, at = self._text, span.start
        line = self.line(at)
        node = Node(value, "-" if isinstance(value, Items) else ":", column=at - line)
        if not limit:  # beside its dash, or below its dash or name
            node.opening = text[lead : at if line <= lead else self.line(lead, 1)]
        end = done = lead + len(node.opening)
        for name, key, one, own in _children(value):
            at = max(at, self._skip(done))
            start = self._behind(at, key)
            line = max(self.line(at), done)
            head = " " * (node.column if line == at else 0) + text[line:start]
            if self.is_block(one, own):
                child, end = self.block(one, own, start)
            else:
                child, end = self.node(one, own, start)
            above, done = text[done:line], self._limit(end, node.column)
            begin = start + len(child.written)
            child.text = text[begin:done]
            node.parts.append(Part(name, above, head, child))
        node.text = text[done:limit]
        return node, end

    def _behind(self, at: int, key: Span | None) -> int:
        """The place behind a dash, or a name and its colon."""
        if key is None:
            return at + 1
        colon = _COLON.match(self._text, key.end)
        if at != key.start or colon is None:
            raise LayoutError
        return colon.end()

    def _skip(self, at: int) -> int:
        """The next place at or after another that is neither space nor comment."""
        gap = _GAP.match(self._text, at)
        return gap.end() if gap else at

    def _limit(self, end: int, column: int) -> int:
        """Where a part ends with what belongs to it: whole lines.

        That is what stands beside its last line, and the comments below it that are
        indented more than it is.
        """
        limit = self.line(end, 1)
        line = "(?:\r\n|[\r\n\x85])"
        note = re.compile(f"(?: *{line})* {{{column + 1},}}#[^\r\n\x85]*{line}")
        while found := note.match(self._text, limit):
            limit = found.end()
        return limit


def _children(value: Value) -> Iterator[tuple[str | None, Span | None, Value, Span]]:
    """The parts of a list or mapping: each name and its place, value and its place."""
    if isinstance(value, Items):
        for one, span in zip(value, value.spans, strict=True):
            yield None, None, one, span
    elif isinstance(value, Fields):
        for name, one in value.items():
            yield name, value.key_spans[name], one, value.spans[name]


def _scalars(value: Value, span: Span) -> Iterator[tuple[str | None, int, int]]:
    """The texts in a value, and its names, in order, with their places."""
    if not isinstance(value, (Items, Fields)):
        yield value, span.start, span.end
    for name, key, one, own in _children(value):
        if key:
            yield name, key.start, key.end
        yield from _scalars(one, own)


def _notes(text: str, scalars: Iterable[tuple[int, int]] = ()) -> list[Note]:
    """The comments in a text, with the places of what is none."""
    found: list[Note] = []
    done = 0
    for start, end in (*scalars, (len(text), 0)):
        for note in _NOTE.finditer(text, done, start):
            is_beside = not BREAK.search(text, 0, note.start())
            found.append((is_beside, note.group()))
        done = end
    return found
