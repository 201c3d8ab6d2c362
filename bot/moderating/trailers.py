"""The last line of a version's message, for programs: of which draft it was made."""

import re
from typing import Final

from bot.history.history import Version

_TRAILER: Final = "Receipts-Draft"


def with_draft(message: str, number: int) -> str:
    r"""A version's message that tells of which draft it is made.

    >>> with_draft("answers: change did-it", 7)
    'answers: change did-it\n\nReceipts-Draft: 7'
    """
    return f"{message}\n\n{_TRAILER}: {number}"


def plain(message: str) -> str:
    """A version's message without that line."""
    return re.sub(rf"\n+{_TRAILER}: \d+\s*$", "", message)


def drafts_of(version: Version) -> list[int]:
    """The drafts that a version was made of: one, or none."""
    found = re.search(rf"^{_TRAILER}: (\d{{1,18}})\s*$", version.message, re.MULTILINE)
    return [int(found[1])] if found else []
