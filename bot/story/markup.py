"""What curated text must not hold: all that Discord would act on."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeGuard

from bot.story.model import Record
from bot.story.validation import Loc

_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "would ping everyone": re.compile(r"@(?:everyone|here)\b", re.IGNORECASE),
    "is a mention, emoji or time that Discord would draw": re.compile(
        r"<(?:@[!&]?|#|a?:\w+:|t:-?|/[\w -]+:|id:)\w+(?::\w)?>"
    ),
    "is a masked link": re.compile(r"\[[^\[\]]*\]\([^()]*\)"),
    "is a bare address; name the source instead": re.compile(
        r"(?:https?:/|javascript:|data:\w+/|discord\.gg/)\S+", re.IGNORECASE
    ),
}

_HINT = re.compile(r"[@<:]|\]\(|discord\.gg", re.IGNORECASE)
"""What every one of the patterns has: most text is done with after one look."""

_SKIPPED: Final = frozenset({"url", "ask"})
"""Fields that are no text of ours: an address, and what a stranger typed."""


class Unsafe(NamedTuple):
    """Some words of a text, and what they would do."""

    words: str
    why: str


def unsafe(text: str) -> Unsafe | None:
    """The first words of a text that Discord would act on; None where there are none.

    >>> unsafe("hello @everyone")
    Unsafe(words='@everyone', why='would ping everyone')
    """
    for why, pattern in _PATTERNS.items() if _HINT.search(text) else ():
        if found := pattern.search(text):
            return Unsafe(found.group(), why)
    return None


def strings(record: Record) -> Iterator[tuple[Loc, str]]:
    """Every text in a record that a reader may be shown, and the way to it."""
    stack: list[tuple[Loc, object]] = [((), record)]
    while stack:
        loc, value = stack.pop()
        if isinstance(value, str):
            yield loc, value
        elif isinstance(value, Record):
            stack.extend(
                ((*loc, name), part) for name, part in value if name not in _SKIPPED
            )
        elif _is_list(value):
            stack.extend(((*loc, at), part) for at, part in enumerate(value))
        elif _is_table(value):
            stack.extend(((*loc, name), part) for name, part in value.items())


def _is_list(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
