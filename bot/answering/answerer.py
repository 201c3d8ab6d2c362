"""The policy: what a message leads to."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Final

from bot.answering.composing import MAX_RELATED, Composer
from bot.answering.context import Context
from bot.answering.correcting import Corrector
from bot.answering.outcome import (
    Answer,
    DidYouMean,
    Help,
    Link,
    NotCovered,
    Outcome,
    Reply,
    Silent,
    Thresholds,
    Topic,
)
from bot.answering.preparing import prepare, unknown_key
from bot.matching.candidate import Candidate, Explanation
from bot.matching.held_out import threshold
from bot.matching.question import asks, questions
from bot.matching.ranking import Matcher
from bot.matching.text import MAX_CHARACTERS, clean
from bot.shelf import Shelf
from bot.story.hiding import visible
from bot.story.model import Story
from bot.story.text import fold

FALSE_ANSWERS: Final = 0.05
"""The share of questions that nothing answers which may get an answer, if not set."""

MAX_OFFERED: Final = 3
"""Entries under one 'did you mean'."""

MAX_EXAMPLES: Final = 3
"""Questions that help shows."""

SHOWN_CANDIDATES: Final = 5
"""Candidates that a reply carries."""

_LEAD: Final = 0.2
"""How much surer than the next one a candidate must be to be the answer."""

_IF_CORRECTED: Final = 0.75
"""How sure it must be, of what is usual, where a wrong premise is set right: what makes
it wrong makes it unlike the entry, too."""

_ITS_OWN: Final = 0.3
"""Confidence from which a part of a message counts as a question of its own."""

_KNOWN_UNKNOWN: Final = 0.25
"""Confidence from which it is said what no source says, where no entry reaches it."""

_FAR_SURER: Final = 0.4
"""How much surer than any entry it must be that no source says it, else."""

_OFFERED_ANYWAY: Final = 0.6
"""Confidence from which an entry is offered even to what may not be about the story."""

_LITTLE: Final = 0.3
"""Share of a question's words that an entry need not explain."""

_AMONG_US: Final = re.compile(
    r"\b(?:we|us|yall|y'all|guys|mods?|this (?:channel|chat|server|bot)|in here)\b"
)
"""What people say to each other in a channel, not to a bot."""

_SMALL_TALK: Final = frozenset(
    """hi hello hey yo hiya howdy sup greetings morning afternoon evening night bye
    goodbye thanks thank thx ty tysm cheers help helped helpful start menu info commands
    you bot receipts""".split()
)
_AROUND_IT: Final = frozenset(
    """a about all am and any are ask at can do does everyone for from good guys have
    how i in is it know learn lot many me much my nice of ok on please pls question
    questions really see so that the there this tell to u use very was we well what who
    with work works your""".split()
)


class Answerer:
    """Answers from one story at one revision. Built once; never changes.

    `story` is what people see of it: without what is hidden.

    What takes seconds to work out is taken from the shelf, or put there.
    `false_answers` is the wanted share, 0-1, of questions that nothing answers which
    get an answer: less means fewer right answers, too. With `before`, an answerer of
    the revision before it, it is built in a fraction of the time, and answers nearly as
    it would without.
    """

    def __init__(
        self,
        story: Story,
        shelf: Shelf | None = None,
        false_answers: float = FALSE_ANSWERS,
        before: "Answerer | None" = None,
    ) -> None:
        self.story = story = visible(story)
        self._unknowns = {
            unknown_key(unknown): unknown for unknown in story.unknowns.values()
        }
        work = before.work if before else None
        self.work = prepare(story, shelf or Shelf(None), work)
        self._matcher = self.work.matcher
        self._context = Context(story, self._matcher)
        self._corrector = Corrector(story, self._matcher)
        usual = Thresholds()
        known = self.work.false_answers
        sure = threshold(known, false_answers, usual.answer)
        self.thresholds = Thresholds(
            answer=sure, offer=usual.offer, ambient=max(sure, usual.ambient)
        )

    @property
    def is_settled(self) -> bool:
        """Whether it answers as one built without `before` does, not just nearly."""
        return self.work.is_settled

    @property
    def matcher(self) -> Matcher:
        """What ranks the story's entries, and reads questions in its words."""
        return self._matcher

    def reply(
        self,
        text: str,
        today: date,
        *,
        ambient: bool = False,
        after: Reply | None = None,
    ) -> Reply:
        """What a message leads to. Never raises, whatever the text.

        `ambient` marks text that was not addressed to the bot: it is answered only
        where that is nearly certain, else met with silence. `after` is the reply before
        it in the same conversation, which a question such as "and when?" takes up.
        """
        read = self._read(text, after.topic if after else None)
        decide = self._ambient if ambient else self._addressed
        outcomes = [decide(asked, found, today) for asked, found, _ in read]
        explanation = read[0][1]
        shown = self._entries(explanation)[:SHOWN_CANDIDATES]
        return Reply(
            text=text,
            outcomes=tuple(outcomes),
            candidates=shown,
            explanation=explanation,
            thresholds=self.thresholds,
            topic=read[-1][2],
            revision=self.story.revision,
        )

    def _read(
        self, text: str, topic: Topic | None
    ) -> list[tuple[str, Explanation, Topic]]:
        """The questions of a message, each with what is then talked about.

        There are several where they lead to several entries.
        """
        whole = clean(text)
        read: list[tuple[str, Explanation, Topic]] = []
        sure = self.thresholds.answer
        parts = [clean(part) for part in questions(text[:MAX_CHARACTERS])]
        current = self._context.topics.begin(whole, parts, topic)
        for part in parts:
            found = self._rank(part, current)
            current = self._context.topics.after(part, found, current, sure)
            read.append((part, found, current))
        firsts = {
            one.id
            for _, explanation, _ in read
            for one in explanation.candidates[:1]
            if one.confidence >= _ITS_OWN
        }
        # What speaks of what the story does not know is no part of another question.
        strange = [one for _, one, _ in read if one.unknown and one.surest < _ITS_OWN]
        if len(read) == 1 or (firsts and len(firsts) + len(strange) == len(read)):
            return read
        found = self._rank(whole, topic)
        return [(whole, found, self._context.topics.after(whole, found, topic, sure))]

    def _rank(self, asked: str, topic: Topic | None) -> Explanation:
        """What is found for a question, read with the topic where it needs one."""
        alone = self._matcher.rank(asked)
        readings = self._context.readings(asked, alone, topic)
        ranked = [(one, self._matcher.rank(one.text)) for one in readings]
        return self._context.choose(asked, alone, ranked, topic)

    def _entries(self, explanation: Explanation) -> tuple[Candidate, ...]:
        """The candidates that are entries, best first."""
        return tuple(
            found for found in explanation.candidates if found.id not in self._unknowns
        )

    def suggest(self, typed: str, limit: int = 25) -> tuple[Link, ...]:
        """Questions to offer while someone types, best first; examples for nothing."""
        found = [one.id for one in self._entries(self._matcher.rank(typed))]
        names = found or self._examples()
        return tuple(self._link(name) for name in names[:limit])

    def _addressed(
        self,
        asked: str,
        explanation: Explanation,
        today: date,
    ) -> Outcome:
        if _is_small_talk(asked):
            return Help(asked, self.story.about.covers, self._links(self._examples()))
        composer = Composer(self.story, today)
        if answer := self._answer(
            asked, explanation, self.thresholds.answer, composer, eager=_IF_CORRECTED
        ):
            return answer
        best = next(iter(explanation.candidates), None)
        entries = self._entries(explanation)
        unknown = self._unknowns.get(best.id) if best else None
        if best and unknown and best.confidence >= _KNOWN_UNKNOWN:
            rival = entries[0].confidence if entries else 0.0
            if rival < max(_KNOWN_UNKNOWN, best.confidence - _FAR_SURER):
                shown, sources = composer.related(unknown.facts)
                return NotCovered(asked, unknown.note, shown, sources)
        offered = [one for one in entries if self._is_offered(one, explanation)]
        if offered:
            names = [one.id for one in offered[:MAX_OFFERED]]
            return DidYouMean(asked, self._links(names))
        shown, sources = composer.related(self._related(explanation))
        return NotCovered(asked, None, shown, sources)

    def _ambient(self, asked: str, explanation: Explanation, today: date) -> Outcome:
        composer = Composer(self.story, today)
        sure = self.thresholds.ambient
        is_question = asks(asked) and not _AMONG_US.search(asked.lower())
        answer = is_question and self._answer(asked, explanation, sure, composer)
        return answer or Silent(asked)

    def _answer(
        self,
        asked: str,
        explanation: Explanation,
        sure: float,
        composer: Composer,
        *,
        eager: float = 1.0,
    ) -> Answer | None:
        """The answer of the best candidate; None where it is not sure, or no entry.

        None, too, where another is nearly as sure, or where the question clashes with
        it and nothing sets that right. `eager` is how much of `sure` will do where a
        wrong premise is set right.
        """
        best, *others = explanation.candidates or (None,)
        entry = self.story.entries.get(best.id) if best else None
        if best is None or entry is None or best.confidence < sure * eager:
            return None
        if others and others[0].confidence > best.confidence - _LEAD:
            return None
        corrected = self._corrector.correction(entry, best, asked)
        if corrected is None or (best.confidence < sure and not corrected.sentences):
            return None
        return composer.answer(entry, asked, best.confidence, corrected)

    def _is_offered(self, found: Candidate, explanation: Explanation) -> bool:
        """Whether a candidate is offered; less will do for a question about the story.

        It names something of the story's, or most of it is explained.
        """
        if found.confidence >= _OFFERED_ANYWAY:
            return True
        missing = found.fired.get("unexplained part")
        is_about = any(term[0] in "@~" for term in explanation.reading.terms) or (
            (missing is None or missing.strength < _LITTLE)
            and "too little" not in found.fired
        )
        return is_about and found.confidence >= self.thresholds.offer

    def _related(self, explanation: Explanation) -> Iterator[str]:
        """Facts about the people and things that the question names."""
        terms = set(explanation.reading.terms)
        for entity in self.story.entities.values():
            if f"@{entity.id}" in terms:
                yield from entity.facts[:MAX_RELATED]

    def _examples(self) -> list[str]:
        """The first entries of the first topics."""
        firsts = (entries[0] for entries in self.story.topics.values())
        return list(islice(firsts, MAX_EXAMPLES))

    def _links(self, names: Iterable[str]) -> tuple[Link, ...]:
        return tuple(map(self._link, names))

    def _link(self, name: str) -> Link:
        return Link(name, self.story.entries[name].question)


def _is_small_talk(asked: str) -> bool:
    """Whether a message is a greeting, thanks, or 'what can you do?', and no more."""
    said = {re.sub(r"(.)\1{2,}", r"\1", word) for word in fold(asked).split()}
    return bool(said & _SMALL_TALK) and said <= _SMALL_TALK | _AROUND_IT
