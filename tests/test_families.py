"""Words of one family: found by their letters, likest first."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import families
from bot.matching.families import Families

KNOWN: Final = (
    "repair repairs repairing bell bellringer the fee donate donation".split()
)
words: Final = st.sampled_from(KNOWN) | st.text("abel", min_size=1, max_size=9)
vocabularies: Final = st.lists(words, max_size=12)


@pytest.mark.parametrize(
    ("word", "family"),
    [
        ("repairman", ["repair", "repairing", "repairs"]),
        ("donor", []),
        ("donated", ["donate", "donation"]),
        ("zebra", []),
        ("the", []),
        ("fees", []),
        ("b2b4", []),
        ("@bell", []),
        ("", []),
    ],
)
def test_a_family_shares_most_letters(word: str, family: list[str]) -> None:
    """Words of one stem are found; short ones, names and figures have no family."""
    assert sorted(other for other, _ in Families(KNOWN).of(word)) == family


@given(vocabularies, words)
def test_a_family_is_of_other_known_words_likest_first(
    known: list[str], word: str
) -> None:
    """It holds no stranger and not the word itself; likeness is 0-1 and falls."""
    found = Families(known).of(word)
    likeness = [like for _, like in found]
    assert {other for other, _ in found} <= set(known) - {word}
    assert likeness == sorted(likeness, reverse=True)
    assert all(0 < like <= 1 for like in likeness)


@given(words, words)
def test_families_are_mutual(one: str, other: str) -> None:
    """Of two words, each is as like the other as the other is like it."""
    found = [like for _, like in Families([one]).of(other)]
    assert found == [like for _, like in Families([other]).of(one)]


@given(vocabularies, words)
def test_how_often_a_word_is_known_does_not_count(known: list[str], word: str) -> None:
    """A vocabulary is a set: repeated, or in another order, it gives the same."""
    found = Families(known).of(word)
    assert Families([*reversed(known), *known]).of(word) == found


def test_what_was_forgotten_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it may remember nothing, it gives the same each time."""
    monkeypatch.setattr(families, "_REMEMBERED", 0)
    found = Families(KNOWN)
    once = [found.of(word) for word in KNOWN]
    assert [found.of(word) for word in KNOWN] == once
