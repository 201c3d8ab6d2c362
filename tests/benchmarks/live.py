"""How soon a save is live, and whether memory grows as a story changes.

    python -m tests.benchmarks.live [--story DIR] [--saves 20] [--reloads 500]

copies a story, the bundled one if none is named, and follows it as `receipts run` does,
with its waits between looks. Each save changes another entry: in turn its answer, and
one of the ways it is asked. A save is live once the new revision answers; files were
checked, and all `must` questions asked, before. On a busy machine the clock tells of
the others, too; beside the processor's time, half a second at most is waiting. Then the
story is changed so many times more, as fast as it goes, and built in full after every
fiftieth. Memory is the process's (RSS, Linux only).
"""

import argparse
import gc
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

from bot.discord_bot.watching import EVERY, SOON
from bot.hosting import follow
from bot.operating.metrics import MeasuredAnswerer
from bot.publishing.live import Live, Swapped
from bot.settings import Settings
from tests.benchmarks.story import STORY


def today() -> date:
    """Today."""
    return datetime.now(UTC).date()


class Editor:
    """A moderator who changes entry after entry, for the better."""

    def __init__(self, folder: Path) -> None:
        self._files = sorted((folder / "answers").glob("*.yaml"))
        self._saves = 0

    def save(self) -> None:
        """Save one more change."""
        file = self._files[self._saves % len(self._files)]
        text = file.read_text(encoding="utf-8")
        new = f"  also_asked:\n    - and way {self._saves} of asking this, what of it\n"
        if self._saves % 2:
            text = re.sub(
                r"\n  answer: >-\n    (?:Reportedly, )?", _said, text, count=1
            )
        else:
            text = re.sub(r"  also_asked:\n(?:    - and way .*\n)?", new, text, count=1)
        file.write_text(f"{text.rstrip()}\n# {self._saves}\n", encoding="utf-8")
        self._saves += 1


def _said(found: re.Match[str]) -> str:
    is_there = found.group().endswith("Reportedly, ")
    return "\n  answer: >-\n    " if is_there else "\n  answer: >-\n    Reportedly, "


def rss() -> float:
    """The process's memory, in MB."""
    gc.collect()
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


class Took(NamedTuple):
    """Seconds until a save was live: by the clock, and of the processor."""

    clock: float
    processor: float


def until_live(live: Live[MeasuredAnswerer], chance: Random) -> Took:
    """Wait until a save is live, from a moment between two looks."""
    start, worked = time.perf_counter(), time.process_time()
    time.sleep(EVERY * chance.random())
    while (found := live.look()) is None:
        time.sleep(SOON if live.is_moving else EVERY)
    assert isinstance(found, Swapped), found
    return Took(time.perf_counter() - start, time.process_time() - worked)


def saves(live: Live[MeasuredAnswerer], editor: Editor, count: int) -> Iterator[Took]:
    """How long each of some saves took until it was live."""
    chance = Random(5)
    for _ in range(count):
        editor.save()
        yield until_live(live, chance)
        live.settle()


def reloads(
    live: Live[MeasuredAnswerer], editor: Editor, count: int
) -> Iterator[float]:
    """MB after each fifty of some changes that were made as fast as it goes."""
    for at in range(1, count + 1):
        editor.save()
        while live.look() is None:
            pass
        if at % 50 == 0:
            live.settle()
            yield rss()


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--story", type=Path, default=STORY)
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--reloads", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        source = options.story.resolve()
        os.chdir(name)
        os.environ["XDG_CACHE_HOME"] = str(Path(name, "cache"))
        folder = Path(name, "story")
        shutil.copytree(source, folder)
        live = follow(folder, "story", Settings(), today)
        started = live.start()
        assert isinstance(started, Swapped), started
        editor = Editor(folder)
        took = list(saves(live, editor, options.saves))
        for what, times in zip(Took._fields, zip(*took, strict=True), strict=True):
            median = statistics.median(times)
            print(f"save to live, {what}: median {median:.2f} s", end=", ")
            print(f"worst {max(times):.2f} s of {len(times)}", flush=True)
        print(f"memory after {len(took)} saves: {rss():.0f} MB")
        for number, held in enumerate(reloads(live, editor, options.reloads), 1):
            print(f"after {50 * number} reloads more: {held:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
