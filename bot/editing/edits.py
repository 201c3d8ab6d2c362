"""The edits there are, and what each makes of a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.story.documents import UNWANTED
from bot.story.model import Record
from bot.story.validation import NAMES, closest

Plain: TypeAlias = str | Sequence["Plain"] | Mapping[str, "Plain"] | None
"""A value as a fact file has it: all text stays text."""


class EditError(Exception):
    """The change cannot be made, in one plain sentence with the mend; nothing was."""


@dataclass(frozen=True, slots=True)
class Set:
    """A field gets a value. None takes it away, or is `null` where it must be there."""

    collection: str
    id: str
    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Append:
    """A list gets an item more, at its end or before another; it is made if need be."""

    collection: str
    id: str
    field: str
    item: Plain
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """A list loses an item; with its last one the field goes."""

    collection: str
    id: str
    field: str
    item: Plain


@dataclass(frozen=True, slots=True)
class Add:
    """A new record at the end of its file, or before the one that is in place `at`.

    `file` is the topic, for facts and answers. A file that is not there is made.
    """

    collection: str
    record: Mapping[str, Plain]
    file: str | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """A record goes, with the comments inside it; those above it stay."""

    collection: str
    id: str


@dataclass(frozen=True, slots=True)
class Replace:
    """A record gets these fields and no others; what is equal stays as written."""

    collection: str
    id: str
    record: Mapping[str, Plain]


Edit = Set | Append | Drop | Add | Remove | Replace


def changed(
    old: dict[str, Plain], change: Set | Append | Drop | Replace, model: type[Record]
) -> dict[str, Plain]:
    """A record after a change.

    Raises:
        EditError: it does not fit the record.
    """
    if isinstance(change, Replace):
        new = plain(change.record)
        for name in new:
            refuse_unknown(model, name, old)
        return {name: _as_was(old.get(name), value) for name, value in new.items()}
    name = change.field
    refuse_unknown(model, name, old)
    value = old.get(name)
    if isinstance(change, Set):
        return _with(old, name, _as_was(value, _plain(change.value)), model)
    if isinstance(value, dict) or not (
        isinstance(value, list) or _may_be_list(model, name)
    ):
        raise EditError(f"'{name}' is no list; set it instead")
    items = value if isinstance(value, list) else [] if value is None else [value]
    item = _plain(change.item)
    at = next((at for at, one in enumerate(items) if same(one, item)), None)
    shown = f"'{item}'" if isinstance(item, str) else "this"
    if isinstance(change, Append):
        if at is not None:
            raise EditError(f"{shown} is in '{name}' already")
        where = len(items) if change.at is None else change.at
        return {**old, name: [*items[:where], item, *items[where:]]}
    if at is None:
        hint = closest(str(item), [one for one in items if isinstance(one, str)])
        raise EditError(f"{shown} is not in '{name}'{hint or '; look at it again'}")
    rest = [*items[:at], *items[at + 1 :]]
    return {**old, name: rest} if rest else _with(old, name, None, model)


def _with(
    old: Mapping[str, Plain], name: str, value: Plain, model: type[Record]
) -> dict[str, Plain]:
    """A record with another value of a field, or without it."""
    known = model.model_fields.get(name)
    if value is None and not (known and known.is_required()):
        return {key: kept for key, kept in old.items() if key != name}
    return {**old, name: value}


def _may_be_list(model: type[Record], name: str) -> bool:
    known = model.model_fields.get(name)
    return known is not None and "tuple[" in str(known.annotation)


def refuse_unknown(
    model: type[Record], name: str, old: Mapping[str, Plain] | None = None
) -> None:
    """Refuse a field that the model does not know and the record does not have."""
    if name not in model.model_fields and name not in (old or {}):
        names = list(model.model_fields)
        hint = closest(name, names) or f"; there are {', '.join(names)}"
        raise EditError(f"a {NAMES[model]} has no field '{name}'{hint}")


def in_order(record: Mapping[str, Plain], model: type[Record]) -> dict[str, Plain]:
    """A record with its fields in the order of the format."""
    known = [name for name in model.model_fields if name in record]
    return {name: record[name] for name in dict.fromkeys([*known, *record])}


def plain(record: Mapping[str, Plain]) -> dict[str, Plain]:
    """A record as it will read.

    Raises:
        EditError: a text in it has what no fact file may hold.
    """
    return {str(_plain(name)): _plain(value) for name, value in record.items()}


def _plain(value: Plain) -> Plain:
    """A value as it will read."""
    if isinstance(value, Mapping):
        return plain(value)
    if value is not None and not isinstance(value, str):
        return [_plain(one) for one in value]
    found = UNWANTED.search(value or "")
    if found or any("\ud800" <= char <= "\udfff" for char in value or ""):
        code = f"U+{ord(found.group()):04X}" if found else "half of one"
        raise EditError(
            f"there is a control or invisible character ({code}); delete it"
        )
    return value


def same(one: Plain, other: Plain) -> bool:
    """Whether two values are the same, once the space around texts is cut off."""
    return _bare(one) == _bare(other)


def _bare(value: Plain) -> Plain:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items()}
    return value


def _as_was(old: Plain, new: Plain) -> Plain:
    """The new value; the old one where it means the same, as do `x` and `[x]`."""
    if same(old, new) or same([old], new) or same(old, [new]):
        return old
    if isinstance(old, list) and isinstance(new, list):
        bare = {repr(_bare(one)): one for one in old}
        return [bare.get(repr(_bare(one)), one) for one in new]
    return new
