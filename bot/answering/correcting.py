"""Setting a wrong premise right: by a moderator's correction, or by a clashing fact.

A question may match an entry in everything but a date, a number, who did it to whom, or
whether it was so. Then the fact that says otherwise is put first. Where no fact does, there is nothing
that may be said: the caller must not answer as if nothing were wrong.
"""

from collections.abc import Iterator
from typing import Final

from bot.answering.wording import OTHER_DATE, OTHER_NUMBER, OTHER_WAY_ROUND, OTHERWISE
from bot.matching.candidate import Candidate
from bot.matching.figures import Figure
from bot.matching.question import Asked
from bot.matching.ranking import Matcher
from bot.story.model import Entry, Fact, Story
from bot.story.text import Sentence

CLASHES: Final = frozenset({"foreign names", "negation", "other figure", "roles"})
"""Guards that tell that a question takes for granted what the answer does not say."""


_OF_SOMETHING: Final = frozenset({"who", "what", "where", "when", "how many"})
"""Kinds of answer that something may rightly not be: "Who did not sign?"."""

_MOSTLY: Final = 0.5


class Corrector:
    """Finds what sets a question's premise right, in one story."""

    def __init__(self, story: Story, matcher: Matcher) -> None:
        self._story = story
        self._matcher = matcher

    def correction(
        self, entry: Entry, found: Candidate, question: str
    ) -> tuple[Sentence, ...] | None:
        """The sentences to put first; none where nothing is wrong.

        None where something is wrong, but nothing here says what is right.
        """
        if found.premise is not None:
            return entry.premises[found.premise].sentences
        if CLASHES.isdisjoint(found.fired):
            return ()
        asked = self._matcher.reader.understand(question)
        facts = [self._story.facts[name] for name in sorted(entry.cites)]
        clashes = CLASHES.intersection(found.fired)
        if clashes == {"roles"}:
            return next(self._other_way_round(asked, facts), None)
        if clashes == {"other figure"}:
            return self._other_figure(asked, facts)
        if clashes == {"negation"}:
            return self._otherwise(asked, facts)
        return None

    def _other_way_round(
        self, asked: Asked, facts: list[Fact]
    ) -> Iterator[tuple[Sentence, ...]]:
        """Facts in which the deed is done the other way round."""
        turned = {deed.reversed for deed in asked.deeds}
        for fact in facts:
            if turned & self._matcher.reader.understand(fact.statement).deeds:
                yield _said(OTHER_WAY_ROUND, fact)

    def _otherwise(
        self, asked: Asked, facts: list[Fact]
    ) -> tuple[Sentence, ...] | None:
        """The fact that says most of what the question takes not to be so."""
        wanted = {term.term: term for term in asked.content}.values()
        if not wanted or asked.wants & _OF_SOMETHING:
            return None
        best: tuple[float, Fact] | None = None
        for fact in facts:
            said = self._matcher.reader.understand(fact.statement)
            if said.negated or not asked.names <= said.names:
                continue
            shared = [
                one
                for one in wanted
                if not said.everything.isdisjoint((one.term, *one.meanings))
            ]
            share = len(shared) / len(wanted)
            if share >= _MOSTLY and (best is None or share > best[0]):
                best = (share, fact)
        return _said(OTHERWISE, best[1]) if best else None

    def _other_figure(
        self, asked: Asked, facts: list[Fact]
    ) -> tuple[Sentence, ...] | None:
        """The fact nearest to the question that has a date, or a number, of its own."""
        best: tuple[int, Fact] | None = None
        told = {
            fact.id: self._matcher.reader.understand(fact.statement) for fact in facts
        }
        known = [figure for one in told.values() for figure in one.figures]
        wrong = next((one for one in asked.figures if not one.fits(known)), None)
        if wrong is None:
            return None
        for fact in facts:
            one = told[fact.id]
            if not any(_alike(figure, wrong) for figure in one.figures):
                continue
            shared = len(_substance(asked) & one.everything)
            if shared and (best is None or shared > best[0]):
                best = (shared, fact)
        if best is None:
            return None
        return _said(OTHER_NUMBER if wrong.number is not None else OTHER_DATE, best[1])


def _alike(one: Figure, wrong: Figure) -> bool:
    """Whether a figure is of the same kind: a number, or a date that gives as much."""
    return all(
        mine is not None
        for mine, other in zip(one, wrong, strict=True)
        if other is not None
    )


def _substance(asked: Asked) -> frozenset[str]:
    """The words of substance of a question, and what they mean; no names."""
    content = asked.content
    meant = (meaning for term in content for meaning in term.meanings)
    return frozenset(term.term for term in content).union(meant)


def _said(opening: str, fact: Fact) -> tuple[Sentence, ...]:
    return (Sentence(f"{opening} {fact.statement}", (fact.id,)),)
