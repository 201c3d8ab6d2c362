"""Words of the same family: those of a vocabulary that share most letters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

_LIKENESS: Final = 0.45
_SIZE: Final = 5
_SHORTEST: Final = 4
_REMEMBERED: Final = 10_000  # words


class Families:
    """Finds words of a vocabulary by their letters. Built when it is first asked."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = terms
        self._having: dict[str, list[str]] | None = None
        self._sizes: Mapping[str, int] = {}
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
        if self._having is None:
            self._having = _by_gram(self._terms)
            self._sizes = Counter(
                other for having in self._having.values() for other in having
            )
        grams = _grams(term)
        shared = Counter(
            other for gram in grams for other in self._having.get(gram, ())
        )
        shared.pop(term, None)
        sizes = self._sizes
        alike = (
            (other, 2 * count / (len(grams) + sizes[other]))
            for other, count in shared.items()
        )
        near = [(other, like) for other, like in alike if like >= _LIKENESS]
        return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:_SIZE])


def _by_gram(terms: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for term in dict.fromkeys(terms):
        for gram in _grams(term) if _has_family(term) else ():
            found[gram].append(term)
    return found


def _has_family(term: str) -> bool:
    return len(term) >= _SHORTEST and term.isalpha()


def _grams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(
        padded[at : at + size]
        for size in (3, 4)
        for at in range(len(padded) - size + 1)
    )
