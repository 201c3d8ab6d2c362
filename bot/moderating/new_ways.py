"""More ways of asking: what typed lines would do, what tells two apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from bot.answering.answerer import Answerer
from bot.editing.edits import Append, Edit
from bot.evaluation.self_test import SelfTest
from bot.evaluation.trials import Trial, trial
from bot.moderating.wishes import Wish
from bot.story.model import Entry, Story
from bot.story.prose import fold

MOST: Final = 25
"""Lines that are taken at once: a form for a few, and a card that people read."""

_MOST_CHARACTERS: Final = 300  # of a way of asking, as the format has it


def typed_lines(text: str) -> tuple[str, ...]:
    r"""The ways that somebody typed, a line each, without bullets; each once.

    >>> typed_lines("- who did it\n\n  Who did it?\n* was it him")
    ('who did it', 'was it him')
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = " ".join(line.split()).removeprefix("- ").removeprefix("* ")
        if fold(words):
            found.setdefault(fold(words), words[:_MOST_CHARACTERS])
    return tuple(found.values())[:MOST]


def tried(
    entry: str, lines: Iterable[str], answerer: Answerer, today: date
) -> tuple[Trial, ...]:
    """What the bot would do now with lines as ways of asking an entry."""
    known = answerer.story.entries.get(entry)
    if known is None:
        return ()
    return tuple(trial(answerer, known, line, today) for line in lines)


def told(
    one: Trial, say: Callable[..., str], shown: Callable[[str], str]
) -> Iterator[str]:
    """What the bot does now with a line, and what speaks against it, a sentence each.

    `say` has the bot's sentences; `shown` is how what others wrote is shown in them.
    """
    yield say(f"lines.{one.does}", other=shown(one.other.question if one.other else ""))
    if one.is_strange:
        yield say("lines.strange")
    if one.is_broad:
        yield say("lines.broad")
    if one.unsaid:
        yield say("lines.unsaid", words=shown(", ".join(one.unsaid)))
    for part, name in one.aliases:
        yield say("lines.alias", part=shown(part), name=shown(name))


def new_among(trials: Iterable[Trial]) -> tuple[str, ...]:
    """The lines that no entry is asked by yet."""
    return tuple(one.line for one in trials if one.does != "known")


def adding(entry: str, lines: Sequence[str]) -> Wish:
    """A wish for more ways of asking an entry."""
    message = f"answers: change {entry}"
    edits = tuple(Append("answers", entry, "also_asked", line) for line in lines)
    return Wish(message, edits)


def apart(story: Story, ways: Mapping[str, Sequence[str]]) -> tuple[Edit, ...]:
    """Edits that tell two entries apart: neither is asked by the ways of the other.

    `ways` has some of each, by id. What is said of them already is left out.
    """
    edits: list[Edit] = []
    for name, other in ((one, two) for one in ways for two in ways if one != two):
        entry = story.entries.get(name)
        said = {fold(text) for text in _told_apart(entry)} if entry else set[str]()
        for way in ways[other]:
            if entry and fold(way) not in said:
                said.add(fold(way))
                edits.append(Append("answers", name, "not_this", way))
    return tuple(edits)


def sides(one: Trial, entry: str, story: Story) -> tuple[Edit, ...]:
    """Edits that tell a line of an entry apart from the one that is nearer to it.

    First that the line is not that one, then that the nearest way of that one is not
    the line's; fewer where that is said, none where no other is nearer.
    """
    if one.other is None or not one.near or one.does == "known":
        return ()
    return apart(story, {one.other.entry: [one.near], entry: [one.line]})


def _told_apart(entry: Entry) -> Iterable[str]:
    """What an entry is not, and what it is: neither is to be said again."""
    return (*entry.not_this, *entry.ways)


def nearest_ways(
    found: SelfTest, entry: str, other: str, answerer: Answerer, today: date
) -> Mapping[str, Sequence[str]]:
    """The ways of two entries that are taken for the other's.

    Where none of one is, the way of it that is nearest to what is taken for it.
    """
    ways: dict[str, list[str]] = {entry: [], other: []}
    for one in found.tried:
        if {one.entry, one.taken} == {entry, other}:
            ways[one.entry].append(one.asked)
    for name, rival in ((entry, other), (other, entry)):
        for text in () if ways[name] else ways[rival][:1]:
            reply = Answerer.reply(answerer, text, today)
            near = {one.id: one.nearest for one in reply.candidates}
            own = near.get(name, "")
            if any(fold(own) == fold(way) for way in answerer.story.entries[name].ways):
                ways[name].append(own)
    return ways
