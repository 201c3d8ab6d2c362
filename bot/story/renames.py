"""Records that got another id: which they are, and where others name them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from bot.story.model import Entity, Entry, Fact, Named, Record, Source, Story, Unknown
from bot.story.prose import MARKER, fold

Value: TypeAlias = str | Sequence["Value"] | Mapping[str, "Value"] | None
"""The value of a field that names others, as a file has it."""

Names = Mapping[str, Mapping[str, str]]
"""Old ids → new ones, for each kind of records, a key of `FILES`."""

R = TypeVar("R", bound=Record)

NAMED: Final = ("sources", "entities", "facts", "answers", "unknowns")
"""The kinds of records that others name by their ids."""

_FIELDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("facts", "superseded_by", "disputed_by"), "facts"),
    **dict.fromkeys(("related", "expect"), "answers"),
    "by": "entities",
    "source": "sources",
}
"""Fields that have ids, and of which kind."""

_TEXTS: Final = frozenset({"answer", "correction"})
_GROUPS: Final = frozenset({"citations", "premises"})


def swapped(field: str, value: Value, names: Names) -> Value:
    """A field's value with new ids in the place of old ones, in markers of texts, too.

    >>> swapped("answer", "It rang. [old, b]", {"facts": {"old": "new"}})
    'It rang. [new, b]'
    """
    ids = names.get(_FIELDS.get(field, ""), {})
    if isinstance(value, str):
        if field in _TEXTS:
            known = names.get("facts", {})
            return MARKER.sub(lambda found: _marker(found[0], known), value)
        return ids.get(value, value)
    if value is None or not (ids or field in _GROUPS):
        return value
    if isinstance(value, Mapping):
        return {name: swapped(name, one, names) for name, one in value.items()}
    return [swapped(field, one, names) for one in value]


def _marker(text: str, ids: Mapping[str, str]) -> str:
    return re.sub(r"[a-z0-9-]+", lambda found: ids.get(found[0], found[0]), text)


def renames(before: Story, after: Story) -> Names:
    """The records that have another id now, by kind; kinds without one are not there.

    A record says itself what it was; else it is the one that says the same.
    """
    found = {
        kind: dict(_renames(kind, was, now))
        for kind, was, now in zip(NAMED, _named(before), _named(after), strict=True)
    }
    return {kind: names for kind, names in found.items() if names}


def _named(story: Story) -> tuple[Mapping[str, Named], ...]:
    return (story.sources, story.entities, story.facts, story.entries, story.unknowns)


def _renames(
    kind: str, was: Mapping[str, Named], now: Mapping[str, Named]
) -> Iterator[tuple[str, str]]:
    gone = {name: one for name, one in was.items() if name not in now}
    new = [one for name, one in now.items() if name not in was] if gone else []
    for one in list(new):
        if earlier := next((name for name in reversed(one.was) if name in gone), None):
            yield earlier, one.id
            del gone[earlier]
            new.remove(one)
    said = {_said(one): name for name, one in gone.items()}
    counts = Counter(map(_said, (*gone.values(), *new)))
    for one in new:
        if counts[_said(one)] == 2 and (earlier := said.get(_said(one))) and kind:
            yield earlier, one.id


def _said(record: Named) -> str:
    """What tells that two records of a kind are the same."""
    match record:
        case Entry() | Unknown():
            return fold(record.question)
        case Fact():
            return fold(record.statement)
        case Entity():
            return fold(record.name)
        case Source():
            return record.url or f"{record.publisher} {record.title} {record.published}"
        case _:
            return record.id


def with_names(story: Story, names: Names) -> Story:
    """A story in which records have their new ids, wherever they are named."""
    if not names:
        return story

    def each(kind: str, records: Mapping[str, R]) -> dict[str, R]:
        ids = names.get(kind, {})
        return {
            ids.get(name, name): _with(record, names, ids.get(name, name))
            for name, record in records.items()
        }

    ids = names.get("answers", {})
    return replace(
        story,
        sources=each("sources", story.sources),
        entities=each("entities", story.entities),
        facts=each("facts", story.facts),
        entries=each("answers", story.entries),
        unknowns=each("unknowns", story.unknowns),
        timeline=tuple(_with(one, names) for one in story.timeline),
        probes=tuple(_with(one, names) for one in story.probes),
        topics={
            topic: tuple(ids.get(one, one) for one in some)
            for topic, some in story.topics.items()
        },
    )


def _with(record: R, names: Names, name: str = "") -> R:
    values = record.model_dump(mode="json")
    new = {
        field: now
        for field, value in values.items()
        if field in _FIELDS or field in _TEXTS or field in _GROUPS
        if (now := swapped(field, value, names)) != value
    }
    if name and values.get("id") != name:
        new["id"] = name
    return type(record).model_validate({**values, **new}) if new else record
