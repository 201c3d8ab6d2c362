"""How alike questions are to each other, by what they mean, and which never are one.

A likeness is how much of what each says the other says, too, in the same words or in
others for the same, fused with rapidfuzz's. Questions that are marked apart have none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from typing import Final

from rapidfuzz import fuzz

from bot.matching.english import FILLER
from bot.matching.grammar import QUESTION_WORDS, Term
from bot.matching.lexicon import lexicon
from bot.matching.marks import KINDS, Marks, differ, marks_of
from bot.matching.question import Asked, asked
from bot.matching.ranking import Matcher
from bot.matching.text import clean, is_common
from bot.matching.weighing import MEANING_WEIGHT
from bot.story.text import fold

LETTERS: Final = 0.3
"""What the likeness of letters counts, beside that of what is said."""

KIND: Final = 0.25
"""What the kind of answer counts, of the rarest word."""

APART: Final = 0.6
"""What counts where each says something of substance that the other does not."""

MEANT: Final = 0.85
"""What another word for the same counts, of the word itself."""

SPELT: Final = 0.8
"""Likeness of letters, 0-1, from which two words count as nearly one."""

_COMMON: Final = 0.25
"""A name that weighs less, of what is rarest, is one of the story's commonest."""

NEAR: Final = 0.15
"""Cosine from which two questions are compared at all."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A question as compared; equal where nothing tells two apart.

    `weights` are those of what it says, by term; `vector`, of length 1, finds what is
    near. `substance` are the words that carry meaning, `marks` what would tell it from
    another.
    """

    weights: Mapping[str, float] = field(compare=False)
    meanings: Mapping[str, frozenset[str]] = field(compare=False)
    vector: Mapping[str, float] = field(compare=False)
    substance: frozenset[str] = field(compare=False)
    terms: str
    marks: Marks


class Likeness:
    """Compares questions in the terms of one story's matcher.

    `readings` are the positions of the texts that are read alike, in order; pairs are
    of positions among the readings.
    """

    def __init__(self, texts: Sequence[str], matcher: Matcher) -> None:
        self._matcher = matcher
        found: dict[_Read, list[int]] = {}
        for at, text in enumerate(texts):
            found.setdefault(self._understand(text), []).append(at)
        self._read = list(found)
        self.readings = list(found.values())

    def pairs(self) -> dict[tuple[int, int], float]:
        """The likeness, 0-1, of pairs of readings (lower first) that are near.

        Pairs that must not be taken for the same are left out.
        """
        return {
            pair: self._likeness(*pair)
            for pair, cosine in self._cosines().items()
            if cosine >= NEAR and not self.differ(*pair)
        }

    def differ(self, one: int, other: int) -> bool:
        """Whether two readings cannot be of one question, whatever their likeness."""
        return differ(self._read[one].marks, self._read[other].marks)

    def _likeness(self, one: int, other: int) -> float:
        a, b = self._read[one], self._read[other]
        covered = min(_covered(a, b), _covered(b, a))
        if _says_else(a, b) and _says_else(b, a):
            covered *= APART
        letters = fuzz.token_sort_ratio(a.terms, b.terms) / 100
        return (1 - LETTERS) * covered + LETTERS * letters

    def _cosines(self) -> dict[tuple[int, int], float]:
        posted: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, read in enumerate(self._read):
            for feature, weight in read.vector.items():
                posted[feature].append((at, weight))
        found: dict[tuple[int, int], float] = defaultdict(float)
        for having in posted.values():
            for (one, weight), (other, share) in combinations(having, 2):
                found[one, other] += weight * share
        return found

    def _understand(self, text: str) -> _Read:
        reading = self._matcher.reader.read(clean(text))
        said = asked(fold(reading.text), reading.terms, lexicon())
        rare = {
            term.term
            for term in said.content
            if not self._matcher.reader.knows(term.term)
            and not term.meanings
            and not is_common(term.term)
        }
        names = said.names | reading.foreign | rare
        weigh = self._matcher.weight
        common = frozenset(one for one in names if weigh(one) < weigh("") * _COMMON)
        marks = marks_of(said, fold(reading.text), names, common)
        told = _told(said, marks)
        weights = {
            one.term: weigh(one.term) * (KIND if one.term[0] == "?" else 1.0)
            for one in told
        }
        return _Read(
            weights=weights,
            meanings={one.term: frozenset(one.meanings) for one in told},
            vector=_vector(told, weights, weigh),
            substance=frozenset(one.term for one in {*told} & {*said.content}) - names,
            # Where nothing is read, only what is typed alike is alike.
            terms=" ".join(one.term for one in told if one.term[0] != "?")
            or text.casefold(),
            marks=marks,
        )


def _told(said: Asked, marks: Marks) -> list[Term]:
    """What a question says: words of substance, then light ones, and kinds of answer.

    Fillers only where there is nothing else. Figures are compared apart from it.
    """
    worded = [one for one in said.terms if not one.term[:1].isdigit()]
    content = set(said.content)
    substance = [
        one
        for one in worded
        if one in content or one.term in marks.names or one is marks.counted
    ]
    if len(substance) == len(marks.names):
        substance = worded
    light = [
        one
        for one in worded
        if one.term not in FILLER and one.term not in QUESTION_WORDS
    ]
    kinds = [
        Term(f"?{kind}", meanings, light=False)
        for kind, meanings in KINDS.items()
        if kind in said.wants and meanings
    ]
    return list(dict.fromkeys((*substance, *light, *kinds)))


def _vector(
    told: Iterable[Term], weights: Mapping[str, float], weigh: Callable[[str], float]
) -> dict[str, float]:
    vector = dict(weights)
    for term in told:
        for meaning in term.meanings:
            vector[meaning] = weigh(meaning) * MEANING_WEIGHT
    size = sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {feature: weight / size for feature, weight in vector.items()}


def _covered(one: _Read, other: _Read) -> float:
    """The share of what one question says that the other says, too, 0-1."""
    total = sum(one.weights.values())
    found = sum(
        weight * _found(term, one.meanings[term], other)
        for term, weight in one.weights.items()
    )
    return found / total if total else 0.0


def _says_else(one: _Read, other: _Read) -> bool:
    """Whether a word of substance of one is in no way in the other."""
    return any(not _found(term, one.meanings[term], other) for term in one.substance)


def _found(term: str, meanings: frozenset[str], other: _Read) -> float:
    if term in other.weights:
        return 1.0
    meant = max(
        (
            len(meanings & has) / max(len(meanings), len(has))
            for has in other.meanings.values()
            if not meanings.isdisjoint(has)
        ),
        default=0.0,
    )
    if meant:
        return MEANT * sqrt(meant)
    alike = max((fuzz.ratio(term, has) for has in other.weights), default=0.0) / 100
    return alike if alike >= SPELT and term[0] not in "@~?" else 0.0
