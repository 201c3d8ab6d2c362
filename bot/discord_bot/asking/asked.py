"""What somebody asked, and the reply that they got: plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What someone asked, and where.

    `refers` is the message it goes on from, None where it names none, and `entry` the
    entry that is known to be shown there. `ambient`: it was not clearly meant for the
    bot.
    """

    text: str
    person: int
    channel: int
    guild: int | None
    refers: int | None = None
    ambient: bool = False
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A reply that was given: to whom, to which words, in which message, when."""

    person: int
    text: str
    message: int
    at: float
