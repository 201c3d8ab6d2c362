"""What a question can lead to, and what speaks for and against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.matching.calibration import confidence
from bot.matching.guards import Firing
from bot.matching.reader import Reading


@dataclass(frozen=True, slots=True)
class Target:
    """What a question can lead to: its id, and the wordings that ask it.

    `claims` are wordings that carry a wrong premise, a group for each premise.
    `decoys` look alike but do not ask it. `told` is what it says, `gives` the kinds of
    answer beyond those its wordings ask for. `is_silent` where it competes for
    questions but has no answer to them.
    """

    id: str
    asks: tuple[str, ...]
    claims: tuple[tuple[str, ...], ...] = ()
    decoys: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    is_silent: bool = False


class Parts(NamedTuple):
    """What speaks for a candidate; each 0-1 but where said.

    `wording`: cosine with the nearest wording; `target`: trained score for all of them;
    `letters`: rapidfuzz's likeness to the nearest; `margin`: lead over the best other
    target (-1 to 1).
    """

    wording: float
    target: float
    letters: float
    margin: float


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

    @property
    def surest(self) -> float:
        """The highest confidence of a candidate; 0 where there is none."""
        return max((one.confidence for one in self.candidates), default=0.0)
