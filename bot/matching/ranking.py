"""One pipeline: a question → its candidates, each with all that was measured of it.

Read the question; find what may be meant, by words, by what answers say and by meaning;
measure each of those; rank them; tell how sure the first one is. A target is whatever a
question can lead to; here nothing knows what it is.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final, NamedTuple

import numpy as np
from pydantic import BaseModel
from rapidfuzz import fuzz

from bot.matching.candidate import Candidate, Explanation, Target
from bot.matching.evidence import Coverage, Evidence, PackedEvidence, Spoken, Wanted
from bot.matching.features import Ranked, leading
from bot.matching.grammar import QUESTION_WORDS, Term, things
from bot.matching.guards import GUARDS, Compared, Firing, Profile, profile_of
from bot.matching.index import Hits, Index, Packed, Posted
from bot.matching.lexicon import lexicon
from bot.matching.meaning import AskedMeaning, Meaning, PackedMeaning, Texts
from bot.matching.model import model
from bot.matching.packing import Floats
from bot.matching.premises import carries
from bot.matching.question import Asked, asked, segments, told_parts
from bot.matching.reader import Reader, Reading, question_of
from bot.matching.text import clean
from bot.matching.vectors import WordVectors, word_vectors
from bot.story.text import fold

_BY_WORDS: Final = 8
_BY_EVIDENCE: Final = 4
_BY_MEANING: Final = 4
"""Targets that each kind of evidence puts up, of which the best are judged. Of the
right ones of five stories 99 of 100 are among twenty (November 2026)."""

_JUDGED: Final = 8
_ANSWERING: Final = 5
_COMPARED: Final = 4
_AS_NEAR: Final = 0.03
_FEW: Final = 10
_NEVER: Final = 9.0
_SURER: Final = 0.45
_MINE: Final = frozenset("i me my mine myself you your ur yours yourself".split())
_REMEMBERED: Final = 12_000  # wordings

Texts_ = tuple[tuple[str, int | None, bool], ...]
"""Wordings, each with the position of its premise, and whether it is a decoy."""


class _Wording(NamedTuple):
    target: int
    text: str
    terms: tuple[str, ...]
    premise: int | None
    is_decoy: bool


class _Known(NamedTuple):
    """What a target is about; the terms and meanings of each of its sentences; and what
    each of its wordings asks."""

    profile: Profile
    sentences: tuple[frozenset[str], ...]
    wordings: Mapping[str, Asked]


@dataclass(slots=True)
class _Found:
    """A target as a candidate, so far: what was measured of it."""

    target: int
    nearest: _Wording
    plain: int
    signals: dict[str, float]
    score: float = 0.0
    fired: Mapping[str, Firing] | None = None


class _Question(NamedTuple):
    """A question as read, and what the whole base says to it."""

    reading: Reading
    asked: Asked
    hits: Hits
    coverage: Coverage
    wanted: Wanted
    meaning: AskedMeaning | None
    signals: Mapping[str, float]


class Prepared(BaseModel):
    """A matcher's work: each wording's terms (tabs between, a line each), its arrays."""

    terms: str
    told: str
    index: Packed
    evidence: PackedEvidence
    meaning: PackedMeaning | None


_INSTALLED: Final = "installed"


class Matcher:
    """Ranks targets for questions. Built once for a revision; never changes.

    `names` are phrases and the term each stands for (an entity, a meaning). With
    `before`, a matcher of nearly the same targets and names, it is built in a fraction
    of the time, and nearly as it would be without. `vectors` are those of words, None
    for none; as they are installed, if not given.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        names: Mapping[str, str] | None = None,
        prepared: Prepared | None = None,
        before: "Matcher | None" = None,
        *,
        vectors: WordVectors | str | None = _INSTALLED,
    ) -> None:
        self._names = names or {}
        self.reader = Reader(self._names)
        self._targets = targets
        texts = [
            (at, *text) for at, target in enumerate(targets) for text in _texts(target)
        ]
        said = [text for target in targets for text in target.told]
        typed = self._terms(
            [text for _, text, _, _ in texts], prepared and prepared.terms
        )
        told = self._terms(said, prepared and prepared.told)
        self._wordings = [
            _Wording(target, text, terms, premise, is_decoy)
            for (target, text, premise, is_decoy), terms in zip(
                texts, typed, strict=True
            )
        ]
        self._told = told
        self._by_target: dict[int, list[int]] = {at: [] for at in range(len(targets))}
        for at, wording in enumerate(self._wordings):
            self._by_target[wording.target].append(at)
        decoys = [one.is_decoy for one in self._wordings]
        self._decoys = np.array(decoys, bool)
        self._own = [
            sum(not decoys[at] for at in places) for places in self._by_target.values()
        ]
        self._behind = np.array(
            [
                _NEVER if one.is_decoy else _AS_NEAR * (one.premise is not None)
                for one in self._wordings
            ],
            np.float32,
        )
        self._typed = [" ".join(one.terms) for one in self._wordings]
        self.reader.learn(
            (term for one in self._wordings if not one.is_decoy for term in one.terms),
            (term for terms in told for term in terms),
        )
        weights, changed = self._trained(before) if before else (None, ())
        self._index = Index(
            [Posted(one.target, one.terms, one.is_decoy) for one in self._wordings],
            self.reader.family,
            prepared.index if prepared else None,
            weights,
            changed,
        )
        self._evidence = Evidence(
            [] if prepared else list(self._spoken()),
            self.reader.family,
            len(targets),
            prepared.evidence if prepared else None,
        )
        found = word_vectors() if isinstance(vectors, str) else vectors
        self._meaning = (
            Meaning(
                found,
                [Texts(one.asks, one.told) for one in targets],
                self._evidence.weight,
                prepared.meaning if prepared else None,
            )
            if found and targets
            else None
        )
        self.model = model().vectors if self._meaning else model().words
        known = before.profiled(self._names) if before else {}
        self._remembered = sum(len(one.wordings) for one in known.values())
        self._known: OrderedDict[int, _Known] = OrderedDict(
            (at, known[target]) for at, target in enumerate(targets) if target in known
        )

    def _terms(self, texts: Sequence[str], kept: str | None) -> list[tuple[str, ...]]:
        """The terms of texts: as they were kept, or worked out."""
        if kept is None:
            return [self.reader.terms(text) for text in texts]
        lines = kept.split("\n") if texts else []
        return [tuple(line.split("\t")) for _, line in zip(texts, lines, strict=True)]

    def _spoken(self) -> Iterable[Spoken]:
        """What each target asks, and says, as terms and meanings."""
        read = lexicon().read
        told = iter(self._told)
        for at, target in enumerate(self._targets):
            asks: set[str] = set()
            for one in self._by_target[at]:
                wording = self._wordings[one]
                if not wording.is_decoy and wording.premise is None:
                    asks.update(wording.terms, *read(wording.terms)[0])
            says: set[str] = set()
            for _ in target.told:
                terms = next(told)
                says.update(terms, *read(terms)[0])
            yield Spoken(asks, asks | says)

    def learnt(
        self, names: Mapping[str, str]
    ) -> dict[str, tuple[Texts_, Mapping[str, float]]]:
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

    def _trained(
        self, before: "Matcher"
    ) -> tuple[Mapping[int, Mapping[str, float]] | None, Iterable[int]]:
        """The weights of targets from before, by their position now; which changed."""
        learnt = before.learnt(self._names)
        weights: dict[int, Mapping[str, float]] = {}
        changed: set[int] = set()
        for at, target in enumerate(self._targets):
            texts, weights_then = learnt.get(target.id, ((), None))
            if weights_then is not None:
                weights[at] = weights_then
            if texts != tuple(_texts(target)):
                changed.add(at)
        return (weights if learnt else None), changed

    def profiled(self, names: Mapping[str, str]) -> dict[Target, _Known]:
        """The targets worked out so far; none where these names are others."""
        if names != self._names:
            return {}
        return {self._targets[at]: found for at, found in self._known.items()}

    def prepare(self) -> Prepared:
        """What it took long to work out, from which an equal matcher can be made."""
        return Prepared(
            terms="\n".join("\t".join(one.terms) for one in self._wordings),
            told="\n".join("\t".join(terms) for terms in self._told),
            index=self._index.pack(),
            evidence=self._evidence.pack(),
            meaning=self._meaning.pack() if self._meaning else None,
        )

    def weight(self, term: str) -> float:
        """What a term or a meaning weighs in a question: rarer is more; never 0."""
        return self._index.weight(term)

    def rank(self, text: str, limit: int = 20) -> Explanation:
        """The best targets for a question, best first; of equals the earlier one.

        A message may wrap its question in chatter: a part that may be the question is
        read alone, too, and counts where it is much surer of a target than the whole.
        """
        first, *others = segments(clean(text))
        whole = self.explain(first, limit)
        parts = (self.explain(part, limit) for part in others)
        surest = max(parts, key=lambda one: one.surest, default=whole)
        return surest if surest.surest > whole.surest + _SURER else whole

    def explain(self, text: str, limit: int = 20, judged: int = _JUDGED) -> Explanation:
        """The best targets for a clean text as it stands, best first.

        At least `judged` candidates are measured whole, where there are as many.
        """
        question = self._read(text)
        found = self._judged(question, judged)
        candidates = self._candidates(question, found)
        unknown = dict.fromkeys(
            term.term
            for term in question.asked.content
            if not self.reader.knows(term.term) and not term.meanings
        )
        return Explanation(
            question.reading,
            tuple(unknown),
            tuple(candidates[:limit]),
            question.signals,
            self._about_story(candidates, question),
        )

    def _about_story(
        self, candidates: Sequence[Candidate], question: _Question
    ) -> float:
        """The probability, 0-1, that a question is about the story at all."""
        first = next((one.signals for one in candidates if "lead" in one.signals), {})
        return self.model.is_about({**first, **question.signals})

    def _read(self, text: str) -> _Question:
        reading = self.reader.read(text)
        question = question_of(reading)
        content = content_of(question.part.terms)
        aside = [one for one in content_of(question.terms) if one not in content]
        coverage = self._evidence.cover(content, aside)
        has_anchor = any(term[0] in "@~" for term in reading.terms)
        speaks = not _MINE.isdisjoint(one.term for one in question.part.terms)
        return _Question(
            reading,
            question,
            self._index.search(reading.terms),
            coverage,
            Wanted((*content, *aside), coverage.weights, self.reader.family),
            self._meaning.read(text, reading.repaired) if self._meaning else None,
            {
                "anchor": float(has_anchor),
                "unknown": coverage.unknown,
                "foreign": float(min(len(reading.foreign), 2)),
                "foreign thing": self._foreign(question.part.terms),
                "you": float(speaks and not has_anchor),
            },
        )

    def _foreign(self, terms: Sequence[Term]) -> float:
        """The share of the things in a question that no target speaks of, 0-1."""
        found = [self._evidence.known(one) for one in dict.fromkeys(things(terms))]
        return sum(1 - known for known in found) / len(found) if found else 0.0

    def _judged(self, question: _Question, least: int) -> list[_Found]:
        """The candidates that are judged, best first."""
        found = [self._measured(question, at) for at in self._put_up(question)]
        for one in found:
            one.score = self._score(one.signals)
        found.sort(key=lambda one: (-one.score, one.target))
        kept: list[_Found] = []
        answering = 0
        for one in found:
            kept.append(one)
            answering += not self._targets[one.target].is_silent
            if len(kept) >= least and answering >= _ANSWERING:
                break
        for one in kept:
            self._judge(question, one)
            one.score = self._score(one.signals)
        kept.sort(key=lambda one: (-one.score, one.target))
        return kept

    def _score(self, signals: Mapping[str, float]) -> float:
        return self.model.rank(signals)

    def _put_up(self, question: _Question) -> list[int]:
        """The targets that may be meant, by any kind of evidence, in order."""
        ranked = [
            (question.hits.targets, _BY_WORDS),
            (question.coverage.all, _BY_EVIDENCE),
        ]
        if self._meaning and question.meaning:
            ranked.append((self._meaning.near(question.meaning), _BY_MEANING))
        found = {at for scores, most in ranked for at in _best(scores, most)}
        return sorted(at for at in found if self._targets[at].asks)

    def _measured(self, question: _Question, target: int) -> _Found:
        """A candidate with what is cheap to measure."""
        first, cosines = self._index.cosines(question.hits, target)
        own = cosines - self._behind[first : first + len(cosines)]
        # Of wordings as near, one that carries no wrong premise.
        nearest = np.argsort(-own, kind="stable")[: min(_COMPARED, self._own[target])]
        decoys = cosines[self._decoys[first : first + len(cosines)]]
        places = [first + at for at in nearest.tolist()]
        typed = " ".join(question.reading.terms)
        wording = min(1.0, float(cosines[nearest[0]]))
        signals = {
            "wording": wording,
            "target": float(question.hits.targets[target]),
            "letters": max([_letters(typed, self._typed[at]) for at in places]),
            "asked": float(question.coverage.asks[target]),
            "said": float(question.coverage.all[target]),
            "decoy": wording - (float(decoys.max()) if len(decoys) else 0.0),
            "many ways": max(0.0, log(self._own[target] / _FEW)),
        }
        if self._meaning and question.meaning:
            near = self._meaning.nearness(question.meaning, target)
            signals |= {
                "way": near.way,
                "ways": near.ways,
                "told": near.told,
                "words asked": near.words_asked,
                "words told": near.words_told,
            }
        plain = next(
            (at for at in places if self._wordings[at].premise is None),
            self._by_target[target][0],
        )
        return _Found(target, self._wordings[places[0]], plain, signals)

    def _judge(self, question: _Question, one: _Found) -> None:
        """Measure what takes longer: single sentences, and what speaks against it."""
        known = self._about(one.target)
        like = self._asked(one.nearest)
        if one.nearest.premise is not None and not carries(
            question.asked, like, known.profile
        ):
            one.nearest = self._wordings[one.plain]
            like = self._asked(one.nearest)
        covered = question.wanted.covered
        one.signals["sentence"] = max(map(covered, known.sentences), default=0.0)
        one.signals["nearest"] = covered(like.everything)
        compared = Compared(
            question.asked,
            question.reading.foreign,
            known.profile,
            like,
            self.reader.family,
        )
        one.fired = {
            name: firing
            for name, guard in GUARDS.items()
            if (firing := guard(compared)).strength
        }
        one.signals.update({name: fire.strength for name, fire in one.fired.items()})

    def _candidates(
        self, question: _Question, found: Sequence[_Found]
    ) -> list[Candidate]:
        """The judged with their confidence, surest first.

        The first answering target, and the first silent one, are as sure as the model
        says; one behind another is as much less sure as it is less likely.
        """
        groups = [
            [one for one in found if self._targets[one.target].is_silent == is_silent]
            for is_silent in (False, True)
        ]
        candidates: list[Candidate] = []
        for group, others in zip(groups, reversed(groups), strict=True):
            if not group:
                continue
            best = group[0]
            ranked = [
                [Ranked(one.score, one.signals) for one in some]
                for some in ([best], group[1:], others)
            ]
            best.signals |= leading(ranked[0][0], *ranked[1:]) | question.signals
            sure = self.model.confidence(best.signals)
            candidates += [
                self._candidate(question, one, sure * exp(one.score - best.score))
                for one in group
            ]
        candidates.sort(key=lambda one: (-one.confidence, -one.score))
        return candidates

    def _candidate(
        self, question: _Question, one: _Found, confidence: float
    ) -> Candidate:
        # A curator said of these very words that they do not ask this.
        is_refused = any(
            self._wordings[at].is_decoy
            and self._wordings[at].terms == question.reading.terms
            for at in self._by_target[one.target]
        )
        return Candidate(
            model=self.model,
            id=self._targets[one.target].id,
            score=one.score,
            confidence=0.0 if is_refused else confidence,
            signals=one.signals,
            fired=one.fired or {},
            nearest=one.nearest.text,
            premise=one.nearest.premise,
        )

    def _asked(self, wording: _Wording) -> Asked:
        known = self._about(wording.target).wordings.get(wording.text)
        return known or asked(fold(wording.text), wording.terms, lexicon())

    def _about(self, at: int) -> _Known:
        """What a target is about, worked out when it is first a candidate."""
        known = self._known.get(at)
        if known is None:
            target = self._targets[at]
            own = [self._wordings[place] for place in self._by_target[at]]
            wordings = {
                one.text: asked(fold(one.text), one.terms, lexicon())
                for one in own
                if not one.is_decoy and one.premise is None
            }
            claims = [
                asked(fold(one.text), one.terms, lexicon())
                for one in own
                if one.premise is not None
            ]
            parts = [part for text in target.told for part in told_parts(text)]
            told = [self.reader.understand(part) for part in parts]
            profile = profile_of(
                list(wordings.values()), told, target.gives, claims, parts
            )
            sentences = tuple(one.everything for one in told)
            known = self._known[at] = _Known(profile, sentences, wordings)
            self._remembered += len(wordings)
            while self._remembered > _REMEMBERED and len(self._known) > 1:
                _, old = self._known.popitem(last=False)
                self._remembered -= len(old.wordings)
        return known


def _best(scores: Floats, most: int) -> list[int]:
    """The positions of the highest scores above 0."""
    if len(scores) > most:
        places = np.argpartition(-scores, most - 1)[:most]
    else:
        places = np.arange(len(scores))
    return [at for at in places.tolist() if scores[at] > 0]


def content_of(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms that carry meaning, names among them, each once."""
    return tuple(
        dict.fromkeys(
            one for one in terms if not (one.light or one.term in QUESTION_WORDS)
        )
    )


def _texts(target: Target) -> Iterable[tuple[str, int | None, bool]]:
    yield from ((text, None, False) for text in target.asks)
    for premise, claims in enumerate(target.claims):
        yield from ((text, premise, False) for text in claims)
    yield from ((text, None, True) for text in target.decoys)


def _letters(question: str, wording: str) -> float:
    sort = fuzz.token_sort_ratio(question, wording)
    return (sort + fuzz.token_set_ratio(question, wording)) / 200
