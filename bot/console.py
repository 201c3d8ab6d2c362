"""Outcomes → the terminal: plain text of 80 columns, in reading order.

No colour carries a meaning and no character is drawn for looks, so that a pipe, a log
and a screen reader get the same text. The title is bold where a terminal can show it.
"""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never

from bot.answering.outcome import (
    Answer,
    DidYouMean,
    Help,
    Link,
    NotCovered,
    NumberedSource,
    Outcome,
    Reply,
    Silent,
)
from bot.answering.wording import (
    DID_YOU_MEAN,
    DISPUTED,
    NOT_COVERED,
    RELATED_FACTS,
    SINCE_THEN,
    as_of_line,
    kind_line,
    source_line,
)
from bot.matching.ranking import Candidate
from bot.story.model import Loaded, Story
from bot.story.text import plain

WIDTH: Final = 80
_EXPLAINED: Final = 5


def reply_text(reply: Reply, *, bold: bool = False) -> str:
    """A reply as people read it, without a newline at the end; "" for silence."""
    blocks = ("\n".join(_outcome(one, bold=bold)) for one in reply.outcomes)
    return "\n\n".join(block for block in blocks if block)


def summary_text(loaded: Loaded, story: Story) -> str:
    """What a story without errors holds, and how much of it was verified."""
    asked = sum(len(entry.ways) for entry in story.entries.values())
    verified, quotes = loaded.quotes
    return (
        f"{story.about.title}\n"
        f"{len(story.facts)} facts, {len(story.entries)} entries with {asked} ways of "
        f"asking, {len(story.unknowns)} unknowns,\n"
        f"{len(story.sources)} sources, {len(story.entities)} entities, "
        f"{len(story.timeline)} events, {len(story.probes)} regression questions\n"
        f"{verified} of {quotes} quotations verified against archived texts\n"
        f"revision {story.revision}: no errors"
    )


def safe(text: str) -> str:
    """Text without control characters: nothing in it can command a terminal."""
    return "".join(
        char if char == "\n" or unicodedata.category(char)[0] != "C" else " "
        for char in text
    )


def _outcome(outcome: Outcome, *, bold: bool) -> Iterator[str]:
    match outcome:
        case Answer():
            yield from _answer(outcome, bold=bold)
        case DidYouMean():
            yield DID_YOU_MEAN
            yield from _items(link.question for link in outcome.offered)
        case NotCovered():
            yield from _not_covered(outcome)
        case Help():
            yield from _wrapped(outcome.covers)
            yield "For example:"
            yield from _items(link.question for link in outcome.examples)
        case Silent():
            return
        case _:
            assert_never(outcome)


def _answer(answer: Answer, *, bold: bool) -> Iterator[str]:
    title = "\n".join(_wrapped(answer.question))
    yield f"\033[1m{title}\033[0m" if bold else title
    yield ""
    if answer.premise:
        yield from _wrapped(answer.premise)
        yield ""
    yield from _wrapped(" ".join(answer.sentences))
    for change in answer.changes:
        yield from _wrapped(f"{SINCE_THEN} {change}")
    for dispute in answer.disputes:
        yield from _wrapped(f"{DISPUTED} {dispute}")
    yield ""
    kind = kind_line(answer)
    yield from _wrapped(" ".join([*([f"{kind}."] if kind else []), as_of_line(answer)]))
    yield ""
    yield from _sources(answer.sources)
    if answer.related:
        yield ""
        yield from _related(answer.related)


def _not_covered(outcome: NotCovered) -> Iterator[str]:
    yield from _wrapped(NOT_COVERED)
    if outcome.note:
        yield from _wrapped(outcome.note)
    if outcome.related:
        yield ""
        yield RELATED_FACTS
        yield from _items(fact.text for fact in outcome.related)
        yield ""
        yield from _sources(outcome.sources)


def _sources(sources: Sequence[NumberedSource]) -> Iterator[str]:
    yield "Source:" if len(sources) == 1 else "Sources:"
    for source in sources:
        label = f"[{source.number}]"
        yield from _wrapped(f"{label} {source_line(source)}", "    ")
        if source.url:
            yield f"    {source.url}"


def _related(links: Sequence[Link]) -> Iterator[str]:
    yield "Related questions:"
    yield from _items(link.question for link in links)


def _items(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _wrapped(f"- {text}", "  ")


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    """Lines of at most WIDTH, but for a word that is longer."""
    return iter(
        textwrap.wrap(
            safe(text),
            WIDTH,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def explanation_text(reply: Reply) -> str:
    """Why a reply is what it is: what was read, and the best candidates."""
    reading = reply.explanation.reading
    named = ", ".join(f"{said} = {term}" for said, term in reading.named.items())
    repaired = ", ".join(f"{was} → {now}" for was, now in reading.repaired.items())
    lines = [
        f"Outcome: {reply.name}",
        f"Read as: {' '.join(reading.terms) or '(nothing)'}",
        f"Recognised: {named or 'no name'}",
        f"Repaired: {repaired or 'nothing'}",
        f"Not known: {', '.join(reply.explanation.unknown) or 'nothing'}",
        "Candidates, best first (confidence; what it is made of):",
        *map(_candidate, reply.explanation.candidates[:_EXPLAINED]),
    ]
    return "\n".join(safe(line) for line in lines)


def _candidate(found: Candidate) -> str:
    parts = ", ".join(
        f"{name} {value:.2f}" for name, value in found.parts._asdict().items()
    )
    notes = [f"nearest “{plain(found.nearest)}”"]
    if found.premise is not None:
        notes.append("that wording carries a wrong premise")
    notes.extend(
        f"{name}: {', '.join(guard.words) or 'yes'}"
        for name, guard in found.fired.items()
    )
    return f"- {found.confidence:.2f} {found.id}: {parts}; {'; '.join(notes)}"
