"""The client: Discord's events in, to the room that knows what to do with each.

Matching takes milliseconds, so the answer itself is mostly the acknowledgement that
Discord wants within three seconds. What people ask is not logged, nor who they are.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

import discord
from discord import app_commands
from discord.ext import tasks

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App, Options
from bot.discord_bot.asking.commands import Translator, add_commands
from bot.discord_bot.asking.mentions import Listener, language
from bot.discord_bot.counting import Counts, Uncounted, tracing
from bot.discord_bot.moderation.commands import add_moderation
from bot.discord_bot.router import pressed
from bot.discord_bot.sharding import Sharded, Shards, Turn
from bot.discord_bot.showing.sending import (
    failed,
    failed_reply,
    is_discords,
    log_failure,
)
from bot.memory import Clock
from bot.records.records import Records
from bot.reference import begin, reference

SETTLING: Final = 300.0
"""Seconds from being connected until what is too old is deleted."""

WRONG: Final = timedelta(days=1)
"""By so much Discord's clock may differ from ours, where what is old is deleted."""

FINISH_SECONDS: Final = 4.0
"""Seconds that answers under way may take once the bot is to stop: a service manager
waits ten or more, and closing takes a moment, too."""

_LAST_WORDS: Final = 0.2  # seconds that what is cancelled may take
_HANDLERS: Final = ("discord.py: on_", "CommandTree-invoker")  # discord.py's tasks
_COMMANDS: Final = "commands"  # the mark, in the records, of the commands last sent

_log = logging.getLogger(__name__)


class Receipts(Sharded):
    """The bot. `app` answers and remembers; its answerer may be swapped any time."""

    def __init__(  # noqa: PLR0913 - each is told by name
        self,
        answerer: Answerer,
        today: Callable[[], date],
        records: Records | None = None,
        options: Options | None = None,
        clock: Clock | None = None,
        *,
        shards: Shards | None = None,
        turn: Turn | None = None,
        counts: Counts | None = None,
    ) -> None:
        options = options or Options()
        self._counts = counts = counts or Uncounted()
        self._off = timedelta()  # by so much does the clock here differ from Discord's
        super().__init__(
            shards,
            turn,
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=True,
                message_content=options.reads_channels,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            http_trace=tracing(counts, self._told_time),
        )
        more = {} if clock is None else {"clock": clock}
        self.app = App(answerer, today, records, options, **more)
        self.app.counts = self.app.pace.counts = counts
        self._listener = Listener(self.app)
        self.tree = _Commands(
            self,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )
        self.tree.error(_command_failed)
        self._registering: asyncio.Task[None] | None = None
        logging.getLogger("discord.app_commands.tree").addFilter(_forget_people)
        logging.getLogger("discord.shard").addFilter(_be_brief)
        add_commands(self.tree, self.app)
        add_moderation(self.tree, self.app)

    async def setup_hook(self) -> None:
        """Begin the daily work, and to register the commands.

        Connecting does not wait for them: mentions do not need them, Discord knows them
        from before, and may hold new ones back for hours.
        Source: https://docs.discord.com/developers/interactions/application-commands
        """
        if self.app.records:
            self._keep_house.start()
        if 0 in self.shard_numbers:  # the other processes leave that to this one
            self._registering = asyncio.create_task(self._register())

    async def _register(self) -> None:
        """Register the commands with Discord, where they are not what it knows."""
        try:
            await self.tree.set_translator(Translator())
            await self._sync()
        except Exception as error:  # noqa: BLE001 - logged: the bot does without
            why = str(error) or type(error).__name__
            _log.error("commands not registered: %s", why)

    async def _sync(self) -> None:
        """Send the commands, to each home server its own, where they are not known."""
        await self._sync_in(None)
        for guild in sorted(self.app.options.home_guilds):
            try:
                await self._sync_in(discord.Object(guild))
            except discord.Forbidden:
                _log.warning("no commands in home server %d: I am not there", guild)

    async def _sync_in(self, guild: discord.Object | None) -> None:
        """Send commands, unless they were sent before, as the records know."""
        payload = [
            await command.get_translated_payload(self.tree, Translator())
            for command in self.tree.get_commands(guild=guild)
        ]
        sent = json.dumps([self.application_id, payload], sort_keys=True)
        mark = sha256(sent.encode()).hexdigest()
        name = f"{_COMMANDS}-{guild.id}" if guild else _COMMANDS
        records = self.app.records
        if records and await self.app.kept(records.settings.mark(name)) == mark:
            return
        await self.tree.sync(guild=guild)
        if records:
            await self.app.kept(records.settings.set_mark(name, mark))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Register moderators' commands in a home server that the bot is new in.

        Whoever removes the bot removes them, too.
        """
        if guild.id in self.app.options.home_guilds:
            with suppress(discord.HTTPException):
                await self.tree.sync(guild=guild)

    async def close(self) -> None:
        """Take nothing more, let what was asked be answered, and stop.

        What answers left is written then, and what goes on beside them has ended: what
        uses the records while they are closed may never end.
        """
        is_first = not self.is_closed()
        self._keep_house.cancel()
        beside = (self._keep_house.get_task(), self._registering)
        self.hush()
        if is_first:
            await _finish()
        for task in filter(None, beside):
            task.cancel()
            await asyncio.wait({task}, timeout=_LAST_WORDS)
        await super().close()
        if is_first:
            await self.app.end()

    @tasks.loop(hours=24)
    async def _keep_house(self) -> None:
        """Delete what is too old to be kept, once a day; by no clock that is wrong."""
        if self._off > WRONG:
            days = self._off / timedelta(days=1)
            _log.error(
                "nothing old is deleted: this machine's clock is %.0f days off", days
            )
        elif self.app.records and self.app.leads:
            audit_days = self.app.options.audit_days
            work = self.app.records.keep_house(self.app.now(), audit_days)
            if await self.app.kept(work) is not None:
                self._counts.purged()

    def _told_time(self, theirs: datetime) -> None:
        self._off = abs(self.app.now() - theirs)

    @_keep_house.before_loop
    async def _settle(self) -> None:
        """Leave the first minutes to those who asked while the bot was away."""
        await self.wait_until_ready()
        await asyncio.sleep(SETTLING)

    async def on_ready(self) -> None:
        """Say in the log that the bot is connected."""
        _log.info(
            "ready, in %d servers (shards %s of %d)",
            len(self.guilds),
            ", ".join(map(str, self.shard_numbers)),
            self.shard_count,
        )

    async def on_shard_connect(self, shard_id: int) -> None:
        """Count that a shard began a session."""
        self._counts.connected(shard_id, resumed=False)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Count that a shard goes on with its session."""
        self._counts.connected(shard_id, resumed=True)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that asks the bot something; keep silent else."""
        begin("message")
        await self._listener.heard(message, self.user)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew that was edited soon after."""
        begin("edit")
        await self._listener.edited(payload.message, self.user)

    async def on_raw_message_delete(
        self, payload: discord.RawMessageDeleteEvent
    ) -> None:
        """Take back the answer to a question that was deleted soon after."""
        begin("delete")
        channel = self.get_partial_messageable(
            payload.channel_id, guild_id=payload.guild_id
        )
        await self._listener.deleted(payload.message_id, channel)

    async def on_raw_bulk_message_delete(
        self, payload: discord.RawBulkMessageDeleteEvent
    ) -> None:
        """Take back the answers to all questions that were deleted together."""
        begin("delete")
        channel = self.get_partial_messageable(
            payload.channel_id, guild_id=payload.guild_id
        )
        for message in sorted(payload.message_ids):
            await self._listener.deleted(message, channel)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Do what a button, a menu or a form is for; commands have the tree."""
        if interaction.type in {
            discord.InteractionType.component,
            discord.InteractionType.modal_submit,
        }:
            begin(interaction.type.name)
            await pressed(self.app, interaction)

    async def on_error(
        self, event_method: str, /, *args: object, **_kwargs: object
    ) -> None:
        """Log what a handler raised, and tell the writer so, if Discord is well."""
        reference()  # one to tell
        error = sys.exc_info()[1]
        log_failure(_log, f"{event_method} failed", error)
        message = args[0] if args else None
        if (
            isinstance(message, discord.Message)
            and not is_discords(error)
            and self.app.may_tell_failure(message.channel.id)
        ):
            said = language(message, self.app)
            await failed_reply(message, said)


async def _finish() -> None:
    """Let what people asked before be answered, as long as that takes no longer."""
    loop = asyncio.get_running_loop()
    until = loop.time() + FINISH_SECONDS
    while under_way := {
        task for task in asyncio.all_tasks() if task.get_name().startswith(_HANDLERS)
    }:
        left = until - loop.time()
        if left <= 0:
            _log.warning("stopped with %d answers under way", len(under_way))
            for task in under_way:
                task.cancel()
            await asyncio.wait(under_way, timeout=_LAST_WORDS)
            return
        await asyncio.wait(under_way, timeout=left)


class _Commands(app_commands.CommandTree["Receipts"]):
    """The slash commands; each use is a request of its own."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Begin a request. All may: what a command needs, it looks at itself."""
        begin(interaction.type.name)
        return True


async def _command_failed(
    interaction: discord.Interaction, error: app_commands.AppCommandError
) -> None:
    """Log what a command raised, and tell the asker so in private."""
    is_ours = isinstance(error, app_commands.CommandInvokeError)
    await failed(interaction, error.original if is_ours else error)


def _be_brief(record: logging.LogRecord) -> bool:
    """Have discord.py tell of a lost connection in one line, as it comes back."""
    error = record.exc_info[1] if record.exc_info else None
    if error and record.msg.startswith("Attempting a reconnect"):
        record.msg = f"{record.getMessage()}: {type(error).__name__}"
        record.args, record.exc_info = (), None
    return True


def _forget_people(record: logging.LogRecord) -> bool:
    """Keep discord.py from naming the asker where autocomplete fails.

    An answer that came too late is no failure: people type on.
    """
    if record.msg.startswith("Ignoring exception in autocomplete"):
        record.msg, record.args = "autocomplete failed", ()
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, discord.NotFound)
    return True
