"""Texts that a story, a person or an attacker may hold, and what is alive in a text."""

import re
from typing import Final

from hypothesis import strategies as st

FRAGMENTS: Final = [
    *"\\*_~`|[]()<>#@:-+.!/?=&%\n\t '\"",
    *(
        "a](https://evil.example/x) [b",
        "[x](http://evil.example)",
        "https://evil.example",
    ),
    *("<@123456789012345678>", "<@&123456789012345678>", "<#123456789012345678>"),
    *("<t:1700000000:R>", "</ask:123456789012345678>", "<:x:123456789012345678>"),
    *("<a:x:123456789012345678>", "<id:home>", "<https://evil.example>"),
    *("@everyone", "@here", "discord.gg/abc", "steam://run/1", "mailto:a@evil.example"),
    *("\n# x", "\n-# x", "\n> x", "\n>>> x", "\n- x", "\n* x", "\n1. x", "```py\n"),
    *(":smile:", "||x||", "**x**", "~~x~~", "__x__", "`x`", "[1]", "1.", "\u202e"),
    *("\u200b", "\u200d", "\ud800", "\x00", "🔔", "e\u0301", "e.g. ", "word "),
]
pieces = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=12)
texts = st.tuples(pieces, st.sampled_from([1, 1, 1, 1, 9])).map(
    lambda drawn: "".join(drawn[0]) * drawn[1]
)

_OWN: Final = re.compile(r"\*\*(?:Sources|Fuentes)\*\*|^- ", re.MULTILINE)
_READ: Final = "\ue000"  # stands for what only reads
_ESCAPED: Final = re.compile(r"\\[^0-9A-Za-z\s]")
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\(([^()\s<>]*)\)")
_ALIVE: Final = re.compile(
    r"[\\*_~`|\[\]<]|\w://|@everyone|@here|:[\w+~-]+:|discord\.gg/|^\s*(?:[#>+-]|\d+[.)]\s)",
    re.IGNORECASE | re.MULTILINE,
)
_DRAWN: Final = re.compile(r"<(?:@[!&]?|#|t:|a?:\w+:|id:)[\w:]+>|</[^>]+:\d+>")


def alive(text: str) -> tuple[list[str], list[str]]:
    """What Discord would draw in a text, read independently: links, and the rest."""
    rest = _ESCAPED.sub(_READ, _OWN.sub("", text))
    addresses = [found[2] for found in _LINK.finditer(rest)]
    found = [*_ALIVE.findall(_LINK.sub(_READ, rest)), *_DRAWN.findall(text)]
    return addresses, found
