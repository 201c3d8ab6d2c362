"""Curated text: sentences and their facts, quotations, dates, sameness."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.story.printed import levelled
from bot.story.prose import (
    first_day,
    fold,
    last_day,
    latest,
    plain,
    sentences,
    written_date,
)

IDS = st.from_regex(r"[a-z]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
WORDS = st.lists(
    st.sampled_from("Kim said it on Monday and 2022 U.S. v. Williams $25".split()),
    min_size=1,
    max_size=8,
).map(" ".join)


MARKED: list[tuple[str, list[tuple[str, list[str]]]]] = [
    ("It fell. [a]", [("It fell.", ["a"])]),
    ("It fell [a].", [("It fell.", ["a"])]),
    (
        "It fell. [a, b] It rose. [c]",
        [("It fell.", ["a", "b"]), ("It rose.", ["c"])],
    ),
    ("It fell. [a] [b]", [("It fell.", ["a", "b"])]),
    ("It fell. It rose. [c]", [("It fell.", []), ("It rose.", ["c"])]),
    ("It fell. [a] It rose.", [("It fell.", ["a"]), ("It rose.", [])]),
    (
        "The U.S. v. Williams case fell. [a]",
        [("The U.S. v. Williams case fell.", ["a"])],
    ),
    (
        "He said “no.” [a] She left! [b]",
        [("He said “no.”", ["a"]), ("She left!", ["b"])],
    ),
    ("On Jan. 3 it fell. [a]", [("On Jan. 3 it fell.", ["a"])]),
    ("See [this](https://x.y). [a]", [("See [this](https://x.y).", ["a"])]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_sentences_have_the_facts_at_their_end(
    text: str, expected: list[tuple[str, list[str]]]
) -> None:
    """A marker belongs to the sentence before it; a sentence without one has none."""
    assert [(one.text, list(one.facts)) for one in sentences(text)] == expected


@given(st.lists(st.tuples(WORDS, st.lists(IDS, min_size=1, max_size=3, unique=True))))
def test_marked_sentences_come_back(parts: list[tuple[str, list[str]]]) -> None:
    """Sentences that each end with a marker are found again, whatever is in them."""
    text = " ".join(f"The {words} end. [{', '.join(ids)}]" for words, ids in parts)
    found = [(one.text, list(one.facts)) for one in sentences(text)]
    assert found == [(f"The {words} end.", ids) for words, ids in parts]


@given(st.text(alphabet=st.characters(exclude_characters="[")))
def test_no_text_is_lost_in_sentences(text: str) -> None:
    """The sentences together are the text without its markers, but for white space."""
    together = "".join(one.text for one in sentences(text))
    assert re.sub(r"\s", "", together) == re.sub(r"\s", "", plain(text))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is folded stays as it is."""
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_case_does_not_matter_when_folded(text: str) -> None:
    """Latin text folds alike in lower case."""
    assert fold(text.lower()) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What did Cédric Charbit say?", "what did cedric charbit say"),
        ("Kim's  statement", "kims statement"),
        ("Kim’s statement", "kim's statement"),
        ("Garde-Robe", "garde robe"),
        ("“Why?”", "why"),
    ],
)
def test_the_same_wording_folds_alike(one: str, other: str) -> None:
    """Case, accents, marks and white space make no other wording."""
    assert fold(one) == fold(other)


def test_scripts_keep_their_letters_when_folded() -> None:
    """Folding empties no question for being in another script."""
    assert fold("今日の天気はどうですか") == "今日の天気はどうですか"
    assert fold("Кто выиграл матч?") == "кто выиграл матч"
    assert len(fold("हिन्दी में").split()) == 2


def test_dates_are_as_exact_as_written() -> None:
    """A partial date is written, compared and bounded for what it says."""
    assert [written_date(d) for d in ("2022-11-07", "2022-11", "2022")] == [
        "7 November 2022",
        "November 2022",
        "2022",
    ]
    assert first_day("2022").isoformat() == "2022-01-01"
    assert last_day("2024-02").isoformat() == "2024-02-29"
    assert latest(["2022-11-27", "2022-12", "2022"]) in {"2022", "2022-12"}
    assert latest([]) is None


def test_the_latest_of_equals_is_the_most_exact() -> None:
    """Of dates that end on one day, the one that says more is shown."""
    assert latest(["2022", "2022-12-31"]) == "2022-12-31"


@pytest.mark.parametrize(
    "text", ["…", " ", "[", "[a", "[a,", ".", "a ", "“", "\n", "— "]
)
def test_a_long_run_is_read_in_one_pass(text: str) -> None:
    """A text made to be slow takes seconds at most: nothing is looked at again."""
    start = time.process_time()
    sentences(f"a{text * 100_000}")
    levelled(f"a{text * 100_000}")
    assert time.process_time() - start < 20
