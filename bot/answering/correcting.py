"""Setting a wrong premise right: by a moderator's correction, or by a clashing fact.

A question may match an entry in everything but a date, a number, who did it to whom,
or whether it was so. Then what says otherwise is put first. Where nothing does, there
is nothing that may be said: the caller must not answer as if nothing were wrong.
"""

from collections.abc import Iterator
from typing import Final

from bot.answering.composing import NOTHING_WRONG, Correction
from bot.answering.outcome import Opening
from bot.matching.candidate import Candidate
from bot.matching.figures import Figure
from bot.matching.question import Asked
from bot.matching.ranking import Matcher
from bot.story.model import Entry, Fact, Story
from bot.story.text import Sentence

CLASHES: Final = frozenset({"foreign names", "negation", "other figure", "roles"})
"""Guards that tell that a question takes for granted what the answer does not say."""


class Corrector:
    """Finds what sets a question's premise right, in one story."""

    def __init__(self, story: Story, matcher: Matcher) -> None:
        self._story = story
        self._matcher = matcher

    def correction(
        self, entry: Entry, found: Candidate, question: str
    ) -> Correction | None:
        """What to put first; nothing where nothing is wrong.

        None where something is wrong, but nothing here says what is right.
        """
        if found.premise is not None:
            return Correction(None, entry.premises[found.premise].sentences)
        if CLASHES.isdisjoint(found.fired):
            return NOTHING_WRONG
        asked = self._matcher.reader.understand(question)
        facts = [self._story.facts[name] for name in sorted(entry.cites)]
        clashes = CLASHES.intersection(found.fired)
        if clashes == frozenset({"roles"}):
            return next(self._other_way_round(asked, facts), None)
        if clashes == frozenset({"other figure"}):
            return self._other_figure(asked, facts)
        if clashes == frozenset({"negation"}):
            return self._otherwise(asked, entry)
        return None

    def _other_way_round(self, asked: Asked, facts: list[Fact]) -> Iterator[Correction]:
        """Facts in which the deed is done the other way round."""
        for fact in facts:
            told = self._matcher.reader.understand(fact.statement).deeds
            if any(deed.reversed.fits(told) for deed in asked.deeds):
                yield _said("other-way-round", fact)

    def _otherwise(self, asked: Asked, entry: Entry) -> Correction | None:
        """How the answer begins: that it was so. None where it says that it was not."""
        if _may_be_so(asked):
            return None
        wanted = _substance(asked)
        said = {
            sentence: self._matcher.reader.understand(sentence.text)
            for sentence in entry.sentences
        }
        best = max(said, key=lambda one: len(wanted & said[one].everything))
        if said[best].negated or "no" in said[best].everything:
            return None
        return Correction("otherwise", (best,))

    def _other_figure(self, asked: Asked, facts: list[Fact]) -> Correction | None:
        """The fact nearest to the question that has a date, or a number, of its own."""
        best: tuple[tuple[int, int], Fact] | None = None
        told = {
            fact.id: self._matcher.reader.understand(fact.statement) for fact in facts
        }
        known = [figure for one in told.values() for figure in one.figures]
        wrong = next((one for one in asked.figures if not one.fits(known)), None)
        if wrong is None:
            return None
        for fact in facts:
            one = told[fact.id]
            alike = [figure for figure in one.figures if _alike(figure, wrong)]
            shared = len(_substance(asked) & one.everything)
            if not (alike and shared):
                continue
            agreeing = max(_agreeing(figure, wrong) for figure in alike)
            if best is None or (agreeing, shared) > best[0]:
                best = ((agreeing, shared), fact)
        if best is None:
            return None
        opening = "other-date" if wrong.number is None else "other-number"
        return _said(opening, best[1])


def _may_be_so(asked: Asked) -> bool:
    """Whether something may rightly not be so, as in "Which one did not sign?"."""
    return bool(asked.wants - {"why", "yes/no", "when", "how"})


def _alike(one: Figure, wrong: Figure) -> bool:
    """Whether a figure is of the same kind: a number, or a date that gives as much."""
    return all(
        mine is not None
        for mine, other in zip(one, wrong, strict=True)
        if other is not None
    )


def _agreeing(one: Figure, wrong: Figure) -> int:
    """How many parts of two figures are the same."""
    return sum(
        mine == other is not None for mine, other in zip(one, wrong, strict=True)
    )


def _substance(asked: Asked) -> frozenset[str]:
    """The words of substance of a question, and what they mean; no names."""
    content = asked.content
    meant = (meaning for term in content for meaning in term.meanings)
    return frozenset(term.term for term in content).union(meant)


def _said(opening: Opening, fact: Fact) -> Correction:
    return Correction(opening, (Sentence(fact.statement, (fact.id,)),))
