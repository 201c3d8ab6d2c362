"""Another id for a record, wherever it is named."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.editing.editor import KEYS, Texts, edit, records_of
from bot.editing.edits import Edit, EditError, Plain, Set
from bot.story.files import FILES
from bot.story.renames import NAMED, swapped
from bot.story.validation import NAMES, closest

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_ID: Final = 64


@dataclass(frozen=True, slots=True)
class Renamed:
    """The new texts of the files that change, and how many records name the id.

    `kind` is a key of `FILES`, `old` the record's id before.
    """

    kind: str
    old: str
    texts: Mapping[str, str]
    users: int


def rename(files: Texts, old: str, new: str) -> Renamed:
    """Give a record another id, and keep the old one in its `was`.

    `old` is its id, or `kind/id` where records of two kinds have it.

    Raises:
        EditError: it cannot be done; then nothing is.
    """
    kind, name = _found(files, old)
    if not _ID.fullmatch(new) or len(new) > _MAX_ID:
        raise EditError(
            f"'{new}' is no id; use lower-case letters, digits and hyphens, at most "
            f"{_MAX_ID}"
        )
    record = records_of(files, kind)[name].values
    was = record.get("was")
    earlier = [was] if isinstance(was, str) else was if isinstance(was, list) else []
    kept: list[Plain] = [*(one for one in earlier if one not in {new, name}), name]
    uses = list(_uses(files, kind, name, new))
    edits: list[Edit] = [
        *uses,
        Set(kind, name, "was", kept),
        Set(kind, name, "id", new),
    ]
    return Renamed(kind, name, edit(files, edits), len({(one.id) for one in uses}))


def _found(files: Texts, old: str) -> tuple[str, str]:
    """The kind and the id of what is to be renamed."""
    said, _, name = old.rpartition("/")
    records = {kind: records_of(files, kind) for kind in NAMED if said in {"", kind}}
    kinds = [kind for kind, some in records.items() if name in some]
    if len(kinds) > 1:
        ways = " or ".join(f"{kind}/{name}" for kind in kinds)
        raise EditError(f"there are several records '{name}'; say {ways}")
    if not kinds:
        hint = closest(name, [one for some in records.values() for one in some])
        raise EditError(f"there is no record '{old}'{hint or '; look it up again'}")
    return kinds[0], name


def _uses(files: Texts, kind: str, old: str, new: str) -> Iterator[Set]:
    """The edits of each field that names a record."""
    names = {kind: {old: new}}
    for other in FILES:
        key = KEYS.get(other, "id")
        for name, found in records_of(files, other).items():
            for field, value in found.values.items():
                if field in {key, "was", "id"}:
                    continue
                if (now := swapped(field, value, names)) != value:
                    yield Set(other, name, field, now)


def named(kind: str) -> str:
    """What a record of a kind is called."""
    return NAMES[FILES[kind]]
