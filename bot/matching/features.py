"""Everything that is measured of a question and a candidate, by name.

`CANDIDATE` features are of a question and one target; `QUESTION` features of a question
and the whole base; `LEADING` ones of the first candidate beside the others. Which of
them count, and how much, is fitted: see `model`. None of them is of length or style:
those tell who wrote the questions that were fitted on, and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from bot.matching.guards import GUARDS

Group = Literal[
    "wordings", "coverage", "meaning", "guards", "lead", "question", "density"
]


class Feature(NamedTuple):
    """What a feature is of, and what it says; most are 0-1."""

    group: Group
    says: str


CANDIDATE: Final[Mapping[str, Feature]] = {
    "wording": Feature("wordings", "cosine with the nearest wording"),
    "target": Feature("wordings", "trained score for all wordings"),
    "letters": Feature("wordings", "rapidfuzz's likeness to the nearest wordings"),
    "asked": Feature("coverage", "share of the words that its wordings cover"),
    "said": Feature("coverage", "share that its wordings or its answer cover"),
    "sentence": Feature("coverage", "share that one sentence of its answer covers"),
    "nearest": Feature("coverage", "share that its nearest wording covers"),
    "way": Feature("meaning", "nearness in meaning of the nearest wording"),
    "ways": Feature("meaning", "mean nearness of the three nearest wordings"),
    "told": Feature("meaning", "nearness in meaning of the nearest sentence"),
    "words asked": Feature("meaning", "nearness, word by word, to its wordings"),
    "words told": Feature("meaning", "nearness, word by word, to all it says"),
} | {name: Feature("guards", guard.__doc__ or "") for name, guard in GUARDS.items()}
"""Of a question and one target."""

LEADING: Final[Mapping[str, Feature]] = {
    "lead": Feature("lead", "lead in rank over the next entry"),
    "unknown lead": Feature("lead", "lead in rank over the nearest known unknown"),
    "wording lead": Feature("lead", "lead in cosine over the next best wording"),
    "target lead": Feature("lead", "lead in trained score over the next best"),
    "decoy": Feature("lead", "lead in cosine over the nearest `not_this`"),
    "many ways": Feature("lead", "how many wordings it has, as a logarithm, above ten"),
}
"""Of the first candidate, beside the others."""

QUESTION: Final[Mapping[str, Feature]] = {
    "anchor": Feature("question", "names something of the story's"),
    "unknown": Feature("question", "share of its words that nothing here speaks of"),
    "foreign": Feature("question", "names of nothing in the story, at most two"),
    "foreign thing": Feature("question", "share of its things that nothing here has"),
    "you": Feature("question", "speaks of me or you, and names nothing here"),
}
"""Of a question and the whole base."""

DENSE: Final = ", dense"
_BY_DENSITY: Final = (
    "unexplained part",
    "unexplained focus",
    "unexplained deed",
    "foreign names",
    "other kind",
    "too little",
    "unknown",
    "foreign thing",
    "anchor",
    "wording",
    "target",
    "letters",
    "asked",
    "said",
    "sentence",
    "lead",
    "unknown lead",
    "wording lead",
    "target lead",
    "decoy",
)

BY_DENSITY: Final[Mapping[str, Feature]] = {
    f"{name}{DENSE}": Feature("density", f"{name}, times how many ways there are")
    for name in _BY_DENSITY
}
"""What a feature says more, or less, where many ways of asking are known: a word that
none of forty has says more than one that none of six has, and likeness to one of forty
says less. Nothing where there are few."""

MOST_LEAD: Final = 4.0
"""A lead in rank beyond which more says nothing more."""


class Ranked(NamedTuple):
    """A candidate's score, whose differences are log odds, and its features."""

    score: float
    signals: Mapping[str, float]


def leading(
    first: Ranked, behind: Sequence[Ranked], rivals: Sequence[Ranked]
) -> dict[str, float]:
    """How far the first of its kind leads, as the features of `LEADING`.

    `behind` are the others of its kind, best first; `rivals` those of the other kind:
    for an entry the known unknowns. Without any of them, the lead is the greatest.
    """
    over = behind[0].score if behind else first.score - MOST_LEAD
    over_rivals = rivals[0].score if rivals else first.score - MOST_LEAD
    others = [one.signals for one in (*behind, *rivals)]
    return {
        "lead": min(MOST_LEAD, first.score - over),
        "unknown lead": max(-MOST_LEAD, min(MOST_LEAD, first.score - over_rivals)),
        **{
            f"{name} lead": first.signals[name]
            - max([one[name] for one in others], default=0.0)
            for name in ("wording", "target")
        },
    }


def with_density(signals: Mapping[str, float]) -> dict[str, float]:
    """The features of a first candidate, with those of `BY_DENSITY`."""
    many = signals.get("many ways", 0.0)
    dense = {f"{name}{DENSE}": signals.get(name, 0.0) * many for name in _BY_DENSITY}
    return {**signals, **dense} if many else dict(signals)
