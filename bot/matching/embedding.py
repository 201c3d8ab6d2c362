"""A sentence model that an operator brings: texts → vectors, by onnxruntime.

One like all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019): pieces of words
in, a vector for each piece out; their mean is that of the text. Nothing is downloaded.
Texts go through the model one at a time, in one thread: where several do, or numbers
are rounded to bytes, a text's vector depends on what else is there, and the same story
would not answer the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matching.packing import Floats, Halves
from bot.matching.vectors import Fitted, Rows, Weigh, WordVectors, unit

PIECES: Final = 256
"""Pieces of a text that are read, as such models were trained."""

_NEEDED: Final = {"input_ids", "attention_mask"}
_INPUTS: Final = _NEEDED | {"token_type_ids"}
_SILENT: Final = 4  # only what is fatal is written to standard error
_MOST: Final = 100_000
"""Texts that are remembered, beside those of the last base."""


class Read(Protocol):
    """A text as pieces of words: their numbers, and which of them count."""

    ids: Sequence[int]
    attention_mask: Sequence[int]


class Pieces(Protocol):
    """What is used of tokenizers' Tokenizer."""

    def encode(self, sequence: str) -> Read:
        """A text as pieces of words."""
        ...

    def get_vocab_size(self) -> int:
        """How many pieces there are."""
        ...


class Named(Protocol):
    """What goes into a model, or comes out of it."""

    name: str


class Session(Protocol):
    """What is used of onnxruntime's InferenceSession."""

    def get_inputs(self) -> Sequence[Named]:
        """What goes in."""
        ...

    def get_outputs(self) -> Sequence[Named]:
        """What comes out."""
        ...

    def run(
        self, names: Sequence[str], feed: Mapping[str, NDArray[np.int64]]
    ) -> Sequence[Floats]:
        """What comes out of what goes in, by name."""
        ...


class SentenceModel:
    """Texts → vectors, through one model. Remembers those of bases, not of questions.

    `kind` is a hash of what the model was read from, `words` the vectors of single
    words, if there are any.
    """

    def __init__(
        self,
        session: Session,
        pieces: Pieces,
        kind: str,
        words: WordVectors | None = None,
    ) -> None:
        self._session = session
        self._pieces = pieces
        self._inputs = [one.name for one in session.get_inputs()]
        if not _NEEDED <= {*self._inputs} <= _INPUTS:
            raise ValueError(f"it takes {', '.join(self._inputs)}")
        self._output = session.get_outputs()[0].name
        self._known: dict[str, Halves] = {}
        self.single = words
        self.kind = f"sentences {kind}, {words.kind if words else 'no words'}"
        self.fitted: Fitted = "sentences"
        # The last of all pieces, as often as there may be any: all others will do.
        last = [pieces.get_vocab_size() - 1] * PIECES
        self.size = len(self._run(last, [1] * PIECES))

    def rows(self, texts: Sequence[str], weigh: Weigh) -> Rows:  # noqa: ARG002
        """A row for each text; of sentences, no word is weighed."""
        known = self._known
        found = [known[text] if text in known else self._made(text) for text in texts]
        return np.array(found, np.float32).reshape(len(texts), self.size)

    def kept(self, texts: Sequence[str], rows: Rows | None = None) -> Rows:
        """Remember the rows of texts, and give them."""
        known = self._known
        fresh = {
            text: known[text]
            if text in known
            else (self._made(text) if rows is None else rows[at].astype(np.float16))
            for at, text in enumerate(texts)
        }
        others = [one for one in known.items() if one[0] not in fresh]
        # Swapped as a whole: questions are asked, and texts learnt, at the same time.
        self._known = dict(others[-_MOST:]) | fresh
        found = np.array(list(fresh.values()), np.float32)
        return found.reshape(len(fresh), self.size)

    def _made(self, text: str) -> Halves:
        # A half of a pair is no text for the tokenizer.
        read = self._pieces.encode(text.encode(errors="replace").decode())
        return self._run(read.ids, read.attention_mask)

    def _run(self, ids: Sequence[int], mask: Sequence[int]) -> Halves:
        feed = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.array([mask], np.int64),
            "token_type_ids": np.zeros((1, len(ids)), np.int64),
        }
        (out,) = self._session.run(
            [self._output], {name: feed[name] for name in self._inputs}
        )
        if out.ndim != 3:
            raise ValueError("it gives no vector for each piece of a word")
        return unit(np.array(mask, np.float32) @ out[0]).astype(np.float16)


def sentence_model(
    model: bytes, tokenizer: bytes, words: WordVectors | None = None
) -> SentenceModel:
    """A sentence model from what its two files hold.

    Raises ImportError where onnxruntime or tokenizers is not installed, ValueError
    where these are no files of theirs, or of no sentence model.
    """
    runtime = import_module("onnxruntime")
    tokenizers = import_module("tokenizers")
    runtime.disable_telemetry_events()  # on Windows there are some
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = _SILENT
    kind = hashlib.sha256(hashlib.sha256(model).digest() + tokenizer).hexdigest()
    try:
        pieces = tokenizers.Tokenizer.from_buffer(tokenizer)
        pieces.no_padding()
        pieces.enable_truncation(PIECES)
        session: Session = runtime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        return SentenceModel(session, pieces, kind, words)
    except Exception as error:  # both libraries raise errors of many types
        raise ValueError(str(error).strip().partition("\n")[0]) from error
