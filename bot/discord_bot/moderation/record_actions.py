"""What moderators do with records: look, take off, take back, take in and out."""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

import discord

from bot.discord_bot.moderation.doors import Hatch
from bot.discord_bot.moderation.record_cards import (
    PAGE,
    audit_shown,
    find,
    folded,
    history_shown,
    record_shown,
    search_shown,
    users,
)
from bot.discord_bot.moderation.record_forms import COLLECTIONS, open_form
from bot.discord_bot.moderation.review import present, tell_result
from bot.discord_bot.moderation.review_cards import state_shown
from bot.discord_bot.moderation.session import Bench, Shown
from bot.discord_bot.showing.cards import Draft as CardDraft
from bot.discord_bot.showing.cards import fit, prose
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.messages import ROOM, Attached
from bot.editing.editor import Files, Remove, Set
from bot.editing.typed_records import records_of
from bot.moderating.wishes import Wish
from bot.moderating.workshop import Saved
from bot.story.files import MAX_BYTES, kind_of, path_of
from bot.story.prose import squeeze

_MOST_FILES: Final = 8  # that are sent each for itself; Discord takes ten
_BOM: Final = "\ufeff"
_FILE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.ya?ml")


async def search(bench: Bench, collection: str, query: str, page: int = 0) -> None:
    """Show the records that have some words."""
    found = find(await bench.workshop.files(), collection, query)
    shown = search_shown(collection, folded(query), page, found, bench.words)
    await bench.show(shown)


async def turned(bench: Bench, hatch: Hatch) -> None:
    """Turn a page of what was searched."""
    if hatch.what in COLLECTIONS.values():
        await search(bench, hatch.what, hatch.subject, hatch.number)
    else:
        await bench.tell("old-button")


async def view(bench: Bench, collection: str, name: str) -> None:
    """Show a record with all that is known of it."""
    files = await bench.workshop.files()
    found = records_of(files, collection).get(name)
    if found is None:
        await _unknown(bench, name)
        return
    versions = await bench.workshop.log(PAGE, path=found.path)
    used = users(files, collection, name)
    shown = record_shown(collection, name, found, used, versions, bench.words)
    await bench.show(shown)


async def looked(bench: Bench, hatch: Hatch) -> None:
    """A record was chosen from a list."""
    if hatch.what in COLLECTIONS.values():
        await view(bench, hatch.what, bench.visit.chosen)
    else:
        await bench.tell("old-button")


async def retire(bench: Bench, collection: str, name: str) -> None:
    """Retire a fact, by what superseded it and when; or take an entry out."""
    if collection == "facts":
        await open_form(bench, collection, name, "retire")
        return
    if name not in records_of(await bench.workshop.files(), collection):
        await _unknown(bench, name)
        return
    await bench.begin()
    wish = Wish(f"{collection}: retire {name}", (Remove(collection, name),))
    draft = await bench.workshop.begin(bench.who, "retire", wish)
    await present(bench, draft)


async def hide(bench: Bench, what: str, reason: str) -> None:
    """Take an entry or a fact off at once; `what` is its id, or `collection/id`.

    One that is served is known, too, where its file cannot be read just now: then the
    moderator is told what to mend.
    """
    if not (reason := squeeze(reason)):
        await bench.tell("hide.no-reason")
        return
    files, story = await bench.workshop.files(), bench.visit.desk.answerer.story
    served = {"answers": story.entries, "facts": story.facts}
    collection, _, name = what.rpartition("/")
    places = [collection] if collection in served else list(served)
    found = [one for one in places if name in records_of(files, one)]
    found += [one for one in places if name in served[one]]
    if not found:
        await _unknown(bench, what)
        return
    await bench.begin()
    done = await bench.workshop.hide(bench.who, found[0], name, reason)
    if isinstance(done, Saved):
        title = bench.words.say("hidden.title", name=name)
        await bench.show(state_shown(done.draft, bench.words, title=title))
    else:
        await tell_result(bench, done)


async def unhide(bench: Bench, hatch: Hatch) -> None:
    """Show a record again, as a draft like any other."""
    collection = COLLECTIONS.get(hatch.what)
    if collection is None:
        await bench.tell("old-button")
        return
    await bench.begin()
    edits = (Set(collection, hatch.subject, "hidden", None),)
    wish = Wish(f"{collection}: show {hatch.subject} again", edits)
    await present(bench, await bench.workshop.begin(bench.who, "edit", wish))


async def history(bench: Bench, collection: str, name: str = "") -> None:
    """Show the latest versions: of the file that a record is in, or of all."""
    path = None
    if name:
        found = records_of(await bench.workshop.files(), collection).get(name)
        if found is None:
            await _unknown(bench, name)
            return
        path = found.path
    versions = await bench.workshop.log(PAGE, path=path)
    await bench.show(history_shown(collection, name, versions, bench.words))


async def undo(bench: Bench, version: str) -> None:
    """Show what taking a version back would do."""
    await bench.begin()
    await present(bench, await bench.workshop.undo(bench.who, version))


async def undone(bench: Bench, _hatch: Hatch) -> None:
    """A version was chosen to be taken back."""
    await undo(bench, bench.visit.chosen)


async def export(bench: Bench, collection: str, topic: str = "") -> None:
    """Give the files of a collection, or that of one topic."""
    await bench.begin()
    found = {
        path: text
        for path, text in (await bench.workshop.files()).items()
        if kind_of(path) == collection and topic in {"", Path(path).stem}
    }
    files = [
        Attached.text(path.rpartition("/")[2], text)
        for path, text in sorted(found.items())
    ]
    if len(files) > _MOST_FILES:
        files = [Attached(f"{collection}.zip", _zipped(found))]
    say = bench.words.say
    text = say("export.what", count=len(found)) if found else say("search.none")
    card = CardDraft(say("export.title"), (prose((text,)),))
    await bench.show(Shown(tuple(fit([card], ROOM)), tuple(files)))


async def take_in(bench: Bench, collection: str, file: discord.Attachment) -> None:
    """Make a draft of a whole file that was sent, in place of the story's."""
    problem = ""
    if not _FILE.fullmatch(file.filename):
        problem = "import.name"
    elif file.size > MAX_BYTES:
        problem = "import.size"
    if problem:
        await bench.tell(problem)
        return
    await bench.begin()
    try:
        text = (await file.read()).decode()
    except UnicodeDecodeError:
        await bench.tell("import.encoding")
        return
    name = re.sub(r"\.yml$", ".yaml", file.filename)
    path = path_of(collection, name.removesuffix(".yaml"))
    if path.rpartition("/")[2] != name:
        await bench.tell("import.name")
        return
    text = _as_before(text, (await bench.workshop.files()).get(path, ""))
    wish = Wish(f"{collection}: import {path}", texts={path: text})
    await present(bench, await bench.workshop.begin(bench.who, "import", wish))


async def audit(bench: Bench, before: int | None = None) -> None:
    """Show what moderators did here."""
    guild = bench.who.guild
    found = await bench.records.actions.of_guild(guild, PAGE + 1, before)
    await bench.show(audit_shown(found, bench.words))


async def audited(bench: Bench, hatch: Hatch) -> None:
    """Turn a page of what moderators did."""
    await audit(bench, hatch.number or None)


def _as_before(text: str, old: str) -> str:
    """A text with the ends of lines that the old one has, and its byte order mark.

    Editors on other systems change these in every line, which no diff shows.
    """
    text = text.removeprefix(_BOM).replace("\r\n", "\n")
    if "\r\n" in old:
        text = text.replace("\n", "\r\n")
    return f"{_BOM}{text}" if old.startswith(_BOM) else text


def _zipped(files: Files) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as found:
        for path, text in sorted(files.items()):
            found.writestr(path, text)
    return data.getvalue()


async def _unknown(bench: Bench, name: str) -> None:
    await bench.tell("record.unknown", name=escape(shorten(name, 100)))
