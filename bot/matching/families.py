"""Words of the same family: those of a vocabulary that share most letters."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_LIKENESS: Final = 0.45
_SIZE: Final = 5
_SHORTEST: Final = 4
_REMEMBERED: Final = 10_000  # words


class Families:
    """Finds words of a vocabulary by their letters. Built when it is first asked."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = terms
        self._found: _Found | None = None
        self._known: dict[str, tuple[tuple[str, float], ...]] = {}

    def of(self, term: str) -> tuple[tuple[str, float], ...]:
        """Other words that share most letters, likest first, with likeness, 0-1."""
        found = self._known.get(term)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[term] = self._of(term) if _has_family(term) else ()
        return found

    def _of(self, term: str) -> tuple[tuple[str, float], ...]:
        if self._found is None:
            self._found = _by_gram(self._terms)
        words, having, sizes = self._found
        grams = _grams(term)
        shared = [having[gram] for gram in grams if gram in having]
        if not shared:
            return ()
        counts = np.bincount(np.concatenate(shared), minlength=len(words))
        alike = 2 * counts / (len(grams) + sizes)
        near = [
            (words[at], float(alike[at]))
            for at in np.flatnonzero(alike >= _LIKENESS).tolist()
            if words[at] != term
        ]
        return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:_SIZE])


class _Found(NamedTuple):
    """Words; by each gram the positions of those that have it; how many each has."""

    words: Sequence[str]
    having: Mapping[str, NDArray[np.int32]]
    sizes: NDArray[np.int32]


def _by_gram(terms: Iterable[str]) -> _Found:
    words = [term for term in dict.fromkeys(terms) if _has_family(term)]
    grams = list(map(_grams, words))
    found: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(grams):
        for gram in own:
            found[gram].append(at)
    having = {gram: np.array(places, np.int32) for gram, places in found.items()}
    return _Found(words, having, np.array(list(map(len, grams)), np.int32))


def _has_family(term: str) -> bool:
    return len(term) >= _SHORTEST and term.isalpha()


def _grams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(
        padded[at : at + size]
        for size in (3, 4)
        for at in range(len(padded) - size + 1)
    )
