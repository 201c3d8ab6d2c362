"""From what speaks for and against a candidate to a probability that it answers."""

from collections.abc import Mapping
from math import exp
from typing import Final

BIAS: Final = -3.17

WEIGHTS: Final[Mapping[str, float]] = {
    "target": 4.04,
    "letters": 2.0,
    "margin": 6.32,
    "other names": -2.63,
    "foreign names": -2.67,
    "unexplained part": -1.3,
    "unexplained focus": -1.05,
    "other kind": -0.77,
    "other measure": -1.97,
    "modality": -0.2,
    "other order": -0.5,
    "other subject": -0.3,
    "about you": -1.5,
    "too little": -2.5,
}
"""A logistic model with the sign of each weight given, fitted in November 2026 on 855
labelled questions about the Balenciaga story (covered, near-topic, off-topic) that are
no part of its wordings, most of them in `tests/benchmarks/questions`. Letters were held
at 2: they say little about that story, but rank better where wordings are few. Guards
that have no weight (figures, negation, roles) tell that an entry is right but the
question wrong: whoever answers must set that right. In four-fold cross-validation the
calibration error of the first entry was 3.4 points, and from 0.75 on 65 % of covered
questions were answered right, 1.4 % wrong, and 1.9 % of near-topic ones got an answer.
"""


def confidence(signals: Mapping[str, float]) -> float:
    """The probability, 0-1, that a candidate with these signals answers the question.

    A signal that the model does not know counts for nothing.
    """
    total = BIAS + sum(
        WEIGHTS.get(name, 0.0) * strength for name, strength in signals.items()
    )
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
