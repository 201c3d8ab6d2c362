"""What an answer begins with is known again after the story changed, or given up."""

from dataclasses import replace
from typing import Final

import pytest

from bot.answering.answerer import Answerer
from bot.answering.beginnings import (
    NOTHING_WRONG,
    Correction,
    beginning,
    begins,
    clashing,
)
from bot.answering.outcome import Answer, Closest
from bot.story.model import Entry, Premise, Story
from tests.conftest import TODAY

CLAIM: Final = "why did Moreau steal the bell"
OTHER: Final = Premise(
    claims=("who melted the bell",), correction="It was not melted. [bell-returned]"
)


@pytest.fixture
def entry(story: Story) -> Entry:
    """An entry with a premise."""
    return story.entries["was-it-stolen"]


@pytest.fixture
def told(story: Story) -> Entry:
    """An entry of several sentences."""
    return story.entries["what-happened"]


def name(answerer: Answerer, question: str) -> str:
    """What an answer, or the closest, begins with."""
    (found,) = answerer.reply(question, TODAY).outcomes
    assert isinstance(found, Answer | Closest)
    return found.begins


def premises(entry: Entry, *found: Premise) -> Entry:
    """The entry with other premises."""
    return entry.model_copy(update={"premises": found})


def test_the_asker_s_words_are_no_part_of_it(answerer: Answerer) -> None:
    """However a wrong premise is typed, its name is the same, and holds none of it."""
    found = {name(answerer, one) for one in (CLAIM, f"pls {CLAIM}!! Xyzzy")}
    (one,) = found
    assert one.startswith("premise ")
    assert not {"moreau", "steal", "bell", "xyzzy"}.intersection(one.split())


def test_an_answer_as_written_has_no_name(story: Story, answerer: Answerer) -> None:
    """Where nothing is put first there is nothing to keep."""
    assert name(answerer, "Was the bell stolen?") == ""
    for one in story.entries.values():
        assert begins(one, NOTHING_WRONG, 0) == ""
        assert beginning(story, one, "") == (NOTHING_WRONG, 0)


def test_a_premise_comes_back_with_today_s_words(story: Story, entry: Entry) -> None:
    """Corrected, moved behind others, with a claim more or less, it is the same one."""
    (premise,) = entry.premises
    old = begins(entry, Correction(None, premise.sentences), 0)
    text = "She was abroad that week. [moreau-denial]"
    new = Premise(claims=("did she sell it", premise.claims[1]), correction=text)
    now = premises(entry, OTHER, new)
    assert beginning(story, now, old) == (Correction(None, new.sentences), 0)


def test_a_premise_that_is_gone_is_not_put_first(story: Story, entry: Entry) -> None:
    """Of a premise without any of its claims, nothing is shown; of another, never."""
    (premise,) = entry.premises
    old = begins(entry, Correction(None, premise.sentences), 0)
    for now in (premises(entry), premises(entry, OTHER)):
        assert beginning(story, now, old) == (NOTHING_WRONG, 0)


def test_what_clashed_comes_back_as_long_as_it_is_the_same(
    story: Story, told: Entry
) -> None:
    """A fact that clashed with a question is put first again, until it is another.

    Once its words are others, they may be the very ones that were asked about.
    """
    for one in clashing(story, told):
        old = begins(told, one, 0)
        assert beginning(story, told, old) == (one, 0)
        if one.opening == "otherwise":
            continue
        (fact,) = one.sentences[0].facts
        other = story.facts[fact].model_copy(update={"statement": "It was in 2019."})
        now = replace(story, facts={**story.facts, fact: other})
        assert beginning(now, told, old) == (NOTHING_WRONG, 0)
    gone = told.model_copy(update={"answer": "It rings. [bell-returned]"})
    old = begins(told, Correction("otherwise", told.sentences[:1]), 0)
    assert beginning(story, gone, old) == (NOTHING_WRONG, 0)


def test_a_sentence_that_led_leads_with_other_words(story: Story, told: Entry) -> None:
    """It is known by its facts, wherever it stands now; without them nothing leads."""
    old = begins(told, NOTHING_WRONG, 2)
    for answer, lead in (
        ("It was gone. [bell-gone] It hangs. [bell-returned] So. [council-repair]", 1),
        ("It was gone. [bell-gone] It hangs. [bell-returned, neighbours-glad]", 1),
        ("It hangs. [bell-returned] It was gone. [bell-gone]", 0),
        ("It was gone. [bell-gone] So they said. [council-repair]", 0),
    ):
        now = told.model_copy(update={"answer": answer})
        assert beginning(story, now, old) == (NOTHING_WRONG, lead)


@pytest.mark.parametrize(
    "odd",
    ["?", "lead", "lead x", "lead 99 y", "premise", "other-date", "otherwise a b"],
)
def test_odd_names_name_nothing(story: Story, told: Entry, odd: str) -> None:
    """A name of another version, or of nothing, is no reason to fail."""
    assert beginning(story, told, odd) == (NOTHING_WRONG, 0)
