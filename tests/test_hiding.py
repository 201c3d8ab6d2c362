"""Hiding: what moderators take off is off at once, with all that rests on it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, NotCovered, put_forward
from bot.evaluation.results import evaluate
from bot.story.files import Files
from bot.story.hiding import NOTE, marked, visible
from bot.story.loading import load
from bot.story.model import Story
from tests.conftest import ROOT, TODAY
from tests.folder import Folder

WHOLE = load(Files.read(ROOT / "bot" / "template"), TODAY).story
assert WHOLE


def hide(*names: str) -> Story:
    """The invented story with some of its facts and entries hidden."""
    assert WHOLE
    reason = {"hidden": "a reader doubts it"}
    facts = {
        one.id: one.model_copy(update=reason) if one.id in names else one
        for one in WHOLE.facts.values()
    }
    entries = {
        one.id: one.model_copy(update=reason) if one.id in names else one
        for one in WHOLE.entries.values()
    }
    return visible(replace(WHOLE, facts=facts, entries=entries, revision="hidden"))


def test_a_story_with_nothing_hidden_is_as_it_was() -> None:
    """Nothing is taken off that nobody took off."""
    assert WHOLE
    assert visible(WHOLE) is WHOLE


def test_a_hidden_entry_is_not_answered_and_nothing_else_takes_its_questions() -> None:
    """Each of its ways of asking is said to be taken off; no other entry answers."""
    assert WHOLE
    answerer = Answerer(hide("was-it-stolen"))
    for way in WHOLE.entries["was-it-stolen"].ways:
        (outcome,) = answerer.reply(way, TODAY).outcomes
        assert isinstance(outcome, NotCovered), way
        assert outcome.note == NOTE
    assert evaluate(answerer, TODAY).passes


@pytest.mark.parametrize("name", WHOLE.entries)
def test_a_hidden_entry_is_not_answered_by_another_nor_offered(name: str) -> None:
    """In its own ways or near them, and unasked; the other entries answer as before."""
    assert WHOLE
    answerer = Answerer(hide(name))
    hidden = WHOLE.entries[name]
    claims = [claim for premise in hidden.premises for claim in premise.claims]
    for way in (*hidden.ways, *claims, f"hey, {hidden.question} thanks"):
        reply = answerer.reply(way, TODAY)
        assert [one.note for one in reply.outcomes if isinstance(one, NotCovered)], way
        assert put_forward(reply.outcomes) == (), way
        assert not any(isinstance(one, Answer) for one in reply.outcomes), way
        unasked = answerer.reply(way, TODAY, ambient=True)
        assert unasked.name == "silent", way
    assert name not in {one.entry for one in answerer.suggest(hidden.question)}
    for entry in answerer.story.entries.values():
        (outcome,) = answerer.reply(entry.question, TODAY).outcomes
        assert isinstance(outcome, Answer), entry.question
        assert outcome.entry == entry.id


def test_where_another_entry_is_surer_a_hidden_one_is_not_answered() -> None:
    """A hidden entry's own way of asking is its own, however another answers it."""
    assert WHOLE
    entry = WHOLE.entries["when-returned"]
    ways = (*entry.also_asked, "was the bell stolen", "was it stolen, the bell")
    entries = {**WHOLE.entries, entry.id: entry.model_copy(update={"also_asked": ways})}
    hidden = entries["was-it-stolen"].model_copy(update={"hidden": "a reader asked"})
    entries[hidden.id] = hidden
    answerer = Answerer(replace(WHOLE, entries=entries))
    (outcome,) = answerer.reply(hidden.question, TODAY).outcomes
    assert isinstance(outcome, NotCovered)
    assert outcome.note == NOTE


def test_a_hidden_fact_takes_what_rests_on_it() -> None:
    """Answers, corrections, events and names no longer lead to a hidden fact."""
    story = hide("bell-gone")
    assert "bell-gone" not in story.facts
    left = {
        *(fact for one in story.entries.values() for fact in one.cites),
        *(fact for one in story.entities.values() for fact in one.facts),
        *(fact for one in story.unknowns.values() for fact in one.facts),
        *(fact for one in story.timeline for fact in one.facts),
    }
    assert left <= story.facts.keys()
    assert "bell-gone" not in left


def test_nothing_is_told_without_its_other_side() -> None:
    """With a denial hidden, an answer that rests on what it denies is off, too."""
    assert WHOLE
    disputed = next(one for one in WHOLE.facts.values() if one.disputed_by)
    resting = {
        entry.id for entry in WHOLE.entries.values() if disputed.id in entry.cites
    }
    assert resting
    story = hide(disputed.disputed_by[0])
    assert resting.isdisjoint(story.entries)


@given(st.sets(st.sampled_from([*WHOLE.facts, *WHOLE.entries])))
def test_whatever_is_hidden_the_rest_holds_together(names: set[str]) -> None:
    """No id of the visible story leads to something that is not there."""
    story = hide(*names)
    assert names.isdisjoint({*story.facts, *story.entries})
    for entry in story.entries.values():
        assert entry.cites <= story.facts.keys()
        assert set(entry.related) <= story.entries.keys()
        for premise in entry.premises:
            for sentence in premise.sentences:
                assert set(sentence.facts) <= story.facts.keys()
    for fact in story.facts.values():
        assert {*fact.disputed_by, *filter(None, [fact.superseded_by])} <= (
            story.facts.keys()
        )
    topics = [one for found in story.topics.values() for one in found]
    assert sorted(topics) == sorted(story.entries)
    assert all(story.topics.values())


def test_everything_may_be_hidden() -> None:
    """A story with nothing left to show answers nothing, and does not fail."""
    assert WHOLE
    answerer = Answerer(hide(*WHOLE.facts))
    for text in ("hi", "Was the bell stolen?", ""):
        for outcome in answerer.reply(text, TODAY).outcomes:
            assert not isinstance(outcome, Answer)


@pytest.mark.parametrize(
    ("name", "record"),
    [("facts/bell.yaml", "bell-gone"), ("answers/bell.yaml", "was-it-stolen")],
)
def test_what_is_hidden_is_remembered(tmp_path: Path, name: str, record: str) -> None:
    """A hidden record is a warning, with its reason, until somebody mends it."""
    folder = Folder(tmp_path / "story")
    name = next(
        path.relative_to(folder.path).as_posix()
        for path in sorted((folder.path / name.partition("/")[0]).glob("*.yaml"))
        if f"- id: {record}\n" in path.read_text()
    )
    old = f"- id: {record}\n"
    line = folder.edit(name, old, f"{old}  hidden: a reader doubts it\n")
    loaded = folder.load()
    (warning,) = [one for one in loaded.problems if "hidden" in one.message]
    assert (warning.path, warning.line) == (f"story/{name}", line + 1)
    assert "a reader doubts it" in warning.message
    assert loaded.story


def test_more_may_be_hidden_in_a_revision_that_is_served() -> None:
    """What is marked is hidden, under another revision; nothing new changes nothing."""
    assert WHOLE
    story = marked(WHOLE, {"bell-gone": "wrong", "was-it-stolen": "wrong", "no": "id"})
    assert story.revision != WHOLE.revision
    assert {"bell-gone", "was-it-stolen"}.isdisjoint(
        {*visible(story).facts, *visible(story).entries}
    )
    assert marked(story, {"bell-gone": "wrong"}) is story


def test_broken_files_tell_what_is_hidden(tmp_path: Path) -> None:
    """Whatever else is wrong with the files, what can be read of them is hidden."""
    folder = Folder(tmp_path / "story")
    (name,) = (
        path.relative_to(folder.path).as_posix()
        for path in (folder.path / "facts").glob("*.yaml")
        if "- id: bell-gone\n" in path.read_text()
    )
    folder.edit(name, "- id: bell-gone\n", "- id: bell-gone\n  hidden: wrong\n")
    folder.write("timeline.yaml", "- : [\n")
    loaded = folder.load()
    assert loaded.story is None
    assert loaded.hidden == {"bell-gone": "wrong"}
