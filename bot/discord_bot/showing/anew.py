"""A message that was sent, written anew where its answers were corrected.

What else it shows stays as it is, in its own language, and whoever could delete it
still can.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot.discord_bot.showing.cards import Button, Card, Menu, Reader, size
from bot.discord_bot.showing.corrected_cards import (
    Corrected,
    asker_of,
    corrected_cards,
)
from bot.discord_bot.showing.custom_ids import DELETE, CustomId
from bot.discord_bot.showing.limits import width
from bot.discord_bot.showing.messages import (
    PLAIN_ROOM,
    ROOM,
    Sending,
    in_places,
    layout,
    plain,
    texts_in,
)
from bot.words.catalogue import LANGUAGES, Words, catalogue, words

Item = ui.Item[Any]


def written_anew(
    message: discord.Message, found: Sequence[Corrected], usual: Words, *, votes: bool
) -> Sending | None:
    """A message with its answers as they are now; None where it shows that already.

    `found` is all that it shows of entries. `usual` are the words for where nothing
    tells what it was written in; `votes` are as in Reader.
    """
    reader = Reader(usual, votes=votes)
    if not message.flags.components_v2:
        return _plainly(message, found, reader)
    old = ui.LayoutView.from_message(message, timeout=None)
    texts, boxes = texts_in(old.walk_children()), dict(enumerate(old.children))
    places = {one.place for one in found}
    if len(places) == len(found) and places <= boxes.keys():
        due = [one for one in found if one.is_due]
        mine = {one.place: boxes.pop(one.place) for one in due}
        rest = sum(width(text) for text in texts_in(_within(boxes.values())))
        reader = replace(reader, beside=len(boxes))
        made = _cards(due, mine.values(), reader, ROOM - rest)
        sending = in_places(old, made)
    else:  # sent by a version that did not keep the places
        made = _cards(found, old.children, reader, ROOM)
        sending = layout(list(made.values()))
    now = sending.view.walk_children() if sending.view else ()
    return None if texts_in(now) == texts else sending


def _plainly(
    message: discord.Message, found: Sequence[Corrected], reader: Reader
) -> Sending | None:
    """The same of a message of plain text."""
    kept, mine = _plain_cards(message), {one.place for one in found}
    if len(mine) < len(found) or not mine <= kept.keys():
        kept = {}  # sent by a version that did not keep the places
    kept = {at: card for at, card in kept.items() if at not in mine}
    room = PLAIN_ROOM - sum(map(size, kept.values()))
    stays = {at for card in kept.values() for row in card.rows for at in _pressed(row)}
    items = [
        one
        for one in ui.View.from_message(message, timeout=None).children
        if isinstance(one, _PRESSED) and one.custom_id not in stays
    ]
    made = _cards(found, items, replace(reader, beside=len(kept)), room) | kept
    sending = plain([made[at] for at in sorted(made)])
    return None if sending.content == message.content else sending


def _plain_cards(message: discord.Message) -> dict[int, Card]:
    """The cards that a message of plain text shows, by their places."""
    rows: dict[int, list[tuple[Button, ...] | Menu]] = {}
    for row in message.components:
        if isinstance(row, discord.ActionRow) and (found := _row(row)):
            first = found.custom_id if isinstance(found, Menu) else found[0].custom_id
            rows.setdefault(first.place, []).append(found)
    texts = _CARD.split(message.content)
    return {at: Card((text,), tuple(rows.get(at, ()))) for at, text in enumerate(texts)}


def _pressed(row: tuple[Button, ...] | Menu) -> set[str]:
    of = (row,) if isinstance(row, Menu) else row
    return {one.custom_id.id for one in of}


def _row(row: discord.ActionRow) -> tuple[Button, ...] | Menu | None:
    """What was sent as a row; None where nothing of ours is in it."""
    buttons: list[Button] = []
    for one in row.children:
        custom_id = CustomId.read(one.custom_id or "")
        if custom_id and isinstance(one, discord.SelectMenu):
            choices = tuple((some.value, some.label) for some in one.options)
            return Menu(custom_id, one.placeholder or "", choices)
        if custom_id and isinstance(one, discord.Button):
            is_main = one.style == discord.ButtonStyle.primary
            buttons.append(Button(custom_id, one.label or "", is_main=is_main))
    return tuple(buttons) or None


def offered(message: discord.Message) -> dict[int, list[str]]:
    """The entries that a message offers, by the places of the cards they are on."""
    kind = ui.LayoutView if message.flags.components_v2 else ui.View
    found: dict[int, list[str]] = {}
    for one in _ids(kind.from_message(message, timeout=None).children):
        if one.verb == "pick":
            found.setdefault(one.place, []).append(one.subject)
    return found


def _cards(
    found: Sequence[Corrected], old: Iterable[Item], reader: Reader, room: int
) -> dict[int, Card]:
    """Cards in place of some items, by place, in order."""
    said = list(_within(old))
    ids = list(_ids(old))
    labels = {
        text
        for one in said
        if isinstance(one, _PRESSED)
        and (text := one.label if isinstance(one, ui.Button) else one.placeholder)
    }
    # What names who asked may be on a card before the one from which they delete.
    choices = (one.options for one in said if isinstance(one, ui.Select))
    deletes = any(one.value == DELETE for some in choices for one in some)
    reader = replace(
        reader,
        words=_language(labels) or reader.words,
        asker=asker_of(ids),
        is_last=deletes or any(one.verb == "delete" for one in ids),
    )
    return corrected_cards(found, reader, room)


def _ids(items: Iterable[Item]) -> Iterator[CustomId]:
    """What can be pressed among items carries."""
    pressed = (one for one in _within(items) if isinstance(one, _PRESSED))
    yield from filter(None, (CustomId.read(str(one.custom_id)) for one in pressed))


def _language(labels: set[str]) -> Words | None:
    """The words that buttons and menus were labelled with; None where none tell."""
    counts = {
        one: len(labels.intersection(catalogue(one).values())) for one in LANGUAGES
    }
    best = max(LANGUAGES, key=lambda one: counts[one])
    return words(best) if counts[best] else None


def _within(items: Iterable[Item]) -> Iterator[Item]:
    """Items, and those that they hold."""
    for item in items:
        yield item
        yield from _within(getattr(item, "children", ()))


_PRESSED: Final = (ui.Button, ui.Select)
_CARD: Final = re.compile(r"\n\n(?=(?:(?:\*\*[^\n]*\n)+\n)?### )")
"""What is between cards of plain text: a title follows, or what is over one."""
