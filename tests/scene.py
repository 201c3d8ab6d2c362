"""A simulated Discord server with the bot in it, and what the bot did there."""

from collections.abc import Awaitable, Callable, Sequence

import discord
import simcord
from simcord.results import InteractionResult

from bot.discord_bot.asking.app import App
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing.custom_ids import DELETE

Restart = Callable[[], Awaitable[None]]
"""Starts the bot again over the same records, or does nothing."""


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


class Scene:
    """A server with a channel and a member, and the bot in it."""

    def __init__(
        self,
        env: simcord.Env,
        locale: str = "en-US",
        guild: simcord.GuildHandle | None = None,
    ) -> None:
        me = env.bot.user
        assert me is not None
        self.env = env
        self.me = me
        self.locale = locale
        self.guild = guild or env.create_guild(preferred_locale=locale)
        self.channel = self.guild.create_text_channel("general")
        self.ann = self.guild.add_member(env.create_user("ann"))

    @property
    def sent(self) -> list[discord.Message]:
        """What the bot posted in the channel, oldest first."""
        return [one for one in self.channel.history() if one.author.id == self.me.id]

    async def mention(
        self, text: str, channel: simcord.ChannelHandle | None = None
    ) -> discord.Message:
        """Ann writes to the bot, naming it."""
        where = channel or self.channel
        return await self.ann.send(where, f"{self.me.mention} {text}")

    async def ask(self, question: str) -> simcord.ResponseMessage:
        """Ann uses /ask."""
        return response(await self.ann.slash(self.channel, "ask", question=question))


def app_of(scene: Scene) -> App:
    """What the bot that is there now answers with and remembers."""
    assert isinstance(scene.env.bot, Receipts)
    return scene.env.bot.app


def response(result: InteractionResult) -> simcord.ResponseMessage:
    """What a command answered, at once and alone."""
    assert result.response is not None
    assert not result.deferred
    assert not result.followups
    return result.response


def shown(result: InteractionResult) -> str:
    """The text that a click, a form or a command was answered with."""
    answer = result.response or result.followups[0]
    return text_of(answer)


def labels(message: discord.Message | simcord.ResponseMessage) -> list[str]:
    """The words of all buttons, in order."""
    real = message.message if isinstance(message, simcord.ResponseMessage) else message
    found, parts = list[str](), list[object](real.components)
    while parts:
        part = parts.pop(0)
        if isinstance(part, discord.Button):
            found.append(part.label or "")
        parts[:0] = getattr(part, "children", ())
    return found


def text_of(message: discord.Message | simcord.ResponseMessage) -> str:
    """All text of a message: its content, or the texts among its components."""
    real = message.message if isinstance(message, simcord.ResponseMessage) else message
    found, parts = [real.content], list[object](real.components)
    while parts:
        part = parts.pop(0)
        if isinstance(part, discord.TextDisplay):
            found.append(part.content)
        parts[:0] = getattr(part, "children", ())
    return "\n".join(filter(None, found))


def first_choice(message: discord.Message) -> str:
    """The first choice of a message's menu."""
    parts: list[object] = list(message.components)
    while parts:
        part = parts.pop(0)
        if isinstance(part, discord.SelectMenu):
            return part.options[0].value
        parts.extend(getattr(part, "children", ()))
    raise AssertionError


def can_be_deleted(message: discord.Message | simcord.ResponseMessage) -> bool:
    """Whether the message's menu has the choice that deletes it."""
    real = message.message if isinstance(message, simcord.ResponseMessage) else message
    parts: list[object] = list(real.components)
    while parts:
        part = parts.pop(0)
        if isinstance(part, discord.SelectMenu):
            return any(one.value == DELETE for one in part.options)
        parts.extend(getattr(part, "children", ()))
    return False


def titles(messages: Sequence[discord.Message | simcord.ResponseMessage]) -> list[str]:
    """The titles of all cards."""
    lines = (line for one in messages for line in text_of(one).split("\n"))
    return [line.removeprefix("### ") for line in lines if line.startswith("### ")]
