"""Parts of a YAML text added, taken away, or written anew: each touches nothing else.

Every comment and every line that has no part in a change stays byte for byte, but for
the comments inside of what is taken away.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bot.editing.syntax_tree import (
    BREAK,
    Node,
    Part,
    Tree,
    extent,
    header,
    line_end,
    line_start,
)
from bot.editing.yaml_style import WIDTH, Spot, block, flow, lines_of, name

Entry = tuple[str | None, Tree]
"""A field's name and value, or None and an item."""

_BLANKS = re.compile("(?:[ \t]*(?:\r\n|[\r\n\x85]))*")
_BLANK_ABOVE = re.compile("\n[ \t]*\r?\n$")
_COMMA = re.compile("(?:[ \t\r\n\x85]|#[^\r\n\x85]*)*,")


class Patch:
    """Changes of one text, each a stretch of it and what takes its place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._changes: list[tuple[int, int, str]] = []
        self._break = "\r\n" if "\r\n" in text else "\n"

    def result(self) -> str:
        """The text with all the changes."""
        pieces: list[str] = []
        done = 0
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            pieces += [self._text[done : max(start, done)], new]
            done = max(end, done)
        return "".join([*pieces, self._text[done:]])

    def write_below(self, value: Tree) -> None:
        """Write a value below a text of nothing but comments."""
        text, lines = self._text, _root_lines(value)
        if text and line_start(text, len(text)) < len(text):
            lines = ["", *lines]  # as its last line, the text's new one has no break
        else:
            lines.append("")
        self._put(len(text), len(text), self._join(lines))

    def write_root(self, root: Node, value: Tree) -> None:
        """Write another kind of root, or none at all; comments in between stay."""
        first = root.parts[0].node if root.style == "-" else root
        lines, begin = _root_lines(value), line_start(self._text, root.start)
        if self._text[begin : root.start].strip(" "):  # '---'
            lines, begin = ["", *lines], root.start
        self._put(begin, first.end, self._join(lines))
        if root.style == "-":
            for part in root.parts[1:]:
                self._take_lines(part, None, has_next=False)

    def replace(
        self, holder: Node, part: Part, new: Tree, peers: Sequence[Node]
    ) -> None:
        """Write a part's value anew; what stands beside it stays there."""
        old, text = part.node, self._text
        if holder.is_flow:
            gap = " " if part.name is not None and old.start == part.lead else ""
            self._put(old.start, old.end, gap + flow(new))
            return
        used = part.lead - line_start(text, part.lead)
        spot = Spot(holder.column, used, holder.style == "-", old)
        first, *rest = block(new, spot, [old, *peers])
        if rest and first.lstrip().startswith((">", "|")):
            self._replace_by_text(part, first, rest)
            return
        end, note = old.end, _comment(header(text, old)) if old.is_long else ""
        is_block = old.is_long or old.style in {"-", ":"}
        if not is_block and (rest or not old.is_beside):
            end = line_end(text, old.end)
            note = text[old.end : end].rstrip(" \t")
        if old.is_beside:
            self._put(part.lead, end, self._join([first + note, *rest]))
            return
        above = text[part.lead : line_start(text, old.start)]
        above = above.removesuffix(self._break)
        notes = [" " * (holder.column + 2) + note.strip()] if note else []
        self._put(part.lead, end, self._join([first + above, *notes, *rest]))

    def _replace_by_text(self, part: Part, first: str, rest: Sequence[str]) -> None:
        """Write a block scalar; comments that would be text of it stand below it."""
        old, text = part.node, self._text
        end = extent(text, part)
        beside, *below = BREAK.split(text[old.end : end])
        if old.is_long:
            below = [beside, *below]
            beside = _comment(header(text, old))
        if not old.is_beside:
            above = BREAK.split(text[part.lead : line_start(text, old.start)])
            below = [*above[1:], beside, *below]
            beside = above[0]
        column = min(len(line) - len(line.lstrip(" ")) for line in rest if line.strip())
        indent = " " * (part.at - line_start(text, part.at))
        notes = [
            line
            if len(line) - len(line.lstrip(" ")) < column
            else indent + line.strip()
            for line in below
            if line.strip()
        ]
        self._put(part.lead, end, self._join([first + beside.rstrip(), *rest, *notes]))

    def add(
        self,
        node: Node,
        first: int,
        after: int,
        entries: Sequence[Entry],
        likes: Mapping[str | None, Sequence[Node]],
    ) -> None:
        """Add parts below one of a node's, or where `after` is -1 above the first kept.

        `likes` has for each field (None: for items) nodes that show how it is written.
        """
        if node.is_flow:
            self._add_in_brackets(node, first, after, entries)
            return
        part = node.parts[max(after, first)]
        between = self._break * (1 + self._has_blanks(node)) + " " * node.column
        written = [
            self._join(lines_of(value, field, node.column, likes[field]))
            for field, value in entries
        ]
        if after < 0:
            self._put(part.at, part.at, between.join([*written, ""]))
            return
        above = part.node.last
        if above.is_long:
            marks = header(self._text, above).split("#")[0].strip()
            if "+" in marks:  # an empty line below would be part of its text
                between = self._break + " " * node.column
            if above.end == len(self._text) and not marks.endswith("-"):
                # it ends without a line break, and shall have none in its text
                self._put(above.start, above.start + len(marks), above.style + "-")
        end = extent(self._text, part)
        self._put(end, end, between.join(["", *written]))

    def take(self, node: Node, kept: Sequence[int]) -> None:
        """Take away all the parts of a node but those that are kept, at least one."""
        gone = sorted(set(range(len(node.parts))).difference(kept))
        if node.is_flow:
            for index in gone:
                self._take_from_brackets(node, index, kept)
            return
        begin = line_start(self._text, node.parts[0].at)
        if 0 in gone and self._text[begin : node.parts[0].at].strip(" "):
            gone.remove(0)
            self._take_first(node, kept[0])
        for index in gone:
            above = node.parts[index - 1] if index else None
            self._take_lines(node.parts[index], above, has_next=index < kept[-1])

    def _take_first(self, node: Node, kept: int) -> None:
        """Take away a part that stands beside the dash of its parent."""
        text, first = self._text, node.parts[0]
        gaps = (
            text[extent(text, one) : other.at]
            for one, other in pairwise(node.parts[: kept + 1])
        )
        if any(gap.strip() for gap in gaps):
            dash = text[: first.at].rstrip(" ")
            self._put(len(dash), extent(text, first))
        else:
            self._put(first.at, node.parts[kept].at)

    def _take_lines(self, part: Part, above: Part | None, *, has_next: bool) -> None:
        """Take away the lines of a part, and the empty ones that it leaves too many.

        Where none is kept below it, the break above it goes and the one below stays:
        there, something may be added to what it is in.
        """
        text = self._text
        begin, end = line_start(text, part.at), extent(text, part)
        found = BREAK.match(text, end)
        if not has_next:
            written = len(text[:begin].rstrip(" \t\r\n\x85"))
            at = line_end(text, written)
            if above and above.node.last.is_long:
                at = max(at, above.end if found else begin)  # its text's line breaks
            self._put(at, end)
            return
        after = found.end() if found else end
        beyond = _after_blanks(text, after)
        is_apart = not begin or bool(_BLANK_ABOVE.search(text, 0, begin))
        if is_apart or text[beyond : beyond + 80].lstrip()[:1] != "#":
            after = beyond
        self._put(begin, after)

    def _has_blanks(self, node: Node) -> bool:
        """Whether the parts of a block stand apart from each other."""
        text = self._text
        ends = [extent(text, part) for part in node.parts[:-1]]
        if not ends:
            begin = line_start(text, node.parts[0].at)
            return node.column == 0 and bool(_BLANK_ABOVE.search(text, 0, begin))
        breaks = (BREAK.match(text, end) for end in ends)
        apart = [_after_blanks(text, one.end()) > one.end() for one in breaks if one]
        return 2 * sum(apart) > len(ends)

    def _add_in_brackets(
        self, node: Node, first: int, after: int, entries: Sequence[Entry]
    ) -> None:
        text = self._text
        written = [
            flow(value) if field is None else f"{name(field)}: {flow(value)}"
            for field, value in entries
        ]
        if after < 0:
            at = node.parts[first].at
            self._put(at, at, ", ".join([*written, ""]))
            return
        part = node.parts[after]
        begin = line_start(text, part.at)
        has_own_line = not text[begin : part.at].strip(" ")
        like = part if has_own_line else node.parts[0]
        column = like.at - line_start(text, like.at)
        used = line_end(text, part.end) - line_start(text, part.end)
        new = ""
        for one in written:
            fits = used + len(one) + 2 <= WIDTH and not has_own_line
            new += f", {one}" if fits else f",{self._break}{' ' * column}{one}"
            used = used + len(one) + 2 if fits else column + len(one) + 1
        self._put(part.end, part.end, new)

    def _take_from_brackets(self, node: Node, index: int, kept: Sequence[int]) -> None:
        """Take away an item with one comma; comments around it stay."""
        text, part = self._text, node.parts[index]
        is_after = kept[0] < index
        one, other = node.parts[index - is_after : index - is_after + 2]
        if "#" not in text[one.end : other.at]:
            self._put(*((one.end, part.end) if is_after else (part.at, other.at)))
            return
        self._put(part.at, part.end)
        if comma := _COMMA.match(text, one.end):
            self._put(comma.end() - 1, comma.end(), " ")

    def _join(self, lines: Iterable[str]) -> str:
        return self._break.join(lines)

    def _put(self, start: int, end: int, new: str = "") -> None:
        self._changes.append((start, end, new))


def _root_lines(value: Tree) -> list[str]:
    if not value or not isinstance(value, (list, dict)):
        return [flow(value)]
    fields = value.items() if isinstance(value, dict) else ((None, v) for v in value)
    return [line for key, part in fields for line in lines_of(part, key, 0, [])]


def _comment(first_line: str) -> str:
    """The comment in the first line of a block scalar, with the space before it."""
    found = re.search("[ \t]+#.*", first_line)
    return found.group() if found else ""


def _after_blanks(text: str, at: int) -> int:
    """Where the empty lines end that begin at a place."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at
