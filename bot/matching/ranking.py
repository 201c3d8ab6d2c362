"""Scores: which target a question asks, how sure that is, and why.

A target is whatever a question can lead to; here nothing knows what it is. A score is
a fusion of four likenesses. A confidence is the calibrated probability that the target
answers the question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from bot.matching.calibration import confidence
from bot.matching.english import FILLER
from bot.matching.guards import GUARDS, Compared, Firing, Profile, profile_of
from bot.matching.index import Hits, Index, Posted, is_light
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked, asked, segments
from bot.matching.text import (
    Phrases,
    Reading,
    Vocabulary,
    clean,
    foreign_names,
    is_common,
    spoken,
    words,
)
from bot.story.text import fold

_COMPARED: Final = 8
_JUDGED: Final = 8
_AS_NEAR: Final = 0.03
_SURER: Final = 0.3


@dataclass(frozen=True, slots=True)
class Target:
    """What a question can lead to: its id, and the wordings that ask it.

    `claims` are wordings that carry a wrong premise, a group for each premise.
    `decoys` look alike but do not ask it. `told` is what it says, `gives` the kinds of
    answer beyond those its wordings ask for.
    """

    id: str
    asks: tuple[str, ...]
    claims: tuple[tuple[str, ...], ...] = ()
    decoys: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()


class Parts(NamedTuple):
    """What speaks for a candidate; each 0-1 but where said.

    `wording`: cosine with the nearest wording; `target`: cosine with all of them;
    `letters`: rapidfuzz's likeness to the nearest; `explained`: share of the question's
    weight that the target's wordings have; `recalled`: share of the nearest wording's
    weight that the question has; `margin`: lead over the best other target (-1 to 1);
    `decoy`: how much nearer a decoy is than any wording that asks it.
    """

    wording: float
    target: float
    letters: float
    explained: float
    recalled: float
    margin: float
    decoy: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target for a question. `confidence` is the probability that it answers it.

    `nearest` is the wording that is most like the question; `premise` is the position
    of the wrong premise whose claim that wording is, else None. `fired` are the guards
    that speak against it.
    """

    id: str
    score: float
    confidence: float
    parts: Parts
    fired: Mapping[str, Firing]
    nearest: str
    premise: int | None

    def without(self, guard: str) -> float:
        """The confidence, 0-1, that it would have if that guard had not fired."""
        # Exactly 0 is what a curator's refusal gives: no guard brings that about.
        if guard not in self.fired or not self.confidence:
            return self.confidence
        others = {name: one.strength for name, one in self.fired.items()}
        del others[guard]
        return confidence(self.parts._asdict() | others)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question led where it led: how it was read, and the best candidates.

    `unknown` are words that neither a wording nor the lexicon has.
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


class _Scored(NamedTuple):
    score: float
    target: int
    letters: float
    nearest: int
    plain: int
    wording: float
    on_target: float
    decoy: float


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

    `names` are phrases and the term each stands for (an entity, a meaning).
    """

    def __init__(
        self, targets: Sequence[Target], names: Mapping[str, str] | None = None
    ) -> None:
        self._targets = targets
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
            [Posted(one.target, one.terms, one.is_decoy) for one in self._wordings]
        )
        self._profiles: dict[int, Profile] = {}
        asking = [one for one in self._wordings if not one.is_decoy]
        known = {word for wording in asking for word in wording.terms}
        self._known = known | self._phrases.vocabulary
        self._vocabulary = Vocabulary(
            self._known | FILLER | lexicon().words
        )

    def _terms(self, text: str) -> tuple[str, ...]:
        return tuple(self._phrases.apply(words(text))[0])

    def read(self, text: str) -> Reading:
        """A question as terms, slips repaired and names recognised."""
        cleaned = clean(text)
        found = words(cleaned)
        names = {found[at] for at in foreign_names(spoken(cleaned))}
        names -= self._phrases.vocabulary
        repaired = {
            word: meant
            for word in dict.fromkeys(found)
            if word not in self._vocabulary
            and word not in names
            and not is_common(word)
            and (meant := self._vocabulary.repair(word))
        }
        terms, named = self._phrases.apply([repaired.get(word, word) for word in found])
        strange = {term for term in terms if _is_strange(term)}
        foreign = frozenset(names | strange)
        return Reading(cleaned, tuple(terms), repaired, named, foreign)

    def understand(self, text: str) -> Asked:
        """What a curated text asks or says: nothing in it is taken for a slip."""
        return asked(fold(text), self._terms(text), lexicon())

    def rank(self, text: str, limit: int = 20) -> Explanation:
        """The best targets for a question, best first; of equals the earlier one.

        A message may wrap its question in chatter: a part that may be the question is
        read alone, too, and counts where it is much surer of a target than the whole.
        """
        whole, *parts = (self._explain(part, limit) for part in segments(clean(text)))
        surest = max(parts, key=_surest, default=whole)
        return surest if _surest(surest) > _surest(whole) + _SURER else whole

    def _explain(self, text: str, limit: int) -> Explanation:
        reading = self.read(text)
        question = asked(fold(reading.text), reading.terms, lexicon())
        candidates = self._candidates(reading, question)
        unknown = dict.fromkeys(
            term.term
            for term in question.content
            if term.term not in self._known and not term.meanings
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
        judged = [
            self._candidate(reading, question, scored, position)
            for position in range(min(len(scored), _JUDGED))
        ]
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
        decoy = max(
            (
                cosine
                for at, cosine in cosines.items()
                if self._wordings[at].is_decoy
            ),
            default=0.0,
        )
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
            decoy=decoy,
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
        if nearest.premise is not None and not _carries(question, like, profile):
            nearest = self._wordings[one.plain]
            like = self._asked(nearest)
        parts = Parts(
            wording=min(1.0, one.wording),
            target=one.on_target,
            letters=one.letters,
            explained=self._explained(question, profile),
            recalled=self._recalled(question, nearest),
            margin=one.score - (others[0] if others else 0.0),
            decoy=max(0.0, one.decoy - one.wording),
        )
        compared = Compared(
            question,
            reading.foreign,
            frozenset(reading.repaired.values()),
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

    def _explained(self, question: Asked, profile: Profile) -> float:
        """The share of a question's weight that a target's wordings know, 0-1."""
        total = kept = 0.0
        for term in {term.term: term for term in question.terms}.values():
            weight = self._index.weight(term.term)
            total += weight
            if term.term in profile.terms:
                kept += weight
            elif any(meaning in profile.terms for meaning in term.meanings):
                kept += 0.8 * weight
        return kept / total if total else 0.0

    def _recalled(self, question: Asked, nearest: _Wording) -> float:
        """The share of the nearest wording's weight that the question has, 0-1."""
        has = {term.term for term in question.terms}
        meant = {name for term in question.terms for name in term.meanings}
        meanings, _ = lexicon().read(nearest.terms)
        total = kept = 0.0
        for term, means in zip(nearest.terms, meanings, strict=True):
            weight = self._index.weight(term)
            total += weight
            if term in has:
                kept += weight
            elif not meant.isdisjoint(means):
                kept += 0.8 * weight
        return kept / total if total else 0.0

    def _profile(self, at: int) -> Profile:
        """What a target is about, worked out when it is first a candidate."""
        if at not in self._profiles:
            wordings = [self._wordings[one] for one in self._by_target[at]]
            own = [one for one in wordings if not one.is_decoy and one.premise is None]
            target = self._targets[at]
            self._profiles[at] = profile_of(
                list(map(self._asked, own)),
                [self.understand(text) for text in target.told],
                target.gives,
            )
        return self._profiles[at]


def _carries(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether a question has what makes a claim wrong: a word, name or figure of it.

    A claim in the words of the target itself is wrong by their order, and is carried.
    """
    if any(not figure.fits(question.figures) for figure in claim.figures):
        return False
    known = profile.terms | profile.told
    wrong = {
        one.term: one
        for one in claim.terms
        if one.term not in known and not one.light and known.isdisjoint(one.meanings)
    }
    return not wrong or any(
        term in question.everything or not question.everything.isdisjoint(one.meanings)
        for term, one in wrong.items()
    )


def _is_strange(term: str) -> bool:
    """Whether a term is no name of the story's, and no word that English has."""
    has_meaning = (term,) in lexicon().meanings or is_light(term)
    return not (has_meaning or is_common(term))


def _surest(found: Explanation) -> float:
    return max((one.confidence for one in found.candidates), default=0.0)


def _texts(target: Target) -> Iterable[tuple[str, int | None, bool]]:
    yield from ((text, None, False) for text in target.asks)
    for premise, claims in enumerate(target.claims):
        yield from ((text, premise, False) for text in claims)
    yield from ((text, None, True) for text in target.decoys)


def _letters(question: str, wording: str) -> float:
    sort = fuzz.token_sort_ratio(question, wording)
    return (sort + fuzz.token_set_ratio(question, wording)) / 200
