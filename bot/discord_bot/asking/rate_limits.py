"""How often the bot speaks, and what it remembers for some minutes. Pure.

The clock is the caller's, in seconds from any start.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, Literal, TypeVar

Clock = Callable[[], float]
Whose = Literal["person", "channel", "guild", "clicks", "news", "all-news"]

LIMITS: Final[dict[Whose, tuple[int, float]]] = {
    "person": (5, 30),
    "channel": (10, 30),
    "guild": (60, 60),
    "clicks": (20, 30),
    "news": (5, 600),
    "all-news": (30, 600),
}
"""How many answers, in how many seconds, a person, a channel and a server get.

`clicks` are what a person presses and alone sees, `news` what the moderators are told
by a person, and by all.

The project's choice: nobody reads faster, and a channel still belongs to people.
"""

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Wait:
    """Too much was asked: by whom or where, and for how many seconds it is to rest.

    `is_new` is true for the first refusal of a row: one notice is enough.
    """

    whose: Whose
    seconds: float
    is_new: bool


class Memory(Generic[_K, _V]):
    """Values kept for some seconds, the oldest dropped where there are too many."""

    def __init__(self, clock: Clock, seconds: float, most: int = 1000) -> None:
        self._clock, self._seconds, self._most = clock, seconds, most
        self._kept: OrderedDict[_K, tuple[float, _V]] = OrderedDict()

    def put(self, key: _K, value: _V) -> None:
        """Keep a value, in place of an earlier one."""
        self._kept.pop(key, None)
        self._kept[key] = (self._clock() + self._seconds, value)
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


@dataclass
class Pace:
    """Counts what was asked over all ways of asking, in memory only."""

    clock: Clock
    _asked: dict[tuple[Whose, int], deque[float]] = field(
        default_factory=dict[tuple[Whose, int], "deque[float]"]
    )
    _told: dict[tuple[Whose, int], float] = field(
        default_factory=dict[tuple[Whose, int], float]
    )

    def take(
        self, person: int, channel: int, guild: int | None, *, exempt: bool = False
    ) -> Wait | None:
        """Count a question; how long to wait where it is one too many.

        One that is too many is not counted. `exempt`: it is counted, never refused.
        """
        return self._take(list(_keys(person, channel, guild)), exempt=exempt)

    def click(self, person: int) -> Wait | None:
        """Count what a person pressed and alone sees; as in `take`."""
        return self._take([("clicks", person)], exempt=False)

    def send(self, person: int) -> Wait | None:
        """Count what a person sends to the moderators' channel; as in `take`."""
        return self._take([("news", person), ("all-news", 0)], exempt=False)

    def _take(self, keys: list[tuple[Whose, int]], *, exempt: bool) -> Wait | None:
        now = self.clock()
        self._tidy(now)
        for key in keys:
            count, seconds = LIMITS[key[0]]
            asked = self._asked.get(key, deque())
            while asked and asked[0] <= now - seconds:
                asked.popleft()
            if len(asked) >= count and not exempt:
                is_new = self._told.get(key, now) <= now
                rest = asked[0] + seconds - now
                if is_new:
                    self._told[key] = now + rest
                return Wait(key[0], rest, is_new)
        for key in keys:
            self._asked.setdefault(key, deque()).append(now)
        return None

    def forget(self, person: int) -> None:
        """Forget what a person asked."""
        names: tuple[Whose, ...] = ("person", "clicks", "news")
        for name in names:
            self._asked.pop((name, person), None)
            self._told.pop((name, person), None)

    def _tidy(self, now: float) -> None:
        """Drop what counts no more, now and then."""
        if len(self._asked) > _TIDY_AT:
            self._asked = {
                key: asked
                for key, asked in self._asked.items()
                if asked and asked[-1] > now - LIMITS[key[0]][1]
            }
            self._told = {
                key: until for key, until in self._told.items() if until > now
            }


_TIDY_AT: Final = 5000


def _keys(person: int, channel: int, guild: int | None) -> Iterator[tuple[Whose, int]]:
    yield "person", person
    if guild is not None:
        yield "channel", channel
        yield "guild", guild
