"""Numbers and dates in questions, and whether they can agree."""

from datetime import date
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.matching.text import words
from bot.story.figures import Figure, figures
from bot.story.prose import MONTHS
from tests.nasty import texts

THE_DAY: Final = Figure(year=2022, month=11, day=27)
PLAIN: Final = [
    "{day} {month} {year}",
    "{day}th {month} {year}",
    "the {day}th of {month}",
    "{month} {day}, {year}",
    "{month} {day}th, {year}",
    "{month} {day}",
    "{day} {month}",
    "{day} of {month}",
    "{day} {short} {year}",
    "{short}. {day}",
    "{month} {year}",
    "in the year {year}",
    "since {day} {month} {year} or so",
]
DAYS: Final = st.dates(date(1900, 1, 1), date(2099, 12, 31))
NUMBERS: Final = st.floats(allow_nan=False, allow_infinity=False).map(Figure)
FIGURES: Final = NUMBERS | st.builds(
    Figure,
    number=st.none(),
    year=st.none() | st.integers(1900, 2099),
    month=st.none() | st.integers(1, 12),
    day=st.none() | st.integers(1, 31),
)


def read(text: str) -> frozenset[Figure]:
    """The figures of a text as a person types it."""
    return figures(words(text))


@pytest.mark.parametrize(
    "text",
    [
        "27 November 2022",
        "november 27, 2022",
        "November 27th 2022",
        "27th november 2022",
        "Sunday 27 Nov 2022",
        "nov. 27 2022",
        "27/11/2022",
        "11/27/2022",
        "11/27/22",
        "27.11.2022",
        "27-11-2022",
    ],
)
def test_a_day_is_the_same_however_it_is_written(text: str) -> None:
    """Order, endings, short months and digits make no other date."""
    assert read(f"did she post it on {text}?") == {THE_DAY}


def test_a_day_of_a_month_keeps_its_year() -> None:
    """With an ending and "of" before the month, it is one date."""
    assert read("27th of November 2022") == {THE_DAY}


def test_a_date_may_begin_with_its_year() -> None:
    """The form of the base's own dates is read, too."""
    assert read("2022-11-27") == {THE_DAY}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 27 November", Figure(month=11, day=27)),
        ("december 2nd", Figure(month=12, day=2)),
        ("the 2nd of dec", Figure(month=12, day=2)),
        ("November 2022", Figure(year=2022, month=11)),
        ("sept 2022", Figure(year=2022, month=9)),
        ("in 2022", Figure(year=2022)),
        ("in november", Figure(month=11)),
        ("mid-November", Figure(month=11)),
    ],
)
def test_a_date_says_no_more_than_is_written(text: str, expected: Figure) -> None:
    """Parts that are not given are None."""
    assert read(text) == {expected}


def test_digits_that_may_be_two_dates_give_the_year_only() -> None:
    """3/4 is the third of April to some, and the fourth of March to others."""
    assert read("03/04/2022") == {Figure(year=2022)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("may 3 2022", {Figure(year=2022, month=5, day=3)}),
        ("on the 3rd of May", {Figure(month=5, day=3)}),
        ("in May 2022", {Figure(year=2022, month=5)}),
        ("march 4th", {Figure(month=3, day=4)}),
        ("Mar 2022", {Figure(year=2022, month=3)}),
        ("may she post it", set[Figure]()),
        ("did they march", set[Figure]()),
        ("mar a lago", set[Figure]()),
        ("the November statement", set[Figure]()),
        ("January Jones", set[Figure]()),
    ],
)
def test_a_word_that_may_be_no_month_needs_a_date_around_it(
    text: str, expected: set[Figure]
) -> None:
    """May, March and Mar want a day or a year, the others at least a preposition."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("two lawsuits", 2),
        ("twice", 2),
        ("her second statement", 2),
        ("a dozen bears", 12),
        ("eleven", 11),
        ("21 pictures", 21),
        ("$25 million", 25_000_000),
        ("25m", 25_000_000),
        ("two million", 2_000_000),
        ("100k likes", 100_000),
        ("3 bn", 3_000_000_000),
        ("in 1850", 1850),
    ],
)
def test_a_number_is_read_as_digits_or_a_word(text: str, number: float) -> None:
    """Words, ordinals and scales come to one number."""
    assert read(text) == {Figure(number=number)}


@pytest.mark.parametrize(
    ("text", "number"),
    [("$25,000,000", 25_000_000), ("1,200", 1200)],
)
def test_a_number_keeps_its_points_and_commas(text: str, number: float) -> None:
    """Thousands and decimals are one number."""
    assert read(text) == {Figure(number=number)}


@pytest.mark.xfail(strict=True, reason="a number of two words is read as two")
@pytest.mark.parametrize(
    ("text", "number"), [("three hundred", 300), ("forty two", 42)]
)
def test_a_number_may_have_two_words(text: str, number: float) -> None:
    """Number words side by side are one number."""
    assert read(text) == {Figure(number=number)}


@pytest.mark.parametrize(
    "text", ["one of them", "1 statement", "once", "the first", ""]
)
def test_the_number_one_is_none(text: str) -> None:
    """People say "one" of what they do not count."""
    assert read(text) == set()


def test_a_name_with_a_number_has_no_figure() -> None:
    """An entity's term is a name, whatever is in it."""
    assert figures(["@north-6", "~27 november", "sue"]) == frozenset()


@given(DAYS, st.sampled_from(PLAIN))
def test_a_written_date_has_figures_that_fit_the_day(day: date, form: str) -> None:
    """Whatever is read from a date agrees with the day that was meant."""
    month = MONTHS[day.month - 1]
    written = form.format(day=day.day, month=month, short=month[:3], year=day.year)
    found = read(written)
    assert found
    whole = Figure(year=day.year, month=day.month, day=day.day)
    assert all(figure.fits([whole]) for figure in found), written


@given(FIGURES, st.lists(FIGURES))
def test_a_figure_fits_itself(figure: Figure, others: list[Figure]) -> None:
    """It agrees with itself, whatever stands beside."""
    assert figure.fits([*others, figure])


@given(FIGURES)
def test_a_figure_fits_nothing_among_none(figure: Figure) -> None:
    """Where there is no figure, nothing agrees."""
    assert not figure.fits([])


@pytest.mark.parametrize(
    ("asked", "told", "fits"),
    [
        (Figure(year=2022), THE_DAY, True),
        (Figure(month=11, day=27), THE_DAY, True),
        (THE_DAY, Figure(year=2022), False),
        (Figure(year=2021), THE_DAY, False),
        (Figure(month=11, day=28), THE_DAY, False),
        (Figure(number=27), THE_DAY, False),
        (Figure(number=2022), Figure(year=2022), False),
        (Figure(number=3), Figure(number=4), False),
    ],
)
def test_a_date_fits_one_that_says_at_least_as_much(
    asked: Figure, told: Figure, *, fits: bool
) -> None:
    """All parts that are given must be there; a number is no date."""
    assert asked.fits([told]) is fits


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        (THE_DAY, "27 November 2022"),
        (Figure(month=11, day=27), "27 November"),
        (Figure(year=2022), "2022"),
        (Figure(number=25_000_000), "25,000,000"),
        (Figure(number=2.5), "2.5"),
    ],
)
def test_a_figure_is_written_as_people_write_it(figure: Figure, written: str) -> None:
    """An explanation shows dates and numbers in words."""
    assert str(figure) == written


@given(st.lists(st.text(max_size=8) | st.sampled_from("27 nov 2022 of 3rd k".split())))
@example(["²"])
@example(["٣", "november", "٢٠٢٢"])
@example(["9" * 400, "million"])
@example(["", "2,", ",", "@"])
def test_reading_figures_never_raises(tokens: list[str]) -> None:
    """Any tokens give figures that can be written and compared."""
    found = figures(tokens)
    assert all(str(figure) and figure.fits(found) for figure in found)


@given(texts)
def test_any_message_has_figures(text: str) -> None:
    """Whatever is typed, its figures fit those of the same message."""
    found = read(text)
    assert all(figure.fits(found) for figure in found)
