"""What the bot does now with a line that is to be a way of asking an entry."""

from dataclasses import replace

import pytest

from bot.answering.answerer import Answerer
from bot.evaluation.trials import Trial, trial
from bot.story.model import Story
from tests.benchmarks import labelled
from tests.conftest import TODAY


def tried(made: Story, entry: str, line: str) -> Trial:
    """What the bot does with a line."""
    return trial(Answerer(made), made.entries[entry], line, TODAY)


@pytest.fixture(scope="module")
def other() -> Answerer:
    """An answerer of a story by other hands."""
    return Answerer(labelled.story("rubiales"))


def of_other(answerer: Answerer, entry: str, line: str) -> Trial:
    """What that does with a line."""
    return trial(answerer, answerer.story.entries[entry], line, TODAY)


def test_what_a_line_does(story: Story) -> None:
    """Known, answered, answered with another: each is told apart."""
    known = tried(story, "what-happened", "Was the bell stolen")
    assert known.does == "known"
    assert known.other
    assert known.other.entry == "was-it-stolen"
    assert tried(story, "what-happened", "where's the bell?").does == "answers"
    other = tried(story, "what-happened", "was the bell taken by a thief")
    assert other.does == "wrong"
    assert other.other
    assert other.other.entry == "was-it-stolen"
    assert other.near in story.entries["was-it-stolen"].ways


@pytest.mark.parametrize(
    ("entry", "line", "does", "instead"),
    [
        ("was-it-consensual", "did he have her permission", "off", None),
        ("trial", "asdf qwer", "off", None),
        ("speech", "what is the capital of france", "off", None),
        ("trial", "were luque and rivera there too", "wrong", "coercion"),
        ("speech", "did he paint himself as the victim", "offers", None),
        (
            "coercion",
            "did vilda and the other two walk free",
            "other",
            "vilda-sacked",
        ),
    ],
)
def test_what_people_get_is_what_is_said(
    other: Answerer, entry: str, line: str, does: str, instead: str | None
) -> None:
    """Nothing is called offered that is not; what is answered wrongly is named."""
    found = of_other(other, entry, line)
    assert (found.does, found.other and found.other.entry) == (does, instead)


@pytest.mark.parametrize(
    "line",
    [
        "asdf qwer",
        "what is the capital of france",
        "what is the price of bananas in france",
        "y",
    ],
)
def test_a_line_of_nothing_here(other: Answerer, line: str) -> None:
    """One without a word of the answer, or to speak of of the story, is strange."""
    found = of_other(other, "trial", line)
    assert found.is_strange
    assert not found.unsaid


def test_one_word_of_many_is_chance() -> None:
    """A word that the story has elsewhere makes no line its own; the answer's does."""
    answerer = Answerer(labelled.story("evergiven"))
    line = "what is the price of bananas in france"
    assert of_other(answerer, "memes", line).is_strange
    casualties = of_other(answerer, "deaths", "any casualties?")
    assert (casualties.does, casualties.is_strange) == ("off", False)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("was-it-consensual", "did he have her permission"),
        ("trial", "who was in the dock with him"),
        ("speech", "any regrets from the guy"),
        ("crotch-gesture", "was luis drunk"),
        ("appeal", "judges"),
    ],
)
def test_a_line_in_other_words_is_not_strange(
    other: Answerer, entry: str, line: str
) -> None:
    """A pronoun, a part of a name or a like word is enough to belong here."""
    assert not of_other(other, entry, line).is_strange


def test_what_the_answer_does_not_say(story: Story) -> None:
    """Names, figures and things asked for that are in neither answer nor facts."""
    assert "lorry" in tried(story, "what-happened", "which lorry took it away").unsaid
    assert tried(story, "what-happened", "is the bell in a museum").unsaid == (
        "museum",
    )
    assert tried(story, "when-returned", "did Ada Moreau hang it").unsaid == (
        "Ada Moreau",
    )
    assert tried(story, "what-happened", "gone since 2019?").unsaid == ("2019",)
    assert not tried(story, "what-happened", "where is the bell now").unsaid
    assert not tried(story, "what-happened", "gone since march 2024?").unsaid


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("crotch-gesture", "what was luis doing with his hands up"),
        ("what-happened", "whats this fuss about the spanish football boss"),
        ("what-happened", "which player got kissed on the lips"),
        ("first-reaction", "how did jenni take it at first"),
        ("boycott-end", "what made them change their minds"),
        ("boycott-end", "how many agreed to come back"),
        ("coercion", "did vilda and the other two walk free"),
        ("first-reaction", "who put out that quote"),
        ("vilda-sacked", "did he think it was unfair"),
        ("appeal", "any new trial coming"),
        ("appeal", "did his lawyer say theyd go further"),
        ("speech", "what was he ranting about in front of everyone"),
    ],
)
def test_everyday_words_are_not_asked_about(
    other: Answerer, entry: str, line: str
) -> None:
    """Nor are parts of names that the answer says, nor other forms of its words."""
    assert of_other(other, entry, line).unsaid == ()


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("trial", "dates for the court case pls"),
        ("hermoso-statement", "does jenni say the federation leaned on her"),
        ("appeal", "june 2025 decision in the kiss case?"),
    ],
)
def test_who_is_named_otherwise_is_named(
    other: Answerer, entry: str, line: str
) -> None:
    """What the answer has by another name, or all of the story, is not lacking."""
    assert of_other(other, entry, line).unsaid == ()


def test_what_is_lacking_is_told_as_it_was_typed(other: Answerer) -> None:
    """With its hyphens."""
    found = of_other(other, "speech", "did he own the jet-ski or not")
    assert found.unsaid == ("jet-ski",)


def test_part_of_a_name_is_worth_an_alias(other: Answerer) -> None:
    """A person's first name that no entity has is suggested; a known one is not."""
    found = of_other(other, "vilda-sacked", "is it that montse woman now, luis")
    assert found.aliases == (("luis", "Luis Rubiales"), ("montse", "Montse Tomé"))
    assert not of_other(other, "testimony", "did jenni speak in court").aliases


def test_words_of_every_answer_are_too_broad(story: Story) -> None:
    """A line whose words others are asked with, all in one way, belongs to none."""
    others = {
        f"other-{n}": story.entries["what-neighbours-said"].model_copy(
            update={"question": f"What did people {word} of the bell?"}
        )
        for n, word in enumerate(("hear", "think", "say"))
    }
    made = replace(story, entries={**story.entries, **others})
    assert tried(made, "was-it-stolen", "what of the people and the bell").is_broad
    assert not tried(made, "was-it-stolen", "people who stole the bell").is_broad


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("what-happened", "out of the loop, who is rubiales and what did he do"),
        ("was-it-consensual", "he says it was mutual, she says no... which is it"),
    ],
)
def test_words_of_several_answers_are_not_too_broad(
    other: Answerer, entry: str, line: str
) -> None:
    """Where no few others have all of them together, the line tells them apart."""
    assert not of_other(other, entry, line).is_broad
    assert of_other(other, "verdict", "what did rubiales say").is_broad
