"""A message that was sent, written anew where its answers were corrected.

What else it shows stays as it is, in its own language, and whoever could delete it
still can.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot.discord_bot.showing.cards import Card, Reader
from bot.discord_bot.showing.corrected_cards import (
    Corrected,
    asker_of,
    corrected_cards,
)
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
        view = ui.View.from_message(message, timeout=None)
        made = _cards(found, view.children, reader, PLAIN_ROOM)
        sending = plain(list(made.values()))
        return None if sending.content == message.content else sending
    old = ui.LayoutView.from_message(message, timeout=None)
    texts, boxes = texts_in(old.walk_children()), dict(enumerate(old.children))
    places = {one.place for one in found}
    if len(places) == len(found) and places <= boxes.keys():
        due = [one for one in found if one.is_due]
        mine = {one.place: boxes.pop(one.place) for one in due}
        rest = sum(width(text) for text in texts_in(_within(boxes.values())))
        made = _cards(due, mine.values(), reader, ROOM - rest)
        sending = in_places(old, made)
    else:  # sent by a version that did not keep the places
        made = _cards(found, old.children, reader, ROOM)
        sending = layout(list(made.values()))
    now = sending.view.walk_children() if sending.view else ()
    return None if texts_in(now) == texts else sending


def _cards(
    found: Sequence[Corrected], old: Iterable[Item], reader: Reader, room: int
) -> dict[int, Card]:
    """Cards in place of some items, by place, in order."""
    said = list(_within(old))
    ids = [str(one.custom_id) for one in said if isinstance(one, _PRESSED)]
    labels = {
        text
        for one in said
        if isinstance(one, _PRESSED)
        and (text := one.label if isinstance(one, ui.Button) else one.placeholder)
    }
    reader = replace(
        reader, words=_language(labels) or reader.words, asker=asker_of(ids)
    )
    return corrected_cards(found, reader, room)


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
