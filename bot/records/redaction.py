r"""People's words without what could tell who they are.

Mentions, e-mail addresses, links and numbers that look like phone numbers become
`[mention]`, `[e-mail]`, `[link]`, `[number]`. Years, dates and sums stay, as questions
about news need them. A name in plain words cannot be told from one in the news.
"""

import re
import unicodedata
from typing import Final

from bot.records.values import UnfitError

MAX_READ: Final = 8000
"""Characters that are read, twice what a message in Discord can hold."""

MAX_ID: Final = 200
"""Characters of an id."""

# <@1>, <@!1>, <@&1>, <#1>, </ask:1>, <:emoji:1>, <a:emoji:1>, <t:1:R>, <id:home>
_TOKEN = re.compile(
    r"<(?:@[!&]?|#|/[^<>\n:]{1,100}:|a?:\w{1,40}:|t:|id:)[^<>\s]{1,40}>"
)
_AT = re.compile(r"(?<!\S)(?:\S*@\S+|\S+@)")
_LINK = re.compile(
    r"[^\W_][\w+.-]{0,20}://\S*"
    r"|(?<![\w-])www\.\S+"
    r"|(?<![\w-])(?:[\w-]{1,63}\.){1,8}"
    r"(?:[^\W\d_]{2,24}[/?#:]\S+|(?:com|org|net|edu|gov|io|gg|co|me|tv|ly|info|app|dev"
    # Not "in" and "it": with them a sentence begins where a blank was forgotten.
    r"|xyz|link|site|news|online|uk|de|fr|es|nl|eu|ru|cn|jp|br|au|ca)(?!\w)\S*)",
    re.IGNORECASE,
)
# Seven digits and more, with up to three signs between two: (555) 12-34, +49 30/1234567
_NUMBER = re.compile(r"\+?\(?\d(?:[\s()./\\,:;·_*\-\u2010-\u2015\u2212]{0,3}\d){6,}")
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"\d{1,2}"
_DATE = rf"(?:{_YEAR}(?:[-/.]{_DAY}){{0,2}}|{_DAY}[-/.]{_DAY}[-/.]{_YEAR})"
_PLAIN = re.compile(
    rf"{_DATE}(?:[\s,;/\u2010-\u2015-]{{1,3}}{_DATE})*"
    r"|\d{1,3}(?:,\d{3}){2,3}(?:\.\d\d?)?"  # 25,000,000
)


def clean(text: str, limit: int) -> str:
    r"""Text that every database keeps: one line, at most `limit` characters.

    Control and invisible characters and broken ones (NUL, half a surrogate pair) are
    dropped, look-alike forms levelled (NFKC). Never raises; twice is as once.

    >>> clean(" one\x00\n two\ud800 ", 100)
    'one two'
    """
    levelled = unicodedata.normalize("NFKC", _visible(text[:MAX_READ]))
    return _squeeze(_visible(levelled[:MAX_READ])[:limit])


def redact(text: str, limit: int) -> str:
    """Clean text, as from `clean`, without what could tell who wrote it.

    >>> redact("ask @ann or ann@example.com, 555-123-4567, about 2022-11-27", 100)
    'ask [mention] or [e-mail] [number], about 2022-11-27'
    """
    text = clean(text, MAX_READ)
    text = _TOKEN.sub("[mention]", text)
    text = _LINK.sub("[link]", text)
    text = _AT.sub(_address, text)
    text = _NUMBER.sub(_number, text)
    return _squeeze(text[:limit])


def fold(text: str) -> str:
    """What is alike in two ways of typing a question: its words, in small letters.

    >>> fold("Did Kim  apologise?!")
    'did kim apologise'
    """
    return " ".join(re.findall(r"\w+", text.casefold()))


def identifier(text: str) -> str:
    """The id of a story, an entry, a revision, a fact or an action, if it is one.

    Raises:
        UnfitError: It is empty, longer than MAX_ID, or not plain text on one line.
    """
    if not text or clean(text, MAX_ID) != text:
        raise UnfitError(f"{text[:40]!a} is no id that can be kept.")
    return text


def _visible(text: str) -> str:
    return "".join(
        char
        for char in text
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _address(found: re.Match[str]) -> str:
    return "[mention]" if found.group().startswith(("@", "(@")) else "[e-mail]"


def _number(found: re.Match[str]) -> str:
    return found.group() if _PLAIN.fullmatch(found.group()) else "[number]"
