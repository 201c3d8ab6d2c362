"""What a story asked itself → what its readers can expect.

A curator's ways are no strangers' questions: each was written to be unlike the others,
by somebody who knows the answer, so that one that is left out is harder to find. How
far what becomes of them is from what becomes of strangers' questions was measured on
labelled stories of real events, with all their ways and with fewer. Each figure is a
line through those, in log odds: by what the story asked itself, and by how many ways
there are. The latter tells stories apart, the former hardly; within a story it tells
which answers are weak. The numbers are in a file beside this module, which
`python -m tests.benchmarks.self_test` writes.
"""

from collections.abc import Mapping
from functools import cache
from math import log
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from bot.evaluation.self_test import SelfTest
from bot.evaluation.shares import Share
from bot.matching.weights import probability

FILE: Final = "expected.json"

Figure = Literal["right", "wrong", "offered", "answered", "misled"]
"""Of covered questions: answered right, or wrong; of all others of those, offered the
right entry. Of what no entry answers: answered. Of swapped ones: misled."""


class Line(BaseModel):
    """Log odds with strangers: by those of a story that asks itself, and its ways."""

    model_config = ConfigDict(frozen=True)

    bias: float
    slope: float
    ways: float

    def __call__(self, share: Share, ways: float) -> float:
        """The share, 0-1, that strangers' questions can be expected to have.

        `ways` is the mean number of ways of asking an entry.
        """
        own = self.slope * odds(share.count, share.of)
        return probability(self.bias + own + self.ways * log(max(ways, 1.0)))


class Rule(BaseModel):
    """The lines of all figures, and what is known of how good they are.

    `off` is how many points the expected shares of a story of real events were off, in
    the root of the mean square, by lines that were fitted on the others.
    """

    model_config = ConfigDict(frozen=True)

    made: dict[str, str | int | float]
    lines: dict[Figure, Line]
    off: dict[str, float]


class Expected(NamedTuple):
    """Shares, 0-1, of strangers' questions.

    `right`, `offered` (the right entry among others, or as the closest), `silence` (no
    more than that) and `wrong` are of questions that an entry answers; together they
    are 1. `answered` is of questions that none answers.
    """

    right: float
    offered: float
    silence: float
    wrong: float
    answered: float
    misled: float


def odds(count: float, of: float) -> float:
    """Log odds of a share; one of few is drawn to the middle."""
    return log((count + 0.5) / (of - count + 0.5))


@cache
def rule() -> Rule:
    """The rule that comes with the bot."""
    file = Path(__file__).with_name(FILE)
    return Rule.model_validate_json(file.read_bytes())


def measures(found: SelfTest) -> Mapping[Figure, Share]:
    """The figures of a story that asked itself."""
    right, wrong, offered = map(found.share, ("right", "wrong", "offered"))
    rest = right.of - right.count - wrong.count
    return {
        "right": right,
        "wrong": wrong,
        "offered": Share(offered.count, rest),
        "answered": found.answered,
        "misled": found.misled,
    }


def expected(found: SelfTest, lines: Mapping[Figure, Line] | None = None) -> Expected:
    """What readers can expect of a story, by what it asked itself."""
    used = lines or rule().lines
    measured = measures(found).items()
    of = {name: used[name](share, found.ways) for name, share in measured}
    right = of["right"]
    wrong = min(of["wrong"], 1 - right)
    offered = of["offered"] * (1 - right - wrong)
    silence = 1 - right - wrong - offered
    return Expected(right, offered, silence, wrong, of["answered"], of["misled"])
