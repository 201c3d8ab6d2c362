"""A story as people see it: without what moderators have taken off for a while.

A hidden fact takes with it what rests on it: answers, corrections, events. It takes,
too, what would be told without its other side: an answer resting on a fact that a
hidden one disputes or supersedes. Questions that a hidden entry answered are known to
be unknown, so that nothing else answers them.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import sha256
from typing import Final

from bot.story.model import Entry, Event, Fact, Probe, Problem, Story, Unknown
from bot.story.validation import Sheet

NOTE: Final = "The moderators have taken this answer off while they check it."

HIDDEN: Final = "hidden-"
"""What the ids of unknowns begin with that stand for hidden entries."""

_MAX_ID: Final = 64
_INSTEAD: Final = "not_covered"


def visible(story: Story) -> Story:
    """The story without what is hidden; the same one where nothing is.

    A regression question that expects a hidden entry may also be not covered.
    """
    facts = {fact.id for fact in story.facts.values() if fact.hidden}
    entries = {
        entry.id
        for entry in story.entries.values()
        if entry.hidden or _is_touched(entry.cites, story, facts)
    }
    if not facts and not entries:
        return story
    shown = {
        entry.id: _shown_entry(entry, story, facts, entries)
        for entry in story.entries.values()
        if entry.id not in entries
    }
    topics = {
        topic: tuple(one for one in found if one in shown)
        for topic, found in story.topics.items()
    }
    unknowns = {
        **{
            one.id: one.model_copy(update={"facts": _without(one.facts, facts)})
            for one in story.unknowns.values()
        },
        **{
            one.id: one
            for one in (_unknown(story.entries[name]) for name in sorted(entries))
        },
    }
    return replace(
        story,
        facts={
            one.id: _shown_fact(one, facts)
            for one in story.facts.values()
            if one.id not in facts
        },
        entries=shown,
        entities={
            one.id: one.model_copy(update={"facts": _without(one.facts, facts)})
            for one in story.entities.values()
        },
        unknowns=unknowns,
        timeline=tuple(event for event in story.timeline if _is_shown(event, facts)),
        probes=tuple(_probe(probe, entries) for probe in story.probes),
        topics={topic: found for topic, found in topics.items() if found},
    )


def stands_for_hidden(unknown: Unknown) -> bool:
    """Whether an unknown of what people see is there for an entry that is hidden."""
    return unknown.id.startswith(HIDDEN) and unknown.note == NOTE


def marked(story: Story, reasons: Mapping[str, str]) -> Story:
    """The story with more facts and entries hidden, by id; the same where none is new.

    It gets a revision of its own.
    """
    facts = {
        one.id: one.model_copy(update={"hidden": reasons[one.id]})
        for one in story.facts.values()
        if one.id in reasons and not one.hidden
    }
    entries = {
        one.id: one.model_copy(update={"hidden": reasons[one.id]})
        for one in story.entries.values()
        if one.id in reasons and not one.hidden
    }
    if not facts and not entries:
        return story
    made_of = "\0".join([story.revision, *sorted({*facts, *entries})])
    return replace(
        story,
        facts={**story.facts, **facts},
        entries={**story.entries, **entries},
        revision=sha256(made_of.encode()).hexdigest()[: len(story.revision)],
    )


def hidden_in(sheet: Sheet) -> dict[str, str]:
    """The facts and entries that are hidden, by id, with the reason."""
    records = (*sheet.of(Fact), *sheet.of(Entry))
    return {one.id: one.hidden for one in records if one.hidden}


def reminders(sheet: Sheet) -> Iterator[Problem]:
    """A warning for each record that waits to be mended and shown again."""
    for record in (*sheet.of(Fact), *sheet.of(Entry)):
        if record.hidden:
            place = sheet.place(record, "hidden")
            message = f"'{record.id}' is hidden: {record.hidden}; mend it, then show it"
            yield Problem.warning(place, message)


def _is_touched(cited: Iterable[str], story: Story, hidden: AbstractSet[str]) -> bool:
    """Whether facts are hidden, or have another side that is."""
    return any(
        name in hidden
        or story.facts[name].superseded_by in hidden
        or not hidden.isdisjoint(story.facts[name].disputed_by)
        for name in cited
    )


def _shown_entry(
    entry: Entry, story: Story, facts: AbstractSet[str], entries: AbstractSet[str]
) -> Entry:
    premises = tuple(
        premise
        for premise in entry.premises
        if not any(_is_touched(one.facts, story, facts) for one in premise.sentences)
    )
    related = _without(entry.related, entries)
    return entry.model_copy(update={"premises": premises, "related": related})


def _shown_fact(fact: Fact, hidden: AbstractSet[str]) -> Fact:
    later = None if fact.superseded_by in hidden else fact.superseded_by
    disputed = _without(fact.disputed_by, hidden)
    return fact.model_copy(update={"superseded_by": later, "disputed_by": disputed})


def _unknown(entry: Entry) -> Unknown:
    claims = (claim for premise in entry.premises for claim in premise.claims)
    return Unknown.model_construct(
        id=f"{HIDDEN}{entry.id}"[:_MAX_ID],
        question=entry.question,
        also_asked=(*entry.also_asked, *claims),
        note=NOTE,
        facts=(),
    )


def _is_shown(event: Event, hidden: AbstractSet[str]) -> bool:
    return hidden.isdisjoint(event.facts)


def _probe(probe: Probe, entries: AbstractSet[str]) -> Probe:
    if entries.isdisjoint(probe.expect):
        return probe
    return probe.model_copy(update={"expect": (*probe.expect, _INSTEAD)})


def _without(names: tuple[str, ...], hidden: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in hidden)
