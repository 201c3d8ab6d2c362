"""Scores: which target a question asks, how sure that is, and why.

A target is whatever a question can lead to; here nothing knows what it is. A score is
a fusion of four likenesses. A confidence is the calibrated probability that the target
answers the question.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from typing import Final, NamedTuple

from pydantic import BaseModel
from rapidfuzz import fuzz

from bot.matching.calibration import confidence
from bot.matching.candidate import Candidate, Explanation, Parts, Target
from bot.matching.guards import GUARDS, Compared, Profile, profile_of
from bot.matching.index import Hits, Index, Packed, Posted
from bot.matching.lexicon import lexicon
from bot.matching.premises import carries
from bot.matching.question import Asked, asked, segments, told_parts
from bot.matching.reader import Reader, Reading, question_of
from bot.matching.text import clean
from bot.matching.training import Trained, Vector
from bot.story.text import fold

_COMPARED: Final = 4
_JUDGED: Final = 8
_ANSWERING: Final = 5
_AS_NEAR: Final = 0.03
_SURER: Final = 0.45


Texts = tuple[tuple[str, int | None, bool], ...]
"""Wordings, each with the position of its premise, and whether it is a decoy."""


class _Wording(NamedTuple):
    target: int
    text: str
    terms: tuple[str, ...]
    premise: int | None
    is_decoy: bool


class _Scored(NamedTuple):
    score: float
    target: int
    letters: float
    nearest: int
    plain: int
    wording: float
    on_target: float


class Prepared(BaseModel):
    """A matcher's work: each wording's terms (tabs between, a line each), its index."""

    terms: str
    index: Packed


class Weights(NamedTuple):
    """How much each likeness counts in a score."""

    wording: float
    target: float
    letters: float


WEIGHTS: Final = Weights(wording=0.24, target=0.6, letters=0.4)
"""Measured on the development parts of CLINC150, BANKING77 and HINT3, November 2026:
`tests/benchmarks/public.py` shows what they give."""


class Matcher:
    """Ranks targets for questions. Built once for a revision; never changes.

    `names` are phrases and the term each stands for (an entity, a meaning). With
    `before`, a matcher of nearly the same targets and names, it is built in a fraction
    of the time, and nearly as it would be without.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        names: Mapping[str, str] | None = None,
        prepared: Prepared | None = None,
        before: "Matcher | None" = None,
    ) -> None:
        self._names = names or {}
        self.reader = Reader(self._names)
        self._targets = targets
        texts = [
            (at, *text) for at, target in enumerate(targets) for text in _texts(target)
        ]
        typed = (
            [tuple(line.split("\t")) for line in prepared.terms.split("\n") if texts]
            if prepared
            else [self.reader.terms(text) for _, text, _, _ in texts]
        )
        self._wordings = [
            _Wording(target, text, terms, premise, is_decoy)
            for (target, text, premise, is_decoy), terms in zip(
                texts, typed, strict=True
            )
        ]
        self._by_target: dict[int, list[int]] = {}
        for at, wording in enumerate(self._wordings):
            self._by_target.setdefault(wording.target, []).append(at)
        self._index = Index(
            [Posted(one.target, one.terms, one.is_decoy) for one in self._wordings],
            prepared.index if prepared else None,
            self._trained(before) if before else None,
        )
        known = before.profiled(self._names) if before else {}
        self._profiles = {
            at: known[target] for at, target in enumerate(targets) if target in known
        }
        self.reader.learn(
            term for one in self._wordings if not one.is_decoy for term in one.terms
        )

    def learnt(self, names: Mapping[str, str]) -> dict[str, tuple[Texts, Vector]]:
        """The wordings of each target, by its id, and the weights they have led to.

        Nothing where these names are others: then every wording reads differently.
        """
        if names != self._names:
            return {}
        trained = self._index.trained()
        return {
            one.id: (tuple(_texts(one)), trained.get(at, {}))
            for at, one in enumerate(self._targets)
        }

    def _trained(self, before: "Matcher") -> Trained | None:
        """The weights of targets from before, by their position now."""
        learnt = before.learnt(self._names)
        weights: dict[int, Vector] = {}
        changed: set[int] = set()
        for at, target in enumerate(self._targets):
            texts, weights_then = learnt.get(target.id, ((), None))
            if weights_then is not None:
                weights[at] = weights_then
            if texts != tuple(_texts(target)):
                changed.add(at)
        return Trained(weights, changed) if learnt else None

    def profiled(self, names: Mapping[str, str]) -> dict[Target, Profile]:
        """The targets worked out so far; none where these names are others."""
        if names != self._names:
            return {}
        return {self._targets[at]: found for at, found in self._profiles.items()}

    def prepare(self) -> Prepared:
        """What it took long to work out, from which an equal matcher can be made."""
        return Prepared(
            terms="\n".join("\t".join(one.terms) for one in self._wordings),
            index=self._index.pack(),
        )

    def weight(self, term: str) -> float:
        """What a term or a meaning weighs in a question: rarer is more; never 0."""
        return self._index.weight(term)

    def rank(self, text: str, limit: int = 20) -> Explanation:
        """The best targets for a question, best first; of equals the earlier one.

        A message may wrap its question in chatter: a part that may be the question is
        read alone, too, and counts where it is much surer of a target than the whole.
        """
        whole, *parts = (self._explain(part, limit) for part in segments(clean(text)))
        surest = max(parts, key=lambda one: one.surest, default=whole)
        return surest if surest.surest > whole.surest + _SURER else whole

    def _explain(self, text: str, limit: int) -> Explanation:
        reading = self.reader.read(text)
        question = question_of(reading)
        candidates = self._candidates(reading, question)
        unknown = dict.fromkeys(
            term.term
            for term in question.content
            if not self.reader.knows(term.term) and not term.meanings
        )
        return Explanation(reading, tuple(unknown), tuple(candidates[:limit]))

    def _candidates(self, reading: Reading, question: Asked) -> list[Candidate]:
        hits = self._index.search(reading.terms)
        typed = " ".join(reading.terms)
        scored = [
            self._score(typed, target, hits)
            for target, wordings in hits.wordings.items()
            if any(not self._wordings[at].is_decoy for at in wordings)
        ]
        scored.sort(key=lambda one: (-one.score, one.target))
        judged: list[Candidate] = []
        answering = 0
        for position, one in enumerate(scored[:_JUDGED]):
            judged.append(self._candidate(reading, question, scored, position))
            answering += not self._targets[one.target].is_silent
            if answering == _ANSWERING:
                break
        judged.sort(key=lambda one: (-one.confidence, -one.score))
        return judged

    def _score(self, typed: str, target: int, hits: Hits) -> _Scored:
        cosines = hits.wordings[target]
        own = [at for at in cosines if not self._wordings[at].is_decoy]
        # Of wordings as near, one that carries no wrong premise.
        nearest = nlargest(
            _COMPARED,
            own,
            key=lambda at: (
                cosines[at] - _AS_NEAR * (self._wordings[at].premise is not None),
                -at,
            ),
        )
        letters = max(
            _letters(typed, " ".join(self._wordings[at].terms)) for at in nearest
        )
        wording = cosines[nearest[0]]
        score = (
            WEIGHTS.wording * wording
            + WEIGHTS.target * hits.targets[target]
            + WEIGHTS.letters * letters
        )
        plain = next(
            (at for at in nearest if self._wordings[at].premise is None),
            self._by_target[target][0],
        )
        return _Scored(
            score=score,
            target=target,
            letters=letters,
            nearest=nearest[0],
            plain=plain,
            wording=wording,
            on_target=hits.targets[target],
        )

    def _candidate(
        self,
        reading: Reading,
        question: Asked,
        scored: Sequence[_Scored],
        position: int,
    ) -> Candidate:
        one = scored[position]
        others = [other.score for other in scored[:2] if other is not one]
        profile = self._profile(one.target)
        nearest = self._wordings[one.nearest]
        like = self._asked(nearest)
        if nearest.premise is not None and not carries(question, like, profile):
            nearest = self._wordings[one.plain]
            like = self._asked(nearest)
        parts = Parts(
            wording=min(1.0, one.wording),
            target=one.on_target,
            letters=one.letters,
            margin=one.score - (others[0] if others else 0.0),
        )
        compared = Compared(
            question,
            reading.foreign,
            profile,
            like,
            self._index.family,
        )
        fired = {
            name: found
            for name, guard in GUARDS.items()
            if (found := guard(compared)).strength
        }
        signals = {name: found.strength for name, found in fired.items()}
        # A curator said of these very words that they do not ask this.
        is_refused = any(
            self._wordings[at].is_decoy and self._wordings[at].terms == reading.terms
            for at in self._by_target[one.target]
        )
        return Candidate(
            id=self._targets[one.target].id,
            score=one.score,
            confidence=0.0 if is_refused else confidence(parts._asdict() | signals),
            parts=parts,
            fired=fired,
            nearest=nearest.text,
            premise=nearest.premise,
        )

    def _asked(self, wording: _Wording) -> Asked:
        return asked(fold(wording.text), wording.terms, lexicon())

    def _profile(self, at: int) -> Profile:
        """What a target is about, worked out when it is first a candidate."""
        if at not in self._profiles:
            wordings = [self._wordings[one] for one in self._by_target[at]]
            own = [one for one in wordings if not one.is_decoy and one.premise is None]
            claims = [one for one in wordings if one.premise is not None]
            target = self._targets[at]
            told = [part for text in target.told for part in told_parts(text)]
            self._profiles[at] = profile_of(
                list(map(self._asked, own)),
                list(map(self.reader.understand, told)),
                target.gives,
                list(map(self._asked, claims)),
                told,
            )
        return self._profiles[at]


def _texts(target: Target) -> Iterable[tuple[str, int | None, bool]]:
    yield from ((text, None, False) for text in target.asks)
    for premise, claims in enumerate(target.claims):
        yield from ((text, premise, False) for text in claims)
    yield from ((text, None, True) for text in target.decoys)


def _letters(question: str, wording: str) -> float:
    sort = fuzz.token_sort_ratio(question, wording)
    return (sort + fuzz.token_set_ratio(question, wording)) / 200
