"""Numbers and dates in a text, and whether two texts can agree on them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from bot.story.prose import MONTHS

_MONTHS: Final = {
    name: number
    for number, month in enumerate(MONTHS, start=1)
    for name in (month.lower(), month[:3].lower())
} | {"sept": 9}
# "May" is a verb more often than a month, "mar" a name: only beside a day or a year.
_UNSURE: Final = frozenset({"may", "mar", "march"})
_BEFORE_MONTHS: Final = frozenset(
    "in on of since until by from to late early mid during last".split()
)
_WORDS: Final[dict[str, int]] = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split(),
        start=2,
    )
} | {
    "twice": 2,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "dozen": 12,
    "thre": 3,
    "twelv": 12,
    "twic": 2,
    "hundr": 100,  # as terms, in base form
}
_ORDINALS: Final[dict[str, int]] = dict(
    zip(
        "second third fourth fifth sixth seventh eighth ninth tenth".split(),
        range(2, 11),
        strict=True,
    )
)
_TELLING: Final = frozenset(_MONTHS) | frozenset(_WORDS) | frozenset(_ORDINALS)
SCALES: Final = {"k": 10**3, "thousand": 10**3} | {
    **dict.fromkeys(("m", "mn", "mil", "million"), 10**6),
    **dict.fromkeys(("bn", "billion"), 10**9),
}
_YEARS: Final = range(1900, 2100)
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+")


class Figure(NamedTuple):
    """A number or a date. A date's parts are None where they are not given.

    `number` is None for a date; `day` may stand without a year.
    """

    number: float | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def fits(self, others: Iterable["Figure"]) -> bool:
        """Whether one of the others says nothing against this one.

        A number needs the same number. A date needs one that has all parts it gives.
        """
        if self.number is not None:
            return any(other.number == self.number for other in others)
        mine = [(at, part) for at, part in enumerate(self) if part is not None]
        return any(all(other[at] == part for at, part in mine) for other in others)

    def __str__(self) -> str:
        """The figure as a person would write it."""
        if self.number is not None:
            return f"{self.number:,.10g}"
        month = MONTHS[self.month - 1] if self.month else None
        return " ".join(str(part) for part in (self.day, month, self.year) if part)


def figures(terms: Sequence[str]) -> frozenset[Figure]:
    """The numbers and dates among a text's terms; the number one counts for none.

    >>> sorted(map(str, figures("she wait 3 day until 27 november 2022".split())))
    ['27 November 2022', '3']
    """
    if _TELLING.isdisjoint(terms) and not any(term[:1].isdigit() for term in terms):
        return frozenset()
    # A name may have a number in it, which is none.
    text = " ".join(term if term[:1].isalnum() else "/" for term in terms)
    return frozenset(_read(_TOKEN.findall(text)))


def _read(tokens: list[str]) -> Iterator[Figure]:
    at = 0
    while at < len(tokens):
        if not tokens[at][:1].isdigit() and tokens[at] not in _TELLING:
            at += 1
            continue
        found, used = _date(tokens, at) or _number(tokens, at) or (None, 1)
        if found:
            yield found
        at += used


def _date(tokens: list[str], at: int) -> tuple[Figure, int] | None:
    """A date that begins here, and how many tokens it takes."""
    window = [*tokens[at : at + 6], "", "", "", ""]
    day, used = _day(window)
    if day and window[used] == "of":
        used += 1
    month = _MONTHS.get(window[used])
    if month:
        is_unsure = window[used] in _UNSURE
        used += 1
        if not day:
            day, more = _day(window[used:])
            used += more
        year = _year(window[used])
        is_alone = not (day or year)
        if is_alone and (
            is_unsure or _BEFORE_MONTHS.isdisjoint(tokens[max(at - 1, 0) : at])
        ):
            return None
        return Figure(year=year, month=month, day=day), used + bool(year)
    year = _year(window[0])
    if year is None:
        return _in_digits(window[:3])
    month, day = (int(part) if _is_short(part) else 0 for part in window[1:3])
    if 0 < month < 13 and 0 < day < 32:
        return Figure(year=year, month=month, day=day), 3
    return Figure(year=year), 1


def _in_digits(window: list[str]) -> tuple[Figure, int] | None:
    """A date of three numbers, the year last; its month where it can be only one."""
    if not all(map(_is_short, window[:2])):
        return None
    year = _year(window[2] if len(window[2]) == 4 else f"20{window[2]}")
    first, second = (int(part) for part in window[:2])
    day, month = max(first, second), min(first, second)
    if year is None or not (0 < month < 13 and day < 32):
        return None
    if day < 13:
        return Figure(year=year), 3
    return Figure(year=year, month=month, day=day), 3


def _day(window: list[str]) -> tuple[int | None, int]:
    """A day of a month at a window's start, and how many tokens it takes (0-2)."""
    if window[0].isascii() and window[0].isdigit() and 0 < int(window[0][:4]) < 32:
        has_ending = window[1] in {"st", "nd", "rd", "th"}
        return int(window[0]), 1 + has_ending
    return None, 0


def _year(token: str) -> int | None:
    is_year = len(token) == 4 and token.isdigit() and int(token) in _YEARS
    return int(token) if is_year else None


def _is_short(token: str) -> bool:
    """Whether a token is a number that can be a day or a month."""
    return token.isdigit() and len(token) < 3


def _number(tokens: list[str], at: int) -> tuple[Figure, int] | None:
    token = tokens[at]
    number = _WORDS.get(token) or _ORDINALS.get(token)
    if token[0].isdigit():
        number = float(token.replace(",", "")) if _is_plain(token) else None
    if number is None:
        return None
    used = 1
    # A text that is folded has its thousands apart: "25,000,000" is three words.
    while token[0].isdigit() and number and _is_thousands(tokens, at + used):
        number = number * 1000 + int(tokens[at + used])
        used += 1
    after = tokens[at + used] if at + used < len(tokens) else ""
    scale = SCALES.get(after, 1)
    if number == 1 and scale == 1:
        return None
    return Figure(number=float(number) * scale), used + (scale > 1)


def _is_thousands(tokens: list[str], at: int) -> bool:
    """Whether the three last digits of a number, or three more, stand here."""
    return at < len(tokens) and len(tokens[at]) == 3 and tokens[at].isdigit()


def _is_plain(token: str) -> bool:
    return (
        len(token) < 16 and re.fullmatch(r"\d+(?:,\d{3})*(?:\.\d+)?", token) is not None
    )


# A name may have a number in it, which is none.
_NAMED = re.compile(r"\b[a-z][a-z'’]{0,40}-?\d[\w-]*")
_ODD_DIGIT = re.compile(r"(?![0-9])\d")
_POINTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{2,4})\b")
_SPACED = re.compile(r"(?<=\d)(?=[a-z])|[^\w.,]+|[.,](?!\d)|_")


@lru_cache(maxsize=16_384)
def figures_in(text: str) -> frozenset[Figure]:
    """The numbers and dates of a text as it is written.

    >>> sorted(map(str, figures_in("On 27 November 2022, $25m; COVID-19; 1.5%")))
    ['1.5', '25,000,000', '27 November 2022']
    """
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _ODD_DIGIT.sub(lambda one: str(unicodedata.digit(one[0])), text)
    text = _POINTED.sub(r"\1 \2 \3", _NAMED.sub("/", text))
    return figures(_SPACED.sub(" ", text).split())


def dated(partial: str) -> Figure:
    """A YYYY, YYYY-MM or YYYY-MM-DD date as a figure."""
    return Figure(None, *map(int, partial.split("-")))
