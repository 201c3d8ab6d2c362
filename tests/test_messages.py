"""Messages: the questions in them, and whether they are meant for the bot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Silent
from bot.matching.question import asks, questions
from tests.conftest import TODAY
from tests.nasty import texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "When did it fall, who saw it, and why?",
            ["When did it fall", "who saw it", "why?"],
        ),
        ("who did it\nwhen did it happen", ["who did it", "when did it happen"]),
        ("1) who did it 2) when was it", ["who did it", "when was it"]),
        ("when and where did it happen", ["when", "where did it happen"]),
        ("did she say sorry and when", ["did she say sorry", "when"]),
        ("Did she say sorry? And when?", ["Did she say sorry?", "when?"]),
        ("who sued; what for", ["who sued", "what for"]),
        ("tell me who did it & explain why", ["tell me who did it", "explain why"]),
        ("Who did it? Thanks! When was it?", ["Who did it?", "When was it?"]),
    ],
)
def test_a_message_is_split_into_its_questions(text: str, expected: list[str]) -> None:
    """Marks, commas, lines, numbers and joints stand between questions, in order."""
    assert questions(text) == expected


def test_numbers_with_points_are_no_part_of_a_question() -> None:
    """A numbered list in one line is split before its numbers."""
    found = questions("1. who did it 2. when did it happen")
    assert found == ["who did it", "when did it happen"]


@pytest.mark.parametrize(
    "text",
    [
        "and when?",
        "Did she say sorry?",
        "what did the bell, the tower and the council say",
        "Kim, Kanye and Khloe",
        "Hi. Was it stolen? thanks",
        "I saw the bell. It fell.",
        "balenciaga lawsuit",
        "",
    ],
)
def test_a_message_with_one_question_stays_whole(text: str) -> None:
    """Lists of names, greetings and follow-ups split nothing."""
    assert questions(text) == [text]


def test_no_message_has_more_than_three_questions() -> None:
    """The first three are taken."""
    text = "Who did it? When was it? Where was it? Why was it? How was it?"
    assert questions(text) == ["Who did it?", "When was it?", "Where was it?"]


@given(
    texts
    | st.lists(st.sampled_from("who when and did it , ? \n 1)".split(" "))).map(
        " ".join
    )
)
def test_splitting_invents_nothing(text: str) -> None:
    """Any message has one to three questions, each of them its own words."""
    found = questions(text)
    assert 1 <= len(found) <= 3
    assert all(part in text for part in found)


def test_each_question_of_a_message_gets_its_own_answer(answerer: Answerer) -> None:
    """Two questions are met with two answers, in the order in which they were asked."""
    reply = answerer.reply("When did the bell come back? Was the bell stolen?", TODAY)
    answers = [one for one in reply.outcomes if isinstance(one, Answer)]
    assert [one.entry for one in answers] == ["when-returned", "was-it-stolen"]
    assert [one.asked for one in answers] == [
        "When did the bell come back?",
        "Was the bell stolen?",
    ]


def test_two_ways_to_ask_one_thing_get_one_answer(answerer: Answerer) -> None:
    """Questions that lead to the same entry are one."""
    text = "When did the bell come back? since when does the bell ring again?"
    (outcome,) = answerer.reply(text, TODAY).outcomes
    assert isinstance(outcome, Answer)
    assert outcome.entry == "when-returned"


@pytest.mark.parametrize(
    "text",
    [
        "guys when did the bell come back?",
        "can we ask when did the bell come back?",
        "mods, when did the bell come back?",
        "y'all when did the bell come back?",
        "when did the bell come back to this channel?",
        "should we talk about when did the bell come back?",
    ],
)
def test_talk_among_people_is_met_with_silence(answerer: Answerer, text: str) -> None:
    """What people ask each other, the bot does not answer unless it is addressed."""
    assert answerer.reply(text, TODAY, ambient=True).name == "silent"


@pytest.mark.parametrize(
    "text",
    [
        "the bell came back lol",
        "the bell came back on 12 June 2024",
        "When did the bell come back in 2019?",
        "what is the weather tomorrow?",
        "hello",
        "",
    ],
)
def test_what_asks_nothing_that_is_covered_is_met_with_silence(
    answerer: Answerer, text: str
) -> None:
    """Remarks, greetings, wrong premises and other topics get no word unasked."""
    reply = answerer.reply(text, TODAY, ambient=True)
    assert [type(outcome) for outcome in reply.outcomes] == [Silent]


@pytest.mark.parametrize(
    "text", ["When did the bell come back?", "was the bell stolen?"]
)
def test_a_clear_question_to_nobody_is_answered(answerer: Answerer, text: str) -> None:
    """A covered question in a channel is answered, addressed to the bot or not."""
    assert answerer.reply(text, TODAY, ambient=True).name == "answer"


@given(texts)
def test_a_channel_hears_answers_only(answerer: Answerer, text: str) -> None:
    """Whatever is said there, the bot answers or keeps silent."""
    assert answerer.reply(text, TODAY, ambient=True).name in {"answer", "silent"}


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("did she say sorry", True),
        ("so did she say sorry", True),
        ("pls explain the lawsuit", True),
        ("she said what", True),
        ("she said sorry?", True),
        ("she said sorry", False),
        ("why", False),
        ("", False),
    ],
)
def test_a_question_is_told_by_its_mark_or_its_words(
    text: str, *, is_question: bool
) -> None:
    """A mark, a question word, or a verb at the beginning asks; one word does not."""
    assert asks(text) is is_question
