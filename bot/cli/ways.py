"""`receipts ways`: what no way of asking an entry touches yet, and more of them.

Lines are typed, or come on standard input or with --add; each is told what the bot
would do with it now. What is to be kept goes through the same gate as all changes.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bot.answering.answerer import Answerer
from bot.cli.console import WIDTH, safe
from bot.editing.editor import edit
from bot.editing.edits import Edit, EditError
from bot.evaluation.cues import Trial, cues
from bot.evaluation.report import clipped
from bot.evaluation.self_report import cue_lines
from bot.history.history import History, HistoryError, history_of
from bot.moderating.unanswered import Unanswered
from bot.moderating.ways import adding, apart, typed_lines
from bot.moderating.ways import tried as tried_lines
from bot.publishing.gate import Gate, Judgement
from bot.records.records import Records
from bot.records.values import Question, RecordsError
from bot.settings import RECORDS
from bot.story.files import Files
from bot.story.model import Entry, Story
from bot.story.validation import closest

_SAYS: Final = {
    "known": "a way already: {other}",
    "answers": "is answered with this already",
    "offers": "is offered this; with it, it is answered",
    "other": "another answer is nearer: {other}",
    "nothing": "leads nowhere yet",
}
_MOST_ASKED: Final = 100  # questions that are sent and asked most


class NoEntry(Exception):  # noqa: N818 - it is the asker's slip
    """There is no entry of that id; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A story's folder, what judges a change of it, and what its records are called."""

    folder: Path
    gate: Gate[Answerer]
    records: str | Path
    today: date

    @property
    def history(self) -> History:
        """Where a change is kept."""
        return history_of(self.folder, RECORDS.parent / self.folder.resolve().name)


def entry_of(story: Story, name: str) -> Entry:
    """An entry by its id. Raises NoEntry."""
    found = story.entries.get(name)
    if found is None:
        hint = closest(name, list(story.entries)) or "; receipts evaluate lists them"
        raise NoEntry(f"there is no entry '{name}'{hint}")
    return found


def told(entry: Entry, answerer: Answerer, asked: Iterable[Question]) -> Iterator[str]:
    """The entry, what no way of it touches, and what people asked near it, in vain."""
    yield clipped(f"{entry.question} [{entry.id}], {len(entry.ways)} ways", WIDTH)
    found = list(cue_lines(cues(entry, answerer.story, answerer)))
    yield from found or ["its ways touch all that the answer says"]
    near = [one.text for one in asked]
    if near:
        yield "asked near it, and not answered:"
    for text in near:
        yield f"- {clipped(text, WIDTH - 2)}"


def asked_near(entry: str, answerer: Answerer, desk: Desk) -> list[Question]:
    """The questions without an answer that are nearest to an entry; none is no harm."""

    async def every() -> tuple[Question, ...]:
        async with Records.open(desk.records) as records:
            name = desk.folder.resolve().name
            return await records.questions.all(name, _MOST_ASKED)

    if isinstance(desk.records, Path) and not desk.records.exists():
        return []
    try:
        found = asyncio.run(every())
    except RecordsError:
        return []
    return Unanswered().close_to(entry, found, answerer, desk.today)


def said_of(one: Trial) -> Iterator[str]:
    """What the bot would do with a line, and what its answer may not say."""
    other = one.other.question if one.other else ""
    yield clipped(f"  {_SAYS[one.does].format(other=f'“{other}”')}", WIDTH)
    if one.unsaid:
        yield f"  does the answer say this? {clipped(', '.join(one.unsaid), 50)}"


def typed_ways(
    entry: Entry, answerer: Answerer, today: date, *, ask: Callable[[str], str]
) -> tuple[list[str], list[Edit]]:
    """The lines that somebody types at a terminal until an empty one; what tells apart.

    A line that another answer is nearer to may be told apart from that, on both sides.
    """
    lines: list[str] = []
    edits: list[Edit] = []
    while line := " ".join(ask("way: ").split()):
        (one,) = tried_lines(entry.id, [line], answerer, today) or (None,)
        if one is None:
            continue
        for text in said_of(one):
            print(safe(text))
        if one.does == "known":
            continue
        if one.does == "other" and one.other and one.near:
            if ask("  not this, on both sides? [y/N] ").strip().lower() == "y":
                sides = {entry.id: [line], one.other.entry: [one.near]}
                edits += apart(answerer.story, sides)
        lines.append(line)
    return lines, edits


def piped_ways(
    entry: Entry, text: str, answerer: Answerer, today: date
) -> tuple[list[str], list[Edit]]:
    """The lines of a text that no entry has yet; what the bot would do is printed."""
    lines: list[str] = []
    for one in tried_lines(entry.id, typed_lines(text), answerer, today):
        print(safe(clipped(one.line, WIDTH)))
        for line in said_of(one):
            print(safe(line))
        lines += [one.line] if one.does != "known" else []
    return lines, []


def keep(
    entry: Entry, lines: Sequence[str], edits: Sequence[Edit], desk: Desk
) -> tuple[str, bool]:
    """Add the lines to the story's files, where nothing speaks against it.

    What is said of it, and whether it was done.
    """
    wish = adding(entry.id, lines)
    history = desk.history
    try:
        files = history.files()
        after = edit(files.texts, [*wish.edits, *edits])
        refused = _refused(desk.gate, files, after)
        if refused:
            return "\n".join(["nothing was written:", *refused]), False
        before = {path: files.texts.get(path) for path in after}
        now = datetime.now(UTC)
        history.save(before, after, wish.message, "receipts ways", now)
    except (EditError, HistoryError) as error:
        return f"nothing was written: {error}", False
    count = len(lines)
    what = "1 way was" if count == 1 else f"{count} ways were"
    return f"{what} added to {', '.join(after)}", True


def _refused(gate: Gate[Answerer], files: Files, after: dict[str, str]) -> list[str]:
    """What speaks against a change, a line each; none where nothing does."""
    if sys.stderr.isatty():
        print("Asking all that is known …", file=sys.stderr)
    before: Judgement[Answerer] | None = gate.trust(files)
    found = gate.judge(files.changed(after), before)
    return [str(one) for one in found.problems]
