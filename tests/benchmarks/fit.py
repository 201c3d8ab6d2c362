"""Fit the weights of the matcher's model, and tell how good they are.

    python -m tests.benchmarks.fit [--dry] [--without GROUP] [--sentences FOLDER]

reads the stories and their labelled questions (`labelled.py`), measures every candidate
of every question, fits, and writes `bot/matching/weights.json`. The same data give the
same file. Printed is what each story gets from weights that were fitted on the others.

With `--sentences`, only the models for a sentence model are fitted, with the one in
that folder, and the others stay as they are; without it, those for one stay.

Half of the questions of each story, chosen by a hash of their text, are frozen: they
are never fitted on, and what is printed for them nobody tunes on.
"""

import argparse
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.answering.policy import ON_TOPIC, VETOES
from bot.matching import model as models
from bot.matching.features import CANDIDATE, LEADING, QUESTION, Ranked, leading
from bot.matching.ranking import Matcher
from bot.matching.text import clean
from bot.matching.vectors import Vectors, word_vectors
from bot.operating.meaning_model import Unusable, read
from tests.benchmarks.labelled import Base, Labelled, base, folders, lines_of, thinned

Array = NDArray[np.float64]
FILE: Final = Path(models.__file__).with_name(models.FILE)
MEASURED: Final = {"decoy", "many ways"}
"""Features of the first candidate that are measured of every one."""

EVERY: Final = 99
"""Candidates that are measured whole: all that are put up."""

RANKER_PENALTY: Final = 0.05
VERIFIER_PENALTY: Final = 0.01
ABOUT_PENALTY: Final = 0.03

LEAST_SPREAD: Final = 1e-3

BAD: Final = {"unknown", "foreign", "foreign thing", "you", "many ways"}
GOOD: Final = {"wording", "target", "letters", "asked", "said", "sentence", "nearest"}
WEIGHTS: Final = {"bundled": 0.5} | dict.fromkeys(
    ("breach", "bridge", "club", "lab", "recall", "singer"), 0.4
)
"""What a story's questions count in the fit; 1 where it is not said. The bundled one is
far denser than others are; those of some were asked in as unlike words as can be."""

FEW: Final = 6
"""Ways of asking that the dense story is thinned to, beside the whole of it."""

RATES: Final = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)
BOTHERED: Final = 0.1
"""What share of off-topic questions may be offered something."""

OFF_TOPIC: Final = 0.2
"""What share of the false answers to near-topic questions off-topic ones may get."""


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


def logistic(
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
    """How far each feature varies; endless where it hardly does, so that it is unused."""
    found: Array = features.std(axis=0)
    return np.where(found > LEAST_SPREAD, found, np.inf)


def bound(name: str) -> tuple[float | None, float | None]:
    """The sign that a feature may have: what speaks for is for, what against against."""
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
        {**ranked[0].signals, **led, **row.signals},
    )


@dataclass(frozen=True)
class Names:
    """The features of each model, less those that are left out."""

    ranker: tuple[str, ...]
    verifier: tuple[str, ...]
    about: tuple[str, ...]


def names_for(without: str, vectors: bool) -> Names:
    """All features, less those of a group; without vectors, less meaning."""
    candidate = [
        name
        for name, one in CANDIDATE.items()
        if one.group != without and (vectors or one.group != "meaning")
    ]
    others = {**LEADING, **QUESTION}
    more = [name for name, one in others.items() if one.group != without]
    lexical = [name for name in candidate if CANDIDATE[name].group != "meaning"]
    return Names(tuple(candidate), (*lexical, *more), (*candidate, *more))


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


class Judged(NamedTuple):
    """A question's first entry, and how sure a model that never saw its story is."""

    first: First
    confidence: float
    about: float


def judged(rows: Iterable[Row], fitted: Fitted) -> list[Judged]:
    """What a fitted model makes of rows."""
    found: list[Judged] = []
    for row in rows:
        first = first_of(row, fitted.ranker)
        if first is not None:
            sure, about = (
                1 / (1 + np.exp(-one(signals)))
                for one, signals in (
                    (fitted.verifier, first.signals),
                    (fitted.about, first.signals),
                )
            )
            found.append(Judged(first, float(sure), float(about)))
    return found


def sure(one: Judged) -> float:
    """How sure an answer is, by the policy: 0 where there would be none."""
    is_vetoed = any(one.first.signals.get(name) for name in VETOES)
    return 0.0 if is_vetoed or one.about < ON_TOPIC else one.confidence


def cut_for(rate: float, found: Sequence[Judged]) -> float:
    """The least confidence that lets no more than these false answers through."""
    bars: list[float] = []
    for kind, allowed in (("near_topic", rate), ("off_topic", rate * OFF_TOPIC)):
        asked = [one for one in found if one.first.row.kind == kind]
        wrong = [(0.0 if one.first.is_right else sure(one), one) for one in asked]
        bars.append(bar(wrong, allowed))
    return max(bars)


def offer_for(found: Sequence[Judged]) -> float:
    """The likelihood of being about a story that lets few through that are not."""
    off = [one for one in found if one.first.row.kind == "off_topic"]
    return bar([(one.about, one) for one in off], BOTHERED)


def bar(found: Sequence[tuple[float, Judged]], allowed: float) -> float:
    """The value that at most this share of all, by weight, is above."""
    left = allowed * sum(one.first.row.weight for _, one in found)
    for value, one in sorted(found, key=lambda pair: -pair[0]):
        left -= one.first.row.weight
        if left < 0:
            return value
    return 0.0


def share(values: Iterable[bool]) -> float:
    """The share, in per cent, that is true."""
    counted = list(values)
    return 100 * sum(counted) / (len(counted) or 1)


def told(found: Sequence[Judged], cut: float, on_topic: float) -> dict[str, float]:
    """Figures of questions that were judged, in per cent."""
    kinds = {
        kind: [one for one in found if one.first.row.kind == kind]
        for kind in ("in_scope", "near_topic", "off_topic", "swaps")
    }
    covered = kinds["in_scope"]
    answered = {
        kind: share(sure(one) > cut and not one.first.is_right for one in kinds[kind])
        for kind in ("near_topic", "off_topic")
    }
    swaps = [one for one in kinds["swaps"] if one.first.row.question.forbidden]
    return {
        "first": share(one.first.is_right for one in covered),
        "in three": share(
            not one.first.row.question.right.isdisjoint(one.first.three)
            for one in covered
        ),
        "right": share(sure(one) > cut and one.first.is_right for one in covered),
        "wrong": share(sure(one) > cut and not one.first.is_right for one in covered),
        "helped": share(
            (sure(one) > cut and one.first.is_right)
            or (
                one.about > on_topic
                and not one.first.row.question.right.isdisjoint(one.first.three)
            )
            for one in covered
        ),
        "silence": share(one.about <= on_topic and sure(one) <= cut for one in covered),
        "off-topic offered": share(one.about > on_topic for one in kinds["off_topic"]),
        "near-topic answered": answered["near_topic"],
        "off-topic answered": answered["off_topic"],
        "misleading": share(
            sure(one) > cut and one.first.id in one.first.row.question.forbidden
            for one in swaps
        ),
    }


def is_frozen(question: Labelled) -> bool:
    """Whether a question is of the half that nobody tunes on."""
    return hashlib.sha256(question.q.encode()).digest()[0] % 2 == 0


def main() -> None:
    """Measure, fit, print, and write the weights."""
    parser = argparse.ArgumentParser(description="Fit the matcher's model.")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument(
        "--without", default="", help="a group of features to leave out"
    )
    parser.add_argument("--sentences", type=Path, help="a sentence model's folder")
    parser.add_argument("--stories", default="")
    options = parser.parse_args()
    names = [
        n for n in folders() if not options.stories or n in options.stories.split(",")
    ]
    variants: dict[str, models.Variant] = {}
    figures: dict[str, dict[str, float]] = {}
    for kind, vectors in kinds(options.sentences).items():
        used = names_for(options.without, vectors is not None)
        rows = list(measured(names, vectors))
        out, dense = left_out(rows, names, used)
        offer = offer_for(out)
        cuts = tuple(
            models.Cut(rate, cut_for(rate, out), cut_for(rate, dense)) for rate in RATES
        )
        print(f"{kind}: offers from {offer:.3f}")
        for name in names:
            found = dense if name == "bundled" else out
            own = [one for one in found if one.first.row.story == name]
            show(name, own, cuts[3].many if found is dense else cuts[3].few, offer)
        for one in cuts[1:5]:
            show(f"few ways, {one.share}", out, one.few, offer)
            show(f"many ways, {one.share}", dense, one.many, offer)
        whole = fit(rows, used)
        variants[kind] = models.Variant(
            ranker=whole.ranker,
            verifier=whole.verifier,
            about=whole.about,
            cuts=cuts,
            few=ways_of(name for name in names if name != "bundled"),
            many=ways_of(["bundled"]),
            offer=offer,
        )
        figures[kind] = told(out, cuts[3].few, offer)
        figures[f"{kind}, dense"] = told(dense, cuts[3].many, offer)
    if options.dry:
        return
    write(variants, {"questions": 0, **figures}, data_hash(names))


def kinds(sentences: Path | None) -> dict[str, Vectors | None]:
    """The vectors of each variant that is fitted."""
    if sentences is None:
        return {"words": None, "vectors": word_vectors()}
    found = read(sentences, None, word_vectors())
    if isinstance(found, Unusable):
        raise SystemExit(f"{found.says}; {found.mend}")
    return {"sentences": found}


def write(
    variants: Mapping[str, models.Variant], made: Mapping[str, object], data: str
) -> None:
    """Write variants and what they gave; others, and what those gave, stay."""
    before = json.loads(FILE.read_bytes())
    data_key = "sentences data" if "sentences" in variants else "data"
    if data_key == "sentences data":
        kept = before["made"]
    else:
        kept = {k: v for k, v in before["made"].items() if k.startswith("sentences")}
    whole = models.Model.model_validate(
        {**before, **variants, "made": {**kept, data_key: data, **made}}
    )
    text = json.dumps(whole.model_dump(exclude_none=True), indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")


def left_out(
    rows: Sequence[Row], names: Iterable[str], used: Names
) -> tuple[list[Judged], list[Judged]]:
    """What models make of questions that they were not fitted on.

    First those of sparse stories, each by a model of all other stories; then those of
    the dense one, each half by a model of all but that half.
    """
    out: list[Judged] = []
    dense: list[Judged] = []
    for name in names:
        own = [row for row in rows if row.story == name]
        others = [row for row in rows if story_of(row) != name]
        if name != "bundled":
            out += judged(own, fit(others, used))
            continue
        for half in (True, False):
            kept = [row for row in rows if story_of(row) == name]
            kept = [row for row in kept if is_frozen(row.question) != half]
            asked = [row for row in own if is_frozen(row.question) == half]
            dense += judged(asked, fit([*others, *kept], used))
    return out, dense


def story_of(row: Row) -> str:
    """The story of a row, thinned or not."""
    return row.story.split(",")[0]


def ways_of(names: Iterable[str]) -> float:
    """The mean number of ways of asking an entry, over some stories."""
    counts = [
        len(one.asks)
        for name in names
        for one in base(name).targets
        if not one.is_silent
    ]
    return sum(counts) / len(counts)


def show(label: str, found: Sequence[Judged], cut: float, offer: float) -> None:
    """Print figures in a line."""
    figures = ", ".join(
        f"{name} {value:.1f}" for name, value in told(found, cut, offer).items()
    )
    print(f"{label:18} from {cut:.3f}: {figures}", flush=True)


def data_hash(names: Iterable[str]) -> str:
    """A hash of the stories and their questions."""
    parts = (part for name in names for part in lines_of(name))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def measured(names: Iterable[str], vectors: Vectors | None) -> Iterable[Row]:
    """The questions of all stories; the dense one also with few ways of asking."""
    for name in names:
        story = base(name)
        weight = WEIGHTS.get(name, 1.0)
        yield from rows_of(story, weight, vectors)
        if name == "bundled":
            yield from rows_of(thinned(story, FEW), weight, vectors)


if __name__ == "__main__":
    main()
