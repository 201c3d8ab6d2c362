"""A record ↔ the forms in which moderators write it, and the edits between. Pure.

A form has a few parts. A part is one field, or some short ones together, a line each:
`kind: allegation`. Only what was typed otherwise than it stands becomes an edit.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.editing.edits import Append, Drop, Edit, Plain, Replace, Set
from bot.editing.typed_fields import LISTS, SWITCHES, TypedError, named, read, shown
from bot.story.documents import Document, Fields, Items, parse
from bot.story.files import FILES
from bot.story.prose import squeeze
from bot.story.validation import closest

Part = tuple[str, ...]
"""The fields that are typed together."""

MAIN: Final[Mapping[str, tuple[Part, ...]]] = {
    "facts": (
        ("statement",),
        ("kind", "by"),
        ("as_of", "until"),
        ("citations",),
        ("note",),
    ),
    "answers": (
        ("question",),
        ("also_asked",),
        ("not_this",),
        ("answer",),
        ("facts", "gives", "related"),
    ),
    "sources": (
        ("publisher",),
        ("title",),
        ("url",),
        ("published", "kind", "language", "link"),
        ("reliability",),
    ),
    "unknowns": (("question",), ("also_asked",), ("note",), ("facts",)),
}
"""The parts of the form for each collection's most used fields."""

WHOLE: Final = "record"
"""The field that stands for a record as the file has it, in YAML."""

RETIRED: Final[Part] = ("until", "superseded_by")
"""What is typed to retire a fact."""

_FROM: Final = {
    "facts": "statement",
    "answers": "question",
    "sources": "publisher",
    "unknowns": "question",
}
_NULLS: Final = frozenset({"title", "url", "published"})
_MOST_WORDS: Final = 6
_MAX_ID: Final = 64
_LINE = re.compile(r"([a-z_ ]+?)\s*:\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """What a form makes: the values that were typed, and what is wrong with them."""

    values: Mapping[str, Plain]
    errors: tuple[str, ...] = ()


def key_of(part: Part) -> str:
    """A part's name, by which what is typed in it is kept."""
    return "+".join(part)


def fields_of(collection: str) -> tuple[str, ...]:
    """The fields of a collection's records that can be typed, and WHOLE."""
    names = [one for one in FILES[collection].model_fields if one != "id"]
    return (*names, WHOLE)


def parts_of(collection: str, field: str = "") -> tuple[Part, ...]:
    """The parts of a form: for the most used fields, to retire, or for one field."""
    if field == "retire":
        return (RETIRED,)
    return ((field,),) if field else MAIN[collection]


def fill(parts: Collection[Part], record: Mapping[str, Plain]) -> dict[str, str]:
    """What stands in each part of a form for a record."""
    return {key_of(part): _fill(part, record) for part in parts}


def typed_values(typed: Mapping[str, str]) -> Read:
    """The values of all that was typed in a form; None where nothing was."""
    values: dict[str, Plain] = {}
    errors: list[str] = []
    for key, text in typed.items():
        part = tuple(key.split("+"))
        try:
            texts = _split(part, text) if len(part) > 1 else {key: text}
        except TypedError as error:
            errors.append(str(error))
            continue
        for field, one in texts.items():
            try:
                values[field] = read(field, one)
            except TypedError as error:
                errors.append(str(error))
    return Read(values, tuple(errors))


def edits(
    collection: str, name: str, record: Mapping[str, Plain], typed: Mapping[str, str]
) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """The edits that make of a record what was typed, and what is wrong with that.

    What is typed as it stands makes none. With errors there are no edits.
    """
    if WHOLE in typed:
        return _whole(collection, name, typed[WHOLE])
    was = fill([tuple(key.split("+")) for key in typed], record)
    changed = {
        key: text for key, text in typed.items() if _bare(text) != _bare(was[key])
    }
    found = typed_values(changed)
    made: list[Edit] = []
    for field, value in found.values.items():
        if shown(field, value) != shown(field, record.get(field)):
            made += _edits(collection, name, field, record.get(field), value)
    return ((), found.errors) if found.errors else (tuple(made), ())


def new_record(
    collection: str, typed: Mapping[str, str], taken: Collection[str]
) -> Read:
    """A new record of what was typed, with an id that is not taken, and its errors."""
    found = typed_values(typed)
    text = str(found.values.get(_FROM[collection]) or "")
    if collection == "sources":
        text = f"{text} {found.values.get('published') or ''}"
    typed_ones = {
        field: value
        for field, value in found.values.items()
        if value is not None or field in _NULLS
    }
    values = {"id": new_id(text, taken), **typed_ones}
    errors = list(found.errors)
    model = FILES[collection]
    errors += [
        f"{named(field)}: write something here"
        for field, known in model.model_fields.items()
        if known.is_required() and field not in values
    ]
    return Read(values, tuple(errors))


def slug(text: str) -> str:
    """A text in small ASCII letters and digits, whatever its script; "" where none is.

    >>> slug("Où est “the Bell”?"), slug("Колокол")
    ('ou-est-the-bell', 'kolokol')
    """
    if not text.isascii():
        from anyascii import anyascii  # noqa: PLC0415 - seldom needed, and not small

        text = anyascii(unicodedata.normalize("NFKC", text))
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def new_id(text: str, taken: Collection[str]) -> str:
    """An id for a text, that is not taken: its first words that say something.

    >>> new_id("The bell was gone from the tower.", {"bell-gone-tower"})
    'bell-gone-tower-2'
    """
    every = re.findall(r"[a-z0-9]+", slug(text))
    words = [one for one in every if one not in _SMALL] or every or ["new"]
    made = "-".join(words[:_MOST_WORDS])[: _MAX_ID - 4].strip("-")
    number = 2
    found = made
    while found in taken:
        found, number = f"{made}-{number}", number + 1
    return found


_SMALL: Final = frozenset(
    """a an and are as at be been by did do does for from had has have in is it its of
    on or that the their there they this to was were what when where which who why will
    with""".split()
)


def _fill(part: Part, record: Mapping[str, Plain]) -> str:
    if len(part) == 1:
        field = part[0]
        return shown(field, record.get(field, _default(field)))
    lines = (
        f"{named(one)}: {shown(one, record.get(one, _default(one)))}" for one in part
    )
    return "\n".join(line.replace("\n", ", ").rstrip() for line in lines)


def _default(field: str) -> Plain:
    return None if field not in SWITCHES else "true" if SWITCHES[field] else "false"


def _split(part: Part, text: str) -> dict[str, str]:
    """The texts of some fields that were typed together, a line each."""
    found = dict.fromkeys(part, "")
    for line in filter(None, (one.strip() for one in text.splitlines())):
        split = _LINE.fullmatch(line)
        field = split[1].strip().lower().replace(" ", "_") if split else ""
        if split is None or field not in found:
            hint = closest(field, part) if field else ""
            wanted = ", ".join(f"{named(one)}: …" for one in part)
            raise TypedError(f"'{line[:60]}' cannot be read{hint}; write {wanted}")
        found[field] = f"{found[field]}\n{split[2]}"
    return found


def _edits(
    collection: str, name: str, field: str, old: Plain, new: Plain
) -> Iterator[Edit]:
    """The edits from a field's old value to its new one: of a list, item by item."""
    if field in SWITCHES and new is not None:
        new = None if new == _default(field) else new
    if field in LISTS and isinstance(old, list) and isinstance(new, list):
        was = {squeeze(str(one)): one for one in old}
        kept = [one for one in was if one in new]
        added = [one for one in new if one not in was]
        if len(was) == len(old) and new == [*kept, *added] and kept:
            for text, one in was.items():
                if text not in kept:
                    yield Drop(collection, name, field, one)
            for one in added:
                yield Append(collection, name, field, one)
            return
        new = [was.get(str(one), one) for one in new]
    yield Set(collection, name, field, new)


def _whole(
    collection: str, name: str, text: str
) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """The edit that makes of a record what was typed in YAML."""
    lines = text.replace("\r\n", "\n").strip("\n")
    document = Document("the record", f"{lines}\n")
    parse(document)
    if document.problems:
        one = document.problems[0]
        return (), (f"line {one.line}, column {one.column}: {one.message}",)
    root = document.root
    record = root[0] if isinstance(root, Items) and len(root) == 1 else root
    if not isinstance(record, Fields):
        return (), ("write one record, as it stands in the file, and nothing else",)
    return (Replace(collection, name, record),), ()


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
