"""What buttons, menus and forms carry: all that a click needs, in its custom id.

Nothing is remembered between sending and clicking, so a button works after a restart
and after months. An id is data from outside: whoever reads it checks it again.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, Protocol, Self, get_args

from bot.answering.outcome import Answer

Verb = Literal[
    "full",
    "quotes",
    "follow",
    "helpful",
    "wrong",
    "delete",
    "post",
    "pick",
    "related",
    "send",
    "report",
    "topic",
    "page",
    "tell",
    "here",
    "direct",
    "forget",
    "forgotten",
]

NONE_OF_THESE: Final = "?none"
"""The choice of none; entries' ids hold no question mark."""

_ID = re.compile(
    r"r1:(?P<verb>[a-z]+):(?P<subject>[a-z0-9-]{0,64}):(?P<mark>[0-9a-f]{0,8})"
    r":(?P<number>\d{0,20}):(?P<place>\d{0,2})"
)


class Opens(Protocol):
    """What a button or a menu does: its custom id, and the verb in it."""

    @property
    def id(self) -> str:
        """The custom id."""
        ...

    @property
    def verb(self) -> str:
        """What it does, in a word."""
        ...


@dataclass(frozen=True, slots=True)
class Door:
    """One button, menu or form: what it does, and to what.

    `subject` is an entry's id, or what is browsed; `mark` tells the state of the answer
    it was made for. `number` is a page, a message, a question in the records, or
    whoever asked; `place` keeps doors of one message apart.
    """

    verb: Verb
    subject: str = ""
    mark: str = ""
    number: int = 0
    place: int = 0

    @property
    def id(self) -> str:
        """The custom id, of at most 100 characters.

        >>> Door("full", "was-it-stolen", "0123abcd").id
        'r1:full:was-it-stolen:0123abcd:0:0'
        """
        verb, mark = self.verb, self.mark
        return f"r1:{verb}:{self.subject}:{mark}:{self.number}:{self.place}"

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """The door of a custom id; None where it is none of ours."""
        found = _ID.fullmatch(custom_id)
        verb = next((one for one in get_args(Verb) if found and one == found[1]), None)
        if found is None or verb is None:
            return None
        number, place = int(found["number"] or 0), int(found["place"] or 0)
        return cls(verb, found["subject"], found["mark"], number, place)


def mark_of(answer: Answer) -> str:
    """Eight hexadecimal digits that change when what an answer says changes."""
    premise = " ".join(filter(None, (answer.opening, answer.premise)))
    said = (premise, *answer.sentences, *answer.changes, *answer.disputes)
    return sha256("\n".join(said).encode(errors="replace")).hexdigest()[:8]
