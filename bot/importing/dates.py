"""Dates as tables have them → YYYY-MM-DD, YYYY-MM or YYYY."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.story.prose import MONTHS, first_day, fold

_MONTHS: Final = {
    name[:3].lower(): number for number, name in enumerate(MONTHS, 1)
} | {
    "ene": 1, "abr": 4, "ago": 8, "dic": 12, "mai": 5, "mrz": 3, "maerz": 3, "okt": 10,
    "dez": 12, "avr": 4, "aou": 8, "fev": 2, "mei": 5, "maj": 5, "set": 9, "out": 10,
}  # fmt: skip
_MONTHS_A_YEAR: Final = 12
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ].*)?")
_ORDERED = re.compile(r"(\d{1,2})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{4}|\d{2})(?: .*)?")
_NAMED = re.compile(
    r"(?:[a-z]+ )?(?:(\d{1,2})(?:st|nd|rd|th)? )?(?:de |of )?([a-z]{3,})"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?)?(?: de| of)? (\d{4})"
)


class Dates:
    """Reads the dates of one column: of 03/04/2020, the others tell what it means."""

    def __init__(self, column: Sequence[str], today: date) -> None:
        self._today = today
        found = [one for text in column if (one := _ORDERED.fullmatch(text.strip()))]
        orders = {_order(int(one[1]), int(one[2])) for one in found} - {None}
        self._is_day_first = orders.pop() if len(orders) == 1 else None
        self.why = ""
        """Why the last one that was read could not be; "" where nothing tells."""

    def read(self, text: str) -> str | None:
        """A date; None where it cannot be read.

        >>> Dates([], date(2024, 1, 1)).read("March 27, 2020")
        '2020-03-27'
        """
        self.why = ""
        bare = unicodedata.normalize("NFKC", text).strip()
        parts = self._parts(bare)
        if parts is None:
            return None
        year, month, day = parts
        named = [f"{year:04}", *(f"{one:02}" for one in (month, day) if one)]
        found = "-".join(named)
        try:
            is_past = first_day(found) <= self._today
        except ValueError:
            return None
        if not is_past or year < 1000:
            self.why = ", as it is in the future" if not is_past else ""
            return None
        return found

    def _parts(self, bare: str) -> tuple[int, int, int] | None:
        if found := _ISO.fullmatch(bare):
            return int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if found := _ORDERED.fullmatch(bare):
            return self._ordered(found)
        spaced = " ".join(fold(bare).split())
        if (found := _NAMED.fullmatch(spaced)) and (month := _month(found[2])):
            return int(found[4]), month, int(found[1] or found[3] or 0)
        return None

    def _ordered(self, found: re.Match[str]) -> tuple[int, int, int] | None:
        one, other = int(found[1]), int(found[2])
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        order = _order(one, other)
        is_day_first = self._is_day_first if order is None else order
        if order is None and "." in found[0]:
            is_day_first = True
        if one == other or min(one, other) > _MONTHS_A_YEAR:
            return year, one, other
        if is_day_first is None:
            self.why = ", as nothing tells which number is the month"
            return None
        return (year, other, one) if is_day_first else (year, one, other)


def _order(one: int, other: int) -> bool | None:
    """Whether a date begins with its day; None where it tells by itself of no order."""
    is_day, is_other_day = one > _MONTHS_A_YEAR, other > _MONTHS_A_YEAR
    return is_day if is_day != is_other_day else None


def _month(name: str) -> int | None:
    return _MONTHS.get(name[:3]) or _MONTHS.get(name[:5])
