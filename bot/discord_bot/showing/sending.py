"""Messages out to Discord: replies and responses, and what to do where they fail.

What people ask is not logged, nor who they are.
"""

import asyncio
import io
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

import aiohttp
import discord

from bot.discord_bot.showing.cards import Card
from bot.discord_bot.showing.messages import (
    PLAIN_ROOM,
    ROOM,
    Sending,
    layout,
    note,
    plain,
)
from bot.reference import reference
from bot.words.catalogue import Words, words

ACKNOWLEDGE: Final = 2.0
"""Seconds after which Discord is told that an answer will come; it waits for three."""

AGAIN: Final = 1.0
"""Seconds before the second try, where Discord was away or the connection was cut."""

if TYPE_CHECKING:  # there at no other time
    from discord.abc import MessageableChannel

Room = discord.TextChannel | discord.Thread | discord.VoiceChannel
"""Where the bot may write of its own accord."""

ROOMS: Final = (discord.TextChannel, discord.Thread, discord.VoiceChannel)

Make = Callable[[bool], Sending]
"""Makes a message: as plain text where true, else as components."""

CardsIn = Callable[[int], Sequence[Card]]
"""Makes cards that fit a number of characters."""

# Why a reply may fail with nothing wrong: the channel or message is gone, access or a
# permission is missing, slow mode, an archived thread, AutoMod, closed direct messages,
# a link that Discord blocks.
# Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes
_UNSENDABLE: Final = frozenset(
    {10003, 10008, 20016, 50001, 50007, 50013, 50024, 50083, 160002, 200000, 240000}
)
_INVALID_FORM: Final = 50035  # among others: the message to reply to is gone
_GONE: Final = frozenset({10008, 10062})  # we were too late, or it was deleted
_ACKNOWLEDGED: Final = 40060  # the interaction was answered, or deferred, before
_TRIED: Final = frozenset({500, 502, 504, 524})  # discord.py tries again by itself
_REFUSING: Final = frozenset({401, 403, 429})  # a status: us, and not one message
_BEFORE: Final = "before"  # the mark of an interaction that was answered or deferred

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def showing(make: CardsIn) -> Make:
    """What makes a message of cards, which are made for a room."""
    return lambda is_plain: plain(make(PLAIN_ROOM)) if is_plain else layout(make(ROOM))


async def send(
    channel: Room | discord.DMChannel,
    make: Make,
    *,
    nonce: str | None = None,
    pings: int | None = None,
) -> discord.Message:
    """Send a message that is no reply; as plain text where components are refused.

    What is sent again with the same nonce is not posted twice. `pings` is the one
    person who may be pinged by it.

    Raises:
        discord.HTTPException: Discord refused it.
    """
    more: dict[str, Any] = {} if nonce is None else {"nonce": nonce}
    if pings is not None:
        more["allowed_mentions"] = discord.AllowedMentions(
            everyone=False,
            users=[discord.Object(pings)],
            roles=False,
            replied_user=False,
        )
    return await _tried(
        make,
        lambda sending: channel.send(**_parts(sending), **more),
        is_plain=channel.guild is None,
    )


async def _tried(
    make: Make, act: Callable[[Sending], Awaitable[_T]], *, is_plain: bool
) -> _T:
    """Do something with a message; again with plain text where components are refused.

    Raises:
        discord.HTTPException: Discord refused that, too, or for another reason.
    """
    try:
        return await act(make(is_plain))
    except discord.HTTPException as error:
        if is_plain or error.code != _INVALID_FORM or _is_gone(error):
            raise
        _log.warning("components were refused, so plain text is sent")
        return await act(make(True))  # noqa: FBT003 - see Make


def _parts(sending: Sending) -> dict[str, Any]:
    """What discord.py is told of a message."""
    more: dict[str, Any] = {} if sending.view is None else {"view": sending.view}
    if sending.content is not None:
        more |= {"content": sending.content, "suppress_embeds": True}
    if sending.files:
        more["files"] = attachments(sending)
    return more


def attachments(sending: Sending) -> list[discord.File]:
    """A message's files as discord.py sends them, once."""
    return [
        discord.File(io.BytesIO(one.data), one.name, description=one.alt or None)
        for one in sending.files
    ]


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

    async def act(sending: Sending) -> discord.Message:
        nonce = str(message.id)
        return await surely(
            lambda: message.reply(mention_author=False, nonce=nonce, **_parts(sending))
        )

    try:
        return await _tried(make, act, is_plain=message.guild is None)
    except discord.HTTPException as error:
        if not _is_gone(error) and error.code not in _UNSENDABLE:
            raise
        _log.info("a question was not answered: Discord's code %d", error.code)
        return None


async def surely(act: Callable[[], Awaitable[_T]]) -> _T:
    """Do what Discord does only once; try again where it was away, or cut us off.

    It knows a message by its nonce, takes one first answer of an interaction, and what
    is edited or deleted twice is so once.
    """
    try:
        return await act()
    except discord.DiscordServerError as error:
        if error.status in _TRIED:
            raise
    except (aiohttp.ClientError, ConnectionError):
        pass
    await asyncio.sleep(AGAIN)
    return await act()


def _is_gone(error: discord.HTTPException) -> bool:
    return error.code == _INVALID_FORM and "message_reference" in error.text


async def rewrite(message: discord.PartialMessage, make: Make) -> bool:
    """Write one of the bot's messages anew; whether it was still there.

    What was sent as plain text cannot become components.
    """
    try:
        await _tried(
            make,
            lambda sending: surely(lambda: message.edit(**changes(sending))),
            is_plain=message.guild is None,
        )
    except discord.HTTPException as error:
        if error.code not in _UNSENDABLE:
            raise
        return False
    return True


def changes(sending: Sending) -> dict[str, Any]:
    """What discord.py is told of a message that is shown in place of another."""
    content = {} if sending.content is None else {"content": sending.content}
    return {"view": sending.view, **content}


async def respond(
    interaction: discord.Interaction, make: Make, *, private: bool
) -> int | None:
    """Answer a command, a click or a form; the id of the message, None if unknown."""
    return await _tried(
        make,
        lambda sending: _respond(interaction, sending, private=private),
        is_plain=interaction.guild_id is None,
    )


async def say(interaction: discord.Interaction, text: str) -> None:
    """Tell one of the bot's own sentences to whoever clicked or asked."""
    await respond(interaction, lambda _: note(text), private=True)


async def _respond(
    interaction: discord.Interaction, sending: Sending, *, private: bool
) -> int | None:
    def first() -> Awaitable[discord.InteractionCallbackResponse[discord.Client]]:
        response = interaction.response
        return response.send_message(ephemeral=private, **_parts(sending))

    if not interaction.response.is_done():
        is_answered, response = await _first(interaction, first)
        if is_answered:
            return response.message_id if response else None
    more = _parts(sending)
    sent = await interaction.followup.send(wait=True, ephemeral=private, **more)
    return sent.id


async def _first(
    interaction: discord.Interaction, act: Callable[[], Awaitable[_T]]
) -> tuple[bool, _T | None]:
    """Answer an interaction; whether that is its answer, and what Discord said to it.

    It is not where Discord was told meanwhile that one will come. Else Discord has an
    answer already where it took this one and failed to say so: None, and no second one.
    """
    try:
        return True, await surely(act)
    except discord.HTTPException as error:
        if error.code != _ACKNOWLEDGED:
            raise
    is_deferred = interaction.extras.get(_BEFORE, False)
    interaction.extras[_BEFORE] = True
    return not is_deferred, None


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
    is_answered, _ = await _first(
        interaction,
        lambda: interaction.response.edit_message(**changes(sending)),
    )
    if not is_answered:
        return await respond(interaction, make, private=private)
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
        interaction.extras[_BEFORE] = True
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
        except (discord.HTTPException, aiohttp.ClientError, ConnectionError):
            interaction.extras.pop(_BEFORE, None)


async def failed(interaction: discord.Interaction, error: BaseException) -> None:
    """Log what was raised, and tell whoever asked so in private, if Discord is well."""
    if isinstance(error, discord.NotFound) and error.code in _GONE:
        _log.info("an answer to a command or a click came too late")
        return
    named = reference()
    log_failure(_log, "an interaction failed", error)
    if is_discords(error):
        return
    text = words(interaction.locale).say("failure", reference=named)
    try:
        await say(interaction, text)
    except (discord.HTTPException, aiohttp.ClientError, ConnectionError) as refused:
        why = type(refused).__name__
        _log.info("that it failed could not be told: %s", why)


def log_failure(log: logging.Logger, what: str, error: BaseException | None) -> None:
    """Log that something failed: in one line where that is Discord's doing."""
    if not is_discords(error):
        log.error("%s", what, exc_info=error)
        return
    why = type(error).__name__
    if isinstance(error, discord.HTTPException):
        why = f"{why}, status {error.status}, code {error.code}"
    log.error("%s: %s", what, why)


def is_discords(error: BaseException | None) -> bool:
    """Whether Discord is failing, limiting us or refusing us.

    Nobody is told of a failure then: one more message would make it worse.
    """
    if isinstance(error, discord.HTTPException):
        return isinstance(error, discord.DiscordServerError) or (
            error.status in _REFUSING
        )
    return isinstance(error, aiohttp.ClientError | ConnectionError)


async def failed_reply(message: discord.Message, said: Words) -> None:
    """Tell whoever wrote a message that something went wrong, if that can be.

    All in the channel see it: a message has no private answer.
    """
    text = said.say("failure", reference=reference())
    with suppress(discord.HTTPException, aiohttp.ClientError, ConnectionError):
        await reply(message, lambda _: note(text))


def missing_permissions(
    channel: "MessageableChannel", guild: discord.Guild | None, *, replies: bool = True
) -> str:
    """The permissions that a message needs in a channel and lacks, in words.

    `replies`: it is a reply, which needs more.

    Looking first spares a refused request: Discord blocks who causes many. Of a channel
    that Discord has not told of yet nothing is known, as after a start: just try.
    """
    if guild is None or isinstance(channel, discord.PartialMessageable):
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
        "read message history": not replies or has.read_message_history,
    }
    return ", ".join(name for name, granted in needed.items() if not granted)
