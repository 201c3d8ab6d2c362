"""Ways of asking that were taken → the story's files, but those that are refused."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.cli.commands import shown_folder
from bot.cli.console import safe, wrapped
from bot.cli.typed_ways import Taken
from bot.editing.editor import edit
from bot.editing.edits import Append, Edit, EditError
from bot.evaluation.cues import says_something
from bot.evaluation.trials import done
from bot.history.history import HistoryError, Version, history_of
from bot.matching.text import in_base, spoken, words
from bot.moderating.new_ways import adding
from bot.publishing.change import said
from bot.publishing.gate import Gate, Judgement
from bot.settings import kept

Judged = Callable[[Sequence[Taken]], Judgement[Answerer]]
"""Lines → the story with all of them, and what speaks against it."""

_NOW = {
    "answers": "answered with this",
    "offers": "offered this first",
    "wrong": "answered with another, still",
    "other": "offered another first, still",
}
"""What becomes of a line once it is a way."""


def broken(gate: Gate[Answerer], served: Judgement[Answerer]) -> Iterator[str]:
    """What is wrong with the story before a line is added, and how it is mended."""
    found = gate.judge(served.files, served)
    if not found.problems:
        return
    yield from wrapped("This story is refused as it is: no line of yours is at fault.")
    yield from map(str, found.problems)
    edits = tuple(_telling_off(found))
    texts = edit(served.files.texts, edits) if edits else {}
    is_mended = not gate.judge(served.files.changed(texts), served).problems
    if edits and is_mended:
        yield from wrapped(
            f"Whoever keeps its files mends it so (tried), in {', '.join(texts)}:"
        )
        for one in edits:
            item = json.dumps(one.item, ensure_ascii=False)
            yield f"  - id: {one.id}\n    not_this:\n      - {item}"
        yield from wrapped("The last line goes to the not_this that is there, if any.")
    else:
        yield from wrapped(
            "Whoever keeps its files mends it there: what the question expects, or the "
            "answer that it leads to."
        )
    yield "Until then no line can be saved."


def _telling_off(found: Judgement[Answerer]) -> Iterator[Append]:
    """Edits by which no question leads where it must not."""
    change = found.change.comparison
    for one in change.thefts if change else ():
        for name in one.others:
            yield Append("answers", name, "not_this", one.question.text)
    for one in change.broken if change else ():
        for name in one.led.entries:
            if name not in one.probe.expect:
                yield Append("answers", name, "not_this", one.probe.ask)


def keep(
    entry: str, taken: list[Taken], folder: Path, gate: Gate[Answerer], today: date
) -> bool:
    """Add lines to the story's files, but those that something speaks against.

    Whether all were. What became of them is printed, and `taken` has what was not
    saved: nothing that was typed is lost.
    """
    try:
        _save(entry, taken, folder, gate, today)
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


def _save(
    entry: str, taken: list[Taken], folder: Path, gate: Gate[Answerer], today: date
) -> None:
    history = history_of(folder, kept(folder))
    files = history.files()
    _tell("Asking all that is known …")
    served = gate.trust(files)

    def judged(lines: Sequence[Taken]) -> Judgement[Answerer]:
        texts = edit(files.texts, _edits(entry, lines))
        return gate.judge(files.changed(texts), served)

    good = list(taken)
    if judged(good).problems:
        if gate.judge(files, served).problems:
            print("The story is refused as it is. Nothing was written.")
            return
        _tell("Looking for the line at fault …")
        good = _allowed([], good, judged)
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
    for line in _now(entry, good, judged(good), today):
        print(line)


def _now(
    entry: str, good: Sequence[Taken], found: Judgement[Answerer], today: date
) -> Iterator[str]:
    """What people get to each line from now on."""
    answerer = found.answerer
    if answerer is None:
        return
    for one in good:
        does, _ = done(Answerer.reply(answerer, one.line, today), entry)
        yield from wrapped(f"- {one.line} → {_NOW.get(does, 'not found')}", "  ")


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def _edits(entry: str, lines: Sequence[Taken]) -> tuple[Edit, ...]:
    ways = adding(entry, [one.line for one in lines]).edits
    return (*ways, *(edit for one in lines for edit in one.apart))


def _allowed(good: list[Taken], lines: list[Taken], judged: Judged) -> list[Taken]:
    """Those of some lines that may be saved, after the good ones; each other is told.

    Halved until one alone is at fault, so that few in many are found fast.
    """
    found = judged([*good, *lines])
    if not found.problems:
        return [*good, *lines]
    if len(lines) == 1:
        print(safe(f"Refused: {lines[0].line}"))
        for text in (*_simply(lines[0].line, found), *map(str, found.problems)):
            print(safe(text))
        return good
    half = len(lines) // 2
    good = _allowed(good, lines[:half], judged)
    return _allowed(good, lines[half:], judged)


def _simply(line: str, found: Judgement[Answerer]) -> Iterator[str]:
    """The simple way out of a refusal: other words, and which."""
    change = found.change.comparison
    asked = [one.question.text for one in change.thefts] if change else []
    asked += [one.probe.ask for one in change.broken] if change else []
    if not asked:
        return
    theirs = frozenset(words(asked[0]))
    shared = dict.fromkeys(
        f"“{word}”"
        for word in spoken(line)
        if in_base(word) in theirs and says_something(in_base(word))
    )
    both = f", as both have {', '.join(shared)}" if shared else ""
    more = f", nor would {len(asked) - 1} more" if len(asked) > 1 else ""
    yield from wrapped(
        f"  Write it in other words: with it, {said(asked[0])} would no longer lead "
        f"where it should{both}{more}. In full:",
        "  ",
    )


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
