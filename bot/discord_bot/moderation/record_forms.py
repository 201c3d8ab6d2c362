"""The forms in which moderators write: opened, read, kept, and opened again.

What was typed is kept as a draft before anything is done with it; where it cannot be
kept, it is given back as a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.discord_bot.moderation.doors import Hatch, mark_of, of_draft
from bot.discord_bot.moderation.record_cards import folded
from bot.discord_bot.moderation.review import draft_of, gone, present
from bot.discord_bot.moderation.review_cards import errors_shown
from bot.discord_bot.moderation.session import Bench, typed_in
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import width
from bot.discord_bot.showing.messages import form
from bot.editing.editor import Add, EditError, Files, record_of
from bot.editing.typed_records import (
    WHOLE,
    Part,
    edits,
    fill,
    key_of,
    new_record,
    parts_of,
    records_in,
    records_of,
)
from bot.history.history import HistoryError
from bot.moderating.wishes import Base, Wish, base_of
from bot.moderating.workshop import wish_of
from bot.records.values import Draft, RecordsError
from bot.words.catalogue import Words

COLLECTIONS: Final[Mapping[str, str]] = {
    "f": "facts",
    "a": "answers",
    "s": "sources",
}
"""The collections that forms are for, by the letter in their custom ids."""

_MAX_TYPED: Final = 4000
_MAX_TITLE: Final = 45
_MAX_TOPIC: Final = 60
_VERSIONS: Final = 5  # that are looked through for a record as it was


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be kept of what was typed: the wish, its base, and what is wrong."""

    wish: Wish
    base: Base
    errors: tuple[str, ...] = ()


async def open_form(bench: Bench, collection: str, name: str, field: str = "") -> None:
    """Show the form of a record: with its most used fields, or one field."""
    files = await bench.workshop.files()
    found = records_of(files, collection).get(name)
    if found is None:
        await bench.tell("record.unknown", name=escape(shorten(name, 100)))
        return
    _, text = record_of(files, collection, name)
    parts = parts_of(collection, field)
    values = {WHOLE: text} if field == WHOLE else fill(parts, found.values)
    what = f"{collection[0]}-{field}"
    hatch = Hatch("edit", what, name, mark_of(text))
    title = bench.words.say("form.edit", name=name)
    bench.workshop.opened.append(text)
    await _send(bench, hatch, title, parts, values)


async def open_new(
    bench: Bench, collection: str, topic: str = "", *, question: str = ""
) -> None:
    """Show the form of a new record, which goes into the file of a topic.

    It is empty, but for the question of an answer, where that is known. The topic is
    written as file names are.
    """
    if topic and not (topic := folded(topic)[:_MAX_TOPIC].strip("-")):
        await bench.tell("import.name")
        return
    parts = parts_of(collection)
    title = bench.words.say(f"form.add.{collection}")
    hatch = Hatch("add", collection[0], topic)
    known = {"question": question} if question else {}
    await _send(bench, hatch, title, parts, {**fill(parts, {}), **known})


async def opened(bench: Bench, hatch: Hatch) -> None:
    """A button that shows a record's form."""
    letter, _, field = hatch.what.partition("-")
    if collection := COLLECTIONS.get(letter):
        await open_form(bench, collection, hatch.subject, field)
    else:
        await bench.tell("old-button")


async def again(bench: Bench, hatch: Hatch) -> None:
    """Show the form of a draft again, filled with what was typed."""
    draft = await draft_of(bench, hatch)
    if draft is None:
        return
    if draft.moderator != bench.who.id or draft.state != "open":
        await gone(bench, draft)
        return
    typed = wish_of(draft).typed
    texts = {key: text for key, text in typed.items() if not key.startswith("_")}
    parts = [tuple(key.split("+")) for key in texts]
    name = typed.get("_id") or typed.get("_collection", "")
    title = bench.words.say("form.edit", name=name)
    await _send(bench, of_draft("again", draft, hatch.what), title, parts, texts)


async def edited(bench: Bench, hatch: Hatch) -> None:
    """A record's form was sent."""
    letter, _, field = hatch.what.partition("-")
    meta = {
        "_collection": COLLECTIONS.get(letter, "facts"),
        "_id": hatch.subject,
        "_field": field,
        "_mark": hatch.mark,
    }
    await keep(bench, {**meta, **typed_in(bench.visit.interaction)})


async def added(bench: Bench, hatch: Hatch) -> None:
    """A new record's form was sent."""
    collection = COLLECTIONS.get(hatch.what, "facts")
    meta = {"_collection": collection, "_topic": hatch.subject}
    await keep(bench, {**meta, **typed_in(bench.visit.interaction)})


async def written(bench: Bench, hatch: Hatch) -> None:
    """A draft's form was sent again. Where it is another now, this is a new one."""
    texts = typed_in(bench.visit.interaction)
    draft = await bench.workshop.draft(hatch.number)
    if draft is None or draft.moderator != bench.who.id:
        await bench.give_back(texts, bench.words.say("draft.gone"))
        return
    typed = {**wish_of(draft).typed, **texts}
    if hatch.what == "seen":  # theirs was shown, so that it is what this is made from
        typed.pop("_mark", None)
    is_as_shown = of_draft("again", draft).mark == hatch.mark
    is_open = draft.state == "open" and is_as_shown
    await keep(bench, typed, draft if is_open else None)


async def give_back(bench: Bench) -> None:
    """Give back what was typed in a form that is not known, as of an earlier version.

    Nothing was typed in what is no form.
    """
    texts = typed_in(bench.visit.interaction)
    if any(texts.values()):
        await bench.give_back(texts, bench.words.say("old-button"))
    else:
        await bench.tell("old-button")


async def keep(
    bench: Bench, typed: Mapping[str, str], before: Draft | None = None
) -> None:
    """Keep what was typed as a draft, then show what is wrong, or what it would do.

    `before` is the draft that it takes the place of. The names in `typed` that begin
    with `_` say what it is for: `_collection`, and `_id` and `_mark`, or `_topic`.
    """
    await bench.begin()
    try:
        plan = await _plan(bench, typed)
        draft = await _kept(bench, plan, before)
    except RecordsError as error:
        await bench.give_back(typed, str(error))
        return
    if plan.errors:
        await bench.show(errors_shown(draft, plan.errors, bench.words))
    else:
        await present(bench, draft)


async def _kept(bench: Bench, plan: _Plan, before: Draft | None) -> Draft:
    if before and Base.of_json(before.base) == plan.base:
        if draft := await bench.workshop.amend(before, plan.wish):
            return draft
        before = None
    kind = "add" if "_topic" in plan.wish.typed else "edit"
    who = bench.who
    draft = await bench.workshop.begin(who, kind, plan.wish, plan.base)
    if before:
        now = bench.visit.desk.now()
        await bench.records.drafts.change(before, now, state="withdrawn")
    return draft


async def _plan(bench: Bench, typed: Mapping[str, str]) -> _Plan:
    """What is wanted; where that cannot be told, what was typed, and why not."""
    collection = typed.get("_collection", "facts")
    name = typed.get("_id", "")
    message = f"{collection}: {'change' if name else 'add'} {name}".rstrip()
    bare = _Plan(Wish(message, typed=typed), Base({}, {}))
    texts = {key: text for key, text in typed.items() if not key.startswith("_")}
    try:
        files = await bench.workshop.files()
        if not name:
            return _adding(files, bare.wish, collection, texts)
        return await _editing(bench, files, bare.wish, texts)
    except (HistoryError, EditError) as error:
        return _Plan(bare.wish, bare.base, (str(error),))


def _adding(
    files: Files, wish: Wish, collection: str, texts: Mapping[str, str]
) -> _Plan:
    found = new_record(collection, texts, records_of(files, collection).keys())
    if found.errors:
        return _Plan(wish, Base({}, {}), found.errors)
    topic = wish.typed.get("_topic") or None
    made = Add(collection, found.values, topic)
    message = f"{wish.message} {found.values['id']}"
    wish = Wish(message, (made,), typed=wish.typed)
    return _Plan(wish, base_of(files, wish))


async def _editing(
    bench: Bench, files: Files, wish: Wish, texts: Mapping[str, str]
) -> _Plan:
    """What is to be edited, from the record as it was when the form was opened."""
    typed = wish.typed
    collection, name = typed["_collection"], typed["_id"]
    path, text = record_of(files, collection, name)
    then: str | None = text
    mark = typed.get("_mark", "")
    if mark and mark_of(text) != mark:
        then = await _as_opened(bench, path, typed)
    known = records_in(then if then is not None else text)
    made, errors = edits(collection, name, known[0] if known else {}, texts)
    wish = Wish(wish.message, made, typed=typed)
    base = Base({f"{collection}/{name}": "" if then is None else then}, {})
    return _Plan(wish, base, errors)


async def _as_opened(bench: Bench, path: str, typed: Mapping[str, str]) -> str | None:
    """A record's text as it was when its form was opened; None where nobody knows.

    Nobody does where it was never kept as a version, and the bot was restarted since.
    """
    for text in bench.workshop.opened:
        if mark_of(text) == typed["_mark"]:
            return text
    for version in await bench.workshop.log(_VERSIONS, path=path):
        files = await bench.workshop.files(version.id)
        try:
            _, text = record_of(files, typed["_collection"], typed["_id"])
        except EditError:
            continue
        if mark_of(text) == typed["_mark"]:
            return text
    return None


async def _send(
    bench: Bench,
    hatch: Hatch,
    title: str,
    parts: Sequence[Part],
    values: Mapping[str, str],
) -> None:
    if any(width(text) > _MAX_TYPED for text in values.values()):
        await bench.tell("record.long")
        return
    fields = [_field(bench.words, part, values[key_of(part)]) for part in parts]
    modal = form(hatch.id, shorten(clean(title), _MAX_TITLE), *fields)
    await bench.visit.interaction.response.send_modal(modal)


def _field(words: Words, part: Part, value: str) -> ui.Label[ui.Modal]:
    key = f"field.{'-'.join(part)}"
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=key_of(part),
        default=value or None,
        max_length=_MAX_TYPED,
        required=False,
    )
    return ui.Label(
        text=words.say(key), description=words.say(f"{key}.hint"), component=text
    )
