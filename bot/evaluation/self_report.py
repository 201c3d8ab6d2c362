"""A story's self-test → text of 80 columns for moderators, and the same as JSON."""

import textwrap
from collections import Counter
from collections.abc import Iterator
from shlex import quote
from typing import Final

from bot.answering.answerer import Answerer
from bot.answering.contract import Json
from bot.evaluation.cues import Cues, cues
from bot.evaluation.expected import Expected, expected, rule
from bot.evaluation.report import WIDTH, clipped
from bot.evaluation.self_test import WORTH, Pair, SelfTest, Weak, pairs, weakest
from bot.story.model import Story

MOST_WEAK: Final = 5
"""Weak answers that a report tells of, unless it is asked for all."""

MOST_PAIRS: Final = 5
"""Pairs of answers, and ways of unknowns, that it tells of, else."""

_TURNED: Final = {
    "passive": "“was she sued by him” for “did he sue her”",
    "active": "“did he sue her” for “was she sued by him”",
}


def lines(
    found: SelfTest, answerer: Answerer, *, everything: bool = False
) -> Iterator[str]:
    """What readers can expect; the weakest answers with what they lack; the pairs."""
    story = answerer.story
    if not found.tried:
        yield "No answer has a second way of asking: there is nothing to try it with."
        return
    share = expected(found)
    off = rule().off
    yield "What readers can expect (an estimate)"
    yield from _wrapped(
        f"of questions that an answer covers: {_percent(share.right)} answered right, "
        f"{_percent(share.offered)} offered the answer, {_percent(share.silence)} get "
        f"nothing of use, {_percent(share.wrong)} answered wrongly"
    )
    yield from _wrapped(
        f"of questions on the story that nothing covers: {_percent(share.answered)} "
        "answered all the same"
    )
    yield from textwrap.wrap(
        f"The story asked itself {len(found.tried)} of its own ways, each left out "
        f"first. From how far that was from strangers' questions on other stories, "
        f"these shares were worked out; there they were off by some "
        f"{off['right']:.0f} points.",
        WIDTH,
    )
    yield ""
    yield "Weakest answers, and what no way of asking has yet"
    weak = weakest(story, found)
    for number, one in enumerate(weak if everything else weak[:MOST_WEAK], start=1):
        yield from _weak(number, one, answerer)
    yield from _pairs(found, story, everything=everything)
    yield from _unknowns(found, everything=everything)


def summary(found: SelfTest, story: Story, folder: str) -> str:
    """The self-test in a sentence or two, and the commands that tell and mend more.

    A line has at most WIDTH columns, but for those of the commands: they name the
    story's folder as it was given.
    """
    if not found.tried:
        return "self-test: no answer has a second way of asking"
    share = expected(found)
    weak = [one.entry for one in weakest(story, found)[:3]]
    unknown = dict.fromkeys(one.entry for one in found.unknowns[:MOST_PAIRS])
    answered = f"; answered, though unknown: {', '.join(unknown)}" if unknown else ""
    text = (
        f"self-test: expect {_percent(share.right)} of covered questions answered, "
        f"{_percent(share.offered)} offered; weakest: {', '.join(weak)}{answered}. "
        "More ways of asking raise it; what nobody asks yet, and where to write ways:"
    )
    named = quote(folder)
    commands = f"receipts evaluate {named}", f"receipts ways --story {named} {weak[0]}"
    said = textwrap.wrap(text, WIDTH, break_on_hyphens=False)
    return "\n".join([*said, *(f"  {one}" for one in commands)])


def told_of(one: Weak) -> str:
    """How an answer did: its ways, and what became of those that were asked."""
    if not one.tried:
        return "a single way of asking"
    counts = Counter[str](tried.verdict for tried in one.tried)
    names = {"wrong": "answered wrongly"}
    said = [f"{counts[key]} {names.get(key, key)}" for key in WORTH if counts[key]]
    return f"{one.ways} ways; asked {len(one.tried)}: {', '.join(said)}"


def _weak(number: int, one: Weak, answerer: Answerer) -> Iterator[str]:
    story = answerer.story
    entry = story.entries[one.entry]
    yield clipped(f"{number}. {entry.question} [{one.entry}]", WIDTH)
    yield f"   {told_of(one)}"
    for tried in one.tried:
        if tried.verdict in {"missed", "wrong"}:
            to = f" → {tried.taken}" if tried.taken else ""
            yield f"   {clipped(f'not found: “{tried.asked}”{to}', WIDTH - 3)}"
    for line in cue_lines(cues(entry, story, answerer)):
        yield from textwrap.wrap(
            line, WIDTH, initial_indent="   ", subsequent_indent="     "
        )


def cue_lines(found: Cues) -> Iterator[str]:
    """What no way of an entry touches, a line for each sort; none where it is all."""
    for one in found.kinds:
        if one.kind in _TURNED:
            yield f"nobody turns it round ({_TURNED[one.kind]}): “{one.of}”"
        else:
            yield f"nobody asks {one.kind}: {one.of}"
    if found.names:
        yield f"nobody names: {', '.join(found.names)}"
    if found.words:
        yield f"nobody says: {', '.join(found.words)}"


def _pairs(found: SelfTest, story: Story, *, everything: bool) -> Iterator[str]:
    every = [one for one in pairs(found) if one.other in story.entries]
    if every:
        yield ""
        yield "Taken for each other (not this, on both, mends it)"
    for one in every if everything else every[:MOST_PAIRS]:
        count, asked = len(one.tried), one.tried[0].asked
        times = "" if count == 1 else f" ({count} times)"
        example = f"{one.entry}, {one.other}{times}: “{asked}”"
        yield clipped(f"- {example}", WIDTH)


def _unknowns(found: SelfTest, *, everything: bool) -> Iterator[str]:
    if not found.unknowns:
        return
    yield ""
    yield from textwrap.wrap(
        "Answered, though it asks what nothing answers (not this, on the answer, or "
        "more ways of the unknown mend it)",
        WIDTH,
    )
    for one in found.unknowns if everything else found.unknowns[:MOST_PAIRS]:
        head = f"{one.entry} → {one.taken}: “{one.asked}”"
        yield clipped(f"- {head}", WIDTH)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ")


def as_json(found: SelfTest, answerer: Answerer) -> Json:
    """All of it as one object. Shares are 0-1; `expected` is null where none can be.

    `asked`, `answered` and `misled` are counts: how many of how many. `weakest` has
    every entry, the weakest first.
    """
    story = answerer.story
    share = expected(found) if found.tried else None
    return {
        "expected": _expected(share),
        "off": dict(rule().off),
        "ways": found.ways,
        "asked": {
            "of": len(found.tried),
            **Counter[str](one.verdict for one in found.tried),
        },
        "answered": {"count": found.answered.count, "of": found.answered.of},
        "misled": {"count": found.misled.count, "of": found.misled.of},
        "weakest": [_weak_json(one, answerer) for one in weakest(story, found)],
        "pairs": [_pair_json(one) for one in pairs(found)],
        "unknowns": [
            {"unknown": one.entry, "ask": one.asked, "taken": one.taken}
            for one in found.unknowns
        ],
    }


def _expected(share: Expected | None) -> Json:
    return (
        {name: round(one, 3) for name, one in share._asdict().items()}
        if share
        else None
    )


def _weak_json(one: Weak, answerer: Answerer) -> Json:
    story = answerer.story
    missing = cues(story.entries[one.entry], story, answerer)
    return {
        "entry": one.entry,
        "worth": round(one.worth, 3),
        "ways": one.ways,
        "asked": [
            {"ask": tried.asked, "verdict": tried.verdict, "taken": tried.taken or None}
            for tried in one.tried
        ],
        "missing": {
            "names": list(missing.names),
            "words": list(missing.words),
            "kinds": [{"kind": kind.kind, "of": kind.of} for kind in missing.kinds],
        },
    }


def _pair_json(one: Pair) -> Json:
    asked: list[Json] = [tried.asked for tried in one.tried]
    return {"entry": one.entry, "other": one.other, "asked": asked}
