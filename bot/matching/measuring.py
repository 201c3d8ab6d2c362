"""Measuring a question, and each target that it may mean: the features, one by one."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from operator import sub
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz import fuzz

from bot.matching.candidate import Target
from bot.matching.evidence import Coverage, Evidence, Wanted
from bot.matching.grammar import QUESTION_WORDS, Term, things
from bot.matching.guards import Compared, Firing, Guard, Profile, guards_of
from bot.matching.index import Hits, Index
from bot.matching.meaning import AskedMeaning, Meaning
from bot.matching.packing import Floats
from bot.matching.premises import carries
from bot.matching.question import Asked, told_parts
from bot.matching.reader import Reader, Reading, question_of
from bot.matching.wordings import Wording, Wordings, letters_of

BY_WORDS: Final = 8
BY_EVIDENCE: Final = 4
BY_MEANING: Final = 4
"""Targets that each kind of evidence puts up, of which the best are judged. Of the
right ones of nine stories 99 of 100 are among them (November 2026)."""

COMPARED: Final = 4
"""Wordings of a target whose letters are compared: those nearest by their words."""

_FEW: Final = 10
_REMEMBERED: Final = 12_000  # wordings
_MINE: Final = frozenset("i me my mine myself you your ur yours yourself".split())


class Question(NamedTuple):
    """A question as read, and what the whole base says to it."""

    reading: Reading
    asked: Asked
    hits: Hits
    coverage: Coverage
    wanted: Wanted
    meaning: AskedMeaning | None
    near: Floats | None
    guards: Sequence[tuple[str, Guard]]
    signals: Mapping[str, float]


@dataclass(slots=True)
class Found:
    """A target as a candidate, so far: what was measured of it.

    `nearest` is its wording that is most like the question, `plain` one of the nearest
    that carries no wrong premise.
    """

    target: int
    nearest: Wording
    plain: Wording
    signals: dict[str, float]
    score: float = 0.0
    fired: Mapping[str, Firing] = field(default_factory=dict[str, Firing])


@dataclass(frozen=True, slots=True)
class Known:
    """What a target is about; the terms and meanings of each of its sentences.

    `size` is how many wordings it has.
    """

    profile: Profile
    sentences: tuple[frozenset[str], ...]
    size: int
    _read: dict[str, Asked] = field(default_factory=dict[str, Asked], compare=False)

    def read(self, wording: Wording) -> Asked:
        """What one of its wordings asks."""
        found = self._read.get(wording.text)
        if found is None:
            found = self._read[wording.text] = wording.read()
        return found


class Measurer:
    """Measures questions against the targets of one base.

    `known` is what was worked out of targets before, by their position.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a base is made of
        self,
        targets: Sequence[Target],
        wordings: Wordings,
        reader: Reader,
        index: Index,
        evidence: Evidence,
        meaning: Meaning | None,
        known: Mapping[int, Known],
    ) -> None:
        self._targets = targets
        self._wordings = wordings
        self._reader = reader
        self._index = index
        self._evidence = evidence
        self._meaning = meaning
        self.known: OrderedDict[int, Known] = OrderedDict(known)
        self._remembered = sum(one.size for one in known.values())

    def read(self, text: str) -> Question:
        """A clean text as a question, with the features of `QUESTION`."""
        reading = self._reader.read(text)
        question = question_of(reading)
        content = content_of(question.part.terms)
        aside = [one for one in content_of(question.terms) if one not in content]
        coverage = self._evidence.cover(content, aside)
        has_anchor = any(term[0] in "@~" for term in reading.terms)
        speaks = not _MINE.isdisjoint(one.term for one in question.part.terms)
        repaired = reading.repaired
        meaning = self._meaning.read(text, repaired) if self._meaning else None
        return Question(
            reading,
            question,
            self._index.search(reading.terms),
            coverage,
            Wanted((*content, *aside), coverage.weights, self._reader.family),
            meaning,
            self._meaning.near(meaning) if self._meaning and meaning else None,
            guards_of(question),
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

    def put_up(self, question: Question) -> list[int]:
        """The targets that may be meant, by any kind of evidence, in order."""
        ranked = [
            (question.hits.targets, BY_WORDS),
            (question.coverage.all, BY_EVIDENCE),
        ]
        if question.near is not None:
            ranked.append((question.near, BY_MEANING))
        found = {at for scores, most in ranked for at in _best(scores, most)}
        return sorted(at for at in found if self._targets[at].asks)

    def measured(self, question: Question, targets: Sequence[int]) -> list[Found]:
        """Targets, in order, with the features that are quickly measured."""
        places = list(targets)
        typed = letters_of(question.reading.terms)
        near = question.near
        return [
            self._measured(at, typed, *scores)
            for at, *scores in zip(
                places,
                self._index.cosines(question.hits, places),
                question.hits.targets[places].tolist(),
                question.coverage.asks[places].tolist(),
                question.coverage.all[places].tolist(),
                [None] * len(places) if near is None else near[places].tolist(),
                strict=True,
            )
        ]

    def _measured(  # noqa: PLR0913, PLR0917 - a target's scores, one by one
        self,
        target: int,
        typed: str,
        cosines: Sequence[float],
        score: float,
        asked: float,
        said: float,
        near: float | None,
    ) -> Found:
        own, of = self._wordings.own(target), self._wordings.of[target]
        # Of wordings as near, one that carries no wrong premise.
        far = list(map(sub, self._wordings.behind[target], cosines))
        order = sorted(range(len(far)), key=far.__getitem__)[: min(COMPARED, own)]
        written = self._wordings.letters[target]
        # Decoys stand last.
        decoy = max(cosines[own:], default=0.0)
        wording = min(1.0, cosines[order[0]])
        signals = {
            "wording": wording,
            "target": score,
            "letters": max([letters(typed, written[at]) for at in order]),
            "asked": asked,
            "said": said,
            "decoy": wording - decoy,
            "many ways": max(0.0, log(own / _FEW)),
        }
        if near is not None:
            # Of all that are put up, as a whole; of those that are judged, one by one.
            signals |= {"way": near, "ways": near, "told": near}
        plain = next((of[at] for at in order if of[at].premise is None), of[0])
        return Found(target, of[order[0]], plain, signals)

    def judge(self, question: Question, one: Found) -> None:
        """Measure what takes longer: single sentences, and what speaks against it."""
        known = self._about(one.target)
        like = known.read(one.nearest)
        if one.nearest.premise is not None and not carries(
            question.asked, like, known.profile
        ):
            one.nearest = one.plain
            like = known.read(one.nearest)
        if self._meaning and question.meaning:
            near = self._meaning.nearness(question.meaning, one.target)
            one.signals |= {
                "way": near.way,
                "ways": near.ways,
                "told": near.told,
                "words asked": near.words_asked,
                "words told": near.words_told,
            }
        covered = question.wanted.covered
        one.signals["sentence"] = max(map(covered, known.sentences), default=0.0)
        one.signals["nearest"] = covered(like.everything)
        compared = Compared(
            question.asked,
            question.reading.foreign,
            known.profile,
            like,
            self._reader.family,
        )
        one.fired = {
            name: firing
            for name, guard in question.guards
            if (firing := guard(compared)).strength
        }
        one.signals.update({name: fire.strength for name, fire in one.fired.items()})

    def _about(self, at: int) -> Known:
        """What a target is about, worked out when it is first a candidate."""
        known = self.known.get(at)
        if known is None:
            known = self.known[at] = self._read_target(at)
            self._remembered += known.size
            while self._remembered > _REMEMBERED and len(self.known) > 1:
                _, old = self.known.popitem(last=False)
                self._remembered -= old.size
        return known

    def _read_target(self, at: int) -> Known:
        target, own = self._targets[at], self._wordings.of[at]
        asks = [one.read() for one in own if not one.is_decoy and one.premise is None]
        claims = [one.read() for one in own if one.premise is not None]
        parts = [part for text in target.told for part in told_parts(text)]
        told = [self._reader.understand(part) for part in parts]
        profile = Profile(asks, told, target.gives, claims, parts)
        return Known(profile, tuple(one.everything for one in told), len(own))


def content_of(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms that carry meaning, names among them, each once."""
    return tuple(
        dict.fromkeys(
            one for one in terms if not (one.light or one.term in QUESTION_WORDS)
        )
    )


def _best(scores: Floats, most: int) -> list[int]:
    """The positions of the highest scores above 0."""
    if len(scores) > most:
        places = np.argpartition(-scores, most - 1)[:most]
    else:
        places = np.arange(len(scores))
    return [at for at in places.tolist() if scores[at] > 0]


def letters(question: str, wording: str) -> float:
    """How alike two texts are by their letters, 0-1, whatever the order of words.

    The words of both are in the order of the alphabet.
    """
    set_ratio = fuzz.token_set_ratio(question, wording)
    return (fuzz.ratio(question, wording) + set_ratio) / 200
