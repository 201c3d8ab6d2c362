"""What moderators set for a channel, and what the bot notes for its next start."""

from dataclasses import asdict

from sqlalchemy import select

from bot.records.database import Database, put
from bot.records.redaction import identifier
from bot.records.tables import channels, marks
from bot.records.values import ChannelSettings


class Settings:
    """Settings of channels; where nothing was set, the defaults."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_channel(self, guild: int, channel: int) -> ChannelSettings:
        """The settings of a channel."""
        query = select(channels.c.answers_unasked, channels.c.cooldown).where(
            channels.c.guild == guild, channels.c.channel == channel
        )
        row = await self._database.read(lambda on: on.execute(query).first())
        return ChannelSettings(*row) if row else ChannelSettings()

    async def set_channel(
        self, guild: int, channel: int, settings: ChannelSettings
    ) -> None:
        """Set all of a channel's settings."""
        values = {"guild": guild, "channel": channel, **asdict(settings)}
        keys = ["guild", "channel"]
        await self._database.write(lambda on: put(on, channels, keys, values))

    async def mark(self, name: str) -> str | None:
        """What the bot noted for its next start under a name; None: nothing."""
        query = select(marks.c.value).where(marks.c.name == identifier(name))
        return await self._database.read(lambda on: on.scalar(query))

    async def set_mark(self, name: str, value: str) -> None:
        """Note something for the bot's next start, such as the hash of what it sent.

        Both are ids, as those of stories are.
        """
        values = {"name": identifier(name), "value": identifier(value)}
        await self._database.write(lambda on: put(on, marks, ["name"], values))
