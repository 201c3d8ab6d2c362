"""The index: what it finds is what plain sums would find, kept or made anew."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.index import (
    COMPARED,
    FILLER_WEIGHT,
    MEANING_WEIGHT,
    PAIR_WEIGHT,
    Hits,
    Index,
    Posted,
    is_light,
)
from bot.matching.lexicon import lexicon

# Names and short words: they have no family, so that plain sums are exact.
TERMS: Final = "@kim @house @six sue fee ad bag who the of".split()
TEXTS: Final = st.lists(st.sampled_from(TERMS), min_size=1, max_size=6)
ASKED: Final = st.lists(st.sampled_from([*TERMS, "@new", "zoo"]), max_size=8)
SMALL: Final = st.lists(
    st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=4),
    min_size=1,
    max_size=COMPARED,
).map(
    lambda drawn: [
        Posted(target, terms, is_decoy)
        for target, wordings in enumerate(drawn)
        for terms, is_decoy in wordings
    ]
)
BELLS: Final = [
    Posted(0, "who ring the bell".split()),
    Posted(0, "keeper of the bell".split()),
    Posted(1, "who fund the repair".split()),
    Posted(1, "who ring the gong".split(), is_decoy=True),
]


def features(terms: Sequence[str]) -> list[str]:
    """The terms, each two neighbours, and every meaning once."""
    meanings, _ = lexicon().read(terms)
    meant = {name for names in meanings for name in names}
    return [*terms, *(f"{one} {other}" for one, other in pairwise(terms)), *meant]


def weigh(base: Sequence[Posted]) -> dict[str, float]:
    """What each feature weighs, by the documented sums."""
    spread = len({one.target for one in base})
    weights: dict[str, float] = {}
    for feature in {name for one in base for name in features(one.terms)}:
        having = [one.target for one in base if feature in features(one.terms)]
        if len(having) == 1 and " " in feature:
            continue
        owners = len(set(having))
        damped = 0.5 + 0.5 * log(1 + spread / owners) / log(1 + spread)
        share = FILLER_WEIGHT if is_light(feature) else 1.0
        share = MEANING_WEIGHT if feature[0] == "+" else share
        share = PAIR_WEIGHT if " " in feature else share
        weights[feature] = log(1 + len(base) / len(having)) * damped * share
    return weights


def cosines(base: Sequence[Posted], asked: Sequence[str]) -> dict[int, float]:
    """The cosine of a question with each wording, computed one by one."""
    weights = weigh(base)
    unseen = log(1 + len(base))
    question = {
        name: weights[name] * (1 + log(count))
        for name, count in Counter(features(asked)).items()
        if name in weights
    }
    unknown = sum(
        (unseen * (FILLER_WEIGHT if is_light(term) else 1.0)) ** 2
        for term in set(asked) - set(weights)
    )
    size = sqrt(sum(weight**2 for weight in question.values()) + unknown / 2) or 1.0
    found: dict[int, float] = {}
    for at, one in enumerate(base):
        own = {name: weights[name] for name in features(one.terms) if name in weights}
        length = sqrt(sum(weight**2 for weight in own.values())) or 1.0
        shared = own.keys() & question.keys()
        if shared:
            total = sum(own[name] * question[name] for name in shared)
            found[at] = total / length / size
    return found


def plain(hits: Hits) -> tuple[Mapping[int, float], Mapping[int, Mapping[int, float]]]:
    """What was found, as values that can be compared."""
    return dict(hits.targets), {at: dict(one) for at, one in hits.wordings.items()}


@given(SMALL, ASKED)
def test_a_packed_index_finds_the_same(base: list[Posted], asked: list[str]) -> None:
    """An index that was kept gives the same hits, to the last digit."""
    made = Index(base)
    kept = Index(base, made.pack())
    assert plain(kept.search(asked)) == plain(made.search(asked))
    assert [kept.weight(term) for term in TERMS] == [
        made.weight(term) for term in TERMS
    ]
    assert kept.pack() == made.pack()


@given(SMALL, ASKED)
def test_wordings_have_the_cosines_that_plain_sums_give(
    base: list[Posted], asked: list[str]
) -> None:
    """Postings are only a faster way to the same numbers."""
    exact = cosines(base, asked)
    for target, wordings in Index(base).search(asked).wordings.items():
        own = {at: exact[at] for at in exact if base[at].target == target}
        assert dict(wordings) == pytest.approx(own, abs=1e-5)


@given(SMALL, ASKED)
def test_the_targets_of_the_highest_scores_have_their_wordings_compared(
    base: list[Posted], asked: list[str]
) -> None:
    """Wordings are given for the best targets, and only for those."""
    hits = Index(base).search(asked)
    assert len(hits.wordings) == min(COMPARED, len(hits.targets))
    rest = [score for at, score in hits.targets.items() if at not in hits.wordings]
    least = min((hits.targets[at] for at in hits.wordings), default=0.0)
    assert all(score <= least for score in rest)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_wording_finds_itself(at: int) -> None:
    """Its target scores highest, and its own cosine is 1."""
    hits = Index(BELLS).search(BELLS[at].terms)
    best = max(hits.targets, key=hits.targets.__getitem__)
    assert best == BELLS[at].target
    assert hits.wordings[best][at] == pytest.approx(1.0)


def test_a_decoy_does_not_make_its_target_likelier() -> None:
    """Its words are none of its target's; only the wording itself can be found."""
    hits = Index(BELLS).search(["gong"])
    assert hits.targets.get(1, 0.0) <= 0
    assert Index(BELLS).search(BELLS[3].terms).wordings[1][3] == pytest.approx(1.0)


def test_a_rarer_term_weighs_more() -> None:
    """What few wordings have says more; filler says little; nothing weighs nothing."""
    index = Index(BELLS)
    assert index.weight("fund") > index.weight("bell") > index.weight("the") > 0
    assert index.weight("unheard") > index.weight("please") > 0


def test_a_word_of_the_same_family_finds_too() -> None:
    """A word that shares most letters leads where the known one does."""
    index = Index(BELLS)
    assert [term for term, _ in index.family("repairman")] == ["repair"]
    found = index.search(["repairman"]).targets
    assert found[1] > max(0.0, found.get(0, 0.0))
    assert index.family("the") == index.family("zebra") == ()


@pytest.mark.parametrize("asked", [[], ["bell"], ["who", "ring", "bell"]])
def test_an_empty_base_finds_nothing(asked: list[str]) -> None:
    """No wording, or one without words, is no error."""
    kept = Index([], Index([]).pack())
    for index in (Index([]), kept, Index([Posted(0, [])])):
        assert plain(index.search(asked)) == ({}, {})


def test_a_base_of_one_finds_it() -> None:
    """A single word of a single wording leads to it with a cosine of 1."""
    hits = Index([Posted(0, ["bell"])]).search(["bell"])
    assert hits.targets[0] == pytest.approx(1.0)
    assert hits.wordings[0] == pytest.approx({0: 1.0})
    assert plain(Index([Posted(0, ["bell"])]).search(["gong"])) == ({}, {})
