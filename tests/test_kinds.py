"""Which kinds of answer a text holds, by its words."""

import pytest

from bot.matching.kinds import beside_names, held


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("when", "Ada left on a Monday."),
        ("when", "It was painted in 2019."),
        ("where", "Ada spoke near Port Royal."),
        ("where", "It hung in the town hall."),
        ("how many", "Twelve people came."),
        ("how much", "Ada paid 30 euros for it."),
        ("how old", "Ada, aged 40, spoke."),
        ("how long", "It was shut for three weeks."),
        ("why", "It was shut because of the wind."),
        ("what was said", "Ada called it a pity."),
    ],
)
def test_a_text_holds_a_kind_of_answer(kind: str, text: str) -> None:
    """A word of that kind is in it."""
    assert kind in held([text])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("when", "Ada left the club with Ben."),
        ("where", "Ada dropped the fee for games."),
        ("where", "It was dropped in March 2021 by Ada."),
        ("how many", "Ada left the club."),
        ("how long", "Ada left the club in March."),
        ("how old", "Ada left the old club."),
        ("what was said", "Ada left the club."),
    ],
)
def test_a_text_without_such_a_word_holds_none(kind: str, text: str) -> None:
    """A month is no place, and one date is no length of time."""
    assert kind not in held([text])


def test_a_date_alone_is_no_answer_in_words() -> None:
    """What is only the date of a fact says nothing."""
    assert held(["3 May 2021"]) == frozenset()


def test_what_stands_beside_a_name_may_have_one() -> None:
    """Before it or after it, within a few words."""
    found = beside_names(["Then the pilot Ada Moreau let a reporter go on with it."])
    assert "pilot" in found
    assert "with" not in found
