"""The fitted model: what it weighs, and how sure one must be."""

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import BY_DENSITY, CANDIDATE, DENSE, LEADING, QUESTION
from bot.matching.guards import GUARDS
from bot.matching.weights import Cut, Linear, Variant, model

KNOWN: Final = {**CANDIDATE, **LEADING, **QUESTION, **BY_DENSITY}
VARIANTS: Final = {
    name: one
    for name, one in {
        "words": model().words,
        "vectors": model().vectors,
        "sentences": model().sentences,
    }.items()
    if one
}
variants: Final = pytest.mark.parametrize("name", VARIANTS)
shares: Final = st.floats(0, 1)
weights: Final = st.dictionaries(st.sampled_from(sorted(KNOWN)), st.floats(-9, 9))
signals: Final = st.dictionaries(
    st.sampled_from([*sorted(KNOWN), "no such feature"]), st.floats(-1e6, 1e6)
)


def variant(*cuts: Cut) -> Variant:
    """A model of nothing but cuts: for 4 ways of asking, and for 64."""
    none = Linear(weights={})
    return Variant(
        ranker=none,
        verifier=none,
        about=none,
        cuts=cuts,
        few=4,
        many=64,
        offer=Cut(0.1, 0.5, 0.9),
    )


@given(weights, signals)
def test_a_feature_that_is_not_known_counts_for_nothing(
    known: dict[str, float], given_: dict[str, float]
) -> None:
    """Only what is weighed is summed, and what is missing is 0."""
    linear = Linear(bias=0.5, weights=known)
    only = {name: value for name, value in given_.items() if name in known}
    missing = dict.fromkeys(known, 0.0) | only
    assert linear(given_) == linear(only) == linear(missing)


@given(weights)
def test_a_linear_model_adds_weights_up(known: dict[str, float]) -> None:
    """With every feature at 1 it is the sum of its weights, and its bias."""
    found = Linear(bias=0.5, weights=known)(dict.fromkeys(known, 1.0))
    assert found == pytest.approx(0.5 + sum(known.values()))


@given(st.sampled_from(sorted(VARIANTS)), signals)
def test_probabilities_are_probabilities(name: str, given_: dict[str, float]) -> None:
    """However large a feature, a confidence is 0-1, and nothing overflows."""
    found = VARIANTS[name]
    assert 0 <= found.confidence(given_) <= 1
    assert 0 <= found.is_about(given_) <= 1


@variants
@given(one=shares, other=shares, ways=st.floats(0, 1000))
def test_who_wants_fewer_false_answers_gets_no_lower_cut(
    name: str, one: float, other: float, ways: float
) -> None:
    """The cut falls as the wanted share rises, and is a probability."""
    few, many = sorted((one, other))
    found = VARIANTS[name]
    assert 0 < found.cut(many, ways) <= found.cut(few, ways) < 1


@variants
def test_a_cut_that_was_measured_is_what_was_measured(name: str) -> None:
    """At each measured share and number of ways, it is the measured confidence."""
    found = VARIANTS[name]
    for one in found.cuts:
        assert found.cut(one.share, found.few) == pytest.approx(one.few)
        assert found.cut(one.share, found.many) == pytest.approx(one.many)
    assert all(one.share < other.share for one, other in pairwise(found.cuts))
    assert found.least == found.cuts[0].share
    assert found.few < found.many


@pytest.mark.parametrize(
    ("share", "cut"),
    [(0.0, 0.9), (0.1, 0.9), (0.2, 0.8), (0.25, 0.75), (0.3, 0.7), (1.0, 0.7)],
)
def test_between_cuts_it_is_in_proportion(share: float, cut: float) -> None:
    """Between two that were measured, in proportion; beyond them, as at the end."""
    found = variant(Cut(0.1, 0.9, 0.95), Cut(0.3, 0.7, 0.9))
    assert found.cut(share, 4) == pytest.approx(cut)


@pytest.mark.parametrize(
    ("ways", "cut"), [(0, 0.7), (1, 0.7), (4, 0.7), (16, 0.8), (64, 0.9), (999, 0.9)]
)
def test_between_few_ways_and_many_it_is_in_proportion(ways: float, cut: float) -> None:
    """Each doubling of the ways of asking counts the same; beyond, as at the end."""
    found = variant(Cut(0.1, 0.9, 0.95), Cut(0.3, 0.7, 0.9))
    assert found.cut(0.3, ways) == pytest.approx(cut)


@pytest.mark.parametrize(
    ("ways", "least"),
    [(0, 0.3), (1, 0.3), (2, 0.4), (4, 0.5), (16, 0.7), (64, 0.9), (999, 0.9)],
)
def test_offers_need_more_where_there_are_many_ways(ways: float, least: float) -> None:
    """From where it is offered rises with each doubling of the ways of asking.

    So it does for fewer than were measured, too, and ends at one.
    """
    assert variant(Cut(0.1, 0.9, 0.95)).offer_from(ways) == pytest.approx(least)


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_a_single_cut_holds_everywhere(share: float) -> None:
    """Where only one was measured, there is nothing to go between."""
    assert variant(Cut(0.1, 0.9, 0.9)).cut(share, 9) == 0.9


@variants
def test_every_weight_is_of_a_known_feature(name: str) -> None:
    """What is weighed is measured and explained."""
    found = VARIANTS[name]
    for linear in (found.ranker, found.verifier, found.about):
        assert linear.weights.keys() <= KNOWN.keys()
    assert found.ranker.weights.keys() <= CANDIDATE.keys()


@variants
def test_no_guard_speaks_for_a_candidate(name: str) -> None:
    """A guard that fires never makes one better, or surer, however many ways it has."""
    found = VARIANTS[name]
    for linear in (found.ranker, found.verifier):
        for guard in GUARDS:
            assert linear.weights.get(guard, 0.0) <= 0
            assert linear.weights.get(f"{guard}{DENSE}", 0.0) <= 0


@pytest.mark.parametrize("name", ["words", "vectors"])
def test_every_guard_is_weighed(name: str) -> None:
    """What speaks against a candidate was there when the weights were fitted."""
    found = VARIANTS[name]
    weighed = found.ranker.weights.keys() | found.verifier.weights.keys()
    assert weighed >= GUARDS.keys()


@variants
def test_no_likeness_in_meaning_makes_surer(name: str) -> None:
    """Nothing is answered because vectors are near: no confidence rests on them."""
    weighed = VARIANTS[name].verifier.weights
    of = {KNOWN[feature.removesuffix(DENSE)].group for feature in weighed}
    assert "meaning" not in of


def test_without_vectors_nothing_is_of_meaning() -> None:
    """The model for words alone weighs nothing that only vectors measure."""
    found = VARIANTS["words"]
    for linear in (found.ranker, found.verifier, found.about):
        groups = {KNOWN[feature].group for feature in linear.weights}
        assert "meaning" not in groups


@variants
def test_a_question_that_shares_nothing_is_never_answered(name: str) -> None:
    """Nearness in meaning alone is far from what any wish for answers would let by."""
    near = {feature: 1.0 for feature, one in KNOWN.items() if one.group == "meaning"}
    lead = {"lead": 4.0, "unknown lead": 4.0}
    found = VARIANTS[name]
    assert found.confidence(near | lead) < found.cut(1.0, found.few)
