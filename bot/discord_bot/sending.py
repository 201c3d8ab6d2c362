"""Messages out to Discord: replies and responses, and what to do where they fail.

What people ask is not logged, nor who they are.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

from bot.discord_bot.layout import Sending, note
from bot.discord_bot.wording import Words, words

ACKNOWLEDGE: Final = 2.0
"""Seconds after which Discord is told that an answer will come; it waits for three."""

if TYPE_CHECKING:  # there at no other time
    from discord.abc import MessageableChannel

Make = Callable[[bool], Sending]
"""Makes a message: as plain text where true, else as components."""

# Why a reply may fail with nothing wrong: the channel or message is gone, access or a
# permission is missing, slow mode, an archived thread, AutoMod, closed direct messages.
# Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes
_UNSENDABLE: Final = frozenset(
    {10003, 10008, 20016, 50001, 50007, 50013, 50083, 160002, 200000}
)
_INVALID_FORM: Final = 50035  # among others: the message to reply to is gone
_GONE: Final = frozenset({10008, 10062})  # we were too late, or it was deleted

_log = logging.getLogger(__name__)


async def reply(message: discord.Message, make: Make) -> discord.Message | None:
    """Reply without a ping. Where that is not possible, nothing is sent: None.

    The nonce keeps a retry from posting the same reply twice. Where components are
    refused, plain text is sent.

    Raises:
        discord.HTTPException: Discord refused for a reason that is ours, or its own.
    """
    if missing := missing_permissions(message.channel, message.guild):
        _log.info("a question was not answered; permission needed: %s", missing)
        return None
    is_plain = message.guild is None
    try:
        try:
            return await _reply(message, make(is_plain))
        except discord.HTTPException as error:
            if is_plain or error.code != _INVALID_FORM or _is_gone(error):
                raise
            _log.warning("components were refused, so plain text is sent")
            return await _reply(message, make(True))  # noqa: FBT003 - see Make
    except discord.HTTPException as error:
        if not _is_gone(error) and error.code not in _UNSENDABLE:
            raise
        _log.info("a question was not answered: Discord's code %d", error.code)
        return None


def _is_gone(error: discord.HTTPException) -> bool:
    return error.code == _INVALID_FORM and "message_reference" in error.text


async def _reply(message: discord.Message, sending: Sending) -> discord.Message:
    nonce = str(message.id)
    if isinstance(sending.view, ui.LayoutView):
        return await message.reply(view=sending.view, mention_author=False, nonce=nonce)
    more: dict[str, Any] = {} if sending.view is None else {"view": sending.view}
    return await message.reply(
        sending.content,
        mention_author=False,
        nonce=nonce,
        suppress_embeds=True,
        **more,
    )


async def rewrite(message: discord.PartialMessage, make: Make) -> bool:
    """Write one of the bot's messages anew; whether it was still there."""
    sending = make(message.guild is None)
    more: dict[str, Any] = {} if sending.view is None else {"view": sending.view}
    if sending.content is not None:
        more["content"] = sending.content
    try:
        await message.edit(**more)
    except discord.HTTPException as error:
        if error.code not in _UNSENDABLE:
            raise
        return False
    return True


async def respond(
    interaction: discord.Interaction, make: Make, *, private: bool
) -> int | None:
    """Answer a command, a click or a form; the id of the message, None if unknown."""
    is_plain = interaction.guild_id is None
    try:
        return await _respond(interaction, make(is_plain), private=private)
    except discord.HTTPException as error:
        if is_plain or error.code != _INVALID_FORM:
            raise
        _log.warning("components were refused, so plain text is sent")
        return await _respond(interaction, make(True), private=private)  # noqa: FBT003


async def say(interaction: discord.Interaction, text: str) -> None:
    """Tell one of the bot's own sentences to whoever clicked or asked."""
    await respond(interaction, lambda _: note(text), private=True)


async def _respond(
    interaction: discord.Interaction, sending: Sending, *, private: bool
) -> int | None:
    more: dict[str, Any] = {"ephemeral": private}
    if sending.view is not None:
        more["view"] = sending.view
    if sending.content is not None:
        more |= {"content": sending.content, "suppress_embeds": True}
    if interaction.response.is_done():
        sent = await interaction.followup.send(wait=True, **more)
        return sent.id
    response = await interaction.response.send_message(**more)
    return response.message_id


async def replace(
    interaction: discord.Interaction, make: Make, *, private: bool
) -> int | None:
    """Show something in place of the message that was clicked on, if that can be.

    Else it is answered. The id of the message, None if unknown.
    """
    message = interaction.message
    if message is None or interaction.response.is_done():
        return await respond(interaction, make, private=private)
    sending = make(not message.flags.components_v2)
    more: dict[str, Any] = {"view": sending.view}
    if sending.content is not None:
        more["content"] = sending.content
    await interaction.response.edit_message(**more)
    return message.id


@asynccontextmanager
async def acknowledged(interaction: discord.Interaction) -> AsyncGenerator[None]:
    """See that Discord hears of an interaction in time, and whoever asked of a failure.

    Nothing that is raised within leaves this.
    """
    task = asyncio.create_task(_acknowledge(interaction))
    try:
        yield
    except Exception as error:  # noqa: BLE001 - told, and logged
        task.cancel()
        await failed(interaction, error)
    finally:
        task.cancel()


async def _acknowledge(interaction: discord.Interaction) -> None:
    await asyncio.sleep(ACKNOWLEDGE)
    if not interaction.response.is_done():
        with suppress(discord.HTTPException):
            await interaction.response.defer(ephemeral=True, thinking=True)


async def failed(interaction: discord.Interaction, error: BaseException) -> None:
    """Log what was raised, and tell whoever asked so in private."""
    if isinstance(error, discord.NotFound) and error.code in _GONE:
        _log.info("an answer to a command or a click came too late")
        return
    reference = secrets.token_hex(4)
    _log.error("an interaction failed, reference %s", reference, exc_info=error)
    text = words(interaction.locale).say("failure", reference=reference)
    try:
        await say(interaction, text)
    except discord.HTTPException as refused:
        _log.info("reference %s could not be sent: code %d", reference, refused.code)


async def failed_reply(message: discord.Message, said: Words, reference: str) -> None:
    """Tell whoever wrote a message that something went wrong, if that can be."""
    text = said.say("failure", reference=reference)
    with suppress(discord.HTTPException):
        await reply(message, lambda _: note(text))


def missing_permissions(
    channel: "MessageableChannel", guild: discord.Guild | None
) -> str:
    """The permissions that a reply needs in a channel and lacks, in words.

    Looking first spares a refused request: Discord blocks who causes many.
    """
    if guild is None:
        return ""
    try:
        has = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose channel is not known: just try
        return ""
    in_thread = isinstance(channel, discord.Thread)
    needed = {
        "view channel": has.view_channel,
        "send messages": in_thread or has.send_messages,
        "send messages in threads": not in_thread or has.send_messages_in_threads,
        "read message history": has.read_message_history,
    }
    return ", ".join(name for name, granted in needed.items() if not granted)
