"""Ways of asking as they are typed at a terminal, or given in a text: which are taken.

Each line is told what the bot does with it now; nothing is written here.
"""

import textwrap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bot.answering.answerer import Answerer
from bot.answering.wording import say
from bot.cli.console import WIDTH, safe
from bot.editing.edits import Append, Edit
from bot.evaluation.report import clipped
from bot.evaluation.trials import Trial
from bot.moderating.new_ways import MOST, apart, told, tried, typed_lines
from bot.story.model import Entry
from bot.story.prose import fold


@dataclass(frozen=True, slots=True)
class Taken:
    """A line that is to be a way of asking, and what tells it apart from others."""

    line: str
    apart: tuple[Edit, ...] = ()


_HOW = """\
Write ways of asking, one a line, as people would who do not know the answer.
An empty line saves them, "-" drops the last one, Ctrl-C discards them all."""


def typed(entry: Entry, answerer: Answerer, now: date, taken: list[Taken]) -> None:
    """Take lines that are typed, up to an empty one; `taken` has them at any time.

    One to which another answer is nearer may be told apart from that, on both sides;
    one that has nothing to do with the answer is taken where they say so.
    """
    print(_HOW)
    ahead: list[str] = []
    with suppress(EOFError):
        while len(taken) < MOST and (
            typed := ahead.pop() if ahead else input("> ").strip()
        ):
            if typed == "-":
                dropped = taken.pop().line if taken else "there is none"
                print(safe(f"  Dropped: {clipped(dropped, WIDTH - 11)}"))
                continue
            for line in typed_lines(typed):
                if any(fold(one.line) == fold(line) for one in taken):
                    print("  You typed that already.")
                    continue
                (one,) = tried(entry.id, [line], answerer, now)
                _print(one)
                ahead += _take(one, entry, answerer, taken)
        if len(taken) == MOST:
            print(f"These are {MOST}, as many as are saved at once.")


def _take(
    one: Trial, entry: Entry, answerer: Answerer, taken: list[Taken]
) -> list[str]:
    """Take a line, after what is to be asked about it; the next line, if that came."""
    if one.does == "known":
        return []
    if one.is_strange:
        is_wanted, ahead = _agreed("  Keep it all the same? [y/N] ")
        if is_wanted:
            taken.append(Taken(one.line))
        else:
            print("  It is left out.")
        return ahead
    taken.append(Taken(one.line))
    if not (one.other and one.near):
        return []
    sides = {entry.id: [one.line], one.other.entry: [one.near]}
    edits = apart(answerer.story, sides)
    if not edits:
        return []
    print("  It can be told apart from that one, by “not this” on both sides:")
    for text in _shown(edits, answerer):
        print(safe(text))
    is_wanted, ahead = _agreed("  Add these? The line is kept either way. [y/N] ")
    if is_wanted:
        taken[-1] = Taken(one.line, edits)
    else:
        print("  The line is kept, without them.")
    return ahead


def _shown(edits: tuple[Edit, ...], answerer: Answerer) -> Iterator[str]:
    for one in edits:
        if isinstance(one, Append):
            question = answerer.story.entries[one.id].question
            yield f"  - {clipped(f'“{one.item}” is not “{question}”', WIDTH - 4)}"


def _agreed(question: str) -> tuple[bool, list[str]]:
    """Whether they say yes; what they typed where that is neither yes nor no."""
    typed = input(question).strip()
    answer = typed.lower()
    is_answer = answer in {"", "y", "yes", "n", "no"}
    return answer in {"y", "yes"}, [] if is_answer else [typed]


def given(  # noqa: PLR0913 - each is told by name
    entry: Entry,
    text: str,
    answerer: Answerer,
    now: date,
    taken: list[Taken],
    *,
    anyway: bool,
) -> bool:
    """Take the lines of a text that no entry has yet; whether none was left out.

    What has nothing to do with the answer is left out, unless `anyway`.
    """
    is_whole = True
    for one in tried(entry.id, typed_lines(text), answerer, now):
        print(safe(f"+ {clipped(one.line, WIDTH - 2)}"))
        _print(one)
        if one.is_strange and not anyway:
            print("  It is left out; --anyway takes it.")
            is_whole = False
        elif one.does != "known":
            taken.append(Taken(one.line))
    return is_whole


def _print(one: Trial) -> None:
    """What the bot does with a line now, and what speaks against it."""
    for text in told(one, say, str):
        for line in textwrap.wrap(safe(text), WIDTH - 2):
            print(f"  {line}")
