"""`receipts ways`: what no way of asking an entry touches yet, and more of them.

Lines are typed, or come on standard input or with --add; each is told what the bot
does with it now. What is to be kept goes through the same gate as all changes.
"""

import asyncio
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bot.answering.answerer import Answerer
from bot.cli.arguments import Options
from bot.cli.commands import OK, PROBLEMS, fail, found_folder, gate_of
from bot.cli.console import safe, wrapped
from bot.cli.kept_ways import broken, keep, not_saved
from bot.cli.self_asking import ask_itself
from bot.cli.typed_ways import Taken, given, typed
from bot.evaluation.cues import cues
from bot.evaluation.self_report import cue_lines, told_of
from bot.evaluation.self_test import SelfTest, Weak, weakest
from bot.evaluation.shares import Share
from bot.moderating.unanswered import Unanswered
from bot.publishing.gate import Gate, Judgement
from bot.records.records import Records
from bot.records.values import Question, RecordsError
from bot.settings import RECORDS, Settings
from bot.story.files import Files
from bot.story.model import Entry, Story
from bot.story.validation import closest

_MOST_ASKED: Final = 100  # questions that are sent and asked most
_INTERRUPTED: Final = 130  # as shells have it: 128 and SIGINT
_SENTENCES: Final = 2  # of an answer
_WAYS: Final = 5  # that are shown before the rest is counted
_UNTRIED: Final = SelfTest((), Share(0, 0), Share(0, 0), 0.0)


def ways(options: Options, settings: Settings, now: date) -> int:
    """Show what no way of an entry touches, and add more of them; or list entries.

    At a terminal, the next one follows as long as they like.
    """
    folder = found_folder(options, settings)
    gate = gate_of(folder, settings, now)
    served = gate.trust(Files.read(folder))
    answerer = served.answerer
    if answerer is None:
        for problem in served.problems:
            print(problem, file=sys.stderr)
        return fail("this story is not served until its errors are mended", PROBLEMS)
    if options.add and not options.entry:
        return fail("--add needs the answer's id: receipts ways ENTRY --add LINE")
    if options.entry and options.entry not in answerer.story.entries:
        return fail(_unknown(options.entry, answerer.story))
    url = settings.database_url
    records = url.get_secret_value() if url else RECORDS
    taken: list[Taken] = []
    desk = _Desk(folder, gate, records, options, now, taken)
    try:
        return desk.work(served, answerer)
    except KeyboardInterrupt:
        print()
        _print(not_saved(taken))
        return _INTERRUPTED


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where lines are taken; `taken` has those that are not saved yet."""

    folder: Path
    gate: Gate[Answerer]
    records: str | Path
    options: Options
    now: date
    taken: list[Taken]

    @property
    def _is_typed(self) -> bool:
        return sys.stdin.isatty() and not self.options.add

    def work(self, served: Judgement[Answerer], answerer: Answerer) -> int:
        """One entry after the other, as they choose; the exit code."""
        entry, story = self.options.entry, answerer.story
        found = _UNTRIED if entry else ask_itself(answerer, self.now)
        order = weakest(story, found)
        if not entry:
            _print(_listed(order, story))
        left = [one.entry for one in order if one.entry != entry]
        if not entry and self._is_typed:
            entry = _next(left, story)
        is_whole = True
        while entry:
            _print(self._shown(answerer, entry))
            _print(broken(self.gate, served))
            is_whole = self._more(entry, answerer) and is_whole
            if not self._is_typed:
                break
            served = self.gate.trust(Files.read(self.folder), served)
            if served.answerer is None:  # somebody changed the files meanwhile
                break
            answerer = served.answerer
            left = [one for one in left if one != entry]
            entry = _next(left, story)
        return OK if is_whole else PROBLEMS

    def _shown(self, answerer: Answerer, entry: str) -> Iterator[str]:
        story = self.folder.resolve().name
        near = _asked_near(entry, answerer, story, self.records, self.now)
        return _shown(answerer.story.entries[entry], answerer, near)

    def _more(self, name: str, answerer: Answerer) -> bool:
        """Take lines for an entry, and keep them; whether none was left out."""
        entry, taken = answerer.story.entries[name], self.taken
        taken.clear()
        is_whole = are_lines = True
        if self._is_typed:
            typed(entry, answerer, self.now, taken)
        else:
            add, options = self.options.add, self.options
            text = "\n".join(add) if add else sys.stdin.read()
            is_whole = given(entry, text, answerer, self.now, taken, options=options)
            are_lines = bool(text.strip())
        if are_lines and not taken:
            print("Nothing was written.")
        is_kept = not taken or keep(name, taken, self.folder, self.gate, self.now)
        return is_kept and is_whole


def _unknown(name: str, story: Story) -> str:
    """Why there are no ways of an answer, and what can be done where that is known."""
    if name in story.unknowns:
        return (
            f"'{name}' is a known unknown, to which no answer is given. Its ways of "
            "asking are its also_asked: in unknowns.yaml, or by /unknowns in Discord"
        )
    hint = closest(name, list(story.entries))
    return f"there is no answer '{name}'{hint or ''} (all of them: receipts ways)"


def _listed(order: Sequence[Weak], story: Story) -> Iterator[str]:
    """The entries, the weakest first."""
    yield "Answers, the weakest first, by what became of their own ways:"
    for one in order:
        yield from wrapped(f"{one.entry}: {story.entries[one.entry].question}", "  ")
        yield f"  {told_of(one)}"


def _next(left: Sequence[str], story: Story) -> str:
    """The entry that they choose to go on with; "" to end."""
    first = next(iter(left), "")
    enter = f"Enter: {first}; " if first else ""
    with suppress(EOFError):
        while True:
            typed = input(f"Next answer ({enter}an id, or q to end): ").strip() or first
            if typed in story.entries:
                return typed
            if typed in {"", "q"}:
                break
            _print(wrapped(f"{_unknown(typed, story)}."))
    return ""


def _print(texts: Iterable[str]) -> None:
    for text in texts:
        print(safe(text))


def _shown(
    entry: Entry, answerer: Answerer, asked: Sequence[Question]
) -> Iterator[str]:
    """The entry as it is, what people asked in vain, and what no way of it touches."""
    yield from wrapped(f"{entry.question} [{entry.id}]")
    told = [one.text for one in entry.sentences]
    yield from wrapped(f"  {' '.join(told[:_SENTENCES])}", "  ")
    if len(told) > _SENTENCES:
        left = len(told) - _SENTENCES
        yield from wrapped(
            f'  … and {left} more: receipts ask "{entry.question}"', "  "
        )
    if asked:
        yield "asked near it, and not answered:"
    for one in asked:
        yield from wrapped(f"- {one.text}", "  ")
    count = len(entry.ways)
    yield "1 way, the question" if count == 1 else f"{count} ways, the question and:"
    for way in entry.also_asked[:_WAYS]:
        yield from wrapped(f"- {way}", "  ")
    if len(entry.also_asked) > _WAYS:
        yield f"… and {len(entry.also_asked) - _WAYS} more"
    found = list(cue_lines(cues(entry, answerer.story, answerer)))
    for line in found or ["its ways touch all that the answer says"]:
        yield from wrapped(line, "  ")


def _asked_near(
    entry: str, answerer: Answerer, story: str, records: str | Path, now: date
) -> list[Question]:
    """The questions without an answer that are nearest to an entry.

    None where there are no records, or none that can be read.
    """

    async def every() -> tuple[Question, ...]:
        async with Records.open(records) as found:
            return await found.questions.all(story, _MOST_ASKED)

    if isinstance(records, Path) and not records.exists():
        return []
    try:
        asked = asyncio.run(every())
    except RecordsError:
        return []
    return Unanswered().close_to(entry, asked, answerer, now)
