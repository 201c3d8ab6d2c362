"""Quotations against archived texts."""

import time
from pathlib import Path

import pytest

from bot.story import quotations
from tests.folder import Folder

FACTS = "facts/bell.yaml"
ANSWERS = "answers/bell.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


def test_a_quotation_that_is_printed_is_verified(folder: Folder) -> None:
    """White space, quotation marks and case do not matter."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "Harbour: ‘The  bell HAS been\ntaken down for repair’, we say.",
    )
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.quotes == (1, 8)


def test_an_ellipsis_stands_for_words(folder: Folder) -> None:
    """The parts of a quotation around an ellipsis stand in the text, in order."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "The  bell has\nbeen taken down, and packed with care, for repair.",
    )
    folder.edit(
        FACTS, "has been taken down for repair", "has been taken down … for repair"
    )
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.quotes == (1, 8)


def test_a_quotation_that_is_not_printed_is_an_error(folder: Folder) -> None:
    """The error stands at the quotation and shows the nearest passage."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "We are glad. The bell has been brought down for cleaning. More soon.",
    )
    error = folder.error()
    line = folder.read(FACTS).split("\n")[error.line - 1]
    assert "The bell has been taken down for repair" in line
    assert "nearest: 'The bell has been brought down for cleaning." in error.message


@pytest.mark.parametrize(
    "printed",
    [
        "The bell has been taken down for re\u00adpair.",
        "The bell has been taken down for re\u00ad\npair.",
        "The bell has been taken down for re-\npair.",
        "The bell has been\u200b taken \u200bdown for repair.",
        "The **bell** has been _taken down_ for [repair](https://example.com/x).",
        "> The bell has been\n> taken down for repair.",
    ],
)
def test_how_a_page_was_copied_does_not_matter(folder: Folder, printed: str) -> None:
    """Invisible characters, line ends and Markdown do not make a quotation false."""
    (folder.path / "archive").mkdir()
    folder.write("archive/council-2024-03-05.txt", printed)
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.quotes == (1, 8)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("the sale was … legal", "does not have"),
        ("he has … agreed", "its ellipsis skips 'never'"),
        ("the s\u0430le was", "is U+0430 (CYRILLIC SMALL LETTER A)"),
    ],
)
def test_a_quotation_that_turns_the_meaning_is_an_error(
    folder: Folder, quote: str, words: str
) -> None:
    """Parts of words, a skipped negation and look-alike letters are not verified."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "The mayor said the sale was illegal. He has never agreed.",
    )
    folder.edit(FACTS, "The bell has been taken down for repair", quote)
    assert words in folder.error().message
    assert folder.load().quotes == (0, 8)


@pytest.mark.parametrize("quote", ["e", "…", "repair"])
def test_one_word_is_not_verified(folder: Folder, quote: str) -> None:
    """A word, a letter or an ellipsis says nothing of what a source printed."""
    (folder.path / "archive").mkdir()
    folder.write("archive/council-2024-03-05.txt", "The bell is taken down for repair.")
    folder.edit(FACTS, "The bell has been taken down for repair", quote)
    loaded = folder.load()
    assert loaded.quotes == (0, 8)
    assert any("quote at least 2 words" in one.message for one in loaded.problems)


@pytest.mark.parametrize("pair", ["‘’", "„“", "«»", "「」", "''", "“”"])
def test_every_quotation_of_an_answer_is_looked_up(folder: Folder, pair: str) -> None:
    """Words that no citation has are an error in any marks; those it has are not."""
    first, last = pair
    printed = f"{first}someone has stolen our bell{last}"
    line = folder.edit(ANSWERS, '"someone has stolen our bell"', printed)
    assert folder.load().problems == ()
    folder.edit(ANSWERS, printed, f"{first}someone has sold our bell{last}")
    error = folder.error()
    assert error.line == line
    assert "'sold' is not 'stolen'" in error.message


def test_a_part_of_a_word_is_not_quoted(folder: Folder) -> None:
    """What a source printed that has "illegal" is not "legal"."""
    folder.edit(FACTS, "someone has stolen our bell", "the sale was illegal, we say")
    folder.edit(ANSWERS, '"someone has stolen our bell"', "“the sale was” “legal”")
    assert "the words 'legal' are in no quotation" in folder.error().message


def test_a_quotation_over_two_sentences_is_looked_up(folder: Folder) -> None:
    """A quotation that two facts share is looked up in each."""
    folder.edit(
        ANSWERS,
        '"someone has stolen our bell".\n    [neighbours-theft, bell-gone]',
        "“someone has stolen our\n    bell [neighbours-theft, bell-gone]. "
        "it was in gold” [bell-gone].",
    )
    assert "the words 'it was in gold' are in no quotation" in folder.error().message


def test_a_long_page_is_searched_in_one_pass(folder: Folder) -> None:
    """A text of 180,000 words, and a run of blanks, cost no square of their length."""
    words = " ".join(f"word{at % 977}" for at in range(90_000))
    page = f"{words} the bell was taken off for repair {' ' * 100_000}{words}"
    (folder.path / "archive").mkdir()
    folder.write("archive/council-2024-03-05.txt", page)
    start = time.process_time()
    message = folder.error().message
    assert "nearest: '" in message
    assert "bell was taken off for repair" in message
    assert time.process_time() - start < 20


def test_the_nearest_passage_of_a_long_text() -> None:
    """It is found in a whole book, without comparing each passage of it."""
    book = " ".join(f"word{at % 997} and" for at in range(60_000))
    text = quotations._Text(  # pyright: ignore[reportPrivateUsage]
        f"{book} The bell was sold to a museum. {book}"
    )
    start = time.process_time()
    assert text.nearest("the bell was told to a museum") == (
        "The bell was sold to a museum."
    )
    assert time.process_time() - start < 10  # it took half a minute


@pytest.mark.parametrize("quote", ["word7 and " * 3000, "and" * 30_000])
def test_the_nearest_passage_to_a_long_quotation(quote: str) -> None:
    """A page that is taken for a quotation, or a word without end, costs no more."""
    book = " ".join(f"word{at % 997} and" for at in range(3000))
    text = quotations._Text(  # pyright: ignore[reportPrivateUsage]
        f"{book} {'and' * 20_000} {book}"
    )
    start = time.process_time()
    assert text.nearest(quote)
    assert time.process_time() - start < 10  # it took minutes
