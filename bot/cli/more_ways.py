"""`receipts ways`: what no way of asking an entry touches yet, and more of them.

Lines are typed, or come on standard input or with --add; each is told what the bot
would do with it now. What is to be kept goes through the same gate as all changes.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bot.answering.answerer import Answerer
from bot.cli.arguments import Options
from bot.cli.commands import OK, PROBLEMS, fail, found_folder, gate_of
from bot.cli.console import WIDTH, safe
from bot.editing.editor import edit
from bot.editing.edits import Edit, EditError
from bot.evaluation.cues import Trial, cues
from bot.evaluation.report import clipped
from bot.evaluation.self_report import cue_lines
from bot.history.history import HistoryError, history_of
from bot.moderating.new_ways import adding, apart, tried, typed_lines
from bot.moderating.unanswered import Unanswered
from bot.publishing.gate import Gate
from bot.records.records import Records
from bot.records.values import Question, RecordsError
from bot.settings import RECORDS, Settings, kept
from bot.story.files import Files
from bot.story.model import Entry
from bot.story.validation import closest

_SAYS: Final = {
    "known": "a way already: {other}",
    "answers": "is answered with this already",
    "offers": "is offered this; with it, it is answered",
    "other": "another answer is nearer: {other}",
    "nothing": "leads nowhere yet",
}
_MOST_ASKED: Final = 100  # questions that are sent and asked most


def ways(options: Options, settings: Settings, now: date) -> int:
    """Show what no way of an entry touches, and add more of them."""
    folder = found_folder(options, settings)
    gate = gate_of(folder, settings, now)
    served = gate.trust(Files.read(folder))
    answerer = served.answerer
    if answerer is None:
        for problem in served.problems:
            print(problem, file=sys.stderr)
        return fail("this story is not served until its errors are mended", PROBLEMS)
    entry = answerer.story.entries.get(options.entry)
    if entry is None:
        hint = closest(options.entry, list(answerer.story.entries))
        return fail(f"there is no answer '{options.entry}'{hint or ''}")
    url = settings.database_url
    records = url.get_secret_value() if url else RECORDS
    near = _asked_near(entry.id, answerer, folder.resolve().name, records, now)
    for line in _cues(entry, answerer, near):
        print(safe(line))
    is_typed = sys.stdin.isatty() and not options.add
    if is_typed:
        lines, edits = _typed(entry, answerer, now)
    else:
        text = "\n".join(options.add) if options.add else sys.stdin.read()
        lines, edits = _given(entry, text, answerer, now), []
    if not lines:
        return OK
    said, is_done = _keep(entry, lines, edits, folder, gate)
    print(safe(said))
    return OK if is_done else PROBLEMS


def _cues(entry: Entry, answerer: Answerer, asked: Sequence[Question]) -> Iterator[str]:
    """The entry, what no way of it touches, and what people asked near it, in vain."""
    yield clipped(f"{entry.question} ({len(entry.ways)} ways)", WIDTH)
    found = list(cue_lines(cues(entry, answerer.story, answerer)))
    for line in found or ["its ways touch all that the answer says"]:
        yield clipped(line, WIDTH)
    if asked:
        yield "asked near it, and not answered:"
    for one in asked:
        yield f"- {clipped(one.text, WIDTH - 2)}"


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


def _told(one: Trial) -> Iterator[str]:
    """What the bot would do with a line, and what its answer may not say."""
    other = f"“{one.other.question}”" if one.other else ""
    yield f"  {clipped(_SAYS[one.does].format(other=other), WIDTH - 2)}"
    if one.unsaid:
        said = f"does the answer say this? {', '.join(one.unsaid)}"
        yield f"  {clipped(said, WIDTH - 2)}"


def _typed(entry: Entry, answerer: Answerer, now: date) -> tuple[list[str], list[Edit]]:
    """The lines that are typed, up to an empty one, and what tells answers apart.

    A line to which another answer is nearer may be told apart from that, on both sides.
    """
    print("Write ways of asking, as people would who do not know the answer.")
    lines: list[str] = []
    edits: list[Edit] = []
    with suppress(EOFError):
        while line := " ".join(input("> ").split()):
            (one,) = tried(entry.id, [line], answerer, now)
            for text in _told(one):
                print(safe(text))
            if one.does == "known":
                continue
            lines.append(line)
            if one.does == "other" and one.other and one.near:
                answer = input("  Not this, on both sides? [y/N] ")
                if answer.strip().lower() in {"y", "yes"}:
                    sides = {entry.id: [line], one.other.entry: [one.near]}
                    edits += apart(answerer.story, sides)
    return list(typed_lines("\n".join(lines))), edits


def _given(entry: Entry, text: str, answerer: Answerer, now: date) -> list[str]:
    """The lines of a text that no entry has yet; what the bot would do is printed."""
    lines: list[str] = []
    for one in tried(entry.id, typed_lines(text), answerer, now):
        for line in (f"+ {clipped(one.line, WIDTH - 2)}", *_told(one)):
            print(safe(line))
        lines += [one.line] if one.does != "known" else []
    return lines


def _keep(
    entry: Entry,
    lines: Sequence[str],
    edits: Sequence[Edit],
    folder: Path,
    gate: Gate[Answerer],
) -> tuple[str, bool]:
    """Add lines to the story's files, where nothing speaks against it.

    What is said of it, and whether it was done.
    """
    wish = adding(entry.id, lines)
    try:
        history = history_of(folder, kept(folder))
        files = history.files()
        after = edit(files.texts, [*wish.edits, *edits])
        if sys.stderr.isatty():
            print("Asking all that is known …", file=sys.stderr)
        found = gate.judge(files.changed(after), gate.trust(files))
        if found.problems:
            why = "\n".join(map(str, found.problems))
            return f"{why}\nNothing was written.", False
        before = {path: files.texts.get(path) for path in after}
        now = datetime.now(UTC)
        history.save(before, after, wish.message, "receipts ways", now)
    except (EditError, HistoryError) as error:
        return f"{error}. Nothing was written.", False
    what = "A way was" if len(lines) == 1 else f"{len(lines)} ways were"
    return f"{what} added to {', '.join(after)}.", True
