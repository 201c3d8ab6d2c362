"""How near a question is in meaning to what targets ask and say, by vectors.

Vectors find what no letter shares. They do not see who did what to whom, so they help
to rank, and to tell whether a question is about the story at all; they never raise a
confidence.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from pydantic import BaseModel

from bot.matching import packing
from bot.matching.english import FILLER
from bot.matching.grammar import QUESTION_WORDS
from bot.matching.packing import Floats
from bot.matching.text import in_base, spoken
from bot.matching.vectors import Fitted, Vectors, unit

BEST: Final = 3
"""Wordings of a target whose mean nearness counts, beside that of the nearest."""

FILLER_SHARE: Final = 0.35
"""What a filler word counts in a text's vector, of another word as common."""

_DIMENSIONS: Final = 64
"""Numbers of a word's vector by which single words are compared: the package's vectors
are made so that the first ones say most (Matryoshka; Kusupati et al. 2022)."""

_REMEMBERED: Final = 32_000_000  # numbers
_AT_ONCE: Final = 100  # targets
_MOST_WORDS: Final = 100_000
_EVEN: Final = 0.3
"""What every word counts in a text's vector, beside what its rarity adds (0-1)."""


class Texts(NamedTuple):
    """What a target asks, and what it says, as texts."""

    asks: tuple[str, ...]
    tells: tuple[str, ...]


class Nearness(NamedTuple):
    """How near one target is to a question; each about 0-1, higher is nearer.

    `way`: its nearest wording; `ways`: the nearest few; `told`: the nearest sentence;
    `words_asked`, `words_told`: how near, word by word, its wordings, and all that it
    asks and says, come to what the question says.
    """

    way: float
    ways: float
    told: float
    words_asked: float
    words_told: float


class _Rows(NamedTuple):
    asks: Floats
    tells: Floats
    asked: Floats
    told: Floats


class PackedMeaning(BaseModel):
    """What it takes to find targets by meaning, as text: a vector for each.

    `rows` are the vectors of all wordings and sentences, where they take long to make.
    """

    centres: str
    rows: str | None = None


class AskedMeaning(NamedTuple):
    """A question's vector; its words' vectors, short, and what each word weighs.

    No words, where there are no vectors of words.
    """

    row: Floats
    words: Floats
    weights: Floats


class Meaning:
    """The targets of one base, by meaning. Vectors of texts are made as needed.

    `kind` and `fitted` are those of the vectors. With `before`, targets that are the
    same lie where they lay.
    """

    def __init__(
        self,
        vectors: Vectors,
        texts: Sequence[Texts],
        weight: Callable[[str], float],
        packed: PackedMeaning | None = None,
        before: "Meaning | None" = None,
    ) -> None:
        self.kind = vectors.kind
        self.fitted: Fitted = vectors.fitted
        self._vectors = vectors
        self._texts = texts
        self._weight = weight
        self._weights: dict[str, float] = {}
        self._rows: OrderedDict[int, _Rows] = OrderedDict()
        self._size = 0
        self._keep(packed.rows if packed else None)
        if packed is not None:
            rows = packing.floats(packed.centres)
            self._centres = rows.reshape(len(texts), vectors.size)
        else:
            is_like = before is not None and before.kind == self.kind
            self._centres = self._made(before.centres() if before and is_like else {})

    def _keep(self, packed: str | None) -> None:
        """Have the vectors of all that is asked and told, from what was kept if any."""
        said = self._said()
        rows = None
        if packed is not None:
            halves = packing.halves(packed)
            rows = halves.reshape(len(said), self._vectors.size).astype(np.float32)
        self._vectors.kept(said, rows)

    def _said(self) -> list[str]:
        """All wordings and sentences, each once, in order."""
        return list(
            dict.fromkeys(
                text for one in self._texts for text in (*one.asks, *one.tells)
            )
        )

    def centres(self) -> dict[Texts, Floats]:
        """Where the targets lie, by their texts."""
        return dict(zip(self._texts, self._centres, strict=True))

    def _made(self, known: Mapping[Texts, Floats]) -> Floats:
        """For each target the sum of its wordings and sentences, of length 1.

        As it was known, even if its words have come to weigh a little more or less.
        """
        centres = np.zeros((len(self._texts), self._vectors.size), np.float32)
        new: list[int] = []
        for at, texts in enumerate(self._texts):
            if texts in known:
                centres[at] = known[texts]
            else:
                new.append(at)
        for first in range(0, len(new), _AT_ONCE):
            places = new[first : first + _AT_ONCE]
            said = [(*self._texts[at].asks, *self._texts[at].tells) for at in places]
            rows = self._vectors.rows(
                [text for texts in said for text in texts], self._weighed
            )
            centres[places] = unit(packing.summed(rows, packing.starts(map(len, said))))
        return centres

    def pack(self) -> PackedMeaning:
        """What was worked out, as text, from which the same can be made."""
        kept = self._vectors.kept(self._said())
        return PackedMeaning(
            centres=packing.text(self._centres),
            rows=None if kept is None else packing.text(kept.astype(np.float16)),
        )

    def read(self, text: str, repaired: Mapping[str, str]) -> AskedMeaning:
        """A question's meaning; `repaired` are slips in base form, repaired."""
        said = spoken(text)
        words = [repaired.get(in_base(word), word) for word in said]
        telling = [
            word
            for word in dict.fromkeys(words)
            if word not in FILLER and word not in QUESTION_WORDS
        ]
        weights = self._weighed(words)
        share = np.array([weights[word] for word in telling], np.float32)
        row = self._vectors.rows([" ".join(words) if repaired else text], self._weighed)
        return AskedMeaning(row[0], self._short(telling), share / (share.sum() or 1.0))

    def near(self, asked: AskedMeaning) -> Floats:
        """How near each target is as a whole, -1 to 1, by its position."""
        # Faster than a product of matrices, which sets all processors to work.
        near: Floats = np.einsum("ij,j->i", self._centres, asked.row)
        return near

    def nearness(self, asked: AskedMeaning, target: int) -> Nearness:
        """How near one target is."""
        rows = self._of(target)
        ways = sorted((rows.asks @ asked.row).tolist())[-BEST:]
        words_asked = _matched(asked, rows.asked)
        tells = len(rows.tells) > 0
        return Nearness(
            way=ways[-1] if ways else 0.0,
            ways=sum(ways) / len(ways) if ways else 0.0,
            told=max((rows.tells @ asked.row).tolist()) if tells else 0.0,
            words_asked=words_asked,
            words_told=_matched(asked, rows.told) if tells else words_asked,
        )

    def _of(self, target: int) -> _Rows:
        found = self._rows.get(target)
        if found is None:
            found = self._rows[target] = self._read(self._texts[target])
            self._size += sum(one.size for one in found)
            while self._size > _REMEMBERED and len(self._rows) > 1:
                _, old = self._rows.popitem(last=False)
                self._size -= sum(one.size for one in old)
        return found

    def _read(self, texts: Texts) -> _Rows:
        asked, told = (
            dict.fromkeys(word for text in some for word in spoken(text))
            for some in (texts.asks, texts.tells)
        )
        words = [word for word in asked | told if word not in FILLER]
        short = self._short(words)
        rows = self._vectors.rows([*texts.asks, *texts.tells], self._weighed)
        ways = len(texts.asks)
        # What is asked comes first.
        telling = sum(word not in FILLER for word in asked)
        return _Rows(rows[:ways], rows[ways:], short[:telling], short)

    def _short(self, words: Sequence[str]) -> Floats:
        single = self._vectors.single
        if single is None:
            return np.zeros((0, _DIMENSIONS), np.float32)
        return unit(single.words(words)[:, :_DIMENSIONS])

    def _weighed(self, words: Iterable[str]) -> Mapping[str, float]:
        if len(self._weights) > _MOST_WORDS:
            self._weights = {}
        known = self._weights
        for word in words:
            if word not in known:
                rare = _EVEN + self._weight(in_base(word))
                known[word] = rare * (FILLER_SHARE if word in FILLER else 1.0)
        return known


def _matched(asked: AskedMeaning, words: Floats) -> float:
    """How near, on average, each word of a question comes to the nearest of some."""
    if not len(words) or not len(asked.words):
        return 0.0
    nearest = np.maximum.reduce(asked.words @ words.T, axis=1)
    return float(asked.weights @ np.maximum(nearest, 0.0))
