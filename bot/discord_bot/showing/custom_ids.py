"""What buttons, menus and forms carry: all that a click needs, in its custom id.

Nothing is remembered between sending and clicking, so a button works after a restart
and after months. An id is data from outside: whoever reads it checks it again.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from bot.answering.outcome import Answer

NONE_OF_THESE: Final = "?none"
"""The choice of none; entries' ids hold no question mark."""

DELETE: Final = "?delete"
"""The choice that deletes the message, in a menu of questions."""

OURS: Final = re.compile(r"[rm]\d+:")
"""What every custom id of ours begins with, of this version and others."""

_PATTERNS: Final = {
    "verb": re.compile(r"[a-z]{1,10}"),
    "what": re.compile(r"[a-z_-]{0,16}"),
    "subject": re.compile(r"[^\x00-,.-/:-`{-\x7f\s]{0,64}"),
    "mark": re.compile(r"[0-9a-f]{0,8}"),
    "number": re.compile(r"[0-9]{0,20}"),
    "place": re.compile(r"[0-9]{0,2}"),
}
_PARTS: Final = {
    "r1": ("subject", "mark", "number", "place"),
    "m1": ("what", "subject", "mark", "number"),
}
"""The parts of an id after its verb: of those for all, and of moderators'."""

MODERATORS: Final = frozenset(
    """add again allow answer apart approve asked audit close correct correction cues
    done edit hide item kinds look mine move notthis open pair preview queue refuse
    search settle submit take undo unhide way ways weak withdraw write""".split()
)
"""The verbs of what only moderators may use."""


@dataclass(frozen=True, slots=True)
class CustomId:
    """One button, menu or form: what it does, and to what.

    `subject` is an entry's or a record's id, what is browsed, or the fingerprint of a
    question without an answer; `mark` tells the state of what it was made for. `number`
    is a page, a message, a draft, a question in the records, or whoever asked; `place`
    keeps buttons of one message apart. `what` is a moderators' collection, field or
    list.
    """

    verb: str
    subject: str = ""
    mark: str = ""
    number: int = 0
    place: int = 0
    what: str = ""

    @property
    def id(self) -> str:
        """As Discord keeps it, in at most 100 characters, so not all at once.

        >>> CustomId("full", "was-it-stolen", "0123abcd").id
        'r1:full:was-it-stolen:0123abcd:0:0'
        >>> CustomId("submit", mark="0123abcd", number=214).id
        'm1:submit:::0123abcd:214'
        """
        version = "m1" if self.verb in MODERATORS else "r1"
        parts = (str(getattr(self, part)) for part in _PARTS[version])
        return ":".join((version, self.verb, *parts))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What an id says; None where it is none of this version."""
        version, *values = text.split(":")
        parts = ("verb", *_PARTS.get(version, ()))
        if len(values) != len(parts) or not all(map(_is_fit, parts, values)):
            return None
        found = dict(zip(parts, values, strict=True))
        if (version == "m1") != (found["verb"] in MODERATORS):
            return None
        return cls(
            found["verb"],
            subject=found["subject"],
            mark=found["mark"],
            number=int(found["number"] or 0),
            place=int(found.get("place") or 0),
            what=found.get("what", ""),
        )


def _is_fit(part: str, value: str) -> bool:
    return _PATTERNS[part].fullmatch(value) is not None


def mark_of(text: str) -> str:
    """Eight hexadecimal digits that change when a text changes."""
    return sha256(text.encode(errors="replace")).hexdigest()[:8]


def answer_mark(answer: Answer) -> str:
    """The mark of what an answer says."""
    premise = " ".join(filter(None, (answer.opening, answer.premise)))
    said = (premise, *answer.sentences, *answer.changes, *answer.disputes)
    return mark_of("\n".join(said))
