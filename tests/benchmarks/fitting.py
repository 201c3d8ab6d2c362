"""Fitting linear models to questions that were measured: plain numbers, no policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.matching import weights as models
from bot.matching.features import (
    BY_DENSITY,
    CANDIDATE,
    DENSE,
    LEADING,
    QUESTION,
    Ranked,
    leading,
    with_density,
)
from bot.matching.ranking import Matcher
from bot.matching.text import clean
from bot.matching.vectors import Vectors
from tests.benchmarks.labelled import Base, Labelled

Array = NDArray[np.float64]

MEASURED: Final = {"decoy", "many ways"}
"""Features of the first candidate that are measured of every one."""

EVERY: Final = 99
"""Candidates that are measured whole: all that are put up."""

RANKER_PENALTY: Final = 0.05
VERIFIER_PENALTY: Final = 0.01
ABOUT_PENALTY: Final = 0.03
LEAST_SPREAD: Final = 1e-3

DIGITS: Final = 5
"""Digits of a weight that are kept: what comes after them is chance."""

LEAST: Final = 1e-9
"""The least weight that is one; smaller ones are the rounding of a search's end."""

BAD: Final = {"unknown", "foreign", "foreign thing", "you", "many ways"}
GOOD: Final = {"wording", "target", "letters", "asked", "said", "sentence", "nearest"}


class Row(NamedTuple):
    """A question with its candidates' features, entries first, best score unknown."""

    story: str
    kind: str
    question: Labelled
    weight: float
    signals: Mapping[str, float]
    entries: tuple[tuple[str, Mapping[str, float]], ...]
    unknowns: tuple[tuple[str, Mapping[str, float]], ...]


def rows_of(story: Base, weight: float, vectors: Vectors | None) -> list[Row]:
    """Every labelled question of a story, measured."""
    matcher = Matcher(story.targets, story.names, vectors=vectors)
    silent = {one.id for one in story.targets if one.is_silent}
    found: list[Row] = []
    for kind, asked in story.questions.items():
        for question in asked:
            explained = matcher.explain(clean(question.q), EVERY, EVERY)
            sides = [
                tuple(
                    (
                        one.id,
                        {
                            k: v
                            for k, v in one.signals.items()
                            if k in CANDIDATE or k in MEASURED
                        },
                    )
                    for one in sorted(explained.candidates, key=lambda one: one.id)
                    if (one.id in silent) == is_silent
                )
                for is_silent in (False, True)
            ]
            found.append(
                Row(story.name, kind, question, weight, explained.signals, *sides)
            )
    return found


def softmax(
    rows: Sequence[Row], names: Sequence[str], penalty: float
) -> dict[str, float]:
    """The weights of the ranker: features that put a right entry before the others."""
    data: list[tuple[Array, NDArray[np.bool_], float]] = []
    for row in rows:
        right = np.array([one in row.question.right for one, _ in row.entries])
        if row.kind == "in_scope" and right.any() and not right.all():
            data.append((matrix([s for _, s in row.entries], names), right, row.weight))
    scale = spread(np.concatenate([one for one, _, _ in data]))
    total = sum(weight for _, _, weight in data)

    def loss(at: Array) -> tuple[float, Array]:
        cost, slope = 0.0, np.zeros(len(names))
        for features, right, weight in data:
            scaled = features / scale
            odds = scaled @ at
            odds = np.exp(odds - odds.max())
            share = odds / odds.sum()
            hit = share[right].sum()
            cost -= weight * np.log(hit)
            slope -= weight * (scaled.T @ (share * right / hit - share))
        return (
            cost / total + penalty / 2 * float(at @ at),
            slope / total + penalty * at,
        )

    bounds = [bound(name) for name in names]
    start = np.zeros(len(names))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return dict(zip(names, (found.x / scale).tolist(), strict=True))


def logistic(  # noqa: PLR0913, PLR0917 - the data, and how to fit
    features: Array,
    right: Array,
    weights: Array,
    names: Sequence[str],
    penalty: float,
    bounds: Sequence[tuple[float | None, float | None]] | None = None,
) -> models.Linear:
    """A logistic regression with a penalty on scaled weights, and signs if given."""
    mean, scale = features.mean(axis=0), spread(features)
    scaled = (features - mean) / scale
    total = weights.sum()

    def loss(at: Array) -> tuple[float, Array]:
        odds = scaled @ at[1:] + at[0]
        cost = float((weights * (np.logaddexp(0, odds) - right * odds)).sum())
        miss = weights * (1 / (1 + np.exp(-odds)) - right)
        slope = np.concatenate([[miss.sum()], scaled.T @ miss]) / total
        slope[1:] += penalty * at[1:]
        return cost / total + penalty / 2 * float(at[1:] @ at[1:]), slope

    start = np.zeros(len(names) + 1)
    free: list[tuple[float | None, float | None]] = [(None, None)]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=free + list(bounds or [(None, None)] * len(names)),
    )
    slopes = found.x[1:] / scale
    bias = float(found.x[0] - slopes @ mean)
    return models.Linear(
        bias=bias, weights=dict(zip(names, slopes.tolist(), strict=True))
    )


def spread(features: Array) -> Array:
    """How far each feature varies; endless where it hardly does: it is not used."""
    found: Array = features.std(axis=0)
    return np.where(found > LEAST_SPREAD, found, np.inf)


def bound(name: str) -> tuple[float | None, float | None]:
    """Between what a weight may be: what speaks for it is for, what against against."""
    if name.endswith(DENSE):
        against = bound(name.removesuffix(DENSE))[1] == 0.0
        return (None, 0.0 if against else None)
    feature = CANDIDATE.get(name) or LEADING.get(name) or QUESTION[name]
    if feature.group == "guards" or name in BAD:
        return (None, 0.0)
    if feature.group in {"lead", "question"} or name in GOOD:
        return (0.0, None)
    return (None, None)


def matrix(signals: Sequence[Mapping[str, float]], names: Sequence[str]) -> Array:
    """Features as rows, in the order of the names."""
    return np.array([[one.get(name, 0.0) for name in names] for one in signals])


class First(NamedTuple):
    """The first entry of a question, with the features that tell how sure it is."""

    row: Row
    id: str
    three: tuple[str, ...]
    signals: Mapping[str, float]

    @property
    def is_right(self) -> bool:
        """Whether it answers the question."""
        return self.id in self.row.question.right


def first_of(row: Row, ranker: models.Linear) -> First | None:
    """The first entry, by these weights; None where no entry shares anything."""
    entries, unknowns = (
        sorted(
            [(Ranked(ranker(s), s), name) for name, s in side],
            key=lambda one: (-one[0].score, one[1]),
        )
        for side in (row.entries, row.unknowns)
    )
    if not entries:
        return None
    ranked = [one for one, _ in entries]
    led = leading(ranked[0], ranked[1:], [one for one, _ in unknowns])
    return First(
        row,
        entries[0][1],
        tuple(name for _, name in entries[:3]),
        with_density({**ranked[0].signals, **led, **row.signals}),
    )


@dataclass(frozen=True)
class Names:
    """The features of each model, less those that are left out."""

    ranker: tuple[str, ...]
    verifier: tuple[str, ...]
    about: tuple[str, ...]


def names_for(without: str, *, vectors: bool) -> Names:
    """All features, less those of a group; without vectors, less meaning."""
    candidate = [
        name
        for name, one in CANDIDATE.items()
        if one.group != without and (vectors or one.group != "meaning")
    ]
    others = {**LEADING, **QUESTION}
    more = [name for name, one in others.items() if one.group != without]
    dense = [] if without == "density" else list(BY_DENSITY)
    lexical = [name for name in candidate if CANDIDATE[name].group != "meaning"]
    return Names(tuple(candidate), (*lexical, *more, *dense), (*candidate, *more))


@dataclass(frozen=True)
class Fitted:
    """Three models that were fitted on some rows."""

    ranker: models.Linear
    verifier: models.Linear
    about: models.Linear


def fit(rows: Sequence[Row], names: Names) -> Fitted:
    """Fit all three on rows; swaps teach only what misleads."""
    ranker = models.Linear(weights=softmax(rows, names.ranker, RANKER_PENALTY))
    firsts = [one for row in rows if (one := first_of(row, ranker))]
    verifier = logistic(
        matrix([one.signals for one in firsts], names.verifier),
        np.array([float(one.is_right) for one in firsts]),
        np.array([one.row.weight for one in firsts]),
        names.verifier,
        VERIFIER_PENALTY,
        [bound(name) for name in names.verifier],
    )
    asked = [one for one in firsts if one.row.kind != "swaps"]
    about = logistic(
        matrix([one.signals for one in asked], names.about),
        np.array([float(one.row.kind != "off_topic") for one in asked]),
        np.array([one.row.weight for one in asked]),
        names.about,
        ABOUT_PENALTY,
    )
    return Fitted(ranker, verifier, about)


def rounded(one: models.Linear) -> models.Linear:
    """The same model, to the digits that mean something.

    A weight at its bound of 0 is 0: how near the search comes to it is chance.
    """
    kept = {
        name: short(weight) if abs(weight) >= LEAST else 0.0
        for name, weight in one.weights.items()
    }
    return models.Linear(bias=short(one.bias), weights=kept)


def short(number: float) -> float:
    """A number to a few digits."""
    return float(f"{number:.{DIGITS}g}")


def above(number: float) -> float:
    """The next number of a few digits above one, for a bar that it must not pass."""
    return short(number + 10.0**-DIGITS)
