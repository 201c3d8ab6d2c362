"""Fitted weights: what ranks candidates, how sure the first is, what is on topic.

The numbers are in a data file beside this module, which
`python -m tests.benchmarks.fit` writes: which data it was fitted on, when, and what it
gave stand in it. Linear models, read and evaluated in plain Python:

- a softmax over candidates ranks them (one where there are word vectors, one
  where there is a sentence model, one without);
- a logistic regression tells how sure the first of them answers the question;
- another tells whether a question is about the story at all;
- a third, whether two questions ask the same.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, fsum, log
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

FILE: Final = "weights.json"

Signals = Mapping[str, float]
"""Features by name, as `features` explains them; one that is missing is 0."""


class Linear(BaseModel):
    """A weighted sum of features, with a bias."""

    model_config = ConfigDict(frozen=True)

    bias: float = 0.0
    weights: dict[str, float]

    def __call__(self, signals: Signals) -> float:
        """The sum; a feature that it does not know counts for nothing."""
        get = self.weights.get
        # Exact, so that the order in which features were measured rounds nothing.
        return self.bias + fsum([get(name, 0.0) * one for name, one in signals.items()])


ALIKE: Final = Linear(bias=-14.0, weights={"nearest": 10.0, "letters": 8.0})
"""Whether two questions ask the same, where nothing was fitted."""


class Cut(NamedTuple):
    """A share of false answers, and the confidence that lets no more through."""

    share: float
    few: float
    many: float


class Variant(BaseModel):
    """The models for one kind of evidence: with vectors of a kind, or without.

    `cuts` tell, for a share of questions that nothing answers which get an answer, the
    confidence that lets as many through: on stories of few ways of asking (`few`, their
    mean for an entry), and on one of `many`; the share rises. `offer` is in the same
    way the likelihood of being about the story from which entries are offered, for a
    share of off-topic questions. All were measured on questions that were left out of
    the fit.
    """

    model_config = ConfigDict(frozen=True)

    ranker: Linear
    verifier: Linear
    about: Linear
    cuts: tuple[Cut, ...]
    few: float
    many: float
    offer: Cut

    def rank(self, signals: Signals) -> float:
        """How good a candidate is beside the others of its question: higher is better.

        Differences are log odds.
        """
        return self.ranker(signals)

    def confidence(self, signals: Signals) -> float:
        """The probability, 0-1, that the first candidate answers the question."""
        return probability(self.verifier(signals))

    def is_about(self, signals: Signals) -> float:
        """The probability, 0-1, that a question is about the story, by its first."""
        return probability(self.about(signals))

    def cut(self, false_answers: float, ways: float) -> float:
        """The confidence from which to answer, for a wanted share of false answers.

        `ways` is the mean number of ways of asking an entry: many of them read as
        certainty. Between what was measured, in proportion; beyond it, as at its end.
        """
        few = _between([(one.share, one.few) for one in self.cuts], false_answers)
        many = _between([(one.share, one.many) for one in self.cuts], false_answers)
        return self._at(ways, few, many)

    def offer_from(self, ways: float) -> float:
        """How likely a question must be about the story for entries to be offered.

        Of fewer ways than were measured it goes on as between few and many.
        """
        few, many = self.offer.few, self.offer.many
        more = log(max(ways, 1.0) / self.few) / log(self.many / self.few)
        return few + (many - few) * min(more, 1.0)

    def _at(self, ways: float, few: float, many: float) -> float:
        ends = [(log(self.few), few), (log(self.many), many)]
        return _between(ends, log(max(ways, 1.0)))

    @property
    def least(self) -> float:
        """The least share of false answers for which a cut was measured."""
        return self.cuts[0].share

    @property
    def most(self) -> float:
        """The greatest share of false answers for which a cut was measured."""
        return self.cuts[-1].share


class Model(BaseModel):
    """What `fit` writes. `made` says on what, when, and with what result.

    `sentences` is fitted where there is a sentence model to fit it with.
    """

    model_config = ConfigDict(frozen=True)

    made: dict[str, str | int | float | dict[str, float]]
    words: Variant
    vectors: Variant
    sentences: Variant | None = None
    same: Linear = ALIKE

    @property
    def measured(self) -> tuple[float, float]:
        """The least and the greatest share of false answers with a cut of its own.

        They hold with word vectors, and without.
        """
        both = (self.words, self.vectors)
        return max(one.least for one in both), min(one.most for one in both)

    def variant(self, kind: Literal["words", "vectors", "sentences"]) -> Variant:
        """The models for a kind of evidence; those of vectors, where there are none."""
        if kind == "sentences":
            return self.sentences or self.vectors
        return self.vectors if kind == "vectors" else self.words


@cache
def model() -> Model:
    """The model that comes with the bot."""
    file = Path(__file__).with_name(FILE)
    return Model.model_validate_json(file.read_bytes())


def _between(points: Sequence[tuple[float, float]], at: float) -> float:
    """The value at a place between points that rise; beyond them that of the end."""
    before = points[0]
    for point in points:
        if at <= point[0]:
            width = point[0] - before[0]
            share = (at - before[0]) / width if width > 0 else 1.0
            return before[1] + max(0.0, share) * (point[1] - before[1])
        before = point
    return before[1]


def probability(odds: float) -> float:
    """The probability, 0-1, of log odds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
