"""The words of a message: its own, forwarded ones, or those that it replies to."""

import re
from typing import Final

import discord

_MENTION: Final = re.compile(r"<@[!&]?\d+>")
_POINTING: Final = frozenset(
    "answer any anyone can could help hey hi idea is it please pls plz receipts that"
    " this true you".split()
)
"""Words that ask nothing by themselves: “is this true?” is about another message."""


def words_in(message: discord.Message) -> str:
    """What a message says, without mentions; of a forwarded one, what it forwards."""
    texts = (message.content, *(one.content for one in message.message_snapshots))
    return _MENTION.sub(" ", "\n".join(filter(None, texts))).strip()


def question_in(message: discord.Message, me: discord.ClientUser) -> str:
    """What a message asks, empty where it asks nothing.

    “@Receipts?” under somebody else's message asks what stands there.
    """
    own = words_in(message)
    above = replied_to(message)
    if above is None or above.author.id == me.id or not _only_points(own):
        return own
    return words_in(above)


def replied_to(message: discord.Message) -> discord.Message | None:
    """The message that one replies to, where Discord sent it along."""
    to = message.reference
    found = (
        to.resolved if to and to.type is discord.MessageReferenceType.reply else None
    )
    return found if isinstance(found, discord.Message) else None


def says_nothing(message: discord.Message, me: discord.ClientUser) -> str | None:
    """The sentence for a message without a question in words; None where help will do.

    Pictures, files, stickers and polls cannot be read; nor can a message of which
    Discord sends no words, as the bot is not named in it.
    """
    above = replied_to(message)
    if message.attachments or message.stickers or message.poll or _forwards(message):
        return "text-only"
    return "unread-above" if above is not None and above.author.id != me.id else None


def goes_on_from(message: discord.Message) -> int | None:
    """The message that a question goes on from: never one that is only forwarded."""
    to = message.reference
    return to.message_id if to and not _forwards(message) else None


def _forwards(message: discord.Message) -> bool:
    return bool(message.message_snapshots)


def _only_points(text: str) -> bool:
    return _POINTING.issuperset(re.findall(r"\w+", text.lower()))
