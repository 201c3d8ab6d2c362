"""How good the bot is: the counting, its uncertainty, and how it is shown."""

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from typing import Literal, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.composing import Composer
from bot.answering.outcome import (
    DidYouMean,
    Help,
    Link,
    Name,
    NotCovered,
    Outcome,
    Reply,
    Thresholds,
    Topic,
)
from bot.evaluation import report
from bot.evaluation.leads import Led
from bot.evaluation.results import (
    Evaluation,
    Result,
    evaluate,
    figures_of,
    judged,
    kind_of,
    verdict_of,
)
from bot.evaluation.shares import Share, calibration_error, reliability
from bot.matching.candidate import Candidate, Explanation
from bot.matching.guards import Firing
from bot.matching.reader import Reading
from bot.matching.weights import model
from bot.story.model import Probe, Story
from bot.story.rules import OUTCOMES
from tests.conftest import TODAY
from tests.nasty import texts

counts = st.integers(1, 10_000).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of))
)
confidences = st.tuples(st.floats(0, 1), st.booleans())
SVG = "{http://www.w3.org/2000/svg}"
# Of our own: how sure the bot must be may change, how it is reported may not.
FIXED = Thresholds(answer=0.55, offer=0.1, ambient=0.8)
ANSWER = FIXED.answer


def probe(
    ask: str,
    expect: Sequence[str] = ("not_covered",),
    kind: str = "covered",
    level: Literal["must", "measure"] = "measure",
) -> Probe:
    """A regression question; whether it may stand in a file is not checked."""
    return Probe.model_construct(ask=ask, expect=tuple(expect), kind=kind, level=level)


def asked(
    story: Story, probes: Sequence[Probe], title: str | None = None
) -> Evaluation:
    """An evaluation of the invented story with other questions, or another title."""
    about = story.about.model_copy(update={"title": title or story.about.title})
    other = dataclasses.replace(story, about=about, probes=tuple(probes))
    return evaluate(Answerer(other), TODAY)


class Sure(Candidate):
    """A candidate whose confidence without each guard is given, not worked out."""

    instead: dict[str, float]

    def without(self, guard: str) -> float:
        """As given; as it is for a guard that did not fire."""
        return self.instead.get(guard, self.confidence)


def sure(
    name: str, confidence: float, *, nearest: str = "", **instead: float
) -> Candidate:
    """A candidate with a confidence, and what it would be without some guards."""
    fired = {guard: Firing(1.0, ()) for guard in instead}
    found = Sure(name, 0.0, confidence, {}, fired, nearest, None, model().words)
    object.__setattr__(found, "instead", instead)
    return found


def result(story: Story, one: Probe, *candidates: Candidate) -> Result:
    """What a question with these candidates leads to, by the bot's thresholds."""
    best = candidates[0] if candidates else sure("", 0.0)
    outcome: Outcome = NotCovered(one.ask, None, (), ())
    if one.ask == "hello":
        outcome = Help(one.ask, "", ())
    elif best.id in story.entries and best.confidence >= ANSWER:
        entry = story.entries[best.id]
        outcome = Composer(story, TODAY).answer(entry, one.ask, best.confidence)
    elif best.confidence >= FIXED.offer:
        outcome = DidYouMean(one.ask, (Link(best.id, best.nearest),))
    entries = tuple(found for found in candidates if found.id in story.entries)
    reading = Reading(one.ask, (), {}, {})
    explanation = Explanation(reading, (), candidates, {}, 1.0)
    reply = Reply(
        text=one.ask,
        outcomes=(outcome,),
        candidates=entries,
        explanation=explanation,
        thresholds=FIXED,
        topic=Topic(one.ask, ()),
        revision=story.revision,
    )
    return Result(one, reply, verdict_of(one, reply))


def evaluation(story: Story, *results: Result) -> Evaluation:
    """An evaluation with these results."""
    story = dataclasses.replace(story, revision="0123456789ab")
    return Evaluation(story, FIXED, TODAY, results, figures_of(results, story))


def stopped(
    story: Story, expect: str, *candidates: Candidate, ask: str = "what happened"
) -> dict[str, tuple[int, int]]:
    """For each guard how many wrong and right answers it stopped on one question."""
    found = evaluation(story, result(story, probe(ask, [expect]), *candidates))
    return {one.guard: (one.wrong, one.right) for one in found.figures.guards}


@given(counts)
def test_an_interval_is_within_0_and_1_and_holds_the_share(
    share: tuple[int, int],
) -> None:
    """Whatever the count, the interval is a part of 0-1 with the share in it."""
    found = Share(*share)
    low, high = found.interval
    assert found.value is not None
    assert 0 <= low <= found.value <= high <= 1
    assert low < high


@given(counts, st.integers(2, 100))
def test_an_interval_shrinks_with_more_questions(
    share: tuple[int, int], times: int
) -> None:
    """The same share of more questions is surer."""
    count, of = share
    few, many = Share(count, of).interval, Share(count * times, of * times).interval
    assert many.high - many.low < few.high - few.low


@given(counts)
def test_an_interval_has_no_favourite_side(share: tuple[int, int]) -> None:
    """The interval of what is not so mirrors the interval of what is."""
    count, of = share
    one, other = Share(count, of).interval, Share(of - count, of).interval
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_an_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    """The interval is the one that tables of Wilson's score interval give."""
    assert Share(count, of).interval == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    """A share of no questions has no value, and any is possible."""
    assert Share(0, 0).value is None
    assert Share(0, 0).interval == (0, 1)


@given(st.lists(confidences))
def test_every_confidence_is_in_its_bin(judged: list[tuple[float, bool]]) -> None:
    """No question is lost, and each bin's mean is between its edges."""
    bins = reliability(judged)
    assert sum(one.right.of for one in bins) == len(judged)
    assert sum(one.right.count for one in bins) == sum(right for _, right in judged)
    for one in bins:
        if one.confidence is not None:
            assert one.low - 1e-9 <= one.confidence <= one.high + 1e-9


@given(st.lists(confidences, min_size=1))
def test_a_calibration_error_is_a_distance(judged: list[tuple[float, bool]]) -> None:
    """It is within 0-1, whatever is judged."""
    error = calibration_error(reliability(judged))
    assert error is not None
    assert 0 <= error <= 1


def test_a_calibration_error_is_the_mean_distance() -> None:
    """Three of four right at 0.95 are 20 points off; right ones at 1 are not."""
    at_95 = [(0.95, True)] * 3 + [(0.95, False)]
    assert calibration_error(reliability(at_95)) == pytest.approx(0.2)
    assert calibration_error(reliability([(1.0, True), (0.0, False)])) == 0
    assert calibration_error(reliability([])) is None


def test_a_false_answer_is_one_to_a_question_without_an_entry(story: Story) -> None:
    """Only questions whose `expect` names no entry count; a right answer is none."""
    figures = asked(
        story,
        [
            probe("when did the bell come back?"),
            probe("when did the bell come back?", ["not_covered", "when-returned"]),
            probe("what is the weather?", ["not_covered", "did_you_mean"]),
            probe("what happened to the bell?", ["when-returned"]),
        ],
    ).figures
    assert figures.false_answers == Share(1, 2)
    assert figures.overall.shares["wrong"] == Share(2, 4)


@pytest.mark.parametrize(
    ("expect", "led", "verdict"),
    [
        ("not_covered", Led("facts"), "right"),
        ("not_covered", Led("closest", ("x",)), "missed"),
        ("did_you_mean", Led("closest", ("x",)), "right"),
        ("did_you_mean", Led("facts"), "missed"),
        ("closest", Led("did_you_mean", ("x",)), "missed"),
        ("facts", Led("not_covered"), "missed"),
        ("facts", Led("facts"), "right"),
        ("x", Led("closest", ("x",)), "offered"),
        ("x", Led("closest", ("y", "x")), "offered"),
        ("x", Led("closest", ("y",)), "missed"),
        ("x", Led("facts"), "missed"),
        ("closest", Led("answer", ("x",)), "wrong"),
    ],
)
def test_what_does_as_well_is_right(expect: str, led: Led, verdict: str) -> None:
    """Facts do for no answer and the closest for an offer; neither is an answer."""
    assert judged(probe("?", [expect]), led) == verdict


def test_all_but_an_answer_can_be_expected() -> None:
    """Whatever a question leads to can be written in `expect`; an answer by its id."""
    assert {*OUTCOMES, "answer"} == set(get_args(Name))


def test_each_kind_is_counted_for_itself_and_all_together(story: Story) -> None:
    """Kinds are in the order in which they are first asked; shares add up to one."""
    figures = asked(
        story,
        [
            probe("xqzzv", kind="b"),
            probe("what happened to the bell?", ["what-happened"], "a"),
            probe("what happened to the bell?", ["when-returned"], "b"),
        ],
    ).figures
    assert [(kind.name, kind.asked) for kind in figures.kinds] == [("b", 2), ("a", 1)]
    assert figures.kinds[0].shares["right"] == Share(1, 2)
    assert figures.overall.asked == 3
    assert sum(share.count for share in figures.overall.shares.values()) == 3


def test_a_kind_without_questions_has_no_shares() -> None:
    """Nothing is divided by nothing."""
    kind = kind_of("empty", [])
    assert kind.asked == 0
    assert all(share.value is None for share in kind.shares.values())


class TestGuards:
    """What would have been without a guard."""

    def test_it_stopped_what_it_alone_held_back(self, story: Story) -> None:
        """It counts by whether the candidate that would have answered is expected."""
        found = sure("what-happened", 0.5, names=ANSWER, roles=ANSWER - 0.01)
        assert stopped(story, "what-happened", found) == {
            "names": (0, 1),
            "roles": (0, 0),
        }
        assert stopped(story, "when-returned", found) == {
            "names": (1, 0),
            "roles": (0, 0),
        }

    def test_it_stopped_nothing_where_the_answer_was_given(self, story: Story) -> None:
        """A candidate that is sure enough with the guard was not stopped by it."""
        found = sure("what-happened", 0.85, names=0.95)
        assert stopped(story, "what-happened", found) == {"names": (0, 0)}

    def test_the_surest_without_the_guard_counts(self, story: Story) -> None:
        """A guard that pushed a candidate behind another stopped that candidate."""
        first, second = sure("what-happened", 0.5), sure("when-returned", 0.4, x=0.9)
        assert stopped(story, "what-happened", first, second) == {"x": (1, 0)}

    def test_an_unknown_is_no_answer(self, story: Story) -> None:
        """What no source says is not answered, with the guard or without it."""
        found = sure("?repair-cost", 0.5, names=0.9)
        assert stopped(story, "not_covered", found) == {"names": (0, 0)}

    def test_small_talk_is_stopped_by_no_guard(self, story: Story) -> None:
        """A greeting is met with help, whatever its candidates are."""
        found = sure("what-happened", 0.5, names=0.9)
        assert stopped(story, "help", found, ask="hello") == {"names": (0, 0)}


def many(story: Story) -> Evaluation:
    """Questions of all verdicts, some of them a `must`, and more misses than fit."""
    when = sure("when-returned", 0.93, nearest="When did the bell come back?")
    stolen = sure("was-it-stolen", 0.42, nearest="Was the bell stolen?", roles=0.91)
    what = sure(
        "what-happened", 0.51, nearest="where is the bell", **{"other names": 0.64}
    )
    none = probe("who painted the mona lisa?", kind="off-topic")
    return evaluation(
        story,
        result(story, probe("when was it back?", ["when-returned"]), when, what),
        result(story, probe("where did it go?", ["what-happened"]), what, stolen),
        result(story, probe("did it ring?", ["what-happened"]), stolen, what),
        result(story, probe("did the founder steal it?", kind="swapped"), stolen),
        result(story, probe("when was the clock back?", kind="near-topic"), when),
        *[result(story, none)] * 12,
        result(story, probe("hello", ["help"], "small talk", "must")),
        *[result(story, probe("what now?", ["what-happened"], "slang", "must"))] * 2,
        *[result(story, probe("why tho", ["what-happened"], "slang"), stolen)] * 20,
    )


def test_the_report_reads_well(
    story: Story, golden: Callable[[str, str], None]
) -> None:
    """What `evaluate` prints is what we looked at and found good, in 80 columns."""
    printed = list(report.lines(many(story)))
    assert all(len(line) <= 80 for line in printed)
    golden("console/evaluate.txt", "\n".join([*printed, ""]))


def test_it_is_told_where_answers_begin(story: Story) -> None:
    """The confidence from which answers begin, and why not as FALSE_ANSWERS says."""
    one = probe("what happened to the bell?", ["what-happened"])
    other = dataclasses.replace(story, probes=(one,))
    least, _ = model().measured
    found = {
        share: evaluate(Answerer(other, false_answers=share), TODAY)
        for share in (0.0, least, 0.05)
    }
    text = {share: " ".join(report.lines(one)) for share, one in found.items()}
    for share, one in found.items():
        begin = f"Answers begin at confidence {one.thresholds.answer:.2f}."
        assert f"{begin} FALSE_ANSWERS={100 * share:g}" in text[share]
        assert ("that was measured" in text[share]) == (share < least)
        told = report.as_json(one)
        assert isinstance(told, dict)
        assert told["false_answers_wanted"] == share
        assert bool(told["beyond_measure"]) == (share < least)
    assert found[0.0].thresholds == found[least].thresholds


def test_misses_are_shown_gravest_first_and_only_the_first(story: Story) -> None:
    """A `must` comes first, then wrong answers; past 20, `--all` is needed."""
    found = many(story)
    misses = re.compile(r"(?:missed|wrong|offered) \(")
    short, whole = (
        [line for line in printed if misses.match(line)]
        for printed in (report.lines(found), report.lines(found, everything=True))
    )
    assert [line.split(",")[0] for line in short[:4]] == [
        "missed (must",
        "missed (must",
        "wrong (measure",
        "missed (measure",
    ]
    assert len(short) == report.MOST_MISSES
    assert len(whole) == sum(one.verdict != "right" for one in found.results) > 20


def test_many_kinds_are_summed_up_unless_all_are_asked_for(story: Story) -> None:
    """A hundred kinds leave a report short; nothing of them is lost."""
    kinds = (probe("xqzzv", kind=f"kind {at}") for at in range(100))
    found = evaluation(story, *(result(story, one) for one in kinds))
    short = list(report.lines(found))
    whole = list(report.lines(found, everything=True))
    (others,) = (line for line in short if line.startswith("others (89)"))
    assert others.split()[2] == "89"
    assert sum(line.startswith("kind ") for line in whole) == 1 + 100


@given(st.lists(st.tuples(texts, texts, texts), max_size=4), texts)
@example([("x" * 5000, "y" * 5000, "z z " * 900)] * 30, "t" * 900)
def test_a_hostile_story_breaks_no_report(
    story: Story, drawn: list[tuple[str, str, str]], title: str
) -> None:
    """Whatever questions, kinds and title hold, lines fit and JSON is ASCII."""
    probes = [probe(ask, [expect], kind) for ask, expect, kind in drawn]
    found = asked(story, probes, title)
    for everything in (False, True):
        printed = list(report.lines(found, everything=everything))
        assert all(len(line) <= 80 and "\n" not in line for line in printed)
        assert printed[-1] == "must: 0 of 0 right"
    assert json.dumps(report.as_json(found)).isascii()


def test_huge_figures_fit_the_terminal(story: Story) -> None:
    """Tens of thousands of questions of one kind are a row of 80 columns."""
    found = asked(story, [probe("xqzzv", kind="a kind with a long name")])
    (kind,) = found.figures.kinds
    shares = {verdict: Share(7_654, 30_616) for verdict in kind.shares}
    huge = dataclasses.replace(kind, shares=shares)
    figures = dataclasses.replace(found.figures, kinds=(huge,), overall=huge)
    printed = list(report.lines(dataclasses.replace(found, figures=figures)))
    assert all(len(line) <= 80 for line in printed)
    assert any("30k" in line for line in printed)


def test_the_json_has_all_figures(story: Story) -> None:
    """One object: every kind, the guards, the curve, and each question not right."""
    found = many(story)
    read = json.loads(json.dumps(report.as_json(found), allow_nan=False))
    assert read["story"] == story.about.title
    assert read["date"] == "2026-11-23"
    assert [one["kind"] for one in read["kinds"]] == [
        kind.name for kind in found.figures.kinds
    ]
    assert read["all"]["asked"] == len(found.results)
    assert sum(one["right"]["of"] for one in read["reliability"]) == 25
    assert len(read["not_right"]) == sum(
        one.verdict != "right" for one in found.results
    )
    assert read["false_answers"]["count"] == 1
    assert {one["guard"] for one in read["guards"]} == {
        one.guard for one in found.figures.guards
    }
