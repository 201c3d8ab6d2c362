"""Word vectors: read from a package's files, and the same however they are asked."""

from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import vectors
from bot.matching.vectors import WordVectors, text_rows, unit, word_vectors
from tests.small_vectors import NAME, UNKNOWN, read, small, write

TABLE: Final = {
    UNKNOWN: [0.0, 0.0, 0.5],
    "bell": [1.0, 0.0, 0.0],
    "gong": [0.75, 0.25, 0.0],
    "fee": [0.0, 1.0, 0.0],
}
WORDS: Final = ["bell", "gong", "fee", "horn", ""]
LIKE: Final = [
    ("lawsuit", "court", "banana"),
    ("ship", "vessel", "doctor"),
    ("money", "cash", "boat"),
    ("apologise", "sorry", "engine"),
]
rows: Final = st.lists(
    st.lists(st.floats(-100, 100, width=16), min_size=3, max_size=3), max_size=4
).map(lambda drawn: np.array(drawn, np.float32).reshape(-1, 3))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> WordVectors:
    """Vectors of three words, of three numbers each."""
    return small(tmp_path_factory.mktemp("vectors"), TABLE)


@pytest.fixture
def installed() -> WordVectors:
    """The vectors that are installed."""
    found = word_vectors()
    if found is None:
        pytest.skip("wordllama is not installed")
    return found


def test_a_words_row_is_the_sum_of_its_pieces(tiny: WordVectors) -> None:
    """One piece is its row, two are added up; a word of none is nothing."""
    found = tiny.words(["fee", "bell gong", "horn", ""])
    assert found.tolist() == [[0, 1, 0], [1.75, 0.25, 0], [0, 0, 0.5], [0, 0, 0]]
    assert tiny.size == 3


@given(asked=st.lists(st.sampled_from(WORDS), max_size=6))
def test_a_words_row_does_not_depend_on_what_else_is_asked(
    tiny: WordVectors, asked: list[str]
) -> None:
    """In any order, repeated or not, a word has the row that it has alone."""
    found = tiny.words(asked)
    assert found.shape == (len(asked), tiny.size)
    for word, row in zip(asked, found, strict=True):
        assert row.tolist() == tiny.words([word])[0].tolist()


def test_what_was_forgotten_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only one word is remembered, rows are the same, and in order."""
    monkeypatch.setattr(vectors, "_REMEMBERED", 1)
    few = small(tmp_path, TABLE)
    for asked in (["bell"], ["fee", "bell"], ["gong", "bell", "gong"]):
        assert few.words(asked).tolist() == [
            [*TABLE[word], 0.0][: few.size] for word in asked
        ]


def test_what_is_given_may_be_changed(tiny: WordVectors) -> None:
    """Rows are the asker's own: changed, they leave what is remembered alone."""
    tiny.words(["bell"])[:] = 7.0
    assert tiny.words(["bell"]).tolist() == [TABLE["bell"]]


@pytest.mark.parametrize("dtype", ["F32", "BF16"])
def test_a_table_of_other_numbers_gives_none(tmp_path: Path, dtype: str) -> None:
    """A file that holds another kind of numbers is as good as none."""
    write(tmp_path, TABLE, dtype)
    assert read(tmp_path) is None


@pytest.mark.parametrize(
    "file", ["weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat"]
)
def test_a_package_without_its_files_gives_none(tmp_path: Path, file: str) -> None:
    """A later version may keep them elsewhere: then everything works without."""
    write(tmp_path, TABLE)
    (found,) = (tmp_path / NAME).glob(f"{file}*")
    found.unlink()
    assert read(tmp_path) is None


@pytest.mark.parametrize("kept", [4, 20])
def test_a_file_that_was_cut_short_gives_none(tmp_path: Path, kept: int) -> None:
    """Half a file is as good as none."""
    write(tmp_path, TABLE)
    (file,) = (tmp_path / NAME / "weights").iterdir()
    file.write_bytes(file.read_bytes()[:kept])
    assert read(tmp_path) is None


def test_a_tokenizer_that_cannot_be_read_gives_none(tmp_path: Path) -> None:
    """Whatever the library says of it, there are no vectors then."""
    write(tmp_path, TABLE)
    (file,) = (tmp_path / NAME / "tokenizers").iterdir()
    file.write_text("{}", encoding="utf-8")
    assert read(tmp_path) is None


def test_no_package_gives_none(tmp_path: Path) -> None:
    """Where nothing is installed, there are no vectors, and no error."""
    assert read(tmp_path) is None


@given(rows)
def test_unit_rows_have_length_1(given_: vectors.Rows) -> None:
    """A row of nothing stays nothing, and a direction stays what it is."""
    found = unit(given_)
    lengths = np.sqrt(np.square(given_, dtype=float).sum(axis=1))
    for row, own, length in zip(found, given_, lengths, strict=True):
        if length > 1e-3:
            assert row.tolist() == pytest.approx((own / length).tolist(), abs=1e-3)
        assert float(row @ row) <= 1 + 1e-4


def test_a_text_is_the_direction_of_its_words(tiny: WordVectors) -> None:
    """Words count by their weight, 1 if none is given; no words are nothing."""
    texts = [["bell", "fee"], ["bell", "bell"], [], [""]]
    found = text_rows(tiny, texts, {"fee": 0.0})
    assert found.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]]
    (even,) = text_rows(tiny, [["bell", "fee"]], {})
    assert even.tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0])
    assert text_rows(tiny, [], {}).shape == (0, 3)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=4), max_size=4))
def test_a_texts_row_does_not_depend_on_other_texts(
    tiny: WordVectors, texts: list[list[str]]
) -> None:
    """Each text has the row that it has alone."""
    found = text_rows(tiny, texts, {"gong": 0.5})
    for text, row in zip(texts, found, strict=True):
        (alone,) = text_rows(tiny, [text], {"gong": 0.5})
        assert row.tolist() == pytest.approx(alone.tolist(), abs=1e-6)


@pytest.mark.parametrize(("word", "like", "other"), LIKE)
def test_words_of_like_meaning_are_nearer_than_others(
    installed: WordVectors, word: str, like: str, other: str
) -> None:
    """Where no letters are shared, meaning is seen."""
    one, near, far = unit(installed.words([word, like, other]))
    assert float(one @ near) > float(one @ far) + 0.1


def test_an_installed_words_row_is_its_own(installed: WordVectors) -> None:
    """Of real words, too, a row does not depend on what is read along with it."""
    fresh = word_vectors.__wrapped__()
    assert fresh is not None
    words = ["bellringer", "apologise", "x", "Zorblax"]
    together = fresh.words(words)
    for word, row in zip(words, together, strict=True):
        assert row.tolist() == installed.words([word])[0].tolist()
