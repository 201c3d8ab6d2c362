"""People's questions that a proxy bot posts again through a webhook.

PluralKit and its like delete what a person wrote and post it in another name. A webhook
alone is never answered: whoever has its address could make the bot speak, and two bots
could talk without an end. So its message counts only as the second form of a person's
question that the bot has just seen in the same channel and let pass: it has at least
half of those words and none besides, it names the bot, and each question has one.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import discord

from bot.discord_bot.asking.asked import Asked

SOON: Final = 15.0
"""Seconds within which a proxy posts a message again; most need two."""

_MOST: Final = 500
_LEAST: Final = 0.5  # what the proxy may take away are the marks around the words


@dataclass(slots=True)
class Original:
    """A person's question that may be posted again: its message, words and time."""

    message: int
    words: str
    asked: Asked
    at: float


class Reposts:
    """The questions of the last seconds, and which of them were posted again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen = deque[Original](maxlen=_MOST)
        self._moved = deque[int](maxlen=_MOST)

    def note(self, message: discord.Message, asked: Asked) -> None:
        """Remember a person's question that is going to be answered."""
        if message.guild is not None:
            words = message.content.strip()
            self._seen.append(Original(message.id, words, asked, self._clock()))

    def is_moved(self, message: int) -> bool:
        """Whether a question was posted again, so that no answer belongs to it."""
        return message in self._moved

    def take(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> Original | None:
        """The question that a webhook's message is posted again for; each only once."""
        words = message.content.strip()
        if me not in message.mentions or re.search(r"\w", words) is None:
            return None
        since = self._clock() - SOON
        for one in reversed(self._seen):
            if (
                one.at >= since
                and one.asked.channel == message.channel.id
                and words in one.words
                and len(words) >= _LEAST * len(one.words)
                and not self.is_moved(one.message)
            ):
                self._moved.append(one.message)
                return one
        return None
