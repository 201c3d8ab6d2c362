"""Figures → a picture that can be read on a phone, and its words for a screen reader.

It brings a ground of its own, so that it stands in a dark chat as in a light one. Kinds
are told apart by pattern and by name, not by colour alone.
"""

import unicodedata
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bot.moderating.usage import Counts, Stats, lines, period
from bot.words.catalogue import Words

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

MAX_ALT: Final = 1024
"""Characters of an attachment's description in Discord.
Source: https://docs.discord.com/developers/resources/message#attachment-object"""

WIDTH: Final = 800
"""Pixels; on a phone it is shown at about 360."""

_MARGIN: Final = 28
_INNER: Final = WIDTH - 2 * _MARGIN
_TEXT: Final = 30  # 13.5 pixels where it is shown at 360
_TITLE: Final = 40
_LINE: Final = 42
_GAP: Final = 26
_PLOT: Final = 300
_SCALE: Final = 110
_SWATCH: Final = 30
_MOST_BARS: Final = 31
_MOST_STEPS: Final = 4
_STEPS: Final = (1, 2, 5)

_GROUND: Final = "#1f2328"
_EDGE: Final = "#6e7781"
_GRID: Final = "#444c56"
_INK: Final = "#f0f6fc"
_FAINT: Final = "#b6c2cf"


class Picture(NamedTuple):
    """A PNG file, and what it shows in words: at most MAX_ALT characters."""

    png: bytes
    alt: str


class _Kind(NamedTuple):
    """A kind of outcome as drawn; its pattern is a tile, `#` where it is inked."""

    colour: str
    field: Literal["answered", "offered", "not_covered"]
    pattern: Sequence[str]

    def count(self, counts: Counts) -> int:
        """How often that came about."""
        return getattr(counts, self.field)


_SOLID: Final = ["#" * 60] * 60
_STRIPES: Final = [("#####......." * 6)[at : at + 60] for at in range(12)] * 5
_DOTS: Final = [row * 6 for row in [".....#####"] * 5 + ["." * 10] * 5] * 6
_KINDS: Final = (
    _Kind("#58a6ff", "answered", _SOLID),
    _Kind("#f2cc60", "offered", _STRIPES),
    _Kind("#ff9bce", "not_covered", _DOTS),
)


class _Fonts(NamedTuple):
    text: "FreeTypeFont"
    title: "FreeTypeFont"


class _Page(NamedTuple):
    """What is drawn on, and the pattern of each kind, as a mask of the whole page."""

    image: "Image"
    ink: "ImageDraw"
    fonts: _Fonts
    masks: "Sequence[Image]"

    def write(self, x: float, y: float, text: str, *, faint: bool = False) -> None:
        """Write a line from its upper left corner."""
        colour = _FAINT if faint else _INK
        self.ink.text((x, y), _plain(text), fill=colour, font=self.fonts.text)

    def width(self, text: str) -> float:
        """How wide a line is."""
        return self.fonts.text.getlength(_plain(text))

    def fill(self, kind: int, box: tuple[int, int, int, int]) -> None:
        """Fill a box (left, top, right, bottom) with a kind's pattern, and frame it."""
        left, top, right, bottom = box
        if bottom <= top or right <= left:
            return
        colour = _KINDS[kind].colour
        self.image.paste(colour, box, self.masks[kind].crop(box))
        self.ink.rectangle((left, top, right - 1, bottom - 1), outline=colour, width=2)


def draw(found: Stats, words: Words) -> Picture:
    """The figures as a picture, WIDTH pixels wide; the same for the same figures.

    Its letters are without accents, as the font has none.
    """
    # Here, as the bot starts without it: it takes a moment, and memory.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    top = _MARGIN + _LINE * (5 + len(_KINDS)) + _GAP
    size = (WIDTH, top + _PLOT + _LINE + 10 + _MARGIN)
    image = Image.new("RGB", size, _GROUND)
    page = _Page(image, ImageDraw.Draw(image), _fonts(), _masks(size))
    _head(page, found, words)
    _plot(page, found, words, top)
    page.ink.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_EDGE, width=2)
    file = BytesIO()
    image.save(file, "PNG")
    return Picture(file.getvalue(), alt(found, words))


def alt(found: Stats, words: Words) -> str:
    """What the picture shows, in words: at most MAX_ALT characters."""
    say = words.say
    by_day = f"{say('stats.by-day')}:"
    told = list(takewhile(lambda line: line != by_day, lines(found, words)))
    busiest = max(found.days, key=lambda one: one[1].asked, default=None)
    if busiest and busiest[1].asked:
        day, counts = busiest
        told.append(say("stats.busiest", day=day, count=f"{counts.asked:,}"))
    text = "; ".join([say("stats.alt"), *told]).replace(":; ", ": ")  # titles of lists
    return text if len(text) <= MAX_ALT else f"{text[: MAX_ALT - 1]}…"


def short(number: int) -> str:
    """A number in at most five characters, rounded; whole up to 9,999.

    >>> short(9_999), short(12_345), short(1_000_000_000)
    ('9,999', '12k', '1bn')
    """
    if number < 10_000:
        return f"{number:,}"
    for size, unit in ((10**9, "bn"), (10**6, "M"), (10**3, "k")):
        # What would be rounded up to a thousand is one of the next unit.
        if number >= size - size // 2000:
            shown = number / size
            return (
                f"{shown:.1f}".removesuffix(".0") + unit
                if shown < 10
                else (f"{shown:,.0f}{unit}")
            )
    raise AssertionError(number)


def _fonts() -> _Fonts:
    from PIL import ImageFont  # noqa: PLC0415

    text, title = (ImageFont.load_default(size) for size in (_TEXT, _TITLE))
    if not isinstance(text, ImageFont.FreeTypeFont) or not isinstance(
        title, ImageFont.FreeTypeFont
    ):
        raise TypeError("Pillow was built without FreeType; install its own wheel.")
    return _Fonts(text, title)


def _masks(size: tuple[int, int]) -> "list[Image]":
    from PIL import Image  # noqa: PLC0415

    masks: list[Image.Image] = []
    for kind in _KINDS:
        rows = [[255 * (char == "#") for char in row] for row in kind.pattern]
        wide, high = len(rows[0]), len(rows)
        small = bytes(shade for row in rows for shade in row)
        tile = Image.frombytes("L", (len(rows[0]), len(rows)), small)
        mask = Image.new("L", size)
        for left in range(0, size[0], wide):
            for top in range(0, size[1], high):
                mask.paste(tile, (left, top))
        masks.append(mask)
    return masks


def _head(page: _Page, found: Stats, words: Words) -> None:
    """The title, totals, and the kinds with their patterns."""
    y, say = _MARGIN, words.say
    title = _plain(say("stats.title"))
    page.ink.text((_MARGIN, y), title, fill=_INK, font=page.fonts.title)
    page.write(_MARGIN, y + _LINE + 8, period(found, words), faint=True)
    y += 2 * _LINE + 12
    page.write(_MARGIN, y, say("stats.questions", count=short(found.total.asked)))
    helpful, wrong = short(found.helpful), short(found.wrong)
    votes = say("stats.chart-votes", helpful=helpful, wrong=wrong)
    page.write(_MARGIN, y + _LINE, votes)
    y += 2 * _LINE + 8
    outcomes = sum(kind.count(found.total) for kind in _KINDS)
    for at, kind in enumerate(_KINDS):
        count = kind.count(found.total)
        share = f" ({100 * count / outcomes:.0f} %)" if outcomes else ""
        page.fill(at, (_MARGIN, y + 2, _MARGIN + _SWATCH, y + 2 + _SWATCH))
        name = say(f"stats.{kind.field.replace('_', '-')}", count=short(count))
        page.write(_MARGIN + _SWATCH + 14, y, f"{name}{share}")
        y += _LINE


def _plot(page: _Page, found: Stats, words: Words, top: int) -> None:
    """A bar for each day, or for several where there are many; what they stand for."""
    bars, each = _bars(found.days)
    most = max((sum(kind.count(one) for kind in _KINDS) for one in bars), default=0)
    step = _step(most)
    up = _PLOT / (step * -(-max(most, 1) // step))
    ground = top + _PLOT
    for level in range(0, max(most, 1) + step, step):
        y = ground - round(level * up)
        page.ink.line((_MARGIN + _SCALE, y, WIDTH - _MARGIN, y), fill=_GRID, width=2)
        wide = page.width(short(level))
        page.write(_MARGIN + _SCALE - 12 - wide, y - 20, short(level), faint=True)
    left = _MARGIN + _SCALE
    room = (_INNER - _SCALE) / max(len(bars), 1)
    wide = min(room * 0.8, 90)
    for at, counts in enumerate(bars):
        start = round(left + room * (at + 0.5) - wide / 2)
        below = 0
        for kind, one in enumerate(_KINDS):
            above = below + one.count(counts)
            low, high = (ground - round(level * up) for level in (below, above))
            page.fill(kind, (start, high, round(start + wide), low))
            below = above
    first, last = _ends(found, words)
    page.write(left, ground + 10, first, faint=True)
    if found.first != found.last:
        edge = WIDTH - _MARGIN - page.width(last)
        page.write(edge, ground + 10, last, faint=True)
        key = "stats.bar.one" if each == 1 else "stats.bar.many"
        says = words.say(key, count=each)
        middle = left + (_INNER - _SCALE - page.width(says)) / 2
        page.write(middle, ground + 10, says, faint=True)


def _bars(days: Sequence[tuple[date, Counts]]) -> tuple[list[Counts], int]:
    """The counts of each bar, and the days a bar stands for; the last may be fewer."""
    each = -(-len(days) // _MOST_BARS) or 1
    bars = [Counts()] * -(-len(days) // each)
    for at, (_, counts) in enumerate(days):
        bars[at // each] = bars[at // each].plus(counts)
    return bars, each


def _step(most: int) -> int:
    """Between two lines of the scale: 1, 2 or 5 and noughts, so that few lines do."""
    unit = 1
    while True:
        for step in _STEPS:
            if step * unit * _MOST_STEPS >= most:
                return step * unit
        unit *= 10


def _ends(found: Stats, words: Words) -> tuple[str, str]:
    """The first and the last day, with their years where these differ."""
    months = words.say("months").split()
    first, last = (
        f"{day.day} {months[day.month - 1][:3]}" for day in (found.first, found.last)
    )
    if found.first.year == found.last.year:
        return first, last
    return f"{first} {found.first.year}", f"{last} {found.last.year}"


def _plain(text: str) -> str:
    """A text in the letters that the font has: without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
