"""The regression set → figures: what was right, what was wrong, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, DidYouMean, Reply
from bot.story.model import Probe

Verdict = Literal["right", "offered", "missed", "wrong"]


@dataclass(frozen=True, slots=True)
class Result:
    """One regression question and what became of it.

    `right`: the outcome is one of those expected. `offered`: the entry expected is
    among those offered. `wrong`: an answer that was not expected. `missed`: the rest.
    """

    probe: Probe
    reply: Reply
    verdict: Verdict

    @property
    def gates(self) -> bool:
        """Whether this result stops a change: a `must` that is not right."""
        return self.probe.level == "must" and self.verdict != "right"


def evaluate(answerer: Answerer, today: date) -> tuple[Result, ...]:
    """Ask every regression question of the story, in their order."""
    return tuple(
        Result(probe, reply, _verdict(probe, reply))
        for probe in answerer.story.probes
        for reply in [answerer.reply(probe.ask, today)]
    )


def _verdict(probe: Probe, reply: Reply) -> Verdict:
    answered = {one.entry for one in reply.outcomes if isinstance(one, Answer)}
    offered = {
        link.entry
        for one in reply.outcomes
        if isinstance(one, DidYouMean)
        for link in one.offered
    }
    expected = set(probe.expect)
    if answered:
        return "right" if answered <= expected else "wrong"
    if reply.name in expected:
        return "right"
    return "offered" if offered & expected else "missed"


def report(results: tuple[Result, ...]) -> Iterator[str]:
    """The figures of each kind as lines of text, then each miss and why."""
    kinds = dict.fromkeys(result.probe.kind for result in results)
    yield "kind          asked  right  offered  missed  wrong"
    for kind in kinds:
        yield _row(kind, tuple(one for one in results if one.probe.kind == kind))
    yield _row("all", results)
    for result in results:
        if result.verdict != "right":
            yield ""
            yield from _miss(result)
    gating = sum(result.gates for result in results)
    musts = sum(result.probe.level == "must" for result in results)
    yield ""
    yield f"must: {musts - gating} of {musts} right"


def _row(kind: str, results: tuple[Result, ...]) -> str:
    counts: Mapping[Verdict, int] = {
        verdict: sum(result.verdict == verdict for result in results)
        for verdict in ("right", "offered", "missed", "wrong")
    }
    return (
        f"{kind:<12} {len(results):>6} {counts['right']:>6} {counts['offered']:>8} "
        f"{counts['missed']:>7} {counts['wrong']:>6}"
    )


def _miss(result: Result) -> Iterator[str]:
    probe, reply = result.probe, result.reply
    yield f"{result.verdict} ({probe.level}, {probe.kind}): {probe.ask}"
    yield f"  expected {' or '.join(probe.expect)}; got {_got(reply)}"
    for candidate in reply.explanation.candidates[:3]:
        yield f"  {candidate.confidence:.2f} {candidate.id}: “{candidate.nearest}”"


def _got(reply: Reply) -> str:
    answered = [one.entry for one in reply.outcomes if isinstance(one, Answer)]
    return f"an answer from {', '.join(answered)}" if answered else reply.name
