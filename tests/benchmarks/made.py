"""What ways of asking that a machine makes would be worth for finding entries.

    python -m tests.benchmarks.made

gives each entry up to `--most` more ways, made by rule from its question and answer:
keywords, another order, the kinds of answer that it holds, an indirect frame. A second
matcher searches them too, and only to offer entries: no answer changes. Printed beside
it is what a lower threshold for offers does, without them.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, NotCovered
from bot.answering.policy import LEAST_OFFERED, MAX_OFFERED
from bot.answering.preparing import names_of, targets_of
from bot.matching.candidate import Explanation, Target
from bot.matching.english import FILLER
from bot.matching.ranking import Matcher
from tests.benchmarks.fit import FROZEN
from tests.benchmarks.judging import share
from tests.benchmarks.labelled import base, folders, story

REAL: Final = ("crowdstrike", "evergiven", "rubiales", "unity")
LOWER: Final = (1.0, 0.85, 0.7, 0.5)
"""Thresholds for offers, of what the threshold is."""

_DATE: Final = re.compile(r"\b(19|20)\d\d\b")
_NUMBER: Final = re.compile(r"\d|\b[mb]illion\b|per cent")
_NAME: Final = re.compile(r"(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")


def made(target: Target, most: int) -> tuple[str, ...]:
    """Ways of asking that its question and its answer are turned into."""
    question, said = target.asks[0].rstrip("?"), " ".join(target.says)
    keywords = _keywords(question)
    subject = " ".join(keywords[:4])
    ways = [" ".join(keywords), " ".join(_keywords(said)[:8])]
    if name := _NAME.search(question):
        rest = [one for one in keywords if one not in name[0].split()]
        ways.append(f"what did {name[0]} do about {' '.join(rest)}")
    undated = re.sub(r"\d{1,2} \w+ \d{4}", "", said)
    kinds = {"when": _DATE.search(said), "how much": _NUMBER.search(undated)}
    kinds["who"] = _NAME.search(said)
    ways += [f"{kind} {subject}" for kind, found in kinds.items() if found]
    ways += [f"does anyone know {question}", f"what about {subject}"]
    return tuple(one for one in dict.fromkeys(ways) if one not in target.asks)[:most]


def _keywords(text: str) -> list[str]:
    words = re.findall(r"[\w’'-]+", text)
    return [one for one in words if one.lower() not in FILLER]


class Found(NamedTuple):
    """What was found for a question: without made ways, and with them."""

    kind: str
    right: frozenset[str]
    answered: frozenset[str]
    is_noted: bool
    offer: float
    plain: Explanation
    wider: Explanation


def asked(name: str, most: int) -> Iterator[Found]:
    """Every labelled question of a story."""
    told, today = story(name), datetime.now(UTC).date()
    answerer = Answerer(told)
    targets = [
        one if one.is_silent else replace(one, asks=(*one.asks, *made(one, most)))
        for one in targets_of(told)
    ]
    wider = Matcher(targets, names_of(told))
    for kind, questions in base(name).questions.items():
        for one in questions:
            before = answerer.reply(one.first, today) if one.first else None
            reply = answerer.reply(one.q, today, after=before)
            plain = reply.explanation
            entries = [o.entry for o in reply.outcomes if isinstance(o, Answer)]
            notes = [o for o in reply.outcomes if isinstance(o, NotCovered) and o.note]
            yield Found(
                kind,
                one.right,
                frozenset(entries),
                bool(notes),
                reply.thresholds.offer,
                plain,
                wider.rank(plain.reading.text),
            )


def three(found: Explanation) -> list[str]:
    """The entries that are offered, best first."""
    entries = [one for one in found.candidates if not one.id.startswith("?")]
    return [one.id for one in entries[:MAX_OFFERED] if one.confidence >= LEAST_OFFERED]


def usual(one: Found) -> tuple[float, list[str]]:
    """How surely it is about the story, and what is offered, without made ways."""
    return one.plain.about, three(one.plain)


def widened(one: Found) -> tuple[float, list[str]]:
    """The same with them: the third gives way to the first that only they found."""
    first = three(one.plain)
    new = [name for name in three(one.wider) if name not in first]
    about = max(one.plain.about, one.wider.about)
    return about, [*first[: MAX_OFFERED - len(new[:1])], *new[:1]]


def row(
    found: Sequence[Found],
    offering: Callable[[Found], tuple[float, list[str]]],
    lower: float,
) -> tuple[float, ...]:
    """Helped, silence, and off-topic offered, in per cent."""
    shown: list[tuple[Found, frozenset[str]]] = []
    for one in found:
        about, names = offering(one)
        is_shown = not one.is_noted and not one.answered and about >= lower * one.offer
        shown.append((one, frozenset(names if is_shown else ())))
    covered = [pair for pair in shown if pair[0].kind == "in_scope"]
    off = [pair for pair in shown if pair[0].kind == "off_topic"]
    return (
        share(bool((one.answered | names) & one.right) for one, names in covered),
        share(not (one.answered or names or one.is_noted) for one, names in covered),
        share(bool(names) for _, names in off),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What made ways of asking are worth.")
    parser.add_argument("--most", type=int, default=6, help="made for each entry")
    most = parser.parse_args().most
    other = [one for one in folders() if one not in {*FROZEN, *REAL, "bundled"}]
    groups = {"real": REAL, "invented": other, "invented and frozen": FROZEN}
    print("| stories | threshold | made ways | helped | silence | off-topic offered |")
    print("| --- | --- | --- | --- | --- | --- |")
    for label, names in groups.items():
        found = [one for name in names for one in asked(name, most)]
        for lower in LOWER:
            for told, offering in (("none", usual), (str(most), widened)):
                figures = " | ".join(
                    f"{one:.1f}" for one in row(found, offering, lower)
                )
                print(f"| {label} | {lower} × | {told} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
