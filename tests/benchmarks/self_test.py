"""How near a story's self-test comes to what strangers ask; fits what lies between.

    python -m tests.benchmarks.self_test [--dry] [STORY …]

lets each labelled story ask itself, whole and with fewer ways of asking, asks the
questions of strangers, and prints both with what was expected: by lines fitted on the
other stories. Then it fits them on all, and writes `bot/evaluation/expected.json`. With
stories named it only prints those, by the lines as they are.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple, TypeVar

import numpy as np

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Facts
from bot.evaluation import expected as rules
from bot.evaluation.expected import Expected, Figure, Line, Rule, expected, odds
from bot.evaluation.leads import led_by
from bot.evaluation.results import Verdict
from bot.evaluation.self_test import WORTH, SelfTest, self_test, weakest
from bot.evaluation.shares import Share
from bot.story.model import Entry, Story, Unknown
from tests.benchmarks.fit import REAL
from tests.benchmarks.fitting import Array, short
from tests.benchmarks.labelled import Labelled, folders, questions, story

FILE: Final = Path(rules.__file__).with_name(rules.FILE)
TODAY: Final = date(2026, 11, 1)
FIGURES: Final[Sequence[Figure]] = ("right", "wrong", "offered", "answered", "misled")
WAYS: Final[Mapping[str, Sequence[int]]] = {"bundled": (99, 12, 6)}
"""How many ways of asking an entry a story is measured with, at most."""

THINNED: Final = (99, 3)
FEW: Final = 0.5
"""What a story with fewer ways than it has counts, beside the whole of it."""

STEADY: Final = (1.0, 0.1)
"""How strongly the slopes of a line are held to 0: what tells stories apart, by what
they ask themselves, is mostly chance, as there are some hundred questions of each."""

WHOLE: Final = 99
"""More ways than an entry has."""

FITTED_ON: Final = (*REAL, "bundled")
"""Those who asked had followed the news, as most who ask have. Those of invented
stories knew the answers alone, and avoided their words: they are shown beside these."""

R = TypeVar("R", Entry, Unknown)


class Asked(NamedTuple):
    """A story as measured: what it asked itself, and what strangers got, as counts."""

    name: str
    ways: int
    found: SelfTest
    real: Mapping[Figure, Share]
    weak: Sequence[str]
    of: Mapping[str, Sequence[float]]
    seconds: float


def main() -> None:
    """Measure, print, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument("stories", nargs="*", metavar="STORY")
    options = parser.parse_args()
    named: list[str] = options.stories
    rows = [
        measured(name, ways)
        for name in named or folders()
        for ways in WAYS.get(name, THINNED)
        if ways == WHOLE or not named
    ]
    print(HEAD)
    off: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        lines = None if named else fit(one for one in rows if one.name != row.name)
        show(row, expected(row.found, lines), off)
    wrongs = {
        name: float(np.sqrt(np.mean(np.square(one)))) for name, one in off.items()
    }
    print("off by:", {name: round(one, 1) for name, one in wrongs.items()})
    if not (named or options.dry):
        made = Rule(
            made={
                "date": datetime.now(UTC).date().isoformat(),
                "stories": len(folders()),
            },
            lines=fit(rows),
            off={name: round(one, 1) for name, one in wrongs.items()},
        )
        FILE.write_text(
            json.dumps(made.model_dump(), indent=1) + "\n", encoding="utf-8"
        )


def measured(name: str, ways: int) -> Asked:
    """Let a story with so many ways ask itself; ask it strangers' questions."""
    made = thinned(story(name), ways)
    answerer = Answerer(made)
    begun = time.process_time()
    found = self_test(answerer, TODAY)
    seconds = time.process_time() - begun
    asked = {
        kind: questions(folders()[name], kind)
        for kind in ("in_scope", "near_topic", "swaps")
    }
    of: dict[str, list[float]] = defaultdict(list)
    counts = dict.fromkeys(WORTH, 0)
    for one in asked["in_scope"]:
        verdict = became(answerer, one)
        counts[verdict] += 1
        of[one.expect[0]].append(WORTH[verdict])
    rest = counts["offered"] + counts["missed"]
    near = [
        set(led_by(answerer.reply(one.q, TODAY)).answers).difference(one.expect)
        for one in asked["near_topic"]
    ]
    swaps = [misled(answerer, one) for one in asked["swaps"] if one.forbidden]
    real: dict[Figure, Share] = {
        "right": Share(counts["right"], sum(counts.values())),
        "wrong": Share(counts["wrong"], sum(counts.values())),
        "offered": Share(counts["offered"], rest),
        "answered": Share(sum(map(bool, near)), len(near)),
        "misled": Share(sum(swaps), len(swaps)),
    }
    weak = [one.entry for one in weakest(made, found)]
    return Asked(name, ways, found, real, weak, of, seconds)


def thinned(made: Story, ways: int) -> Story:
    """A story with at most so many ways of asking an entry, its first ones."""
    less = {"also_asked": slice(ways - 1), "not_this": slice(max(1, ways // 3))}

    def few(one: R) -> R:
        update = {
            key: getattr(one, key)[at] for key, at in less.items() if hasattr(one, key)
        }
        return one.model_copy(update=update)

    return replace(
        made,
        entries={name: few(one) for name, one in made.entries.items()},
        unknowns={name: few(one) for name, one in made.unknowns.items()},
    )


def became(answerer: Answerer, asked: Labelled) -> Verdict:
    """What became of a covered question."""
    reply, right = answerer.reply(asked.q, TODAY), set(asked.right)
    led = led_by(reply)
    if led.answers:
        return "right" if right.issuperset(led.answers) else "wrong"
    shown = [one for one in reply.outcomes if isinstance(one, Facts)]
    facts = {one.id for found in shown for one in found.related}
    entries = answerer.story.entries
    is_told = any(not facts.isdisjoint(entries[one].cites) for one in right)
    return "offered" if is_told or not right.isdisjoint(led.entries) else "missed"


def misled(answerer: Answerer, asked: Labelled) -> bool:
    """Whether a swapped question got an answer that misleads."""
    return any(
        isinstance(one, Answer) and one.entry in asked.forbidden and not one.premise
        for one in answerer.reply(asked.q, TODAY).outcomes
    )


def fit(rows: Iterable[Asked]) -> dict[Figure, Line]:
    """A line for each figure, by least squares in log odds, its slopes held to 0."""
    every = [one for one in rows if one.name in FITTED_ON]
    return {
        name: line(name, [one for one in every if one.real[name].of])
        for name in FIGURES
    }


def line(name: Figure, rows: Sequence[Asked]) -> Line:
    """The line of a figure; to be found better by itself makes no story worse."""
    own = [rules.measures(one.found)[name] for one in rows]
    by = np.array(
        [
            (odds(share.count, share.of), np.log(one.found.ways))
            for share, one in zip(own, rows, strict=True)
        ]
    )
    real = np.array([odds(one.real[name].count, one.real[name].of) for one in rows])
    weights = np.array([1.0 if one.ways == WHOLE else FEW for one in rows])
    middle: Array = np.average(by, axis=0, weights=weights)
    mean = float(np.average(real, weights=weights))
    apart = by - middle
    held = apart.T @ (weights[:, None] * apart) + np.diag(STEADY)
    with_real: Array = apart.T @ (weights * (real - mean))
    slope, ways = map(float, np.linalg.solve(held, with_real).tolist())
    if slope < 0:
        slope, ways = 0.0, float(with_real[1] / held[1, 1])
    bias = mean - slope * float(middle[0]) - ways * float(middle[1])
    return Line(bias=short(bias), slope=short(slope), ways=short(ways))


HEAD: Final = """\
| story | ways | itself: right / offered / missed / wrong, answered | \
expected: right / offered / silence / wrong, answered | \
strangers: right / offered / silence / wrong, answered | weakest three | s |
| --- | --- | --- | --- | --- | --- | --- |"""


def show(row: Asked, found: Expected, off: dict[str, list[float]]) -> None:
    """Print a story's row, and note how far what was expected is off."""
    own = [row.found.share(verdict).value or 0.0 for verdict in WORTH]
    right, wrong, offered, answered = (
        row.real[name].value or 0.0
        for name in ("right", "wrong", "offered", "answered")
    )
    offered *= 1 - right - wrong
    real = (right, offered, 1 - right - wrong - offered, wrong, answered)
    if row.ways == WHOLE and row.name in FITTED_ON:
        names = ("right", "offered", "silence", "wrong", "answered")
        for name, one, other in zip(names, found, real, strict=False):
            off[name].append(100 * (one - other))
    cells = [
        percent((*own, row.found.answered.value or 0.0)),
        percent(found[:5]),
        percent(real),
        f"{among_weaker(row)} of 3",
        f"{row.seconds:.1f}",
    ]
    print(f"| {row.name} | {row.found.ways:.1f} |", " | ".join(cells), "|", flush=True)


def percent(shares: Sequence[float]) -> str:
    """Four shares and one, as they stand in the table."""
    *four, last = (f"{100 * one:.0f}" for one in shares)
    return f"{' / '.join(four)}, {last}"


def among_weaker(row: Asked) -> int:
    """How many of the weakest three are in the weaker half by strangers' questions."""
    worth = {name: sum(some) / len(some) for name, some in row.of.items()}
    bar = median(worth.values())
    return sum(worth.get(name, bar) <= bar for name in row.weak[:3])


if __name__ == "__main__":
    main()
