"""Targets' weights: trained apart where they are confused."""

import random
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.matching import training
from bot.matching.training import NONE, Shares, Trained, Wordings, train

Weights = Mapping[int, Mapping[int, float]]
Said = tuple[int, str]

WORDS: Final = (
    "date day did do for gone it kim kanye no of platform post publish rang readers "
    "site statement such the thing tomorrow weather what when where who"
).split()
IDS: Final = {word: at for at, word in enumerate(WORDS)}
CONFUSABLE: Final[list[Said]] = [
    (0, "when did kim post the statement"),
    (0, "date of the statement of kim"),
    (0, "what day did kim publish it"),
    (1, "where did kim post the statement"),
    (1, "platform of the statement of kim"),
    (1, "what site did kim publish it"),
    (2, "who did kim post the statement for"),
    (2, "readers of the statement of kim"),
]
BASES: Final = st.lists(
    st.tuples(
        st.integers(NONE, 3),
        st.lists(st.sampled_from("kim post date site who".split())).map(" ".join),
    ),
    max_size=10,
)
TARGETS: Final = 4


def rows(base: Sequence[Said]) -> Wordings:
    """Wordings as rows of length 1, each word with the same weight."""
    said = [list(dict.fromkeys(text.split())) for _, text in base]
    sizes = np.array([len(one) for one in said], np.intp)
    return Wordings(
        np.array([target for target, _ in base], np.intp),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp),
        np.array([IDS[word] for one in said for word in one], np.intp),
        np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32),
        np.array([crc32(text.encode()) for _, text in base], np.intp),
    )


def learnt(base: Sequence[Said], before: Trained | None = None) -> Shares:
    """What is trained on these wordings."""
    return train(rows(base), len(WORDS), TARGETS, before)


def plain(shares: Shares) -> list[tuple[int, int, float]]:
    """Weights as values that can be compared."""
    return list(zip(*(one.tolist() for one in shares), strict=True))


def weights_of(shares: Shares) -> dict[int, dict[int, float]]:
    """The weight of each feature, by target."""
    found: dict[int, dict[int, float]] = {}
    for feature, target, weight in plain(shares):
        found.setdefault(target, {})[feature] = weight
    return found


def before(shares: Shares, *changed: int) -> Trained:
    """What was trained, as the next training takes it up."""
    weights: dict[int, tuple[NDArray[np.intp], NDArray[np.float32]]] = {
        target: (
            np.array(list(one), np.intp),
            np.array(list(one.values()), np.float32),
        )
        for target, one in weights_of(shares).items()
    }
    return Trained(weights, frozenset(changed))


def score(weights: Mapping[int, float], text: str) -> float:
    """The score of a target for a wording."""
    said = set(text.split())
    return sum(weights.get(IDS[word], 0.0) for word in said) / sqrt(len(said))


def leads(weights: Weights, base: Sequence[Said]) -> list[float]:
    """How far each wording is nearer to its own target than to the best other."""
    return [
        score(weights[own], text)
        - max(score(mine, text) for at, mine in weights.items() if at != own)
        for own, text in base
    ]


@pytest.fixture
def centroids(monkeypatch: pytest.MonkeyPatch) -> Shares:
    """The weights of the confusable base before it is trained."""
    with monkeypatch.context() as patch:
        patch.setattr(training, "MOST_TRAINED", 0)
        return learnt(CONFUSABLE)


@given(BASES)
def test_the_same_wordings_give_the_same_weights(base: list[Said]) -> None:
    """No chance is in it: a revision is one revision on every machine."""
    assert plain(learnt(base)) == plain(learnt(list(base)))


@given(BASES)
def test_weights_come_in_order_and_are_numbers(base: list[Said]) -> None:
    """By feature, then target, each pair once, none of them 0 or infinite."""
    found = plain(learnt(base))
    pairs = [(feature, target) for feature, target, _ in found]
    assert pairs == sorted(set(pairs))
    assert all(0 <= at < len(WORDS) and 0 <= one < TARGETS for at, one in pairs)
    assert all(weight and np.isfinite(weight) for _, _, weight in found)


@given(BASES)
def test_every_target_with_words_has_weights(base: list[Said]) -> None:
    """A target with a wording has what its words give it, whatever decoys there are."""
    assert set(weights_of(learnt(base))) >= {
        target for target, text in base if text and target != NONE
    }


@given(BASES, st.data())
def test_rows_can_be_chosen_in_any_order(base: list[Said], data: st.DataObject) -> None:
    """Chosen rows are what they would be if only they had been written down."""
    places = (
        st.lists(st.integers(0, len(base) - 1), max_size=6) if base else st.just([])
    )
    chosen = data.draw(places)
    found = rows(base).rows(np.array(chosen, np.intp))
    alone = rows([base[at] for at in chosen])
    for one, other in zip(found, alone, strict=True):
        assert one.tolist() == other.tolist()


def test_wordings_end_up_nearer_to_their_own_target(centroids: Shares) -> None:
    """Training moves confused targets apart, for each of their wordings."""
    earlier = leads(weights_of(centroids), CONFUSABLE)
    later = leads(weights_of(learnt(CONFUSABLE)), CONFUSABLE)
    assert all(new > old for old, new in zip(earlier, later, strict=True))
    assert min(later) > 0


def test_a_decoy_lowers_its_own_targets_score_for_its_words() -> None:
    """What curators refuse becomes less like the entry that it looks like."""
    decoy = "when did kanye post the statement"
    without, taught = (
        weights_of(learnt(base)) for base in (CONFUSABLE, [*CONFUSABLE, (NONE, decoy)])
    )
    assert score(taught[0], decoy) < score(without[0], decoy)


def test_a_decoy_of_other_words_leaves_the_words_of_targets_alone() -> None:
    """A decoy that shares no word with the base moves no word of the base."""
    kept = {IDS[word] for _, text in CONFUSABLE for word in text.split()}
    taught = plain(learnt([*CONFUSABLE, (NONE, "weather tomorrow")]))
    without = plain(learnt(CONFUSABLE))
    found = [one for one in taught if one[0] in kept]
    assert [pair[:2] for pair in found] == [pair[:2] for pair in without]
    assert [one[2] for one in found] == pytest.approx(
        [one[2] for one in without], abs=0.02
    )


@pytest.mark.parametrize("limit", ["MOST_TRAINED", "MOST_WEIGHTS"])
def test_a_base_too_large_to_train_keeps_its_centroids(
    limit: str, monkeypatch: pytest.MonkeyPatch, centroids: Shares
) -> None:
    """Untrained, each target is the direction of its wordings, of length 1."""
    monkeypatch.setattr(training, limit, 0)
    found = learnt(CONFUSABLE)
    assert plain(found) == plain(centroids)
    lengths = [
        sum(share * share for share in one.values())
        for one in weights_of(found).values()
    ]
    assert lengths == pytest.approx([1.0] * 3)
    monkeypatch.undo()
    assert plain(found) != plain(learnt(CONFUSABLE))


@pytest.mark.parametrize("base", [[], [(0, "")], [(NONE, "")], [(NONE, ""), (2, "")]])
def test_a_base_without_words_has_no_weights(base: list[Said]) -> None:
    """Nothing, or wordings without words, train nothing."""
    assert plain(learnt(base)) == []


def test_decoys_alone_lead_nowhere() -> None:
    """Without a target's wording, no word speaks for any target."""
    assert all(weight <= 0 for _, _, weight in plain(learnt([(NONE, "such thing")])))


def test_a_base_of_one_leads_to_it() -> None:
    """A single wording is as near to its target as can be."""
    shares = train(rows([(0, "who rang the thing")]), len(WORDS), 1)
    assert score(weights_of(shares)[0], "who rang the thing") == pytest.approx(1.0)


def test_a_last_wording_without_words_takes_nothing_from_others() -> None:
    """A wording without words, after all the others, teaches nothing."""
    assert plain(learnt([*CONFUSABLE, (2, "")])) == plain(learnt(CONFUSABLE))


@given(BASES)
def test_what_did_not_change_is_not_trained_again(base: list[Said]) -> None:
    """With all that was trained before and nothing changed, all stays as it was."""
    first = learnt(base)
    again = plain(learnt(base, before(first)))
    known = set(weights_of(first))
    assert [one for one in again if one[1] in known] == plain(first)


def test_a_target_that_changed_is_told_from_the_others_again() -> None:
    """A new wording leads to its own target, and the others lead where they did."""
    more = [*CONFUSABLE, (1, "when did the site of kim publish it")]
    found = weights_of(learnt(more, before(learnt(CONFUSABLE), 1)))
    assert all(lead > 0 for lead in leads(found, more))


def test_one_more_wording_moves_only_what_is_like_it() -> None:
    """A wording of words that no other has leaves what the others have learnt."""
    told = random.Random(1)  # noqa: S311 - only chosen, not secret
    words, targets = 60, 12
    taught = sorted(
        (told.randrange(targets), " ".join(map(str, told.sample(range(words), 4))))
        for _ in range(600)
    )
    one_more = [(0, f"{words} {words + 1}"), *taught]
    few, more = (
        train(numbered(base), words + 2, targets) for base in (taught, one_more)
    )
    was, now = (
        {(at, to): weight for at, to, weight in plain(one) if at < words}
        for one in (few, more)
    )
    assert max(abs(was.get(at, 0) - now.get(at, 0)) for at in was | now) < 1e-3


def numbered(base: Sequence[Said]) -> Wordings:
    """Wordings whose words are numbers, as rows of length 1."""
    said = [[int(word) for word in text.split()] for _, text in base]
    sizes = np.array([len(one) for one in said], np.intp)
    return Wordings(
        np.array([target for target, _ in base], np.intp),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp),
        np.array([word for one in said for word in one], np.intp),
        np.repeat(1 / np.sqrt(sizes), sizes).astype(np.float32),
        np.array([crc32(text.encode()) for _, text in base], np.intp),
    )
