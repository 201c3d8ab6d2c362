"""How the matcher's speed and memory grow with the base, beside rapidfuzz's own search.

    python -m tests.benchmarks.speed [--huge]

makes bases of 500, 5,000 and 50,000 stored questions (wordings; about fifteen to an
entry; `generated.py` tells how) and, with `--huge`, of 500,000. It asks each base the
same questions in three ways, in turn and in an order of chance, so that a busy machine
slows all alike:

- ours: `Matcher(targets).rank(text)`;
- WRatio: `rapidfuzz.process.extract(text, wordings, scorer=fuzz.WRatio, limit=5)`, what
  most bots do;
- token_set: the same with `fuzz.token_set_ratio`.

For rapidfuzz the wordings went through `utils.default_process` beforehand, and each
question does within its time: letter case and punctuation make it no less right. Of a
large base it gets fewer questions, as the table says, so that its shares have a wider
margin. Ours gets all of them.

Times are the processor's; on an idle machine the clock's are the same. `right` is the
share of the questions with an answer whose answer came first. `build` lasts until a
first question is answered, so that nothing made on first use is left out. Memory is
measured in fresh processes, after building and a hundred questions, over what the texts
themselves take: `held` is what Python has allocated (tracemalloc), `rss` by how much
the process has grown (Linux only). The power with which p50 grows is that from 500 to
50,000.
"""

import argparse
import gc
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, nan
from pathlib import Path
from random import Random
from typing import Final

from pydantic import BaseModel
from rapidfuzz import fuzz, process, utils

from bot.matching.ranking import Matcher, Target
from tests.benchmarks.generated import Base, Query, base, queries

SIZES: Final = [500, 5_000, 50_000]
HUGE: Final = 500_000

_COMPARISONS: Final = 5_000_000
"""Wordings that rapidfuzz compares, over all the questions of a base."""

_REMEMBERED: Final = 100
"""Questions that are asked before memory is measured."""

Search = Callable[[str], str | None]
"""A question → the id of the entry that comes first; None where nothing does."""


@dataclass(slots=True)
class Run:
    """What one way of asking did: seconds a question, and how many it got right."""

    seconds: list[float] = field(default_factory=list[float])
    right: int = 0
    answerable: int = 0
    build: float = 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the questions was done."""
        ranked = sorted(self.seconds)
        return 1000 * ranked[min(int(share * len(ranked)), len(ranked) - 1)]

    def ask(self, search: Search, query: Query) -> None:
        """Ask one question, and count."""
        start = time.thread_time()
        found = search(query.text)
        self.seconds.append(time.thread_time() - start)
        if query.answer is not None:
            self.answerable += 1
            self.right += found == query.answer


def targets(made: Base) -> list[Target]:
    """The stored entries as the matcher wants them."""
    return [Target(entry.id, entry.wordings) for entry in made.stored]


def _ours(made: Base) -> Search:
    matcher = Matcher(targets(made))

    def search(text: str) -> str | None:
        candidates = matcher.rank(text).candidates
        return candidates[0].id if candidates else None

    return search


def _rapidfuzz(scorer: Callable[..., float], made: Base) -> Search:
    owners = [entry.id for entry in made.stored for _ in entry.wordings]
    wordings = [
        utils.default_process(wording)
        for entry in made.stored
        for wording in entry.wordings
    ]

    def search(text: str) -> str | None:
        asked = utils.default_process(text)
        found = process.extract(asked, wordings, scorer=scorer, limit=5)
        return owners[found[0][2]] if found else None

    return search


def _ways(made: Base) -> Mapping[str, Callable[[], Search]]:
    return {
        "ours": lambda: _ours(made),
        "WRatio": lambda: _rapidfuzz(fuzz.WRatio, made),
        "token_set": lambda: _rapidfuzz(fuzz.token_set_ratio, made),
    }


def measure(made: Base, asked: Sequence[Query], seed: int) -> dict[str, Run]:
    """Ask a base, every way in turn; the first question is part of the build.

    By the name of the way.
    """
    runs: dict[str, Run] = {}
    searches: dict[str, Search] = {}
    for name, build in _ways(made).items():
        start = time.thread_time()
        searches[name] = build()
        searches[name](asked[0].text)
        runs[name] = Run(build=time.thread_time() - start)
    rng = Random(seed)
    questions = len(asked) - 1
    size = sum(len(entry.wordings) for entry in made.stored)
    few = min(questions, max(20, _COMPARISONS // size))
    for position, query in enumerate(asked[1:]):
        turn = list(searches) if position * few % questions < few else ["ours"]
        for name in rng.sample(turn, len(turn)):
            runs[name].ask(searches[name], query)
    return runs


def _memory(made: Base, asked: Sequence[Query], how: str) -> float:
    """Bytes that a matcher of this base takes, measured in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.speed", "--memory", how]
    entries = [(entry.id, entry.wordings) for entry in made.stored]
    texts = [query.text for query in asked[:_REMEMBERED]]
    done = subprocess.run(
        command,
        input=_Sent(entries=entries, texts=texts).model_dump_json(),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return float(done.stdout)


class _Sent(BaseModel):
    """A base as the measuring process gets it.

    It makes none itself: what that leaves free, the index would fill unseen.
    """

    entries: list[tuple[str, tuple[str, ...]]]
    texts: list[str]


def _print_memory(how: str) -> None:
    sent = _Sent.model_validate_json(sys.stdin.buffer.read())
    stored = [Target(name, wordings) for name, wordings in sent.entries]
    Matcher(stored[:1]).rank(sent.texts[0])  # The lexicon is not part of the base.
    gc.collect()
    if how == "held":
        tracemalloc.start()
    before = _resident()
    matcher = Matcher(stored)
    for text in sent.texts:
        matcher.rank(text)
    gc.collect()
    print(tracemalloc.get_traced_memory()[0] if how == "held" else _resident() - before)


def _resident() -> float:
    """Bytes of memory that this process has; NaN where the system does not tell."""
    path = Path("/proc/self/statm")
    if not path.exists():
        return nan
    # Source: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
    return int(path.read_text(encoding="ascii").split()[1]) * 4096


_HEAD: Final = (
    f"{'stored':>7}  {'':9}  {'asked':>5}  {'p50 ms':>8}  {'p95 ms':>8}  "
    f"{'right %':>7}  {'build s':>7}  {'held':>5}  {'rss':>5}"
)


def _row(size: int, name: str, run: Run, memory: Sequence[float]) -> str:
    right = 100 * run.right / (run.answerable or 1)
    figures = "  ".join(f"{one / size / 1000:5.2f}" for one in memory)
    return (
        f"{size:7,}  {name:9}  {len(run.seconds):5}  {run.percentile(0.5):8.2f}  "
        f"{run.percentile(0.95):8.2f}  {right:7.1f}  {run.build:7.2f}  {figures}"
    ).rstrip()


def _growth(runs: Mapping[int, Mapping[str, Run]], name: str) -> float:
    """The power of the base's size with which the median time grows."""
    few, many = min(runs), max(runs)
    times = runs[many][name].percentile(0.5) / runs[few][name].percentile(0.5)
    return log(times) / log(many / few)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="How speed and memory grow.")
    parser.add_argument("--huge", action="store_true", help=f"{HUGE:,} questions, too")
    parser.add_argument("--questions", type=int, default=300, help="asked of each base")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", choices=["held", "rss"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        _print_memory(options.memory)
        return
    print("held, rss: MB per 1,000 stored questions. The rest: see speed.py.\n")
    print(_HEAD)
    runs: dict[int, dict[str, Run]] = {}
    for size in [*SIZES, *([HUGE] if options.huge else [])]:
        made = base(size, options.seed)
        asked = queries(made, options.questions + 1, options.seed)
        memory = [_memory(made, asked, how) for how in ("held", "rss")]
        runs[size] = measure(made, asked, options.seed)
        for name, run in runs[size].items():
            print(_row(size, name, run, memory if name == "ours" else []), flush=True)
    span = {size: runs[size] for size in SIZES}
    powers = ", ".join(f"{name} {_growth(span, name):.2f}" for name in runs[SIZES[0]])
    print(f"\np50 grows as the size to the power of: {powers}")
    for size, found in runs.items():
        ratio = found["WRatio"].percentile(0.5) / found["ours"].percentile(0.5)
        print(f"at {size:,} WRatio takes {ratio:.1f} times as long as ours")


if __name__ == "__main__":
    main()
