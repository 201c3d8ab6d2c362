"""What targets ask and say: how much of a question each of them covers."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import evidence
from bot.matching.evidence import (
    AKIN,
    ASIDE,
    HALF,
    MEANT,
    Coverage,
    Evidence,
    PackedEvidence,
    Spoken,
    Wanted,
)
from bot.matching.grammar import Term


def term(name: str, *meanings: str) -> Term:
    """A word of substance."""
    return Term(name, meanings, light=False)


FAMILIES: Final[Mapping[str, tuple[tuple[str, float], ...]]] = {
    "ringer": (("ring", 0.9), ("rings", 0.5)),
    "bellringer": (("bell", 0.6), ("ringer", 0.5)),
}
TERMS: Final = "bell ring rings ringer bellringer fund @kim +ring +pay".split()
CONTENT: Final = [
    term("bell"),
    term("bell", "+ring"),
    term("ringer", "+ring"),
    term("bellringer"),
    term("fund", "+pay", "+ring"),
    term("@kim"),
    term("zoo"),
]
sets: Final = st.sets(st.sampled_from(TERMS))
bases: Final = st.lists(
    st.tuples(sets, sets).map(lambda pair: Spoken(pair[0], pair[0] | pair[1])),
    min_size=1,
    max_size=5,
)
questions: Final = st.lists(
    st.sampled_from(CONTENT), max_size=5, unique_by=lambda one: one.term
)


def family(term: str) -> tuple[tuple[str, float], ...]:
    """The family of a word, likest first."""
    return FAMILIES.get(term, ())


def made(base: Sequence[Spoken], packed: PackedEvidence | None = None) -> Evidence:
    """The evidence of a base."""
    return Evidence([] if packed else base, family, len(base), packed)


def plain(coverage: Coverage) -> tuple[list[float], list[float], object, float]:
    """A coverage as values that can be compared."""
    asks, both = coverage.asks.tolist(), coverage.all.tolist()
    return asks, both, dict(coverage.weights), coverage.unknown


def credit(term: Term, having: AbstractSet[str]) -> float:
    """How far a text with these terms covers a word, by the definition."""
    if term.term in having:
        return 1.0
    meant = MEANT if not having.isdisjoint(term.meanings) else 0.0
    akin = [AKIN * like for other, like in family(term.term) if other in having]
    return max([meant, *akin])


def covered(
    content: Sequence[Term], weights: Mapping[str, float], having: AbstractSet[str]
) -> float:
    """The share of words that a text with these terms covers, by the definition."""
    total = sum(weights[one.term] for one in content) or 1.0
    return sum(weights[one.term] * credit(one, having) for one in content) / total


@given(bases, questions, questions)
def test_a_coverage_is_a_share(
    base: list[Spoken], content: list[Term], aside: list[Term]
) -> None:
    """It is 0-1, and what wordings cover, wordings and answer together cover too."""
    found = made(base).cover(content, aside)
    assert len(found.asks) == len(found.all) == len(base)
    assert all(
        0 <= asks <= both <= 1 + 1e-5
        for asks, both in zip(found.asks, found.all, strict=True)
    )
    assert 0 <= found.unknown <= 1 + 1e-9


@given(bases, questions)
def test_a_coverage_is_what_the_definition_says(
    base: list[Spoken], content: list[Term]
) -> None:
    """Of each target, the weighed mean of how far it covers each word."""
    found = made(base).cover(content)
    for at, one in enumerate(base):
        exact = covered(content, found.weights, one.asks)
        assert found.asks[at] == pytest.approx(exact, abs=1e-5)
        exact = covered(content, found.weights, one.all)
        assert found.all[at] == pytest.approx(exact, abs=1e-5)


@given(bases, st.sampled_from(CONTENT))
def test_a_word_that_a_target_has_counts_whole(base: list[Spoken], term: Term) -> None:
    """What it only means, or is akin to, counts less; what nobody has, nothing."""
    found = made(base).cover([term])
    for at, one in enumerate(base):
        assert (found.asks[at] == 1) == (term.term in one.asks)
        assert (found.all[at] == 1) == (term.term in one.all)
    has_any = any(term.term in one.all for one in base)
    assert (found.unknown == 0) == has_any


@given(bases, questions, sets)
def test_wanted_words_are_covered_as_the_definition_says(
    base: list[Spoken], content: list[Term], having: set[str]
) -> None:
    """Looked for in one text, words count as they do in a target."""
    weights = made(base).cover(content).weights
    found = Wanted(content, weights, family).covered(having)
    assert found == pytest.approx(covered(content, weights, having))


@given(bases, questions, questions)
def test_packed_evidence_covers_the_same(
    base: list[Spoken], content: list[Term], aside: list[Term]
) -> None:
    """Evidence that was kept gives the same, to the last digit."""
    new = made(base)
    kept = made(base, PackedEvidence.model_validate_json(new.pack().model_dump_json()))
    assert plain(kept.cover(content, aside)) == plain(new.cover(content, aside))
    assert kept.pack() == new.pack()
    assert set(kept.terms) == set(new.terms)


@pytest.mark.parametrize(
    "change", [{"terms": "bell"}, {"asks": ("", "")}, {"all": ("AAAAAA==", "AAAAAA==")}]
)
def test_evidence_that_does_not_fit_is_refused(change: dict[str, object]) -> None:
    """Terms and arrays that are not of one another make no evidence."""
    spoken = [Spoken({"bell", "ring"}, {"bell", "ring"})]
    packed = made(spoken).pack().model_copy(update=change)
    with pytest.raises(ValueError, match="not the evidence"):
        made(spoken, packed)


@given(bases)
def test_a_word_that_fewer_targets_have_weighs_more(base: list[Spoken]) -> None:
    """Weights are 0-1, never 0, and fall with the number of targets."""
    found = made(base)
    having = {name: sum(name in one.all for one in base) for name in [*TERMS, "zoo"]}
    weights = {name: found.weight(name) for name in having}
    assert all(0 < weight <= 1 for weight in weights.values())
    for one, count in having.items():
        for other, more in having.items():
            assert (weights[one] > weights[other]) == (count < more)


@pytest.mark.parametrize(
    ("term", "known"),
    [
        (term("bell"), 1.0),
        (term("toll", "+ring"), HALF),
        (term("ringer"), AKIN * 0.9),
        (term("zoo"), 0.0),
    ],
)
def test_a_word_is_known_by_what_is_nearest_to_it(term: Term, known: float) -> None:
    """Itself whole, another for the same half, one of its family by likeness."""
    found = made([Spoken({"bell", "+ring"}, {"bell", "+ring"})])
    assert found.known(term) == pytest.approx(known)
    assert found.cover([term]).unknown == pytest.approx(1 - known)


@given(bases, questions)
def test_what_nobody_speaks_of_counts_nothing_beside_the_question(
    base: list[Spoken], content: list[Term]
) -> None:
    """Around the question, a word that no target knows is as if it were not there."""
    found = made(base)
    whole = found.cover(content, [term("chatter")])
    assert whole.unknown == found.cover(content).unknown
    assert whole.asks.tolist() == pytest.approx(found.cover(content).asks.tolist())


def test_a_word_beside_the_question_counts_less() -> None:
    """Of two words, the one around the question counts less than the one in it."""
    bell, fund = term("bell"), term("fund")
    found = made([Spoken({"bell"}, {"bell"}), Spoken({"fund"}, {"fund"})])
    coverage = found.cover([bell], [fund])
    share = ASIDE / (1 + ASIDE)
    assert coverage.asks.tolist() == pytest.approx([1 - share, share])
    assert coverage.unknown == 0


def test_what_was_forgotten_is_worked_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it may remember nothing, it covers the same."""
    base = [Spoken({"bell"}, {"bell", "ring"}), Spoken({"fund"}, {"fund"})]
    usual = plain(made(base).cover(CONTENT))
    monkeypatch.setattr(evidence, "_REMEMBERED", -1)
    found = made(base)
    assert plain(found.cover(CONTENT)) == plain(found.cover(CONTENT)) == usual
