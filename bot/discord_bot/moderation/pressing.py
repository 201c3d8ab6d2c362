"""What happens when one of moderators' buttons, menus or forms is used."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import discord

from bot.discord_bot.asking.app import Desk
from bot.discord_bot.moderation import (
    message_menu,
    queue,
    record_actions,
    record_forms,
    review,
)
from bot.discord_bot.moderation.doors import Hatch
from bot.discord_bot.moderation.session import Bench, at_bench

Press = Callable[[Bench, Hatch], Awaitable[None]]


async def pressed(desk: Desk, interaction: discord.Interaction) -> None:
    """Do what a button, a menu or a form of moderators' is for."""
    custom_id = str((interaction.data or {}).get("custom_id", ""))
    hatch = Hatch.read(custom_id)
    is_form = interaction.type is discord.InteractionType.modal_submit
    acts = FORMS if is_form else PRESSES
    act = acts.get(hatch.verb) if hatch else None
    await at_bench(desk, interaction, partial(_press, hatch=hatch, act=act))


async def _press(bench: Bench, hatch: Hatch | None, act: Press | None) -> None:
    if hatch is None or act is None:
        await record_forms.give_back(bench)
    else:
        await act(bench, hatch)


PRESSES: Final[dict[str, Press]] = {
    "submit": review.submit,
    "withdraw": review.withdraw,
    "mine": review.mine,
    "approve": review.approve,
    "refuse": review.refuse,
    "queue": queue.turned,
    "kinds": queue.chosen,
    "item": queue.opened,
    "way": queue.way,
    "ways": queue.ways,
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
"""What each verb of a button or a menu does."""

FORMS: Final[dict[str, Press]] = {
    "asked": message_menu.asked,
    "hide": queue.hidden,
    "edit": record_forms.edited,
    "add": record_forms.added,
    "again": record_forms.written,
}
"""What is done with each verb's form when it is sent."""
