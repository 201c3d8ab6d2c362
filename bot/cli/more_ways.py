"""`receipts ways`: what no way of asking an entry touches yet, and more of them.

Lines are typed, or come on standard input or with --add; each is told what the bot
does with it now. What is to be kept goes through the same gate as all changes.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bot.answering.answerer import Answerer
from bot.cli.arguments import Options
from bot.cli.commands import OK, PROBLEMS, fail, found_folder, gate_of
from bot.cli.console import WIDTH, safe
from bot.cli.kept_ways import broken, keep, not_saved
from bot.cli.typed_ways import Taken, given, typed
from bot.evaluation.cues import cues
from bot.evaluation.report import clipped
from bot.evaluation.self_report import cue_lines
from bot.moderating.unanswered import Unanswered
from bot.records.records import Records
from bot.records.values import Question, RecordsError
from bot.settings import RECORDS, Settings
from bot.story.files import Files
from bot.story.model import Entry
from bot.story.validation import closest

_MOST_ASKED: Final = 100  # questions that are sent and asked most
_INTERRUPTED: Final = 130  # as shells have it: 128 and SIGINT


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
    for line in (*_cues(entry, answerer, near), *broken(gate, served)):
        print(safe(line))
    taken: list[Taken] = []
    is_whole = True
    try:
        if sys.stdin.isatty() and not options.add:
            typed(entry, answerer, now, taken)
        else:
            text = "\n".join(options.add) if options.add else sys.stdin.read()
            anyway = options.anyway
            is_whole = given(entry, text, answerer, now, taken, anyway=anyway)
        is_done = not taken or keep(entry.id, taken, folder, gate)
    except KeyboardInterrupt:
        print()
        for line in not_saved(taken):
            print(safe(line))
        return _INTERRUPTED
    return OK if is_done and is_whole else PROBLEMS


def _cues(entry: Entry, answerer: Answerer, asked: Sequence[Question]) -> Iterator[str]:
    """The entry as it is, what no way of it touches, and what people asked in vain."""
    yield clipped(f"{entry.question} ({len(entry.ways)} ways)", WIDTH)
    for way in entry.also_asked:
        yield f"- {clipped(way, WIDTH - 2)}"
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
