"""An evaluation → text of 80 columns, figures first, and the same as JSON."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from bot.answering.contract import Json
from bot.answering.wording import beyond_measure
from bot.evaluation.results import (
    VERDICTS,
    Evaluation,
    Figures,
    Kind,
    Result,
    Stopped,
    Verdict,
    answers,
)
from bot.evaluation.shares import Bin, Share
from bot.story.prose import squeeze, written_date

WIDTH: Final = 80

MOST_MISSES: Final = 20
"""Questions that are not right which a report shows unless it is asked for all."""

MOST_ROWS: Final = 12
"""Kinds that have a row of their own; a report sums up the rest in one."""

_BAR: Final = 30
_LONGEST: Final = 240
_NONE: Final = "–"


def lines(evaluation: Evaluation, *, everything: bool = False) -> Iterator[str]:
    """The figures, then what is not right, gravest first; last the `must` figure.

    Lines of at most WIDTH columns, whatever the story holds; `everything` shows every
    kind and every miss.
    """
    figures = evaluation.figures
    yield clipped(evaluation.story.about.title, WIDTH)
    asked = figures.overall.asked
    day = written_date(evaluation.today.isoformat())
    plural = "" if asked == 1 else "s"
    yield f"{asked} question{plural}, {day}, revision {evaluation.story.revision}"
    yield ""
    if asked:
        yield from _table(_rows(figures, everything=everything))
    yield from textwrap.wrap(_answers_begin(evaluation), WIDTH)
    if asked:
        yield from textwrap.wrap(_false_answers(figures.false_answers), WIDTH)
        yield from _guards(figures.guards)
        yield from _curve(figures)
        yield from _misses(evaluation.results, everything=everything)
    else:
        yield "questions.yaml has no questions: nothing to evaluate"
    yield ""
    yield f"must: {figures.must.count} of {figures.must.of} right"


def _rows(figures: Figures, *, everything: bool) -> list[Kind]:
    """A row for each kind and one for all; of many kinds, the rest are one row."""
    kinds = list(figures.kinds)
    if len(kinds) > MOST_ROWS and not everything:
        rest = kinds[MOST_ROWS - 1 :]
        shares: dict[Verdict, Share] = {
            verdict: Share(
                sum(kind.shares[verdict].count for kind in rest),
                sum(kind.asked for kind in rest),
            )
            for verdict in VERDICTS
        }
        kinds[MOST_ROWS - 1 :] = [Kind(f"others ({len(rest)})", shares)]
    return [*kinds, figures.overall]


def _table(kinds: Sequence[Kind]) -> Iterator[str]:
    asked = ["asked", *(_count(kind.asked) for kind in kinds)]
    columns = [
        _justified(asked),
        *(
            _justified([verdict, *_cells([kind.shares[verdict] for kind in kinds])])
            for verdict in VERDICTS
        ),
    ]
    taken = sum(len(column[0]) for column in columns)
    longest = max(len(kind.name) for kind in kinds)
    gap = max(1, min(3, (WIDTH - taken - longest) // len(columns)))
    room = WIDTH - taken - gap * len(columns)
    names = [clipped(name, room) for name in ("kind", *(kind.name for kind in kinds))]
    width = max(map(len, names))
    names = [name.ljust(width) for name in names]
    for row in zip(names, *columns, strict=True):
        yield (" " * gap).join(row)
    yield "Each: how many, per cent, and the 95 % confidence interval of that."
    yield ""


def _cells(shares: Sequence[Share]) -> list[str]:
    """Shares as count, per cent and interval, each below its like."""
    counts = _justified([_count(share.count) for share in shares])
    percents = _justified([_percent(share) for share in shares])
    intervals = _justified([_interval(share) for share in shares])
    return list(map(" ".join, zip(counts, percents, intervals, strict=True)))


def _count(number: int) -> str:
    """A number in at most four characters: thousands from 10,000 on."""
    return str(number) if number < 10_000 else f"{number // 1000}k"


def _percent(share: Share) -> str:
    return _NONE if share.value is None else f"{100 * share.value:.0f}%"


def _interval(share: Share, digits: int = 0) -> str:
    low, high = (f"{100 * end:.{digits}f}" for end in share.interval)
    return _NONE if share.value is None else f"{low}–{high}"


def _justified(texts: Sequence[str]) -> list[str]:
    width = max(map(len, texts), default=0)
    return [text.rjust(width) for text in texts]


def _answers_begin(evaluation: Evaluation) -> str:
    """From which confidence answers are given, and for which share of false ones."""
    wanted = evaluation.wanted
    beyond = beyond_measure(wanted)
    why = f"{beyond}." if beyond else f"FALSE_ANSWERS={100 * wanted:g}."
    return f"Answers begin at confidence {evaluation.thresholds.answer:.2f}. {why}"


def _false_answers(share: Share) -> str:
    if share.value is None:
        return "False answers: every question has an entry that answers it."
    return (
        f"False answers: {share.count} of {share.of} questions that no entry answers "
        f"got an answer: {100 * share.value:.1f} % ({_interval(share, 1)})."
    )


def _guards(guards: Sequence[Stopped]) -> Iterator[str]:
    """How many answers each guard stopped, those that stopped most first."""
    useful = [one for one in guards if one.wrong + one.right]
    useful.sort(key=lambda one: (-one.wrong - one.right, one.guard))
    idle = [one.guard for one in guards if one not in useful]
    yield ""
    if useful:
        names = ["answers that one guard stopped", *(one.guard for one in useful)]
        width = max(map(len, names))
        yield f"{names[0]:<{width}}  wrong  right"
        for one in useful:
            yield f"{one.guard:<{width}} {one.wrong:>6} {one.right:>6}"
    if idle:
        text = f"Fired, but stopped no answer alone: {', '.join(idle)}."
        yield from textwrap.wrap(text, WIDTH)


def _curve(figures: Figures) -> Iterator[str]:
    """Confidence against what came true: a row and a bar for each bin."""
    if figures.error is None:
        return
    yield ""
    yield "confidence  questions  mean  right"
    for one in figures.curve:
        yield _bin(one).rstrip()
    asked = sum(one.right.of for one in figures.curve)
    yield from textwrap.wrap(
        f"Of {asked} questions with a candidate, a bar shows how often the first entry "
        "was right; it should end at its |, the mean confidence. On average they are "
        f"{100 * figures.error:.1f} points apart.",
        WIDTH,
    )


def _bin(one: Bin) -> str:
    edges = f"{one.low:.1f}–{one.high:.1f}"
    if one.confidence is None or one.right.value is None:
        return f"{edges:<10} {0:>10} {_NONE:>5} {_NONE:>6}"
    bar = list(("#" * round(_BAR * one.right.value)).ljust(_BAR + 1))
    bar[round(_BAR * one.confidence)] = "|"
    return (
        f"{edges:<10} {one.right.of:>10} {one.confidence:>5.2f} "
        f"{one.right.value:>6.2f}  {''.join(bar)}"
    )


def _misses(results: Sequence[Result], *, everything: bool) -> Iterator[str]:
    missed = [one for one in results if one.verdict != "right"]
    missed.sort(key=lambda one: (not one.gates, -VERDICTS.index(one.verdict)))
    shown = missed if everything else missed[:MOST_MISSES]
    for result in shown:
        yield ""
        yield from _miss(result)
    if len(missed) > len(shown):
        yield ""
        yield f"… and {len(missed) - len(shown)} more that are not right: see --all"


def _miss(result: Result) -> Iterator[str]:
    """A question that is not right, what it led to, and the candidates that matter."""
    probe, reply = result.probe, result.reply
    kind, ask = clipped(probe.kind, _BAR), clipped(probe.ask, _LONGEST)
    head = f"{result.verdict} ({probe.level}, {kind}): {ask}"
    yield from textwrap.wrap(head, WIDTH, subsequent_indent="  ")
    answered = ", ".join(answers(reply))
    got = f"an answer from {answered}" if answered else reply.name
    expected = f"expected {' or '.join(probe.expect)}; got {got}"
    yield f"  {clipped(expected, WIDTH - 2)}"
    candidates = reply.explanation.candidates
    first = [one for one in candidates if one.id in probe.expect][:1]
    for one in [*(one for one in candidates[:1] if one not in first), *first]:
        found = f"{one.confidence:.2f} {one.id}: “{one.nearest}”"
        yield f"  {clipped(found, WIDTH - 2)}"


def clipped(text: str, width: int) -> str:
    """Text on one line, cut to at most a number of characters."""
    line = squeeze(text)
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def as_json(evaluation: Evaluation) -> dict[str, Json]:
    """All figures, and each question that is not right, as one object.

    A share has `count` and `of`, its `value` and the ends of its interval 0-1; `value`
    is null where `of` is 0. `beyond_measure` says why the wanted share of false answers
    can't be had, null where it can.
    """
    figures, story = evaluation.figures, evaluation.story
    return {
        "story": story.about.title,
        "revision": story.revision,
        "date": evaluation.today.isoformat(),
        "answer_from": evaluation.thresholds.answer,
        "false_answers_wanted": evaluation.wanted,
        "beyond_measure": beyond_measure(evaluation.wanted),
        "all": _kind_json(figures.overall),
        "kinds": [{"kind": kind.name, **_kind_json(kind)} for kind in figures.kinds],
        "false_answers": _share_json(figures.false_answers),
        "guards": [
            {
                "guard": one.guard,
                "stopped_wrong": one.wrong,
                "stopped_right": one.right,
            }
            for one in figures.guards
        ],
        "reliability": [_bin_json(one) for one in figures.curve],
        "calibration_error": figures.error,
        "must": _share_json(figures.must),
        "not_right": [
            _miss_json(one) for one in evaluation.results if one.verdict != "right"
        ],
    }


def _kind_json(kind: Kind) -> dict[str, Json]:
    return {
        "asked": kind.asked,
        **{verdict: _share_json(share) for verdict, share in kind.shares.items()},
    }


def _share_json(share: Share) -> Json:
    return {
        "count": share.count,
        "of": share.of,
        "value": share.value,
        "low": share.interval.low,
        "high": share.interval.high,
    }


def _bin_json(one: Bin) -> Json:
    return {
        "low": one.low,
        "high": one.high,
        "confidence": one.confidence,
        "right": _share_json(one.right),
    }


def _miss_json(result: Result) -> Json:
    return {
        "ask": result.probe.ask,
        "kind": result.probe.kind,
        "level": result.probe.level,
        "expect": list(result.probe.expect),
        "verdict": result.verdict,
        "outcome": result.reply.name,
        "answers": list(answers(result.reply)),
    }
