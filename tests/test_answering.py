"""What a message leads to, and how an answer is composed."""

import dataclasses
import re
from datetime import date

import pytest
from hypothesis import given

from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.outcome import (
    Answer,
    DidYouMean,
    Help,
    NotCovered,
    Outcome,
    Silent,
)
from bot.answering.wording import answer_text, as_of_line, kind_line
from bot.story.model import Entry, Story
from tests.conftest import TODAY
from tests.nasty import texts


def ask(answerer: Answerer, text: str, *, ambient: bool = False) -> Outcome:
    """The first outcome of a message."""
    return answerer.reply(text, TODAY, ambient=ambient).outcomes[0]


def answered(answerer: Answerer, text: str, today: date = TODAY) -> Answer:
    """The answer to a question that has one."""
    outcome = answerer.reply(text, today).outcomes[0]
    assert isinstance(outcome, Answer)
    return outcome


def with_entry(story: Story, **changes: object) -> Answerer:
    """An answerer whose `when-returned` entry is changed."""
    entry = story.entries["when-returned"].model_copy(update=changes)
    entries: dict[str, Entry] = {**story.entries, "when-returned": entry}
    return Answerer(dataclasses.replace(story, entries=entries))


def test_a_covered_question_is_answered(answerer: Answerer) -> None:
    """A stored wording leads to its entry's answer, with the question it answers."""
    answer = answered(answerer, "since when does the bell ring again")
    assert answer.entry == "when-returned"
    assert answer.question == "When did the bell come back?"
    assert answer.as_of == "2024-06-12"


def test_every_sentence_ends_with_the_numbers_of_its_sources(
    answerer: Answerer,
) -> None:
    """Numbers start at 1, each is a source, and each source's number is used."""
    answer = answered(answerer, "Was the bell stolen?")
    used = {int(number) for number in re.findall(r"\[(\d+)\]", answer_text(answer))}
    assert used == {source.number for source in answer.sources}
    assert used == set(range(1, len(used) + 1))
    assert all(re.search(r"\]$", sentence) for sentence in answer.sentences)


TWO_SENTENCES = (
    "Harbour Council had sent the bell for repair. [council-repair] The bell was hung "
    "in its tower again on 12 June 2024. [bell-returned]"
)


def test_what_meets_the_question_is_shown_first(story: Story) -> None:
    """A date that was asked for comes first, and the numbers of sources follow it."""
    answerer = with_entry(story, answer=TWO_SENTENCES)
    answer = answered(answerer, "When did the bell come back?")
    hung, sent = answer.sentences
    assert hung == "The bell was hung in its tower again on 12 June 2024. [1]"
    assert sent == "Harbour Council had sent the bell for repair. [2]"
    assert answer.sources[0].id == "harbour-herald-2024-06-12"
    assert answer.sentences[answer.lead] == hung
    assert answer_text(answer).startswith(f"{hung} {sent}")


def test_after_a_correction_an_answer_is_as_it_was_written(story: Story) -> None:
    """Where a wrong date is set right first, nothing else is moved."""
    answerer = with_entry(story, answer=TWO_SENTENCES)
    answer = answered(answerer, "When did the bell come back, on 13 June 2024?")
    assert answer.premise
    assert answer.sentences[0].startswith("Harbour Council had sent")


def test_sources_carry_the_words_they_printed(answerer: Answerer) -> None:
    """A source has the quotations that the answer's facts cite from it."""
    answer = answered(answerer, "When did the bell come back?")
    quotes = [quote for source in answer.sources for quote in source.quotes]
    assert "the repaired bell was back in its tower on Wednesday" in quotes


def test_an_address_that_is_not_the_publishers_is_not_shown(
    answerer: Answerer,
) -> None:
    """A source with `link: false` has no url."""
    answer = answered(answerer, "Was the bell stolen?")
    assert [one.url for one in answer.sources if one.id == "bell-blog-2024"] == [None]


def test_a_wrong_premise_is_set_right_first(answerer: Answerer) -> None:
    """A question with a known wrong claim gets the sentence that sets it right."""
    answer = answered(answerer, "why did Moreau steal the bell?")
    assert answer.premise
    assert answer.premise.startswith("Ada Moreau denied")
    assert answer.premise.endswith("[1]")


def test_kind_and_speaker_are_said_where_all_facts_agree(story: Story) -> None:
    """One kind and one speaker are named; where facts differ, nothing is claimed."""
    said = "Harbour Council sent the bell for repair. [council-repair]"
    one = answered(with_entry(story, answer=said), "When did the bell come back?")
    assert kind_line(one) == "Statement by Harbour Council"
    both = f"{said} The bell is back. [bell-returned]"
    two = answered(with_entry(story, answer=both), "When did the bell come back?")
    assert (two.kind, two.by, kind_line(two)) == (None, (), "")


def test_what_superseded_a_fact_is_said(story: Story) -> None:
    """An answer from a superseded fact says what has happened since, with sources."""
    answerer = with_entry(story, answer="The bell is gone. [bell-gone]")
    answer = answered(answerer, "When did the bell come back?")
    assert answer.changes[0].startswith("The repaired bell was hung")
    assert answer.as_of == "2024-06-12"
    assert answer.changes[0].endswith("]")


def test_a_successor_in_the_answer_is_not_said_twice(answerer: Answerer) -> None:
    """Where the answer cites the successor itself, nothing is added."""
    assert answered(answerer, "What happened to the bell?").changes == ()


def test_who_disputes_a_fact_is_said(answerer: Answerer) -> None:
    """A disputed fact is shown with the fact that disputes it."""
    answer = answered(answerer, "What happened to the Harbour Street bell?")
    assert [one.split(" denied")[0] for one in answer.disputes] == ["Ada Moreau"]


@pytest.mark.parametrize(
    ("today", "stale"), [(date(2025, 6, 11), False), (date(2025, 6, 14), True)]
)
def test_old_answers_say_so(answerer: Answerer, today: date, *, stale: bool) -> None:
    """An answer older than the story's `stale_after` says it may be out of date."""
    answer = answered(answerer, "When did the bell come back?", today)
    assert answer.stale is stale
    assert ("out of date" in as_of_line(answer)) is stale


def test_answers_about_the_past_do_not_get_old(answerer: Answerer) -> None:
    """A historical entry never says that it may be out of date."""
    assert not answered(answerer, "What did the neighbours say in March?").stale


def test_an_unknown_is_not_covered_and_says_why(answerer: Answerer) -> None:
    """A question that no source answers gets the curator's note and related facts."""
    outcome = ask(answerer, "what did the repair of the bell cost?")
    assert isinstance(outcome, NotCovered)
    assert outcome.note == "No source we have says what the repair of the bell cost."
    assert outcome.related[0].id == "council-repair"
    assert outcome.sources[0].number == 1


@pytest.mark.parametrize(
    "text",
    ["", " ", "???", "what is the weather tomorrow", "😂😂", "\u2800", "0", "null"],
)
def test_what_the_base_does_not_cover_is_not_answered(
    answerer: Answerer, text: str
) -> None:
    """Empty, foreign and meaningless text is not covered."""
    assert isinstance(ask(answerer, text), NotCovered)


@pytest.mark.parametrize(
    "text", ["hello", "Hi there!", "thanks a lot", "what can you do?", "Help", "ty bot"]
)
def test_small_talk_gets_help(answerer: Answerer, text: str) -> None:
    """Greetings, thanks and 'what can you do?' show what can be asked."""
    outcome = ask(answerer, text)
    assert isinstance(outcome, Help)
    assert outcome.examples


@pytest.mark.parametrize("text", ["hello", "lol nice one", "my cat has a bell", "???"])
def test_chatter_in_a_channel_is_met_with_silence(
    answerer: Answerer, text: str
) -> None:
    """Text that was not addressed to the bot leads to nothing."""
    assert isinstance(ask(answerer, text, ambient=True), Silent)


def test_a_clear_question_in_a_channel_is_answered(answerer: Answerer) -> None:
    """Where the bot is nearly certain, it answers text that was not addressed to it."""
    assert isinstance(
        ask(answerer, "When did the bell come back?", ambient=True), Answer
    )


def test_a_vague_question_is_offered_and_not_answered(answerer: Answerer) -> None:
    """What may be asked is offered, likest first, and nothing is said."""
    reply = answerer.reply("did the bell get taken back", TODAY)
    (outcome,) = reply.outcomes
    assert isinstance(outcome, DidYouMean)
    offered = [link.entry for link in outcome.offered]
    assert set(offered) == {"when-returned", "was-it-stolen"}
    assert offered == [found.id for found in reply.candidates[:2]]


def test_suggestions_begin_with_the_nearest_question(answerer: Answerer) -> None:
    """What is being typed finds questions by meaning; nothing typed shows examples."""
    assert answerer.suggest("stolen")[0].entry == "was-it-stolen"
    assert answerer.suggest("")
    assert all(
        link.entry in answerer.story.entries for link in answerer.suggest("bell")
    )


@given(texts)
def test_any_text_gets_an_outcome(answerer: Answerer, text: str) -> None:
    """No text makes the answerer raise, and the contract's fields are all there."""
    found = reply_json(answerer.reply(text, TODAY), answerer.story)
    assert isinstance(found, dict)
    assert list(found) == [
        "question",
        "outcome",
        "answers",
        "offered",
        "candidates",
        "related_facts",
        "note",
        "revision",
    ]


def test_two_questions_in_one_message_are_both_answered(answerer: Answerer) -> None:
    """Each question has its own outcome, which says which question it is for."""
    text = "Was the bell stolen and when did the bell come back?"
    reply = answerer.reply(text, TODAY)
    answers = [one for one in reply.outcomes if isinstance(one, Answer)]
    assert [one.entry for one in answers] == ["was-it-stolen", "when-returned"]
    assert [one.asked for one in answers] == [
        "Was the bell stolen",
        "when did the bell come back?",
    ]


def test_one_question_with_an_and_in_it_stays_one(answerer: Answerer) -> None:
    """A message is split only where its parts lead to different entries."""
    text = "Is the bell still missing and where is the bell?"
    assert len(answerer.reply(text, TODAY).outcomes) == 1


def test_a_reply_carries_the_thresholds_that_decided(answerer: Answerer) -> None:
    """Each reply says at which confidences it was decided."""
    reply = answerer.reply("Was the bell stolen?", TODAY)
    assert reply.thresholds == answerer.thresholds
