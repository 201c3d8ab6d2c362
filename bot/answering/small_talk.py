"""What asks nothing of a story: greetings, thanks, and what people say among them."""

import re
from typing import Final

from bot.story.prose import fold

_AMONG_US: Final = re.compile(
    r"\b(?:we|us|yall|y'all|guys|mods?|this (?:channel|chat|server|bot)|in here)\b"
)
"""What people say to each other in a channel, not to a bot."""

_SMALL_TALK: Final = frozenset(
    """hi hello hey yo hiya howdy sup greetings morning afternoon evening night bye
    goodbye thanks thank thx ty tysm cheers help helped helpful start menu info commands
    you bot receipts""".split()
)
_AROUND_IT: Final = frozenset(
    """a about all am and any are ask at can do does everyone for from good guys have
    how i in is it know learn lot many me much my nice of ok on please pls question
    questions really see so that the there this tell to u use very was we well what who
    with work works your""".split()
)


def is_small_talk(asked: str) -> bool:
    """Whether a message is a greeting, thanks, or 'what can you do?', and no more."""
    said = {re.sub(r"(.)\1{2,}", r"\1", word) for word in fold(asked).split()}
    return bool(said & _SMALL_TALK) and said <= _SMALL_TALK | _AROUND_IT


def is_among_people(asked: str) -> bool:
    """Whether a message is said to those in the channel, not to a bot."""
    return bool(_AMONG_US.search(asked.lower()))
