"""What happens when one of moderators' buttons, menus or forms is used."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import discord

from bot.discord_bot.desk import Desk
from bot.discord_bot.moderation import asking, handling, queueing, reviewing, writing
from bot.discord_bot.moderation.bench import Bench, at_bench
from bot.discord_bot.moderation.doors import Hatch

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
        await writing.give_back(bench)
    else:
        await act(bench, hatch)


PRESSES: Final[dict[str, Press]] = {
    "submit": reviewing.submit,
    "withdraw": reviewing.withdraw,
    "mine": reviewing.mine,
    "approve": reviewing.approve,
    "refuse": reviewing.refuse,
    "queue": queueing.turned,
    "kinds": queueing.chosen,
    "item": queueing.opened,
    "way": queueing.way,
    "ways": queueing.ways,
    "answer": queueing.answer,
    "settle": queueing.settle,
    "done": queueing.done,
    "hide": queueing.hide_form,
    "again": writing.again,
    "open": writing.opened,
    "look": handling.looked,
    "search": handling.turned,
    "unhide": handling.unhide,
    "undo": handling.undone,
    "audit": handling.audited,
}
"""What each verb of a button or a menu does."""

FORMS: Final[dict[str, Press]] = {
    "asked": asking.asked,
    "hide": queueing.hidden,
    "edit": writing.edited,
    "add": writing.added,
    "again": writing.written,
}
"""What is done with each verb's form when it is sent."""
