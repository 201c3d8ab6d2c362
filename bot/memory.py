"""What is remembered for some seconds, and of which the oldest goes where it is much.

The clock is the caller's, in seconds from any start.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Clock = Callable[[], float]

_K = TypeVar("_K")
_V = TypeVar("_V")


class Memory(Generic[_K, _V]):
    """Values kept for some seconds, the oldest dropped where there are too many."""

    def __init__(self, clock: Clock, seconds: float, most: int = 1000) -> None:
        self._clock, self._seconds, self._most = clock, seconds, most
        self._kept: OrderedDict[_K, tuple[float, _V]] = OrderedDict()

    def put(self, key: _K, value: _V, seconds: float | None = None) -> None:
        """Keep a value, in place of an earlier one; `seconds` for another time."""
        self._kept.pop(key, None)
        lasts = self._seconds if seconds is None else seconds
        self._kept[key] = (self._clock() + lasts, value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def get(self, key: _K) -> _V | None:
        """The value of a key; None where it was never kept, or too long ago."""
        until, value = self._kept.get(key, (0.0, None))
        return value if self._clock() < until else None

    def pop(self, key: _K) -> _V | None:
        """The value of a key, which is forgotten."""
        value = self.get(key)
        self._kept.pop(key, None)
        return value

    def forget(self, is_meant: Callable[[_K, _V], bool]) -> None:
        """Forget what is meant, by its key and value."""
        meant = [key for key, (_, one) in self._kept.items() if is_meant(key, one)]
        for key in meant:
            del self._kept[key]
