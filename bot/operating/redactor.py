"""Secrets out of texts: what is ours by value, what only looks secret by its shape."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

MASK: Final = "[redacted]"

# A bot's token; the token of an interaction or a webhook in an address; the password in
# an address of anything. The last group is what is secret.
# Source: https://docs.discord.com/developers/reference#authentication
_SHAPES: Final = tuple(
    map(
        re.compile,
        (
            r"()\b([\w-]{18,40}\.[\w-]{6}\.[\w-]{27,})",
            r"(/(?:interactions|webhooks)/\d+/)([\w-]+)",
            r"(\b[a-zA-Z][\w+.-]*://[^\s:/@]*:)([^\s/@]+)(?=@)",
        ),
    )
)


class Redactor:
    """Replaces secrets in texts, however they are escaped there."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take secrets; of an address of a database, the password is one too."""
        forms = {form for secret in secrets for form in _forms(secret)}
        longest_first = sorted(filter(None, forms), key=len, reverse=True)
        # Looking ahead finds secrets that overlap, too.
        alternatives = "|".join(map(re.escape, longest_first))
        self._known = re.compile(f"(?=({alternatives}))") if forms else None

    def __call__(self, text: str) -> str:
        """The text without secrets. Never raises.

        >>> Redactor(["postgresql://ann:pass%21word@host/db"])("wrong: pass!word")
        'wrong: [redacted]'
        """
        spans = [span for shape in _SHAPES for span in _spans(shape, text, 2)]
        if self._known:
            spans.extend(_spans(self._known, text, 1))
        parts: list[str] = []
        end = 0
        for start, stop in sorted(spans):
            if start >= end:
                parts += text[end:start], MASK
            end = max(end, stop)
        return "".join([*parts, text[end:]])


def _spans(
    pattern: re.Pattern[str], text: str, group: int
) -> Iterator[tuple[int, int]]:
    return (found.span(group) for found in pattern.finditer(text))


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may be written: itself, its password, and both escaped."""
    for one in (secret, *_passwords(secret)):
        for form in (one, unquote(one)):
            yield form
            yield repr(form)[1:-1]
            yield json.dumps(form)[1:-1]
            yield json.dumps(form, ensure_ascii=False)[1:-1]
            if form.isprintable():  # a lone surrogate has no bytes to be quoted
                yield quote(form, safe="")
                yield quote(form)
                yield quote_plus(form)


def _passwords(secret: str) -> Iterator[str]:
    """The passwords in an address; nothing where it is none."""
    try:
        parts = urlsplit(secret)
        if parts.scheme and parts.password:
            yield parts.password
        yield from (value for key, value in parse_qsl(parts.query) if key == "password")
    except ValueError:
        return
