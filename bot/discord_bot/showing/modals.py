"""Modals: the forms that people write in, and what was sent of one."""

import discord
from discord import ui
from pydantic import BaseModel

from bot.discord_bot.showing.escaping import clean
from bot.discord_bot.showing.limits import form_problems, width

WORDS = "words"
"""The name of the one field of a form for some words."""

MOST_WORDS = 2000
"""Characters that any form for some words takes."""


class _Part(BaseModel):
    """A part of a form, or a menu, as Discord sends it."""

    custom_id: str = ""
    value: str | None = None
    values: list[str] = []
    component: "_Part | None" = None
    components: list["_Part"] = []


def sent_in(interaction: discord.Interaction) -> dict[str, str]:
    """What was written and chosen, by the names of the fields; "" where nothing was.

    What was chosen in a message's menu is by the menu's custom id.
    """
    found: dict[str, str] = {}
    parts = [_Part.model_validate(interaction.data or {})]
    while parts:
        part = parts.pop(0)
        inner = [*part.components, *([part.component] if part.component else [])]
        if part.custom_id and not inner:
            found[part.custom_id] = part.value or next(iter(part.values), "")
        parts[:0] = inner
    return found


def form(custom_id: str, title: str, *fields: ui.Label[ui.Modal]) -> ui.Modal:
    """A form; its fields' texts are the bot's own.

    Raises:
        ValueError: Discord would refuse it.
    """
    modal = ui.Modal(title=title, custom_id=custom_id, timeout=None)
    for field in fields:
        modal.add_item(field)
    if found := form_problems(modal.to_dict()):
        raise ValueError("; ".join(found))
    modal.stop()  # it is read from its custom id, so discord.py need not keep it
    return modal


def field(
    label: str,
    hint: str | None = None,
    value: str = "",
    most: int = 1000,
    *,
    required: bool = True,
) -> ui.Label[ui.Modal]:
    """A field of a form to write in, filled with what fits of a value, on one line."""
    value = clean(value)
    while width(value) > most:
        value = value[:-1]
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=WORDS,
        default=value.strip() or None,
        max_length=most,
        required=required,
    )
    return ui.Label(text=label, description=hint, component=text)
