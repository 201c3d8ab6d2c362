"""The picture of how it goes: a file that shows any figures, and its words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.moderating.unanswered import Want
from bot.moderating.usage import Counts, Stats
from bot.moderating.usage_chart import MAX_ALT, WIDTH, Picture, draw, short
from bot.records.values import Question
from bot.words.catalogue import words
from tests.nasty import texts

ENGLISH = words("en")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAST = date(2026, 11, 23)


def want(text: str, asked: int = 1) -> Want:
    """One question that found no answer."""
    question = Question(1, "story", text, asked, 0, NOW, NOW)
    return Want(question, (question,), asked, 0, NOW, NOW, None)


def figures(
    *days: Counts,
    asked: tuple[tuple[str, int], ...] = (),
    wanted: tuple[Want, ...] = (),
) -> Stats:
    """The figures of some days up to the last, at least one."""
    counts = days or (Counts(),)
    first = LAST - timedelta(days=len(counts) - 1)
    total = Counts()
    for one in counts:
        total = total.plus(one)
    dated = tuple((first + timedelta(days=at), one) for at, one in enumerate(counts))
    return Stats(first, LAST, dated, total, 12, 3, asked, wanted)


def opened(picture: Picture) -> Image.Image:
    """The picture, as any program reads it."""
    image = Image.open(BytesIO(picture.png))
    image.load()
    assert image.format == "PNG"
    return image


def looks(picture: Picture) -> set[tuple[int, ...] | int | float | None]:
    """The colours that are in a picture."""
    colours = opened(picture).getcolors(2**20)
    assert colours is not None
    return {colour for _, colour in colours}


USUAL = figures(
    *(Counts(9 + at, at, 5, 4) for at in range(7)),
    asked=(("What happened to the bell of Harbour Street?", 17), ("gone", 4)),
    wanted=(want("how do vaccines work", 1200), want("who is the pope?")),
)


def test_the_picture_is_drawn_alike_each_time(
    golden: Callable[[str, str], None],
) -> None:
    """Equal figures give equal files; its size and its words are as they were."""
    picture = draw(USUAL, ENGLISH)
    assert picture == draw(USUAL, ENGLISH)
    width, height = opened(picture).size
    golden("chart.txt", f"{width} x {height}\n{picture.alt}\n")


@pytest.mark.parametrize("count", [0, 1, 10**9])
@pytest.mark.parametrize("days", [1, 2, 31, 32, 400])
def test_any_figures_can_be_shown(days: int, count: int) -> None:
    """One day or four hundred, nothing or a milliard: always WIDTH pixels wide."""
    picture = draw(figures(*[Counts(count, count, count, count)] * days), ENGLISH)
    assert opened(picture).width == WIDTH


@settings(max_examples=10, deadline=None)
@given(st.lists(texts, max_size=5), st.lists(st.integers(0, 10**12), max_size=5))
def test_whatever_people_typed_can_be_shown(
    asked: list[str], numbers: list[int]
) -> None:
    """No text and no number keeps the picture from being drawn; its words have room."""
    rows = tuple(zip(asked, numbers, strict=False))
    picture = draw(figures(asked=rows, wanted=tuple(map(want, asked))), ENGLISH)
    assert opened(picture).width == WIDTH
    assert len(picture.alt) <= MAX_ALT


def test_kinds_are_told_apart_without_colour() -> None:
    """Each kind alone, with colours levelled, leaves another pattern of ink."""
    kinds = (Counts(9, 9), Counts(9, 0, 9), Counts(9, 0, 0, 9))
    inked: list[float] = []
    for one in kinds:
        image = opened(draw(figures(one), ENGLISH)).convert("L")
        bar = image.crop((420, image.height - 260, 480, image.height - 140))
        inked.append(sum(bar.histogram()[100:]) / (bar.width * bar.height))
    assert len(set(inked)) == 3
    ranked = sorted(inked)
    assert all(more - less > 0.02 for less, more in pairwise(ranked))


def test_it_is_about_square() -> None:
    """On a phone all of it is seen at once."""
    assert abs(opened(draw(USUAL, ENGLISH)).height - WIDTH) < 100


def test_it_is_in_the_language_of_its_reader() -> None:
    """Its words are in the reader's language; so is what is drawn."""
    spanish = draw(USUAL, words("es"))
    assert spanish.png != draw(USUAL, ENGLISH).png
    assert spanish.alt.startswith("Cifras de preguntas y respuestas; 17 de noviembre")
    assert "Las más preguntadas: 17 veces: What happened" in spanish.alt


def test_the_ground_is_its_own() -> None:
    """No part lets through what is behind it."""
    assert opened(draw(USUAL, ENGLISH)).mode == "RGB"
    assert len(looks(draw(USUAL, ENGLISH))) > 4


def test_numbers_are_short() -> None:
    """Whole up to 9,999, then with a unit; what is rounded up takes the next unit."""
    shown = [short(n) for n in (0, 9_999, 10_000, 12_345, 999_499, 999_500, 10**6)]
    assert shown == ["0", "9,999", "10k", "12k", "999k", "1M", "1M"]
    assert [short(n) for n in (1_550_000, 10**9, 10**12)] == ["1.6M", "1bn", "1,000bn"]
