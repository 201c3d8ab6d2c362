"""How often the bot speaks: by person, channel and server. Pure."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.memory import Clock, Memory

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


@dataclass(frozen=True, slots=True)
class Wait:
    """Too much was asked: by whom or where, and for how many seconds it is to rest.

    `is_new` is true for the first refusal of a row: one notice is enough.
    """

    whose: Whose
    seconds: float
    is_new: bool


class Pace:
    """Counts what was asked over all ways of asking, in memory only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[tuple[Whose, int], deque[float]] = {}
        self._told = Memory[tuple[Whose, int], bool](clock, 0.0, _TIDY_AT)

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
        now = self._clock()
        self._tidy(now)
        for key in keys:
            count, seconds = LIMITS[key[0]]
            asked = self._asked.get(key, deque())
            while asked and asked[0] <= now - seconds:
                asked.popleft()
            if len(asked) >= count and not exempt:
                rest = asked[0] + seconds - now
                is_new = self._told.get(key) is None
                if is_new:
                    self._told.put(key, True, rest)  # noqa: FBT003 - that it was told
                return Wait(key[0], rest, is_new)
        for key in keys:
            self._asked.setdefault(key, deque()).append(now)
        return None

    def forget(self, person: int) -> None:
        """Forget what a person asked."""
        names: tuple[Whose, ...] = ("person", "clicks", "news")
        for name in names:
            self._asked.pop((name, person), None)
            self._told.pop((name, person))

    def _tidy(self, now: float) -> None:
        """Drop what counts no more, now and then."""
        if len(self._asked) > _TIDY_AT:
            self._asked = {
                key: asked
                for key, asked in self._asked.items()
                if asked and asked[-1] > now - LIMITS[key[0]][1]
            }


_TIDY_AT: Final = 5000


def _keys(person: int, channel: int, guild: int | None) -> Iterator[tuple[Whose, int]]:
    yield "person", person
    if guild is not None:
        yield "channel", channel
        yield "guild", guild
