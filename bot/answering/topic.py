"""What a conversation is about, from one message to the next."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from bot.answering.message import without_end
from bot.answering.outcome import Topic
from bot.answering.pronouns import SORTS
from bot.matching.candidate import Explanation
from bot.matching.question import Asked
from bot.matching.reader import Reader
from bot.matching.text import spoken, words
from bot.story.model import Story
from bot.story.prose import fold

_NEAREST: Final = 0.12
"""Confidence from which an entry is taken for what was talked about: what is offered.
Measured with those of `context`."""

_AHEAD: Final = 0.2
"""How much surer than the next an entry must be to have been the answer."""

_OWNED: Final = re.compile(r"(?:['’]s|s['’])\s+(\w+)")
_ARTICLES: Final = frozenset("the a an his her their its".split())


class Talk(NamedTuple):
    """What was talked about, as far as the story still has it.

    `told` is the entry that was the answer, `near` the one that was so or was nearest;
    `people` the persons before, where no name is one's.
    """

    asked: str
    question: str
    names: list[str]
    near: str | None
    told: str | None
    people: list[str]

    @property
    def matters(self) -> list[tuple[str, str | None]]:
        """What was asked, and the question that it led to.

        Each has the entry to which its words lead back, and to which they may not.
        """
        both = [(self.asked, self.told), (self.question, self.near)]
        return [(text, entry) for text, entry in both if text]


class Topics:
    """Follows what is talked about in conversations about one story."""

    def __init__(self, story: Story, reader: Reader) -> None:
        self._story = story
        self._reader = reader

    def talk(self, topic: Topic) -> Talk:
        """What was talked about; what a later revision lacks is left out."""
        entry = self._story.entries.get(topic.entry or "")
        near = entry.id if entry else None
        return Talk(
            without_end(topic.asked),
            without_end(entry.question) if entry else "",
            [one for one in topic.names if one in self._story.entities],
            near,
            near if topic.is_told else None,
            [one for one in topic.people if one in self._story.entities],
        )

    def begin(
        self, whole: str, parts: Sequence[str], before: Topic | None
    ) -> Topic | None:
        """What is talked about where the first question of a message begins.

        It is whom the message names before its questions, if anybody.
        """
        asked_of = {name for part in parts for name in self._names(part)}
        names = [name for name in self._names(whole) if name not in asked_of]
        left = self._left(names, before)
        return Topic(whole, tuple(names), people=left) if names else before

    def after(
        self, alone: str, found: Explanation, before: Topic | None, sure: float
    ) -> Topic:
        """What is talked about after a message, `sure` being what makes an answer.

        What says nothing of its own, or names nobody and gets no answer, leaves the
        topic as it was.
        """
        text = found.reading.text
        own = self._reader.understand(alone)
        best, *others = found.candidates or (None,)
        sureness = best.confidence if best else 0.0
        is_taken_up = fold(text) != fold(alone)
        is_aside = before and not (own.names or is_taken_up)
        is_near = sureness >= (sure if is_aside else _NEAREST)
        if not is_near and not (own.names and (own.content or not before)):
            names = tuple(named(own))
            if before and not names:
                return before
            return Topic(text, names, people=self._left(names, before))
        if before and not (own.content or own.names or is_taken_up):
            return before
        entry = self._story.entries.get(best.id) if best and is_near else None
        if before and not (entry or own.names):
            return before
        question = entry.question if entry else ""
        names = [*self._names(text), *self._names(question)]
        next_best = others[0].confidence if others else 0.0
        is_told = sureness >= max(sure, next_best + _AHEAD)
        near = entry.id if entry else None
        left = self._left(names, before)
        return Topic(text, tuple(dict.fromkeys(names)), near, is_told, left)

    def _left(self, names: Iterable[str], before: Topic | None) -> tuple[str, ...]:
        """The persons who were talked about before, where none of these is one."""
        if before is None or any(map(self._is_person, names)):
            return ()
        return tuple(filter(self._is_person, before.names)) or before.people

    def _is_person(self, name: str) -> bool:
        entity = self._story.entities.get(name)
        return entity is not None and entity.type == "person"

    def within(self, part: str, after: Topic, before: Topic | None) -> Topic | None:
        """What the next question of a message takes up, after a part of it.

        Nothing, where that part was about something else than the topic.
        """
        is_aside = after == before and self._reader.understand(part).content
        return None if is_aside else after

    def things(self, talk: Talk) -> list[str]:
        """The things, not entities, that were talked about: "the suit"."""
        found: list[str] = []
        for matter, _ in talk.matters:
            typed = dict(zip(words(matter), spoken(matter), strict=True))
            things = _things(self._reader.understand(matter))
            found += [typed.get(one, one) for one in things]
            found += [one for one in _OWNED.findall(matter) if self._is_thing(one)]
        return list(dict.fromkeys(found))

    def _is_thing(self, word: str) -> bool:
        return bool(self._reader.understand(word).content)

    def _names(self, text: str) -> list[str]:
        return named(self._reader.understand(text))


def named(said: Asked) -> list[str]:
    """The entities that a text names, in its order."""
    names = [term.term.removeprefix("@") for term in said.terms if term.is_name]
    return list(dict.fromkeys(names))


def leading(said: Asked) -> list[str]:
    """The names with which a text begins, joined by no more than "and".

    Before them stands no pronoun, and no word of substance.
    """
    names: list[str] = []
    for term in said.terms:
        if term.term in SORTS or (term in said.content and not names):
            break
        if term.is_name:
            names.append(term.term.removeprefix("@"))
        elif names and term.term != "and":
            break
    return names


def _things(said: Asked) -> Iterator[str]:
    """What a question calls "the", "a" or "her" something."""
    is_next = False
    for term in said.terms:
        if term.term in _ARTICLES:
            is_next = True
        elif is_next and not term.is_name:
            if term in said.content and term.term.isalpha():
                yield term.term
            is_next = False
