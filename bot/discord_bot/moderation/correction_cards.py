"""Corrections of what people were told, as moderators see them. Pure."""

from collections.abc import Sequence
from typing import Final

from bot.discord_bot.moderation.review_cards import of_draft
from bot.discord_bot.showing.cards import (
    Button,
    Draft,
    Menu,
    Part,
    Rows,
    ago,
    more,
    prose,
)
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE
from bot.discord_bot.showing.messages import Shown
from bot.records.values import Correction
from bot.records.values import Draft as Kept
from bot.words.catalogue import Words

_MAX_TITLE: Final = 150
_STATES: Final = {
    "waiting": "correction.waiting",
    "done": "correction.done",
    "archived": "correction.archived",
    "refused": "correction.refused",
    "stopped": "correction.stopped",
}


def offer(kept: Kept, told: int, words: Words) -> Rows:
    """The button that has corrected what people were told, where they were."""
    if not told:
        return ()
    label = words.say("button.correct-now")
    return ((Button(of_draft("correct", kept), label),),)


def corrections_shown(found: Sequence[Correction], words: Words) -> Shown:
    """The latest corrections, with how far each is; one can be looked at."""
    say = words.say
    items = tuple(f"- {_line(one, words)}" for one in found)
    parts = (Part(items or (say("corrections.none"),), left=more(words)),)
    choices = tuple(
        (str(one.id), shorten(clean(f"{one.id}: {_title(one, words)}"), MAX_CHOICE))
        for one in found
    )
    menu = Menu(CustomId("correction", what="look"), say("queue.pick"), choices)
    return Shown.of(Draft(say("corrections.title"), parts, (menu,) if choices else ()))


def correction_shown(one: Correction, words: Words, *, can_turn: bool = False) -> Shown:
    """One correction, and what became of it; with what can be done, for moderators."""
    say = words.say
    counts = [
        say(key, count=count)
        for state, key in _STATES.items()
        if (count := one.states.get(state))
    ]
    if one.gone:
        counts.append(say("correction.gone", count=one.gone))
    if one.private:
        counts.append(say("correction.private", count=one.private))
    parts = (
        prose((words.told(one.title),)),
        prose((one.note,) if one.note else ()),
        Part(tuple(f"- {text}" for text in counts)),
        Part((f"-# {_when(one, words)}",)),
    )
    key = "correction.over" if one.finished else "correction.going"
    title = say(key, number=one.id, count=one.messages)
    return Shown.of(Draft(title, parts, _turns(one, words) if can_turn else ()))


def _line(one: Correction, words: Words) -> str:
    done = one.states.get("done", 0)
    text = words.say("corrections.line", done=done, count=one.messages)
    title = escape(shorten(_title(one, words), _MAX_TITLE))
    return f"**{one.id}** {title}: {text}, {_when(one, words)}"


def _title(one: Correction, words: Words) -> str:
    return words.told(one.title)


def _when(one: Correction, words: Words) -> str:
    if one.finished:
        return words.say("correction.ended", when=ago(one.finished))
    return words.say("correction.begun", when=ago(one.at))


def _turns(one: Correction, words: Words) -> Rows:
    buttons: list[Button] = []
    for what, states in (
        ("stop", ("waiting",)),
        ("again", ("archived", "refused", "stopped")),
    ):
        if any(one.states.get(state) for state in states):
            custom_id = CustomId("correction", number=one.id, what=what)
            buttons.append(Button(custom_id, words.say(f"button.correction-{what}")))
    return (tuple(buttons),) if buttons else ()
