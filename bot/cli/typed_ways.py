"""Ways of asking as they are typed at a terminal, or given in a text: which are taken.

Each line is told what the bot does with it now; nothing is written here.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bot.answering.answerer import Answerer
from bot.answering.wording import say
from bot.cli.arguments import Options
from bot.cli.console import wrapped
from bot.editing.edits import Append, Edit
from bot.evaluation.trials import Trial
from bot.moderating.new_ways import MOST, sides, told, tried, typed_lines
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

    One to which another answer is nearer may be told apart from that, on either side;
    one that has nothing to do with the answer is taken where they say so.
    """
    print(_HOW)
    ahead: list[str] = []
    with suppress(EOFError):
        while len(taken) < MOST and (
            typed := ahead.pop() if ahead else input("> ").strip()
        ):
            if typed == "-":
                _print([f"Dropped: {taken.pop().line if taken else 'there is none'}"])
                continue
            if typed in answerer.story.entries:
                _print(
                    ["That is an answer's id: after an empty line you can choose it."]
                )
                continue
            for line in typed_lines(typed):
                if any(fold(one.line) == fold(line) for one in taken):
                    _print(["You typed that already."])
                    continue
                (one,) = tried(entry.id, [line], answerer, now)
                _print(told(one, say, str))
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
        chosen, ahead = _agreed("Keep it all the same? [y/N] ", ["y"])
        if chosen:
            taken.append(Taken(one.line))
        else:
            _print(["It is left out."])
        return ahead
    taken.append(Taken(one.line))
    edits = sides(one, entry.id, answerer.story)
    if not edits:
        return []
    _print(["It can be told apart from that one, by “not this”:"])
    _print(_shown(edits, answerer, numbered=True))
    numbers = [str(at + 1) for at in range(len(edits))]
    which = f" all, {' or '.join(numbers)} only that," if len(edits) > 1 else " yes,"
    ask = f"Add? y:{which} Enter: none (the line is kept): "
    chosen, ahead = _agreed(ask, ["y", *numbers])
    if chosen:
        wanted = edits if chosen == "y" else edits[int(chosen) - 1 : int(chosen)]
        taken[-1] = Taken(one.line, wanted)
    else:
        _print(["The line is kept, without it."])
    return ahead


def _shown(
    edits: Sequence[Edit], answerer: Answerer, *, numbered: bool = False
) -> Iterator[str]:
    for at, one in enumerate(edits, start=1):
        if isinstance(one, Append):
            question = answerer.story.entries[one.id].question
            yield f"{f'{at}.' if numbered else '-'} “{one.item}” is not “{question}”"


def _agreed(question: str, choices: Sequence[str]) -> tuple[str, list[str]]:
    """What they chose, "" for no; and what they typed where that is no choice."""
    typed = input(f"  {question}").strip()
    answer = typed.lower().replace("yes", "y")
    is_answer = answer in {"", "n", "no", *choices}
    return answer if answer in choices else "", [] if is_answer else [typed]


def given(  # noqa: PLR0913 - each is told by name
    entry: Entry,
    text: str,
    answerer: Answerer,
    now: date,
    taken: list[Taken],
    *,
    options: Options,
) -> bool:
    """Take the lines of a text that no entry has yet; whether none was left out.

    What has nothing to do with the answer is left out, unless they take it `anyway`;
    what is nearer to another is told apart from that where they take `not_this`.
    """
    is_whole = True
    for one in tried(entry.id, typed_lines(text), answerer, now):
        for line in wrapped(f"+ {one.line}", "  "):
            print(line)
        _print(told(one, say, str))
        if one.is_strange and not options.anyway:
            _print(["It is left out; --anyway takes it."])
            is_whole = False
        elif one.does != "known":
            edits = sides(one, entry.id, answerer.story)
            wanted = edits[:1] if options.not_this == "line" else edits
            if edits and not options.not_this:
                _print(
                    ["--not-this tells it apart; --not-this line, only by the first:"]
                )
            elif edits:
                _print(["It is told apart:"])
            _print(_shown(wanted, answerer))
            taken.append(Taken(one.line, wanted if options.not_this else ()))
    return is_whole


def _print(texts: Iterable[str]) -> None:
    """Print texts below a line, wrapped."""
    for text in texts:
        for line in wrapped(f"  {text}", "  "):
            print(line)
