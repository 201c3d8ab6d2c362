"""What rests on a fact: every text that may have to change with it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.story.figures import Figure, dated, figures_in
from bot.story.files import Files, below
from bot.story.model import Fact, Place, Problem, Story


@dataclass(frozen=True, slots=True)
class Resting:
    """A text that rests on facts that changed: of which record, in which of its fields.

    `kind` is a key of `FILES`; an event is named by its date. `still` are figures that
    the facts had before, and have no more, and that the text still has.
    """

    kind: str
    name: str
    field: str
    text: str
    still: tuple[str, ...] = ()


def resting(before: Story, after: Story, facts: Iterable[str]) -> tuple[Resting, ...]:
    """All that rests on some facts, by id; first what still says what they said before.

    Of an answer, and of a correction, each sentence that does.
    """
    gone = {
        name: _gone(before.facts[name], after.facts[name])
        for name in facts
        if name in before.facts and name in after.facts
    }
    found = [
        Resting(kind, name, field, text, _still(text, used, gone))
        for kind, name, field, text, used in _texts(after)
        if not gone.keys().isdisjoint(used)
    ]
    return tuple(sorted(found, key=lambda one: not one.still))


def stale(before: Story, after: Story, files: Files, shown: str) -> Iterator[Problem]:
    """A warning for each text that still says what a fact said before, where it stands.

    `files` are those of the story after, which problems name below `shown`.
    """
    changed = [
        name
        for name, fact in after.facts.items()
        if name in before.facts and before.facts[name] != fact
    ]
    for one in resting(before, after, changed):
        if one.still:
            text = one.text if len(one.text) <= _SHOWN else one.text[:_SHOWN] + "…"
            message = (
                f"'{text}' still says {', '.join(one.still)}, which a fact that it "
                "rests on does not say any more; mend it, if it is wrong now"
            )
            yield Problem.warning(_place(one, files, shown), message)


def _place(one: Resting, files: Files, shown: str) -> Place:
    """Where a text stands in the files; at its record's start where it is not found."""
    name, words = re.escape(one.name), one.text.split()
    if one.kind == "timeline":
        words = words[len(one.text.partition(":")[0].split()) :]
    begins = re.compile(rf"^[ -]*(?:id|date):[ ]*[\"']?{name}[\"']?[ ]*$", re.MULTILINE)
    for path, text in files.of_kind(one.kind).items():
        if record := begins.search(text):
            found = (
                re.compile(r"\s+".join(map(re.escape, words[:count])))
                for count in _WORDS
            )
            said = (pattern.search(text, record.end()) for pattern in found)
            at = next(filter(None, said), record).start()
            column = at - text.rfind("\n", 0, at)
            return Place(below(shown, path), text.count("\n", 0, at) + 1, column)
    return Place(shown or ".")


_WORDS: Final = (16, 6, 3)
"""Words that tell a text from the others of its record; fewer, where marks are between.
"""

_SHOWN: Final = 90
"""Characters of a text that a problem shows."""


def _texts(story: Story) -> Iterator[tuple[str, str, str, str, tuple[str, ...]]]:
    """Each text of a story that rests on facts, and on which."""
    for entry in story.entries.values():
        for part in entry.sentences:
            yield "answers", entry.id, "answer", part.text, part.facts
        for premise in entry.premises:
            for part in premise.sentences:
                yield "answers", entry.id, "correction", part.text, part.facts
    for unknown in story.unknowns.values():
        yield "unknowns", unknown.id, "note", unknown.note, unknown.facts
    for event in story.timeline:
        text = f"{dated(event.date)}: {event.event}"
        yield "timeline", event.date, "event", text, event.facts
    for entity in story.entities.values():
        text = entity.description
        yield "entities", entity.id, "description", text, entity.facts


def _gone(was: Fact, now: Fact) -> frozenset[Figure]:
    """The figures that a fact had in its words, or as its date, and has no more."""
    said = figures_in(now.statement)
    dates = {dated(was.as_of)} - {dated(now.as_of)}
    return (figures_in(was.statement) | dates) - said


def _still(
    text: str, used: Iterable[str], gone: Mapping[str, frozenset[Figure]]
) -> tuple[str, ...]:
    """The figures of a text that the facts it rests on have no more."""
    mine = figures_in(text)
    old = {one for name in used for one in gone.get(name, ()) if one in mine}
    return tuple(sorted(map(str, old)))
