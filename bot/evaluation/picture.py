"""An evaluation's reliability curve → an SVG picture, drawn here.

It scales: at 360 pixels wide its text can be read, at 800 it is not coarse. It brings a
ground of its own, light or dark as the reader's system is, so that it can stand on any
page.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final, Literal

from bot.evaluation.figures import Evaluation
from bot.evaluation.shares import BINS, Bin
from bot.story.prose import squeeze, written_date

_WIDTH: Final = 400
_MARGIN: Final = 16
_LEFT: Final = 58
_SIDE: Final = 328
_LINE: Final = 19
_BELOW: Final = 154
_BAR: Final = 36

_TITLE_WIDTH: Final = 36
"""Characters of a title that fit on a line, wide ones counted twice."""

_TITLE_LINES: Final = 2

_LEGEND: Final = "Dashed: where dots belong. Upright: 95 % intervals."

_STYLE: Final = """
text { font: 12px system-ui, sans-serif; fill: #59636e; }
.title { font-size: 14px; font-weight: 600; }
.title, .number { fill: #1f2328; }
.ground { fill: #ffffff; stroke: #d1d9e0; }
.grid { stroke: #d1d9e0; }
.even { stroke: #59636e; stroke-dasharray: 5 4; }
.from { stroke: #59636e; stroke-dasharray: 1 4; }
.found { stroke: #0969da; stroke-width: 2; fill: none; }
.joined { stroke: #0969da; fill: none; }
.dot { fill: #0969da; }
.bar { fill: #80ccff; }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1; }
.title, .number { fill: #f0f6fc; }
.ground { fill: #0d1117; stroke: #3d444d; }
.grid { stroke: #3d444d; }
.even, .from { stroke: #9198a1; }
.found, .joined { stroke: #4493f8; }
.dot { fill: #4493f8; }
.bar { fill: #1f6feb; }
}"""


def draw(evaluation: Evaluation) -> str:
    """The curve as the text of an SVG file, well-formed whatever the story holds.

    A dot stands for the questions of a bin: where it should be on the dashed diagonal,
    and how often the first entry was right, with its interval.
    """
    curve = evaluation.figures.curve
    title = _lines(evaluation.story.about.title)
    about = list(_about(evaluation))
    bottom = _MARGIN + (len(title) + len(about)) * _LINE + _SIDE + 12
    height = bottom + _BELOW
    words = " ".join([*about, *_in_words(curve)])
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'width="100%" role="img" aria-labelledby="title words">',
        f'<title id="title">{_xml(" ".join(title))}</title>',
        f'<desc id="words">{_xml(words)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" x="0.5" y="0.5" width="{_WIDTH - 1}" '
        f'height="{height - 1}" rx="8"/>',
        *(
            _text(_MARGIN, 30 + _LINE * at, line, "start", "title" * (at < len(title)))
            for at, line in enumerate([*title, *about])
        ),
        *_axes(bottom, evaluation.thresholds.answer),
        *_dots(curve, bottom),
        *_counts(curve, bottom + 64 + _BAR),
        _text(_WIDTH / 2, height - 12, _LEGEND),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _about(evaluation: Evaluation) -> Iterator[str]:
    figures = evaluation.figures
    asked = sum(one.right.of for one in figures.curve)
    day = written_date(evaluation.today.isoformat())
    yield f"How far the bot’s confidence holds, {day}"
    if figures.error is None:
        yield "No question has a candidate yet."
    else:
        yield f"Questions: {asked}; {100 * figures.error:.1f} points off on average"


def _in_words(curve: Iterable[Bin]) -> Iterator[str]:
    """The curve for those who cannot see it."""
    for one in curve:
        if one.confidence is not None and one.right.value is not None:
            yield (
                f"Confidence {one.low:.1f} to {one.high:.1f}: {one.right.count} of "
                f"{one.right.of} right."
            )


def _axes(bottom: int, answer_from: float) -> Iterator[str]:
    """Grid, scales, what they measure, the diagonal, and where answers start."""
    for tenth in range(0, BINS + 1, 2):
        share = tenth / BINS
        yield _path("grid", [(share, 0), (share, 1)], bottom)
        yield _path("grid", [(0, share), (1, share)], bottom)
        yield _text(_x(share), bottom + 18, f"{share:.1f}")
        yield _text(_LEFT - 8, _y(share, bottom) + 4, f"{100 * share:.0f} %", "end")
    yield _path("even", [(0, 0), (1, 1)], bottom)
    yield _path("from", [(answer_from, 0), (answer_from, 1)], bottom)
    yield _text(_x((1 + answer_from) / 2), bottom - 8, "answered")
    yield _text(_x(0.5), bottom + 37, "Confidence of the first entry")
    across = _text(0, 0, "How often it was right")
    yield (
        f'<g transform="translate({_MARGIN} {_y(0.5, bottom):.1f}) rotate(-90)">'
        f"{across}</g>"
    )


def _dots(curve: Iterable[Bin], bottom: int) -> Iterator[str]:
    """A dot for each bin that holds something, its interval, and a line through all."""
    points: list[tuple[float, float]] = []
    for one in curve:
        if one.confidence is None or one.right.value is None:
            continue
        points.append((one.confidence, one.right.value))
        ends = [(one.confidence, end) for end in one.right.interval]
        yield _path("found", ends, bottom)
        yield (
            f'<circle class="dot" cx="{_x(one.confidence):.1f}" '
            f'cy="{_y(one.right.value, bottom):.1f}" r="5"/>'
        )
    if points:
        yield _path("joined", points, bottom)


def _counts(curve: Sequence[Bin], base: int) -> Iterator[str]:
    """How many questions each bin holds, as bars with their numbers."""
    most = max((one.right.of for one in curve), default=0) or 1
    for one in curve:
        tall = _BAR * one.right.of / most
        left, right = _x(one.low), _x(one.high)
        yield (
            f'<rect class="bar" x="{left + 2:.1f}" y="{base - tall:.1f}" '
            f'width="{right - left - 4:.1f}" height="{tall:.1f}"/>'
        )
        middle = (left + right) / 2
        yield _text(middle, base - tall - 4, str(one.right.of), "middle", "number")
    yield _path("grid", [(0, 0), (1, 0)], base)
    yield _text(_x(0.5), base + 18, "Questions in each tenth of confidence")


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float, bottom: int) -> float:
    return bottom - _SIDE * share


def _path(kind: str, points: Iterable[tuple[float, float]], bottom: int) -> str:
    """A line through points, both of whose coordinates are shares of the plot."""
    drawn = " ".join(f"{_x(across):.1f},{_y(up, bottom):.1f}" for across, up in points)
    return f'<polyline class="{kind}" points="{drawn}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    anchor: Literal["start", "middle", "end"] = "middle",
    kind: str = "",
) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{_xml(text)}</text>"
    )


def _lines(title: str) -> list[str]:
    """A title broken into lines that fit; what is too long ends in "…"."""
    lines = [""]
    for word in squeeze(title).split(" "):
        # A word that is too long for a line is broken as often as it needs.
        size = max(1, _TITLE_WIDTH * len(word) // max(1, _wide(word)))
        for start in range(0, len(word), size):
            piece = word[start : start + size]
            longer = f"{lines[-1]} {piece}".strip()
            if _wide(longer) <= _TITLE_WIDTH:
                lines[-1] = longer
            else:
                lines.append(piece)
    shown = lines[:_TITLE_LINES]
    return shown if shown == lines else [*shown[:-1], f"{shown[-1]}…"]


def _wide(text: str) -> int:
    """How wide a text is, in characters of the Latin alphabet."""
    return sum(1 + (unicodedata.east_asian_width(char) in "FW") for char in text)


def _xml(text: str) -> str:
    """Text that XML can hold, and that is never read as markup."""
    shown = (char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return escape("".join(shown))
