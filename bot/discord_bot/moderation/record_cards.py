"""What moderators look at: a record and all around it, lists, the past. Pure.

Records are read from the files as they are, so that hidden ones are found, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.discord_bot.moderation.change_cards import Teller
from bot.discord_bot.moderation.ways_cards import more_button
from bot.discord_bot.showing.cards import (
    Button,
    Draft,
    Menu,
    Part,
    Rows,
    ago,
    more,
    turns,
)
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE
from bot.discord_bot.showing.messages import Shown
from bot.editing.editor import Found, Texts, records_of
from bot.editing.edits import Plain
from bot.editing.typed_fields import shown
from bot.editing.typed_records import slug
from bot.history.history import Version
from bot.moderating.preview import MAIN
from bot.records.values import Action
from bot.story.prose import fold, sentences, squeeze
from bot.words.catalogue import Words

PAGE: Final = 8
"""Records, versions or actions on a page."""

VERSIONS: Final = 3
"""The latest versions that a record is shown with."""

_MAX_VALUE: Final = 900
_MAX_QUERY: Final = 32
_MAX_LINE: Final = 200


def find(files: Texts, collection: str, words: str) -> list[tuple[str, Found]]:
    """The records whose text or id has the words, best first.

    Best are those whose id it is, then those that have most of the words. Words of
    signs only are looked for as they are; without words, all are found.
    """
    said, wanted = fold(words), slug(words)
    each = said.split() or words.split()
    read = fold if said else squeeze
    scored: list[tuple[float, str, Found]] = []
    for name, found in records_of(files, collection).items():
        text = f"{name} {read(main_text(collection, found))}"
        rest = read(" ".join(shown(*one) for one in found.values.items()))
        score = sum((one in text) * 2.0 + (one in rest) for one in each)
        score += 100.0 * (name == wanted) + 5.0 * (bool(wanted) and wanted in name)
        if score or not each:
            scored.append((-score, name, found))
    return [(name, found) for _, name, found in sorted(scored, key=lambda one: one[:2])]


def main_text(collection: str, found: Found) -> str:
    """The sentence that stands for a record in a list."""
    field = MAIN[collection]
    return shown(field, found.values.get(field)) or shown(
        "publisher", found.values.get("publisher")
    )


def users(files: Texts, collection: str, name: str) -> list[str]:
    """Who uses a record: `collection/id` of each that refers to it, in order."""
    return [
        f"{other}/{id_}"
        for other in ("answers", "facts", "entities", "unknowns")
        for id_, one in records_of(files, other).items()
        if (other, id_) != (collection, name) and name in _uses(collection, one.values)
    ]


def _uses(collection: str, values: Mapping[str, Plain]) -> set[str]:
    """The ids of a collection's records that a record refers to."""
    if collection == "sources":
        return set(_inner(values, "citations", "source"))
    if collection == "answers":
        return set(_ids(values, "related"))
    if collection == "unknowns":
        return set()
    texts = (str(values.get("answer") or ""), *_inner(values, "premises", "correction"))
    cited = {fact for text in texts for one in sentences(text) for fact in one.facts}
    return cited | set(_ids(values, "superseded_by", "disputed_by", "facts"))


def _ids(values: Mapping[str, Plain], *fields: str) -> Iterator[str]:
    """The ids in some fields, each of which has one or a list."""
    for field in fields:
        value = values.get(field)
        yield from map(str, value if isinstance(value, list) else filter(None, [value]))


def _inner(values: Mapping[str, Plain], field: str, name: str) -> Iterator[str]:
    """A field of each of the records in a field."""
    value = values.get(field)
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield str(one.get(name) or "")


def search_shown(
    collection: str,
    query: str,
    page: int,
    found: Sequence[tuple[str, Found]],
    words: Words,
) -> Shown:
    """A page of what was found."""
    say = words.say
    rows = found[page * PAGE : (page + 1) * PAGE]
    items = tuple(_hit(collection, name, one, words) for name, one in rows)
    title = say("search.title", count=len(found))
    parts = (Part(items or (say("search.none"),), joiner="\n"),)
    choices = tuple(
        (name, shorten(clean(f"{name}: {main_text(collection, one)}"), MAX_CHOICE))
        for name, one in rows
    )
    menu: Rows = ()
    if choices:
        menu = (Menu(CustomId("look", what=collection), say("search.pick"), choices),)
    subject = fold(query).replace(" ", "-")[:_MAX_QUERY].strip("-")
    earlier, later = (
        CustomId("search", subject, str(at), to, what=collection)
        if 0 <= to * PAGE < len(found)
        else None
        for at, to in enumerate((page - 1, page + 1))
    )
    turn = turns(words, earlier, later)
    return _shown(title, parts, (*menu, *turn))


def _hit(collection: str, name: str, found: Found, words: Words) -> str:
    hidden = f" ({words.say('record.is-hidden')})" if found.values.get("hidden") else ""
    text = shorten(escape(main_text(collection, found)), _MAX_LINE)
    return f"- `{name}`{hidden}: {text}"


def record_shown(  # noqa: PLR0913, PLR0917 - what is known of it
    collection: str,
    name: str,
    found: Found,
    used: Sequence[str],
    versions: Sequence[Version],
    teller: Teller,
) -> Shown:
    """A record with all its fields, who uses it, and its file's latest versions."""
    words = teller.words
    say = words.say
    texts = tuple(
        f"**{escape(words.name_of(field))}**: {_value(field, shown(field, value))}"
        for field, value in found.values.items()
        if field != "id"
    )
    kept = tuple(f"- {_version(one, teller)}" for one in versions[:VERSIONS])
    parts = (
        Part(texts, left=more(words), prose=True),
        Part(
            tuple(f"- {escape(teller.record(one))}" for one in used),
            heading=f"**{say('record.used-by')}**",
            left=more(words),
            most=PAGE,
        ),
        Part(kept, heading=f"**{say('record.versions', path=found.path)}**"),
    )
    letter = collection[0]
    buttons = [Button(CustomId("open", name, what=f"{letter}-"), say("button.edit"))]
    if collection == "answers":
        buttons.append(more_button(name, words))
    if found.values.get("hidden"):
        buttons.append(
            Button(CustomId("unhide", name, what=letter), say("button.unhide"))
        )
    return _shown(f"{name}", parts, (tuple(buttons),))


def _value(field: str, text: str) -> str:
    """A field's value; lists one item a line."""
    lines = [escape(line) for line in text.split("\n") if line.strip()]
    if field == "answer" or len(lines) < 2:
        return shorten(" ".join(lines), _MAX_VALUE)
    listed = "\n".join(f"- {line}" for line in lines)
    return "\n" + _whole_lines(listed, _MAX_VALUE)


def _whole_lines(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    kept = text[:most].rpartition("\n")[0]
    return f"{kept or shorten(text, most)}\n- …"


def history_shown(
    collection: str, name: str, versions: Sequence[Version], teller: Teller
) -> Shown:
    """The latest versions, each of which can be taken back."""
    say = teller.words.say
    items = tuple(f"- {_version(one, teller)}" for one in versions)
    choices = tuple((one.id, version_choice(one, teller)) for one in versions)
    rows: Rows = ()
    if choices:
        rows = (Menu(CustomId("undo", what=collection), say("history.pick"), choices),)
    parts = (Part(items or (say("history.none"),), left=more(teller.words)),)
    title = say("history.all")
    if name:
        text = teller.names.get(f"{collection}/{name}", name)
        title = say("history.title", name=shorten(text, _MAX_LINE))
    return _shown(title, parts, rows)


def version_choice(one: Version, teller: Teller) -> str:
    """A version as it stands in a list to choose from: when, and what it did."""
    day = teller.words.date(one.at.date().isoformat())
    return shorten(clean(f"{day}: {teller.line(one.message)}"), MAX_CHOICE)


def _version(one: Version, teller: Teller) -> str:
    message = shorten(escape(teller.line(one.message)), _MAX_LINE)
    return f"{ago(one.at)}, {escape(shorten(one.author, 60))}: {message}"


def audit_shown(actions: Sequence[Action], teller: Teller) -> Shown:
    """A page of what moderators did, latest first; `actions` has one more than fits."""
    words = teller.words
    items = tuple(_action(one, teller) for one in actions[:PAGE])
    last = actions[PAGE - 1].id if len(actions) > PAGE else None
    later = None if last is None else CustomId("audit", number=last)
    rows = turns(words, None, later)
    parts = (Part(items or (words.say("audit.none"),)),)
    return _shown(words.say("audit.title"), parts, rows)


def _action(one: Action, teller: Teller) -> str:
    words = teller.words
    name = escape(shorten(one.name or words.say("mod.somebody"), 60))
    when = f"<t:{int(one.at.timestamp())}:f>"
    subject = shorten(escape(teller.done(one.action, one.subject)), _MAX_LINE)
    return f"- {when} **{name}** {words.told(one.action)}: {subject}"


def _shown(title: str, parts: Sequence[Part], rows: Rows = ()) -> Shown:
    return Shown.of(Draft(escape(title), tuple(parts), rows))
