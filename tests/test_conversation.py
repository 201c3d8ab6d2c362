"""What a question takes up from the one before it, and for how long.

A reply says what was talked about. The reply after it is told by `after`; nothing else
remembers, so that no conversation can hold another's words.
"""

import io
import json
import sys
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.outcome import Answer, Help, NotCovered, Reply
from bot.cli import console
from bot.cli.batch import batch
from bot.cli.main import main
from bot.settings import Settings
from tests.conftest import ROOT, TODAY
from tests.nasty import texts

STORY = str(ROOT / "bot" / "template")
HAPPENED = "What happened to the bell?"
STOLEN = "Was the bell stolen?"
RETURNED = "When did the bell come back?"
SAID = "What did the neighbours say in March?"


def replies(answerer: Answerer, *asked: str) -> list[Reply]:
    """The replies of one conversation, in order."""
    found: list[Reply] = []
    for text in asked:
        after = found[-1] if found else None
        found.append(answerer.reply(text, TODAY, after=after))
    return found


def answered(reply: Reply) -> list[str]:
    """The entries that a reply answers from."""
    return [one.entry for one in reply.outcomes if isinstance(one, Answer)]


def sure(reply: Reply, name: str) -> float:
    """How sure a reply is of an entry or an unknown; 0 where it is no candidate."""
    found = {one.id: one.confidence for one in reply.explanation.candidates}
    return found.get(name, 0.0)


@pytest.mark.parametrize(
    ("first", "second", "entry"),
    [
        (HAPPENED, "and when did it come back?", "when-returned"),
        (HAPPENED, "was it stolen?", "was-it-stolen"),
        (HAPPENED, "who stole it?", "was-it-stolen"),
        (STOLEN, "where is it?", "what-happened"),
        (STOLEN, "and where?", "what-happened"),
        (STOLEN, "where was it last seen?", "what-happened"),
        (STOLEN, "is it back?", "when-returned"),
        (HAPPENED, "is it back?", "when-returned"),
        (RETURNED, "is it still missing?", "what-happened"),
        (SAID, "what did they say in march?", "what-neighbours-said"),
    ],
)
def test_what_goes_on_is_answered(
    answerer: Answerer, first: str, second: str, entry: str
) -> None:
    """A question that leaves out what was named is answered, as sure as without."""
    _, reply = replies(answerer, first, second)
    assert answered(reply) == [entry]
    assert sure(reply, entry) >= sure(answerer.reply(second, TODAY), entry)


@pytest.mark.parametrize("text", ["and when?", "when?"])
@pytest.mark.parametrize("first", [STOLEN])
def test_a_bare_question_word_is_about_what_was_named(
    answerer: Answerer, first: str, text: str
) -> None:
    """'And when?' means the date of what was talked about, and nothing else."""
    _, reply = replies(answerer, first, text)
    assert reply.candidates[0].id == "when-returned"


@pytest.mark.parametrize("second", ["how much?", "what did it cost?", "and the cost?"])
def test_what_no_source_says_is_told_in_context(
    answerer: Answerer, second: str
) -> None:
    """A known unknown is found by what was talked about, and stays not covered."""
    _, reply = replies(answerer, HAPPENED, second)
    (outcome,) = reply.outcomes
    assert isinstance(outcome, NotCovered)
    assert (
        outcome.note == "Nothing collected here says what the repair of the bell cost."
    )
    assert reply.explanation.candidates[0].id == "?repair-cost"


@pytest.mark.parametrize("first", [HAPPENED, STOLEN, RETURNED, SAID])
@pytest.mark.parametrize("second", [HAPPENED, STOLEN, RETURNED, SAID])
def test_a_whole_question_starts_afresh(
    answerer: Answerer, first: str, second: str
) -> None:
    """What names what it is about is answered as if nothing had been said before."""
    _, reply = replies(answerer, first, second)
    assert reply == answerer.reply(second, TODAY)


def test_a_new_topic_takes_the_place_of_the_old(answerer: Answerer) -> None:
    """After a question about others, those are what is talked about."""
    bell, neighbours = replies(answerer, RETURNED, SAID)
    assert bell.topic.names == ("town-bell",)
    assert neighbours.topic.names == ("neighbours",)


def test_a_topic_outlasts_what_names_nothing(answerer: Answerer) -> None:
    """An aside does not end a topic: the question after it can take it up."""
    _, aside, second = replies(
        answerer, STOLEN, "who is the president of france?", "is it back?"
    )
    assert answered(aside) == []
    assert aside.topic.names == ("town-bell",)
    assert answered(second) == ["when-returned"]


@pytest.mark.parametrize(
    "text",
    [
        "what is the weather tomorrow?",
        "who is the president of france?",
        "how old is she?",
        "how long?",
    ],
)
@pytest.mark.parametrize("first", [HAPPENED, STOLEN, SAID])
def test_context_makes_no_answer_of_what_has_none(
    answerer: Answerer, first: str, text: str
) -> None:
    """What the base does not cover is not covered after a covered question, too."""
    _, reply = replies(answerer, first, text)
    assert answered(reply) == []


def test_context_changes_nothing_for_what_is_off_topic(answerer: Answerer) -> None:
    """What is about something else altogether is not even offered anything."""
    _, reply = replies(answerer, HAPPENED, "what is the weather tomorrow?")
    assert reply.name == "not_covered"


@pytest.mark.parametrize("text", ["", "???", "😂", "lol", "ok", "wow"])
def test_what_says_nothing_is_no_question_again(answerer: Answerer, text: str) -> None:
    """A sigh or a laugh after an answer does not get that answer once more."""
    _, reply = replies(answerer, STOLEN, text)
    assert answered(reply) == []


@pytest.mark.parametrize(
    ("first", "text"),
    [(RETURNED, "and who?"), (STOLEN, "so when was that?")],
)
def test_another_question_word_does_not_get_the_same(
    answerer: Answerer, first: str, text: str
) -> None:
    """Asked why after when, or when after whether, the bot does not say it again."""
    before, reply = replies(answerer, first, text)
    assert answered(reply) != answered(before)


def test_what_goes_on_can_go_on(answerer: Answerer) -> None:
    """After 'and?' the next such question still knows what it is about."""
    _, _, reply = replies(answerer, SAID, "and?", "and when?")
    assert "the neighbours say in March" in reply.explanation.reading.text


@pytest.mark.parametrize("text", ["hello", "thanks", "what can you do?"])
def test_small_talk_has_no_context(answerer: Answerer, text: str) -> None:
    """Thanks after an answer get help, and no answer."""
    _, reply = replies(answerer, STOLEN, text)
    assert isinstance(reply.outcomes[0], Help)


def test_parts_of_a_message_go_on_from_each_other(answerer: Answerer) -> None:
    """The second question of a message takes up the first."""
    reply = answerer.reply("Was the bell stolen? And is it back?", TODAY)
    assert answered(reply) == ["was-it-stolen", "when-returned"]


def test_a_message_goes_on_from_the_last_question_before(answerer: Answerer) -> None:
    """Of several questions in a message, the last is what is talked about."""
    both = answerer.reply(f"{STOLEN} {SAID}", TODAY)
    assert len(both.outcomes) == 2
    assert both.topic == answerer.reply(SAID, TODAY).topic


@pytest.mark.parametrize(
    "text",
    [
        *("my cat has it", "it is so loud", "they said no", "huh?"),
        "lol what?",
    ],
)
def test_chatter_stays_chatter_in_context(answerer: Answerer, text: str) -> None:
    """What is not asked of anybody is met with silence, whatever was said before."""
    first = answerer.reply(STOLEN, TODAY)
    reply = answerer.reply(text, TODAY, ambient=True, after=first)
    assert reply.name == "silent"


@given(texts, texts)
@example(STOLEN, "is it back?")
@example(HAPPENED, "and when?")
def test_without_after_there_is_no_context(
    answerer: Answerer, first: str, second: str
) -> None:
    """An answerer remembers nothing: what was asked before changes no reply."""
    alone = answerer.reply(second, TODAY)
    replies(answerer, first, second)
    assert answerer.reply(second, TODAY) == alone


@given(texts)
@example("is it back?")
@example("and when?")
def test_what_named_nothing_is_no_context(answerer: Answerer, text: str) -> None:
    """After a reply that was about nothing, a question is as if it were the first."""
    nothing = answerer.reply("xqzzv", TODAY)
    assert nothing.topic.names == ()
    found = answerer.reply(text, TODAY, after=nothing)
    alone = answerer.reply(text, TODAY)
    assert (found.outcomes, found.explanation) == (alone.outcomes, alone.explanation)


@given(st.lists(texts, min_size=2, max_size=4))
@example([STOLEN, "x" * 5000, "and when?"])
@example([HAPPENED, "it " * 900, "it?"])
def test_any_conversation_gets_replies(answerer: Answerer, asked: list[str]) -> None:
    """No texts in a row make the answerer raise, and each reply has an outcome."""
    for reply in replies(answerer, *asked):
        assert reply.outcomes
        assert isinstance(reply_json(reply, answerer.story), dict)


def lines(answerer: Answerer, *typed: tuple[str, str | None]) -> list[str]:
    """What a batch gives for questions, each in a conversation or in none."""
    raw = b"".join(
        json.dumps({"question": question, "conversation": key}).encode() + b"\n"
        for question, key in typed
    )
    return list(batch(iter(io.BytesIO(raw)), answerer, TODAY))


def test_a_batch_tells_conversations_apart(answerer: Answerer) -> None:
    """Lines of one conversation share its context; others, and those of none, don't."""
    second = "is it back?"
    alone = json.dumps(reply_json(answerer.reply(second, TODAY), answerer.story))
    after = json.dumps(reply_json(replies(answerer, STOLEN, second)[1], answerer.story))
    assert alone != after
    found = lines(
        answerer,
        *((STOLEN, "a"), (SAID, "b"), (STOLEN, None)),
        *((second, None), (second, "c"), (second, "a")),
    )
    assert found[3:] == [alone, alone, after]


def test_a_batch_remembers_however_much_is_between(answerer: Answerer) -> None:
    """A conversation of a batch goes on after any number of others' lines."""
    between = [("hello", str(number)) for number in range(200)]
    second = "is it back?"
    found = lines(answerer, (STOLEN, "a"), *between, (second, "a"))
    assert found[-1] == lines(answerer, (STOLEN, "a"), (second, "a"))[-1]


@pytest.mark.parametrize("key", ["", " ", "\ud800", "1", "null", "a" * 10_000])
def test_a_conversation_may_have_any_name(answerer: Answerer, key: str) -> None:
    """Each line has its object, whatever its conversation is called."""
    assert len(lines(answerer, (STOLEN, key), ("and when?", key))) == 2


def test_a_chat_is_one_conversation(
    answerer: Answerer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is typed in the terminal goes on from what was typed before."""
    second = "is it back?"
    typed = io.TextIOWrapper(io.BytesIO(f"{STOLEN}\n{second}\n".encode()))
    monkeypatch.setattr(sys, "stdin", typed)
    assert main(["chat", "--story", STORY], Settings(), TODAY) == 0
    expected = console.reply_text(replies(answerer, STOLEN, second)[1])
    assert capsys.readouterr().out.endswith(f"\n{expected}\n")


def test_names_that_a_revision_no_longer_has_are_passed_over(
    answerer: Answerer,
) -> None:
    """A conversation goes on after a change that took away whom it was about."""
    before = answerer.reply(STOLEN, TODAY)
    topic = before.topic._replace(names=("nobody-any-more", *before.topic.names))
    gone = answerer.reply("and when?", TODAY, after=replace(before, topic=topic))
    assert gone.outcomes == answerer.reply("and when?", TODAY, after=before).outcomes
