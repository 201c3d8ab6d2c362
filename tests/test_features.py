"""Everything that is measured: each has a name and says what it is."""

from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidate import Target
from bot.matching.features import (
    CANDIDATE,
    LEADING,
    MOST_LEAD,
    QUESTION,
    Group,
    Ranked,
    leading,
)
from bot.matching.guards import GUARDS
from bot.matching.ranking import Matcher

MEASURED: Final = {"decoy", "many ways"}
TABLES: Final = (CANDIDATE, LEADING, QUESTION)
scores: Final = st.floats(-30, 30)
ranked: Final = st.builds(
    Ranked,
    scores,
    st.fixed_dictionaries({"wording": st.floats(0, 1), "target": st.floats(-2, 2)}),
)
TARGETS: Final = [
    Target("rang", ("Who rang the bell?", "ringer of the bell"), decoys=("who rang",)),
    Target("paid", ("Who paid for the repair?",), says=("The council paid for it.",)),
    Target("?cost", ("What did it cost?",), is_silent=True),
]


def first(score: float, wording: float = 0.5, target: float = 0.5) -> Ranked:
    """A candidate with a score of its own."""
    return Ranked(score, {"wording": wording, "target": target})


def test_every_feature_is_explained_once() -> None:
    """No name is in two tables, and each has a group and a sentence."""
    assert len({name for one in TABLES for name in one}) == sum(map(len, TABLES))
    for table in TABLES:
        for name, feature in table.items():
            assert feature.says.strip(), name
            assert feature.group in get_args(Group)


def test_every_guard_is_a_feature() -> None:
    """What speaks against a candidate is measured under the guard's own name."""
    guards = {name for name, one in CANDIDATE.items() if one.group == "guards"}
    assert guards == GUARDS.keys()


@pytest.mark.parametrize(
    "asked", ["who rang the bell", "what did the repair cost", "who is it", "xqzzv"]
)
def test_everything_measured_is_explained(asked: str) -> None:
    """A ranking measures nothing that the tables do not know, and all of a question."""
    found = Matcher(TARGETS).rank(asked)
    known = {name for one in TABLES for name in one}
    assert found.signals.keys() == QUESTION.keys()
    for one in found.candidates:
        assert one.signals.keys() <= known
        assert {"wording", "target", "letters", "asked", "said"} <= one.signals.keys()


def test_the_first_candidate_has_its_lead() -> None:
    """All that tells how far it leads is measured of the first of its kind."""
    best = Matcher(TARGETS).rank("who rang the bell").candidates[0]
    assert LEADING.keys() <= best.signals.keys()


@given(ranked, st.lists(ranked, max_size=3), st.lists(ranked, max_size=3))
def test_a_lead_is_bounded(
    one: Ranked, behind: list[Ranked], rivals: list[Ranked]
) -> None:
    """Beyond a lead that settles it, more says nothing; some are measured before."""
    found = leading(one, behind, rivals)
    assert found.keys() | MEASURED == LEADING.keys()
    assert found["lead"] <= MOST_LEAD
    assert -MOST_LEAD <= found["unknown lead"] <= MOST_LEAD


@given(ranked)
def test_one_alone_leads_by_the_most(one: Ranked) -> None:
    """Without any other, each lead in rank is the greatest; in likeness it is whole."""
    found = leading(one, [], [])
    assert found["lead"] == pytest.approx(MOST_LEAD)
    assert found["unknown lead"] == pytest.approx(MOST_LEAD)
    assert found["wording lead"] == one.signals["wording"]
    assert found["target lead"] == one.signals["target"]


def test_a_lead_is_over_the_next() -> None:
    """Over the next of its kind, the nearest rival, and the best likeness of all."""
    found = leading(
        first(5.0, 0.9, 0.8),
        [first(4.0, 0.1, 0.2), first(1.0, 0.4, 0.1)],
        [first(6.5, 0.3, 0.7)],
    )
    assert found == pytest.approx(
        {"lead": 1.0, "unknown lead": -1.5, "wording lead": 0.5, "target lead": 0.1}
    )
