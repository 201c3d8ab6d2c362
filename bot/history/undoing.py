"""Taking one change of a text back, with what was changed elsewhere since kept."""

import difflib
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

_AROUND: Final = 3
"""Lines beside a change that must still stand, so that the place is surely the same."""


class OverlapError(Exception):
    """The text was changed again in the same place."""


def taken_back(old: str | None, new: str | None, current: str | None) -> str | None:
    r"""The current text without what made `old` into `new`. None means no such file.

    What is taken back already stays so. OverlapError where the text was changed since
    at, or within three lines of, the place.

    >>> taken_back("a\nb\n", "a\nB\n", "a\nB\nc\n")
    'a\nb\nc\n'
    """
    if current == new:
        return old
    if current == old:
        return current
    if old is None or new is None or current is None:
        raise OverlapError
    was, then, here = (text.splitlines(keepends=True) for text in (old, new, current))
    blocks = _blocks(then, here)
    lines = list(here)
    for begin, end, taken, given in reversed(_changes(then, was)):
        first, last = max(begin - _AROUND, 0), min(end + _AROUND, len(then))
        shift = next(
            (
                there - start
                for start, there, size in blocks
                if start <= first < last <= start + size
            ),
            None,
        )
        if shift is None:
            raise OverlapError
        lines[begin + shift : end + shift] = was[taken:given]
    return "".join(lines)


def _changes(
    one: Sequence[str], other: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """From where to where the lines differ, in the one and in the other, in order."""
    changes: list[tuple[int, int, int, int]] = []
    here = there = 0
    for start, at, size in (*_blocks(one, other), (len(one), len(other), 0)):
        if (here, there) != (start, at):
            changes.append((here, start, there, at))
        here, there = start + size, at + size
    return changes


def _blocks(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """The runs of lines that both have: where in the one, in the other, how many.

    What is equal at both ends is found first: it makes long texts quick to compare.
    In those, lines that stand everywhere are no sign of the same place to difflib.
    """
    head = _shared(one, other)
    tail = _shared(one[head:][::-1], other[head:][::-1])
    inner = difflib.SequenceMatcher(
        None, one[head : len(one) - tail], other[head : len(other) - tail]
    )
    blocks: list[tuple[int, int, int]] = []
    for start, at, size in (
        (0, 0, head),
        *((a + head, b + head, size) for a, b, size in inner.get_matching_blocks()),
        (len(one) - tail, len(other) - tail, tail),
    ):
        if blocks and (start, at) == (
            blocks[-1][0] + blocks[-1][2],
            blocks[-1][1] + blocks[-1][2],
        ):
            before = blocks.pop()
            blocks.append((before[0], before[1], before[2] + size))
        elif size:
            blocks.append((start, at, size))
    return blocks


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are equal from the start."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
