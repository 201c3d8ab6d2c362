"""Setting a wrong premise right: by a moderator's correction, or by a clashing fact.

A question may match an entry in everything but a date, a number, who did it to whom,
or whether it was so. Then what says otherwise is put first. Where nothing does, there
is nothing that may be said: the caller must not answer as if nothing were wrong.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.answering.beginnings import NOTHING_WRONG, Correction
from bot.answering.outcome import Opening
from bot.matching.candidate import Candidate
from bot.matching.polarity import Denial, affirms, clauses, denials, is_of
from bot.matching.question import Asked, told_parts
from bot.matching.ranking import Matcher
from bot.story.figures import Figure
from bot.story.model import Entry, Fact, Kind, Story
from bot.story.prose import Sentence, fold

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
        own = self._matcher.reader.read(question).own
        asked = self._matcher.reader.understand(own)
        facts = [self._story.facts[name] for name in sorted(entry.cites)]
        clashes = CLASHES.intersection(found.fired)
        if clashes == frozenset({"roles"}):
            return next(self._other_way_round(asked, facts), None)
        if clashes == frozenset({"other figure"}):
            return self._other_figure(asked, facts)
        if clashes == frozenset({"negation"}):
            return self._otherwise(asked, own, entry)
        return None

    def _other_way_round(self, asked: Asked, facts: list[Fact]) -> Iterator[Correction]:
        """Facts in which the deed is done the other way round."""
        for fact in facts:
            told = self._matcher.reader.understand(fact.statement).deeds
            if any(deed.reversed.fits(told) for deed in asked.deeds):
                yield _said("other-way-round", fact)

    def _otherwise(
        self, asked: Asked, question: str, entry: Entry
    ) -> Correction | None:
        """The sentence that says that just that was so which is denied.

        It is of the answer, and what it rests on is not only alleged. None
        where no sentence says it, or where the question only denies that it is so now,
        or asks which one did not.
        """
        if _may_be_so(asked) or asked.modal or _NOW.search(fold(question)):
            return None
        said = [one for one in entry.sentences if self._is_said(one)]
        for denial in denials(asked.terms):
            for sentence in said:
                if self._affirms(sentence, denial, entry):
                    return Correction("otherwise", (sentence,))
        return None

    def _affirms(self, sentence: Sentence, denial: Denial, entry: Entry) -> bool:
        """Whether a sentence affirms what is denied, or says yes to it."""
        read = self._matcher.reader.understand
        told, wanted = read(sentence.text), read(entry.question)
        known = told.everything | wanted.everything
        for part in map(read, told_parts(sentence.text)):
            for clause in clauses(part.terms):
                if affirms(clause, denial, known):
                    return True
                if clause.denied:
                    break  # "No reason was given when she left" is no contradiction
        is_yes = told.terms and told.terms[0].term == "yes"
        is_asked = "yes/no" in wanted.wants and not wanted.negated
        return bool(is_yes) and is_asked and is_of(denial, wanted.terms)

    def _is_said(self, sentence: Sentence) -> bool:
        """Whether a sentence rests on what is so, by somebody's word at most."""
        kinds = {self._story.facts[name].kind for name in sentence.facts}
        return not kinds.isdisjoint(_SAID) and kinds.isdisjoint(_NOT_SAID)

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


_SAID: Final = frozenset[Kind](("fact", "statement", "correction"))
_NOT_SAID: Final = frozenset[Kind](("allegation", "denial"))
_NOW: Final = re.compile(
    r"\b(?:isnt|arent|doesnt|dont|aint|(?:is|are|does|do|s|re) (?:\w+ ){0,3}?"
    r"(?:not|no|nobody|never)|(?:no one|nobody|nothing|none) (?:is|are))\b"
)
"""What is not so now may well have been so."""


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
