"""A YAML text with another value in it: only what differs is written anew."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.editing.edits import Plain
from bot.editing.syntax_tree import Node, Part
from bot.editing.yaml_style import behind, lines

_BREAK = "(?:\r\n|[\r\n\x85])"
_FIRST_BLANKS = re.compile(f"(?:[ \t]*{_BREAK})*")
_LINE_START = "(?:^|(?<=[\n\x85])|(?<=\r)(?!\n))"
_LAST_BLANKS = re.compile(f"{_LINE_START}(?:[ \t]*{_BREAK})+\\Z")

Wanted = tuple[int | None, str | None, Plain]
"""A part that shall be: which of the old ones it is, if any; its name; its value."""


def rewritten(root: Part, value: Plain, origins: Sequence[int | None]) -> str:
    """The text with this value as its root.

    `origins` says of each item of a root list which of the old ones it was, if any.
    Every comment stays, but for those inside of what is taken away. The caller reads
    the result again: a text in a very odd style may come out wrong.
    """
    pen = _Pen("\r\n" if "\r\n" in str(root) else "\n")
    old = root.node
    if old.style == "-" and value and isinstance(value, list):
        pairs = zip(origins, value, strict=True)
        wanted: list[Wanted] = [(at, None, one) for at, one in pairs]
        return str(replace(root, node=pen.block(old, _with_one_kept(wanted))))
    if old.style == ":" and isinstance(value, Mapping) and _shares(old, value):
        return str(pen.part(root, value))
    return pen.root(root, value)


class _Pen:
    """Writes parts anew, with the line breaks that a text has."""

    def __init__(self, line_break: str) -> None:
        self._break = line_break

    def root(self, root: Part, value: Plain) -> str:
        """Another kind of root, or none at all."""
        old, above, below = root.node, root.above, ""
        notes = [] if old.parts else [note.lstrip() for _, note in old.notes]
        if old.parts:
            above = old.parts[0].above
            below = self.block(replace(old, parts=old.parts[1:]), []).text
            old = Node(None, "-")
        first, *rest = behind("", value, -2, len(root.head), old)
        first = f"{root.head}{first}" if root.head else first.lstrip(" ")
        return above + self._lines([*filter(None, [first]), *rest, *notes]) + below

    def part(self, part: Part, value: Plain) -> Part:
        """A part with another value."""
        node = part.node
        if node.value == value:
            return part
        if node.style == ":" and isinstance(value, Mapping) and _shares(node, value):
            return replace(part, node=self.block(node, _fields(node, value)))
        if node.style == "-" and isinstance(value, list) and value:
            return replace(part, node=self.block(node, _items(node, value)))
        column = len(part.head) - len(part.head.lstrip(" "))
        first, *rest = behind(part.name, value, column, len(part.head), node)
        is_long = bool(rest)  # a deep comment below might be a part of the last text
        for is_beside, note in node.notes:
            bare = note.lstrip()
            indent = len(note) - len(bare)
            if is_beside:
                first += note if indent else f"  {note}"
            else:
                rest.append(" " * (column if is_long else max(indent, column)) + bare)
        return replace(part, node=Node(value, text=self._lines([first, *rest])))

    def block(self, node: Node, wanted: Sequence[Wanted]) -> Node:
        """A block with the parts that are wanted; those of the old ones in order.

        One of the old ones is kept, or there are none.
        """
        apart = self._break if _stand_apart(node) else ""
        parts: list[Part] = []
        done = 0
        for old, name, value in wanted:
            if old is not None:
                part = replace(node.parts[old], above=_above(node, done, old))
                parts.append(self.part(part, value))
                done = old + 1
                continue
            above = "" if parts and parts[-1].node.keeps_breaks else apart
            new = self._lines(lines(value, name, node.column))
            parts.append(Part(name, above, "", Node(value, text=new)))
        if parts:
            first = next(at for at, (old, _, _) in enumerate(wanted) if old is not None)
            top, own = parts[first].above, parts[0].above
            parts[first].above, parts[0].above = own, top
        gone = (_LAST_BLANKS.sub("", part.above) for part in node.parts[done:])
        return replace(node, parts=parts, text="".join(gone) + node.text)

    def _lines(self, found: Sequence[str]) -> str:
        return "".join(f"{line}{self._break}" for line in found)


def _shares(node: Node, value: Mapping[str, Plain]) -> bool:
    """Whether a block has some of these fields."""
    return any(part.name in value for part in node.parts)


def _fields(node: Node, value: Mapping[str, Plain]) -> list[Wanted]:
    """The fields as they stand, each new one behind the one that it comes after."""
    wanted: list[Wanted] = [
        (old, part.name, value[part.name])
        for old, part in enumerate(node.parts)
        if part.name is not None and part.name in value
    ]
    place = 0
    for name, one in value.items():
        names = [other for _, other, _ in wanted]
        if name not in names:
            wanted.insert(place, (None, name, one))
            place += 1
        else:
            place = names.index(name) + 1
    return wanted


def _items(node: Node, value: Sequence[Plain]) -> list[Wanted]:
    """The items, each with the one that it was, or is instead of."""
    was = [json.dumps(part.node.value) for part in node.parts]
    now = list(map(json.dumps, value))
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    old: dict[int, int] = {}
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind in {"equal", "replace"}:
            old |= zip(range(j, j_end), range(i, i_end), strict=False)
    return _with_one_kept([(old.get(at), None, one) for at, one in enumerate(value)])


def _with_one_kept(wanted: list[Wanted]) -> list[Wanted]:
    """The same; where all are new, the first is instead of the first."""
    if all(old is None for old, _, _ in wanted):
        wanted[0] = (0, *wanted[0][1:])
    return wanted


def _above(node: Node, first: int, last: int) -> str:
    """What stands above a part when those before it, from the first on, are gone.

    Their comments stay, but not the empty lines that are too many then.
    """
    above = node.parts[first].above
    is_top = not first
    for part in node.parts[first + 1 : last + 1]:
        rest = part.above.removeprefix(_first_blanks(part))
        is_apart = _LAST_BLANKS.search(above) or (is_top and not above)
        above += rest if is_apart or not rest else part.above
    return above


def _stand_apart(node: Node) -> bool:
    """Whether there are empty lines between most parts."""
    if len(node.parts) < 2:
        above = "".join(part.above for part in node.parts)
        return node.column == 0 and bool(_LAST_BLANKS.search(above))
    later = [bool(_first_blanks(part)) for part in node.parts[1:]]
    return 2 * sum(later) > len(later)


def _first_blanks(part: Part) -> str:
    """The empty lines below the part above."""
    found = _FIRST_BLANKS.match(part.above)
    return found.group() if found else ""
