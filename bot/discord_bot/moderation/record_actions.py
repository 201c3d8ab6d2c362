"""What moderators do with records: look, take off, take back, take in and out."""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

import discord

from bot.discord_bot.moderation.correction_actions import offered
from bot.discord_bot.moderation.record_cards import (
    PAGE,
    audit_shown,
    find,
    history_shown,
    record_shown,
    search_shown,
    users,
)
from bot.discord_bot.moderation.record_forms import COLLECTIONS, open_form
from bot.discord_bot.moderation.review import present, tell_result
from bot.discord_bot.moderation.review_cards import state_shown
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.showing.cards import Draft as CardDraft
from bot.discord_bot.showing.cards import prose
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.messages import Attached, Shown
from bot.editing.editor import Texts, name_now, records_of
from bot.editing.edits import Remove, Set
from bot.moderating.wishes import Wish
from bot.moderating.workshop import Saved
from bot.records.values import LAST
from bot.story.files import MAX_BYTES, kind_of, path_of
from bot.story.prose import squeeze

_MOST_FILES: Final = 8  # that are sent each for itself; Discord takes ten
_BOM: Final = "\ufeff"
_FILE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.yaml")


async def search(session: Session, collection: str, query: str, page: int = 0) -> None:
    """Show the records that have some words."""
    files = await session.workshop.files()
    found = await session.request.app.lookups.do(find, files, collection, query)
    shown = search_shown(collection, query, page, found, session.words)
    await session.show(shown)


async def turned(session: Session, custom_id: CustomId) -> None:
    """Turn a page of what was searched."""
    if custom_id.what in COLLECTIONS.values():
        await search(session, custom_id.what, custom_id.subject, custom_id.number)
    else:
        await session.tell("old-button")


async def view(session: Session, collection: str, name: str) -> None:
    """Show a record with all that is known of it."""
    files = await session.workshop.files()
    name = name_now(files, collection, name)
    found = records_of(files, collection).get(name)
    if found is None:
        await _unknown(session, name)
        return
    versions = await session.workshop.log(PAGE, path=found.path)
    used = await session.request.app.lookups.do(users, files, collection, name)
    teller = await session.teller()
    shown = record_shown(collection, name, found, used, versions, teller)
    await session.show(shown)


async def looked(session: Session, custom_id: CustomId) -> None:
    """A record was chosen from a list."""
    if custom_id.what in COLLECTIONS.values():
        await view(session, custom_id.what, session.request.chosen)
    else:
        await session.tell("old-button")


async def retire(session: Session, collection: str, name: str) -> None:
    """Retire a fact, by what superseded it and when; or take an entry out."""
    if collection == "facts":
        await open_form(session, collection, name, "retire")
        return
    if name not in records_of(await session.workshop.files(), collection):
        await _unknown(session, name)
        return
    await session.begin()
    wish = Wish(f"{collection}: retire {name}", (Remove(collection, name),))
    draft = await session.workshop.begin(session.who, "retire", wish)
    await present(session, draft)


async def hide(session: Session, what: str, reason: str) -> None:
    """Take an entry or a fact off at once; `what` is its id, or `collection/id`.

    One that is served is known, too, where its file cannot be read just now: then the
    moderator is told what to mend.
    """
    if not (reason := squeeze(reason)):
        await session.tell("hide.no-reason")
        return
    files, story = await session.workshop.files(), session.request.app.answerer.story
    served = {"answers": story.entries, "facts": story.facts}
    collection, _, name = what.rpartition("/")
    places = [collection] if collection in served else list(served)
    found = [one for one in places if name in records_of(files, one)]
    found += [one for one in places if name in served[one]]
    if not found:
        await _unknown(session, what)
        return
    await session.begin()
    done = await session.workshop.hide(session.who, found[0], name, reason)
    if isinstance(done, Saved):
        title = session.words.say("hidden.title")
        rows = await offered(session, done.draft)
        teller = await session.teller()
        shown = state_shown(done.draft, teller, title=title, rows=rows)
        await session.show(shown)
    else:
        await tell_result(session, done)


async def unhide(session: Session, custom_id: CustomId) -> None:
    """Show a record again, as a draft like any other."""
    collection = COLLECTIONS.get(custom_id.what)
    if collection is None:
        await session.tell("old-button")
        return
    await session.begin()
    edits = (Set(collection, custom_id.subject, "hidden", None),)
    wish = Wish(f"{collection}: show {custom_id.subject} again", edits)
    await present(session, await session.workshop.begin(session.who, "edit", wish))


async def history(session: Session, collection: str, name: str = "") -> None:
    """Show the latest versions: of the file that a record is in, or of all."""
    path = None
    if name:
        found = records_of(await session.workshop.files(), collection).get(name)
        if found is None:
            await _unknown(session, name)
            return
        path = found.path
    versions = await session.workshop.log(PAGE, path=path)
    await session.show(
        history_shown(collection, name, versions, await session.teller())
    )


async def undo(session: Session, version: str) -> None:
    """Show what taking a version back would do."""
    await session.begin()
    await present(session, await session.workshop.undo(session.who, version))


async def undone(session: Session, _custom_id: CustomId) -> None:
    """A version was chosen to be taken back."""
    await undo(session, session.request.chosen)


async def export(session: Session, collection: str, topic: str = "") -> None:
    """Give the files of a collection, or that of one topic."""
    await session.begin()
    found = {
        path: text
        for path, text in (await session.workshop.files()).items()
        if kind_of(path) == collection and topic in {"", Path(path).stem}
    }
    files = [
        Attached.text(path.rpartition("/")[2], text)
        for path, text in sorted(found.items())
    ]
    if len(files) > _MOST_FILES:
        files = [Attached(f"{collection}.zip", _zipped(found))]
    say = session.words.say
    text = say("export.what", count=len(found)) if found else say("search.none")
    card = CardDraft(say("export.title"), (prose((text,)),))
    await session.show(Shown.of(card, *files))


async def take_in(session: Session, collection: str, file: discord.Attachment) -> None:
    """Make a draft of a whole file that was sent, in place of the story's."""
    if file.size > MAX_BYTES:
        await session.tell("import.size")
        return
    await session.begin()
    try:
        text = (await file.read()).decode()
    except UnicodeDecodeError:
        await session.tell("import.encoding")
        return
    files = await session.workshop.files()
    name = re.sub(r"\.yml$", ".yaml", file.filename)
    path = path_of(collection, name.removesuffix(".yaml"))
    is_known = path in files or _FILE.fullmatch(name)
    if not is_known or path.rpartition("/")[2] != name:
        await session.tell("import.name")
        return
    text = _as_before(text, files.get(path, ""))
    wish = Wish(f"{collection}: import {path}", texts={path: text})
    await present(session, await session.workshop.begin(session.who, "import", wish))


async def audit(session: Session, before: int = LAST) -> None:
    """Show what moderators did here."""
    guild = session.who.guild
    found = await session.records.actions.of_guild(guild, PAGE + 1, before)
    await session.show(audit_shown(found, await session.teller()))


async def audited(session: Session, custom_id: CustomId) -> None:
    """Turn a page of what moderators did."""
    await audit(session, custom_id.number or LAST)


def _as_before(text: str, old: str) -> str:
    """A text with the ends of lines that the old one has, and its byte order mark.

    Editors on other systems change these in every line, which no diff shows.
    """
    text = text.removeprefix(_BOM).replace("\r\n", "\n")
    if "\r\n" in old:
        text = text.replace("\n", "\r\n")
    return f"{_BOM}{text}" if old.startswith(_BOM) else text


def _zipped(files: Texts) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as found:
        for path, text in sorted(files.items()):
            found.writestr(path, text)
    return data.getvalue()


async def _unknown(session: Session, name: str) -> None:
    await session.tell("record.unknown", name=escape(shorten(name, 100)))
