"""Where questions lead before and after a change, and which it would steal."""

import dataclasses
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from math import exp, log
from pathlib import Path
from random import Random

import pytest

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, DidYouMean, Link, Name, Reply
from bot.evaluation.leads import Leads, Led, Stood, led_by
from bot.evaluation.margins import margin
from bot.evaluation.processes import cores, on_all_cores
from bot.evaluation.results import is_broken, judged, verdict_of
from bot.matching.candidate import Candidate, Explanation
from bot.matching.ranking import Matcher
from bot.publishing.comparing import Comparison, Moved, Question, compare
from bot.publishing.reach import FIRM, Reach
from bot.shelf import Shelf
from bot.story.hiding import marked
from bot.story.model import Story
from tests.benchmarks.labelled import folders, questions
from tests.benchmarks.labelled import story as story_of
from tests.conftest import TODAY

KINDS = ("in_scope", "near_topic", "swaps", "off_topic")


@pytest.fixture(scope="module")
def before(answerer: Answerer) -> Leads:
    """Where questions lead in the invented story as it is."""
    return Leads(answerer, TODAY)


def with_ways(story: Story, name: str, *ways: str, less: int = 0) -> Story:
    """The story with an entry asked in more ways, or in fewer."""
    entry = story.entries[name]
    kept = entry.also_asked[: len(entry.also_asked) - less]
    changed = entry.model_copy(update={"also_asked": (*kept, *ways)})
    entries = {**story.entries, name: changed}
    return dataclasses.replace(story, entries=entries, revision="changed")


def compared(before: Leads, story: Story, *others: str) -> Comparison:
    """What a changed story does to the questions."""
    return compare(before, Leads(Answerer(story), TODAY), others)


def found(comparison: Comparison, text: str) -> Moved:
    """The question with a text that leads elsewhere."""
    return next(one for one in comparison.moved if one.question.text == text)


def test_nothing_moves_where_nothing_changed(before: Leads, story: Story) -> None:
    """The same story leads every question where it led, and asks each once."""
    comparison = compare(before, Leads(Answerer(story), TODAY), whole=True)
    ways = [way for entry in story.entries.values() for way in entry.ways]
    unknown = [way for one in story.unknowns.values() for way in one.ways]
    asks = [probe.ask for probe in story.probes]
    assert comparison == Comparison((), (), len({*ways, *unknown, *asks}), 0)


def test_a_question_that_an_entry_loses_to_another_is_stolen(
    before: Leads, story: Story
) -> None:
    """What should lead to an entry, and did, is no other's: that is a theft."""
    taken = "did anybody steal it i mean the bell"
    comparison = compared(before, with_ways(story, "what-happened", taken))
    (theft,) = comparison.thefts
    assert comparison.moved[0] is theft
    assert theft.question.text == "did anybody steal it, the bell i mean"
    assert theft.before == Led("answer", ("was-it-stolen",))
    assert theft.others == ("what-happened",)


@pytest.mark.parametrize("outcome", ["did_you_mean", "closest"])
@pytest.mark.parametrize("first", ["was-it-stolen", "what-happened"])
def test_an_entry_keeps_its_own_ways_of_asking(
    before: Leads, answerer: Answerer, tmp_path: Path, outcome: str, first: str
) -> None:
    """A way of asking of which another entry would be offered first is stolen, too."""
    way = "What happened to the Harbour Street bell?"
    other = {"was-it-stolen": "what-happened", "what-happened": "was-it-stolen"}[first]
    after = leads_where(answerer, tmp_path, way, outcome, first, other)
    moved = found(compare(before, after, whole=True), way)
    assert moved.before == Led("answer", ("what-happened",))
    assert moved.after.entries[0] == first
    assert not moved.after.answers
    assert moved.is_theft == (first == "was-it-stolen")


def leads_where(
    answerer: Answerer, folder: Path, asked: str, outcome: str, *entries: str
) -> Leads:
    """Where questions lead, and one of them elsewhere: to an outcome and entries."""
    shelf = Shelf(folder)
    leads = Leads(answerer, TODAY, shelf)
    leads.of(asked)
    leads.keep()
    (file,) = folder.glob("leads-*")
    file.write_text(json.dumps({asked: [[outcome, entries], 1, entries]}))
    return Leads(answerer, TODAY, shelf)


def test_what_no_source_answers_is_not_to_be_answered(
    before: Leads, answerer: Answerer, tmp_path: Path
) -> None:
    """A way of asking an unknown that would get an answer is stolen."""
    way = answerer.story.unknowns["repair-cost"].also_asked[0]
    shelf = Shelf(tmp_path)
    after = Leads(answerer, TODAY, shelf)
    assert after.of(way) == Led("not_covered")
    after.keep()
    (file,) = tmp_path.glob("leads-*")
    file.write_text(json.dumps({way: [["answer", ["when-returned"]], 1, []]}))
    (theft,) = compare(before, Leads(answerer, TODAY, shelf), whole=True).thefts
    assert theft.question == Question(way, "known unknown", ("repair-cost",))


def test_a_hidden_entry_leaves_its_questions_to_nobody(
    before: Leads, story: Story, tmp_path: Path
) -> None:
    """Hiding an entry is no theft; that another would answer its questions is one."""
    entry = story.entries["when-returned"]
    hidden = entry.model_copy(update={"hidden": "being checked"})
    entries = {**story.entries, entry.id: hidden}
    answerer = Answerer(dataclasses.replace(story, entries=entries, revision="hidden"))
    after = Leads(answerer, TODAY, Shelf(tmp_path))
    quiet = compare(before, after)
    assert not quiet.thefts
    assert found(quiet, entry.question).after == Led("not_covered")
    after.keep()
    (file,) = tmp_path.glob("leads-*")
    file.write_text(
        json.dumps({entry.question: [["answer", ["what-happened"]], 1, []]})
    )
    (theft,) = compare(before, Leads(answerer, TODAY, Shelf(tmp_path))).thefts
    assert theft.question.text == entry.question


def test_a_question_that_a_moderator_moves_is_not_stolen(
    before: Leads, story: Story
) -> None:
    """A way of asking that the change takes from one entry for another is listed."""
    way = story.entries["what-happened"].also_asked[-1]
    less = with_ways(story, "what-happened", less=1)
    comparison = compared(before, with_ways(less, "what-neighbours-said", way))
    moved = found(comparison, way)
    assert moved.question.belongs == ("what-neighbours-said",)
    assert not moved.is_theft


def test_what_people_asked_is_asked_too(before: Leads, story: Story) -> None:
    """A question that found no answer, and finds one now, is listed; it is nobody's."""
    asked = "is it true the bell has a crack"
    changed = with_ways(story, "what-happened", "has the bell a crack")
    moved = found(compared(before, changed, asked), asked)
    assert moved.question.origin == "asked by people"
    assert moved.after.answers == ("what-happened",)
    assert not moved.is_theft


def test_a_must_that_is_not_right_is_broken_whatever_was_before(
    before: Leads, story: Story
) -> None:
    """Every `must` question that misses is told, even where there is no before."""
    probe = story.probes[0].model_copy(update={"expect": ("not_covered",)})
    changed = dataclasses.replace(story, probes=(probe,), revision="changed")
    for earlier in (None, before):
        comparison = compare(earlier, Leads(Answerer(changed), TODAY))
        (broken,) = comparison.broken
        assert broken.probe == probe
        assert broken.led == Led("answer", ("what-happened",))
    assert compare(None, before) == Comparison((), (), 0, 0)


def test_a_look_ahead_begins_where_the_words_changed(
    before: Leads, story: Story
) -> None:
    """Of what is not known only a few are asked, those most like the change."""
    taken = "did anybody steal it i mean the bell"
    after = Leads(Answerer(with_ways(story, "what-happened", taken)), TODAY)
    known = len(after.known)
    ahead = compare(before, after, most=2)
    whole = compare(before, after)
    assert ahead.moved == whole.moved
    assert ahead.asked <= known + 2 + sum(one.level == "must" for one in story.probes)
    assert ahead.asked + ahead.left_out == whole.asked
    again = compare(before, after, most=2)
    assert (again.asked, again.left_out) == (whole.asked, 0)


def test_what_is_known_is_kept_on_the_shelf(answerer: Answerer, tmp_path: Path) -> None:
    """A question that was asked and kept is not asked again, at the same revision."""
    shelf = Shelf(tmp_path)
    first = Leads(answerer, TODAY, shelf)
    led = first.of("where is the bell")
    assert not Leads(answerer, TODAY, shelf).known
    first.keep()
    (kept,) = Leads(answerer, TODAY, shelf).known.items()
    assert (kept[0], kept[1].led) == ("where is the bell", led)
    other = dataclasses.replace(answerer.story, revision="another")
    assert not Leads(Answerer(other), TODAY, shelf).known


def test_a_spoiled_file_on_the_shelf_is_as_none(
    answerer: Answerer, tmp_path: Path
) -> None:
    """What cannot be read is asked again."""
    first = Leads(answerer, TODAY, Shelf(tmp_path))
    first.of("hello")
    first.keep()
    (file,) = tmp_path.glob("leads-*")
    file.write_bytes(b'{"hello": ["no outcome"]}')
    assert Leads(answerer, TODAY, Shelf(tmp_path)).of("hello") == Led("help")


def test_a_message_leads_to_all_that_answers_it(answerer: Answerer) -> None:
    """Where a part of a message is answered, what another is offered is no matter."""
    reply = answerer.reply("where is the bell?", TODAY)
    (answer,) = reply.outcomes
    assert isinstance(answer, Answer)
    offer = DidYouMean("and?", (Link("was-it-stolen", "Was the bell stolen?"),))
    both = dataclasses.replace(reply, outcomes=(offer, answer))
    assert led_by(both) == Led("answer", ("what-happened",))
    only = dataclasses.replace(reply, outcomes=(offer,))
    assert led_by(only) == Led("did_you_mean", ("was-it-stolen",))


def test_the_verdict_on_a_reply_is_that_on_where_it_led(
    answerer: Answerer, story: Story
) -> None:
    """Counting questions and comparing revisions judge alike."""
    for probe in story.probes:
        reply = answerer.reply(probe.ask, TODAY)
        assert judged(probe, led_by(reply)) == verdict_of(probe, reply) == "right"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Led("answer", ("a",)), Led("answer", ("a",)), True),
        (Led("answer", ("a",)), Led("answer", ("a", "b")), False),
        (Led("did_you_mean", ("a", "b")), Led("did_you_mean", ("a", "c")), True),
        (Led("did_you_mean", ("a", "b")), Led("did_you_mean", ("b", "a")), False),
        (Led("closest", ("a", "b")), Led("closest", ("a",)), True),
        (Led("closest", ("a",)), Led("did_you_mean", ("a",)), False),
        (Led("not_covered"), Led("silent"), False),
    ],
)
def test_an_asker_sees_the_first_offer(*, one: Led, other: Led, same: bool) -> None:
    """Two outcomes are the same by what answers, or by what is offered first."""
    assert one.is_as(other) is same


def test_what_a_change_does_not_reach_is_not_asked() -> None:
    """It asks fewer questions than there are, and finds all that move."""
    larger = story_of("unity")
    served = Answerer(larger)
    earlier = Leads(served, TODAY)
    changed = marked(larger, {next(iter(larger.entries)): "being checked"})
    whole = compare(earlier, Leads(Answerer(changed), TODAY), whole=True)
    after = Leads(Answerer(changed, before=served), TODAY)
    found = compare(earlier, after)
    assert {one.question for one in found.moved} == {
        one.question for one in whole.moved
    }
    assert found.moved
    assert found.unreached
    assert found.asked + found.unreached == whole.asked
    # Where those led that were not asked is still known to the next change.
    assert compare(after, Leads(Answerer(changed), TODAY)).unreached


@pytest.mark.parametrize(
    ("stood", "is_reached"),
    [
        (Stood(Led("answer", ("when-returned",)), 2.0, ("when-returned",)), False),
        (Stood(Led("answer", ("when-returned",)), 0.1, ("when-returned",)), True),
        (Stood(Led("answer", ("when-returned",)), 2.0, ("what-happened",)), True),
        (None, True),
    ],
)
def test_what_stood_firmly_beside_the_unchanged_stays(
    story: Story, stood: Stood | None, *, is_reached: bool
) -> None:
    """A question is asked that was near to a cut, or to what has changed."""
    changed = with_ways(story, "what-happened", "a gong of sorts")
    reach = Reach(story, changed, ["and the mayor", "what sort of gong"])
    assert reach.has("and the mayor", (), stood) == is_reached
    assert reach.has("what sort of gong", (), stood)


def test_a_question_that_has_a_new_name_is_read_otherwise(story: Story) -> None:
    """A question with all words of a new name is asked, though each was known."""
    entity = next(iter(story.entities.values()))
    names = (*entity.aliases, "the bell founder")
    named = {entity.id: entity.model_copy(update={"aliases": names})}
    changed = replace(story, entities={**story.entities, **named})
    questions = [
        "did the founder of that bell leave quietly last tuesday night",
        "did the founder of that town leave quietly last tuesday night",
    ]
    reach = Reach(story, changed, questions)
    stood = Stood(Led("silent", ()), FIRM, ())
    assert [reach.has(one, (), stood) for one in questions] == [True, False]


def test_a_question_on_a_cut_has_no_margin(answerer: Answerer) -> None:
    """The nearer what counts is to what decides, the smaller the margin."""
    reply = answerer.reply("What happened to the Harbour Street bell?", TODAY)
    sure = reply.candidates[0].confidence

    def at(cut: float) -> float:
        thresholds = reply.thresholds._replace(answer=cut)
        return margin(dataclasses.replace(reply, thresholds=thresholds))

    assert at(sure) == 0.0
    assert 0.0 < at(sure * 0.99) < at(sure * 0.97)
    both = "What happened to the bell? And was it stolen?"
    assert margin(answerer.reply(both, TODAY)) == 0.0


@pytest.mark.skipif(cores() == 1, reason="there is one core, or none may be copied")
@pytest.mark.parametrize("killed", [False, True])
def test_many_questions_are_asked_on_all_cores(
    *, killed: bool, answerer: Answerer
) -> None:
    """All are led where one process leads them, also where the system ends some."""
    texts = [f"where is the bell number {number}" for number in range(600)]
    parent = os.getpid()
    leads = Leads(answerer, TODAY, processes=2)

    def dying(text: str) -> Led:
        if killed and os.getpid() != parent and text.endswith(" 300"):
            os.kill(os.getpid(), signal.SIGKILL)
        return led_by(answerer.reply(text, TODAY))

    assert list(leads.ask(texts)) == texts
    assert list(on_all_cores(dying, texts, 2)) == [leads.of(text) for text in texts]


def moved(found: Explanation, by: Callable[[], float]) -> Explanation:
    """What was found, each of its odds moved by so much of the logarithm."""

    def shifted(sure: float) -> float:
        within = min(max(sure, 1e-6), 1 - 1e-6)
        return 1 / (1 + exp(-log(within / (1 - within)) - by()))

    def shifted_one(one: Candidate) -> Candidate:
        return dataclasses.replace(one, confidence=shifted(one.confidence))

    candidates = sorted(
        map(shifted_one, found.candidates), key=lambda one: -one.confidence
    )
    about = shifted(found.about)
    return dataclasses.replace(found, candidates=tuple(candidates), about=about)


def reply_when_moved(
    answerer: Answerer, text: str, by: Callable[[], float], patch: pytest.MonkeyPatch
) -> Reply:
    """What a question leads to when all that it is decided by is moved."""
    rank = Matcher.rank

    def shifted(matcher: Matcher, text: str, limit: int = 20) -> Explanation:
        return moved(rank(matcher, text, limit), by)

    with patch.context() as patched:
        patched.setattr(Matcher, "rank", shifted)
        return answerer.reply(text, TODAY)


@pytest.mark.parametrize(
    ("expect", "outcome", "broken"),
    [
        ("not_covered", "did_you_mean", False),
        ("not_covered", "facts", False),
        ("not_covered", "closest", True),
        ("not_covered", "answer", True),
        ("what-happened", "did_you_mean", True),
        ("help", "did_you_mean", True),
    ],
)
def test_who_is_asked_back_is_not_misled(
    expect: str, outcome: Name, *, broken: bool, story: Story
) -> None:
    """A `must` that nothing answers is broken by what tells of an entry, no less."""
    probe = story.probes[0].model_copy(update={"expect": (expect,)})
    assert is_broken(probe, Led(outcome, ("what-happened",))) == broken


@pytest.mark.parametrize("name", ["unity", "hidden"])
def test_within_its_margin_a_question_leads_where_it_led(
    name: str, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However sure it is of what: half of the margin, either way, decides nothing."""
    if name == "hidden":
        made = marked(story, {"what-happened": "being checked"})
        some = (*story.entries.values(), *story.unknowns.values())
        asked = 3 * [way for one in some for way in one.ways]
    else:
        made = story_of(name)
        asked = [one.q for kind in KINDS for one in questions(folders()[name], kind)]
    answerer, chance, firm = Answerer(made), Random(1), 0  # noqa: S311 - no secrets
    for seed, text in enumerate(asked):

        def reply(by: float, seed: int = seed, text: str = text) -> Reply:
            far = Random(seed)  # noqa: S311 - the same each time
            return reply_when_moved(
                answerer,
                text,
                lambda: far.uniform(-3, 3) + chance.choice((by, -by)),
                monkeypatch,
            )

        before = reply(0.0)
        found = margin(before)
        firm += found > FIRM
        for _ in range(3):
            now = reply(0.49 * found)
            assert led_by(now).is_as(led_by(before)), (seed, text)
    assert firm > len(asked) / 4
