"""The matcher on public data sets of questions, a few ways of asking to each entry.

    python -m tests.benchmarks.public FOLDER [--questions 400] [--seeds 0,1,2]

runs over the data sets that are in the folder (`clinc150.json`, `banking77.json`,
`banking77oos.json`, `hint3_*.json`; they are no part of this project). Such a file has

    {"entries": {"id": ["way of asking", …]},
     "dev": [["question", "id" or ["id", …] or null, "in" or "near" or "far"], …]}

where null is the answer of a question that no entry answers. Of each entry the matcher
is given the first 1, 5, 10 and 20 ways, as far as every entry has so many, and all of
them where some entry has fewer than 20. A seed other than 0 shuffles them first. Shown
are:

- `first`, `in 3`: the share of the questions with an answer whose answer is the first,
  or among the first three;
- `at 5 %`: the share answered right where the confidence that is asked for lets at most
  5 % of the questions without an answer get one;
- the median milliseconds a question, and the seconds to build the matcher, both the
  processor's.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Final, NotRequired, TypedDict

from pydantic import BaseModel

from bot.matching.candidate import Target
from bot.matching.ranking import Matcher

_NAMES: Final = ["clinc150", "banking77", "banking77oos", "hint3_*"]
_WAYS: Final = [1, 5, 10, 20]
_FALSE_ANSWERS: Final = 0.05


class PublicEntry(TypedDict):
    """An entry of a public data set: an id, and the questions that ask it."""

    id: str
    questions: Sequence[str]
    answer: NotRequired[str]


class Ranker:
    """The matcher as benchmarks want it."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Ids with their confidence, 0-1, best first; empty where nothing is shared."""
        return [
            (candidate.id, candidate.confidence)
            for candidate in self._matcher.rank(text).candidates
        ]


def fit(
    entries: Sequence[PublicEntry], aliases: Mapping[str, str] | None = None
) -> Ranker:
    """A matcher for the entries of a public data set.

    `aliases` maps other ways of saying things to the ones the questions use.
    """
    targets = [Target(entry["id"], tuple(entry["questions"])) for entry in entries]
    names = {
        phrase: f"~{canonical}"
        for variant, canonical in (aliases or {}).items()
        for phrase in (variant, canonical)
    }
    return Ranker(Matcher(targets, names))


class DataSet(BaseModel):
    """A data set as its file has it."""

    entries: dict[str, list[str]]
    dev: list[tuple[str, str | list[str] | None, str]]

    def ways(self) -> list[int]:
        """How many ways of asking to give of each entry; 0: all."""
        fewest = min(map(len, self.entries.values()))
        counts = [count for count in _WAYS if count <= fewest]
        return counts if counts == _WAYS else [*counts, 0]

    def given(self, count: int, seed: int) -> list[PublicEntry]:
        """The entries with that many ways of asking, 0 for all of them."""
        found: list[PublicEntry] = []
        for name, ways in self.entries.items():
            mixed = list(ways)
            if seed:
                Random(f"{seed}|{name}").shuffle(mixed)
            found.append({"id": name, "questions": mixed[: count or None]})
        return found


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: shares 0-1, milliseconds a question, seconds to build."""

    first: float
    in_three: float
    at_false_answers: float
    milliseconds: float
    build: float


def measure(data: DataSet, count: int, seed: int, limit: int) -> Figures:
    """Ask the questions, at most `limit` of them (0: all), and count."""
    start = time.thread_time()
    ranker = fit(data.given(count, seed))
    build = time.thread_time() - start
    asked = data.dev
    if limit and limit < len(asked):
        asked = Random(seed).sample(asked, limit)
    seconds: list[float] = []
    ranks: list[int | None] = []
    right: list[float] = []
    uncovered: list[float] = []
    for text, answer, _ in asked:
        start = time.thread_time()
        found = ranker.rank(text)
        seconds.append(time.thread_time() - start)
        surest = found[0][1] if found else 0.0
        if answer is None:
            uncovered.append(surest)
            continue
        answers = {answer} if isinstance(answer, str) else set(answer)
        places = [at for at, (name, _) in enumerate(found) if name in answers]
        ranks.append(places[0] if places else None)
        if ranks[-1] == 0:
            right.append(surest)
    covered = len(ranks) or 1
    bar = _bar(uncovered)
    return Figures(
        first=len(right) / covered,
        in_three=sum(rank is not None and rank < 3 for rank in ranks) / covered,
        at_false_answers=sum(sure > bar for sure in right) / covered,
        milliseconds=1000 * median(seconds),
        build=build,
    )


def _bar(uncovered: Sequence[float]) -> float:
    """The confidence that at most the allowed share of these is above."""
    allowed = int(_FALSE_ANSWERS * len(uncovered) + 1e-9)
    ranked = sorted(uncovered, reverse=True)
    return ranked[allowed] if allowed < len(ranked) else -1.0


def main() -> None:
    """Measure what the folder has, and print a table."""
    parser = argparse.ArgumentParser(description="The matcher on public data sets.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, default=0, help="at most; 0: all")
    parser.add_argument("--seeds", default="0", help="which ways; 0: the first")
    options = parser.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    files = [path for name in _NAMES for path in options.folder.glob(f"{name}.json")]
    if not files:
        raise SystemExit(f"{options.folder} has none of {', '.join(_NAMES)}")
    print(f"{'':30}{'first':>7}{'in 3':>7}{'at 5 %':>8}{'ms':>8}{'build s':>9}")
    for path in files:
        data = DataSet.model_validate_json(path.read_text(encoding="utf-8"))
        for count in data.ways():
            for seed in seeds:
                found = measure(data, count, seed, options.questions)
                name = f"{path.stem}@{count or 'all'}" + (f" #{seed}" if seed else "")
                print(
                    f"{name:30}{found.first:7.1%}{found.in_three:7.1%}"
                    f"{found.at_false_answers:8.1%}{found.milliseconds:8.2f}"
                    f"{found.build:9.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
