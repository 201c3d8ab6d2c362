"""How sure a base is of what it should not answer, and the threshold from that."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidate import Target
from bot.matching.held_out import BOUNDS, FEWEST, HARDER, false_answers, threshold
from bot.matching.ranking import Matcher

PROBABILITIES = st.floats(0, 1)
FOUND = st.lists(PROBABILITIES, min_size=FEWEST, max_size=3 * FEWEST).map(sorted)
THINGS = "bell gong horn drum flute harp lute".split()
TARGETS = [
    Target(
        thing,
        (
            f"who rang the {thing}",
            f"{thing} rung by whom",
            f"the ringer of the {thing}",
        ),
        decoys=(f"who sold the {thing}", f"who made the {thing}"),
    )
    for thing in THINGS
]


@given(FOUND, PROBABILITIES, PROBABILITIES)
def test_who_wants_fewer_false_answers_gets_no_lower_threshold(
    found: list[float], one: float, other: float
) -> None:
    """The threshold falls as the wanted share rises."""
    few, many = sorted((one, other))
    assert threshold(found, few, 0.5) >= threshold(found, many, 0.5)


@given(FOUND, PROBABILITIES)
def test_a_threshold_stays_in_its_bounds(found: list[float], wanted: float) -> None:
    """Whatever was measured, it is neither reckless nor mute."""
    assert BOUNDS[0] <= threshold(found, wanted, 0.5) <= BOUNDS[1]


@given(FOUND, PROBABILITIES)
def test_a_threshold_lets_through_no_more_than_is_wanted(
    found: list[float], wanted: float
) -> None:
    """Below its upper bound, it holds the share of false answers."""
    sure = threshold(found, wanted, 0.5)
    through = sum(one >= sure for one in found)
    assert sure == BOUNDS[1] or through <= len(found) * wanted * HARDER


@given(st.lists(PROBABILITIES, max_size=FEWEST - 1), PROBABILITIES, PROBABILITIES)
def test_too_little_gives_the_default(
    found: list[float], wanted: float, default: float
) -> None:
    """From a handful of questions nothing is read off."""
    assert threshold(sorted(found), wanted, default) == default


def test_false_answers_rise_and_are_probabilities() -> None:
    """They come sorted, one for each question that was asked."""
    found = false_answers(TARGETS, {})
    assert all(one <= other for one, other in pairwise(found))
    assert all(0 <= one <= 1 for one in found)
    # Two of seven targets are left out, and of the others every decoy of one fold.
    assert len(found) == 2 * 3 + 1
    assert found[-1] > 0


def test_false_answers_are_the_same_each_time() -> None:
    """No chance is in it: the same base has the same threshold everywhere."""
    assert false_answers(TARGETS, {}) == false_answers(list(TARGETS), {})


def test_what_is_silent_answers_nothing_false() -> None:
    """A target without an answer counts 0, however sure it is."""
    silent = [replace(target, is_silent=True) for target in TARGETS]
    found = false_answers(silent, {})
    assert found == (0.0,) * len(false_answers(TARGETS, {}))


def test_a_question_that_is_left_out_is_not_known() -> None:
    """A base that knew it would be surer of it than of any false answer."""
    first = TARGETS[0]
    known = Matcher(TARGETS).rank(first.asks[0]).candidates[0]
    assert known.id == first.id
    assert known.confidence > false_answers(TARGETS, {})[-1]


@pytest.mark.parametrize("targets", [[], TARGETS[:1], [Target("empty", ())]])
def test_a_base_with_nothing_left_gives_no_false_answer(targets: list[Target]) -> None:
    """Without another target there is nothing false to be said."""
    assert set(false_answers(targets, {})) <= {0.0}
