"""What a moderator wants changed, as it is typed, kept and read again. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.editing.editor import Found, Texts, edit, record_of, records_of
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
from bot.publishing.change import Change, allowed
from bot.publishing.comparing import Broken, Moved
from bot.records.values import Altered, Draft, Json
from bot.story.differences import Differences
from bot.story.model import Problem
from bot.story.prose import fold

_MAKES: Final[Mapping[str, Callable[..., Edit]]] = {
    one.__name__: one for one in (Add, Append, Drop, Remove, Replace, Set)
}
_EDITS: Final = TypeAdapter(list[tuple[str, dict[str, Any]]])
_TEXTS: Final = TypeAdapter(dict[str, str | None])
_TYPED: Final = TypeAdapter(dict[str, str])
_COUNT: Final = TypeAdapter(int)


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
    `corrects`, the messages that showed what it changes are corrected. The last edits,
    `pressed` in number, are not of what was typed, but of buttons.
    """

    message: str
    edits: tuple[Edit, ...] = ()
    texts: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    corrects: Corrects | None = None
    pressed: int = 0

    @property
    def made(self) -> tuple[Edit, ...]:
        """The edits to make: none where nothing could be made of what was typed.

        What was pressed goes with what was typed, and is no change without it.
        """
        is_alone = self.pressed == len(self.edits)
        return () if self.typed and is_alone else self.edits

    @property
    def buttons(self) -> tuple[Edit, ...]:
        """The edits that were pressed."""
        return self.edits[len(self.edits) - self.pressed :]

    def with_pressed(self, more: tuple[Edit, ...]) -> "Wish":
        """The wish with more edits, which were not typed."""
        edits, pressed = (*self.edits, *more), self.pressed + len(more)
        return replace(self, edits=edits, pressed=pressed)

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
                    "pressed": self.pressed,
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
            pressed = _COUNT.validate_python(kept.get("pressed", 0))
        except (ValidationError, KeyError, TypeError):
            return None
        return cls(str(kept.get("message", "")), edits, texts, typed, corrects, pressed)


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


def ways_out(how: str, change: Change, texts: Texts) -> tuple[Edit, ...]:
    """What has a change refused for nothing: each theft is put right in one way.

    `move` has a new wording ask the entry whose question it would steal, `notthis` has
    the thief say that the question is not its own, and `allow` that it may.
    """
    found = change.comparison
    if found is None:
        return ()
    edits: list[Edit] = []
    for theft in found.thefts:
        match how:
            case "move":
                edits += moving(theft, change.differences)
            case "notthis":
                edits += _marking(theft.question.text, theft.others)
            case _:
                edits += _allowing(theft, texts)
    for one in found.broken if how == "notthis" else ():
        edits += _marking(one.probe.ask, astray(one))
    return tuple(one for at, one in enumerate(edits) if one not in edits[:at])


def _allowing(theft: Moved, texts: Texts) -> Iterator[Edit]:
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
        yield Add("questions", record)
    else:
        yield from (Append("questions", ask, "expect", one) for one in theft.others)


def _marking(question: str, thieves: Iterable[str]) -> Iterator[Edit]:
    """What has entries say that a question, which they would answer, is not theirs."""
    return (Append("answers", one, "not_this", question) for one in thieves)


def astray(one: Broken) -> tuple[str, ...]:
    """The entries to which a `must` question leads, and does not belong."""
    return tuple(name for name in one.led.entries if name not in one.probe.expect)


def moving(theft: Moved, found: Iterable[Differences]) -> list[Drop | Append]:
    """What moves a new way of asking to the entry whose question it would steal.

    Of several, the one that is most like that. Nothing where there is none, or where
    the question is no entry's.
    """
    owner = next(iter(theft.question.belongs), "")
    if not owner or theft.question.origin == "known unknown":
        return []
    entries = next((one for one in found if one.kind == "answers"), None)
    ways = [
        (name, way)
        for name, new in _new_ways(entries)
        if name in theft.others
        for way in new
    ]
    if not ways:
        return []
    name, way = max(ways, key=lambda one: _alike(one[1], theft.question.text))
    return [
        Drop("answers", name, "also_asked", way),
        Append("answers", owner, "also_asked", way),
    ]


def _new_ways(entries: Differences | None) -> Iterator[tuple[str, list[str]]]:
    """The ways of asking that each entry did not have before."""
    if entries is None:
        return
    for name, record in entries.added.items():
        yield name, list(getattr(record, "also_asked", ()))
    for one in entries.changed:
        for ways in one.fields:
            if ways.name == "also_asked" and isinstance(ways.after, list):
                old = ways.before if isinstance(ways.before, list) else []
                yield one.id, [str(new) for new in ways.after if new not in old]


def _alike(one: str, other: str) -> float:
    """How many of two texts' words are in both, 0 to 1."""
    words, others = set(fold(one).split()), set(fold(other).split())
    return len(words & others) / max(len(words | others), 1)


def taking(before: Texts, after: Texts) -> tuple[Drop, ...]:
    """What takes ways of asking that entries get from those that have them already.

    An entry's own question is never taken.
    """
    old, new = (records_of(texts, "answers") for texts in (before, after))
    owner = {
        fold(way): (name, way)
        for name, record in old.items()
        if name in new
        for way in _also_asked(record)
        if way in _also_asked(new[name])
    }
    return tuple(
        Drop("answers", known[0], "also_asked", known[1])
        for name, record in new.items()
        for way in _also_asked(record)
        if (known := owner.get(fold(way))) and known[0] != name
        if name not in old or way not in _also_asked(old[name])
    )


def asked_before(one: Problem, before: Texts) -> Problem:
    """A problem that names the entry that had a wording, not the one that gets it.

    The rule knows no before: it names the one that comes first in its file.
    """
    told = _ALREADY.fullmatch(one.message)
    if told is None:
        return one
    way = fold(told["way"].removesuffix("…"))
    owners = [
        name
        for kind in ("answers", "unknowns")
        for name, record in records_of(before, kind).items()
        for text in (str(record.values.get("question")), *_also_asked(record))
        if fold(text).startswith(way)
        if "…" in told["way"] or fold(text) == way
    ]
    if not owners or told["id"] in owners:
        return one
    return replace(
        one, message=one.message.replace(f"'{told['id']}'", f"'{owners[0]}'")
    )


_ALREADY: Final = re.compile(r"'(?P<way>.+)' already asks '(?P<id>[^']+)'; .+")


def _also_asked(record: Found) -> list[str]:
    ways = record.values.get("also_asked")
    return [str(one) for one in ways] if isinstance(ways, list) else []


def still_pressed(
    texts: Texts, before: Wish, made: tuple[Edit, ...]
) -> tuple[Edit, ...]:
    """What was pressed for a wish, where it fits what is typed for it now.

    A wording that is typed no more cannot be moved, for example: then nothing of it is.
    """
    try:
        edit(texts, (*made, *before.buttons))
    except EditError:
        return ()
    return before.buttons


def subject_of(one: Edit) -> tuple[str, str]:
    """The collection and the id of the record that an edit is about."""
    if isinstance(one, Add):
        key = next((one.record[key] for key in _KEYS if key in one.record), "")
        return one.collection, str(key)
    return one.collection, one.id


_KEYS: Final = ("id", "event", "meaning", "ask")


def _written(files: Texts, collection: str, id_: str) -> str | None:
    try:
        return record_of(files, collection, id_)[1]
    except EditError:
        return None


def wish_of(draft: Draft) -> Wish:
    """What a draft wants; nothing, where another version of the bot wrote it."""
    return Wish.of_json(draft.content) or Wish("")
