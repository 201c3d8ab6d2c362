"""What the bot does now with a line that is to be a way of asking an entry.

And what speaks against the line: it asks for what the answer does not say, it has
nothing to do with it, or only words that all the story's questions have.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from bot.answering.answerer import Answerer
from bot.answering.outcome import Link, NotCovered, Reply
from bot.evaluation.cues import WORD, named_in_part, says_something, things_of
from bot.evaluation.leads import led_by
from bot.matching.grammar import Term
from bot.matching.kinds import held
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked
from bot.matching.reader import Reading, question_of
from bot.matching.text import in_base, spoken, words
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

_COUNTED: Final = frozenset({"how many", "how much", "how old", "how long", "when"})
"""Kinds of question to which the answer is a figure."""

_SPREAD: Final = 3
"""Other entries that have a way with all words of a line: it belongs to none."""

_HALF_KNOWN: Final = 0.5  # the story has another word for the same, or a like one


@dataclass(frozen=True, slots=True)
class Trial:
    """What the bot does now with a line as a way of asking an entry.

    `other` is the entry that is answered or offered in place of it, or has the line as
    a way; `near` the way of that one that is nearest. `unsaid` are names, figures and
    things of the line, and figures it asks for, that neither the answer nor its facts
    and ways have. `is_strange`: it has no word, name or meaning of the answer, and none
    to speak of of the story. `is_broad`: several other entries have a way with all its
    words, so that it may answer what nothing should. `aliases` are parts of people's
    names that it has and that are no names of theirs yet, each with the name.
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
    does, nearer = done(reply, entry.id)
    near = next((one.nearest for one in reply.candidates if one.id == nearer), "")
    found = _Line(answerer, entry, reply.explanation.reading)
    is_strange = does not in {"answers", "wrong"} and found.is_strange(
        is_off=does == "off"
    )
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


def done(reply: Reply, entry: str) -> tuple[Does, str]:
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
        self._typed = {
            in_base(word): written
            for written in WORD.findall(reading.text)
            for word in spoken(written)
        }
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

    def is_strange(self, *, is_off: bool) -> bool:
        """Whether nothing in it has to do with the entry, or with the story."""
        if (
            self._asked.entities
            or self._parts
            or not _PEOPLE.isdisjoint(fold(self._reading.text).split())
        ):
            return False
        every = self._asked.substance
        known = [self._matcher.evidence.known(one) for one in every]
        # Where the bot says that it is not of the story, one word that is is chance.
        share = sum(known) / max(len(known), 1) if is_off else max(known, default=0.0)
        return share < _HALF_KNOWN and not any(map(self._is_said, every))

    @cached_property
    def is_broad(self) -> bool:
        """Whether several other entries are asked with all its words, in one way."""
        read = self._matcher.reader.understand
        terms = {
            *(one.term for one in self._asked.substance),
            *self._asked.entities,
            *self._parts,
        }
        others = (x for x in self._story.entries.values() if x.id != self._entry.id)
        alike = [one for one in others if any(terms <= read(x).said for x in one.ways)]
        return len(alike) >= _SPREAD

    @cached_property
    def unsaid(self) -> tuple[str, ...]:
        """What of it the entry does not speak of, of what matters, as it was typed.

        Names, figures, words that stand for a thing, and what would be a figure.
        """
        has = frozenset[Figure]().union(*map(figures_in, self._told))
        digits = figures_in(" ".join(re.findall(r"\d[\d.,]*", self._reading.text)))
        numbers = [
            str(one)
            for one in sorted(self._part.figures, key=str)
            if not one.fits(has) and (one.number is None or one in digits)
        ]
        nouns = things_of(self._part, self._typed)
        lacking = [self._as_typed(one.term) for one in nouns if self._is_lacking(one)]
        kinds = self._part.wants & _COUNTED - held(self._told) - {*self._entry.gives}
        found = (*self._unnamed(), *numbers, *lacking, *sorted(kinds))
        return tuple(dict.fromkeys(found))

    def _unnamed(self) -> Iterator[str]:
        """Whom and what it names that the entry does not, by whatever name."""
        typed = {term: phrase for phrase, term in self._reading.named.items()}
        for term in sorted(self._part.entities - self._has - self._everywhere):
            one = self._story.entities.get(term[1:])
            phrase = typed.get(term, "")
            if one is None or any(
                name and self._has.issuperset(words(name))
                for name in (phrase, one.name, *one.aliases)
            ):
                continue
            said = " ".join(map(self._as_typed, phrase.split()))
            yield one.name if fold(said) in fold(one.name) else f"{said} ({one.name})"

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        """Names that the whole story is of: that an answer lacks them says nothing."""
        story = self._story
        read = self._matcher.reader.understand
        named = Counter(
            term
            for one in story.entries.values()
            for term in frozenset[str]().union(*(read(x).entities for x in one.ways))
        )
        many = {term for term, count in named.items() if 2 * count > len(story.entries)}
        return read(story.about.title).entities | many

    def _is_lacking(self, term: Term) -> bool:
        """Whether a thing is one that the entry does not have, and that says much."""
        word = term.term
        return not (
            term.is_name
            or word in self._parts
            or figures([word])
            or not says_something(word)
            or ((word,) in lexicon().meanings and term not in self._part.focus)
            or self._matcher.evidence.known(term) >= _HALF_KNOWN
            or self._is_said(term)
        )

    def _as_typed(self, term: str) -> str:
        return self._typed.get(term, term.lstrip("~"))
