"""Finding by meaning: whatever makes vectors, what they may do, and what is kept."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering.answerer import Answerer
from bot.matching import vectors as installed
from bot.matching.candidate import Target
from bot.matching.embedding import SentenceModel
from bot.matching.features import CANDIDATE
from bot.matching.ranking import Matcher
from bot.matching.vectors import Fitted, Rows, Vectors, Weigh, WordVectors, word_vectors
from bot.matching.weights import Variant, model
from bot.shelf import Shelf
from bot.story.model import Story
from tests.conftest import TODAY
from tests.test_preparing import reworded

MEANT = (("bell", "zorp"), ("stolen", "stole", "pinched"), ("day", "when"))


class Told:
    """Vectors of a few words that are said to mean the same; counts what it makes."""

    def __init__(self, kind: str = "told") -> None:
        self.kind = kind
        self.fitted: Fitted = "sentences"
        self.size = len(MEANT) + 1
        self.single: WordVectors | None = None
        self.made: list[str] = []
        self._known: dict[str, Rows] = {}

    def rows(self, texts: Sequence[str], weigh: Weigh) -> Rows:  # noqa: ARG002
        """A row for each text."""
        found = [
            self._known[one] if one in self._known else self._make(one) for one in texts
        ]
        return np.array(found, np.float32).reshape(len(texts), self.size)

    def kept(self, texts: Sequence[str], rows: Rows | None = None) -> Rows:
        """The rows of texts, remembered."""
        if rows is not None:
            self._known |= dict(zip(texts, rows, strict=True))
        for text in texts:
            if text not in self._known:
                self._known[text] = self._make(text)
        return np.array([self._known[text] for text in texts], np.float32)

    def _make(self, text: str) -> Rows:
        self.made.append(text)
        words = re.findall(r"\w+", text.lower())
        said = [float(any(one in words for one in means)) for means in MEANT]
        row = np.array([*said, 0.1], np.float32)
        # As it is kept: in halves.
        return (row / np.linalg.norm(row)).astype(np.float16).astype(np.float32)


def texts_of(story: Story) -> set[str]:
    """All ways of asking for an entry."""
    return {way for entry in story.entries.values() for way in entry.ways}


def test_what_shares_no_word_is_found_by_meaning() -> None:
    """Any vectors put up a target that no word leads to; without, it is not there."""
    targets = [
        Target("theft", ("Was the bell stolen?",), says=("It was stolen.",)),
        Target("price", ("How much is a ticket?",), says=("A ticket is five pounds.",)),
    ]
    asked = "xyzzy zorp"
    found = Matcher(targets, vectors=Told()).rank(asked).candidates
    assert found[0].id == "theft"
    assert found[0].signals["way"] > 0.5
    assert Matcher(targets, vectors=None).rank(asked).candidates == ()


def test_without_vectors_of_words_none_are_compared(story: Story) -> None:
    """Where there are only vectors of texts, nothing is near word by word."""
    found = Answerer(story, vectors=Told()).matcher.rank("Was the bell stolen?")
    for one in found.candidates:
        assert one.signals["words asked"] == one.signals["words told"] == 0


@pytest.mark.parametrize("kind", ["words", "vectors", "sentences"])
def test_no_vector_lifts_a_confidence(
    kind: Literal["words", "vectors", "sentences"],
) -> None:
    """What tells how sure an answer is has no feature of meaning; what ranks may."""
    variant: Variant = model().variant(kind)
    meaning = {name for name, one in CANDIDATE.items() if one.group == "meaning"}
    assert meaning
    assert not meaning & variant.verifier.weights.keys()
    assert bool(meaning & variant.ranker.weights.keys()) is (kind != "words")


def test_without_a_model_of_sentences_that_of_vectors_is_used() -> None:
    """A model that was fitted without sentences still weighs them, as word vectors."""
    without = model().model_copy(update={"sentences": None})
    assert without.variant("sentences") is without.vectors


def test_nothing_is_as_if_nothing_were_installed(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None answers as an environment without the packages does."""
    none = Answerer(story, vectors=None)
    word_vectors.cache_clear()

    def missing(name: str) -> None:
        assert name == "wordllama"

    with monkeypatch.context() as patch:
        patch.setattr(installed, "find_spec", missing)
        bare = Answerer(story)
        assert word_vectors() is None
    word_vectors.cache_clear()
    assert none.thresholds == bare.thresholds
    assert none.matcher.kind == bare.matcher.kind == "none"
    for probe in story.probes:
        assert none.reply(probe.ask, TODAY) == bare.reply(probe.ask, TODAY)


class TestShelf:
    """What was made of a story's texts is kept with the rest."""

    def test_what_is_kept_is_not_made_again(self, story: Story, tmp_path: Path) -> None:
        """A second start makes rows of questions only, and answers the same."""
        first, second = Told(), Told()
        whole = Answerer(story, Shelf(tmp_path), vectors=first)
        kept = Answerer(story, Shelf(tmp_path), vectors=second)
        assert texts_of(story) <= {*first.made}
        assert len(first.made) == len({*first.made})
        for probe in story.probes:
            assert kept.reply(probe.ask, TODAY) == whole.reply(probe.ask, TODAY)
        asked = {probe.ask for probe in story.probes}
        assert not texts_of(story) & {*second.made} - asked

    def test_each_kind_has_its_own_place(self, story: Story, tmp_path: Path) -> None:
        """What was made with one model is not taken for that of another, or of none."""
        for vectors in (Told("one"), Told("other"), None, Told("one")):
            Answerer(story, Shelf(tmp_path), vectors=vectors)
        assert len([*tmp_path.iterdir()]) == 3

    @pytest.mark.parametrize("rows", [b'""', b'"AAAA"', b'"x"'])
    def test_what_is_spoiled_is_made_again(
        self, story: Story, tmp_path: Path, rows: bytes
    ) -> None:
        """Rows that do not fit are as if nothing were kept, and are mended."""
        Answerer(story, Shelf(tmp_path), vectors=Told())
        (file,) = tmp_path.iterdir()
        kept = file.read_bytes()
        file.write_bytes(re.sub(rb'(?<="rows":)"[^"]+"', rows, kept, count=1))
        assert file.read_bytes() != kept
        again = Told()
        Answerer(story, Shelf(tmp_path), vectors=again)
        assert texts_of(story) <= {*again.made}
        assert file.read_bytes() == kept

    def test_a_reload_makes_rows_of_what_is_new_only(
        self, story: Story, tmp_path: Path
    ) -> None:
        """The next revision, fast and then in full, makes one row for one new way."""
        Answerer(story, Shelf(tmp_path), vectors=Told())
        vectors = Told()
        served = Answerer(story, Shelf(tmp_path), vectors=vectors)
        assert vectors.made == []
        for before in (served, None):
            Answerer(reworded(story), None, before=before, vectors=vectors)
            assert vectors.made == ["has somebody nicked the big old bell"]


@dataclass
class _Named:
    name: str


@dataclass
class _Read:
    ids: Sequence[int]
    attention_mask: Sequence[int]


class _Letters:
    """A tokenizer of letters: the last one is a filling that does not count."""

    def encode(self, sequence: str) -> _Read:
        """The letters as numbers."""
        return _Read([*map(ord, sequence), 0], [1] * len(sequence) + [0])

    def get_vocab_size(self) -> int:
        """As many as there are letters."""
        return sys.maxunicode + 1


class _Session:
    """A model of two numbers: what a letter is, and whether it is a vowel."""

    def __init__(self, *inputs: str) -> None:
        self._inputs = inputs
        self.ran = 0

    def get_inputs(self) -> list[_Named]:
        """What goes in."""
        return [_Named(one) for one in self._inputs]

    def get_outputs(self) -> list[_Named]:
        """What comes out."""
        return [_Named("last_hidden_state"), _Named("pooler_output")]

    def run(
        self, names: Sequence[str], feed: Mapping[str, NDArray[np.int64]]
    ) -> list[NDArray[np.float32]]:
        """A row for each letter."""
        assert names == ["last_hidden_state"]
        assert {*feed} == {*self._inputs}
        self.ran += 1
        vowels = np.isin(feed["input_ids"], [*map(ord, "aeiou")])
        filling = feed["input_ids"] == 0
        return [np.stack([~vowels, vowels + 9 * filling], -1).astype(np.float32)]


def weigh(words: object) -> dict[str, float]:
    """Nothing: sentences weigh no word."""
    raise AssertionError(words)


class TestSentenceModel:
    """Sentences through a model that an operator brings."""

    @pytest.fixture
    def session(self) -> _Session:
        """A tiny model."""
        return _Session("input_ids", "attention_mask")

    def test_a_text_is_the_mean_of_its_pieces(self, session: _Session) -> None:
        """What the mask leaves out counts for nothing; a row has length 1."""
        made: Vectors = SentenceModel(session, _Letters(), "kind")
        rows = made.rows(["ba", "b", "aaab"], weigh)
        wanted = [[1, 1], [1, 0], [1, 3]]
        lengths = np.linalg.norm(np.array(wanted), axis=1)[:, None]
        assert np.allclose(rows, np.array(wanted) / lengths, atol=1e-3)
        assert made.size == 2
        assert made.rows([], weigh).shape == (0, 2)

    def test_what_a_base_says_is_remembered_and_no_question(
        self, session: _Session
    ) -> None:
        """Texts of a base run once, or never where they were kept; others each time."""
        made = SentenceModel(session, _Letters(), "kind")
        began = session.ran
        kept = made.kept(["ba", "b"])
        made.kept(["b", "ba"])
        made.rows(["b", "ba"], weigh)
        assert session.ran == began + 2
        for _ in range(2):
            made.rows(["who?"], weigh)
        assert session.ran == began + 4
        other = SentenceModel(session, _Letters(), "kind")
        other.kept(["ba", "b"], kept)
        assert (other.rows(["ba", "b"], weigh) == made.rows(["ba", "b"], weigh)).all()
        assert session.ran == began + 5  # one to see that it works

    def test_half_a_pair_is_read(self, session: _Session) -> None:
        """A text that is none in Unicode raises nothing."""
        made = SentenceModel(session, _Letters(), "kind")
        assert np.isfinite(made.rows(["\ud800", ""], weigh)).all()

    @pytest.mark.parametrize(
        "inputs",
        [("input_ids",), ("input_ids", "attention_mask", "pixels"), ("text",)],
    )
    def test_a_model_of_something_else_is_refused(
        self, inputs: tuple[str, ...]
    ) -> None:
        """What does not take pieces of words and a mask is no sentence model."""
        with pytest.raises(ValueError, match=inputs[-1]):
            SentenceModel(_Session(*inputs), _Letters(), "kind")
