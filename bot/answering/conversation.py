"""Who was asked about what, a moment ago: in memory only, and for minutes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from bot.answering.outcome import Reply

MINUTES: Final = 10
"""After as long a silence, a conversation is over."""

_MOST: Final = 10_000
"""Conversations that are remembered; the one that was quiet longest is forgotten."""


class Conversations:
    """The last reply of each conversation.

    A key tells conversations apart: whoever keeps them sees to it that one holds no
    others' words. Times are seconds of any clock that never goes back.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[Hashable, tuple[float, Reply]] = OrderedDict()

    def last(self, key: Hashable, now: float) -> Reply | None:
        """The last reply; None where there is none, or it is too long ago."""
        found = self._last.get(key)
        if found is None or now - found[0] > MINUTES * 60:
            self._last.pop(key, None)
            return None
        return found[1]

    def keep(self, key: Hashable, reply: Reply, now: float) -> None:
        """Remember a reply as the last of its conversation."""
        self._last[key] = (now, reply)
        self._last.move_to_end(key)
        while len(self._last) > _MOST:
            self._last.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """End a conversation."""
        self._last.pop(key, None)
