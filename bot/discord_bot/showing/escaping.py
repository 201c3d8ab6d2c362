"""Text and addresses that do in Discord only what we mean them to do.

`discord.utils.escape_markdown` lets masked links, bare addresses, times, channels and
commands through, so this is our own. Nothing here knows a card.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from bot.discord_bot.showing.limits import width
from bot.story.prose import squeeze

MAX_URL: Final = 1000
"""Characters of an address: a longer one would take a card's room, so it is not shown.

The project's own choice; story files hold up to 512 before percent-encoding.
"""

_BREAK: Final = "\u200b"  # zero width: takes a token apart, and nobody sees it
# Joiners shape letters of some scripts, and emoji; other format characters are dropped:
# they hide text, or turn its direction.
_JOINERS: Final = "\u200c\u200d"

# Each character that formats inside a line, and the colon of ":emoji:". A sentence's
# own "[1]" is escaped too, and reads the same.
_INLINE = re.compile(r"[\\*_~`|\[\]]|:(?=[\w+~-]+:)")
# The place for a backslash where a line would be a heading, small print, an item of a
# list or a quotation.
_LINE_START = re.compile(r"(?=[#>+-])|\d+(?=[.)])")
# A backslash keeps these from being drawn, yet not from pinging or linking everywhere.
_TOKEN = re.compile(
    r"<(?=\S)"  # mentions, channels, roles, emoji, times, commands, <https://…>
    r"|@(?=everyone|here)"
    r"|(?<=[A-Za-z]):(?=//)"  # https://, steam://
    r"|(?<=\.gg|com)(?=/)",  # discord.gg/…, discord.com/invite/…
    re.IGNORECASE,
)
# Of a word with an "@": mailto:a@b. Looked for apart, as a look ahead at every colon
# would read all of a long word each time.
_ADDRESS = re.compile(r"(?<=[A-Za-z]):")


def clean(text: str) -> str:
    r"""Text on one line, without control, format and broken characters.

    >>> clean(" one\u202e\n two\x00 ")
    'one two'
    """
    kept = (
        char
        for char in text
        if char in _JOINERS
        or char.isspace()
        or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    return squeeze("".join(kept))


def escape(text: str) -> str:
    r"""Text that reads the same in Discord and does nothing else, on one line.

    It cannot ping, link, format, or draw a mention, an emoji, a time or a command,
    wherever in a line it is put.

    >>> escape("# a](https://evil.example) [b")
    '\\# a\\](https:\u200b//evil.example) \\[b'
    """
    text = " ".join(map(_without_address, clean(text).split(" ")))
    broken = _TOKEN.sub(lambda found: found.group() + _BREAK, text)
    inline = _INLINE.sub(r"\\\g<0>", broken).replace("<", "\\<")
    if start := _LINE_START.match(inline):
        return f"{inline[: start.end()]}\\{inline[start.end() :]}"
    return inline


def _without_address(word: str) -> str:
    """A word with a break after each colon before its last "@"."""
    before, at, after = word.rpartition("@")
    return _ADDRESS.sub(f":{_BREAK}", before) + at + after


def shorten(text: str, limit: int) -> str:
    """Escaped text within a limit, cut between words and ending in `…` if it was cut.

    No comma is left before that. A word longer than the limit is cut in itself. `limit`
    is in Discord's characters and at least 1. Safe text stays safe.

    >>> shorten("It sued North Six in New York.", 20)
    'It sued North Six…'
    """
    if width(text) <= limit:
        return text
    kept = text[:limit]
    while width(kept) >= limit:
        kept = kept[:-1]
    if " " in kept and text[len(kept)] != " ":
        kept = kept.rpartition(" ")[0]
    # Half an escape would join the ellipsis: an odd backslash at the end goes.
    if (len(kept) - len(kept.rstrip("\\"))) % 2:
        kept = kept[:-1]
    return kept.rstrip(" ,;") + "…"


def label(text: str) -> str:
    """Text for the words of a masked link; empty where nothing is left of it.

    Brackets would end the link early, and Discord does not link words that hold an
    emoji (https://github.com/discord/discord-api-docs/issues/7673).
    """
    kept = (
        char
        for char in text.translate(_BRACKETS)
        if unicodedata.category(char) not in {"So", "Sk"} and char not in "\ufe0f\u20e3"
    )
    return escape("".join(kept))


_BRACKETS = str.maketrans({"[": "", "]": "", "<": "", ">": "", "`": "'"})


def safe_url(url: str | None) -> tuple[str, str] | None:
    """An address fit for a masked link, and the domain that a reader is shown.

    None where it is no plain https address: another scheme, a user name, a domain that
    is not ASCII, an address that is too long. Never raises.

    >>> safe_url("https://www.example.com/a_(b)")
    ('https://www.example.com/a_%28b%29', 'example.com')
    """
    try:
        parts = urlsplit(url or "")
        host, _ = parts.hostname or "", parts.port
        encoded = _encoded(parts)
    except ValueError:  # a broken port, bracket or character
        return None
    plain_host = re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", host)
    if parts.scheme != "https" or "@" in parts.netloc or not plain_host:
        return None
    return (encoded, host.removeprefix("www.")) if len(encoded) <= MAX_URL else None


def _encoded(parts: SplitResult) -> str:
    """The address with all but RFC 3986's plain characters percent-encoded."""
    safe = "%/:@!$&'+,;=?~-._"
    tail = quote(parts.path, safe=safe)
    tail += f"?{quote(parts.query, safe=safe)}" if parts.query else ""
    tail += f"#{quote(parts.fragment, safe=safe)}" if parts.fragment else ""
    return f"https://{parts.netloc.lower()}{tail}"
