"""A story that asks itself: what is left out, what it tells, what can be expected."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.evaluation import self_report
from bot.evaluation.expected import expected
from bot.evaluation.results import VERDICTS, Verdict
from bot.evaluation.self_test import (
    PARTS,
    SelfTest,
    Tried,
    other_of,
    pairs,
    self_test,
    weakest,
)
from bot.evaluation.shares import Share
from bot.shelf import Shelf
from bot.story.model import Story
from tests.benchmarks import labelled
from tests.benchmarks.self_test import became
from tests.conftest import TODAY
from tests.places import ROOT

STRANGE: Final = "quux the flarn"


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> list[Story]:
    """The stories without something that are asked."""
    made: list[Story] = []

    def other(answerer: Answerer, story: Story) -> Answerer:
        made.append(story)
        return other_of(answerer, story)

    monkeypatch.setattr("bot.evaluation.self_test.other_of", other)
    return made


def with_way(made: Story, entry: str, *ways: str) -> Story:
    """A story in which an entry has more ways of asking."""
    one = made.entries[entry]
    changed = one.model_copy(update={"also_asked": (*one.also_asked, *ways)})
    return replace(made, entries={**made.entries, entry: changed})


def tried(entry: str, verdict: Verdict, taken: str = "") -> Tried:
    """A way that was left out."""
    return Tried(entry, "why?", verdict, taken)


def test_a_way_is_asked_while_it_is_not_known(story: Story) -> None:
    """A way that nothing else is like is found as it stands, and missed in the test."""
    made = with_way(story, "when-returned", STRANGE)
    answerer = Answerer(made)
    assert answerer.reply(STRANGE, TODAY).name == "answer"
    found = self_test(answerer, TODAY)
    (one,) = (one for one in found.tried if one.asked == STRANGE)
    assert one.verdict == "missed"


def test_every_way_is_left_out_once(story: Story) -> None:
    """Every way of an entry that has several is asked, once, and about that entry."""
    found = self_test(Answerer(story), TODAY)
    asked = sorted((one.entry, one.asked) for one in found.tried)
    ways = [(one.id, way) for one in story.entries.values() for way in one.ways]
    assert asked == sorted(ways)


def test_a_part_of_the_ways_is_left_out_at_a_time(
    story: Story, others: list[Story]
) -> None:
    """No entry loses all its ways, nor the story more than a part of what it has."""
    self_test(Answerer(story), TODAY)
    full = {name: len(one.ways) for name, one in story.entries.items()}
    for other in others[:PARTS]:
        for name, one in other.entries.items():
            assert 0 < len(one.ways) <= full[name]
            assert full[name] - len(one.ways) <= -(-full[name] // PARTS)


def test_entries_are_left_out_whole(story: Story, others: list[Story]) -> None:
    """What must not be answered is asked of a story without its entry."""
    found = self_test(Answerer(story), TODAY)
    assert any(len(one.entries) < len(story.entries) for one in others)
    assert found.answered.of > 0


def test_an_answer_to_what_nothing_answers_is_told(story: Story) -> None:
    """A way of an unknown that is answered while it is left out is named, with by what.

    So it is with unknowns of two ways, wherever they stand.
    """
    way = "since when does the bell ring once again"
    one = story.unknowns["repair-cost"]
    unknowns = {
        name: one.model_copy(
            update={"id": name, "question": f"{STRANGE} {name}", "also_asked": (also,)}
        )
        for name, also in (("a", "zub a"), ("b", "zub b"), ("c", way), ("d", "zub d"))
    }
    answerer = Answerer(replace(story, unknowns=unknowns))
    found = self_test(answerer, TODAY)
    assert found.unknowns == (Tried("c", way, "wrong", "when-returned"),)
    assert found.answered.count > 0
    told = "\n".join(self_report.lines(found, answerer))
    assert f"- c → when-returned: “{way}”" in told
    shown = self_report.as_json(found, answerer)
    assert isinstance(shown, dict)
    assert shown["unknowns"] == [{"unknown": "c", "ask": way, "taken": "when-returned"}]
    told = "\n".join(self_report.lines(replace(found, unknowns=()), answerer))
    assert "nothing answers" not in told


def test_a_check_says_what_to_type_next(story: Story) -> None:
    """The sentence names the weakest answers, and the commands to go on with, whole."""
    found = self_test(Answerer(story), TODAY)
    weak = weakest(story, found)[0].entry
    *said, evaluate, ways = self_report.summary(found, story, "my story").split("\n")
    assert weak in " ".join(said)
    assert max(map(len, said)) <= self_report.WIDTH
    assert evaluate == "  receipts evaluate 'my story'"
    assert ways == f"  receipts ways --story 'my story' {weak}"
    assert "unknown" not in " ".join(said)
    answered = replace(found, unknowns=(Tried("cost", "why?", "wrong", weak),))
    told = self_report.summary(answered, story, "x")
    assert "answered, though unknown: cost" in " ".join(told.split())


def test_an_entry_with_one_way_comes_first(story: Story) -> None:
    """Nothing can be left out of it: it is the weakest, and said to have one way."""
    one = story.entries["when-returned"].model_copy(update={"also_asked": ()})
    made = replace(story, entries={**story.entries, one.id: one})
    answerer = Answerer(made)
    found = self_test(answerer, TODAY)
    assert weakest(made, found)[0].entry == "when-returned"
    assert "a single way of asking" in "\n".join(self_report.lines(found, answerer))


def test_a_story_of_single_ways_says_so(story: Story) -> None:
    """Where no answer has a second way, there is a sentence, and no share."""
    bare = {
        name: one.model_copy(update={"also_asked": ()})
        for name, one in story.entries.items()
    }
    answerer = Answerer(replace(story, entries=bare))
    found = self_test(answerer, TODAY)
    assert len(list(self_report.lines(found, answerer))) == 1
    assert "second way" in self_report.summary(found, answerer.story, "story")
    told = self_report.as_json(found, answerer)
    assert isinstance(told, dict)
    assert told["expected"] is None


def test_it_says_how_far_it_is(story: Story) -> None:
    """Each question is told, up to all of them."""
    told: list[tuple[int, int]] = []
    self_test(Answerer(story), TODAY, lambda done, of: told.append((done, of)))
    count = told[-1][1]
    assert told == [(done, count) for done in range(1, count + 1)]


def test_it_is_asked_once_for_a_revision(story: Story, tmp_path: Path) -> None:
    """What is on the shelf is taken from there; another revision asks again."""
    told: list[int] = []
    shelf = Shelf(tmp_path)

    def asked(made: Story) -> SelfTest:
        return self_test(
            Answerer(made), TODAY, lambda done, _of: told.append(done), shelf
        )

    first = asked(story)
    count = len(told)
    assert asked(story) == first
    assert len(told) == count
    asked(replace(story, revision="0" * 12))
    assert len(told) > count


def test_what_is_answered_wrongly_is_weakest(story: Story) -> None:
    """A wrong answer weighs more than silence, that more than an offer."""
    verdicts: tuple[Verdict, ...] = ("offered", "missed", "right", "wrong")
    names = list(story.entries)
    every = tuple(
        tried(name, verdict) for name, verdict in zip(names, verdicts, strict=True)
    )
    found = SelfTest(every, Share(0, 1), Share(0, 1), 3.0)
    order = [one.entry for one in weakest(story, found)]
    assert order == [names[at] for at in (3, 1, 0, 2)]


def test_pairs_are_counted_both_ways() -> None:
    """Two entries are one pair, whichever was taken for the other."""
    every = (
        tried("a", "wrong", "b"),
        tried("b", "offered", "a"),
        tried("c", "missed", "a"),
        tried("c", "right"),
    )
    found = pairs(SelfTest(every, Share(0, 1), Share(0, 1), 3.0))
    assert [({one.entry, one.other}, len(one.tried)) for one in found] == [
        ({"a", "b"}, 2),
        ({"a", "c"}, 1),
    ]


shares = st.integers(0, 200).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of))
)


@given(
    st.lists(st.sampled_from(VERDICTS), min_size=1),
    shares,
    st.floats(1, 100),
)
def test_expected_shares_are_shares(
    verdicts: list[Verdict], answered: tuple[int, int], ways: float
) -> None:
    """Whatever came of it, each is 0-1, and those of covered questions are all."""
    every = tuple(tried("a", one) for one in verdicts)
    found = expected(SelfTest(every, Share(*answered), Share(0, 0), ways))
    assert all(-1e-9 <= one <= 1 for one in found)
    assert sum(found[:4]) == pytest.approx(1)


def test_more_ways_promise_more() -> None:
    """A story with more ways of asking can expect more right answers."""
    few, many = (
        expected(SelfTest((tried("a", "offered"),), Share(0, 9), Share(0, 9), ways))
        for ways in (3.0, 12.0)
    )
    assert few.right < many.right


def test_expected_is_near_what_strangers_get() -> None:
    """Of a story by other hands, the shares are within ten points of its questions'."""
    name = "unity"
    answerer = Answerer(labelled.story(name))
    found = expected(self_test(answerer, TODAY))
    asked = labelled.questions(ROOT / "tests" / "stories" / name, "in_scope")
    verdicts = [became(answerer, one) for one in asked]
    names = ("right", "offered", "missed", "wrong")
    for share, verdict in zip(found, names, strict=False):
        assert share == pytest.approx(verdicts.count(verdict) / len(asked), abs=0.1)


def test_the_report_fits_its_width(story: Story) -> None:
    """Every line has at most 80 columns, and the weakest answers say what they lack."""
    answerer = Answerer(story)
    told = list(self_report.lines(self_test(answerer, date(2026, 1, 1)), answerer))
    assert max(map(len, told)) <= self_report.WIDTH
    assert any(line.strip().startswith("nobody asks") for line in told)
