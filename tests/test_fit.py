"""Fitting the matcher's model: the right signs, and the same weights each time."""

from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import CANDIDATE, LEADING, QUESTION
from bot.matching.guards import GUARDS
from bot.matching.weights import Linear, model
from tests.benchmarks.fit import FROZEN, data_hash, fitted_on
from tests.benchmarks.fitting import (
    Fitted,
    Row,
    bound,
    first_of,
    fit,
    logistic,
    matrix,
    names_for,
    rounded,
    rows_of,
    softmax,
)
from tests.benchmarks.judging import (
    OFF_TOPIC,
    PARTS,
    cut_for,
    judged,
    offer_for,
    part_of,
    share,
    told,
)
from tests.benchmarks.labelled import KINDS, Labelled, base, folders, questions, thinned

NAMES: Final = ("wording", "way", "roles")
ROUNDED: Final = {"roles": 0.0, "way": 0.5}
NEAR: Final = {"wording": 0.9, "target": 0.8, "way": 0.1, "roles": 0.0}
FAR: Final = {"wording": 0.2, "target": 0.1, "way": 0.8, "roles": 1.0}
QUIET: Final = dict.fromkeys(QUESTION, 0.0)
BY_WORDING: Final = Linear(weights={"wording": 1.0})


def row(kind: str = "in_scope", right: str = "a", **more: dict[str, float]) -> Row:
    """A question with two entries, of which `a` is near, unless others are given."""
    entries = tuple((more or {"a": NEAR, "b": FAR}).items())
    asked = Labelled(q=f"{kind} {right}?", expect=(right,) if right else ())
    return Row("made up", kind, asked, 1.0, QUIET, entries, ())


def rows() -> list[Row]:
    """Questions of each kind: to those in scope `a` is right, to others nothing."""
    far = {"a": FAR, "b": FAR | {"wording": 0.1}}
    return [
        *(row() for _ in range(5)),
        *(row("near_topic", "", **far) for _ in range(4)),
        *(row("off_topic", "", **far) for _ in range(4)),
        row("swaps", "b"),
    ]


def test_a_ranker_puts_the_right_entry_first() -> None:
    """What the right entry has more of is weighed for, what it has less of against."""
    found = softmax([row(), row()], NAMES, 0.02)
    assert found["wording"] > 0
    assert found["way"] < 0
    assert found["roles"] < 0
    scored = Linear(weights=found)
    assert scored(NEAR) > scored(FAR)


def test_a_ranker_never_takes_a_guard_for_praise() -> None:
    """Where the data say so, a guard weighs nothing, and no likeness less."""
    found = softmax([row(right="b")], NAMES, 0.02)
    assert found["wording"] == found["roles"] == 0
    assert found["way"] > 0


def test_what_has_nothing_to_choose_teaches_a_ranker_nothing() -> None:
    """Other kinds, and questions to which all or no entries are right, are left out."""
    more = [row("swaps", "b"), row("near_topic", "b"), row(right="c")]
    more.append(row(right="a", a=NEAR))
    assert softmax([row(), *more], NAMES, 0.02) == softmax([row()], NAMES, 0.02)


def test_a_logistic_regression_gets_the_signs_right() -> None:
    """What goes with right raises, what goes with wrong lowers, chance does neither."""
    features = np.array(
        [[1.0, 0.0, x] for x in (0, 1)] + [[0.0, 1.0, x] for x in (0, 1)]
    )
    right, names = np.array([1.0, 1.0, 0.0, 0.0]), ("good", "bad", "chance")
    found = logistic(features, right, np.ones(4), names, 0.01)
    assert found.weights["good"] > 0 > found.weights["bad"]
    assert found.weights["chance"] == pytest.approx(0.0, abs=1e-6)
    assert found({"good": 1.0}) > 0 > found({"bad": 1.0})


def test_a_logistic_regression_keeps_to_its_bounds() -> None:
    """A weight that may not be negative is 0 where it would be, and exactly 0."""
    features, right = np.array([[1.0], [0.0]]), np.array([0.0, 1.0])
    found = logistic(features, right, np.ones(2), ("bad",), 0.01, [(0.0, None)])
    assert found.weights == {"bad": 0.0}


def test_a_row_counts_by_its_weight() -> None:
    """Of rows that contradict each other, the one that counts more has its way."""
    features, right = np.array([[1.0], [1.0], [0.0]]), np.array([1.0, 0.0, 0.0])
    for weights, is_right in (([9.0, 1.0, 5.0], True), ([1.0, 9.0, 5.0], False)):
        found = logistic(features, right, np.array(weights), ("x",), 0.01)
        assert (found({"x": 1.0}) > 0) == is_right


def test_every_feature_has_a_sign_or_is_free() -> None:
    """Guards are never for, likenesses in words and leads never against."""
    for name in (*CANDIDATE, *LEADING, *QUESTION):
        low, high = bound(name)
        assert {low, high} <= {0.0, None}
        assert low is None or high is None
    assert {bound(name) for name in GUARDS} == {(None, 0.0)}
    leads = LEADING.keys() - {"many ways"}
    assert {bound(name) for name in leads} == {(0.0, None)}
    assert bound("many ways") == (None, 0.0)


def test_features_are_rows_in_the_order_of_their_names() -> None:
    """What a candidate lacks is 0."""
    found = matrix([{"a": 1.0, "c": 3.0}, {}], ["c", "a", "b"])
    assert found.tolist() == [[3.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize("vectors", [True, False])
def test_a_verifier_weighs_nothing_of_meaning(*, vectors: bool) -> None:
    """It is fitted without it; the ranker has it where there are vectors."""
    names = names_for("", vectors=vectors)
    groups = {CANDIDATE[name].group for name in names.verifier if name in CANDIDATE}
    assert "meaning" not in groups
    assert ("way" in names.ranker) == vectors
    assert set(names.ranker) <= CANDIDATE.keys()


def test_a_group_can_be_left_out() -> None:
    """Without guards, nothing that is fitted has one."""
    names = names_for("guards", vectors=True)
    assert GUARDS.keys().isdisjoint({*names.ranker, *names.verifier, *names.about})


def test_the_first_is_the_one_with_the_highest_score() -> None:
    """It is an entry, with its lead; of equals the first by name; none, if none."""
    found = first_of(row(), BY_WORDING)
    assert found is not None
    assert (found.id, found.three, found.is_right) == ("a", ("a", "b"), True)
    assert found.signals["lead"] == pytest.approx(0.7)
    equal = first_of(row(b=NEAR, a=NEAR), BY_WORDING)
    assert equal is not None
    assert equal.id == "a"
    assert first_of(row()._replace(entries=()), BY_WORDING) is None


def test_a_fit_tells_right_answers_from_wrong_ones() -> None:
    """On the rows that it was fitted on, what is right is surer than all the rest."""
    found = rows()
    out = judged(found, fit(found, names_for("", vectors=True)))
    right = [one.confidence for one in out if one.first.is_right]
    wrong = [one.confidence for one in out if not one.first.is_right]
    assert min(right) > max(wrong[:-1])
    off_topic = [one.about for one in out if one.first.row.kind == "off_topic"]
    assert max(off_topic) < min(one.about for one in out if one.first.is_right)


@given(st.lists(st.floats(-9, 9), max_size=30), st.floats(0, 0.99))
def test_a_cut_lets_no_more_through_than_it_may(odds: list[float], rate: float) -> None:
    """Of questions without an answer, the wanted share is above it, to the nearest."""
    verifier = Linear(weights={"unknown": 1.0})
    found = judged(
        [row("near_topic", "")._replace(signals={"unknown": one}) for one in odds],
        Fitted(BY_WORDING, verifier, Linear(bias=30.0, weights={})),
    )
    cut = cut_for(rate, found)
    through = sum(one.confidence > cut for one in found)
    assert through <= rate * len(found) + 0.5 + 1e-9


def test_of_what_is_off_topic_less_may_be_answered() -> None:
    """The share of off-topic questions is a part of that of near-topic ones."""
    sure = Fitted(BY_WORDING, Linear(bias=3.0, weights={}), Linear(bias=9, weights={}))
    few = judged([row("off_topic", "", a=NEAR)] * 10, sure)
    assert OFF_TOPIC < 1
    assert cut_for(0.9 * OFF_TOPIC, few) >= few[0].confidence


def test_few_that_are_off_topic_are_offered_something() -> None:
    """Of ten, one may be above the bar."""
    by_unknown = Linear(weights={"unknown": 1.0})
    found = judged(
        [row("off_topic", "")._replace(signals={"unknown": at}) for at in range(10)],
        Fitted(BY_WORDING, BY_WORDING, by_unknown),
    )
    assert sum(one.about > offer_for(found, 0.1) for one in found) == 1


def test_figures_are_shares_in_per_cent() -> None:
    """All that is told of questions is between 0 and 100."""
    found = judged(rows(), fit(rows(), names_for("", vectors=False)))
    figures = told(found, cut=0.5, on_topic=0.5)
    assert all(0 <= one <= 100 for one in figures.values())
    assert figures["first"] == figures["in three"] == 100
    assert share([]) == 0
    assert share([True, False]) == 50


def test_the_same_stories_give_the_same_weights() -> None:
    """Measured and fitted twice, two stories give the same to the last digit."""
    names = names_for("", vectors=False)

    def fitted() -> Fitted:
        found: list[Row] = []
        for name in ("rubiales", "unity"):
            story = thinned(base(name), 2)
            few = {kind: asked[:4] for kind, asked in story.questions.items()}
            found += rows_of(replace(story, questions=few), 1.0, vectors=None)
        return fit(found, names)

    assert fitted() == fitted()


def test_what_is_chance_is_not_kept() -> None:
    """A weight at its bound, or in its last digits, is the same on every machine."""
    one, other = (
        Linear(bias=1.0, weights={"roles": near, "way": 0.5 + near})
        for near in (-2.6756e-16, -4.5215e-16)
    )
    assert rounded(one) == rounded(other) == Linear(bias=1.0, weights=ROUNDED)


def test_questions_are_parted_evenly() -> None:
    """Which part a question is in, its text alone tells, in every story alike."""
    for name, folder in folders().items():
        asked = [one for kind in KINDS for one in questions(folder, kind)]
        parts = Counter(map(part_of, asked))
        assert len(parts) == PARTS, name
        assert max(parts.values()) < 2 * min(parts.values()), name
    assert part_of(Labelled(q="who?")) == part_of(Labelled(q="who?", expect=("a",)))


def test_nothing_is_fitted_on_a_frozen_story() -> None:
    """The frozen stories are there, and are none of those that are fitted on."""
    assert set(FROZEN) <= folders().keys()
    assert not set(FROZEN) & set(fitted_on())


def test_the_weights_are_of_the_questions_that_there_are() -> None:
    """Who adds a question, or changes a story that is fitted on, fits again."""
    assert model().made["data"] == data_hash(fitted_on())
