"""Discord's messages and commands to questions, and the cards back to where they came.

Three steps each: find the question, have it answered, send the cards. Matching takes
milliseconds, so nothing is deferred: the answer itself is the acknowledgement that
Discord wants within three seconds. What people ask is not logged, nor who they are.
"""

import asyncio
import logging
import re
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import date
from typing import Final, Literal

import aiohttp
import discord
from discord import app_commands

from bot.answering.answerer import Answerer
from bot.answering.outcome import Help
from bot.discord_bot.cards import ROLE_HINT, cards, choices
from bot.discord_bot.limits import MAX_CHOICES, MAX_QUESTION, problems

SYNC_SECONDS: Final = 60
"""Seconds that starting waits for the commands: Discord may hold them back for hours.

Source: https://docs.discord.com/developers/interactions/application-commands
"""

_EXAMPLES: Final = 3

# Why a reply may fail with nothing wrong: the channel or message is gone, access or a
# permission is missing, slow mode, an archived thread, AutoMod, closed direct messages.
# Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes
_UNSENDABLE: Final = frozenset(
    {10003, 10008, 20016, 50001, 50007, 50013, 50083, 160002, 200000}
)
_INVALID_FORM: Final = 50035  # among others: the message to reply to is gone
_UNKNOWN_INTERACTION: Final = 10062  # we were too late

_PORTAL: Final = "https://discord.com/developers/applications"
_MENTION = re.compile(r"<@[!&]?\d+>")
_ASKS = re.compile(
    r"\?|\b(?:who|whom|whose|what|when|where|why|which|how)\b"
    r"|^\W*(?:(?:and|but|so|ok|okay)\W+)*(?:did|does|do|is|are|was|were|has|have|had"
    r"|can|could|will|would|should)\b",
    re.IGNORECASE,
)

_log = logging.getLogger(__name__)


class Receipts(discord.Client):
    """The bot: an answerer, the clock it is asked with, and `/ask`."""

    def __init__(self, answerer: Answerer, today: Callable[[], date]) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.answerer = answerer
        self.today = today
        self.tree = app_commands.CommandTree(
            self,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )
        self.tree.error(_command_failed)
        logging.getLogger("discord.app_commands.tree").addFilter(_forget_people)
        _add_ask(self)

    def answer(
        self, question: str, *, ambient: bool = False
    ) -> tuple[list[discord.Embed], bool]:
        """The cards a question leads to, and whether one of them is an answer.

        What asks nothing leads to the help; silence is an empty list.
        """
        if not re.search(r"\w", question):
            return self.help(), False
        reply = self.answerer.reply(question, self.today(), ambient=ambient)
        return _checked(cards(reply.outcomes)), reply.name == "answer"

    def help(self) -> list[discord.Embed]:
        """The card that says what can be asked."""
        examples = self.answerer.suggest("", _EXAMPLES)
        return _checked(cards([Help("", self.answerer.story.about.covers, examples)]))

    async def setup_hook(self) -> None:
        """Register the commands with Discord, once at each start.

        It is one PUT, and changes nothing where nothing changed: to leave it out then,
        we would have to keep a record of what was last sent. Where it fails the bot
        goes on: mentions do not need it, and Discord knows the commands from before.
        """
        try:
            async with asyncio.timeout(SYNC_SECONDS):
                await self.tree.sync()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # A timeout is an OSError, and has no words.
            _log.error("commands not registered: %s", str(error) or "it took too long")

    async def on_ready(self) -> None:
        """Say in the log that the bot is connected."""
        _log.info("ready, in %d servers", len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that asks the bot something; keep silent else."""
        how = _addressed(message, self.user)
        text = _MENTION.sub(" ", message.content)
        has_words = re.search(r"\w", text) is not None
        if how is None or (how == "reply" and not has_words):
            return
        if how == "role" and not has_words:
            await _reply(message, content=ROLE_HINT)
            return
        # Replying pings by default: chatter is answered only where that is no guess.
        ambient = how == "reply" and not _ASKS.search(text)
        embeds, _ = self.answer(text, ambient=ambient)
        if embeds:
            await _reply(message, embeds=embeds)

    async def on_error(
        self, event_method: str, /, *args: object, **_kwargs: object
    ) -> None:
        """Log what a handler raised, and say so to whoever wrote the message."""
        reference = secrets.token_hex(4)
        _log.exception("%s failed, reference %s", event_method, reference)
        if args and isinstance(args[0], discord.Message):
            with suppress(discord.HTTPException):
                await _reply(args[0], content=_failure(reference))


def _addressed(
    message: discord.Message, me: discord.ClientUser | None
) -> Literal["mention", "reply", "role", "direct"] | None:
    """How a message speaks to the bot; None where it does not.

    `reply` is a reply that pings the bot and does not otherwise name it. `role` names
    the bot's own role, which is next to the bot in the list people pick from.
    """
    plain = {discord.MessageType.default, discord.MessageType.reply}
    if me is None or message.author.bot or message.webhook_id is not None:
        return None
    if message.type not in plain or message.mention_everyone:
        return None
    if message.guild is None:
        return "direct"
    if me in message.mentions:
        # `mentioned_in` would be true of @everyone too, hence the list and the text.
        named = re.search(rf"<@!?{me.id}>", message.content)
        return "mention" if named else "reply"
    return "role" if message.guild.self_role in message.role_mentions else None


async def _reply(
    message: discord.Message,
    *,
    content: str | None = None,
    embeds: Sequence[discord.Embed] = (),
) -> None:
    """Reply without a ping. Where that is not possible, nothing is sent.

    The nonce keeps a retry from posting the same reply twice.

    Raises:
        discord.HTTPException: Discord refused for a reason that is ours, or its own.
    """
    if missing := _missing_permissions(message):
        _log.info("a question was not answered; permission needed: %s", missing)
        return
    try:
        await message.reply(
            content, embeds=embeds, mention_author=False, nonce=str(message.id)
        )
    except discord.HTTPException as error:
        gone = error.code == _INVALID_FORM and "message_reference" in error.text
        if not gone and error.code not in _UNSENDABLE:
            raise
        _log.info("a question was not answered: Discord's code %d", error.code)


def _missing_permissions(message: discord.Message) -> str:
    """The permissions that a reply with cards needs here and lacks, in words.

    Looking first spares a refused request: Discord blocks who causes many.
    """
    if message.guild is None:
        return ""
    try:
        has = message.channel.permissions_for(message.guild.me)
    except discord.ClientException:  # a thread whose channel is not known: just try
        return ""
    in_thread = isinstance(message.channel, discord.Thread)
    needed = {
        "view channel": has.view_channel,
        "send messages": in_thread or has.send_messages,
        "send messages in threads": not in_thread or has.send_messages_in_threads,
        "embed links": has.embed_links,
        "read message history": has.read_message_history,
    }
    return ", ".join(name for name, granted in needed.items() if not granted)


def _checked(embeds: list[discord.Embed]) -> list[discord.Embed]:
    """The embeds, if Discord accepts them.

    Raises:
        ValueError: It would not. That is a mistake in `cards`, never in a story.
    """
    if embeds and (found := problems(embeds)):
        raise ValueError("; ".join(found))
    return embeds


def _add_ask(client: Receipts) -> None:
    """Give the client its command."""

    @client.tree.command(name="ask")
    @app_commands.describe(question="Your question, in your own words")
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
    ) -> None:
        """Ask about the story; the answer comes with its sources."""
        embeds, is_answer = client.answer(question)
        # Who asks with a command must be told something: silence becomes the help.
        await interaction.response.send_message(
            embeds=embeds or client.help(), ephemeral=not is_answer
        )

    @ask.autocomplete("question")
    async def suggest(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices(client.answerer.suggest(typed, MAX_CHOICES))

    # Both have their use through the tree.
    del ask, suggest


async def _command_failed(
    interaction: discord.Interaction, error: app_commands.AppCommandError
) -> None:
    """Log what a command raised, and tell the asker so in private."""
    cause = error
    if isinstance(error, app_commands.CommandInvokeError):
        cause = error.original
    if isinstance(cause, discord.NotFound) and cause.code == _UNKNOWN_INTERACTION:
        _log.info("an answer to a command came too late")
        return
    reference = secrets.token_hex(4)
    _log.error("a command failed, reference %s", reference, exc_info=cause)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(_failure(reference), ephemeral=True)
        else:
            await interaction.response.send_message(_failure(reference), ephemeral=True)
    except discord.HTTPException as refused:
        _log.info("reference %s could not be sent: code %d", reference, refused.code)


def _failure(reference: str) -> str:
    return (
        f"Something went wrong on my side; please try again later. "
        f"(Reference: {reference})"
    )


Beside = Callable[[discord.Client], AbstractAsyncContextManager[object]]
"""What runs as long as a client does, such as the health address."""


def run(
    answerer: Answerer,
    token: str,
    today: Callable[[], date],
    beside: Beside = nullcontext,
) -> int:
    """Run the bot until it is told to stop (SIGINT, SIGTERM); return the exit code.

    1 where it cannot start or go on: one sentence on stderr says why, and the mend.
    The token is in no text.
    """
    # In a header a token with a blank or a line break would be an error of its own.
    if not re.fullmatch(r"[!-~]+", token.strip()):
        sys.stderr.write(f"{_refused_token()}\n")
        return 1
    # discord.py warns that it cannot speak, which this bot never does.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    try:
        asyncio.run(_serve(Receipts(answerer, today), token.strip(), beside))
    except KeyboardInterrupt:  # where signals have no handlers of ours: Windows
        return 0
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        sys.stderr.write(f"{_mend(error)}\n")
        return 1
    return 0


def _forget_people(record: logging.LogRecord) -> bool:
    """Keep discord.py from naming the asker where autocomplete fails.

    An answer that came too late is no failure: people type on.
    """
    if record.msg.startswith("Ignoring exception in autocomplete"):
        record.msg, record.args = "autocomplete failed", ()
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, discord.NotFound)
    return True


async def _serve(client: Receipts, token: str, beside: Beside) -> None:
    """Run the client until it fails, or a signal comes."""
    loop = asyncio.get_running_loop()
    async with beside(client):
        task = asyncio.create_task(client.start(token))
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(number, task.cancel)
        async with client:
            with suppress(asyncio.CancelledError):
                await task


def _mend(error: Exception) -> str:
    """One sentence: why the bot stopped, and what to do."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return _refused_token()
        case discord.PrivilegedIntentsRequired():
            return (
                "Discord refused an intent; switch it on under Bot, Privileged "
                f"Gateway Intents, at {_PORTAL}."
            )
        case discord.HTTPException():
            return f"Discord answered with error {error.status}; try again later."
        case discord.ConnectionClosed():
            return f"Discord closed the connection ({error.code}); try again later."
        case _:
            return "Discord cannot be reached; check the network, then try again."


def _refused_token() -> str:
    return (
        "Discord refused the token; copy it again (Bot, Reset Token, at "
        f"{_PORTAL}) and set DISCORD_TOKEN to it."
    )
