"""Setting a wrong premise right: by a moderator's correction, or by a fact that clashes.

A question may match an entry in everything but a date, a number, or who did it to whom.
Then the fact that says otherwise is put first. Where no fact does, there is nothing
that may be said: the caller must not answer as if nothing were wrong.
"""

from collections.abc import Iterator
from typing import Final

from bot.answering.wording import OTHER_DATE, OTHER_NUMBER, OTHER_WAY_ROUND
from bot.matching.candidate import Candidate
from bot.matching.figures import Figure
from bot.matching.question import Asked
from bot.matching.ranking import Matcher
from bot.story.model import Entry, Fact, Story
from bot.story.text import Sentence

CLASHES: Final = frozenset({"other figure", "roles", "negation"})
"""Guards that tell that a question takes for granted what the answer contradicts."""


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
        if "roles" in found.fired:
            fitting = self._other_way_round(asked, facts)
            return next(fitting, None)
        if "other figure" in found.fired:
            return self._other_figure(asked, facts)
        return None

    def _other_way_round(
        self, asked: Asked, facts: list[Fact]
    ) -> Iterator[tuple[Sentence, ...]]:
        """Facts in which the deed is done the other way round."""
        turned = {deed.reversed for deed in asked.deeds}
        for fact in facts:
            if turned & self._matcher.reader.understand(fact.statement).deeds:
                yield _said(OTHER_WAY_ROUND, fact)

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
