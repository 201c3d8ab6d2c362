"""A story asks itself: what can be known of how well it answers, without labels.

A part of each answer's ways of asking is left out, and asked: they should lead to it.
And what must not be answered is asked: the ways of entries that are left out whole, or
of known unknowns; and ways in which one name takes the place of another.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Facts, Reply
from bot.evaluation.leads import led_by
from bot.evaluation.results import Verdict
from bot.evaluation.shares import Share
from bot.lane import give_way
from bot.shelf import Shelf, code_of, key_of
from bot.story.model import Entry, Story

PARTS: Final = 4
"""One way in so many is left out. Of 2, 3, 4, 6 and 8, four told weak answers from
others best on the ten stories of `tests/stories`."""

ASKED: Final = 400
"""Ways that are left out and asked, more or less: a larger story asks fewer of each."""

FEWEST: Final = 3
"""Ways of an entry that are asked at least, where it has as many."""

UNCOVERED: Final = 60
"""Ways of entries left out whole that are asked, more or less; as many of unknowns."""

SWAPPED: Final = 40
"""Ways in which a name takes the place of another, at most."""

ROUNDS: Final = 2
"""How often another quarter of the entries is left out whole."""

LARGE: Final = 1000
"""Wordings from which once must do: to build takes seconds."""

WORTH: Final[Mapping[Verdict, float]] = {
    "right": 1.0,
    "offered": 0.5,
    "missed": 0.0,
    "wrong": -1.0,
}
"""What becomes of a question, to who asked it."""

_KIND: Final = "self-test"
_ROOMS: Final = ("story", "matching", "answering", "evaluation")
_DOUBT: Final = 2.0
"""Questions' worth of the mean of all, by which an entry's few are steadied."""

Told = Callable[[int, int], None]
"""Is told how many of how many questions were asked."""


class Tried(NamedTuple):
    """A way of an entry that was left out, and what became of it.

    `taken` is another entry that was answered with, or put first; "" for none. Of a
    known unknown, `entry` is its id, and it is right that nothing answers.
    """

    entry: str
    asked: str
    verdict: Verdict
    taken: str


@dataclass(frozen=True, slots=True)
class Weak:
    """An answer, and how well it was found: `worth` is -1 to 1, as `WORTH` says.

    `tried` are its ways that were asked, none where it has but one.
    """

    entry: str
    worth: float
    tried: tuple[Tried, ...]
    ways: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that are taken for each other: the ways of one that led to the other.

    There is at least one.
    """

    entry: str
    other: str
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What became of a story's own questions.

    `tried` are ways that were left out. `answered` is the share of those that no entry
    answers which got an answer, and `misled` that of swapped ones which got the answer
    to what they were made from. `ways` is the mean number of ways of asking an entry.
    `unknowns` are the ways of known unknowns that got an answer, of those left out.
    """

    tried: tuple[Tried, ...]
    answered: Share
    misled: Share
    ways: float
    unknowns: tuple[Tried, ...] = ()

    def share(self, verdict: Verdict) -> Share:
        """How many of the ways that were left out came to that."""
        count = sum(one.verdict == verdict for one in self.tried)
        return Share(count, len(self.tried))


_Kept: Final = TypeAdapter(SelfTest)


def self_test(
    answerer: Answerer,
    today: date,
    tell: Told = lambda _asked, _of: None,
    shelf: Shelf | None = None,
) -> SelfTest:
    """Let a story ask itself: a second or two for each hundred questions.

    What is on the shelf is taken from there.
    """
    shelf, key = shelf or Shelf(None), _key(answerer)
    with suppress(ValidationError):
        if data := shelf.get(_KIND, key):
            return _Kept.validate_json(data)
    found = _asked(answerer, today, tell)
    shelf.put(_KIND, key, _Kept.dump_json(found))
    return found


def _key(answerer: Answerer) -> str:
    code = (code_of(Path(__file__).parent.parent / room) for room in _ROOMS)
    kind = answerer.matcher.kind
    state = f"{answerer.story.revision} {answerer.thresholds} {kind}"
    return key_of((*code, state.encode()))


def other_of(answerer: Answerer, story: Story) -> Answerer:
    """What answers from another story, built whole; as sure as before it must be."""
    found = Answerer(story, None, answerer.false_answers, vectors=answerer.vectors)
    found.thresholds = answerer.thresholds
    return found


def _asked(answerer: Answerer, today: date, tell: Told) -> SelfTest:
    story = answerer.story
    plan = _Plan(story)
    asking = _Asking(today, tell, plan.count)
    tried: list[Tried] = []
    for ways in plan.ways:
        other = other_of(answerer, _without_ways(story, {way for _, way, _ in ways}))
        tried += [
            _tried(entry, way, asking.of(way, other), story)
            for entry, way, is_asked in ways
            if is_asked
        ]
    false: list[bool] = []
    unknowns: list[Tried] = []
    for gone, asked, unknown in plan.uncovered:
        left = _without_ways(_without_entries(story, gone), {way for _, way in unknown})
        other = other_of(answerer, left)
        false += [bool(led_by(asking.of(way, other)).answers) for way in asked]
        for name, way in unknown:
            taken = led_by(asking.of(way, other)).answers
            false.append(bool(taken))
            unknowns += [Tried(name, way, "wrong", one) for one in taken[:1]]
    misled = [
        _misleads(asking.of(text, answerer), entry) for entry, text in plan.swapped
    ]
    return SelfTest(
        tuple(tried),
        Share(sum(false), len(false)),
        Share(sum(misled), len(misled)),
        plan.mean_ways,
        tuple(unknowns),
    )


class _Plan:
    """What is left out, and what is asked then; the same for the same story."""

    def __init__(self, story: Story) -> None:
        entries = list(story.entries.values())
        counts = [len(one.ways) for one in entries]
        self.mean_ways = sum(counts) / max(len(counts), 1)
        each = max(FEWEST, ASKED // max(len(entries), 1))
        enough = -(-each * PARTS // max(1, round(self.mean_ways)))
        self.ways = list(_left_out(entries, min(PARTS, enough), each))
        unknowns = sum(len(one.ways) for one in story.unknowns.values())
        rounds = 1 if sum(counts) + unknowns >= LARGE else ROUNDS
        self.uncovered = list(_uncovered(story, rounds))
        self.swapped = list(islice(_swapped(story), SWAPPED))

    @property
    def count(self) -> int:
        """How many questions are asked."""
        ways = sum(is_asked for one in self.ways for _, _, is_asked in one)
        uncovered = sum(len(one) + len(two) for _, one, two in self.uncovered)
        return ways + uncovered + len(self.swapped)


def _left_out(
    entries: Sequence[Entry], rounds: int, each: int
) -> Iterator[list[tuple[str, str, bool]]]:
    """What is left out in each round: the entry, the way, and whether it is asked."""
    asked: Counter[str] = Counter()
    for at in range(rounds):
        ways: list[tuple[str, str, bool]] = []
        for number, one in enumerate(entries):
            out = one.ways[(number + at) % PARTS :: PARTS] if len(one.ways) > 1 else ()
            for way in out:
                ways.append((one.id, way, asked[one.id] < each))
                asked[one.id] += 1
        yield ways


class _Asking:
    """Asks, and tells how far it is."""

    def __init__(self, today: date, tell: Told, count: int) -> None:
        self._today, self._tell, self._of = today, tell, count
        self._asked = 0

    def of(self, question: str, answerer: Answerer) -> Reply:
        """Where a question leads with an answerer; none counts it."""
        give_way()
        self._asked += 1
        self._tell(self._asked, self._of)
        return Answerer.reply(answerer, question, self._today)


def _uncovered(
    story: Story, rounds: int
) -> Iterator[tuple[AbstractSet[str], list[str], list[tuple[str, str]]]]:
    """Entries to leave out, with some ways of theirs, and ways of unknowns."""
    entries, unknowns = list(story.entries.values()), list(story.unknowns.values())
    each = max(1, UNCOVERED * PARTS // max(1, len(entries) * rounds))
    of_unknowns = max(1, UNCOVERED // max(1, len(unknowns) * rounds))
    for at in range(rounds):
        gone = entries[at::PARTS] if len(entries) > 1 else []
        asked = [way for one in gone for way in _spread(one.ways, each)]
        unknown = [
            (one.id, way)
            for number, one in enumerate(unknowns)
            if len(one.ways) > 1
            for way in _part(one.ways, number + at)[:of_unknowns]
        ]
        yield {one.id for one in gone}, asked, unknown


def _part(ways: Sequence[str], number: int) -> Sequence[str]:
    """One way in so many, by turns; of fewer, one."""
    return ways[number % min(PARTS, len(ways)) :: PARTS]


def _spread(ways: Sequence[str], most: int) -> Sequence[str]:
    """At most so many, from all over."""
    return ways[:: -(-len(ways) // most)]


def _swapped(story: Story) -> Iterator[tuple[str, str]]:
    """Ways of entries that say the name of somebody whom these do not know."""
    names = {
        one.id: re.compile(
            r"\b(?:" + "|".join(map(re.escape, (one.name, *one.aliases))) + r")\b",
            re.IGNORECASE,
        )
        for one in story.entities.values()
    }
    for number, entry in enumerate(story.entries.values()):
        told = " ".join(
            [entry.answer, *entry.ways, *(one.correction for one in entry.premises)]
        )
        told += " ".join(story.facts[name].statement for name in sorted(entry.cites))
        strange = [one for one in names if not names[one].search(told)]
        for way in entry.ways[:FEWEST]:
            found = ((one, m) for one in names if (m := names[one].search(way)))
            named, at = next(found, ("", None))
            kind = story.entities[named].type if named else None
            others = [one for one in strange if story.entities[one].type == kind]
            if at and others:
                other = story.entities[others[number % len(others)]].name
                yield entry.id, f"{way[: at.start()]}{other}{way[at.end() :]}"


def _without_ways(story: Story, out: AbstractSet[str]) -> Story:
    """The story without some ways of asking; whoever has no other keeps them."""
    entries = {name: _less(one, out) for name, one in story.entries.items()}
    unknowns = {
        name: one.model_copy(update={"question": kept[0], "also_asked": kept[1:]})
        for name, one in story.unknowns.items()
        if (kept := tuple(way for way in one.ways if way not in out) or one.ways)
    }
    return replace(story, entries=entries, unknowns=unknowns)


def _less(entry: Entry, out: AbstractSet[str]) -> Entry:
    kept = tuple(way for way in entry.ways if way not in out) or entry.ways
    return entry.model_copy(update={"question": kept[0], "also_asked": kept[1:]})


def _without_entries(story: Story, gone: AbstractSet[str]) -> Story:
    """The story without some entries."""
    entries = {
        name: one.model_copy(
            update={"related": tuple(set(one.related).difference(gone))}
        )
        for name, one in story.entries.items()
        if name not in gone
    }
    topics = {
        topic: left
        for topic, names in story.topics.items()
        if (left := tuple(name for name in names if name not in gone))
    }
    return replace(story, entries=entries, topics=topics)


def _tried(entry: str, way: str, reply: Reply, story: Story) -> Tried:
    """What became of a way of an entry."""
    led = led_by(reply)
    facts = {
        one.id
        for found in reply.outcomes
        if isinstance(found, Facts)
        for one in found.related
    }
    verdict: Verdict = "missed"
    if led.answers:
        verdict = "right" if set(led.answers) == {entry} else "wrong"
    elif entry in led.entries or not facts.isdisjoint(story.entries[entry].cites):
        verdict = "offered"
    taken = next(iter(led.entries), entry)
    return Tried(entry, way, verdict, "" if taken == entry else taken)


def _misleads(reply: Reply, entry: str) -> bool:
    """Whether the answer to something else is given, and nothing sets that right."""
    return any(
        isinstance(one, Answer) and one.entry == entry and not one.premise
        for one in reply.outcomes
    )


def weakest(story: Story, found: SelfTest) -> tuple[Weak, ...]:
    """Every entry, the weakest first; first of all those of which nothing is known."""
    of: dict[str, list[Tried]] = defaultdict(list)
    for one in found.tried:
        of[one.entry].append(one)
    every = [WORTH[one.verdict] for one in found.tried]
    mean = sum(every) / max(len(every), 1)
    weak: list[Weak] = []
    for name, entry in story.entries.items():
        own = [WORTH[one.verdict] for one in of[name]]
        worth = (sum(own) + _DOUBT * mean) / (len(own) + _DOUBT) if own else -1.0
        weak.append(Weak(name, worth, tuple(of[name]), len(entry.ways)))
    return tuple(sorted(weak, key=lambda one: (one.worth, one.ways)))


def pairs(found: SelfTest) -> tuple[Pair, ...]:
    """Entries of which one was put first for the other, the most often so first."""
    held: dict[frozenset[str], list[Tried]] = defaultdict(list)
    for one in found.tried:
        if one.taken:
            held[frozenset((one.entry, one.taken))].append(one)
    every = [Pair(one[0].entry, one[0].taken, tuple(one)) for one in held.values()]
    return tuple(sorted(every, key=lambda one: (-len(one.tried), one.entry, one.other)))
