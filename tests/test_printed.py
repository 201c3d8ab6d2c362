"""Printed words: what a text quotes, and whether a source printed it."""

import time

import pytest

from bot.story.printed import difference, levelled, quoted, unprinted

SOURCE = """\
# The **bell** of Harbour Street

> The mayor said the sale was illegal, and that he can't explain why the well-
known bell was in re-
pair. It cost 25,000 dollars\u2014or so\u2014in re\u00ad
cent years. [The council](https://example.com) did never say that the deal was a
\ufb01ne one.
The non-smoking hall was full, but the mayor's speech was short and calm.
"""


@pytest.mark.parametrize("pair", ["“”", "„“", "„”", "«»", "»«", "‹›", "‘’", "‚‘", "’’"])
@pytest.mark.parametrize("words", ["we sold it for gold", "the mayors’ deal isn’t off"])
def test_a_quotation_in_any_marks_is_found(pair: str, words: str) -> None:
    """What stands between a pair of marks of any language is a quotation."""
    text = f"He said {pair[0]}{words}{pair[1]}, and left."
    assert [one.words for one in quoted(text)] == [words]


@pytest.mark.parametrize(
    "pair", ["「」", "『』", "〝〟", "｢｣", "＂＂", '""', "''", "””"]
)
def test_marks_of_other_kinds_are_found(pair: str) -> None:
    """Corner brackets, wide marks, and a typewriter's are quotation marks, too."""
    text = f"He said {pair[0]}we sold it{pair[1]} and left."
    assert [one.words for one in quoted(text)] == ["we sold it"]


@pytest.mark.parametrize(
    "text",
    [
        "Kim's and the users' data didn’t go, and the brands’ did.",
        "The '90s and the '80s were the users' time, rock 'n' roll and all.",
        "It was 6\" tall and 5' wide.",
    ],
)
def test_an_apostrophe_quotes_nothing(text: str) -> None:
    """Owners, elisions, decades, feet and inches are no quotations."""
    assert list(quoted(text)) == []


def test_a_mark_that_is_not_closed_quotes_the_rest() -> None:
    """Leaving out the second mark does not take words out of the check."""
    (one,) = quoted("He said “we sold it for gold. Then he left.")
    assert one.words == "we sold it for gold. Then he left."


@pytest.mark.parametrize(
    "text",
    ["I haven’t  been", "I HAVEN'T been", "i haven‘t\nbeen", "**I** haven't been"],
)
def test_print_differences_are_levelled(text: str) -> None:
    """Marks, case and white space make no other print."""
    assert levelled(text) == "i haven't been"


@pytest.mark.parametrize(
    "quote",
    [
        "the bell of Harbour Street",
        "the well-known bell",
        "bell was in repair",
        "bell was in re\u00adpair",
        "25,000 dollars — or so — in recent years",
        "The council did",
        "the deal was a fine one",
        "the mayor’s speech",
        "speech … and calm",
    ],
)
def test_what_was_printed_is_found(quote: str) -> None:
    """Line ends, invisible characters, ligatures and Markdown are no bar."""
    assert unprinted(levelled(quote), levelled(SOURCE)) is None


@pytest.mark.parametrize(
    "quote",
    [
        "legal",
        "the sale was … legal",
        "that he can",
        "000 dollars",
        "smoking hall",
        "the hall was full … short and",
        "e",
        "…",
        "",
        "the mayor’s speeches",
        "known bell was … the",
    ],
)
def test_what_was_not_printed_is_not_found(quote: str) -> None:
    """Parts of words and of numbers are not printed, nor what is in another order."""
    assert unprinted(levelled(quote), levelled(SOURCE)) is not None


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("the council … say", "skips 'never'"),
        ("The mayor said … the well-known bell", "skips 'can't'"),
        ("The hall was full … short", "skips 'but'"),
        ("rose … fell", "skips more than 50 words"),
    ],
)
def test_an_ellipsis_skips_little_and_no_turn(quote: str, reason: str) -> None:
    """Across a negation, a "but", or half a page, an ellipsis makes another sense."""
    text = (
        f"{SOURCE} The hall was full, but short. It rose {'and so on ' * 17}and fell."
    )
    assert reason in (unprinted(levelled(quote), levelled(text)) or "")


def test_what_looks_alike_is_told_apart() -> None:
    """Two texts that look the same are shown with the sign that differs, by name."""
    shown = difference("the sale was l\u0435gal", "the sale was legal")
    assert "'l\u0435gal' is not 'legal'" in shown
    assert "U+0435 (CYRILLIC SMALL LETTER IE)" in shown
    assert difference("the sale was legal", "another thing") == ""


@pytest.mark.parametrize(
    "text",
    [
        f"a{' ' * 100_000}b",
        "a-" + " " * 100_000 + "b",
        "\n \n" * 50_000,
        "… " * 50_000,
    ],
)
def test_long_runs_are_levelled_at_once(text: str) -> None:
    """A page copied with its layout takes no longer than its length."""
    start = time.process_time()
    levelled(text)
    assert time.process_time() - start < 5  # it took minutes


def test_many_ellipses_are_looked_up_at_once() -> None:
    """However often its parts are in a text, a quotation is looked up in one go each.

    What is skipped is still at most so much, and nothing that turns the meaning.
    """
    start = time.process_time()
    assert unprinted(levelled("a … " * 30), levelled("a b " * 5_000)) is None
    assert time.process_time() - start < 5  # it took minutes
    assert unprinted("a ... c", "a b a not c") == "its ellipsis skips 'not'"
    assert unprinted("a ... c", "a not a b c") is None
    assert unprinted("a ... c", f"a {'b ' * 60} c") is not None
    assert unprinted("a ... a a ... b", "a a a a b") is None
