"""What moderators' buttons, menus and forms carry: all that is needed, in a custom id.

As in `showing.custom_ids`, nothing is remembered between sending and clicking, and an
id is data from outside: whoever reads it checks it again.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from bot.records.values import Draft

OUR_IDS: Final = re.compile(r"m\d+:")
"""What every custom id of moderators' begins with, of this version and others."""

_ID = re.compile(
    r"m1:(?P<verb>[a-z]{1,10}):(?P<what>[a-z_-]{0,16}):(?P<subject>[a-z0-9-]{0,64})"
    r":(?P<mark>[0-9a-f]{0,8}):(?P<number>\d{0,20})"
)


@dataclass(frozen=True, slots=True)
class Hatch:
    """One button, menu or form: what it does, and to what.

    `what` is a collection, a field or a list, `subject` a record's id, and `number` a
    draft, a question or a page. `mark` tells the state of what it was made for.
    """

    verb: str
    what: str = ""
    subject: str = ""
    mark: str = ""
    number: int = 0

    @property
    def id(self) -> str:
        """The custom id; Discord takes at most 100 characters, so not all at once.

        >>> Hatch("submit", mark="0123abcd", number=214).id
        'm1:submit:::0123abcd:214'
        """
        return f"m1:{self.verb}:{self.what}:{self.subject}:{self.mark}:{self.number}"

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """The hatch of a custom id; None where it is none of this version."""
        found = _ID.fullmatch(custom_id)
        if found is None:
            return None
        verb, what, subject, mark, number = found.groups()
        return cls(verb, what, subject, mark, int(number or 0))


def of_draft(verb: str, draft: Draft, what: str = "") -> Hatch:
    """A hatch to a draft as it is now."""
    return Hatch(verb, what, mark=mark_of(draft.changed.isoformat()), number=draft.id)


def mark_of(text: str) -> str:
    """Eight hexadecimal digits that change when a text changes."""
    return sha256(text.encode(errors="replace")).hexdigest()[:8]
