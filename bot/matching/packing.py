"""Arrays as text, so that what took long to work out can be kept in a file."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Integers = NDArray[np.int32]

_Number = TypeVar("_Number", np.float16, np.float32, np.int32)


def text(numbers: NDArray[_Number]) -> str:
    """An array's numbers as text; its shape is not kept."""
    return b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")


def floats(packed: str) -> Floats:
    """The numbers of a packed array. Raises ValueError where it is none."""
    return np.frombuffer(b64decode(packed), np.float32)


def halves(packed: str) -> Halves:
    """The numbers of a packed array. Raises ValueError where it is none."""
    return np.frombuffer(b64decode(packed), np.float16)


def integers(packed: str) -> Integers:
    """The numbers of a packed array. Raises ValueError where it is none."""
    return np.frombuffer(b64decode(packed), np.int32)


def starts(sizes: Iterable[int]) -> Integers:
    """Where each of consecutive groups begins, and where the last one ends."""
    return np.cumsum([0, *sizes], dtype=np.int32)


def joined(groups: Sequence[Sequence[int]]) -> Integers:
    """The numbers of all groups, one after the other."""
    return np.array([one for group in groups for one in group], np.int32)


def are_below(numbers: Integers, limit: int) -> bool:
    """Whether all numbers are positions in a list of that length."""
    return not len(numbers) or bool(numbers.min() >= 0 and numbers.max() < limit)


def summed(rows: Floats, starts: NDArray[np.integer[Any]]) -> Floats:
    """The sum of each group of consecutive rows or numbers; of an empty one 0."""
    sums = np.zeros((len(starts) - 1, *rows.shape[1:]), np.float32)
    having = np.flatnonzero(starts[1:] > starts[:-1])
    if len(having):
        sums[having] = np.add.reduceat(rows, starts[having], axis=0)
    return sums
