"""Every button, menu and form there is: its custom id, and what is done with it.

An id is looked up in today's story, so it works after a restart and after months; what
is no longer as it was is said to be so.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import discord

from bot.discord_bot.asking import buttons, feedback
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.moderation import (
    correction_actions,
    message_menu,
    queue,
    record_actions,
    record_forms,
    review,
    ways,
)
from bot.discord_bot.moderation.session import Session, in_session
from bot.discord_bot.showing.custom_ids import OURS, CustomId
from bot.discord_bot.showing.sending import acknowledged

Act = Callable[[Request, CustomId], Awaitable[None]]
Moderate = Callable[[Session, CustomId], Awaitable[None]]


async def pressed(app: App, interaction: discord.Interaction) -> None:
    """Do what a button, a menu or a form of ours is for; nothing for others."""
    text = str((interaction.data or {}).get("custom_id", ""))
    if not OURS.match(text):
        return
    is_form = interaction.type is discord.InteractionType.modal_submit
    custom_id = CustomId.read(text)
    verb = custom_id.verb if custom_id else ""
    if text.startswith("m"):
        moderate = (MODERATORS_FORMS if is_form else MODERATORS_PRESSES).get(verb)
        act = partial(_moderate, custom_id=custom_id, moderate=moderate)
        await in_session(app, interaction, act)
        return
    async with acknowledged(interaction):
        request = Request(app, interaction)
        act = (FORMS if is_form else PRESSES).get(verb)
        is_there = is_form or _is_in(interaction.message, text)
        if custom_id is None or act is None or not is_there:
            await request.tell("old-button")
        elif act in UNCOUNTED or await request.may_click():
            await act(request, custom_id)


async def _moderate(
    session: Session, custom_id: CustomId | None, moderate: Moderate | None
) -> None:
    if custom_id is None or moderate is None:
        await record_forms.give_back(session)
    else:
        await moderate(session, custom_id)


def _is_in(message: discord.Message | None, custom_id: str) -> bool:
    """Whether a message has what is said to be clicked on: an id can be made up."""
    parts: list[object] = list(message.components) if message else []
    while parts:
        part = parts.pop()
        if getattr(part, "custom_id", None) == custom_id:
            return True
        parts.extend(getattr(part, "children", ()))
    return False


PRESSES: Final[dict[str, Act]] = {
    "full": buttons.show,
    "quotes": buttons.show,
    "follow": buttons.open_form,
    "helpful": buttons.helpful,
    "wrong": buttons.open_form,
    "delete": buttons.delete,
    "post": buttons.post,
    "pick": buttons.pick,
    "none": buttons.none_of_these,
    "related": buttons.related,
    "send": buttons.open_form,
    "topic": buttons.browse,
    "page": buttons.browse,
    "jump": buttons.browse,
    "tell": feedback.tell,
    "here": feedback.wait,
    "direct": feedback.wait,
    "forget": buttons.forget,
    "forgotten": buttons.forget,
}
"""What each verb of a button or a menu does."""

FORMS: Final[dict[str, Act]] = {
    "follow": buttons.follow,
    "wrong": feedback.wrong,
    "send": feedback.send,
    "report": feedback.report,
}
"""What is done with each verb's form when it is sent."""

UNCOUNTED: Final[frozenset[Act]] = frozenset(
    (
        *(buttons.open_form, buttons.delete, buttons.forget),  # it has its own limit
        *(buttons.post, buttons.follow),  # they are counted as questions
    )
)
"""What is not counted as a click."""

MODERATORS_PRESSES: Final[dict[str, Moderate]] = {
    "submit": review.submit,
    "correct": correction_actions.ask,
    "correction": correction_actions.turned,
    "allow": review.way_out,
    "move": review.way_out,
    "notthis": review.way_out,
    "take": review.way_out,
    "withdraw": review.withdraw,
    "mine": review.mine,
    "approve": review.approve,
    "refuse": review.refuse,
    "queue": queue.turned,
    "kinds": queue.chosen,
    "item": queue.opened,
    "way": queue.way,
    "ways": queue.ways,
    "close": ways.close,
    "cues": ways.show,
    "weak": ways.weak,
    "write": ways.write,
    "apart": ways.apart,
    "pair": ways.pair,
    "preview": ways.preview,
    "answer": queue.answer,
    "settle": queue.settle,
    "done": queue.done,
    "hide": queue.hide_form,
    "again": record_forms.again,
    "open": record_forms.opened,
    "look": record_actions.looked,
    "search": record_actions.turned,
    "unhide": record_actions.unhide,
    "undo": record_actions.undone,
    "audit": record_actions.audited,
}
MODERATORS_FORMS: Final[dict[str, Moderate]] = {
    "asked": message_menu.asked,
    "correct": correction_actions.said,
    "hide": queue.hidden,
    "write": ways.written,
    "edit": record_forms.edited,
    "add": record_forms.added,
    "again": record_forms.written,
}
