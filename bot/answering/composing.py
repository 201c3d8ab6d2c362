"""An entry of the story → a composed answer, every sentence with its sources."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from bot.answering.beginnings import NOTHING_WRONG, Correction, begins
from bot.answering.outcome import (
    Answer,
    Closest,
    Help,
    Link,
    NumberedSource,
    RelatedFact,
    UsedFact,
)
from bot.answering.policy import MAX_OFFERED
from bot.story.model import Entry, Fact, Kind, Story
from bot.story.prose import Sentence, last_day, latest

MAX_RELATED: Final = 3
"""Related questions, and related facts, that are shown."""

MAX_TOLD: Final = 270
"""Characters of related facts, with their other sides, after which no more is shown:
they fit a phone."""

_RELATED_SOURCES: Final = 2
_MAX_EXAMPLES: Final = 3
_T = TypeVar("_T")

_DAYS = {"day": 1, "month": 30.44, "year": 365.25}


def examples(story: Story) -> list[str]:
    """Entries that show what can be asked: the first of the first topics."""
    return [entries[0] for entries in islice(story.topics.values(), _MAX_EXAMPLES)]


def what_to_ask(story: Story, asked: str = "") -> Help:
    """What can be asked, as whoever asks that is told."""
    return Help(
        asked,
        story.about.covers,
        tuple(Link(one, story.entries[one].question) for one in examples(story)),
        tuple((name, story.title_of(name)) for name in story.topics),
    )


class Composer:
    """Composes from one story, counting the days to one `today`."""

    def __init__(self, story: Story, today: date) -> None:
        self._story = story
        self._today = today

    def answer(
        self,
        entry: Entry,
        asked: str,
        confidence: float,
        corrected: Correction = NOTHING_WRONG,
        lead: int = 0,
    ) -> Answer:
        """The composed answer of an entry; `corrected` sets a wrong premise right.

        `lead` is the position of the entry's sentence that is shown first; the others
        follow in their order.
        """
        story = self._story
        numbers = _Numbers(story)
        first = " ".join(map(numbers.mark, corrected.sentences)) or None
        ordered = _led(entry.sentences, lead)
        sentences = tuple(map(numbers.mark, ordered))
        rests = _rests(story, (*corrected.sentences, *ordered))
        as_of = self._as_of(rests)
        said = {fact for one in corrected.sentences for fact in one.facts}
        return Answer(
            entry=entry.id,
            asked=asked,
            question=entry.question,
            confidence=confidence,
            sentences=sentences,
            premise=first,
            as_of=as_of,
            kind=_agreed(rests.kinds),
            by=_agreed([self._by(fact) for fact in rests.used]) or (),
            changes=_marked(numbers, rests.changed),
            disputes=_marked(numbers, rests.disputing),
            stale=not entry.historical and self._is_stale(as_of),
            facts=tuple(map(self._used, rests.used)),
            context=tuple(map(self._used, rests.context)),
            sources=numbers.sources([*rests.used, *rests.context]),
            related=tuple(
                Link(name, story.entries[name].question)
                for name in entry.related[:MAX_RELATED]
            ),
            opening=corrected.opening,
            moved=lead > 0,
            repeated=tuple(
                at for at, one in enumerate(ordered) if said.issuperset(one.facts)
            ),
            beside=tuple(self._beside(one, said, ordered) for one in rests.context),
            begins=begins(entry, corrected, lead),
        )

    def closest(
        self,
        entry: Entry,
        asked: str,
        corrected: Correction = NOTHING_WRONG,
        lead: int = 0,
        others: Sequence[Link] = (),
    ) -> Closest:
        """An entry as the closest there is.

        Shown of it is the sentence that `lead` is the position of, or what sets a wrong
        premise right. At most two of the others are shown.
        """
        numbers = _Numbers(self._story)
        said = corrected.sentences or entry.sentences[lead : lead + 1]
        rests = _rests(self._story, said)
        as_of = self._as_of(rests)
        return Closest(
            asked=asked,
            entry=Link(entry.id, entry.question),
            lead=" ".join(map(numbers.mark, said)),
            others=tuple(others[: MAX_OFFERED - 1]),
            as_of=as_of,
            kind=_agreed(rests.kinds),
            by=_agreed([self._by(fact) for fact in rests.used]) or (),
            changes=_marked(numbers, rests.changed),
            disputes=_marked(numbers, rests.disputing),
            stale=not entry.historical and self._is_stale(as_of),
            facts=tuple(map(self._used, rests.used)),
            context=tuple(map(self._used, rests.context)),
            sources=numbers.sources([*rests.used, *rests.context]),
            begins=begins(entry, corrected, lead),
        )

    def related(
        self, names: Iterable[str]
    ) -> tuple[tuple[RelatedFact, ...], tuple[NumberedSource, ...]]:
        """Facts to show where no entry answers, and the best of their sources.

        They are the first of those that are named and may be shown, as many as are
        short together.
        """
        numbers = _Numbers(self._story, most=_RELATED_SOURCES)
        found = self._short(_volunteered(_facts(self._story, names)))
        told = list(found)
        shown: list[RelatedFact] = []
        for fact in found:
            rests = _rests(self._story, [Sentence(fact.statement, (fact.id,))], told)
            (text,) = _marked(numbers, [fact])
            changes = _marked(numbers, rests.changed)
            disputes = _marked(numbers, rests.disputing)
            shown.append(RelatedFact(fact.id, text, changes, disputes))
            told += rests.context
        return tuple(shown), numbers.sources(told)

    def _short(self, facts: Sequence[Fact]) -> Sequence[Fact]:
        """The first, and those after it that fit with it and all their other sides."""
        kept = facts[:1]
        for fact in facts[1:]:
            more = [*kept, fact]
            said = [Sentence(one.statement, (one.id,)) for one in more]
            sides = _rests(self._story, said).context
            if sum(len(one.statement) for one in (*more, *sides)) <= MAX_TOLD:
                kept = more
        return kept[:MAX_RELATED]

    def _beside(
        self, note: Fact, said: AbstractSet[str], ordered: Sequence[Sentence]
    ) -> int:
        """The position of the first sentence that a note is about.

        0, too, where it is about what was said before them, or about none of them.
        """
        facts = self._story.facts

        def is_about(name: str) -> bool:
            one = facts[name]
            return one.superseded_by == note.id or note.id in one.disputed_by

        if any(map(is_about, said)):
            return 0
        about = (at for at, one in enumerate(ordered) if any(map(is_about, one.facts)))
        return next(about, 0)

    def _as_of(self, rests: "_Rests") -> str:
        """The latest date of all that is told."""
        dates = (fact.as_of for fact in [*rests.used, *rests.context])
        return latest(dates) or self._story.about.as_of

    def _used(self, fact: Fact) -> UsedFact:
        return UsedFact(
            fact.id, fact.kind, self._by(fact), fact.as_of, fact.superseded_by
        )

    def _by(self, fact: Fact) -> tuple[str, ...]:
        return tuple(self._story.entities[name].name for name in fact.by or ())

    def _is_stale(self, as_of: str) -> bool:
        """Whether something as of a date is older than the story's `stale_after`."""
        span = self._story.about.stale_after
        if span is None:
            return False
        count, unit = span.split(" ")
        days = int(int(count) * _DAYS[unit.removesuffix("s")])
        return last_day(as_of) + timedelta(days=days) < self._today


class _Numbers:
    """Numbers sources in the order in which sentences first rest on them."""

    def __init__(self, story: Story, most: int | None = None) -> None:
        self._story = story
        self._most = most
        self._numbers: dict[str, int] = {}

    def mark(self, sentence: Sentence) -> str:
        """A sentence with the numbers of the sources of its facts."""
        cited = dict.fromkeys(
            citation.source
            for fact in _facts(self._story, sentence.facts)
            for citation in fact.citations[: self._most]
        )
        numbers = sorted(
            self._numbers.setdefault(name, len(self._numbers) + 1) for name in cited
        )
        return f"{sentence.text} {''.join(f'[{number}]' for number in numbers)}".strip()

    def sources(self, facts: Sequence[Fact]) -> tuple[NumberedSource, ...]:
        """The numbered sources in order, each with the words the facts cite."""
        quotes: dict[str, list[str]] = {name: [] for name in self._numbers}
        for fact in facts:
            for citation in fact.citations:
                shown = quotes.get(citation.source)
                if shown is not None and citation.quote not in shown:
                    shown.append(citation.quote)
        return tuple(
            self._numbered(number, name, quotes[name])
            for name, number in self._numbers.items()
        )

    def _numbered(self, number: int, name: str, quotes: list[str]) -> NumberedSource:
        source = self._story.sources[name]
        return NumberedSource(
            number=number,
            id=name,
            publisher=source.publisher,
            title=source.title,
            url=source.url if source.link else None,
            published=source.published,
            quotes=tuple(quotes),
        )


class _Rests(NamedTuple):
    """What sentences rest on: facts, what superseded them, and who disputes them."""

    used: list[Fact]
    changed: list[Fact]
    disputing: list[Fact]

    @property
    def context(self) -> list[Fact]:
        """The facts that are told beside those that are used."""
        return [*self.changed, *self.disputing]

    @property
    def kinds(self) -> list[Kind]:
        """The kind of each fact that is used."""
        return [fact.kind for fact in self.used]


def _rests(story: Story, said: Iterable[Sentence], told: Sequence[Fact] = ()) -> _Rests:
    """What sentences rest on; what is told of anyway is not told beside them.

    Nor is what is not to be volunteered. Who disputes it is never told without what has
    become of that since: a charge that was withdrawn is not left standing.
    """
    used = _facts(story, (name for part in said for name in part.facts))
    known = [*used, *told]
    disputing = _facts(story, (name for fact in used for name in fact.disputed_by))
    disputing = [one for one in disputing if one not in known]
    over = (one.superseded_by for one in [*used, *disputing] if one.superseded_by)
    changed = [one for one in _facts(story, over) if one not in known]
    disputing = [one for one in disputing if one not in changed]
    return _Rests(used, *map(_volunteered, (changed, disputing)))


def _led(sentences: Sequence[Sentence], lead: int) -> tuple[Sentence, ...]:
    """Sentences with one of them moved up to be the first."""
    return (*sentences[lead : lead + 1], *sentences[:lead], *sentences[lead + 1 :])


def _marked(numbers: _Numbers, facts: Iterable[Fact]) -> tuple[str, ...]:
    """The statements of facts as sentences with their numbers."""
    return tuple(numbers.mark(Sentence(fact.statement, (fact.id,))) for fact in facts)


def _facts(story: Story, names: Iterable[str]) -> list[Fact]:
    return [story.facts[name] for name in dict.fromkeys(names)]


def _volunteered(facts: Iterable[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.volunteer]


def _agreed(values: Sequence[_T]) -> _T | None:
    return values[0] if len(set(values)) == 1 else None
