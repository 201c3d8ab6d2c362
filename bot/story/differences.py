"""Two states of a story → which records were added, changed and retired."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.story.files import FILES
from bot.story.model import Record, Story
from bot.story.renames import Names, renames, with_names

Plain = None | bool | str | list["Plain"] | dict[str, "Plain"]
"""A value as a fact file has it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that differs: its name, and its values before and now.

    A value that is not written in the file is its default.
    """

    name: str
    before: Plain
    after: Plain


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that is in both states, and its fields that differ, in their order."""

    id: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between the records of one kind, each in the order of the files.

    `kind` is a name in `FILES`. Records are named by their id; where they have none, by
    their text: an event's, a phrase's meaning, a question's. The one of story.yaml is
    called "story". Of several with the same name, the later ones are `name (2)` and so
    on. `added` and `retired` are the records as they are, and were; `renamed` are those
    with another id, old → new: by that they are compared, and who names them is not
    changed by it.
    """

    kind: str
    added: Mapping[str, Record] = field(default_factory=dict[str, Record])
    changed: tuple[Changed, ...] = ()
    retired: Mapping[str, Record] = field(default_factory=dict[str, Record])
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.changed or self.retired or self.renamed)


def differences(before: Story | None, after: Story) -> tuple[Differences, ...]:
    """What differs, for every kind of record, in the order of `FILES`.

    Without a state before, everything was added. The order of records, comments, and
    which file a record stands in make no difference.
    """
    names: Names = renames(before, after) if before else {}
    were = dict(_collections(with_names(before, names))) if before else {}
    return tuple(
        _compared(kind, were.get(kind, {}), now, names.get(kind, {}))
        for kind, now in _collections(after)
    )


def _compared(
    kind: str,
    before: Mapping[str, Record],
    after: Mapping[str, Record],
    renamed: Mapping[str, str],
) -> Differences:
    changed = (
        Changed(name, fields)
        for name, now in after.items()
        if name in before and before[name] != now
        if (fields := tuple(_fields(before[name], now)))
    )
    return Differences(
        kind,
        added={name: now for name, now in after.items() if name not in before},
        changed=tuple(changed),
        retired={name: was for name, was in before.items() if name not in after},
        renamed=renamed,
    )


def _fields(before: Record, after: Record) -> Iterator[Field]:
    was, now = plain(before), plain(after)
    for name in type(after).model_fields:
        if name != "was" and was[name] != now[name]:
            yield Field(name, was[name], now[name])


def plain(record: Record) -> dict[str, Plain]:
    """A record as its file could have it, with every field."""
    return record.model_dump(mode="json")


def _collections(story: Story) -> Iterator[tuple[str, Mapping[str, Record]]]:
    """The records of each kind, by what they are called."""
    found: dict[str, Mapping[str, Record]] = {
        "story": {"story": story.about},
        "sources": story.sources,
        "entities": story.entities,
        "facts": story.facts,
        "answers": story.entries,
        "unknowns": story.unknowns,
        "timeline": _named((one.event, one) for one in story.timeline),
        "lexicon": _named((one.meaning, one) for one in story.lexicon),
        "questions": _named((one.ask, one) for one in story.probes),
    }
    return ((kind, found[kind]) for kind in FILES)


def _named(records: Iterable[tuple[str, Record]]) -> dict[str, Record]:
    seen: defaultdict[str, int] = defaultdict(int)
    named: dict[str, Record] = {}
    for name, record in records:
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name} ({seen[name]})"] = record
    return named
