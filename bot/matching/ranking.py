"""One pipeline: a question → its candidates, each with all that was measured of it.

Read the question; find what may be meant, by words, by what answers say and by meaning;
measure each of those; rank them; tell how sure the first one is. A target is whatever a
question can lead to; here nothing knows what it is.
"""

from collections.abc import Mapping, Sequence
from math import exp
from typing import Final

from pydantic import BaseModel

from bot.matching.candidate import Candidate, Explanation, Target
from bot.matching.evidence import Evidence, PackedEvidence
from bot.matching.features import Ranked, leading, with_density
from bot.matching.index import Index, Packed, Posted
from bot.matching.meaning import Meaning, PackedMeaning, Texts
from bot.matching.measuring import Found, Known, Measurer, Question
from bot.matching.question import segments
from bot.matching.reader import Reader
from bot.matching.text import clean
from bot.matching.vectors import INSTALLED, Installed, Vectors, word_vectors
from bot.matching.weights import model
from bot.matching.wordings import Typed, Wordings, changed, typed

JUDGED: Final = 5
"""Candidates that are measured whole."""

ANSWERING: Final = 5
"""How many of them, at least, have an answer, where there are as many."""

SURER: Final = 0.45
"""How much surer than the whole message a part of it must be, to be what is asked."""


class Prepared(BaseModel):
    """A matcher's work, as text: terms of its wordings and sentences, and arrays."""

    terms: tuple[str, str]
    index: Packed
    evidence: PackedEvidence
    meaning: PackedMeaning | None


class Matcher:
    """Ranks targets for questions. Built once for a revision; never changes.

    `names` are phrases and the term each stands for (an entity, a meaning). With
    `before`, a matcher of nearly the same targets and names, it is built in a fraction
    of the time, and nearly as it would be without. `vectors` are of texts or words,
    None for none; those of words that are installed, if not given.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        names: Mapping[str, str] | None = None,
        prepared: Prepared | None = None,
        before: "Matcher | None" = None,
        *,
        vectors: Vectors | Installed | None = INSTALLED,
    ) -> None:
        self._names = names or {}
        self._targets = targets
        self._silent = {one.id for one in targets if one.is_silent}
        self.reader = Reader(self._names)
        terms = prepared.terms if prepared else None
        is_like = before is not None and before.reads_like(self._names)
        like = before if is_like else None
        read = like.read() if like else None
        self._wordings = Wordings(targets, self.reader, terms, read)
        _teach(self.reader, self._wordings)
        self._index = self._indexed(prepared.index if prepared else None, like)
        self._evidence = Evidence(
            [] if prepared else list(self._wordings.spoken()),
            self.reader.family,
            len(targets),
            prepared.evidence if prepared else None,
        )
        self._meaning = self._meant(
            vectors, prepared.meaning if prepared else None, before
        )
        self.model = model().variant(self._meaning.fitted if self._meaning else "words")
        known = like.known() if like else {}
        self._measurer = Measurer(
            targets,
            self._wordings,
            self.reader,
            self._index,
            self._evidence,
            self._meaning,
            {at: known[target] for at, target in enumerate(targets) if target in known},
        )

    @property
    def kind(self) -> str:
        """What makes the vectors that it finds meaning by."""
        return self._meaning.kind if self._meaning else "none"

    def _indexed(self, kept: Packed | None, before: "Matcher | None") -> Index:
        """The index of its wordings: as it was kept, or trained, on that of before."""
        learnt = before.learnt() if before else None
        weights, others = changed(self._targets, learnt) if learnt else (None, ())
        posted = [
            Posted(one.target, one.terms, one.is_decoy) for one in self._wordings.all
        ]
        return Index(posted, self.reader.family, kept, weights, others)

    def _meant(
        self,
        vectors: Vectors | Installed | None,
        kept: PackedMeaning | None,
        before: "Matcher | None",
    ) -> Meaning | None:
        used = word_vectors() if isinstance(vectors, str) else vectors
        if used is None or not self._targets:
            return None
        texts = [Texts(one.asks, one.told) for one in self._targets]
        meant = before.meaning if before else None
        return Meaning(used, texts, self._evidence.weight, kept, meant)

    def reads_like(self, names: Mapping[str, str]) -> bool:
        """Whether every text reads as it would with these names."""
        return names == self._names

    def read(self) -> dict[str, tuple[str, ...]]:
        """The terms of every text of its targets."""
        return self._wordings.read()

    def learnt(
        self,
    ) -> dict[str, tuple[tuple[Typed, ...], Mapping[str, float]]] | None:
        """The wordings of each target, by its id, and the weights they have led to.

        None where nothing was learnt, as in a large base.
        """
        if not self._index.is_trained:
            return None
        trained = self._index.trained()
        return {
            one.id: (tuple(typed(one)), trained.get(at, {}))
            for at, one in enumerate(self._targets)
        }

    def known(self) -> dict[Target, Known]:
        """The targets worked out so far."""
        return {self._targets[at]: one for at, one in self._measurer.known.items()}

    def prepare(self) -> Prepared:
        """What it took long to work out, from which an equal matcher can be made."""
        return Prepared(
            terms=self._wordings.pack(),
            index=self._index.pack(),
            evidence=self._evidence.pack(),
            meaning=self._meaning.pack() if self._meaning else None,
        )

    @property
    def meaning(self) -> Meaning | None:
        """Where its targets lie; None where it finds nothing by meaning."""
        return self._meaning

    @property
    def evidence(self) -> Evidence:
        """What its targets speak of, and what a word weighs."""
        return self._evidence

    def rank(self, text: str, limit: int = 20) -> Explanation:
        """The best targets for a question, best first; of equals the earlier one.

        A message may wrap its question in chatter: a part that may be the question is
        read alone, too, and counts where it is much surer of a target than the whole.
        """
        first, *others = segments(clean(text))
        whole = self.explain(first, limit)
        if whole.surest + SURER >= 1:
            return whole
        parts = (self.explain(part, limit) for part in others)
        surest = max(parts, key=lambda one: one.surest, default=whole)
        return surest if surest.surest > whole.surest + SURER else whole

    def explain(self, text: str, limit: int = 20, judged: int = JUDGED) -> Explanation:
        """The best targets for a clean text as it stands, best first.

        At least `judged` candidates are measured whole, where there are as many.
        """
        question = self._measurer.read(text)
        candidates = self._candidates(question, self._judged(question, judged))
        unknown = dict.fromkeys(
            term.term
            for term in question.asked.content
            if not self.reader.knows(term.term) and not term.meanings
        )
        nothing: Mapping[str, float] = {}
        first = next(
            (one.signals for one in candidates if one.id not in self._silent), nothing
        )
        return Explanation(
            question.reading,
            tuple(unknown),
            tuple(candidates[:limit]),
            question.signals,
            self.model.is_about({**first, **question.signals}),
        )

    def _judged(self, question: Question, least: int) -> list[Found]:
        """The candidates that are judged, best first."""
        measurer = self._measurer
        found = measurer.measured(question, measurer.put_up(question))
        for one in found:
            one.score = self.model.rank(one.signals)
        found.sort(key=lambda one: (-one.score, one.target))
        kept: list[Found] = []
        answering = 0
        for one in found:
            kept.append(one)
            answering += not self._targets[one.target].is_silent
            if len(kept) >= least and answering >= ANSWERING:
                break
        for one in kept:
            measurer.judge(question, one)
            one.score = self.model.rank(one.signals)
        kept.sort(key=lambda one: (-one.score, one.target))
        return kept

    def _candidates(
        self, question: Question, found: Sequence[Found]
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
            ranked, rivals = (
                [Ranked(one.score, one.signals) for one in some]
                for some in (group, others)
            )
            best.signals |= leading(ranked[0], ranked[1:], rivals)
            best.signals = with_density({**best.signals, **question.signals})
            sure = self.model.confidence(best.signals)
            candidates += [
                self._candidate(question, one, sure * exp(one.score - best.score))
                for one in group
            ]
        candidates.sort(key=lambda one: (-one.confidence, -one.score))
        return candidates

    def _candidate(
        self, question: Question, one: Found, confidence: float
    ) -> Candidate:
        is_refused = self._wordings.refuses(one.target, question.reading.terms)
        return Candidate(
            id=self._targets[one.target].id,
            score=one.score,
            confidence=0.0 if is_refused else confidence,
            signals=one.signals,
            fired=one.fired,
            nearest=one.nearest.text,
            premise=one.nearest.premise,
            model=self.model,
        )


def _teach(reader: Reader, wordings: Wordings) -> None:
    """Let a reader know the words that people ask with, and those of the answers."""
    asked = (one.terms for one in wordings.all if not one.is_decoy)
    reader.learn(
        [term for terms in asked for term in terms],
        [term for terms in wordings.told for term in terms],
    )
