"""Where everything stands in a YAML text: its values as nodes that know their places.

Places are offsets into the text as it is, so that a change can be spliced in and every
other byte stays. Only texts that `documents.parse` finds nothing wrong with are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from bot.story.documents import LOADER, scalar

Tree = None | str | list["Tree"] | dict[str, "Tree"]
"""A value as YAML has it; all text stays text."""

INLINE: Final = frozenset({"", "'", '"'})
"""Styles of a text that stands beside its key or dash."""

BREAK: Final = re.compile("\r\n|[\r\n\x85]")
"""What ends a line in YAML."""

_GAP = re.compile("(?:[ \t\r\n\x85]+|#[^\r\n\x85]*)*")
_FLOW_GAP = re.compile("(?:[ \t\r\n\x85,]+|#[^\r\n\x85]*)*")
_HEADER = re.compile("[|>][-+0-9]*")


class LayoutError(Exception):
    """The text is written in a way that cannot be changed piece by piece."""


@dataclass(slots=True)
class Part:
    """An item or a field of a node.

    `at` is its dash, its name, or in a flow list the item; `lead` is where its value
    may begin: after the dash or the colon. `name` is None in a list.
    """

    name: str | None
    at: int
    lead: int
    node: "Node"

    @property
    def end(self) -> int:
        """Where it ends, with its value."""
        return max(self.node.end, self.lead)


@dataclass(slots=True)
class Node:
    """A value and its place, from `start` to `end`, without what is beside or below.

    `style` is that of a scalar ("" is plain), `[` or `{` of a flow collection, `-` or
    `:` of a block one. `column` is where its parts stand, or the lines of a block
    scalar; `step` is how far that is to the right of the key or dash it belongs to.
    `is_beside` says that it begins on the line of that key or dash.
    """

    style: str
    start: int
    end: int
    column: int = 0
    step: int = 2
    is_beside: bool = True
    text: str | None = None
    parts: list[Part] = field(default_factory=list[Part])

    @property
    def value(self) -> Tree:
        """The value that is written here."""
        if self.style in {"{", ":"}:
            return {part.name or "": part.node.value for part in self.parts}
        if self.is_list:
            return [part.node.value for part in self.parts]
        return self.text

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return self.style in {"[", "-"}

    @property
    def is_flow(self) -> bool:
        """Whether this is a list or a mapping in brackets."""
        return self.style in {"[", "{"}

    @property
    def is_long(self) -> bool:
        """Whether this is a block scalar, below `>` or `|`."""
        return self.style in {">", "|"}

    @property
    def last(self) -> "Node":
        """The scalar (or empty collection) that ends this node."""
        return self.parts[-1].node.last if self.parts else self


def nodes(text: str) -> Node | None:
    """The node of the whole text; None where it holds no value.

    Raises:
        LayoutError: it has complex keys ('? ').
    """
    return _Reader(text).read()


def line_start(text: str, at: int) -> int:
    """Where the line begins that a place is in."""
    while at and text[at - 1] not in "\r\n\x85":
        at -= 1
    return at


def line_end(text: str, at: int) -> int:
    """Where the line ends that a place is in, before its break."""
    found = BREAK.search(text, at)
    return found.start() if found else len(text)


def extent(text: str, part: Part) -> int:
    """Where a part of a block ends with what belongs to it, before the line's break.

    That is what stands beside its last line, and the comments below it that are
    indented more than it is.
    """
    column = part.at - line_start(text, part.at)
    end = line_end(text, part.node.end)
    line = r"(?:\r?\n|\r(?!\n)|\x85)"
    comment = re.compile(rf"(?:{line} *)*{line} {{{column + 1},}}#[^\r\n\x85]*")
    while found := comment.match(text, end):
        end = found.end()
    return end


def header(text: str, node: Node) -> str:
    """The first line of a block scalar, to its end: `>-`, or `>-  # a comment`."""
    return text[node.start : line_end(text, node.start)]


class _Reader:
    """Nodes from YAML's events."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=LOADER))

    def read(self) -> Node | None:
        for event in self._events:
            if isinstance(event, yaml.StreamEndEvent):
                break
            if not isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
                return self._node(event, _start(event)[0], 0)
        return None

    def _node(self, event: yaml.Event, lead: int, column: int) -> Node:
        """The node that an event begins, whose key or dash stands in a column."""
        start, own_column = _start(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, start, lead, column)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        if getattr(event, "flow_style", False):
            node = Node("[" if is_list else "{", start, start, own_column)
        else:
            node = Node("-" if is_list else ":", start, start, own_column)
        node.step = node.column - column
        node.is_beside = not BREAK.search(self._text, lead, start)
        end = self._items(node) if is_list else self._fields(node)
        node.end = end if node.is_flow else node.parts[-1].end
        return node

    def _scalar(
        self, event: yaml.ScalarEvent, start: int, lead: int, column: int
    ) -> Node:
        end = _finish(event)
        node = Node(event.style or "", start, end, text=scalar(event))
        if node.is_long:
            self._measure(node, event.value, column)
        elif start == end:
            node.start = node.end = lead
        node.is_beside = not BREAK.search(self._text, lead, node.start)
        return node

    def _measure(self, node: Node, value: str, column: int) -> None:
        """Leave out of a block scalar the lines below it that are not its text."""
        first = _HEADER.match(self._text, node.start)
        keeps = first is not None and "+" in first.group()
        written = self._text[node.start : node.end]
        if keeps or value.rstrip("\n").endswith((" ", "\t")):
            written = re.sub("(?:\r\n|[\r\n\x85])$", "", written)
        else:
            written = written.rstrip(" \t\r\n\x85")
        node.end = node.start + len(written)
        line = re.search("[\r\n\x85]( +)[^ \r\n\x85]", written)
        node.step = len(line[1]) - column if line else 2

    def _items(self, node: Node) -> int:
        cursor = node.start + node.is_flow
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return _finish(event)
            at = self._skip(cursor, node)
            lead = at if node.is_flow else at + 1
            part = Part(None, at, lead, self._node(event, lead, node.column))
            node.parts.append(part)
            cursor = part.end
        return cursor

    def _fields(self, node: Node) -> int:
        cursor = node.start + (self._text[node.start] == "{")
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return _finish(event)
            at = self._skip(cursor, node)
            if at != _start(event)[0] or not isinstance(event, yaml.ScalarEvent):
                raise LayoutError
            colon = self._skip(_finish(event), node)
            if self._text[colon : colon + 1] != ":":
                raise LayoutError
            child = self._node(next(self._events), colon + 1, node.column)
            node.parts.append(Part(event.value, at, colon + 1, child))
            cursor = child.end
        return cursor

    def _skip(self, at: int, node: Node) -> int:
        """The next place at or after another that is neither space nor comment."""
        gap = (_FLOW_GAP if node.is_flow else _GAP).match(self._text, at)
        return gap.end() if gap else at


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.index, mark.column) if mark else (0, 0)


def _finish(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0
