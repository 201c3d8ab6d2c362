"""The one gate: what some files are, what publishing them would do, what forbids it.

Whoever wants a change served asks here: moderators in Discord, whoever edits by hand,
`receipts diff` and `check`, a pull request. What was asked for one is not asked again
for another.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Final, Generic, TypeVar

from bot.answering.answerer import Answerer
from bot.evaluation.leads import Leads
from bot.publishing.change import Change, allowed, broken, theft
from bot.publishing.comparing import Comparison, Told, compare
from bot.shelf import Shelf
from bot.story.cache import load_cached
from bot.story.differences import differences
from bot.story.files import Files, below, path_of
from bot.story.hiding import marked
from bot.story.model import Loaded, Place, Problem, Story
from bot.story.resting import resting

A = TypeVar("A", bound=Answerer)
A_co = TypeVar("A_co", bound=Answerer, covariant=True)
T = TypeVar("T")

_REMEMBERED: Final = 2
"""What was built that is remembered: what is looked at, and what becomes of it."""


@dataclass(frozen=True, slots=True)
class Judgement(Generic[A_co]):
    """Files as they were judged: their story, what answers from it, and the change.

    `answerer` is None where they hold an error; `leads` are where questions lead in it,
    as far as known. `problems` forbid that they are served: errors of the files; or
    questions that would be stolen, then `must` questions that are not right.
    """

    files: Files
    loaded: Loaded
    answerer: A_co | None
    leads: Leads | None
    change: Change
    problems: tuple[Problem, ...]

    @property
    def story(self) -> Story | None:
        """The story that the files hold; None where they hold an error."""
        return self.loaded.story

    @property
    def is_proven(self) -> bool:
        """Whether every question was asked, or there was none to ask."""
        found = self.change.comparison
        return found is None or not (found.left_out or found.unreached)

    def named(self, name: str) -> str:
        """What people call the files, and their revision, or what is the matter."""
        story = self.story
        says = f"revision {story.revision}" if story else "cannot be served"
        return f"{name} ({says})"


class Gate(Generic[A]):
    """Judges what may be served.

    `build` makes what answers from a story: fast where it gets what answered before.
    Where questions lead is kept on the `shelf`. `shown` names the story's folder in
    problems. All may be called from several threads; they take seconds. Many questions
    are asked in so many `processes`: 1 where other threads run.
    """

    def __init__(
        self,
        build: Callable[[Story, A | None], A],
        today: Callable[[], date],
        shelf: Shelf | None = None,
        shown: str = "",
        processes: int = 1,
    ) -> None:
        self._build, self._today = build, today
        self._shelf = shelf or Shelf(None)
        self.shown = shown
        self._processes = processes
        self._loaded = _Memory[Loaded]()
        self._built = _Memory[tuple[A, Leads]]()

    def load(self, files: Files) -> Loaded:
        """Check some files; nothing is built, and nothing asked."""
        today = self._today()
        return self._loaded.get(
            (files.key, today),
            lambda: load_cached(files, today, self.shown, self._shelf),
        )

    def trust(self, files: Files, before: Judgement[A] | None = None) -> Judgement[A]:
        """Files that were good before, or are what others are compared with.

        They are built fast from what is served before them, where there is that.
        """
        loaded = self.load(files)
        if loaded.story is None:
            return self._broken(files, loaded, None)
        if before and before.answerer:
            answerer, leads, _ = self._sides(files, loaded.story, before, fast=True)
        else:
            answerer, leads = self._answering(files.key, loaded.story, None)
        return Judgement(files, loaded, answerer, leads, Change("", "", (), None), ())

    def judge(
        self,
        files: Files,
        before: Judgement[A] | None,
        others: Iterable[str] = (),
        *,
        most: int | None = None,
        tell: Told | None = None,
    ) -> Judgement[A]:
        """Judge files beside what is served before them, or beside nothing.

        `others` are further questions to be asked. With `most`, only as many questions
        are asked as `compare` says: that is a look ahead, and no proof. `tell` is told
        how many of how many were asked.
        """
        loaded = self.load(files)
        if loaded.story is None:
            return self._broken(files, loaded, before)
        questions = tuple(others)
        answerer, leads, old = self._sides(files, loaded.story, before, fast=True)
        found = compare(old, leads, questions, most=most, tell=tell)
        if (found.thefts or found.broken) and not answerer.is_settled:
            # Built fast, it is only near: nothing is refused for that.
            answerer, leads, old = self._sides(files, loaded.story, before, fast=False)
            found = compare(old, leads, questions, most=most, tell=tell)
        for one in (old, leads):
            if one:
                one.keep()
        change = _change(before, loaded, found)
        problems = tuple(_problems(found, files, self.shown))
        return Judgement(files, loaded, answerer, leads, change, problems)

    def hide(self, served: Judgement[A], hidden: Mapping[str, str]) -> Judgement[A]:
        """What is served without more facts and entries, by id with the reason.

        It is at once, and nothing is asked: not to answer never does harm.
        """
        if served.story is None or served.answerer is None:
            return served
        story = marked(served.story, hidden)
        if story is served.story:
            return served
        answerer = self._build(story, served.answerer)
        leads = Leads(answerer, self._today())
        loaded = replace(served.loaded, story=story)
        return replace(served, loaded=loaded, answerer=answerer, leads=leads)

    def settle(
        self, served: Judgement[A], proven: Judgement[A] | None = None
    ) -> Judgement[A]:
        """What is served, built in full where it was built fast; all questions asked.

        Then no change of it has to ask them first. `proven` is what was served before,
        where since then a look ahead was all there was.
        """
        if served.story is None or served.answerer is None:
            return served
        answerer, leads = served.answerer, served.leads
        if not answerer.is_settled or leads is None:
            answerer = self._build(served.story, None)
            leads = Leads(answerer, self._today(), self._shelf)
        found = compare((proven or served).leads, leads, whole=True)
        leads.keep()
        problems = tuple(_problems(found, served.files, self.shown))
        return replace(served, answerer=answerer, leads=leads, problems=problems)

    def _sides(
        self, files: Files, story: Story, before: Judgement[A] | None, *, fast: bool
    ) -> tuple[A, Leads, Leads | None]:
        """What answers from a story, and where questions lead in it, and before it.

        None where there is nothing before, or the same.
        """
        if before is None or before.answerer is None or before.leads is None:
            return *self._answering((files.key, ""), story, None), None
        if before.story and before.story.revision == story.revision:
            return before.answerer, before.leads, None
        made_from = before.files.key if fast else ""
        like = before.answerer if fast else None
        answerer, leads = self._answering((files.key, made_from), story, like)
        # One that was built in full leads only nearly where a fast one did.
        is_as_near = before.answerer.is_settled or not answerer.is_settled
        if before.story and is_as_near and _is_led_alike(before.story, story):
            leads.learn(before.leads)
        return answerer, leads, before.leads

    def _broken(
        self, files: Files, loaded: Loaded, before: Judgement[A] | None
    ) -> Judgement[A]:
        errors = tuple(one for one in loaded.problems if one.severity == "error")
        change = _change(before, loaded, None)
        return Judgement(files, loaded, None, None, change, errors)

    def _answering(self, key: object, story: Story, like: A | None) -> tuple[A, Leads]:
        """What answers from a story, and where questions lead in it."""

        def make() -> tuple[A, Leads]:
            answerer = self._build(story, like)
            # What was built fast is not to be remembered under its revision.
            shelf = self._shelf if answerer.is_settled else None
            return answerer, Leads(answerer, self._today(), shelf, self._processes)

        return self._built.get(key, make)


class _Memory(Generic[T]):
    """The last few things that were made, by what they were made from."""

    def __init__(self) -> None:
        self._made = OrderedDict[object, T]()
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """What was made from a key; made now, where it is not remembered."""
        with self._lock:
            found = self._made.get(key)
        if found is None:
            found = make()
            with self._lock:
                self._made[key] = found
                while len(self._made) > _REMEMBERED:
                    self._made.popitem(last=False)
        return found


def _is_led_alike(one: Story, other: Story) -> bool:
    """Whether two stories differ at most in what leads no question anywhere.

    Then every question leads where it led: an answerer is made of the rest.
    """
    return _leading(one) == _leading(other)


def _leading(story: Story) -> Story:
    facts = {
        name: fact.model_copy(update={"citations": (), "note": None})
        for name, fact in story.facts.items()
    }
    return replace(story, sources={}, facts=facts, timeline=(), probes=(), revision="")


def _change(
    before: Judgement[A] | None, loaded: Loaded, found: Comparison | None
) -> Change:
    was, now = before.story if before else None, loaded.story
    # What a story that cannot be served held is not known.
    is_known = now is not None and (was is not None or before is None)
    found_differences = differences(was, now) if now and is_known else ()
    changed = {
        one.id
        for kind in found_differences
        if was and kind.kind == "facts"
        for one in kind.changed
    }
    known = (
        {(one.path, one.message) for one in before.loaded.problems} if before else ()
    )
    return Change(
        was.revision if was else "",
        now.revision if now else "",
        found_differences,
        found,
        loaded.problems,
        new=was is None,
        resting=resting(was, now, changed) if was and now else (),
        warned=tuple(
            one
            for one in loaded.problems
            if before
            and one.severity == "warning"
            and (one.path, one.message) not in known
        ),
    )


def _problems(found: Comparison, files: Files, shown: str) -> Iterator[Problem]:
    """What speaks against a change, each where its question stands."""
    for moved in found.thefts:
        yield Problem.error(
            _place(files, shown, moved.question.text, ("answers", "unknowns")),
            f"{theft(moved)}; mend that or, where it is right, have this question in "
            f"questions.yaml, with 'expect: [{', '.join(allowed(moved))}]'",
        )
    for one in found.broken:
        yield Problem.error(
            _place(files, shown, one.probe.ask, ()),
            f"{broken(one)}; mend what was changed, or this question",
        )


def _place(files: Files, shown: str, asked: str, kinds: Sequence[str]) -> Place:
    """Where a question stands in the files; else the file of regression questions."""
    line = re.compile(rf"(?<!\w){re.escape(asked)}[\"']?$", re.MULTILINE)
    for kind in (*kinds, "questions"):
        for path, text in files.of_kind(kind).items():
            if found := line.search(text.replace("\r\n", "\n")):
                before = found.string[: found.start()]
                column = len(before) - before.rfind("\n")
                return Place(below(shown, path), before.count("\n") + 1, column)
    return Place(below(shown, path_of("questions")))
