"""Cards as Discord's messages: as components, or as plain text with buttons.

Plain text is for direct messages, whose notices show no components, and for where
components are refused. What is built here holds no state: clicks are read from their
custom ids, so nothing is stored when it is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.discord_bot.showing.cards import Button, Card, Draft, Menu, Tone, fit
from bot.discord_bot.showing.limits import (
    MAX_CONTENT,
    MAX_TEXT,
    problems,
)

ROOM: Final = MAX_TEXT
"""Characters that cards may have together as components."""

PLAIN_ROOM: Final = MAX_CONTENT
"""Characters that cards may have together as plain text."""

_STYLES: Final = {
    "forgotten": discord.ButtonStyle.danger,
    "submit": discord.ButtonStyle.primary,
    "approve": discord.ButtonStyle.success,
    "refuse": discord.ButtonStyle.danger,
}

_COLOURS: Final[Mapping[Tone, int]] = {
    "answer": 0x2D9D5F,
    "not-so": 0xE08A1E,
    "which": 0x4C7BD9,
    "unknown": 0x80848E,
    "hidden": 0xC7433B,
}
"""A card's colour beside its words: green, amber, blue, grey, red."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message; a picture, where it has words for it."""

    name: str
    data: bytes
    alt: str = ""

    @classmethod
    def text(cls, name: str, text: str) -> "Attached":
        """A text, in UTF-8; half characters become question marks."""
        return cls(name, text.encode(errors="replace"))


@dataclass(frozen=True, slots=True)
class Sending:
    """A message to be sent, which Discord accepts.

    `content` is None where components hold the text; `view` is None where nothing can
    be pressed.
    """

    content: str | None
    view: ui.LayoutView | ui.View | None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a moderator is shown: cards that fit a message, and files below them."""

    cards: tuple[Card, ...]
    files: tuple[Attached, ...] = ()

    @classmethod
    def of(cls, draft: Draft, *files: Attached) -> "Shown":
        """One card, cut to the room there is in a message."""
        return cls(tuple(fit([draft], ROOM)), files)

    def sending(self) -> Sending:
        """As a message, to be sent once."""
        return layout(self.cards, self.files)


def layout(cards: Sequence[Card], files: Sequence[Attached] = ()) -> Sending:
    """Cards as components, a container each, with files below them.

    Raises:
        ValueError: Discord would refuse them. That is a mistake in `cards`, never in a
            story.
    """
    view = ui.LayoutView(timeout=None)
    for card in cards:
        view.add_item(_box(card))
    for file in files:
        address = f"attachment://{file.name}"
        if file.alt:
            item = discord.MediaGalleryItem(address, description=file.alt)
            view.add_item(ui.MediaGallery(item))
        else:
            view.add_item(ui.File(address))
    return _checked(Sending(None, view, tuple(files)))


def in_places(old: ui.LayoutView, cards: Mapping[int, Card]) -> Sending:
    """Components that were sent before, with other cards in some of their places.

    Raises:
        ValueError: As in `layout`.
    """
    view = ui.LayoutView(timeout=None)
    for place, item in enumerate(old.children):
        view.add_item(_box(cards[place]) if place in cards else item)
    return _checked(Sending(None, view))


def texts_in(items: Iterable[ui.Item[Any]]) -> list[str]:
    """The texts among components, in order."""
    return [one.content.strip() for one in items if isinstance(one, ui.TextDisplay)]


def plain(cards: Sequence[Card]) -> Sending:
    """Cards as plain text, what can be pressed below it.

    Raises:
        ValueError: As in `layout`.
    """
    rows = [row for card in cards for row in card.rows][:5]
    view: ui.View | None = ui.View(timeout=None) if rows else None
    for number, row in enumerate(rows):
        for item in _items(row):
            item.row = number
            if view:
                view.add_item(item)
    text = "\n\n".join(text for card in cards for text in card.texts)
    return _checked(Sending(text, view))


def note(text: str) -> Sending:
    """One of the bot's own sentences as a message."""
    return _checked(Sending(text, None))


def _box(card: Card) -> ui.Container[ui.LayoutView]:
    box: ui.Container[ui.LayoutView] = ui.Container(
        accent_colour=_COLOURS.get(card.tone)
    )
    for number, text in enumerate(card.texts):
        if number:
            box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(text))
    for row in card.rows:
        box.add_item(_row(row))
    return box


def _row(row: tuple[Button, ...] | Menu) -> ui.ActionRow[ui.LayoutView]:
    found: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for item in _items(row):
        found.add_item(item)
    return found


def _items(
    row: tuple[Button, ...] | Menu,
) -> list[ui.Button[Any] | ui.Select[Any]]:
    if isinstance(row, Menu):
        menu: ui.Select[Any] = ui.Select(
            custom_id=row.custom_id.id,
            placeholder=row.label,
            options=[
                discord.SelectOption(label=words, value=value)
                for value, words in row.choices
            ],
        )
        return [menu]
    return [
        ui.Button(
            label=one.label,
            custom_id=one.custom_id.id,
            style=discord.ButtonStyle.primary
            if one.is_main
            else _STYLES.get(one.custom_id.verb, discord.ButtonStyle.secondary),
        )
        for one in row
    ]


def _checked(sending: Sending) -> Sending:
    view = sending.view
    if found := problems(sending.content, view.to_components() if view else []):
        raise ValueError("; ".join(found))
    if view:
        view.stop()  # its custom ids hold all: nothing for discord.py to keep
    return sending
