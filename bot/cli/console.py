"""Outcomes → the terminal: plain text of 80 columns, in reading order.

No colour carries a meaning and no character is drawn for looks, so that a pipe, a log
and a screen reader get the same text. The title is bold where a terminal can show it.
"""

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, assert_never

from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Help,
    Link,
    NotCovered,
    NumberedSource,
    Outcome,
    RelatedFact,
    Reply,
    Silent,
    Told,
)
from bot.answering.wording import (
    as_of_line,
    kind_line,
    not_so,
    notes,
    said_once,
    say,
    source_line,
)
from bot.story.model import Loaded, Problem, Story
from bot.story.prose import squeeze

WIDTH: Final = 80

MANY: Final = 5
"""Problems of a kind that are counted, beside being told each."""


def reply_text(reply: Reply, *, bold: bool = False) -> str:
    """A reply as people read it, without a newline at the end; "" for silence."""
    blocks = list[str]()
    for one in reply.said:
        lines = _outcome(one, bold=bold)
        if len(reply.said) > 1 and not isinstance(one, Told | Help):
            which = "of-several.other" if blocks else "of-several.first"
            lines = chain(wrapped(say(which, said=next(lines))), lines)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


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


_QUOTED = re.compile(r"(?<!\w)'.*?'(?=[\s,;:.)]|$)|“[^”]*”|\d[\d,]*")


def by_kind(problems: Iterable[Problem], fewest: int = MANY) -> Iterator[str]:
    """How many problems there are of each kind, most first; nothing of few.

    A kind is what is said, whatever name, number or words it is said of.
    """
    kinds = Counter(
        f"{one.severity}: {squeeze(_QUOTED.sub('…', one.message))}" for one in problems
    )
    if max(kinds.values(), default=0) < fewest:
        return
    yield "By kind:"
    for kind, count in kinds.most_common():
        yield from wrapped(f"{count:>6,} of {kind}", " " * 9)


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
        case Closest():
            yield from _closest(outcome, bold=bold)
        case Facts():
            yield from wrapped(say("facts"))
            yield from _related_facts(outcome.related, outcome.sources)
        case DidYouMean():
            yield say("did-you-mean")
            yield from _items(link.question for link in outcome.offered)
        case NotCovered():
            yield from _not_covered(outcome)
        case Help():
            yield from _can_be_asked(outcome.covers, outcome.examples)
        case Silent():
            return
        case _:
            assert_never(outcome)


def _answer(answer: Answer, *, bold: bool) -> Iterator[str]:
    yield _title(answer.question, bold=bold)
    yield ""
    sentences, apart = said_once(answer).sentences, int(answer.moved)
    first = [" ".join(not_so(answer)), *sentences[:apart]]
    parts = [*first, " ".join(sentences[apart:])]
    yield "\n\n".join("\n".join(wrapped(part)) for part in parts if part.strip())
    yield from _state(answer)
    if answer.related:
        yield ""
        yield from _related(answer.related)


def _closest(closest: Closest, *, bold: bool) -> Iterator[str]:
    """What is named as the closest, its question, and of its answer what meets it."""
    yield say("closest")
    yield _title(closest.entry.question, bold=bold)
    yield ""
    yield from wrapped(closest.lead)
    yield from _state(closest)
    if closest.others:
        yield ""
        yield say("others")
        yield from _items(link.question for link in closest.others)


def _title(question: str, *, bold: bool) -> str:
    title = "\n".join(wrapped(question))
    return f"\033[1m{title}\033[0m" if bold else title


def _state(told: Told) -> Iterator[str]:
    """What follows what is told: since then, disputed, kind and date, sources."""
    for note in notes(told):
        yield from wrapped(note)
    yield ""
    kind = kind_line(told)
    yield from wrapped(" ".join([*([f"{kind}."] if kind else []), as_of_line(told)]))
    yield ""
    yield from _sources(told.sources)


def _can_be_asked(covers: str, examples: Sequence[Link]) -> Iterator[str]:
    yield from wrapped(covers)
    if examples:
        yield say("examples")
        yield from _items(link.question for link in examples)


def _not_covered(outcome: NotCovered) -> Iterator[str]:
    if outcome.covers is not None:
        yield say("off-topic")
        yield from _can_be_asked(outcome.covers, outcome.examples)
        return
    yield from wrapped(say("not-covered"))
    if outcome.note:
        yield from wrapped(outcome.note)
    if outcome.related:
        yield ""
        yield say("related-facts")
        yield from _related_facts(outcome.related, outcome.sources)


def _related_facts(
    related: Iterable[RelatedFact], sources: Sequence[NumberedSource]
) -> Iterator[str]:
    yield from _items(" ".join([fact.text, *notes(fact)]) for fact in related)
    yield ""
    yield from _sources(sources)


def _sources(sources: Sequence[NumberedSource]) -> Iterator[str]:
    yield say("sources.one" if len(sources) == 1 else "sources.many")
    for source in sources:
        label = f"[{source.number}]"
        yield from wrapped(f"{label} {source_line(source)}", "    ")
        if source.url:
            yield f"    {source.url}"


def _related(links: Sequence[Link]) -> Iterator[str]:
    yield f"{say('related')}:"
    yield from _items(link.question for link in links)


def _items(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from wrapped(f"- {text}", "  ")


def wrapped(text: str, indent: str = "") -> Iterator[str]:
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
