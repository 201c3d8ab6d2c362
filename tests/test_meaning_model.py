"""What an operator chooses to find meaning by, and what is said where it is missing."""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bot.cli.main import main
from bot.matching.embedding import SentenceModel
from bot.matching.vectors import word_vectors
from bot.operating import meaning_model
from bot.operating.doctor import meaning_check
from bot.operating.meaning_model import chosen, read
from bot.settings import Settings
from tests.conftest import ROOT, TODAY

STORY = str(ROOT / "bot" / "template")
WORDS = "[UNK] who stole took the bell chime bread".split()
ROWS = [[0, 0, 1], [1, 0, 0], [0, 2, 0], [0, 2, 0], [0, 0, 0], *[[0, 3, 1]] * 2]

needs_onnxruntime = pytest.mark.skipif(
    find_spec("onnxruntime") is None or find_spec("tokenizers") is None,
    reason="onnxruntime or tokenizers is not installed",
)


def field(number: int, value: int | bytes | str) -> bytes:
    """One field of a protocol buffer, of up to 127 bytes or a little more.

    Source: https://protobuf.dev/programming-guides/encoding/
    """
    if isinstance(value, int):
        return bytes([number << 3, value])
    data = value.encode() if isinstance(value, str) else value
    size = len(data)
    head = [size] if size < 128 else [size & 127 | 128, size >> 7]
    return bytes([number << 3 | 2, *head]) + data


def value(name: str, kind: int, *sides: str) -> bytes:
    """What goes in or comes out of a model: its name, its type, its sides."""
    shape = b"".join(field(1, field(2, side)) for side in sides)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def onnx(rows: Sequence[Sequence[float]], inputs: Sequence[str]) -> bytes:
    """A model that gives each piece of a word its row.

    Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
    """
    table = np.array(rows, np.float32)
    floats, integers = 1, 7
    tensor = b"".join(field(1, side) for side in table.shape) + field(2, floats)
    tensor += field(8, "table") + field(9, table.tobytes())
    node = field(1, "table") + field(1, "input_ids") + field(2, "out")
    graph = field(1, node + field(4, "Gather")) + field(2, "tiny") + field(5, tensor)
    for name in inputs:
        graph += field(11, value(name, integers, "texts", "pieces"))
    graph += field(12, value("out", floats, "texts", "pieces", "numbers"))
    return field(1, 8) + field(7, graph) + field(8, field(2, 13))


def tokenizer() -> str:
    """A tokenizer of a few words."""
    vocabulary = {word: at for at, word in enumerate(WORDS)}
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            "normalizer": {"type": "Lowercase"},
            "pre_tokenizer": {"type": "Whitespace"},
            "post_processor": None,
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a tiny sentence model."""
    rows = [*ROWS, [1, 0, 3]]
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    (tmp_path / "model.onnx").write_bytes(onnx(rows, inputs))
    (tmp_path / "tokenizer.json").write_text(tokenizer())
    return tmp_path


def named(folder: Path | str, sha256: str = "") -> Settings:
    """The settings that name a model."""
    names = {"MEANING_MODEL": str(folder), "MEANING_MODEL_SHA256": sha256}
    found = Settings.load(names, Path("/nowhere"))
    assert found.problems == ()
    return found


def never(*_: object) -> None:
    """What must not be reached."""
    raise AssertionError


def test_without_a_setting_word_vectors_are_used() -> None:
    """What is installed is used, and the doctor says which that is."""
    assert chosen(Settings()) == (word_vectors(), None)
    check = meaning_check(Settings())
    assert check.state == "ok"
    has = "word vectors are used" if word_vectors() else "nothing is found by meaning"
    assert check.says == f"MEANING_MODEL is not set: {has}"


@pytest.mark.parametrize("typed", ["none", "None", " NONE "])
def test_none_is_nothing(typed: str) -> None:
    """With `none`, no vectors are used, whatever is installed."""
    settings = named(typed)
    assert chosen(settings) == (None, None)
    says = "MEANING_MODEL is none: nothing is found by meaning"
    assert (meaning_check(settings).state, meaning_check(settings).says) == ("ok", says)


def test_a_hash_without_a_model_is_told() -> None:
    """A hash that is of nothing may be a slip."""
    check = meaning_check(named("", "0f" * 32))
    assert check.state == "warning"
    assert "MEANING_MODEL names no folder with a model" in check.says


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "."])
def test_what_is_missing_is_told(folder: Path, missing: str, tmp_path: Path) -> None:
    """One sentence names the file and what is used in its place, and has the mend."""
    if missing == ".":
        folder = tmp_path / "nowhere"
    else:
        (folder / missing).unlink()
    vectors, problem = chosen(named(folder))
    assert vectors is word_vectors()
    check = meaning_check(named(folder))
    assert check.state == "warning"
    assert str(problem).startswith(check.says)
    assert missing.strip(".") in check.says
    assert "cannot be read (No such file or directory), so " in check.says
    assert check.mend is not None
    assert check.mend.startswith("Put a sentence model's model.onnx and tokenizer.json")


def test_another_file_than_the_pinned_one_is_not_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of another hash is told of, and nothing of it is read further."""
    monkeypatch.setattr(meaning_model, "sentence_model", never)
    vectors, problem = chosen(named(folder, "0f" * 32))
    assert vectors is word_vectors()
    found = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    assert f"another hash than MEANING_MODEL_SHA256 ({found}), so " in str(problem)
    check = meaning_check(named(folder, "0f" * 32))
    assert check.mend is not None
    assert check.mend.startswith("Put the right file there, or set")


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_a_library_that_is_missing_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """What is not installed is named, with the command that installs it."""
    if library == "tokenizers" and find_spec("onnxruntime") is None:
        pytest.skip("onnxruntime is not installed")
    word_vectors()  # they need tokenizers, too
    monkeypatch.setitem(sys.modules, library, None)
    check = meaning_check(named(folder))
    assert check.state == "warning"
    assert f"{library} is not installed, so " in check.says
    assert check.mend is not None
    assert "deploy/sentence-model.txt" in check.mend


def test_a_command_says_it_once_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that is not there keeps no question from its answer."""
    ask = ["ask", "--story", STORY, "when did the bell come back?"]
    assert main(ask, named(tmp_path / "nowhere"), TODAY) == 0
    said = capsys.readouterr()
    assert said.err.startswith("receipts: MEANING_MODEL: ")
    assert said.err.count("\n") == 1
    assert main(ask, Settings(), TODAY) == 0
    assert capsys.readouterr().out == said.out


@needs_onnxruntime
class TestOnnx:
    """Models as onnxruntime runs them."""

    def test_a_model_is_used(self, folder: Path) -> None:
        """Texts have the mean of their pieces' rows; the doctor says it is used."""
        sha256 = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
        settings = named(folder, sha256.upper())
        made, problem = chosen(settings)
        assert isinstance(made, SentenceModel)
        assert problem is None
        assert made.single is word_vectors()
        texts = ["Who stole the bell?", "who took the chime?", "bread"]
        one, other, third = made.rows(texts, lambda _: {})
        assert np.allclose(one, other)
        assert one @ third < 0.8
        assert np.allclose(np.linalg.norm([one, other, third], axis=1), 1, atol=1e-3)
        check = meaning_check(settings)
        assert (check.state, check.mend) == ("ok", None)
        assert check.says == f"the sentence model in {folder} is used"

    def test_another_model_or_tokenizer_is_another_kind(self, folder: Path) -> None:
        """What is kept of one model is not taken for what another makes."""
        kinds = [chosen(named(folder)).vectors]
        path = folder / "tokenizer.json"
        path.write_text(path.read_text().replace('"bread"', '"toast"'))
        kinds.append(chosen(named(folder)).vectors)
        (folder / "model.onnx").write_bytes(
            onnx([*ROWS, [1, 1, 1]], ("input_ids", "attention_mask"))
        )
        kinds.append(chosen(named(folder)).vectors)
        assert len({one.kind for one in kinds if one}) == 3

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("model.onnx", b""),
            ("model.onnx", b"version https://git-lfs"),
            ("model.onnx", onnx([*ROWS, [1, 1, 1]], ("input_ids",))),
            ("model.onnx", onnx(ROWS[:1], ("input_ids", "attention_mask"))),
            ("tokenizer.json", b"{}"),
            ("tokenizer.json", b"\xff"),
        ],
    )
    def test_what_is_no_model_is_told(
        self, folder: Path, name: str, data: bytes
    ) -> None:
        """A broken file is a sentence, not a traceback."""
        (folder / name).write_bytes(data)
        check = meaning_check(named(folder))
        assert check.state == "warning"
        assert "is no sentence model (" in check.says
        assert str(check).isprintable()

    def test_a_command_answers_with_it(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A question is answered with a model as without, and nothing is said of it."""
        ask = ["ask", "--story", STORY, "when did the bell come back?"]
        assert main(ask, named(folder), TODAY) == 0
        said = capsys.readouterr()
        assert said.err == ""
        assert "bell" in said.out


@needs_onnxruntime
@pytest.mark.skipif(
    not os.environ.get("MEANING_MODEL"), reason="MEANING_MODEL names no sentence model"
)
def test_a_real_model_knows_what_is_meant() -> None:
    """The environment's model puts what means the same nearer than what does not."""
    made = read(Path(os.environ["MEANING_MODEL"]), None, None)
    assert isinstance(made, SentenceModel)
    texts = ["who stole the bell?", "which thief took it away", "how do I bake bread?"]
    one, same, other = made.rows(texts, lambda _: {})
    assert one @ same > one @ other + 0.1
    assert (made.rows(texts[:1], lambda _: {})[0] == one).all()
