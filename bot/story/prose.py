"""Curated text: sentences with their facts, quotations, dates, sameness.

Pure functions over the text that moderators write. Nothing here knows a file,
a model, or a clock.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from bot.story.sentence_ends import CLOSERS, STOPS, ends

MONTHS = (
    "January February March April May June July August September October "
    "November December"
).split()

MARKER = re.compile(r"(?:(?<!\s)\s+)?\[([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\](?!\()")
"""The ids of facts behind a sentence, and the space before them."""

_STOP = re.compile(
    rf"[{STOPS}][{STOPS}{CLOSERS}]*(?=\s|$)|[\u3002\uff01\uff1f\uff61][{CLOSERS}]*"
)
_STOPPED = re.compile(rf"[{STOPS}]\s*$")
_ONLY_STOPS = re.compile(rf"[{STOPS}]+")
# Accents on Latin letters, and apostrophes: "Cédric" is "cedric", "didn't" "didnt".
_ASCII = {
    code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)
} | str.maketrans("", "", "'`")
_SILENT = re.compile("[\u0300-\u036f']")
QUOTE_MARKS = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "′": "'", "`": "'", "“": '"', "”": '"', "„": '"'}
    | {"«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " "}
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, and the facts it rests on.

    `text` has no marker in it; `facts` are ids in the order they were cited, empty
    where the curator cited none (which `check` reports).
    """

    text: str
    facts: tuple[str, ...]


@lru_cache(maxsize=8192)  # asked for the same few texts again and again
def sentences(text: str) -> tuple[Sentence, ...]:
    """Split curated text into sentences, each with the facts that back it.

    A marker, `[fact-id]` or `[one, two]`, stands before or after the sentence's full
    stop. Never raises.

    >>> sentences("It sued North Six. [filed] It stopped [dropped].")[1].facts
    ('dropped',)
    """
    found: list[Sentence] = []
    for stretch, facts in _stretches(text):
        parts = _split(stretch)
        if facts and parts and _ONLY_STOPS.fullmatch(parts[-1]):
            parts.pop()
        found.extend(Sentence(part, ()) for part in parts[:-1])
        if parts:
            found.append(Sentence(parts[-1], facts))
    return tuple(found)


def _stretches(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Cut at markers: text up to each, with the ids it holds; the rest with none."""
    start = 0
    matches = list(MARKER.finditer(text))
    index = 0
    while index < len(matches):
        first = last = matches[index]
        facts = list(_ids(first))
        while index + 1 < len(matches) and matches[index + 1].start() == last.end():
            index += 1
            last = matches[index]
            facts.extend(_ids(last))
        before, end = text[start : first.start()], last.end()
        stop = _STOP.match(text, end)
        if stop and not _STOPPED.search(before):
            before, end = before + stop.group(), stop.end()
        yield before, tuple(dict.fromkeys(facts))
        start, index = end, index + 1
    yield text[start:], ()


def _ids(marker: re.Match[str]) -> Iterator[str]:
    return (part.strip() for part in marker.group(1).split(","))


def _split(text: str) -> list[str]:
    cuts = [0, *ends(text), len(text)]
    parts = (squeeze(text[start:end]) for start, end in pairwise(cuts))
    return [part for part in parts if part]


def plain(text: str) -> str:
    """Curated text without its markers, as people read it.

    >>> plain("It sued North Six. [filed] It stopped [dropped].")
    'It sued North Six. It stopped.'
    """
    return squeeze(MARKER.sub("", text))


def squeeze(text: str) -> str:
    """Text with each run of white space as one space, and none at the ends."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """The form in which two wordings are the same: case, accents, marks set aside.

    Folding twice changes nothing. Letters of every script stay.

    >>> fold("  What did Cédric Charbit say?!")
    'what did cedric charbit say'
    """
    if text.isascii():
        return squeeze(text.translate(_ASCII))
    decomposed = unicodedata.normalize("NFKD", text.translate(QUOTE_MARKS).casefold())
    kept = (
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        for char in _SILENT.sub("", decomposed)
    )
    return squeeze(unicodedata.normalize("NFKC", "".join(kept)).casefold())


def written_date(partial: str) -> str:
    """A YYYY, YYYY-MM or YYYY-MM-DD date as people write it.

    >>> written_date("2022-11-27"), written_date("2022-11"), written_date("2022")
    ('27 November 2022', 'November 2022', '2022')
    """
    year, *rest = partial.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if rest[1:] else f"{month} {year}"


def first_day(partial: str) -> date:
    """The earliest day that a partial date can mean."""
    year, month, day = (*map(int, partial.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(partial: str) -> date:
    """The latest day that a partial date can mean.

    >>> last_day("2022-02").isoformat()
    '2022-02-28'
    """
    parts = [int(part) for part in partial.split("-")]
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(first_of_next.toordinal() - 1)


def latest(dates: Iterable[str]) -> str | None:
    """The latest of some partial dates; of equals the most exact; None of none."""
    return max(dates, key=lambda d: (last_day(d), len(d)), default=None)
