"""What a moderator wants changed, as it is typed, kept and read again. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.editing.editor import Texts, record_of
from bot.editing.edits import (
    Add,
    Append,
    Drop,
    Edit,
    EditError,
    Plain,
    Remove,
    Replace,
    Set,
)
from bot.publishing.change import allowed
from bot.publishing.comparing import Moved
from bot.records.values import Altered, Draft, Json

_MAKES: Final[Mapping[str, Callable[..., Edit]]] = {
    one.__name__: one for one in (Add, Append, Drop, Remove, Replace, Set)
}
_EDITS: Final = TypeAdapter(list[tuple[str, dict[str, Any]]])
_TEXTS: Final = TypeAdapter(dict[str, str | None])
_TYPED: Final = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class Corrects:
    """What people were told is to be corrected, once a change is made.

    `altered` is what the change alters of it; `note` says to them what was wrong, in a
    sentence, where it is not empty.
    """

    note: str
    altered: Altered


_CORRECTS: Final = TypeAdapter(Corrects | None)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be changed: records, by edits, or whole files, by their texts.

    `message` says what it does, in one line. A text of None takes the file away.
    `typed` is what was typed in a form for it, by field, as it was typed: so that the
    form can be filled with it again, also where no edit could be made of it. With
    `corrects`, the messages that showed what it changes are corrected.
    """

    message: str
    edits: tuple[Edit, ...] = ()
    texts: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    corrects: Corrects | None = None

    def as_json(self) -> dict[str, Json]:
        """The wish as it is kept."""
        edits = [[type(one).__name__, asdict(one)] for one in self.edits]
        found: dict[str, Json] = json.loads(
            json.dumps(
                {
                    "message": self.message,
                    "edits": edits,
                    "texts": dict(self.texts),
                    "typed": dict(self.typed),
                    "corrects": self.corrects and asdict(self.corrects),
                }
            )
        )
        return found

    @classmethod
    def of_json(cls, kept: Mapping[str, Json]) -> "Wish | None":
        """The wish that was kept; None where it cannot be read, as of another version.

        >>> wish = Wish("hide it", (Set("facts", "bell-gone", "hidden", "wrong"),))
        >>> Wish.of_json(wish.as_json()) == wish
        True
        """
        try:
            edits = tuple(
                _MAKES[name](**values)
                for name, values in _EDITS.validate_python(kept.get("edits"))
            )
            texts = _TEXTS.validate_python(kept.get("texts"))
            typed = _TYPED.validate_python(kept.get("typed") or {})
            corrects = _CORRECTS.validate_python(kept.get("corrects"))
        except (ValidationError, KeyError, TypeError):
            return None
        return cls(str(kept.get("message", "")), edits, texts, typed, corrects)


@dataclass(frozen=True, slots=True)
class Base:
    """What a wish was made from: the records that it changes, and whole files.

    Records are by `collection/id`, with their text as it stood; None means that there
    was no such record, or file.
    """

    records: Mapping[str, str | None]
    texts: Mapping[str, str | None]

    def as_json(self) -> dict[str, Json]:
        """The base as it is kept."""
        return {"records": dict(self.records), "texts": dict(self.texts)}

    @classmethod
    def of_json(cls, kept: Mapping[str, Json]) -> "Base":
        """The base that was kept; an empty one where it cannot be read."""
        try:
            records = _TEXTS.validate_python(kept.get("records"))
            return cls(records, _TEXTS.validate_python(kept.get("texts")))
        except ValidationError:
            return cls({}, {})


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record or a file that somebody changed since a wish was made.

    `name` is `collection/id`, or a path; None means that it was not, or is not, there.
    """

    name: str
    then: str | None
    now: str | None


def base_of(files: Texts, wish: Wish) -> Base:
    """What a wish rests on, as it is now."""
    records = {
        f"{collection}/{id_}": _written(files, collection, id_)
        for collection, id_ in dict.fromkeys(map(subject_of, wish.edits))
    }
    return Base(records, {path: files.get(path) for path in wish.texts})


def conflicts(files: Texts, base: Base) -> Iterator[Conflict]:
    """What is no longer as it was when a wish was made."""
    for name, then in base.records.items():
        collection, _, id_ = name.partition("/")
        now = _written(files, collection, id_)
        if now != then:
            yield Conflict(name, then, now)
    for path, then in base.texts.items():
        now = files.get(path)
        if now != then:
            yield Conflict(path, then, now)


def allowing(theft: Moved, texts: Mapping[str, str]) -> list[Edit]:
    """What has a regression question expect where a question is led, too."""
    ask = theft.question.text
    try:
        record_of(texts, "questions", ask)
    except EditError:
        record: dict[str, Plain] = {
            "ask": ask,
            "expect": list(allowed(theft)),
            "kind": "allowed",
            "level": "measure",
        }
        return [Add("questions", record)]
    return [Append("questions", ask, "expect", one) for one in theft.others]


def subject_of(edit: Edit) -> tuple[str, str]:
    """The collection and the id of the record that an edit is about."""
    if isinstance(edit, Add):
        key = next((edit.record[one] for one in _KEYS if one in edit.record), "")
        return edit.collection, str(key)
    return edit.collection, edit.id


_KEYS: Final = ("id", "event", "meaning", "ask")


def _written(files: Texts, collection: str, id_: str) -> str | None:
    try:
        return record_of(files, collection, id_)[1]
    except EditError:
        return None


def wish_of(draft: Draft) -> Wish:
    """What a draft wants; nothing, where another version of the bot wrote it."""
    return Wish.of_json(draft.content) or Wish("")
