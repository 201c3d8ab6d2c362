"""Outcomes → the terminal: plain text of 80 columns, in reading order.

No colour carries a meaning and no character is drawn for looks, so that a pipe, a log
and a screen reader get the same text. The title is bold where a terminal can show it.
"""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from bot.answering.preparing import UNKNOWN
from bot.answering.wording import (
    CLOSEST,
    DID_YOU_MEAN,
    FACTS,
    NOT_COVERED,
    OTHERS,
    RELATED_FACTS,
    as_of_line,
    kind_line,
    notes,
    premise_text,
    source_line,
)
from bot.matching.candidate import Candidate, Explanation
from bot.matching.english import FILLER
from bot.matching.lexicon import lexicon
from bot.matching.reader import Reading
from bot.matching.text import spoken, words
from bot.story.model import Loaded, Story
from bot.story.text import plain

WIDTH: Final = 80
_EXPLAINED: Final = 3
_EXPLAINED_WIDTH: Final = 100

_NAMES: Final = ("@", "~")
"""What terms that stand for a phrase begin with."""

_PARTS: Final[Mapping[str, str]] = {
    "target": "entry",
    "letters": "spelling",
    "margin": "lead",
}
"""The parts of a score as they are called here; one without a name keeps its own."""


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
        case Closest():
            yield from _closest(outcome, bold=bold)
        case Facts():
            yield from _wrapped(FACTS)
            yield from _related_facts(outcome.related, outcome.sources)
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
    yield _title(answer.question, bold=bold)
    yield ""
    if premise := premise_text(answer):
        yield from _wrapped(premise)
        yield ""
    apart = int(answer.moved)
    for sentence in answer.sentences[:apart]:
        yield from _wrapped(sentence)
        yield ""
    yield from _wrapped(" ".join(answer.sentences[apart:]))
    yield from _state(answer)
    if answer.related:
        yield ""
        yield from _related(answer.related)


def _closest(closest: Closest, *, bold: bool) -> Iterator[str]:
    """What is named as the closest, its question, and of its answer what meets it."""
    yield CLOSEST
    yield _title(closest.entry.question, bold=bold)
    yield ""
    yield from _wrapped(closest.lead)
    yield from _state(closest)
    if closest.others:
        yield ""
        yield OTHERS
        yield from _items(link.question for link in closest.others)


def _title(question: str, *, bold: bool) -> str:
    title = "\n".join(_wrapped(question))
    return f"\033[1m{title}\033[0m" if bold else title


def _state(told: Told) -> Iterator[str]:
    """What follows what is told: since then, disputed, kind and date, sources."""
    for note in notes(told):
        yield from _wrapped(note)
    yield ""
    kind = kind_line(told)
    yield from _wrapped(" ".join([*([f"{kind}."] if kind else []), as_of_line(told)]))
    yield ""
    yield from _sources(told.sources)


def _not_covered(outcome: NotCovered) -> Iterator[str]:
    yield from _wrapped(NOT_COVERED)
    if outcome.note:
        yield from _wrapped(outcome.note)
    if outcome.related:
        yield ""
        yield RELATED_FACTS
        yield from _related_facts(outcome.related, outcome.sources)


def _related_facts(
    related: Iterable[RelatedFact], sources: Sequence[NumberedSource]
) -> Iterator[str]:
    yield from _items(" ".join([fact.text, *notes(fact)]) for fact in related)
    yield ""
    yield from _sources(sources)


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
    """Why a message's first question led where it led, for those who keep the facts.

    About a dozen lines of at most 100 characters: what was decided at which threshold,
    how the question was read, and for each of the best candidates what speaks for and
    against it.
    """
    explanation = reply.explanation
    typed = _typed(explanation.reading)
    several = len(reply.outcomes) > 1
    lines = [
        f"Outcome{' of the first question' if several else ''}: {_decision(reply)}",
        *_reading(explanation, typed),
    ]
    if explanation.candidates:
        lines.append(
            "Best candidates: confidence, nearest wording; what is alike, in %"
        )
    for candidate in explanation.candidates[:_EXPLAINED]:
        lines.extend(_candidate(candidate, typed))
    return "\n".join(_clipped(safe(line)) for line in lines)


def _decision(reply: Reply) -> str:  # noqa: PLR0911 - one for each outcome
    """What the first question led to, and at which threshold."""
    outcome = reply.outcomes[0]
    at = reply.thresholds
    best = next((one.confidence for one in reply.explanation.candidates), 0.0)
    match outcome:
        case Answer():
            return (
                f"an answer from {outcome.entry}: {best:.2f}; answers begin at "
                f"{at.answer:.2f}"
            )
        case Closest():
            return (
                f"the closest, {outcome.entry.entry}: {best:.2f}; answers begin at "
                f"{at.answer:.2f}, if clearly ahead"
            )
        case Facts():
            return (
                f"facts only: the best is {best:.2f}; offers begin at {at.offer:.2f}, "
                "more if it names nothing here"
            )
        case DidYouMean():
            return (
                f"did you mean: the best is {best:.2f}; answers begin at "
                f"{at.answer:.2f}, if clearly ahead"
            )
        case NotCovered(note=str()):
            return (
                f"not covered, with a note: a known unknown is surest, with {best:.2f}"
            )
        case NotCovered():
            return (
                f"not covered: the best is {best:.2f}; offers begin at {at.offer:.2f}, "
                "more if it names nothing here"
            )
        case Help():
            return "help: the message is small talk"
        case Silent():
            return "silence: the message was not meant for the bot"
        case _:
            assert_never(outcome)


def _reading(explanation: Explanation, typed: Mapping[str, str]) -> Iterator[str]:
    """How the words were taken, in the asker's own spelling."""
    reading = explanation.reading
    known = [_equal(_said(was, typed), term) for was, term in reading.named.items()]
    ignored: list[str] = []
    meanings, light = lexicon().read(reading.terms)
    for term, meant, is_light in zip(reading.terms, meanings, light, strict=True):
        word = _said(term, typed)
        says_little = is_light or term in FILLER
        if says_little and not meant:
            ignored.append(word)
        elif not says_little and not term.startswith(_NAMES):
            others = [name for name in meant if _said(name) not in {word, term}]
            known.extend(_equal(word, name) for name in others[:1])
    repaired = [f"{_said(was, typed)} → {now}" for was, now in reading.repaired.items()]
    unknown = [_said(term, typed) for term in explanation.unknown]
    yield f"Recognised: {_listed(known) or 'nothing'}"
    if repaired:
        yield f"Repaired: {_listed(repaired)}"
    if unknown or ignored:
        light = _listed(ignored) or "nothing"
        yield f"Unknown: {_listed(unknown) or 'nothing'}; ignored: {light}"


def _listed(found: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(found))


def _equal(word: str, term: str) -> str:
    """What a word was taken for; the word alone where that is the same."""
    meant = _said(term)
    return word if word.replace(" ", "-") == meant else f"{word} = {meant}"


def _candidate(found: Candidate, typed: Mapping[str, str]) -> Iterator[str]:
    """A candidate with its confidence; what speaks for it; what against."""
    name = found.id.removeprefix(UNKNOWN)
    what = "unknown " if name != found.id else ""
    premise = " (a wrong premise)" if found.premise is not None else ""
    yield f"{found.confidence:.2f} {what}{name}: “{plain(found.nearest)}”{premise}"
    parts = (
        f"{_PARTS.get(name, name)} {100 * value:.0f}"
        for name, value in found.signals.items()
        if round(100 * value)
    )
    yield f"     alike: {', '.join(parts)}"
    fired = (
        f"{guard} ({', '.join(_said(word, typed) for word in firing.words)})"
        if firing.words
        else guard
        for guard, firing in found.fired.items()
    )
    if found.fired:
        yield f"     against: {', '.join(fired)}"


def _typed(reading: Reading) -> Mapping[str, str]:
    """The words of a reading, each with how it was typed."""
    found = zip(words(reading.text), spoken(reading.text), strict=True)
    return {
        form: typed
        for word, typed in found
        for form in (word, reading.repaired.get(word, word))
    }


def _said(terms: str, typed: Mapping[str, str] | None = None) -> str:
    """Terms as people read them: as they were typed, or what they stand for."""
    return " ".join(
        (typed or {}).get(term, term).lstrip("@~+") for term in terms.split()
    )


def _clipped(line: str) -> str:
    return line if len(line) <= _EXPLAINED_WIDTH else f"{line[: _EXPLAINED_WIDTH - 1]}…"
