"""How much of a question each target speaks of: in its wordings, or in what it says.

A word is covered where the target has it, less where it has another word for the same,
or one of its family. What a word weighs tells how few targets speak of it: the number
of wordings does not count, so that bases of every size are measured alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

import numpy as np
from pydantic import BaseModel

from bot.matching import packing
from bot.matching.grammar import Term
from bot.matching.index import Family
from bot.matching.packing import Floats, Integers

MEANT: Final = 0.85
"""How far another word for the same covers a word."""

AKIN: Final = 0.8
"""How far a word of the same family does, times their likeness."""

ASIDE: Final = 0.5
"""What a word beside the question itself counts."""

HALF: Final = 0.5
"""How far a base knows a word that it never has, where it has another for the same."""

_REMEMBERED: Final = 2_000_000  # numbers


class Spoken(NamedTuple):
    """The terms and meanings of a target's wordings, and of all it asks and says."""

    asks: AbstractSet[str]
    all: AbstractSet[str]


class PackedEvidence(BaseModel):
    """An evidence's arrays as text: terms by line, numbers in base 64."""

    terms: str
    asks: tuple[str, str]
    all: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a question each target covers, 0-1, by its position.

    `asks`: by its wordings; `all`: by those, or by what it says. `weights` are those
    of the question's words of substance, `unknown` the share of them, 0-1, that no
    target speaks of.
    """

    asks: Floats
    all: Floats
    weights: Mapping[str, float]
    unknown: float


class Evidence:
    """What every target asks and says, by term. Built once; never changes."""

    def __init__(
        self,
        spoken: Sequence[Spoken],
        family: Family,
        targets: int,
        packed: PackedEvidence | None = None,
    ) -> None:
        self._family = family
        self._targets = targets
        self._credits: dict[tuple[str, tuple[str, ...]], tuple[Floats, Floats]] = {}
        if packed is not None:
            names = packed.terms.split("\n") if packed.terms else []
            self._asks = _unpacked(packed.asks, len(names), targets)
            self._all = _unpacked(packed.all, len(names), targets)
        else:
            names = sorted(set[str]().union(*[one.all for one in spoken]))
        self._places = {name: at for at, name in enumerate(names)}
        if packed is None:
            self._asks = _posted([one.asks for one in spoken], self._places)
            self._all = _posted([one.all for one in spoken], self._places)

    def pack(self) -> PackedEvidence:
        """This evidence as text, from which the same can be made."""
        return PackedEvidence(
            terms="\n".join(self._places),
            asks=(packing.text(self._asks.starts), packing.text(self._asks.having)),
            all=(packing.text(self._all.starts), packing.text(self._all.having)),
        )

    @property
    def terms(self) -> Iterable[str]:
        """Every term and meaning that some target has."""
        return self._places.keys()

    def known(self, term: Term) -> float:
        """How far any target speaks of a word, 0-1; a word that means it is half."""
        if term.term in self._places:
            return 1.0
        meant = any(one in self._places for one in term.meanings)
        akin = [AKIN * like for _, like in self._family(term.term)]
        return max([HALF * meant, *akin])

    def weight(self, term: str) -> float:
        """What a term weighs, 0-1: the fewer targets speak of it, the more; never 0."""
        having = len(self._having(self._all, term))
        targets = max(self._targets, 1)
        return log(1 + targets / (having + 0.5)) / log(1 + 2 * targets)

    def askers(self, term: str) -> int:
        """How many targets have a term in their ways of being asked."""
        return len(self._having(self._asks, term))

    def cover(self, content: Iterable[Term], aside: Iterable[Term] = ()) -> Coverage:
        """How much of a question's words of substance each target covers.

        `aside` are words around the question itself: one of them counts less, and only
        where some target speaks of it.
        """
        terms = {one.term: one for one in content}
        weights = {name: self.weight(name) for name in terms}
        unknown = sum(
            weights[name] * (1 - self.known(term)) for name, term in terms.items()
        )
        whole = sum(weights.values()) or 1.0
        for one in aside:
            if one.term in terms:
                continue
            weights[one.term] = ASIDE * self.known(one) * self.weight(one.term)
            terms[one.term] = one
        total = sum(weights.values()) or 1.0
        asks = np.zeros(self._targets, np.float32)
        both = np.zeros(self._targets, np.float32)
        for name, term in terms.items():
            by_asking, by_all = self._credit(term)
            asks += weights[name] / total * by_asking
            both += weights[name] / total * by_all
        return Coverage(asks, both, weights, unknown / whole)

    def _credit(self, term: Term) -> tuple[Floats, Floats]:
        """How far each target covers a word, 0-1: by its wordings, and by all."""
        key = (term.term, term.meanings)
        if key not in self._credits:
            if len(self._credits) * self._targets > _REMEMBERED:
                self._credits.clear()
            asks = np.zeros(self._targets, np.float32)
            both = np.zeros(self._targets, np.float32)
            # In rising order: what is nearer replaces what is less near.
            akin = [(one, AKIN * like) for one, like in self._family(term.term)]
            meant = [(meaning, MEANT) for meaning in term.meanings]
            for other, share in (*reversed(akin), *meant, (term.term, 1.0)):
                asks[self._having(self._asks, other)] = share
                both[self._having(self._all, other)] = share
            self._credits[key] = (asks, both)
        return self._credits[key]

    def _having(self, posted: "_Posted", term: str) -> Integers:
        """The targets that have a term."""
        at = self._places.get(term)
        if at is None:
            return _NOBODY
        return posted.having[posted.starts[at] : posted.starts[at + 1]]


_NOBODY: Final[Integers] = np.zeros(0, np.int32)


class Wanted:
    """What covers a question's words of substance, to look for in one text."""

    def __init__(
        self, content: Iterable[Term], weights: Mapping[str, float], family: Family
    ) -> None:
        terms = {one.term: one for one in content}
        total = sum([weights[name] for name in terms]) or 1.0
        self._by: dict[str, list[tuple[str, float]]] = {}
        for name, term in terms.items():
            share = weights[name] / total
            akin = [(other, AKIN * like) for other, like in family(name)]
            meant = [(meaning, MEANT) for meaning in term.meanings]
            for other, far in ((name, 1.0), *meant, *akin):
                self._by.setdefault(other, []).append((name, share * far))
        self._keys = frozenset(self._by)

    def covered(self, having: AbstractSet[str]) -> float:
        """The share of the words that a text with these terms covers, 0-1."""
        best: dict[str, float] = {}
        for other in self._keys & having:
            for name, share in self._by[other]:
                if share > best.get(name, 0.0):
                    best[name] = share
        return sum(best.values())


class _Posted(NamedTuple):
    """The targets of each term: from the start of its place to that of the next."""

    starts: Integers
    having: Integers


def _posted(spoken: Sequence[AbstractSet[str]], places: Mapping[str, int]) -> _Posted:
    found: list[list[int]] = [[] for _ in places]
    for at, terms in enumerate(spoken):
        for term in terms:
            found[places[term]].append(at)
    return _Posted(packing.starts(map(len, found)), packing.joined(found))


def _unpacked(packed: tuple[str, str], terms: int, targets: int) -> _Posted:
    found = _Posted(*map(packing.integers, packed))
    fits = terms == len(found.starts) - 1 and found.starts[-1] == len(found.having)
    if not fits or not packing.are_below(found.having, targets):
        message = "this is not the evidence of these targets"
        raise ValueError(message)
    return found
