"""What each constant of policy is worth: what changes with less of it, and with more.

    python -m tests.benchmarks.policy [NAME …]

asks the labelled questions of the stories that are not frozen (`labelled.py`) with each
constant of `bot.answering.policy` in turn at other values, and prints, as tables, what
becomes of the questions then. The weights are those that the bot has, which were fitted
on these stories: the figures tell constants apart, not how good the bot is.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

from bot.answering import policy
from bot.answering.answerer import Answerer
from bot.answering.outcome import (
    Answer,
    Closest,
    Facts,
    NotCovered,
    Reply,
    Silent,
    put_forward,
)
from bot.matching.candidate import Explanation
from bot.matching.ranking import Matcher
from tests.benchmarks.fit import FROZEN
from tests.benchmarks.judging import share
from tests.benchmarks.labelled import Labelled, base, folders, story

VALUES: Final[Mapping[str, Sequence[object]]] = {
    "VETOES": (frozenset[str](), policy.VETOES),
    "ON_TOPIC": (0.0, 0.5, 0.7, 0.85),
    "CLOSEST": (0.25, 0.4, 0.55),
    "IF_CORRECTED": (0.5, 0.75, 1.0),
    "ITS_OWN": (0.15, 0.3, 0.6),
    "KNOWN_UNKNOWN": (0.1, 0.25, 0.5),
    "ELSE": (0.25, 0.5, 0.75, 1.1),
    "SHARED": (0.0, 0.3, 0.6, 0.9),
    "NO_DOUBT": (0.5, 0.75, 1.1),
    "FAR_SURER": (0.2, 0.4, 0.8),
    "SPOKEN_OF": (0.4, 0.6, 0.8),
    "LEAST_OFFERED": (0.0, 0.01, 0.02, 0.1),
    "HARDLY": (0.0, 0.1, 0.2, 0.4),
    "MORE_SAID": (0.0, 0.15, 0.4),
}

Asked = tuple[str, Labelled, Reply]
"""A kind of question, the question, and what it led to."""

COLUMNS: Final[Mapping[str, tuple[str, Callable[[Labelled, Reply], bool]]]] = {
    "right": ("in_scope", lambda one, reply: bool(_answered(reply) & one.right)),
    "wrong": ("in_scope", lambda one, reply: bool(_answered(reply) - one.right)),
    "helped": (
        "in_scope",
        lambda one, reply: bool((_answered(reply) | _shown(reply)) & one.right),
    ),
    "closest": ("in_scope", lambda _, reply: bool(_closest(reply))),
    "closest: right": (
        "in_scope",
        lambda one, reply: bool(_closest(reply) & one.right),
    ),
    "facts": ("in_scope", lambda _, reply: _has_facts(reply)),
    "covered: nothing near": ("in_scope", lambda _, reply: not _led(reply)),
    "near: answered": ("near_topic", lambda _, reply: bool(_answered(reply))),
    "near: facts": ("near_topic", lambda _, reply: _has_facts(reply)),
    "near: nothing": ("near_topic", lambda _, reply: not _led(reply)),
    "unknown: noted": ("unknown", lambda _, reply: _is_noted(reply)),
    "covered: noted": ("in_scope", lambda _, reply: _is_noted(reply)),
    "unasked: answered": ("unasked", lambda _, reply: bool(_answered(reply))),
    "off: answered": ("off_topic", lambda _, reply: bool(_answered(reply))),
    "off: offered": ("off_topic", lambda _, reply: _led(reply)),
    "swaps: misled": (
        "swaps",
        lambda one, reply: any(
            answer.entry in one.forbidden and not answer.premise
            for answer in reply.outcomes
            if isinstance(answer, Answer)
        ),
    ),
    "swaps: set right": (
        "swaps",
        lambda _, reply: any(
            isinstance(one, Answer) and one.premise for one in reply.outcomes
        ),
    ),
}


def _answered(reply: Reply) -> frozenset[str]:
    return frozenset(one.entry for one in reply.outcomes if isinstance(one, Answer))


def _closest(reply: Reply) -> frozenset[str]:
    return frozenset(
        one.entry.entry for one in reply.outcomes if isinstance(one, Closest)
    )


def _has_facts(reply: Reply) -> bool:
    return any(isinstance(one, Facts) for one in reply.outcomes)


def _shown(reply: Reply) -> frozenset[str]:
    return frozenset(link.entry for link in put_forward(reply.outcomes))


def _led(reply: Reply) -> bool:
    """Whether it led to anything but "not covered"."""
    return not all(isinstance(one, NotCovered | Silent) for one in reply.outcomes)


def _is_noted(reply: Reply) -> bool:
    return any(isinstance(one, NotCovered) and one.note for one in reply.outcomes)


class Remembered:
    """Stories with their questions, which rank each question once."""

    def __init__(self, names: Sequence[str]) -> None:
        self._answerers = {name: Answerer(story(name)) for name in names}
        self._asked = {
            name: [(kind, one) for kind, asked in found.items() for one in asked]
            for name, found in ((name, base(name).questions) for name in names)
        }

        @cache
        def ranked(matcher: Matcher, text: str, limit: int = 20) -> Explanation:
            return plain(matcher, text, limit)

        plain, Matcher.rank = Matcher.rank, ranked

    def ask(self) -> Iterator[Asked]:
        """Every question, and what it leads to now."""
        today = datetime.now(UTC).date()
        for name, answerer in self._answerers.items():
            for kind, one in self._asked[name]:
                before = answerer.reply(one.first, today) if one.first else None
                yield kind, one, answerer.reply(one.q, today, after=before)
                if kind in {"near_topic", "off_topic"}:
                    yield "unasked", one, answerer.reply(one.q, today, ambient=True)


def put(name: str, value: object) -> None:
    """Give a constant a value, wherever it has been imported to."""
    for module in list(sys.modules.values()):
        if module.__name__.startswith("bot.answering") and hasattr(module, name):
            setattr(module, name, value)


def figures(asked: Sequence[Asked]) -> dict[str, float]:
    """The shares of `COLUMNS`, in per cent."""
    return {
        name: share(test(one, reply) for kind, one, reply in asked if kind == of)
        for name, (of, test) in COLUMNS.items()
    }


def changes(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """What changes, of 100 questions of a kind."""
    told = [
        f"{name} {after[name] - before[name]:+.1f}"
        for name in COLUMNS
        if abs(after[name] - before[name]) >= LEAST
    ]
    return ", ".join(told) or "nothing"


def main() -> None:
    """Print the tables, a row for each value."""
    parser = argparse.ArgumentParser(description="What constants of policy are worth.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="constants; all")
    chosen = parser.parse_args().names or list(VALUES)
    sparse = [one for one in folders() if one not in {*FROZEN, "bundled"}]
    for label, names in (("few ways", sparse), ("many ways", ["bundled"])):
        stories = Remembered(names)
        usual = figures(list(stories.ask()))
        now = ", ".join(f"{name} {one:.1f}" for name, one in usual.items())
        print(f"\nIn stories of {label}: {now}.\n")
        print("| constant | is | were it | of 100 |")
        print("| --- | --- | --- | --- |")
        for name in chosen:
            own = getattr(policy, name)
            for value in VALUES[name]:
                if value == own:
                    continue
                put(name, value)
                shown = "eight guards" if name == "VETOES" else own
                row = (name, *map(_told, (shown, value)))
                found = changes(usual, figures(list(stories.ask())))
                print("|", " | ".join((*row, found)), "|", flush=True)
            put(name, own)


def _told(value: object) -> str:
    return "none" if value == frozenset() else str(value)


LEAST: Final = 0.3
"""Changes of fewer questions, of 100, are not shown."""


if __name__ == "__main__":
    main()
