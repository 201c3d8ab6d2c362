"""Reading questions as one story's base understands them: names, slips, terms."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.matching.english import FILLER
from bot.matching.families import Families
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked, asked, own_part
from bot.matching.text import (
    Phrases,
    Vocabulary,
    clean,
    foreign_names,
    is_common,
    unusual,
    words,
)
from bot.story.prose import fold

_REMEMBERED: Final = 4096
"""Curated texts that stay read: those that questions lead to come again and again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as read: its terms in order, and what was made of the words.

    `repaired` maps a word as typed (base form) to the word it was taken for; `named`
    maps the words of a phrase to the entity or meaning they were taken for. `foreign`
    are the terms that are names, but not of an entity. `own` is the part of the text
    that asks, without the chatter around it, and `own_terms` are its terms.
    """

    text: str
    terms: tuple[str, ...]
    repaired: Mapping[str, str]
    named: Mapping[str, str]
    foreign: frozenset[str] = frozenset()
    own: str = ""
    own_terms: tuple[str, ...] = ()


class Reader:
    """Reads with the names of one base, and knows the words of its wordings.

    `names` are phrases and the term each stands for (an entity, a meaning).
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._phrases = Phrases(names)
        self._known: frozenset[str] = frozenset()
        self._vocabulary = Vocabulary(())
        self.family = Families(()).of
        self._understood: dict[str, Asked] = {}

    def learn(self, asked: Iterable[str], told: Iterable[str] = ()) -> None:
        """Take the terms of a base, and of what it says, for those slips stand for."""
        frequency = Counter(asked)
        told = frozenset(told)
        self._known = self._phrases.vocabulary.union(frequency, told)
        self._vocabulary = Vocabulary(self._known | FILLER | lexicon().words, frequency)
        self.family = Families(sorted(told.union(frequency))).of

    def knows(self, term: str) -> bool:
        """Whether a term is one of the base's."""
        return term in self._known

    def terms(self, text: str) -> tuple[str, ...]:
        """The terms of a curated text: nothing in it is taken for a slip."""
        return tuple(self._phrases.apply(words(text))[0])

    def understand(self, text: str) -> Asked:
        """What a curated text asks or says."""
        found = self._understood.get(text)
        if found is None:
            found = asked(fold(text), self.terms(text), lexicon())
            if len(self._understood) >= _REMEMBERED:
                self._understood.clear()
            self._understood[text] = found
        return found

    def read(self, text: str) -> Reading:
        """A question as terms, slips repaired and names recognised."""
        cleaned = clean(text)
        found = words(cleaned)
        names = {found[at] for at in foreign_names(cleaned)} - self._phrases.vocabulary
        repaired = {
            word: meant
            for word in dict.fromkeys(found)
            if word not in self._vocabulary
            and word not in names
            and not is_common(word)
            and (meant := self._vocabulary.repair(word))
        }
        names |= {found[at] for at in unusual(cleaned)} - self._phrases.vocabulary
        terms, named = self._phrases.apply([repaired.get(word, word) for word in found])
        names.intersection_update(terms)
        own = own_part(cleaned, self._names_something)
        typed = terms
        if own != cleaned:
            said = (repaired.get(word, word) for word in words(own))
            typed = self._phrases.apply(list(said))[0]
        return Reading(
            cleaned,
            tuple(terms),
            repaired,
            named,
            # A base that names nobody cannot tell who is foreign to it.
            foreign=frozenset(names if self._phrases.vocabulary else ()),
            own=own,
            own_terms=tuple(typed),
        )

    def _names_something(self, text: str) -> bool:
        """Whether a text names somebody or something of the story."""
        return any(term[0] in "@~" for term in self.terms(text))


def question_of(reading: Reading) -> Asked:
    """What a question asks, and what its own part does."""
    whole = asked(fold(reading.text), reading.terms, lexicon())
    if reading.own == reading.text:
        return whole
    return replace(whole, own=asked(fold(reading.own), reading.own_terms, lexicon()))
