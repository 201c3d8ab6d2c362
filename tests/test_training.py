"""Targets' weights: trained apart where they are confused."""

from collections.abc import Mapping, Sequence
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import training
from bot.matching.training import NONE, Trained, Vector, retrain, train


def vector(text: str) -> Vector:
    """A wording as a vector of length 1, each word with the same weight."""
    said = dict.fromkeys(text.split())
    return {word: 1 / sqrt(len(said)) for word in said}


CONFUSABLE = [
    (0, vector("when did kim post the statement")),
    (0, vector("date of the statement of kim")),
    (0, vector("what day did kim publish it")),
    (1, vector("where did kim post the statement")),
    (1, vector("platform of the statement of kim")),
    (1, vector("what site did kim publish it")),
    (2, vector("who did kim post the statement for")),
    (2, vector("readers of the statement of kim")),
]
WORDS = st.lists(st.sampled_from("kim post date site who".split()), min_size=1)
BASES = st.lists(
    st.tuples(st.integers(NONE, 3), WORDS.map(" ".join).map(vector)), max_size=10
)


def score(weights: Mapping[str, float], wording: Vector) -> float:
    """The score of a target for a wording."""
    return sum(share * weights.get(word, 0.0) for word, share in wording.items())


def leads(
    weights: Mapping[int, Mapping[str, float]], wordings: Sequence[tuple[int, Vector]]
) -> list[float]:
    """How far each wording is nearer to its own target than to the best other."""
    return [
        score(weights[own], wording)
        - max(score(mine, wording) for at, mine in weights.items() if at != own)
        for own, wording in wordings
    ]


@pytest.fixture
def centroids(monkeypatch: pytest.MonkeyPatch) -> dict[int, dict[str, float]]:
    """The weights of the confusable base before it is trained."""
    with monkeypatch.context() as patch:
        patch.setattr(training, "MOST_TRAINED", 0)
        return train(CONFUSABLE)


@given(BASES)
def test_the_same_wordings_give_the_same_weights(
    base: list[tuple[int, Vector]],
) -> None:
    """No chance is in it: a revision is one revision on every machine."""
    assert train(base) == train(list(base))


@given(BASES)
def test_every_target_has_weights_and_none_has_not(
    base: list[tuple[int, Vector]],
) -> None:
    """A target with a wording is there; the target of decoys never is."""
    assert set(train(base)) == {target for target, _ in base} - {NONE}


def test_wordings_end_up_nearer_to_their_own_target(
    centroids: dict[int, dict[str, float]],
) -> None:
    """Training moves confused targets apart, for each of their wordings."""
    before, after = leads(centroids, CONFUSABLE), leads(train(CONFUSABLE), CONFUSABLE)
    assert all(new > old for old, new in zip(before, after, strict=True))
    assert min(after) > 0


def test_a_decoy_lowers_its_own_targets_score_for_its_words() -> None:
    """What curators refuse becomes less like the entry that it looks like."""
    decoy = vector("when did kanye post the statement")
    without, taught = train(CONFUSABLE), train([*CONFUSABLE, (NONE, decoy)])
    assert score(taught[0], decoy) < score(without[0], decoy)


def test_a_decoy_of_other_words_changes_nothing() -> None:
    """A decoy that shares no word with the base teaches it nothing."""
    other = (NONE, vector("weather tomorrow"))
    assert train([*CONFUSABLE, other]) == train(CONFUSABLE)


def test_a_base_too_large_to_train_keeps_its_centroids(
    centroids: dict[int, dict[str, float]],
) -> None:
    """Untrained, each target is the direction of its wordings, of length 1."""
    lengths = [
        sum(share * share for share in one.values()) for one in centroids.values()
    ]
    assert lengths == pytest.approx([1.0] * 3)
    assert centroids != train(CONFUSABLE)


@pytest.mark.parametrize("base", [[], [(NONE, vector("no such thing"))]])
def test_a_base_without_targets_has_no_weights(base: list[tuple[int, Vector]]) -> None:
    """Nothing, or decoys alone, train nothing."""
    assert train(base) == {}


def test_a_base_of_one_leads_to_it() -> None:
    """A single wording is as near to its target as can be."""
    wording = vector("who rang the bell")
    assert score(train([(0, wording)])[0], wording) == pytest.approx(1.0)


@given(BASES)
def test_what_did_not_change_is_not_trained_again(
    wordings: Sequence[tuple[int, Vector]],
) -> None:
    """With all that was trained before and nothing changed, all stays as it was."""
    before = train(wordings)
    assert retrain(wordings, Trained(before, set())) == before


def test_a_target_that_changed_is_told_from_the_others_again() -> None:
    """A new wording leads to its own target, and the others lead where they did."""
    more = [*CONFUSABLE, (1, vector("when did the site of kim publish it"))]
    found = retrain(more, Trained(train(CONFUSABLE), {1}))
    assert all(lead > 0 for lead in leads(found, more))
