"""Taking one change of a text back, with what was changed elsewhere since kept."""

from collections.abc import Sequence
from difflib import SequenceMatcher
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
    was, then, lines = (text.splitlines(keepends=True) for text in (old, new, current))
    now = dict(_pairs(then, lines))
    for begin, end, given in reversed(_changes(then, was)):
        first, last = max(begin - _AROUND, 0), min(end + _AROUND, len(then))
        shifts = {now[at] - at if at in now else None for at in range(first, last)}
        shift = shifts.pop() if len(shifts) == 1 else None
        if shift is None:
            raise OverlapError
        lines[begin + shift : end + shift] = given
    return "".join(lines)


def _changes(
    one: Sequence[str], other: Sequence[str]
) -> list[tuple[int, int, Sequence[str]]]:
    """From where to where the one differs, and what the other has there, in order."""
    changes: list[tuple[int, int, Sequence[str]]] = []
    here = there = 0
    for start, at in (*_pairs(one, other), (len(one), len(other))):
        if (here, there) != (start, at):
            changes.append((here, start, other[there:at]))
        here, there = start + 1, at + 1
    return changes


def _pairs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The lines that both have: where in the one, and where in the other.

    What is equal at both ends is found first: it makes long texts quick to compare.
    In those, lines that stand everywhere are no sign of the same place to difflib.
    """
    head = _shared(one, other)
    tail = _shared(one[head:][::-1], other[head:][::-1])
    ends = len(one) - tail, len(other) - tail
    inner = SequenceMatcher(None, one[head : ends[0]], other[head : ends[1]])
    pairs = [(at, at) for at in range(head)]
    for start, at, size in inner.get_matching_blocks():
        pairs += [(head + start + more, head + at + more) for more in range(size)]
    return pairs + [(ends[0] + more, ends[1] + more) for more in range(tail)]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are equal from the start."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
