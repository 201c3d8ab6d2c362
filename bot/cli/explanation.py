"""Why a question led where it led: plain text for those who keep the facts.

At most 16 lines of 100 characters: what was decided and from where answers begin, how
the question was read, and for each of the best candidates what speaks for and against
it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Help,
    NotCovered,
    Opening,
    Reply,
    Silent,
    Told,
)
from bot.answering.policy import ON_TOPIC, VETOES
from bot.answering.preparing import UNKNOWN
from bot.cli.console import safe
from bot.matching.candidate import Candidate, Explanation
from bot.matching.lexicon import lexicon
from bot.matching.reader import Reading
from bot.matching.text import spoken, words
from bot.story.prose import plain

_SHOWN: Final = 3
_WIDTH: Final = 100

_NAMES: Final = ("@", "~")
"""What terms that stand for a phrase begin with."""

_ALIKE: Final[Mapping[str, str]] = {
    "wording": "wording",
    "target": "all wordings",
    "letters": "letters",
    "asked": "words asked",
    "said": "words told",
    "way": "meaning",
}
"""Features, of those that tell how alike a candidate is, as they are called here."""

_CLASHING: Final[Mapping[Opening, str]] = {
    "other-way-round": "a fact of the answer has it the other way round",
    "otherwise": "a sentence of the answer says so of what the question denies",
    "other-date": "a fact of the answer has another date",
    "other-number": "a fact of the answer has another number",
}
"""Why an answer begins with what a premise clashes with."""

_LITTLE: Final = 0.5
"""A lead in rank, in log odds, below which a candidate is hardly ahead of another."""


def explanation_text(reply: Reply) -> str:
    """Why a message's first question led where it led."""
    explanation = reply.explanation
    typed = _typed(explanation.reading)
    several = len(reply.outcomes) > 1
    lines = [
        f"Outcome{' of the first question' if several else ''}: {_decision(reply)}",
        *_set_right(reply),
        *_about(reply),
        *_reading(explanation, typed),
    ]
    if explanation.candidates:
        lines.append(
            "Best candidates: how likely it answers, nearest wording; what is alike, "
            "in %"
        )
    stopping = _stopping(reply)
    for place, candidate in enumerate(explanation.candidates[:_SHOWN]):
        is_first = place == 0
        lines.extend(
            _candidate(
                candidate,
                typed,
                _lead(candidate) if is_first else "",
                stopping if is_first else frozenset(),
            )
        )
    return "\n".join(_clipped(safe(line)) for line in lines)


def _decision(reply: Reply) -> str:  # noqa: PLR0911 - one for each outcome
    """What the first question led to, and from where answers begin."""
    outcome = reply.outcomes[0]
    best = next((one.confidence for one in reply.explanation.candidates), 0.0)
    begin = f"answers begin at {reply.thresholds.answer:.2f}"
    match outcome:
        case Answer():
            return f"an answer from {outcome.entry}: {best:.2f}; {begin}"
        case Closest():
            return f"the closest, {outcome.entry.entry}: {best:.2f}; {begin}"
        case Facts():
            return f"facts only: the best is {best:.2f}; {begin}"
        case DidYouMean():
            return f"did you mean: the best is {best:.2f}; {begin}"
        case NotCovered(note=str()):
            best = max(_unknowns(reply), default=0.0)
            return f"not covered, with a note: for a known unknown, with {best:.2f}"
        case NotCovered():
            return f"not covered: the best is {best:.2f}; {begin}"
        case Help():
            return "help: the message is small talk"
        case Silent():
            return "silence: the message was not meant for the bot"
        case _:
            assert_never(outcome)


def _set_right(reply: Reply) -> Iterator[str]:
    """What sets a wrong premise right: the moderators' correction, or what clashes."""
    outcome = reply.outcomes[0]
    best = next(iter(reply.explanation.candidates), None)
    if not isinstance(outcome, Told) or not outcome.begins:
        return
    if isinstance(outcome, Answer) and outcome.opening:
        yield f"Not so: {_CLASHING[outcome.opening]}"
    elif best and best.premise is not None:
        before = "Not so" if isinstance(outcome, Answer) else "In place of the answer"
        claim = plain(best.nearest)
        yield f"{before}: the correction of premise {best.premise + 1}, “{claim}”"


def _about(reply: Reply) -> Iterator[str]:
    """How likely the question is about the story, and what begins where."""
    if not isinstance(reply.outcomes[0], Help | Silent):
        yield (
            f"About the story: {reply.explanation.about:.2f}; offers begin at "
            f"{reply.thresholds.offer:.2f}, answers at {ON_TOPIC:.2f}"
        )


def _unknowns(reply: Reply) -> Iterator[float]:
    """How sure each known unknown is that it is asked for."""
    for one in reply.explanation.candidates:
        if one.id.startswith(UNKNOWN):
            yield one.confidence


def _stopping(reply: Reply) -> frozenset[str]:
    """The guards for which alone the best candidate was not the answer."""
    best = next(iter(reply.explanation.candidates), None)
    is_sure = (
        best is not None
        and not best.id.startswith(UNKNOWN)
        and best.confidence >= reply.thresholds.answer
        and reply.explanation.about >= ON_TOPIC
    )
    match reply.outcomes[0]:
        case Closest() | Facts() | DidYouMean() | NotCovered(note=None):
            return VETOES.intersection(best.fired) if best and is_sure else frozenset()
        case _:
            return frozenset()


def _lead(found: Candidate) -> str:
    """What its rank says against the first candidate; "" where it is well ahead."""
    own, other = "entry", "unknown"
    if found.id.startswith(UNKNOWN):
        own, other = other, own
    over = found.signals.get("lead", _LITTLE)
    over_other = found.signals.get("unknown lead", _LITTLE)
    lead, behind = min((over, f"next {own}"), (over_other, f"best {other}"))
    if lead < 0:
        return f"behind the {behind}"
    return f"hardly ahead of the {behind}" if lead < _LITTLE else ""


def _reading(explanation: Explanation, typed: Mapping[str, str]) -> Iterator[str]:
    """How the words were taken, in the asker's own spelling."""
    reading = explanation.reading
    known = [_equal(_said(was, typed), term) for was, term in reading.named.items()]
    ignored: list[str] = []
    for one in lexicon().terms(reading.terms):
        word = _said(one.term, typed)
        if one.light and not one.meanings:
            ignored.append(word)
        elif not one.light and not one.term.startswith(_NAMES):
            others = [
                name for name in one.meanings if _said(name) not in {word, one.term}
            ]
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


def _candidate(
    found: Candidate, typed: Mapping[str, str], lead: str, stopping: frozenset[str]
) -> Iterator[str]:
    """A candidate with its confidence; what speaks for it, what against, what stops."""
    name = found.id.removeprefix(UNKNOWN)
    what = "unknown " if name != found.id else ""
    premise = " (a wrong premise)" if found.premise is not None else ""
    yield f"{found.confidence:.2f} {what}{name}: “{plain(found.nearest)}”{premise}"
    yield f"     alike: {_listed(_alike(found)) or 'nothing'}"
    said = {guard: _guard(found, guard, typed) for guard in found.fired}
    against = [one for guard, one in said.items() if guard not in stopping]
    if lead or against:
        yield f"     against: {_listed(filter(None, [lead, *against]))}"
    if stops := [one for guard, one in said.items() if guard in stopping]:
        yield f"     not answered because of: {_listed(stops)}"


def _alike(found: Candidate) -> list[str]:
    """What of it is like the question, and how much, in per cent."""
    shares = {
        name: round(100 * min(1.0, found.signals.get(feature, 0.0)))
        for feature, name in _ALIKE.items()
    }
    return [f"{name} {share}" for name, share in shares.items() if share > 0]


def _guard(found: Candidate, guard: str, typed: Mapping[str, str]) -> str:
    """A guard that speaks against a candidate, and the words that set it off."""
    said = ", ".join(_said(word, typed) for word in found.fired[guard].words)
    return f"{guard} ({said})" if said else guard


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
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
