"""Questions that found no answer → what is wanted most, however it was worded.

Questions that mean the same are one want. Two are never taken for the same where they
differ in whom they name, in numbers or in negation: two wants for one question cost a
moderator a look, one want for two questions costs somebody the answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from bot.answering.answerer import Answerer
from bot.answering.outcome import Link, Reply
from bot.lane import give_way
from bot.matching.likeness import Likeness
from bot.matching.text import MAX_CHARACTERS, clean
from bot.moderating.answered import answers
from bot.records.values import Question
from bot.story.prose import fold

SAME: Final = 0.3
"""Likelihood from which two questions are taken for the same, chosen for precision. Of
the pairs put together, 82 of 82 belonged together in `tests/benchmarks/wanted.jsonl`
(of 130 that do; by models that never saw their groups, 86 of 86), and 97 and 76
of 100 among wordings of entries and unknowns that the base does not know (November
2026; `tests/benchmarks/wanted.py`)."""

MAX_WORDS: Final = 30
"""Words of a question that is compared with others; ordinary ones have a dozen."""

_LOOKED_AT: Final = 8
"""Questions of each group that are compared before two become one."""

_NEAR_ENOUGH: Final = 0.12
"""Confidence from which an entry is near a question at all: the one to offer it."""


@dataclass(frozen=True, slots=True)
class Near:
    """The entry nearest to a question, and the probability, 0-1, that it answers it."""

    entry: Link
    confidence: float


@dataclass(frozen=True, slots=True)
class Want:
    """Questions that mean the same.

    `best` is the wording that was asked most, of equals the clearest; `wordings` are
    all of them, asked most first, with it. `asked` and `sent` are their sums, `first`
    and `last` when any of them was asked first and last. `nearest` is None where no
    entry is near.
    """

    best: Question
    wordings: tuple[Question, ...]
    asked: int
    sent: int
    first: datetime
    last: datetime
    nearest: Near | None

    @property
    def wanted(self) -> int:
        """How often it was asked, and sent to the moderators."""
        return self.asked + self.sent


def wants(
    questions: Iterable[Question],
    answerer: Answerer,
    today: date,
    limit: int | None = 25,
) -> tuple[Want, ...]:
    """What is wanted, most first; of equals what was sent more, then the latest.

    At most `limit` of them, None for all: looking for the nearest entry takes longest.
    The order in which the questions come says nothing.
    """
    found = [_Group(some) for some in _together(questions, answerer)]
    found.sort(key=lambda one: one.rank)
    return tuple(
        one.want(nearest(one.wordings[0].text, answerer, today))
        for one in found[:limit]
    )


class Unanswered:
    """What is wanted, and still finds no answer.

    What was worked out of a revision is known, so that the same questions cost nothing
    the second time. It is for one thread at a time.
    """

    def __init__(self) -> None:
        self._made_of: tuple[str, date] | None = None
        self._told: dict[str, _Told] = {}
        self._grouped: dict[frozenset[int], list[list[int]]] = {}

    def wants(
        self, questions: Iterable[Question], answerer: Answerer, today: date, limit: int
    ) -> tuple[Want, ...]:
        """The first of `wants`, of the questions that the revision does not answer.

        Only those are asked that would come first.
        """
        groups = self._groups(questions, answerer, today)
        ranked = [(one.rank, False, one) for one in map(_Group, groups)]
        heapify(ranked)
        found: list[Want] = []
        while ranked and len(found) < limit:
            _, is_left, one = heappop(ranked)
            if is_left:
                found.append(self._want(one, answerer, today))
            elif left := self._left(one.wordings, answerer, today):
                # Without those that are answered, it may come later.
                again = _Group(left)
                heappush(ranked, (again.rank, True, again))
        return tuple(found)

    def want_of(
        self,
        number: int,
        questions: Iterable[Question],
        answerer: Answerer,
        today: date,
    ) -> Want | None:
        """What is wanted by one of some questions, by its id, with all like it.

        None where it is not among them, or the revision answers it.
        """
        for group in self._groups(questions, answerer, today):
            if any(one.id == number for one in group):
                left = self._left(group, answerer, today)
                if any(one.id == number for one in left):
                    return self._want(_Group(left), answerer, today)
        return None

    def close_to(
        self, entry: str, questions: Iterable[Question], answerer: Answerer, today: date
    ) -> list[Question]:
        """Those without an answer to which an entry is nearest, in their order."""
        given = list(questions)
        self._groups(given, answerer, today)
        told = ((one, self._ask(one, answerer, today)) for one in given)
        return [
            question
            for question, one in told
            if not one.is_answered and one.near and one.near.entry.entry == entry
        ]

    def _groups(
        self, questions: Iterable[Question], answerer: Answerer, today: date
    ) -> list[list[Question]]:
        made_of = answerer.story.revision, today
        if made_of != self._made_of:
            self._made_of, self._told, self._grouped = made_of, {}, {}
        by_id = {one.id: one for one in questions}
        ids = frozenset(by_id)
        if ids not in self._grouped:
            found = _together(by_id.values(), answerer)
            self._grouped = {ids: [[one.id for one in group] for group in found]}
            texts = self._told.keys() & {one.text for one in by_id.values()}
            self._told = {text: self._told[text] for text in texts}
        return [[by_id[one] for one in group] for group in self._grouped[ids]]

    def _left(
        self, some: Iterable[Question], answerer: Answerer, today: date
    ) -> list[Question]:
        """Those that the revision does not answer."""
        return [one for one in some if not self._ask(one, answerer, today).is_answered]

    def _want(self, group: "_Group", answerer: Answerer, today: date) -> Want:
        return group.want(self._ask(group.wordings[0], answerer, today).near)

    def _ask(self, question: Question, answerer: Answerer, today: date) -> "_Told":
        text = question.text
        if text not in self._told:
            give_way()
            reply = answerer.reply(text, today)
            self._told[text] = _Told(bool(answers(reply)), _nearest(reply, answerer))
        return self._told[text]


def near_ones(
    text: str, answerer: Answerer, today: date, limit: int = 10
) -> tuple[Link, ...]:
    """Entries that may be meant by a question, nearest first, hidden ones not."""
    entries = answerer.story.entries
    reply = answerer.reply(text, today)
    found = {one.id: Link(one.id, entries[one.id].question) for one in reply.candidates}
    for one in answerer.suggest(text, limit):
        found.setdefault(one.entry, one)
    return tuple(found.values())[:limit]


def nearest(text: str, answerer: Answerer, today: date) -> Near | None:
    """The entry nearest to a question; None where none is near."""
    return _nearest(answerer.reply(text, today), answerer)


def _nearest(reply: Reply, answerer: Answerer) -> Near | None:
    for one in reply.candidates[:1]:
        if one.confidence >= _NEAR_ENOUGH:
            question = answerer.story.entries[one.id].question
            return Near(Link(one.id, question), one.confidence)
    return None


class _Told(NamedTuple):
    """What a revision says to a question: an answer, or what is near it."""

    is_answered: bool
    near: Near | None


class _Group:
    """Questions that mean the same, before anybody looks for what is near them."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.wordings = sorted(questions, key=_clarity)
        self.asked = sum(one.asked for one in questions)
        self.sent = sum(one.sent for one in questions)
        self.last = max(one.last for one in questions)

    @property
    def rank(self) -> tuple[int, int, float, int]:
        return (
            -(self.asked + self.sent),
            -self.sent,
            -self.last.timestamp(),
            min(one.id for one in self.wordings),
        )

    def want(self, near: Near | None) -> Want:
        return Want(
            best=self.wordings[0],
            wordings=tuple(self.wordings),
            asked=self.asked,
            sent=self.sent,
            first=min(one.first for one in self.wordings),
            last=self.last,
            nearest=near,
        )


_PLENTY: Final = 8
"""Words that a clear question has, more or less."""


def _clarity(question: Question) -> tuple[int, bool, bool, int, str, int]:
    """Asked most first, then written as a sentence, then of a usual length."""
    text = question.text
    return (
        -(question.asked + question.sent),
        not text.endswith("?"),
        not text[:1].isupper(),
        abs(len(text.split()) - _PLENTY),
        text,
        question.id,
    )


def _together(
    questions: Iterable[Question], answerer: Answerer
) -> list[list[Question]]:
    """Questions that mean the same, each in one group, in whatever order they come.

    The likest pairs come first; two groups become one where their questions are alike
    on average, and nothing parts any two of those that are looked at. Long ones stand
    alone: what they would cost is anybody's to choose.
    """
    given = sorted(questions, key=lambda one: (fold(one.text), one.id))
    long = [one for one in given if len(fold(one.text).split()) > MAX_WORDS]
    short = [one for one in given if len(fold(one.text).split()) <= MAX_WORDS]
    texts = [clean(one.text[:MAX_CHARACTERS]) for one in short]
    likeness = Likeness(texts, answerer.matcher)
    alike = [(likeness.alike(*pair), pair) for pair in likeness.near()]
    groups = {at: [at] for at in range(len(likeness.readings))}
    group_of = list(groups)
    for like, (one, other) in sorted(alike, key=lambda found: (-found[0], found[1])):
        if like < SAME:
            break
        into, gone = sorted((group_of[one], group_of[other]))
        if into != gone and _are_one(groups[into], groups[gone], likeness):
            groups[into] += groups.pop(gone)
            for at in groups[into]:
                group_of[at] = into
    found = [
        [short[position] for at in group for position in likeness.readings[at]]
        for group in groups.values()
    ]
    return [*found, *([one] for one in long)]


def _are_one(some: Sequence[int], others: Sequence[int], likeness: Likeness) -> bool:
    between = [
        likeness.alike(one, other)
        for one in some[:_LOOKED_AT]
        for other in others[:_LOOKED_AT]
    ]
    return min(between) > 0 and sum(between) >= SAME * len(between)
