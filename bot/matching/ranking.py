"""Scores: which target a question asks, how sure that is, and why.

A target is whatever a question can lead to; here nothing knows what it is. A score is
a fusion of four likenesses. A confidence is the calibrated probability that the target
answers the question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from bot.matching.english import FILLER, IRREGULAR
from bot.matching.index import Hits, Index
from bot.matching.text import Phrases, Reading, Vocabulary, clean, words

_RERANKED: Final = 20
_COMPARED: Final = 8


@dataclass(frozen=True, slots=True)
class Target:
    """What a question can lead to: its id, and the wordings that ask it.

    `claims` are wordings that carry a wrong premise, a group for each premise.
    `decoys` look alike but do not ask it.
    """

    id: str
    asks: tuple[str, ...]
    claims: tuple[tuple[str, ...], ...] = ()
    decoys: tuple[str, ...] = ()


class Parts(NamedTuple):
    """What a score and a confidence are made of; each 0-1, higher speaks for it.

    `wording`: cosine with the nearest wording; `target`: cosine with all of them;
    `letters`: rapidfuzz's likeness to the nearest; `explained`: share of the question's
    weight that the target's wordings have; `margin`: lead over the best other target
    (-1 to 1).
    """

    wording: float
    target: float
    letters: float
    explained: float
    margin: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target for a question. `confidence` is the probability that it answers it.

    `nearest` is the wording that is most like the question; `premise` is the position
    of the wrong premise whose claim that wording is, else None; `decoyed` is true where
    the question is more like a decoy than like any wording that asks it.
    """

    id: str
    score: float
    confidence: float
    parts: Parts
    nearest: str
    premise: int | None
    decoyed: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question led where it led: how it was read, and the best candidates.

    `unknown` are terms that no wording has.
    """

    reading: Reading
    unknown: tuple[str, ...]
    candidates: tuple[Candidate, ...]


class _Wording(NamedTuple):
    target: int
    text: str
    terms: tuple[str, ...]
    premise: int | None
    is_decoy: bool


class Weights(NamedTuple):
    """How much each likeness counts in a score."""

    wording: float
    target: float
    letters: float


WEIGHTS: Final = Weights(wording=0.24, target=0.48, letters=0.28)
"""Measured on the development parts of CLINC150, BANKING77 and HINT3, November 2026:
`tests/benchmarks/public.py` shows what they give."""


class Calibration(NamedTuple):
    """A logistic model from a candidate's parts to its confidence."""

    bias: float
    wording: float
    target: float
    letters: float
    explained: float
    margin: float

    def confidence(self, parts: Parts) -> float:
        """The probability, 0-1, that a candidate with these parts is the right one."""
        total = self.bias + sum(
            weight * part for weight, part in zip(self[1:], parts, strict=True)
        )
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


CALIBRATION: Final = Calibration(-9.0, 3.0, 2.0, 3.0, 4.0, 10.0)
"""Placeholder."""


class Matcher:
    """Ranks targets for questions. Built once for a revision; never changes.

    `names` are phrases and the term each stands for (an entity, a meaning).
    """

    def __init__(
        self,
        targets: Sequence[Target],
        names: Mapping[str, str] | None = None,
        calibration: Calibration = CALIBRATION,
    ) -> None:
        self._ids = [target.id for target in targets]
        self._calibration = calibration
        self._phrases = Phrases(names or {})
        self._wordings = [
            _Wording(at, text, self._terms(text), premise, is_decoy)
            for at, target in enumerate(targets)
            for text, premise, is_decoy in _texts(target)
        ]
        self._by_target: dict[int, list[int]] = {}
        for at, wording in enumerate(self._wordings):
            self._by_target.setdefault(wording.target, []).append(at)
        self._index = Index(
            [(-1 if w.is_decoy else w.target, w.terms) for w in self._wordings]
        )
        self._words = [
            frozenset(t for at in self._by_target.get(n, ()) for t in self._known(at))
            for n in range(len(targets))
        ]
        known = {word for wording in self._wordings for word in wording.terms}
        self._vocabulary = Vocabulary(
            known | self._phrases.vocabulary | FILLER | set(IRREGULAR.values())
        )

    def _known(self, at: int) -> Iterable[str]:
        wording = self._wordings[at]
        return () if wording.is_decoy else wording.terms

    def _terms(self, text: str) -> tuple[str, ...]:
        return tuple(self._phrases.apply(words(text))[0])

    def read(self, text: str) -> Reading:
        """A question as terms, slips repaired and names recognised."""
        cleaned = clean(text)
        found = words(cleaned)
        repaired: dict[str, str] = {}
        for word in found:
            if word not in self._vocabulary and (
                meant := self._vocabulary.repair(word)
            ):
                repaired[word] = meant
        terms, named = self._phrases.apply([repaired.get(word, word) for word in found])
        return Reading(cleaned, tuple(terms), repaired, named)

    def rank(self, text: str, limit: int = 20) -> Explanation:
        """The best targets for a question, best first; of equals the earlier one."""
        reading = self.read(text)
        hits = self._index.search(reading.terms)
        found = self._candidates(reading, hits)
        unknown = tuple(
            dict.fromkeys(
                term
                for term in reading.terms
                if term not in self._index and term not in FILLER
            )
        )
        return Explanation(reading, unknown, tuple(found[:limit]))

    def _candidates(self, reading: Reading, hits: Hits) -> list[Candidate]:
        best = self._nearest(hits)
        rough = {
            target: WEIGHTS.wording * hits.wordings[best[target][0]]
            + WEIGHTS.target * score
            for target, score in hits.targets.items()
            if target in best
        }
        near = sorted(rough, key=lambda target: (-rough[target], target))[:_RERANKED]
        question = " ".join(reading.terms)
        scored: list[tuple[float, int, float]] = []
        for target in near:
            letters = max(
                _letters(question, " ".join(self._wordings[at].terms))
                for at in best[target][:_COMPARED]
            )
            scored.append((rough[target] + WEIGHTS.letters * letters, target, letters))
        scored.sort(key=lambda item: (-item[0], item[1]))
        return [
            self._candidate(reading, hits, best, scored, position)
            for position in range(len(scored))
        ]

    def _nearest(self, hits: Hits) -> dict[int, list[int]]:
        """For each target its wordings that ask it, nearest first."""
        found: dict[int, list[int]] = {}
        for at in sorted(hits.wordings, key=lambda at: (-hits.wordings[at], at)):
            wording = self._wordings[at]
            if not wording.is_decoy:
                found.setdefault(wording.target, []).append(at)
        return found

    def _candidate(
        self,
        reading: Reading,
        hits: Hits,
        best: Mapping[int, Sequence[int]],
        scored: Sequence[tuple[float, int, float]],
        position: int,
    ) -> Candidate:
        score, target, letters = scored[position]
        others = [item[0] for item in scored[:2] if item[1] != target]
        nearest = best[target][0]
        decoy = max(
            (
                hits.wordings.get(at, 0.0)
                for at in self._by_target[target]
                if self._wordings[at].is_decoy
            ),
            default=0.0,
        )
        parts = Parts(
            wording=min(1.0, hits.wordings[nearest]),
            target=min(1.0, hits.targets[target]),
            letters=letters,
            explained=self._explained(reading, target),
            margin=score - (others[0] if others else 0.0),
        )
        decoyed = decoy > hits.wordings[nearest]
        confidence = self._calibration.confidence(parts)
        return Candidate(
            id=self._ids[target],
            score=score,
            confidence=confidence / 4 if decoyed else confidence,
            parts=parts,
            nearest=self._wordings[nearest].text,
            premise=self._wordings[nearest].premise,
            decoyed=decoyed,
        )

    def _explained(self, reading: Reading, target: int) -> float:
        """The share of a question's weight that a target's wordings know, 0-1."""
        total = kept = 0.0
        for term in set(reading.terms):
            weight = self._index.weight(term)
            total += weight
            if term in self._words[target]:
                kept += weight
            else:
                family = self._index.family(term)
                kept += weight * max(
                    (like for other, like in family if other in self._words[target]),
                    default=0.0,
                )
        return kept / total if total else 0.0


def _texts(target: Target) -> Iterable[tuple[str, int | None, bool]]:
    yield from ((text, None, False) for text in target.asks)
    for premise, claims in enumerate(target.claims):
        yield from ((text, premise, False) for text in claims)
    yield from ((text, None, True) for text in target.decoys)


def _letters(question: str, wording: str) -> float:
    sort = fuzz.token_sort_ratio(question, wording)
    return (sort + fuzz.token_set_ratio(question, wording)) / 200
