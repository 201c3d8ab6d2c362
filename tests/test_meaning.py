"""Nearness in meaning: found by vectors, where no word is shared."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import meaning
from bot.matching.candidate import Target
from bot.matching.meaning import Meaning, Nearness, PackedMeaning, Texts
from bot.matching.ranking import Matcher
from bot.matching.vectors import WordVectors, word_vectors
from tests.small_vectors import UNKNOWN, small

TABLE: Final = {
    UNKNOWN: [0.0, 0.0, 0.0, 0.25],
    "bell": [1.0, 0.0, 0.0, 0.0],
    "gong": [1.0, 0.25, 0.0, 0.0],
    "fee": [0.0, 0.0, 1.0, 0.0],
    "price": [0.0, 0.25, 1.0, 0.0],
    "the": [0.0, 0.5, 0.0, 0.5],
}
TEXTS: Final = [
    Texts(("the bell", "bell bell"), ("the gong",)),
    Texts(("the fee", "xqzz"), ()),
    Texts((), ("price of the bell",)),
    Texts((), ()),
]
asked: Final = st.lists(st.sampled_from([*TABLE, "", "xqzz", "who"]), max_size=5).map(
    " ".join
)


def even(_: str) -> float:
    """Every word is as rare."""
    return 0.5


def made(
    vectors: WordVectors,
    texts: Sequence[Texts] = TEXTS,
    packed: PackedMeaning | None = None,
) -> Meaning:
    """The meaning of a base."""
    return Meaning(vectors, texts, even, packed)


def all_near(found: Meaning, text: str) -> list[Nearness]:
    """How near each target is to a question."""
    question = found.read(text, {})
    return [found.nearness(question, at) for at in range(len(TEXTS))]


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> WordVectors:
    """Vectors of a few words."""
    return small(tmp_path_factory.mktemp("vectors"), TABLE)


@pytest.fixture(scope="module")
def found(vectors: WordVectors) -> Meaning:
    """The meaning of a tiny base."""
    return made(vectors)


@given(text=asked)
def test_nearness_is_about_a_share(found: Meaning, text: str) -> None:
    """The nearest is as near as any, and what is told can only add to what is asked."""
    for near in all_near(found, text):
        assert all(-1e-5 <= one <= 1 + 1e-5 for one in near)
        assert near.ways <= near.way + 1e-6
        assert near.words_asked <= near.words_told + 1e-6


@given(text=asked)
def test_a_packed_meaning_finds_the_same(
    vectors: WordVectors, found: Meaning, text: str
) -> None:
    """What was kept gives the same, to the last digit."""
    packed = PackedMeaning.model_validate_json(found.pack().model_dump_json())
    kept = made(vectors, TEXTS, packed)
    one, other = (each.near(each.read(text, {})) for each in (kept, found))
    assert one.tolist() == other.tolist()
    assert all_near(kept, text) == all_near(found, text)
    assert kept.pack() == found.pack()


def test_what_was_packed_for_another_base_is_refused(
    vectors: WordVectors, found: Meaning
) -> None:
    """Vectors of other targets make no meaning of these."""
    with pytest.raises(ValueError, match="reshape"):
        made(vectors, TEXTS[1:], found.pack())


def test_another_word_for_the_same_is_found(found: Meaning) -> None:
    """No letter is shared, and still the right target is nearest, by each measure."""
    bell, fee = all_near(found, "gong")[:2]
    assert bell.way > fee.way
    assert bell.words_asked > 0.9 > fee.words_asked
    near = found.near(found.read("gong", {})).tolist()
    assert near.index(max(near)) == 0


def test_a_wording_is_nearest_to_itself(found: Meaning) -> None:
    """A question that is a wording comes as near as can be."""
    near = all_near(found, "the bell")[0]
    assert near.way == pytest.approx(1.0, abs=1e-5)
    assert near.words_asked == pytest.approx(1.0, abs=1e-5)


def test_what_says_nothing_is_near_nothing(found: Meaning) -> None:
    """A target without texts is near no question; an empty question to no target."""
    assert all_near(found, "bell")[3] == Nearness(0, 0, 0, 0, 0)
    assert set(all_near(found, "")) == {Nearness(0, 0, 0, 0, 0)}
    assert not found.near(found.read("", {})).any()


def test_what_is_told_is_not_what_is_asked(found: Meaning) -> None:
    """A target that only says it is near by that, and by no wording."""
    near = all_near(found, "bell")[2]
    assert near.way == near.ways == near.words_asked == 0
    assert near.told > 0.3
    assert near.words_told == pytest.approx(1.0, abs=1e-5)


def test_a_slip_is_read_as_what_is_meant(found: Meaning) -> None:
    """A repaired word has the vector of the word that it stands for."""
    one, other = found.read("the bel", {"bel": "bell"}), found.read("the bell", {})
    assert one.row.tolist() == other.row.tolist()
    assert one.words.tolist() == other.words.tolist()


def test_filler_and_question_words_are_not_looked_for(found: Meaning) -> None:
    """Word by word, only what tells something counts, by shares that add up to 1."""
    question = found.read("who the bell gong", {})
    assert len(question.words) == 2
    assert float(question.weights.sum()) == pytest.approx(1.0)
    assert len(found.read("who the", {}).words) == 0


def test_what_was_forgotten_is_worked_out_again(
    vectors: WordVectors, found: Meaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it may remember next to nothing, it gives the same."""
    monkeypatch.setattr(meaning, "_REMEMBERED", 0)
    monkeypatch.setattr(meaning, "_MOST_WORDS", 0)
    few = made(vectors)
    for text in ("gong", "price of the bell", "gong"):
        assert all_near(few, text) == all_near(found, text)


def test_an_empty_base_has_no_meaning(vectors: WordVectors) -> None:
    """Without targets, nothing is near, and it can be kept."""
    empty = made(vectors, [])
    again = made(vectors, [], empty.pack())
    assert again.near(again.read("bell", {})).tolist() == []


def test_a_matcher_finds_by_meaning_what_no_word_finds() -> None:
    """Of candidates that share no word, the one that is meant is first."""
    installed = word_vectors()
    if installed is None:
        pytest.skip("wordllama is not installed")
    targets = [
        Target("fee", ("What did the repair cost?",)),
        Target("ship", ("Which vessel sank?",)),
    ]
    asked_for = "boat"
    with_vectors = Matcher(targets, vectors=installed).rank(asked_for).candidates
    without = Matcher(targets, vectors=None).rank(asked_for).candidates
    assert with_vectors[0].id == "ship"
    assert not any("way" in one.signals for one in without)


def test_what_only_vectors_find_is_not_answered(tmp_path: Path) -> None:
    """However near in meaning, a candidate that shares no word stays below any cut."""
    near = small(tmp_path, TABLE | {"xylo": [1.0, 0.0, 0.0, 0.0]})
    matcher = Matcher([Target("bell", ("bell",))], vectors=near)
    (only,) = matcher.rank("xylo").candidates
    assert only.signals["way"] == pytest.approx(1.0, abs=1e-3)
    assert only.confidence < matcher.model.cut(1.0, ways=1)
