"""How it goes: daily counts and votes → figures, and the lines that tell them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

from bot.moderating.unanswered import Want
from bot.records.values import Tally
from bot.story.model import Story
from bot.words.catalogue import Words

SHOWN: Final = 5
"""Entries, and wants, that are told of."""


class Counted(Protocol):
    """How often something happened on a day, whatever it was about."""

    @property
    def day(self) -> date:
        """The day, in UTC."""
        ...

    @property
    def what(self) -> str:
        """`asked`, or what it led to: the name of an outcome."""
        ...

    @property
    def count(self) -> int:
        """How often, at least 0."""
        ...


class Counts(NamedTuple):
    """Questions, and what they led to.

    A message may hold several questions, or a greeting: the kinds need not add up.
    """

    asked: int = 0
    answered: int = 0
    offered: int = 0
    not_covered: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sums of both."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


_FIELDS: Final[Mapping[str, str]] = {
    "asked": "asked",
    "answer": "answered",
    "closest": "offered",
    "did_you_mean": "offered",
    "facts": "not_covered",
    "not_covered": "not_covered",
}
"""Where what happened counts. The closest is an offer; facts are no answer."""


Asked = tuple[str, int]
"""What is asked, and how often."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What happened from a day to another, both with.

    `days` has each of them, in order. `most_asked` are the questions of entries with
    how often each was the answer, most first; `most_wanted` what found no answer, as it
    came. Votes are all there are, whenever they were cast.
    """

    first: date
    last: date
    days: tuple[tuple[date, Counts], ...]
    total: Counts
    helpful: int
    wrong: int
    most_asked: tuple[Asked, ...]
    most_wanted: tuple[Want, ...]


def most_asked(story: Story, answered: Mapping[str, int]) -> tuple[Asked, ...]:
    """Of how often each entry was the answer, the questions of the first, most first.

    An entry that is gone is told of by its id.
    """
    ranked = sorted(answered.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        (story.entries[name].question if name in story.entries else name, count)
        for name, count in ranked[:SHOWN]
    )


def stats(
    span: tuple[date, date],
    counted: Iterable[Counted],
    tallies: Mapping[str, Tally],
    asked: Sequence[Asked],
    wanted: Sequence[Want],
) -> Stats:
    """The figures from a day to another; what was counted on other days is left out.

    `asked` and `wanted` are what is asked most, and what found no answer, most first.

    Raises:
        ValueError: The last day is before the first.
    """
    first, last = span
    if last < first:
        raise ValueError(f"{last} is before {first}")
    by_day: dict[date, Counts] = {}
    for one in counted:
        field = _FIELDS.get(one.what)
        if field is None or not first <= one.day <= last:
            continue
        more = Counts()._replace(**{field: one.count})
        by_day[one.day] = by_day.get(one.day, Counts()).plus(more)
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    total = Counts()
    for counts in by_day.values():
        total = total.plus(counts)
    return Stats(
        first=first,
        last=last,
        days=tuple((day, by_day.get(day, Counts())) for day in days),
        total=total,
        helpful=sum(one.helpful for one in tallies.values()),
        wrong=sum(one.wrong for one in tallies.values()),
        most_asked=tuple(asked),
        most_wanted=tuple(wanted[:SHOWN]),
    )


def lines(found: Stats, words: Words) -> list[str]:
    """The figures as plain text, a line each: totals, what is asked, and each day.

    Days on which nothing was asked are left out. What people typed stands in it as they
    did: whoever shows it escapes it.
    """
    say = words.say
    wanted = [(one.best.text, one.wanted) for one in found.most_wanted]
    told = [period(found, words), *_totals(found, words)]
    for key, rows in (("stats.most", found.most_asked), ("stats.wanted", wanted)):
        told += [f"{say(key)}:"] * bool(rows)
        told += [_times(count, text, words) for text, count in rows]
    days = [
        say("stats.day", day=day, **{key: f"{n:,}" for key, n in one._asdict().items()})
        for day, one in found.days
        if any(one)
    ]
    return [*told, *([f"{say('stats.by-day')}:"] * bool(days)), *days]


def _totals(found: Stats, words: Words) -> list[str]:
    """How often it was asked, what that led to, and all votes: a line each.

    With the share that each kind has of the three together, if they have any.
    """
    total, say = found.total, words.say
    kinds = {
        "stats.answered": total.answered,
        "stats.offered": total.offered,
        "stats.not-covered": total.not_covered,
    }
    outcomes = sum(kinds.values())
    return [
        say("stats.asked", count=f"{total.asked:,}"),
        *(
            say(key, count=f"{count:,}")
            + (f" ({100 * count / outcomes:.0f} %)" if outcomes else "")
            for key, count in kinds.items()
        ),
        say("stats.votes", helpful=f"{found.helpful:,}", wrong=f"{found.wrong:,}"),
    ]


def period(found: Stats, words: Words) -> str:
    """The days that the figures are of, as people write them."""
    first, last = (words.date(day.isoformat()) for day in (found.first, found.last))
    if first == last:
        return first
    return words.say("stats.span", first=first, last=last)


def _times(count: int, text: str, words: Words) -> str:
    key = "stats.times.one" if count == 1 else "stats.times.many"
    return words.say(key, count=f"{count:,}", text=text)
