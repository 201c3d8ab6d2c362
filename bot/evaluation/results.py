"""A story's regression questions → what was right, what was wrong, and what stopped it.

Of a message with several questions, the verdict is on all, the candidates are those of
the first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Help, Name, Reply, Thresholds
from bot.answering.policy import FALSE_ANSWERS
from bot.evaluation.leads import Led, led_by
from bot.evaluation.shares import Bin, Share, calibration_error, reliability
from bot.story.model import Probe, Story

Verdict = Literal["right", "offered", "missed", "wrong"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

_DOES_FOR: Final[Mapping[Name, Name]] = {
    "closest": "did_you_mean",
    "facts": "not_covered",
}
"""Outcomes that say more than one that was expected, and answer as little."""


@dataclass(frozen=True, slots=True)
class Result:
    """One regression question and what became of it.

    `right`: the outcome is one of those expected, or one that does as well. `offered`:
    the entry expected is among those offered, or shown as the closest. `wrong`: an
    answer that was not expected. `missed`: the rest.
    """

    probe: Probe
    reply: Reply
    verdict: Verdict

    @property
    def gates(self) -> bool:
        """Whether this result stops a change: a `must` that is broken."""
        is_must = self.probe.level == "must"
        return is_must and is_broken(self.probe, led_by(self.reply))


@dataclass(frozen=True, slots=True)
class Kind:
    """What became of the questions of one kind: the share of each verdict."""

    name: str
    shares: Mapping[Verdict, Share]

    @property
    def asked(self) -> int:
        """How many questions there are of this kind."""
        return self.shares["right"].of


@dataclass(frozen=True, slots=True)
class Stopped:
    """On how many questions a guard alone kept an answer from being given.

    Without what that guard has against the candidates, the surest of them would have
    been sure enough to answer; with it, that candidate was not. `right` counts the
    candidates that are expected, `wrong` the others.
    """

    guard: str
    wrong: int
    right: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How good the bot is.

    `kinds` are in the order in which they are first asked, `overall` is all of them.
    `false_answers` is the share of the questions that no entry is expected to answer
    which got an answer. `guards` are those that fired on any candidate, by name.
    `curve` compares the first entry's confidence with how often it was expected, and
    `error` is how far they are apart, 0-1, None where no question has a candidate.
    `must` is the share of the questions that gate a change that are not broken.
    """

    kinds: tuple[Kind, ...]
    overall: Kind
    false_answers: Share
    guards: tuple[Stopped, ...]
    curve: tuple[Bin, ...]
    error: float | None
    must: Share


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A story's questions as asked on a day: each result in order, and the figures.

    `wanted` is the share of false answers, 0-1, for which `thresholds` are.
    """

    story: Story
    thresholds: Thresholds
    today: date
    results: tuple[Result, ...]
    figures: Figures
    wanted: float = FALSE_ANSWERS

    @property
    def passes(self) -> bool:
        """Whether nothing stops a change: every `must` is right."""
        return not any(result.gates for result in self.results)


def evaluate(answerer: Answerer, today: date) -> Evaluation:
    """Ask every regression question of the story. There may be none."""
    story = answerer.story
    results = tuple(
        Result(probe, reply, verdict_of(probe, reply))
        for probe in story.probes
        for reply in [answerer.reply(probe.ask, today)]
    )
    figures = figures_of(results, story)
    wanted = answerer.false_answers
    return Evaluation(story, answerer.thresholds, today, results, figures, wanted)


def verdict_of(probe: Probe, reply: Reply) -> Verdict:
    """What became of a question that led to a reply; `Result` tells what each is."""
    return judged(probe, led_by(reply))


def judged(probe: Probe, led: Led) -> Verdict:
    """What became of a question that was led somewhere; `Result` tells what each is."""
    expected = set(probe.expect)
    if led.answers:
        return "right" if expected.issuperset(led.answers) else "wrong"
    if led.outcome in expected or _DOES_FOR.get(led.outcome) in expected:
        return "right"
    return "missed" if expected.isdisjoint(led.entries) else "offered"


def is_broken(probe: Probe, led: Led) -> bool:
    """Whether a question led where nothing may be served that leads a `must` there.

    Where it is to be not covered, a question back will do: that misleads nobody, and
    which ones get it shifts with every change of the program.
    """
    is_asked_back = led.outcome == "did_you_mean" and "not_covered" in probe.expect
    return not is_asked_back and judged(probe, led) != "right"


def answers(reply: Reply) -> tuple[str, ...]:
    """The entries that a reply answers from, in order."""
    return tuple(one.entry for one in reply.outcomes if isinstance(one, Answer))


def figures_of(results: Sequence[Result], story: Story) -> Figures:
    """Count what became of a story's questions."""
    kinds: dict[str, list[Result]] = {}
    for result in results:
        kinds.setdefault(result.probe.kind, []).append(result)
    entries = story.entries.keys()
    hopeless = [one for one in results if entries.isdisjoint(one.probe.expect)]
    musts = [one for one in results if one.probe.level == "must"]
    curve = reliability(_judged(results))
    return Figures(
        kinds=tuple(kind_of(name, held) for name, held in kinds.items()),
        overall=kind_of("all", results),
        false_answers=Share(
            sum(bool(answers(one.reply)) for one in hopeless), len(hopeless)
        ),
        guards=_stopped(results, story),
        curve=curve,
        error=calibration_error(curve),
        must=Share(len(musts) - sum(one.gates for one in musts), len(musts)),
    )


def kind_of(name: str, results: Sequence[Result]) -> Kind:
    """What became of some questions, under a name; there may be none of them."""
    counts = Counter(one.verdict for one in results)
    shares: dict[Verdict, Share] = {
        verdict: Share(counts[verdict], len(results)) for verdict in VERDICTS
    }
    return Kind(name, shares)


def _judged(results: Iterable[Result]) -> Iterator[tuple[float, bool]]:
    """The confidence of each question's first entry, and whether it is expected."""
    for result in results:
        for first in result.reply.candidates[:1]:
            yield first.confidence, first.id in result.probe.expect


def _stopped(results: Iterable[Result], story: Story) -> tuple[Stopped, ...]:
    fired: set[str] = set()
    stopped: Counter[tuple[str, bool]] = Counter()
    for result in results:
        candidates = result.reply.explanation.candidates
        answer_from = result.reply.thresholds.answer
        for guard in {guard for one in candidates for guard in one.fired}:
            fired.add(guard)
            first = max(candidates, key=lambda one: one.without(guard))
            is_answer = (
                first.id in story.entries
                and first.confidence < answer_from <= first.without(guard)
                and not isinstance(result.reply.outcomes[0], Help)
            )
            if is_answer:
                stopped[guard, first.id in result.probe.expect] += 1
    return tuple(
        Stopped(guard, wrong=stopped[guard, False], right=stopped[guard, True])
        for guard in sorted(fired)
    )
