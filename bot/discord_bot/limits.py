"""What Discord accepts of a message with embeds, and of an autocomplete choice.

Source: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
and https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Iterator, Sequence
from typing import Final

import discord

MAX_EMBEDS: Final = 10
"""Embeds in a message."""

MAX_TITLE: Final = 256
"""Characters of an embed's title, a field's name, an author's name."""

MAX_DESCRIPTION: Final = 4096
"""Characters of an embed's description."""

MAX_FIELDS: Final = 25
"""Fields of an embed."""

MAX_FIELD: Final = 1024
"""Characters of a field's value."""

MAX_FOOTER: Final = 2048
"""Characters of a footer."""

MAX_TOTAL: Final = 6000
"""Characters of all these texts of all embeds of a message together."""

MAX_CHOICES: Final = 25
"""Choices that autocomplete may offer."""

MAX_CHOICE: Final = 100
"""Characters of a choice's name, and of its value."""

MAX_QUESTION: Final = 300
"""Characters of the question given to /ask: the project's choice; Discord's is 6000."""


def width(text: str) -> int:
    """The length of text as Discord may count it: in UTF-16 units.

    Discord does not say what it counts; this is never less than code points.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(embeds: Sequence[discord.Embed]) -> list[str]:
    """Why Discord would refuse a message of these embeds; empty where it would not."""
    found = [
        f"embed {number}: {problem}"
        for number, embed in enumerate(embeds, 1)
        for problem in _problems(embed)
    ]
    if not 1 <= len(embeds) <= MAX_EMBEDS:
        found.append(f"{len(embeds)} embeds; 1 to {MAX_EMBEDS} are accepted")
    total = sum(width(text) for embed in embeds for _, text, _ in _texts(embed))
    if total > MAX_TOTAL:
        found.append(f"{total} characters in all; {MAX_TOTAL} are accepted")
    return found


def _problems(embed: discord.Embed) -> Iterator[str]:
    texts = list(_texts(embed))
    if not any(text.strip() for _, text, _ in texts):
        yield "nothing in it"
    if len(embed.fields) > MAX_FIELDS:
        yield f"{len(embed.fields)} fields; {MAX_FIELDS} are accepted"
    for what, text, limit in texts:
        if width(text) > limit:
            yield f"{width(text)} characters of {what}; {limit} are accepted"
        if what.startswith("field") and not text.strip():
            yield f"nothing in a {what}"
        if any("\ud800" <= char <= "\udfff" for char in text):
            yield f"half a character in the {what}"


def _texts(embed: discord.Embed) -> Iterator[tuple[str, str, int]]:
    """Each text of an embed that counts: what it is, the text, its limit."""
    yield "title", embed.title or "", MAX_TITLE
    yield "description", embed.description or "", MAX_DESCRIPTION
    yield "footer", embed.footer.text or "", MAX_FOOTER
    yield "author", embed.author.name or "", MAX_TITLE
    for field in embed.fields:
        yield "field's name", field.name or "", MAX_TITLE
        yield "field's value", field.value or "", MAX_FIELD
