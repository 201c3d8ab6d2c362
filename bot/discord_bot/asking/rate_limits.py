"""How often the bot speaks: by person, channel and server. Pure."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.discord_bot.counting import Counts, Uncounted
from bot.memory import Clock, Memory

Whose = Literal[
    "person", "channel", "guild", "clicks", "looks", "forgets", "news", "all-news"
]

LIMITS: Final[dict[Whose, tuple[int, float]]] = {
    "person": (5, 30),
    "channel": (10, 30),
    "guild": (60, 60),
    "clicks": (20, 30),
    "looks": (60, 30),
    "forgets": (1, 600),
    "news": (5, 600),
    "all-news": (30, 600),
}
"""How many answers, in how many seconds, a person, a channel and a server get.

`clicks` are what a person presses and alone sees; `looks` what is worked out for them
and may come to nothing: what is offered while they type, and talk that may not be meant
for the bot. `forgets` are how often all of a person is looked for and deleted. `news`
is what the moderators are told by a person, and, of each kind of it, by all.

The project's choice: nobody reads faster, and a channel still belongs to people.
"""

_SWEPT: Final = 8  # counts that are looked at with every question: more than it adds


@dataclass(frozen=True, slots=True)
class Wait:
    """Too much was asked: by whom or where, and for how many seconds it is to rest.

    `is_new` is true for the first refusal of a row: one notice is enough.
    """

    whose: Whose
    seconds: float
    is_new: bool


class Pace:
    """Counts what was asked over all ways of asking, in memory only.

    What it counts it forgets by itself, and never sooner: who could have it forget
    would have no limit.
    """

    def __init__(self, clock: Clock) -> None:
        self.counts: Counts = Uncounted()
        self._clock = clock
        self._asked = OrderedDict[tuple[Whose, int], deque[float]]()
        self._told = Memory[tuple[Whose, int], bool](clock, 0.0, 5000)

    def take(
        self, person: int, channel: int, guild: int | None, *, exempt: bool = False
    ) -> Wait | None:
        """Count a question; how long to wait where it is one too many.

        One that is too many is not counted. `exempt`: it is counted, never refused.
        """
        return self._take(list(_keys(person, channel, guild)), exempt=exempt)

    def give_back(self, person: int, channel: int, guild: int | None) -> None:
        """Take back that a question was counted last: it was none."""
        for key in _keys(person, channel, guild):
            if asked := self._asked.get(key):
                asked.pop()

    def click(self, person: int) -> Wait | None:
        """Count what a person pressed and alone sees; as in `take`."""
        return self._take([("clicks", person)])

    def look(self, person: int) -> Wait | None:
        """Count what is worked out for a person and may come to nothing."""
        return self._take([("looks", person)])

    def forget(self, person: int) -> Wait | None:
        """Count that all of a person is deleted; as in `take`."""
        return self._take([("forgets", person)])

    def send(self, person: int, kind: int) -> Wait | None:
        """Count what a person sends to the moderators' channel; as in `take`."""
        return self._take([("news", person), ("all-news", kind)])

    def _take(
        self, keys: list[tuple[Whose, int]], *, exempt: bool = False
    ) -> Wait | None:
        now = self._clock()
        self._sweep(now)
        for key in keys:
            count, seconds = LIMITS[key[0]]
            asked = self._asked.get(key, deque())
            while asked and asked[0] <= now - seconds:
                asked.popleft()
            if len(asked) >= count and not exempt:
                self.counts.limited(key[0])
                rest = asked[0] + seconds - now
                is_new = self._told.get(key) is None
                if is_new:
                    self._told.put(key, True, rest)  # noqa: FBT003 - that it was told
                return Wait(key[0], rest, is_new)
        for key in keys:
            self._asked.setdefault(key, deque()).append(now)
        return None

    def _sweep(self, now: float) -> None:
        """Drop what counts no more: a few are looked at, in turn."""
        for _ in range(min(_SWEPT, len(self._asked))):
            key, asked = next(iter(self._asked.items()))
            if asked and asked[-1] > now - LIMITS[key[0]][1]:
                self._asked.move_to_end(key)
            else:
                del self._asked[key]


def _keys(person: int, channel: int, guild: int | None) -> Iterator[tuple[Whose, int]]:
    yield "person", person
    if guild is not None:
        yield "channel", channel
        yield "guild", guild
