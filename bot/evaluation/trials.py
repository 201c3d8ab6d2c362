"""What the bot does now with a line that is to be a way of asking an entry.

And what speaks against the line: it asks for what the answer does not say, it has
nothing to do with it, or only words that all the story's questions have.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

from bot.answering.answerer import Answerer
from bot.answering.outcome import Link, NotCovered, Reply
from bot.evaluation.cues import named_in_part, says_something
from bot.evaluation.leads import led_by
from bot.matching.grammar import Term
from bot.matching.kinds import CHECKED, held
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked
from bot.matching.reader import Reading, question_of
from bot.matching.text import in_base, is_common, spoken
from bot.story.figures import Figure, figures, figures_in
from bot.story.model import Entry
from bot.story.prose import fold

Does = Literal["known", "answers", "wrong", "offers", "other", "off", "nothing"]
"""`known`: it is a way already. Else the bot `answers` with the entry, or with another
(`wrong`); `offers` it before others, or the `other` way round; says that it is not
about the story (`off`), or that it does not know (`nothing`)."""

_PEOPLE: Final = frozenset(
    """he she they him her his hers them their theirs himself herself themselves guy man
    woman bloke dude lady girl boy""".split()
)
"""Who is asked about, by whoever does not know their name."""

_ARTICLES: Final = frozenset({"a", "an", "the"})

_SPREAD: Final = 3
"""Other entries whose ways have a word that belongs to none of them."""

_EVERYDAY: Final = frozenset(
    """make do get take put keep go come give let stay end start side job part thing way
    time day people try think know see look find happen rest whole same""".split()
)
"""Words of which an answer's lack says nothing, whatever else they mean."""

_HALF_KNOWN: Final = 0.5  # the story has another word for the same, or a like one


@dataclass(frozen=True, slots=True)
class Trial:
    """What the bot does now with a line as a way of asking an entry.

    `other` is the entry that is answered or offered in place of it, or has the line as
    a way; `near` the way of that one that is nearest. `unsaid` are names, figures and
    words of the line, and kinds of answer, that neither the answer nor its facts and
    ways have. `is_strange`: it has no word, name or meaning of the answer or the story.
    `is_broad`: its words are in the ways of other entries, all of them, so that it may
    answer what nothing should. `aliases` are parts of people's names that it has and
    that are no names of theirs yet, each with the name.
    """

    line: str
    does: Does
    other: Link | None = None
    near: str = ""
    unsaid: tuple[str, ...] = ()
    is_strange: bool = False
    is_broad: bool = False
    aliases: tuple[tuple[str, str], ...] = ()


def trial(answerer: Answerer, entry: Entry, line: str, today: date) -> Trial:
    """What the bot does now with a line. Nobody asked it: nothing counts it."""
    story = answerer.story
    folded = fold(line)
    for one in story.entries.values():
        if any(fold(way) == folded for way in one.ways):
            return Trial(line, "known", Link(one.id, one.question))
    reply = Answerer.reply(answerer, line, today)
    does, nearer = _does(reply, entry.id)
    near = next((one.nearest for one in reply.candidates if one.id == nearer), "")
    found = _Line(answerer, entry, reply.explanation.reading)
    is_strange = found.is_strange and does in {"off", "nothing", "offers", "other"}
    return Trial(
        line,
        does,
        Link(nearer, story.entries[nearer].question) if nearer else None,
        near,
        () if is_strange else found.unsaid,
        is_strange,
        found.is_broad and not is_strange and does != "answers",
        found.aliases,
    )


def _does(reply: Reply, entry: str) -> tuple[Does, str]:
    """What a reply does, and the entry that it is of in place of another, or ""."""
    led = led_by(reply)
    if entry in led.answers:
        return "answers", ""
    first = next(iter(led.entries), "")
    if led.answers:
        return "wrong", first
    if first:
        return ("offers", "") if first == entry else ("other", first)
    is_off = any(
        isinstance(one, NotCovered) and one.covers is not None for one in reply.outcomes
    )
    return ("off" if is_off else "nothing"), ""


class _Line:
    """A line as it is read, beside an entry: what of it the entry speaks of."""

    def __init__(self, answerer: Answerer, entry: Entry, reading: Reading) -> None:
        self._matcher = answerer.matcher
        self._story = answerer.story
        self._entry = entry
        self._reading = reading
        self._asked: Asked = question_of(reading)
        self._part = self._asked.part
        self._typed = {in_base(word): word for word in spoken(reading.text)}
        self._parts = named_in_part(reading.terms, self._story)

    @cached_property
    def _told(self) -> tuple[str, ...]:
        """What the answer, its facts and its ways say, and who is in them."""
        facts = self._story.facts
        texts = (
            *(one.text for one in self._entry.sentences),
            *(facts[name].statement for name in sorted(self._entry.cites)),
            *self._entry.ways,
        )
        read = self._matcher.reader.understand
        named = {term[1:] for text in texts for term in read(text).entities}
        people = [one for name, one in self._story.entities.items() if name in named]
        who = (
            text for one in people for text in (one.name, one.description, *one.aliases)
        )
        return (*texts, *who)

    @cached_property
    def _has(self) -> frozenset[str]:
        read = self._matcher.reader.understand
        every = (read(text).everything for text in self._told)
        plain = (in_base(word) for text in self._told for word in spoken(text))
        return frozenset(plain).union(*every)

    def _is_said(self, term: Term) -> bool:
        """Whether the entry has a term: in any form, or by what it means."""
        return (
            term.term in self._has
            or not self._has.isdisjoint(term.meanings)
            or any(
                akin in self._has for akin, _ in self._matcher.reader.family(term.term)
            )
        )

    @cached_property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        """The parts of names that it has, and that are no names yet."""
        return tuple(
            (self._as_typed(part), one.name) for part, one in self._parts.items()
        )

    @cached_property
    def is_strange(self) -> bool:
        """Whether nothing in it has to do with the entry, or with the story."""
        if (
            self._asked.entities
            or self._parts
            or not _PEOPLE.isdisjoint(fold(self._reading.text).split())
        ):
            return False
        known = self._matcher.evidence.known
        return not any(
            self._is_said(one) or known(one) >= _HALF_KNOWN
            for one in self._asked.substance
        )

    @cached_property
    def is_broad(self) -> bool:
        """Whether each word and name of it is in the ways of several other entries."""
        read = self._matcher.reader.understand
        own = frozenset[str]().union(*(read(way).said for way in self._entry.ways))
        return all(
            self._matcher.evidence.askers(term) - (term in own) >= _SPREAD
            for term in {
                *(one.term for one in self._part.substance),
                *self._part.entities,
                *self._parts,
            }
        )

    @cached_property
    def unsaid(self) -> tuple[str, ...]:
        """What of it the entry does not speak of, of what matters, as it was typed."""
        part = self._part
        names = [
            self._story.entities[one[1:]].name
            for one in dict.fromkeys(part.entities)
            if one not in self._has and one[1:] in self._story.entities
        ]
        has = frozenset[Figure]().union(*map(figures_in, self._told))
        digits = figures_in(" ".join(re.findall(r"\d[\d.,]*", self._reading.text)))
        numbers = [
            str(one)
            for one in sorted(part.figures, key=str)
            if not one.fits(has) and (one.number is None or one in digits)
        ]
        words = [
            self._as_typed(one.term)
            for one in part.substance
            if self._matters(one) and not self._is_said(one)
        ]
        kinds = part.wants & CHECKED - held(self._told) - frozenset(self._entry.gives)
        return (*names, *numbers, *dict.fromkeys(words), *sorted(kinds))

    def _matters(self, term: Term) -> bool:
        """Whether an answer that lacks a word may be one to something else."""
        word, known = term.term, lexicon()
        if word in self._parts or word in _EVERYDAY or figures([word]):
            return False
        has_meaning = (word,) in known.meanings
        is_of_phrases = word in known.words and not has_meaning
        if is_of_phrases or not says_something(word):
            return False
        # Else it is another common word for what the answer says in its own.
        return (
            term in self._part.focus
            or (not has_meaning and word in self._things)
            or self._matcher.reader.knows(word)
            or not (has_meaning or is_common(word))
        )

    @cached_property
    def _things(self) -> frozenset[str]:
        """The words after an article: what they name is spoken of."""
        said = spoken(self._reading.text)
        return frozenset(
            in_base(word) for before, word in pairwise(said) if before in _ARTICLES
        )

    def _as_typed(self, term: str) -> str:
        return self._typed.get(term, term.lstrip("~"))
