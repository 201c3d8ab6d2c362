"""What a question can lead to, and what speaks for and against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.matching.guards import Firing
from bot.matching.reader import Reading
from bot.matching.weights import Variant


@dataclass(frozen=True, slots=True)
class Target:
    """What a question can lead to: its id, and the wordings that ask it.

    `claims` are wordings that carry a wrong premise, a group for each premise.
    `decoys` look alike but do not ask it. `says` are the sentences of its answer, and
    `facts` what these rest on. `gives` are the kinds of answer beyond those that its
    wordings ask for. `is_silent` where it competes for questions but has no answer to
    them.
    """

    id: str
    asks: tuple[str, ...]
    claims: tuple[tuple[str, ...], ...] = ()
    decoys: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    is_silent: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """All that it says: its answer, then the facts."""
        return (*self.says, *self.facts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target for a question. `confidence` is the probability that it answers it.

    `score` ranks it among the candidates of its question; differences are log odds.
    `signals` are its features by name, as `features` explains them. `nearest` is the
    wording that is most like the question; `premise` is the position of the wrong
    premise whose claim that wording is, else None. `fired` are the guards that speak
    against it.
    """

    id: str
    score: float
    confidence: float
    signals: Mapping[str, float]
    fired: Mapping[str, Firing]
    nearest: str
    premise: int | None
    model: Variant = field(repr=False, compare=False)

    def without(self, guard: str) -> float:
        """The confidence, 0-1, that it would have if that guard had not fired."""
        # Exactly 0 is what a curator's refusal gives: no guard brings that about.
        if guard not in self.fired or not self.confidence:
            return self.confidence
        sure, without = (
            self.model.confidence(signals)
            for signals in (self.signals, {**self.signals, guard: 0.0})
        )
        return min(1.0, self.confidence * without / sure)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question led where it led: how it was read, and the best candidates.

    `unknown` are words that nothing of the base has, nor the lexicon. `signals` are the
    question's own features, and `about` the probability, 0-1, that it is about the
    story.
    """

    reading: Reading
    unknown: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    signals: Mapping[str, float]
    about: float

    @property
    def surest(self) -> float:
        """The highest confidence of a candidate; 0 where there is none."""
        return max((one.confidence for one in self.candidates), default=0.0)
