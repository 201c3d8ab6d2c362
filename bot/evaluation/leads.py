"""Where questions lead in one revision: asked once, and remembered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Name, Reply, put_forward
from bot.evaluation.margins import margin
from bot.evaluation.processes import on_all_cores
from bot.lane import give_way
from bot.shelf import Shelf, code_of, key_of
from bot.story.model import Story

_KIND: Final = "leads"
_MANY: Final = 500  # questions from which a second process is worth its start
_ROOMS: Final = ("story", "matching", "answering")


class Led(NamedTuple):
    """What a message leads to: its outcome, and the entries of that.

    They are those that answer it, in order, or those that are offered, best first, the
    closest before the others; none for another outcome.
    """

    outcome: Name
    entries: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The entries that answer it."""
        return self.entries if self.outcome == "answer" else ()

    def is_as(self, other: "Led") -> bool:
        """Whether an asker is led to the same: the answers, or the first one offered.

        Which others are offered below the first shifts with nearly every change.
        """
        mine, theirs = (
            one.entries if one.outcome == "answer" else one.entries[:1]
            for one in (self, other)
        )
        return self.outcome == other.outcome and mine == theirs


def led_by(reply: Reply) -> Led:
    """What the message of a reply was led to."""
    if reply.name == "answer":
        found = [one.entry for one in reply.outcomes if isinstance(one, Answer)]
    else:
        found = [link.entry for link in put_forward(reply.outcomes)]
    return Led(reply.name, tuple(dict.fromkeys(found)))


class Stood(NamedTuple):
    """Where a question led, and how firmly.

    `margin` is what it would take to lead it elsewhere, in log odds (0 or more). `near`
    are the ids of the targets that it was measured against.
    """

    led: Led
    margin: float
    near: tuple[str, ...]


def stood(reply: Reply) -> Stood:
    """Where the message of a reply was led to, and how firmly."""
    near = (one.id for one in reply.explanation.candidates)
    return Stood(led_by(reply), round(margin(reply), 3), tuple(near))


_Known = TypeAdapter(dict[str, Stood])


class Leads:
    """Where questions lead with one answerer. Each is asked once.

    What is known is taken from the shelf, and put there by `keep`. Give it a shelf only
    for an answerer that was built whole: one that was built from another answers nearly
    as that would, which is not to be remembered under its revision. No answerer counts
    what is asked here, and all of it gives way to what people ask. Many are asked
    in so many `processes` at once, which must be 1 where other threads run.
    """

    def __init__(
        self,
        answerer: Answerer,
        today: date,
        shelf: Shelf | None = None,
        processes: int = 1,
    ) -> None:
        self._answerer = answerer
        self._today = today  # which day it is changes no outcome
        self._shelf = shelf or Shelf(None)
        self._processes = processes
        code = (code_of(Path(__file__).parent.parent / room) for room in _ROOMS)
        kind = answerer.matcher.kind
        state = f"{answerer.story.revision} {answerer.thresholds} {kind}"
        here = (Path(__file__), Path(__file__).with_name("margins.py"))
        own = (file.read_bytes() for file in here)
        self._key = key_of((*code, *own, state.encode()))
        self._known = self._kept()
        self._carried: Mapping[str, Stood] = {}
        self._kept_count = len(self._known)

    @property
    def story(self) -> Story:
        """The story that is asked."""
        return self._answerer.story

    @property
    def known(self) -> Mapping[str, Stood]:
        """Where each question leads that was asked so far."""
        return self._known

    def of(self, question: str) -> Led:
        """Where a question leads. Never raises."""
        found = self._known.get(question)
        if found is None:
            give_way()
            found = self._known[question] = self._ask(question)
        return found.led

    def ask(self, questions: Sequence[str]) -> Iterator[str]:
        """Ask questions that are not known; gives each, once it is."""
        if self._processes > 1 and len(questions) >= _MANY:
            found = on_all_cores(self._ask, questions, self._processes)
            for question, one in zip(questions, found, strict=True):
                self._known[question] = one
                yield question
            return
        for question in questions:
            self.of(question)
            yield question

    def _ask(self, question: str) -> Stood:
        # Nobody asked: an answerer that counts what it is asked must not.
        return stood(Answerer.reply(self._answerer, question, self._today))

    def stood(self, question: str) -> Stood | None:
        """Where a question leads, or led before; None where it was asked of neither."""
        return self._known.get(question) or self._carried.get(question)

    def learn(self, other: "Leads") -> None:
        """Take over what another one knows, which leads to the same."""
        self._known = {**other.known, **self._known}

    def carry(self, other: "Leads", questions: Iterable[str]) -> None:
        """Remember where another one led questions that lead there still."""
        found = {one: other.stood(one) for one in questions}
        self._carried = {text: one for text, one in found.items() if one}

    def keep(self) -> None:
        """Put what is known on the shelf."""
        if len(self._known) > self._kept_count:
            self._shelf.put(_KIND, self._key, _Known.dump_json(self._known))
            self._kept_count = len(self._known)

    def _kept(self) -> dict[str, Stood]:
        data = self._shelf.get(_KIND, self._key)
        with suppress(ValidationError):
            return _Known.validate_json(data) if data else {}
        return {}
