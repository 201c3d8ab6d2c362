"""Vectors: how near texts are in meaning, where no letters are shared.

Whatever makes a row of numbers of a text will do: `Vectors` is all that is asked of it.
Here are static word vectors; `embedding` has a sentence model that an operator brings.

The word vectors are those of the wordllama package: a table of 256 numbers for each of
32,000 pieces of words, made from a language model's own and kept in the package
(https://github.com/dleemiller/WordLlama, MIT). Only its two data files are read; none
of its code runs, and nothing leaves the machine. Where it is not installed there are no
vectors, and everything works without.
"""

import json
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matching.packing import starts, summed
from bot.matching.text import spoken

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Rows = NDArray[np.float32]
"""A vector a row."""

Weigh = Callable[[Iterable[str]], Mapping[str, float]]
"""What each of some words counts in a text; at least those are told."""

Fitted = Literal["vectors", "sentences"]
"""For which kind of vectors weights were fitted: of words, or of sentences."""

Installed = Literal["installed"]
INSTALLED: Final = "installed"
"""In place of vectors: those of words, where they are installed."""

_PACKAGE: Final = "wordllama"
_TABLE: Final = Path("weights", "l2_supercat_256.safetensors")
_PIECES: Final = Path("tokenizers", "l2_supercat_tokenizer_config.json")
_REMEMBERED: Final = 8_000  # words


class Vectors(Protocol):
    """Texts → rows of length 1. Each of its methods may be called from any thread.

    `kind` tells what makes the rows, wherever they are kept; `fitted` for which kind of
    rows the weights were fitted that fit these. `single` are the vectors of single
    words, None where there are none.
    """

    @property
    def kind(self) -> str: ...  # noqa: D102 - above
    @property
    def fitted(self) -> Fitted: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def single(self) -> "WordVectors | None": ...  # noqa: D102

    def rows(self, texts: Sequence[str], weigh: Weigh) -> Rows:
        """A row for each text, in order; one of nothing for a text of no words.

        `weigh` counts where words are added up.
        """
        ...

    def kept(self, texts: Sequence[str], rows: Rows | None = None) -> Rows | None:
        """Remember the rows of texts: those given, as they were kept, or made now.

        None where rows are made so fast that they are not worth keeping.
        """
        ...


class WordVectors:
    """Words → vectors, through one table of pieces of words. Remembers what it read."""

    def __init__(self, table: NDArray[np.float16], pieces: "Tokenizer") -> None:
        self._table = table
        self._pieces = pieces
        self._known: dict[str, NDArray[np.float32]] = {}
        self.size = int(table.shape[1])
        self.kind = f"words {table.shape}"
        self.fitted: Fitted = "vectors"

    @property
    def single(self) -> "WordVectors":
        """Itself."""
        return self

    def rows(self, texts: Sequence[str], weigh: Weigh) -> Rows:
        """A row for each text: its words, added up by weight."""
        said = [spoken(text) for text in texts]
        return text_rows(self, said, weigh(word for text in said for word in text))

    def kept(self, texts: Sequence[str], rows: Rows | None = None) -> None:
        """Nothing: they are made fast."""

    def words(self, words: Sequence[str]) -> Rows:
        """A row for each word, in order: the sum of its pieces' vectors."""
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            if len(known) + len(new) > _REMEMBERED:
                # Begun anew, not emptied: others may be reading the old ones.
                known = self._known = {}
                new = list(dict.fromkeys(words))
            known.update(zip(new, self._read(new), strict=True))
        if not words:
            return np.zeros((0, self.size), np.float32)
        rows = np.concatenate([known[word] for word in words])
        return rows.reshape(len(words), self.size)

    def _read(self, words: Sequence[str]) -> Rows:
        read = self._pieces.encode_batch(list(words), add_special_tokens=False)
        # A word of no pieces has the first piece's vector, weighed with nothing.
        pieces = [one.ids or [0] for one in read]
        weights = [bool(one.ids) for one in read]
        starts = np.cumsum([0, *map(len, pieces[:-1])])
        rows = self._table[np.concatenate(pieces)].astype(np.float32)
        summed: Rows = np.add.reduceat(rows, starts, axis=0)
        return summed * np.array(weights, np.float32)[:, None]


@cache
def word_vectors() -> WordVectors | None:
    """The vectors that are installed; None where there are none that can be read."""
    spec = find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        # The tokenizers package raises bare exceptions for files that it cannot read.
        with suppress(Exception):
            from tokenizers import Tokenizer  # noqa: PLC0415 - an import that may fail

            pieces = Tokenizer.from_file(str(Path(folder, _PIECES)))
            return WordVectors(_table(Path(folder, _TABLE)), pieces)
    return None


def _table(file: Path) -> NDArray[np.float16]:
    """The one table of a safetensors file, read as it is needed.

    Source of the form: https://github.com/huggingface/safetensors#format
    """
    with file.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        head: Mapping[str, Mapping[str, object]] = json.loads(stream.read(length))
    (one,) = (value for name, value in head.items() if name != "__metadata__")
    if one["dtype"] != "F16":
        message = f"{file.name} holds {one['dtype']}, not F16"
        raise ValueError(message)
    rows, columns = json.loads(json.dumps(one["shape"]))
    return np.memmap(
        file, np.float16, mode="r", offset=8 + length, shape=(rows, columns)
    )


def unit(rows: Rows) -> Rows:
    """Rows of length 1; a row of nothing stays nothing."""
    lengths = np.sqrt(np.einsum("...i,...i->...", rows, rows))
    return rows / np.maximum(lengths, 1e-9)[..., None]


def text_rows(
    vectors: WordVectors, texts: Iterable[Sequence[str]], weights: Mapping[str, float]
) -> Rows:
    """A row of length 1 for each text: the sum of its words' vectors, by weight.

    A word that `weights` lacks counts 1. A text without words is a row of nothing.
    """
    said = list(texts)
    words = list(dict.fromkeys(word for text in said for word in text))
    place = {word: at for at, word in enumerate(words)}
    rows = vectors.words(words)
    rows *= np.array([weights.get(word, 1.0) for word in words], np.float32)[:, None]
    places = [place[word] for text in said for word in text]
    return unit(summed(rows[places], starts(map(len, said))))
