"""The policy: what a message leads to."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from bot.answering.beginnings import NOTHING_WRONG, Correction
from bot.answering.composing import Composer, examples, what_to_ask
from bot.answering.context import Context
from bot.answering.correcting import CLASHES, Corrector
from bot.answering.facts import FactFinder
from bot.answering.leading import lead_of
from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Link,
    NotCovered,
    Outcome,
    Reply,
    Silent,
    Thresholds,
    Topic,
    Turn,
    without_repeats,
)
from bot.answering.policy import (
    CLOSEST,
    ELSE,
    FALSE_ANSWERS,
    FAR_SURER,
    HARDLY,
    IF_CORRECTED,
    ITS_OWN,
    KNOWN_UNKNOWN,
    LEAST_OFFERED,
    MAX_OFFERED,
    MORE_SAID,
    NO_DOUBT,
    OF_OTHERS,
    ON_TOPIC,
    SHARED,
    TAKEN_OFF,
    UNASKED,
    VETOES,
)
from bot.answering.preparing import prepare, unknown_key
from bot.answering.small_talk import is_among_people, is_small_talk
from bot.matching.candidate import Candidate, Explanation
from bot.matching.measuring import content_of
from bot.matching.question import asks, questions
from bot.matching.ranking import Matcher
from bot.matching.reader import question_of
from bot.matching.text import MAX_CHARACTERS, clean
from bot.matching.vectors import INSTALLED, Installed, Vectors
from bot.shelf import Shelf
from bot.story.hiding import stands_for_hidden, visible
from bot.story.model import Story, Unknown
from bot.story.prose import fold

SHOWN_CANDIDATES: Final = 5
"""Candidates that a reply carries."""


class Answerer:
    """Answers from one story at one revision. Built once; never changes.

    `story` is what people see of it: without what is hidden.

    What takes seconds to work out is taken from the shelf, or put there.
    `false_answers` is the wanted share, 0-1, of questions that nothing answers which
    get an answer: less means fewer right answers, too. Beyond what was measured it is
    as at its end. With `before`, an answerer of the revision before it, it is built in
    a fraction of the time, and answers nearly as it would without. `vectors` are what
    it finds meaning by, None for nothing; those of words that are installed, if not
    given.
    """

    def __init__(
        self,
        story: Story,
        shelf: Shelf | None = None,
        false_answers: float = FALSE_ANSWERS,
        before: "Answerer | None" = None,
        vectors: Vectors | Installed | None = INSTALLED,
    ) -> None:
        self.story = story = visible(story)
        self.false_answers = false_answers
        self.vectors: Vectors | Installed | None = vectors
        self._unknowns = {
            unknown_key(unknown): unknown for unknown in story.unknowns.values()
        }
        self._hidden = {
            fold(way): unknown
            for unknown in story.unknowns.values()
            if stands_for_hidden(unknown)
            for way in unknown.ways
        }
        work = before.work if before else None
        self.work = prepare(story, shelf or Shelf(None), work, vectors)
        self._matcher = self.work.matcher
        self._context = Context(story, self._matcher)
        self._corrector = Corrector(story, self._matcher)
        self._facts = FactFinder(story, self._matcher.reader)
        fitted = self._matcher.model
        counts = [len(entry.ways) for entry in story.entries.values()]
        ways = sum(counts) / max(len(counts), 1)
        self.thresholds = Thresholds(
            answer=fitted.cut(false_answers, ways),
            offer=fitted.offer_from(ways),
            ambient=fitted.cut(UNASKED * false_answers, ways),
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
        after: Turn | None = None,
    ) -> Reply:
        """What a message leads to. Never raises, whatever the text.

        `ambient` marks text that was not addressed to the bot: it is answered only
        where that is nearly certain, else met with silence. `after` is the turn before
        it in the same conversation, which a question such as "and when?" takes up.
        """
        read = self._read(text, after.topic if after else None)
        decide = self._ambient if ambient else self._addressed
        outcomes: list[Outcome] = []
        for asked, found, _ in read:
            # What "it" means is not known where what it was named in is not answered.
            is_lost = bool(outcomes) and not isinstance(outcomes[-1], Answer)
            leans = is_lost and self._context.leans(asked, found)
            outcomes.append(decide(asked, found, today, may_answer=not leans))
        explanation = read[0][1]
        shown = self._entries(explanation)[:SHOWN_CANDIDATES]
        return Reply(
            text=text,
            outcomes=without_repeats(outcomes, after),
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
        topics = self._context.topics
        before = current = topics.begin(whole, parts, topic)
        for part in parts:
            found = self._rank(part, current)
            after = topics.after(part, found, before, sure)
            read.append((part, found, after))
            before, current = after, topics.within(part, after, before)
        firsts = {
            one.id
            for _, explanation, _ in read
            for one in explanation.candidates[:1]
            if one.confidence >= ITS_OWN
        }
        # A question that is not about the story is no part of the one before it, nor is
        # one that something is offered for.
        apart = all(part.endswith("?") for part in parts)
        alone = [self._stands(one) for _, one, _ in read]
        is_several = len(firsts) == len(read) or (apart and all(alone))
        if len(read) == 1 or (firsts and is_several):
            return read
        found = self._rank(whole, topic)
        return [(whole, found, topics.after(whole, found, topic, sure))]

    def _stands(self, found: Explanation) -> bool:
        """Whether a question of several is one of its own."""
        if found.surest >= ITS_OWN:
            return True
        best = next(iter(self._entries(found)), None)
        is_offered = best is not None and best.confidence >= LEAST_OFFERED
        return found.about < self.thresholds.offer or is_offered

    def _rank(self, asked: str, topic: Topic | None) -> Explanation:
        """What is found for a question, read with the topic where it needs one."""
        alone = self._matcher.rank(asked)
        readings = self._context.readings(asked, alone, topic)
        ranked = [(one, self._matcher.rank(one.text)) for one in readings]
        sure = self.thresholds.answer
        return self._context.choose(asked, alone, ranked, topic, sure)

    def _entries(self, explanation: Explanation) -> tuple[Candidate, ...]:
        """The candidates that are entries, best first."""
        return tuple(
            found for found in explanation.candidates if found.id not in self._unknowns
        )

    def suggest(self, typed: str, limit: int = 25) -> tuple[Link, ...]:
        """Questions to offer while someone types, best first; examples for nothing."""
        found = [one.id for one in self._entries(self._matcher.rank(typed))]
        names = found or examples(self.story)
        return tuple(self._link(name) for name in names[:limit])

    def _addressed(
        self,
        asked: str,
        explanation: Explanation,
        today: date,
        *,
        may_answer: bool = True,
    ) -> Outcome:
        if is_small_talk(asked):
            return what_to_ask(self.story, asked)
        composer = Composer(self.story, today)
        entries = self._entries(explanation)
        if hidden := self._asked_of_hidden(asked, explanation, entries):
            return NotCovered(asked, hidden.note, (), ())
        sure = self.thresholds.answer
        answer = may_answer and self._answer(
            asked, explanation, sure, composer, eager=IF_CORRECTED
        )
        if answer:
            return answer
        if unknown := self._unknown(explanation, entries):
            shown, sources = composer.related(unknown.facts)
            return NotCovered(asked, unknown.note, shown, sources)
        if explanation.about < self.thresholds.offer:
            can = what_to_ask(self.story, asked)
            said = (can.covers, can.examples, can.topics)
            return NotCovered(asked, None, (), (), *said)
        return self._near(asked, explanation, entries, composer)

    def _near(
        self,
        asked: str,
        explanation: Explanation,
        entries: Sequence[Candidate],
        composer: Composer,
    ) -> Outcome:
        """What a question about the story gets that nothing answers."""
        offered = [one for one in entries if one.confidence >= LEAST_OFFERED]
        links = self._links(one.id for one in offered[:MAX_OFFERED])
        if links and (closest := self._closest(asked, explanation, links, composer)):
            return closest
        best = next(iter(offered), None)
        is_near = best is not None and best.confidence >= HARDLY
        beyond = MORE_SAID + best.signals["said"] if best and is_near else 0.0
        shown, sources = composer.related(self._facts.nearest(explanation, beyond))
        if shown:
            return Facts(asked, shown, sources)
        if links:
            return DidYouMean(asked, links)
        return NotCovered(asked, None, (), ())

    def _asked_of_hidden(
        self, asked: str, explanation: Explanation, entries: Sequence[Candidate]
    ) -> Unknown | None:
        """What stands for a hidden entry that may be asked for; None where none is.

        It is in one of its own ways, or where no entry is far surer.
        """
        if not self._hidden:
            return None
        if unknown := self._hidden.get(fold(asked)):
            return unknown
        surest = entries[0].confidence if entries else 0.0
        least = max(KNOWN_UNKNOWN, TAKEN_OFF * surest)
        for one in explanation.candidates:
            unknown = self._unknowns.get(one.id)
            is_hidden = unknown is not None and stands_for_hidden(unknown)
            if (
                is_hidden
                and one.confidence >= least
                and OF_OTHERS.isdisjoint(one.fired)
            ):
                return unknown
        return None

    def _unknown(
        self, explanation: Explanation, entries: Sequence[Candidate]
    ) -> Unknown | None:
        """The known unknown that is asked for; None where an entry is as likely.

        None, too, where it is about somebody, or something, else.
        """
        best = next(iter(explanation.candidates), None)
        unknown = self._unknowns.get(best.id) if best else None
        if best is None or unknown is None or best.confidence < KNOWN_UNKNOWN:
            return None
        rival = entries[0].confidence if entries else 0.0
        is_surer = rival < max(KNOWN_UNKNOWN, best.confidence - FAR_SURER)
        is_other = not OF_OTHERS.isdisjoint(best.fired)
        is_else = best.signals.get("unexplained part", 0.0) > ELSE
        if not is_surer or is_other or is_else:
            return None
        if best.confidence >= NO_DOUBT:
            return unknown
        said = question_of(explanation.reading).everything
        told = content_of(self._matcher.reader.understand(best.nearest).terms)
        met = [one.term in said or not said.isdisjoint(one.meanings) for one in told]
        return unknown if sum(met) >= SHARED * len(met) else None

    def _closest(
        self,
        asked: str,
        explanation: Explanation,
        offered: Sequence[Link],
        composer: Composer,
    ) -> Closest | None:
        """The first of what is offered, where nothing is as near and nothing clashes.

        What sets a wrong premise right is shown in place of its lead.
        """
        best = explanation.candidates[0]
        if best.id != offered[0].entry or best.confidence < CLOSEST:
            return None
        if not (CLASHES | VETOES).isdisjoint(best.fired):
            return None
        entry = self.story.entries[best.id]
        lead = lead_of(entry, explanation.reading, self._matcher.reader)
        corrected = NOTHING_WRONG
        if best.premise is not None:
            corrected = Correction(None, entry.premises[best.premise].sentences)
        return composer.closest(entry, asked, corrected, lead, offered[1:])

    def _ambient(
        self,
        asked: str,
        explanation: Explanation,
        today: date,
        *,
        may_answer: bool = True,
    ) -> Outcome:
        composer = Composer(self.story, today)
        sure = self.thresholds.ambient
        is_question = asks(asked) and not is_among_people(asked)
        entries = self._entries(explanation)
        is_hidden = self._asked_of_hidden(asked, explanation, entries)
        if not (may_answer and is_question) or is_hidden:
            return Silent(asked)
        return self._answer(asked, explanation, sure, composer) or Silent(asked)

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

        None, too, where it may not be about the story, or where the question clashes
        with it and nothing sets that right. `eager` is how much of `sure` will do where
        a wrong premise is set right.
        """
        best = next(iter(explanation.candidates), None)
        entry = self.story.entries.get(best.id) if best else None
        if best is None or entry is None or best.confidence < sure * eager:
            return None
        if explanation.about < ON_TOPIC:
            return None
        corrected = self._corrector.correction(entry, best, asked)
        if corrected is None or (best.confidence < sure and not corrected.sentences):
            return None
        # What sets a premise right comes first, and the answer as it was written.
        is_right = not corrected.sentences
        if is_right and not VETOES.isdisjoint(best.fired):
            return None
        reader = self._matcher.reader
        lead = lead_of(entry, explanation.reading, reader) if is_right else 0
        return composer.answer(entry, asked, best.confidence, corrected, lead)

    def _links(self, names: Iterable[str]) -> tuple[Link, ...]:
        return tuple(map(self._link, names))

    def _link(self, name: str) -> Link:
        return Link(name, self.story.entries[name].question)
