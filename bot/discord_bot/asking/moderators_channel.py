"""What moderators are told in their channel.

What is told holds people's words redacted, and nobody's name. It is a help: where it
cannot be sent there is a line in the log, and nothing else.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

import aiohttp
import discord

from bot.answering.outcome import Link
from bot.discord_bot.asking.app import App, Options
from bot.discord_bot.sharding import channel_of
from bot.discord_bot.showing.cards import Card, Draft, Part, fit, prose, questions
from bot.discord_bot.showing.messages import note
from bot.discord_bot.showing.sending import (
    ROOMS,
    Make,
    missing_permissions,
    send,
    showing,
)
from bot.records.redaction import redact
from bot.records.values import Message
from bot.words.catalogue import Words, words

What = Literal["report", "wrong", "question"]

_KINDS: Final[tuple[What, ...]] = ("report", "wrong", "question")
_MOST: Final = 1000  # characters of people's words, as in the records
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What moderators are told: that something was reported, said to be wrong, asked.

    `text` is in the sender's words; `entries` are shown in the message `where`, None
    where it is not known, or only its asker sees it.
    """

    what: What
    text: str
    entries: tuple[str, ...] = ()
    where: Message | None = None


def news_cards(news: News, app: App, guild: int, said: Words, room: int) -> list[Card]:
    """News as a card for a server's moderators; a link only to a message there."""
    say = said.say
    entries = filter(None, map(app.answerer.story.entry, news.entries))
    known = [Link(one.id, one.question) for one in entries]
    text = redact(news.text, _MOST)
    where = news.where
    link = ""
    if where and where.guild == guild:
        address = f"https://discord.com/channels/{guild}/{where.channel}/{where.id}"
        link = f"[{say('news.open')}]({address})"
    parts = (
        prose((text or say("news.no-words"),)),
        questions(known, heading=say("news.answer")),
        Part((link or say("news.elsewhere"),) if news.what != "question" else ()),
    )
    return fit([Draft(say(f"news.{news.what}"), parts)], room)


async def tell_moderators(
    client: discord.Client, app: App, news: News, sender: int
) -> None:
    """Tell moderators of something, where the operator has named a channel for it.

    Whoever sends much is no longer passed on; it is in the records all the same. Where
    many do, one sentence says that there is more.
    """
    if app.options.moderators_channel is None:
        return
    wait = app.pace.send(sender, _KINDS.index(news.what))
    if wait:
        _log.info("moderators were not told: too much at once")
        if wait.whose == "all-news" and wait.is_new:  # else few could silence all
            await post(client, app.options, _much)
        return

    def make(guild: discord.Guild, said: Words) -> Make:
        return showing(lambda room: news_cards(news, app, guild.id, said, room))

    await post(client, app.options, make)


def _much(_guild: discord.Guild, said: Words) -> Make:
    return lambda _is_plain: note(said.say("news.much"))


async def post(
    client: discord.Client,
    options: Options,
    make: Callable[[discord.Guild, Words], Make],
) -> bool:
    """Post in the moderators' channel, if there is one, in its server's language.

    Whether that could be; where not, a line in the log says why. Raises nothing of
    Discord's.
    """
    place = options.moderators_channel
    if place is None:
        return False
    channel: object = None
    with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
        channel = await channel_of(client, place)
    if not isinstance(channel, ROOMS):
        _log.warning("moderators were not told: their channel is not to be found")
        return False
    guild = channel.guild
    if missing := missing_permissions(channel, guild, replies=False):
        _log.warning("moderators were not told; permission needed: %s", missing)
        return False
    try:
        # Beside the loop: there may be much in it.
        made = await asyncio.to_thread(make, guild, words(guild.preferred_locale))
        await send(channel, made)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        code = error.code if isinstance(error, discord.HTTPException) else 0
        _log.warning("moderators were not told: Discord's code %d", code)
        return False
    return True
