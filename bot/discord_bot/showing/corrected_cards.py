"""Answers that were given, as they are corrected: what was wrong, what holds. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.answering.outcome import Told
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Button, Card, Reader
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.limits import width
from bot.words.catalogue import Words

_MOST: Final = 3  # corrections that a card tells of, the latest ones
_MAX_NOTE: Final = 400
_ASKERS: Final = {"delete", "related", "pick", "none"}  # verbs that name who asked


@dataclass(frozen=True, slots=True)
class Corrected:
    """An answer that is shown, as it is now; None where it was withdrawn.

    `notes` are when it was corrected, and what was wrong; oldest first, none where it
    never was. `place` is the card it is on, and `is_due` whether that is to be another.
    """

    told: Told | None
    notes: Sequence[tuple[datetime, str]]
    place: int
    is_due: bool


def corrected_cards(
    found: Sequence[Corrected], reader: Reader, room: int
) -> dict[int, Card]:
    """The cards of answers as they are now, by their places, in order.

    They have at most `room` characters of text together. Where places are not known,
    they are numbered. The reader's places are left out of account.
    """
    heads = [heading(one, reader.words) for one in found]
    places = [one.place for one in found]
    if len(set(places)) < len(places):
        places = list(range(len(found)))
    there = {at: one.told for at, one in zip(places, found, strict=True) if one.told}
    left = room - sum(width(head) + 2 for head in heads)
    beside = reader.beside + len(found) - len(there)
    reader = replace(reader, places=tuple(there), beside=beside)
    made = iter(cards(list(there.values()), reader, left))
    shown = [
        _under(head, next(made) if one.told else Card(()))
        for one, head in zip(found, heads, strict=True)
    ]
    if reader.asker and reader.is_last and not there:
        delete = CustomId("delete", number=reader.asker)
        row = (Button(delete, reader.words.say("button.delete")),)
        shown[-1] = replace(shown[-1], rows=(row,))
    return dict(zip(places, shown, strict=True))


def _under(head: str, card: Card) -> Card:
    return replace(card, texts=(head, *card.texts)) if head else card


def heading(one: Corrected, words: Words) -> str:
    """That an answer was corrected, or withdrawn, and when; a line for each time."""
    notes = one.notes[-_MOST:]
    keys = ["corrected.on"] * len(notes)
    if one.told is None:
        keys[-1:] = ["withdrawn.on"]
    return "\n".join(
        f"**{words.say(key, date=words.date(at.date().isoformat()))}** "
        f"{shorten(escape(note), _MAX_NOTE) if note else ''}".rstrip()
        for key, (at, note) in zip(keys, notes, strict=True)
    )


def asker_of(custom_ids: Iterable[CustomId]) -> int:
    """Who may delete a message, by what can be pressed there; 0: nobody is named."""
    numbers = (one.number for one in custom_ids if one.verb in _ASKERS)
    return next(filter(None, numbers), 0)
