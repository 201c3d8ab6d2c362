"""Corrections that follow the answers already given: their messages are edited.

Looked at is what waits in the records, not what changed: what the last run could not do
is done by this one. A message is read before it is written, so that one which says it
already, as the last run was killed in that moment, is not edited again. Nobody is
pinged. Where several processes serve one story, one of them does this.
"""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Final, Literal

import aiohttp
import discord

from bot.discord_bot.asking.answer_again import told_again
from bot.discord_bot.asking.moderators_channel import post
from bot.discord_bot.client import Receipts
from bot.discord_bot.moderation.correction_cards import correction_shown
from bot.discord_bot.showing.anew import offered, written_anew
from bot.discord_bot.showing.corrected_cards import Corrected
from bot.discord_bot.showing.messages import Sending, plain
from bot.discord_bot.showing.sending import Make, changes
from bot.lane import beside
from bot.records.values import CorrectedState, Correction, Due, RecordsError
from bot.words.catalogue import Words, words

EVERY: Final = 5.0
"""Seconds between two looks at what waits."""

SETTLED: Final = timedelta(seconds=10)
"""After which what a correction came of is served, if anything newer is: the files may
have been looked at in the moment before."""

PAUSE: Final = 0.2
"""Seconds between two messages, each two requests: a fifth of what Discord accepts."""

_AT_ONCE: Final = 20  # messages between two looks at whether a moderator stopped it
_AFTER_A_FAILURE: Final = 60.0
_TOO_MANY: Final = 429  # of HTTP
_SERVER_ERROR: Final = 500
# Codes of Discord's; of what is none of these, that one message is to blame.
# Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes
_GONE: Final = {10003, 10008}  # the channel, the message
_LATER: Final = {30046}  # too many edits of messages that are older than an hour
_CHANNEL: Final[dict[int, CorrectedState]] = {
    50001: "refused",  # no access
    50013: "refused",  # no permission
    50083: "archived",
}
"""What is so of all messages of a channel."""

End = CorrectedState | Literal["gone", "later"]
_log = logging.getLogger(__name__)


def amending(client: Receipts) -> AbstractAsyncContextManager[None]:
    """Correct what people were told while the context is open."""
    return beside(_watch(client))


async def _watch(client: Receipts) -> None:
    amender = Amender(client)
    while True:
        await asyncio.sleep(EVERY)
        if not (client.is_ready() and client.app.leads):
            continue
        try:
            is_done = await amender.amend()
        except Exception:  # noqa: BLE001 - logged, and the bot goes on
            _log.exception("answers could not be corrected")
            is_done = False
        if not is_done:
            await asyncio.sleep(_AFTER_A_FAILURE)


class Amender:
    """Corrects the messages that wait for it, the latest first."""

    def __init__(
        self, client: Receipts, pause: float = PAUSE, settled: timedelta = SETTLED
    ) -> None:
        self._client, self._pause, self._settled = client, pause, settled
        self._closed: dict[int, CorrectedState] = {}

    async def amend(self) -> bool:
        """Correct all that waits and can be; whether that is all done.

        It is not where Discord or the records fail, which may pass.
        """
        app = self._client.app
        if app.records is None:
            return True
        kept = app.records.corrections
        self._closed.clear()
        while True:
            found = await app.kept(kept.open(app.options.story))
            if not found:
                return found is not None
            ready = [one.id for one in found if self._is_live(one)]
            due = await app.kept(kept.due(ready, _AT_ONCE))
            for one in due or ():
                if not await self._one(one):
                    return False
                await asyncio.sleep(self._pause)
            if not due:
                over = await app.kept(kept.finish(app.options.story, app.now()))
                for one in over or ():
                    await self._tell(one)
                return due is not None and over is not None

    def _is_live(self, correction: Correction) -> bool:
        """Whether what it came of is served, so that messages can show it."""
        app = self._client.app
        is_newer = app.answerer.story.revision != correction.before
        return is_newer and app.now() - correction.at >= self._settled

    async def _one(self, due: Due) -> bool:
        """Correct one message; whether that is done with."""
        app = self._client.app
        if app.records is None:
            return True
        kept = app.records.corrections
        channel = due.message.channel
        end: End = self._closed.get(channel) or await self._edit(due)
        match end:
            case "later":
                return False
            case "gone":
                return (
                    await app.kept(app.records.shown.forget(due.message.id)) is not None
                )
            case "done":
                now = [
                    app.shown(due.message, told, one.place)
                    for one in due.shown
                    if one.answer.entry in due.entries
                    and (told := told_again(app.answerer, one, app.today()))
                ]
                done = kept.done(due, now)
            case _:
                done = kept.leave(due, end)
        try:
            await done
        except RecordsError as error:
            _log.error("records: %s", error)
            return False
        return True

    async def _edit(self, due: Due) -> End:
        """Write a message anew; what became of it."""
        where = due.message
        place = self._client.get_partial_messageable(
            where.channel, guild_id=where.guild
        )
        try:
            message = await place.fetch_message(where.id)
            sending = self._made(due, message)
            if sending is not None:
                nobody = discord.AllowedMentions.none()
                await message.edit(**changes(sending), allowed_mentions=nobody)
        except discord.HTTPException as error:
            _log.info("an answer was not corrected: Discord's code %d", error.code)
            if error.status >= _SERVER_ERROR or error.status == _TOO_MANY:
                return "later"
            if error.code in _CHANNEL:
                self._closed[where.channel] = _CHANNEL[error.code]
                return _CHANNEL[error.code]
            if error.code in _LATER:
                return "later"
            return "gone" if error.code in _GONE else "refused"
        except (aiohttp.ClientError, OSError):
            _log.info("an answer was not corrected: Discord cannot be reached")
            return "later"
        return "done"

    def _made(self, due: Due, message: discord.Message) -> Sending | None:
        """A message as it is to be; None where it is so already."""
        app = self._client.app
        guild = self._client.get_guild(due.message.guild or 0)
        beside = offered(message)
        found = [
            Corrected(
                told_again(app.answerer, one, app.today(), beside.get(one.place, ())),
                due.corrected.get(one.answer.entry, ()),
                one.place,
                one.answer.entry in due.entries,
            )
            for one in due.shown
        ]
        usual = words(guild.preferred_locale if guild else "en")
        return written_anew(message, found, usual, votes=app.records is not None)

    async def _tell(self, correction: Correction) -> None:
        """Tell the moderators' channel what became of a correction."""

        def make(_: discord.Guild, said: Words) -> Make:
            shown = correction_shown(correction, said)
            return lambda is_plain: plain(shown.cards) if is_plain else shown.sending()

        await post(self._client, self._client.app.options, make)
