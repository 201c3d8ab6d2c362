"""The index: what it finds is what plain sums would find, kept or made anew."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.matching import index as indices
from bot.matching.families import Families
from bot.matching.index import CHAMPIONS, Index, Packed, Posted
from bot.matching.lexicon import lexicon
from bot.matching.weighing import (
    FILLER_WEIGHT,
    MEANING_WEIGHT,
    PAIR_WEIGHT,
    is_light,
)

# Names and short words: they have no family, so that plain sums are exact.
TERMS: Final = "@kim @house @six sue fee ad bag who the of".split()
TEXTS: Final = st.lists(st.sampled_from(TERMS), min_size=1, max_size=6)
ASKED: Final = st.lists(st.sampled_from([*TERMS, "@new", "zoo"]), max_size=8)
Drawn = Sequence[Sequence[tuple[Sequence[str], bool]]]


def posted(drawn: Drawn) -> list[Posted]:
    """Wordings by target, in order."""
    return [
        Posted(target, terms, is_decoy)
        for target, wordings in enumerate(drawn)
        for terms, is_decoy in wordings
    ]


SMALL: Final = st.lists(
    st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=4),
    min_size=1,
    max_size=8,
).map(posted)
BELLS: Final = [
    Posted(0, "who ring the bell".split()),
    Posted(0, "keeper of the bell".split()),
    Posted(1, "who fund the repair".split()),
    Posted(1, "who ring the gong".split(), is_decoy=True),
]


def made(base: Sequence[Posted], packed: Packed | None = None) -> Index:
    """An index that knows the families of its own words."""
    family = Families(sorted({term for one in base for term in one.terms})).of
    return Index(base, family, packed)


@pytest.fixture
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is learnt of letters, as in a large base."""
    monkeypatch.setattr(indices, "MOST_GRAMS", -1)


@pytest.fixture(scope="module", params=["words and letters", "words alone"])
def bells(request: pytest.FixtureRequest) -> Iterator[Index]:
    """The index of a tiny base, with and without its letters."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "words alone":
            patch.setattr(indices, "MOST_GRAMS", -1)
        yield made(BELLS)


def features(terms: Sequence[str]) -> list[str]:
    """The terms, each two neighbours, and every meaning once."""
    meanings = [one.meanings for one in lexicon().terms(terms)]
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


def cosines(base: Sequence[Posted], asked: Sequence[str]) -> list[float]:
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
    found: list[float] = []
    for one in base:
        own = {name: weights[name] for name in features(one.terms) if name in weights}
        length = sqrt(sum(weight**2 for weight in own.values())) or 1.0
        shared = own.keys() & question.keys()
        total = sum(own[name] * question[name] for name in shared)
        found.append(total / length / size)
    return found


def all_cosines(index: Index, asked: Sequence[str], targets: int) -> list[float]:
    """The cosine that an index gives for each wording, in order."""
    found = index.cosines(index.search(asked), range(targets))
    return [one for own in found for one in own]


@given(SMALL, ASKED)
@example(BELLS, ["repairman", "rings"])
def test_a_packed_index_finds_the_same(base: list[Posted], asked: list[str]) -> None:
    """An index that was kept gives the same hits, to the last digit."""
    new = made(base)
    kept = made(base, Packed.model_validate_json(new.pack().model_dump_json()))
    targets = base[-1].target + 1
    assert all_cosines(kept, asked, targets) == all_cosines(new, asked, targets)
    one, other = kept.search(asked), new.search(asked)
    assert one.targets.tolist() == other.targets.tolist()
    assert one.asked.tolist() == other.asked.tolist()
    assert [kept.weight(term) for term in TERMS] == [new.weight(term) for term in TERMS]
    assert kept.trained() == new.trained()
    assert kept.pack() == new.pack()


@pytest.mark.parametrize("base", [BELLS[:2], BELLS[2:], [*BELLS, BELLS[0]], []])
def test_an_index_of_other_wordings_is_refused(base: list[Posted]) -> None:
    """What was kept for other wordings is not taken for that of these."""
    with pytest.raises(ValueError, match="not the index"):
        made(base, made(BELLS).pack())


@given(SMALL, ASKED)
def test_wordings_have_the_cosines_that_plain_sums_give(
    base: list[Posted], asked: list[str]
) -> None:
    """Arrays are only a faster way to the same numbers, letters or not."""
    found = all_cosines(made(base), asked, base[-1].target + 1)
    assert found == pytest.approx(cosines(base, asked), abs=1e-5)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_wording_without_words_takes_nothing_from_others(place: int) -> None:
    """Wherever an empty wording stands, the others' cosines are as without it."""
    base = list(BELLS[:2])
    base.insert(place, Posted(0, []))
    found = all_cosines(made(base), ["the", "bell"], 1)
    assert found == pytest.approx(cosines(base, ["the", "bell"]), abs=1e-5)


@given(SMALL, ASKED)
def test_a_search_scores_every_target(base: list[Posted], asked: list[str]) -> None:
    """Each target has a finite score; 0 where no feature of the question is known."""
    index = made(base)
    scores = index.search(asked).targets
    assert len(scores) == base[-1].target + 1
    assert np.isfinite(scores).all()
    assert not index.search(["zzz", "777"]).targets.any()


@pytest.mark.usefixtures("words_alone")
@pytest.mark.parametrize("asked", ["bell", "who ring the bell", "keeper keeper fund"])
def test_a_score_is_the_sum_of_what_was_trained(asked: str) -> None:
    """By words alone, a target's score is that of its weights with the question's."""
    index = made(BELLS)
    trained = index.trained()
    known = {name: at for at, name in enumerate(index.pack().features.splitlines())}
    hits = index.search(asked.split())
    for target, score in enumerate(hits.targets.tolist()):
        weights = trained[target].items()
        exact = sum(share * float(hits.asked[known[name]]) for name, share in weights)
        assert score == pytest.approx(exact, abs=1e-5)


@pytest.mark.usefixtures("words_alone")
def test_a_large_base_learns_no_letters() -> None:
    """Above the limit, letters make no feature; below it, they do."""
    assert not any(name[0] == "#" for name in made(BELLS).pack().features.splitlines())


def test_letters_lead_where_no_word_does() -> None:
    """In a small base, a word that shares only letters finds its target."""
    index = made(BELLS)
    assert any(name[0] == "#" for name in index.pack().features.splitlines())
    scores = Index(BELLS, Families(()).of).search(["bellringer"]).targets
    assert scores[0] > max(0.0, scores[1])


def test_letters_make_no_wording_nearer() -> None:
    """The cosine with a wording is one of words, however they are spelt."""
    hits = Index(BELLS, Families(()).of).search(["bellringer"])
    assert not hits.asked.any()


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_wording_finds_itself(bells: Index, at: int) -> None:
    """Its target scores highest, and its own cosine is 1."""
    hits = bells.search(BELLS[at].terms)
    assert int(hits.targets.argmax()) == BELLS[at].target
    found = all_cosines(bells, BELLS[at].terms, 2)
    assert found[at] == pytest.approx(1.0) == max(found)


def test_a_decoy_does_not_make_its_target_likelier(bells: Index) -> None:
    """Its words are none of its target's; only the wording itself can be found."""
    assert bells.search(["gong"]).targets[1] <= 0
    assert all_cosines(bells, BELLS[3].terms, 2)[3] == pytest.approx(1.0)


def test_a_rarer_term_weighs_more(bells: Index) -> None:
    """What few wordings have says more; filler says little; nothing weighs nothing."""
    assert bells.weight("fund") > bells.weight("bell") > bells.weight("the") > 0
    assert bells.weight("unheard") > bells.weight("please") > 0


def test_a_word_of_the_same_family_finds_too(bells: Index) -> None:
    """A word that shares most letters leads where the known one does."""
    found = bells.search(["repairman"]).targets
    assert found[1] > max(0.0, float(found[0]))
    assert all_cosines(bells, ["repairman"], 2)[2] > 0


def test_a_feature_leads_to_no_more_targets_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of many targets, a word keeps those for which it weighs most."""
    base = [Posted(at, ["bell", f"@{at}", *["of"] * at]) for at in range(5)]
    whole = {at: one.get("bell", 0.0) for at, one in made(base).trained().items()}
    monkeypatch.setattr(indices, "CHAMPIONS", 2)
    kept = {at for at, one in made(base).trained().items() if "bell" in one}
    assert kept == set(sorted(whole, key=lambda at: abs(whole[at]))[-2:])
    assert len(base) < CHAMPIONS


def test_nothing_changed_is_nothing_learnt() -> None:
    """An index on the weights of one before, with nothing changed, has the same."""
    before = made(BELLS)
    family = Families(()).of
    again = Index(BELLS, family, before=before.trained(), changed=())
    assert again.trained() == before.trained()


def test_what_changed_is_learnt_from_the_weights_before() -> None:
    """A new wording leads to its own target, and the others lead where they did."""
    more = [*BELLS, Posted(1, "payer of the gong".split())]
    index = Index(more, Families(()).of, before=made(BELLS).trained(), changed=(1,))
    for one in (*BELLS[:3], more[-1]):
        assert int(index.search(one.terms).targets.argmax()) == one.target


@pytest.mark.parametrize("asked", [[], ["bell"], ["who", "ring", "bell"]])
def test_an_empty_base_finds_nothing(asked: list[str]) -> None:
    """No wording, or one without words, is no error."""
    for index in (made([]), made([], made([]).pack())):
        assert index.search(asked).targets.tolist() == []
    empty = made([Posted(0, [])])
    assert empty.search(asked).targets.tolist() == [0.0]
    assert all_cosines(empty, asked, 1) == [0.0]


def test_a_base_of_one_finds_it() -> None:
    """A single word of a single wording leads to it with a cosine of 1."""
    index = made([Posted(0, ["bell"])])
    assert index.search(["bell"]).targets[0] == pytest.approx(1.0)
    assert all_cosines(index, ["bell"], 1) == pytest.approx([1.0])
    assert index.search(["gong"]).targets.tolist() == [0.0]
