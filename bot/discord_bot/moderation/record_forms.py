"""The forms in which moderators write: opened, read, kept, and opened again.

What was typed is kept as a draft before anything is done with it; where it cannot be
kept, it is given back as a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import discord
from discord import ui

from bot.discord_bot.moderation.review import draft_of, gone, present
from bot.discord_bot.moderation.review_cards import errors_shown, of_draft
from bot.discord_bot.moderation.session import Session, written_in
from bot.discord_bot.showing.custom_ids import CustomId, mark_of
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import width
from bot.discord_bot.showing.modals import form
from bot.editing.editor import Texts, name_now, record_of, records_in, records_of
from bot.editing.edits import Add, EditError
from bot.editing.typed_records import (
    WHOLE,
    Part,
    edits,
    fill,
    key_of,
    new_record,
    parts_of,
    slug,
)
from bot.history.history import HistoryError
from bot.moderating.wishes import Base, Wish, base_of, still_pressed, wish_of
from bot.records.values import Draft, RecordsError
from bot.words.catalogue import Words

COLLECTIONS: Final[Mapping[str, str]] = {
    "f": "facts",
    "a": "answers",
    "s": "sources",
    "u": "unknowns",
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


async def open_form(
    session: Session, collection: str, name: str, field: str = ""
) -> None:
    """Show the form of a record: with its most used fields, or one field."""
    files = await session.workshop.files()
    name = name_now(files, collection, name)
    found = records_of(files, collection).get(name)
    if found is None:
        await session.tell("record.unknown", name=escape(shorten(name, 100)))
        return
    look = session.request.app.lookups
    _, text = await look.do(record_of, files, collection, name)
    parts = parts_of(collection, field)
    values = {WHOLE: text} if field == WHOLE else fill(parts, found.values)
    what = f"{collection[0]}-{field}"
    custom_id = CustomId("edit", name, mark_of(text), what=what)
    title = session.words.say("form.edit", name=name)
    session.workshop.opened.append(text)
    await _send(session, custom_id, title, collection, parts, values)


async def open_new(
    session: Session, collection: str, topic: str = "", **known: str
) -> None:
    """Show the form of a new record, which goes into the file of a topic.

    It is empty, but for the fields that are known. The topic is written as file names
    are.
    """
    if topic and not (topic := slug(topic)[:_MAX_TOPIC].strip("-")):
        await session.tell("import.name")
        return
    parts = parts_of(collection)
    title = session.words.say(f"form.add.{collection}")
    custom_id = CustomId("add", topic, what=collection[0])
    values = {**fill(parts, {}), **known}
    await _send(session, custom_id, title, collection, parts, values)


async def opened(session: Session, custom_id: CustomId) -> None:
    """A button that shows a record's form."""
    letter, _, field = custom_id.what.partition("-")
    if collection := COLLECTIONS.get(letter):
        await open_form(session, collection, custom_id.subject, field)
    else:
        await session.tell("old-button")


async def again(session: Session, custom_id: CustomId) -> None:
    """Show the form of a draft again, filled with what was typed."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    if draft.moderator != session.who.id or draft.state != "open":
        await gone(session, draft)
        return
    typed = wish_of(draft).typed
    texts = {key: text for key, text in typed.items() if not key.startswith("_")}
    parts = [tuple(key.split("+")) for key in texts]
    name = typed.get("_id") or typed.get("_collection", "")
    title = session.words.say("form.edit", name=name)
    collection = typed.get("_collection", "facts")
    shown = of_draft("again", draft, custom_id.what)
    await _send(session, shown, title, collection, parts, texts)


async def edited(session: Session, custom_id: CustomId) -> None:
    """A record's form was sent."""
    letter, _, field = custom_id.what.partition("-")
    meta = {
        "_collection": COLLECTIONS.get(letter, "facts"),
        "_id": custom_id.subject,
        "_field": field,
        "_mark": custom_id.mark,
    }
    await keep(session, {**meta, **written_in(session.request.interaction)})


async def added(session: Session, custom_id: CustomId) -> None:
    """A new record's form was sent."""
    collection = COLLECTIONS.get(custom_id.what, "facts")
    meta = {"_collection": collection, "_topic": custom_id.subject}
    await keep(session, {**meta, **written_in(session.request.interaction)})


async def written(session: Session, custom_id: CustomId) -> None:
    """A draft's form was sent again. Where it is another now, this is a new one."""
    texts = written_in(session.request.interaction)
    draft = await session.workshop.draft(custom_id.number)
    if draft is None or draft.moderator != session.who.id:
        await session.give_back(texts, session.words.say("draft.gone"))
        return
    typed = {**wish_of(draft).typed, **texts}
    if (
        custom_id.what == "seen"
    ):  # theirs was shown, so that it is what this is made from
        typed.pop("_mark", None)
    is_as_shown = of_draft("again", draft).mark == custom_id.mark
    is_open = draft.state == "open" and is_as_shown
    await keep(session, typed, draft if is_open else None)


async def give_back(session: Session) -> None:
    """Give back what was typed in a form that is not known, as of an earlier version.

    Nothing was typed in what is no form.
    """
    texts = written_in(session.request.interaction)
    if any(texts.values()):
        await session.give_back(texts, session.words.say("old-button"))
    else:
        await session.tell("old-button")


async def keep(
    session: Session, typed: Mapping[str, str], before: Draft | None = None
) -> None:
    """Keep what was typed as a draft, then show what is wrong, or what it would do.

    `before` is the draft that it takes the place of. The names in `typed` that begin
    with `_` say what it is for: `_collection`, and `_id` and `_mark`, or `_topic`.
    """
    if draft := await kept(session, typed, before):
        await present(session, draft)


async def kept(
    session: Session, typed: Mapping[str, str], before: Draft | None = None
) -> Draft | None:
    """Keep what was typed as a draft; None, and that is shown, where that is no use."""
    await session.begin()
    try:
        plan = await _plan(session, typed)
        if before:
            plan = await _with_pressed(session, plan, wish_of(before))
        draft = await _kept(session, plan, before)
    except RecordsError as error:
        await session.give_back(typed, str(error))
        return None
    if plan.errors:
        await session.show(errors_shown(draft, plan.errors, session.words))
        return None
    return draft


async def _with_pressed(session: Session, plan: _Plan, before: Wish) -> _Plan:
    """A plan with what was pressed for the draft whose place it takes.

    With errors it is kept for the form that they are mended in.
    """
    pressed = before.buttons
    if pressed and not plan.errors:
        files = await session.workshop.files()
        pressed = still_pressed(files, before, plan.wish.edits)
    return replace(plan, wish=plan.wish.with_pressed(pressed))


async def _kept(session: Session, plan: _Plan, before: Draft | None) -> Draft:
    if before and Base.of_json(before.base) == plan.base:
        if draft := await session.workshop.amend(before, plan.wish):
            return draft
        before = None
    kind = "add" if "_topic" in plan.wish.typed else "edit"
    who = session.who
    draft = await session.workshop.begin(who, kind, plan.wish, plan.base)
    if before:
        now = session.request.app.now()
        await session.records.drafts.change(before, now, state="withdrawn")
    return draft


async def _plan(session: Session, typed: Mapping[str, str]) -> _Plan:
    """What is wanted; where that cannot be told, what was typed, and why not."""
    collection = typed.get("_collection", "facts")
    name = typed.get("_id", "")
    message = f"{collection}: {'change' if name else 'add'} {name}".rstrip()
    bare = _Plan(Wish(message, typed=typed), Base({}, {}))
    texts = {key: text for key, text in typed.items() if not key.startswith("_")}
    try:
        files = await session.workshop.files()
        if not name:
            return _adding(files, bare.wish, collection, texts)
        return await _editing(session, files, bare.wish, texts)
    except (HistoryError, EditError) as error:
        return _Plan(bare.wish, bare.base, (str(error),))


def _adding(
    files: Texts, wish: Wish, collection: str, texts: Mapping[str, str]
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
    session: Session, files: Texts, wish: Wish, texts: Mapping[str, str]
) -> _Plan:
    """What is to be edited, from the record as it was when the form was opened."""
    typed = wish.typed
    collection, name = typed["_collection"], typed["_id"]
    look = session.request.app.lookups
    path, text = await look.do(record_of, files, collection, name)
    then: str | None = text
    mark = typed.get("_mark", "")
    if mark and mark_of(text) != mark:
        then = await _as_opened(session, path, typed)
    known = records_in(then if then is not None else text)
    made, errors = edits(collection, name, known[0] if known else {}, texts)
    wish = Wish(wish.message, made, typed=typed)
    base = Base({f"{collection}/{name}": "" if then is None else then}, {})
    return _Plan(wish, base, errors)


async def _as_opened(
    session: Session, path: str, typed: Mapping[str, str]
) -> str | None:
    """A record's text as it was when its form was opened; None where nobody knows.

    Nobody does where it was never kept as a version, and the bot was restarted since.
    """
    for text in session.workshop.opened:
        if mark_of(text) == typed["_mark"]:
            return text
    for version in await session.workshop.log(_VERSIONS, path=path):
        files = await session.workshop.files(version.id)
        try:
            _, text = record_of(files, typed["_collection"], typed["_id"])
        except EditError:
            continue
        if mark_of(text) == typed["_mark"]:
            return text
    return None


async def _send(  # noqa: PLR0913, PLR0917 - what a form is made of
    session: Session,
    custom_id: CustomId,
    title: str,
    collection: str,
    parts: Sequence[Part],
    values: Mapping[str, str],
) -> None:
    if any(width(text) > _MAX_TYPED for text in values.values()):
        await _tell_too_long(session, parts, values)
        return
    fields = [
        _field(session.words, collection, part, values[key_of(part)]) for part in parts
    ]
    modal = form(custom_id.id, shorten(clean(title), _MAX_TITLE), *fields)
    await session.request.interaction.response.send_modal(modal)


async def _tell_too_long(
    session: Session, parts: Sequence[Part], values: Mapping[str, str]
) -> None:
    """Say what of a record fits no form, and which fields can be typed alone."""
    say, name = session.words.listed, session.words.name_of
    long = [part for part in parts if width(values[key_of(part)]) > _MAX_TYPED]
    short = [name(one) for part in parts if part not in long for one in part]
    if not short:
        await session.tell("record.long")
        return
    named = [name(one) for part in long for one in part]
    await session.tell("record.long.but", fields=say(named), others=say(short))


def _field(words: Words, collection: str, part: Part, value: str) -> ui.Label[ui.Modal]:
    name = "-".join(part)
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=key_of(part),
        default=value or None,
        max_length=_MAX_TYPED,
        required=False,
    )
    hint = words.hint(collection, name)
    return ui.Label(text=words.say(f"field.{name}"), description=hint, component=text)
