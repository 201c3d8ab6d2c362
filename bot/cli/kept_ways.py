"""Ways of asking that were taken → the story's files, but those that are refused."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.cli.commands import shown_folder
from bot.cli.console import safe
from bot.cli.typed_ways import Taken
from bot.editing.editor import edit
from bot.editing.edits import Edit, EditError
from bot.history.history import HistoryError, Version, history_of
from bot.moderating.new_ways import adding
from bot.publishing.gate import Gate, Judgement
from bot.settings import kept
from bot.story.files import Files

Refused = Callable[[Sequence[Taken]], list[str]]
"""Lines → what speaks against all of them together; nothing where they may be saved."""


def broken(gate: Gate[Answerer], served: Judgement[Answerer]) -> Iterator[str]:
    """What is wrong with the story before a line is added, and that no line did it."""
    problems = gate.judge(served.files, served).problems
    yield from map(str, problems)
    if problems:
        yield "So the story is refused as it is: no line of yours is at fault."
        yield "Unless they mend that, none can be saved."


def keep(entry: str, taken: list[Taken], folder: Path, gate: Gate[Answerer]) -> bool:
    """Add lines to the story's files, but those that something speaks against.

    Whether all were. What became of them is printed, and `taken` has what was not
    saved: nothing that was typed is lost.
    """
    try:
        _save(entry, taken, folder, gate)
    except (EditError, HistoryError) as error:
        print(safe(f"{error}. Nothing was written."))
    for line in not_saved(taken):
        print(safe(line))
    return not taken


def not_saved(taken: Sequence[Taken]) -> Iterator[str]:
    """Lines as they can be typed, or piped, again."""
    if taken:
        yield "Not saved:"
    for one in taken:
        yield one.line


def _save(entry: str, taken: list[Taken], folder: Path, gate: Gate[Answerer]) -> None:
    history = history_of(folder, kept(folder))
    files = history.files()
    _tell("Asking all that is known …")
    served = gate.trust(files)
    refused = _refusing(entry, files, served, gate)
    good = list(taken)
    if refused(good):
        if why := list(broken(gate, served)):
            print(safe("\n".join((*why, "Nothing was written."))))
            return
        _tell("Looking for the line at fault …")
        good = _allowed([], good, refused)
    if not good:
        print("Nothing was written.")
        return
    after = edit(files.texts, _edits(entry, good))
    before = {path: files.texts.get(path) for path in after}
    message = adding(entry, [one.line for one in good]).message
    now = datetime.now(UTC)
    version = history.save(before, after, message, "receipts ways", now)
    taken[:] = [one for one in taken if one not in good]
    for line in _added(good, version, folder, is_in_git=history.is_in_git):
        print(safe(line))


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def _refusing(
    entry: str, files: Files, served: Judgement[Answerer], gate: Gate[Answerer]
) -> Refused:
    def refused(lines: Sequence[Taken]) -> list[str]:
        after = edit(files.texts, _edits(entry, lines))
        return list(map(str, gate.judge(files.changed(after), served).problems))

    return refused


def _edits(entry: str, lines: Sequence[Taken]) -> tuple[Edit, ...]:
    ways = adding(entry, [one.line for one in lines]).edits
    return (*ways, *(edit for one in lines for edit in one.apart))


def _allowed(good: list[Taken], lines: list[Taken], refused: Refused) -> list[Taken]:
    """Those of some lines that may be saved, after the good ones; each other is told.

    Halved until one alone is at fault, so that few in many are found fast.
    """
    why = refused([*good, *lines])
    if not why:
        return [*good, *lines]
    if len(lines) == 1:
        print(
            safe("\n".join((f"Refused: {lines[0].line}", *(f"  {one}" for one in why))))
        )
        return good
    half = len(lines) // 2
    good = _allowed(good, lines[:half], refused)
    return _allowed(good, lines[half:], refused)


def _added(
    good: Sequence[Taken], version: Version, folder: Path, *, is_in_git: bool
) -> Iterator[str]:
    """What was added, how often, and how it is taken back."""
    ways, apart = len(good), sum(len(one.apart) for one in good)
    what = "1 way" if ways == 1 else f"{ways} ways"
    more = f" and {apart} “not this”" if apart else ""
    is_one = ways == 1 and not apart
    were = "was" if is_one else "were"
    yield f"{what}{more} {were} added to {', '.join(version.paths)}."
    if is_in_git:
        name = version.id[:10]
        yield f"Commit {name}; to undo it: git -C {shown_folder(folder)} revert {name}"
    else:
        yield f"Version {version.id}; to undo it, take these lines out of the file."
