"""What a message leads to, and how an answer is composed."""

import dataclasses
import re
from datetime import date

import pytest
from hypothesis import given

from bot.answering.answerer import Answerer
from bot.answering.composing import Composer
from bot.answering.contract import reply_json
from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Help,
    Link,
    NotCovered,
    Outcome,
    Silent,
    name_of,
    put_forward,
)
from bot.answering.wording import answer_text, as_of_line, closest_text, kind_line
from bot.cli.console import reply_text
from bot.matching.weights import model
from bot.story.model import Entry, Fact, Story
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
    assert answer.moved
    assert f"\n{hung}\n\n{sent}\n" in reply_text(answerer.reply(answer.asked, TODAY))
    assert answer_text(answer).startswith(f"{hung} {sent}")


def test_after_a_correction_an_answer_is_as_it_was_written(story: Story) -> None:
    """Where a wrong date is set right first, nothing else is moved."""
    answerer = with_entry(story, answer=TWO_SENTENCES)
    answer = answered(answerer, "When did the bell come back, on 13 June 2024?")
    assert answer.premise
    assert answer.sentences[0].startswith("Harbour Council had sent")
    assert not answer.moved


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


def test_a_charge_is_not_told_without_what_became_of_it(story: Story) -> None:
    """Where what disputes a fact was overtaken, what overtook it is said as well."""
    gone = story.facts["moreau-denial"]
    over = gone.model_copy(update={"superseded_by": "bell-returned"})
    changed = dataclasses.replace(story, facts={**story.facts, over.id: over})
    said = "Harbour Council sent the bell for repair. [council-repair]"
    answer = answered(with_entry(changed, answer=said), "When did the bell come back?")
    assert answer.disputes[0].startswith("Ada Moreau denied")
    assert answer.changes[0].startswith("The repaired bell was hung")


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
    assert (
        outcome.note == "Nothing collected here says what the repair of the bell cost."
    )
    assert outcome.related[0].id == "council-repair"
    assert outcome.sources[0].number == 1
    assert (outcome.covers, outcome.examples) == (None, ())


def test_examples_are_of_different_topics(story: Story) -> None:
    """What is off topic is shown a question of each of the first topics, at most 3."""
    topics = {"one": ("what-happened", "was-it-stolen"), "two": ("when-returned",)}
    answerer = Answerer(dataclasses.replace(story, topics=topics))
    outcome = ask(answerer, "what is the weather tomorrow?")
    assert isinstance(outcome, NotCovered)
    assert [one.entry for one in outcome.examples] == ["what-happened", "when-returned"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "???", "what is the weather tomorrow", "😂😂", "\u2800", "0", "null"],
)
def test_what_the_base_does_not_cover_is_not_answered(
    answerer: Answerer, text: str
) -> None:
    """Empty, foreign and meaningless text is not covered; what can be asked is told."""
    reply = answerer.reply(text, TODAY)
    (outcome,) = reply.outcomes
    story = answerer.story
    assert isinstance(outcome, NotCovered)
    assert outcome.covers == story.about.covers
    assert [one.entry for one in outcome.examples] == [
        names[0] for names in story.topics.values()
    ]
    told = reply_json(reply, story)
    assert isinstance(told, dict)
    assert (told["note"], told["related_facts"], told["offered"]) == (None, [], [])


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


VAGUE = "did rascals nick the bell?"
NEAR = "has the bell been put back?"
SPOKEN_OF = "where was Ada Moreau on 5 March 2024?"
HOME = "The bell came home and rang on 12 June 2024."


def test_a_vague_question_is_offered_and_not_answered(answerer: Answerer) -> None:
    """What may be asked is offered, likest first, and nothing is said."""
    reply = answerer.reply(VAGUE, TODAY)
    (outcome,) = reply.outcomes
    assert isinstance(outcome, DidYouMean)
    offered = [link.entry for link in outcome.offered]
    assert set(offered) == {"was-it-stolen", "what-happened", "when-returned"}
    assert offered == [found.id for found in reply.candidates[:3]]


def test_what_is_nearly_sure_is_shown_as_the_closest(answerer: Answerer) -> None:
    """It is offered with what meets the question of its answer, and answers nothing."""
    reply = answerer.reply(NEAR, TODAY)
    (outcome,) = reply.outcomes
    assert isinstance(outcome, Closest)
    assert outcome.entry.question == "When did the bell come back?"
    found = reply_json(reply, answerer.story)
    assert isinstance(found, dict)
    assert (found["outcome"], found["answers"]) == ("closest", [])
    assert found["offered"] == ["when-returned", "what-happened", "was-it-stolen"]
    assert isinstance(found["closest"], dict)
    assert list(found["closest"]) == ["entry", "question", "text", "sources"]
    assert found["closest"]["entry"] == "when-returned"
    assert found["closest"]["text"] == closest_text(outcome)


def test_the_closest_leads_with_what_meets_the_question(story: Story) -> None:
    """Of several sentences it shows the one that was asked for, and its sources."""
    text = f"Harbour Council said so. [council-repair] {HOME} [bell-returned]"
    outcome = ask(with_entry(story, answer=text), NEAR)
    assert isinstance(outcome, Closest)
    assert outcome.lead == f"{HOME} [1]"
    assert [one.id for one in outcome.sources] == ["harbour-herald-2024-06-12"]


def test_the_closest_tells_the_other_side_of_its_lead(story: Story) -> None:
    """Kind, speaker, date, what came after and who denies it are those of the lead."""
    entry = story.entries["what-happened"]
    composer = Composer(story, TODAY)
    gone = composer.closest(entry, "")
    assert (gone.kind, gone.by, gone.as_of) == ("fact", (), "2024-06-12")
    assert gone.changes[0].startswith("The repaired bell was hung")
    sent = composer.closest(entry, "", lead=1)
    assert kind_line(sent) == "Statement by Harbour Council"
    assert sent.disputes[0].startswith("Ada Moreau denied")
    for one in (gone, sent):
        used = set(re.findall(r"\[(\d+)\]", closest_text(one)))
        assert used == {str(source.number) for source in one.sources}


def test_few_others_stand_beside_the_closest(answerer: Answerer) -> None:
    """There are two at most, however many are offered."""
    entry = answerer.story.entries["what-happened"]
    links = [Link(one.id, one.question) for one in answerer.story.entries.values()]
    found = Composer(answerer.story, TODAY).closest(entry, "", others=links)
    assert found.others == tuple(links[:2])


def test_what_somebody_else_did_is_no_fact_about_whom_is_asked(story: Story) -> None:
    """Facts that name others only are not shown in place of an answer."""
    ada = story.entities["ada-moreau"]
    quint = {"id": "quint", "name": "Basil Quint", "aliases": ("quint",)}
    entities = {**story.entities, "quint": ada.model_copy(update=quint)}
    answerer = Answerer(dataclasses.replace(story, entities=entities))
    question = "did {} deny that the bell had reached the workshop by 5 march"
    assert isinstance(ask(answerer, question.format("moreau")), Facts)
    assert not isinstance(ask(answerer, question.format("quint")), Facts)


def test_facts_are_shown_where_no_entry_answers(answerer: Answerer) -> None:
    """What the sources say of whom was asked about comes with its sources."""
    reply = answerer.reply(SPOKEN_OF, TODAY)
    (outcome,) = reply.outcomes
    assert isinstance(outcome, Facts)
    (told,) = outcome.related
    assert told.text.startswith("Ada Moreau denied")
    assert told.text.endswith("5 March 2024. [1]")
    assert [(one.number, one.id) for one in outcome.sources] == [(1, "bell-blog-2024")]
    found = reply_json(reply, answerer.story)
    assert isinstance(found, dict)
    assert (found["outcome"], found["related_facts"]) == ("facts", ["moreau-denial"])
    assert (found["answers"], found["offered"], found["closest"]) == ([], [], None)


def test_a_fact_is_shown_with_its_other_side(story: Story) -> None:
    """What came after and who denies it stand beside it, unless they are shown too."""
    composer = Composer(story, TODAY)
    (gone,), _ = composer.related(["bell-gone"])
    (sent,), sources = composer.related(["council-repair"])
    assert gone.changes[0].startswith("The repaired bell was hung")
    assert sent.disputes[0].startswith("Ada Moreau denied")
    assert len(sources) == 2
    (one, other), _ = composer.related(["council-repair", "moreau-denial"])
    assert (one.disputes, other.disputes) == ((), ())


def test_facts_are_as_many_as_fit_a_phone(story: Story) -> None:
    """What comes after the first, with its other sides, is left out when it is long."""
    composer = Composer(story, TODAY)

    def shown(*names: str) -> list[str]:
        return [one.id for one in composer.related(names)[0]]

    assert shown("bell-gone", "council-repair") == ["bell-gone"]
    assert shown("council-repair", "moreau-denial", "bell-gone") == [
        *("council-repair", "moreau-denial")
    ]


def test_what_is_reserved_is_told_beside_nothing(story: Story) -> None:
    """A fact that is not to be volunteered is no other side of an answer."""
    denial = story.facts["moreau-denial"].model_copy(update={"volunteer": False})
    facts: dict[str, Fact] = {**story.facts, denial.id: denial}
    composer = Composer(dataclasses.replace(story, facts=facts), TODAY)
    entry = story.entries["what-happened"]
    assert composer.answer(entry, "", 1.0).disputes == ()
    assert composer.related(["council-repair"])[0][0].disputes == ()


@pytest.mark.parametrize("text", [NEAR, SPOKEN_OF])
def test_what_is_not_sure_is_not_shown_unasked(answerer: Answerer, text: str) -> None:
    """In a channel the bot answers or is silent: it shows no closest and no facts."""
    assert isinstance(ask(answerer, text, ambient=True), Silent)


def test_the_closest_goes_before_what_else_is_offered(answerer: Answerer) -> None:
    """Of several questions the closest entry comes first; each is there once."""
    (near,) = answerer.reply(NEAR, TODAY).outcomes
    vague = answerer.reply(VAGUE, TODAY)
    (offer,) = vague.outcomes
    assert isinstance(near, Closest)
    assert isinstance(offer, DidYouMean)
    both = dataclasses.replace(vague, outcomes=(offer, near))
    assert both.name == "closest"
    offered = [link.entry for link in put_forward(both.outcomes)]
    links = (near.entry, *near.others, *offer.offered)
    assert offered == list(dict.fromkeys(link.entry for link in links))
    assert (offered[0], offer.offered[0].entry) == ("when-returned", "was-it-stolen")


@pytest.mark.parametrize(
    ("first", "name"),
    [
        ("when did the bell come back?", "answer"),
        (NEAR, "closest"),
        (SPOKEN_OF, "facts"),
        (VAGUE, "did_you_mean"),
    ],
)
def test_a_message_is_named_for_the_best_of_its_outcomes(
    answerer: Answerer, first: str, name: str
) -> None:
    """An answer is best, then the closest, facts, an offer, and last no answer."""
    texts = (
        *("when did the bell come back?", NEAR, SPOKEN_OF),
        *(VAGUE, "what is the weather?", "hello"),
    )
    replies = [answerer.reply(text, TODAY) for text in texts[texts.index(first) :]]
    outcomes = tuple(one.outcomes[0] for one in reversed(replies))
    assert dataclasses.replace(replies[0], outcomes=outcomes).name == name


def test_a_note_is_about_what_was_asked(answerer: Answerer) -> None:
    """What is not known of a cost is no reply to what somebody said."""
    said = ask(answerer, "what did harbour council say")
    cost = ask(answerer, "how much did the repair cost")
    assert isinstance(said, Facts)
    assert isinstance(cost, NotCovered)
    assert cost.note is not None


def test_what_is_answered_is_not_offered_beside_it(answerer: Answerer) -> None:
    """An entry that answers one question of a message is not offered for another."""
    both = answerer.reply(f"when did the bell come back? {VAGUE}", TODAY)
    answer, offer = both.outcomes
    assert isinstance(answer, Answer)
    assert isinstance(offer, DidYouMean)
    assert answer.entry not in [one.entry for one in offer.offered]
    alone = ask(answerer, VAGUE)
    assert isinstance(alone, DidYouMean)
    assert answer.entry in [one.entry for one in alone.offered]


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
        "closest",
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


def only(story: Story, *names: str) -> Story:
    """The story with only these entries, which are asked in one way, and no unknowns.

    What was written of others is gone with them.
    """
    bare: dict[str, object] = {"also_asked": (), "premises": (), "related": ()}
    return dataclasses.replace(
        story,
        entries={name: story.entries[name].model_copy(update=bare) for name in names},
        topics={"bell": names} if names else {},
        unknowns={},
    )


@pytest.mark.parametrize(
    "names", [(), ("was-it-stolen",), ("was-it-stolen", "when-returned")]
)
@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_the_smallest_stories_are_served(
    story: Story, names: tuple[str, ...], share: float
) -> None:
    """Without entries, with one, or with one way of asking each, nothing fails.

    Where any answer may be false, a single word of the story may get one.
    """
    answerer = Answerer(only(story, *names), false_answers=share)
    for text in ("", "hi", "bell", "who?", "what is the weather tomorrow?"):
        if text != "bell" or share < 1:
            assert not isinstance(ask(answerer, text), Answer)
        assert not isinstance(ask(answerer, text, ambient=True), Answer)
    for name in names:
        assert answered(answerer, story.entries[name].question).entry == name
    outcome = ask(answerer, "what is the weather tomorrow?")
    assert isinstance(outcome, NotCovered)
    assert [one.entry for one in outcome.examples] == list(names[:1])
    assert [one.entry for one in answerer.suggest("")] == list(names[:1])


def test_beyond_what_was_measured_answers_begin_as_at_its_end(story: Story) -> None:
    """A share of false answers that was never measured is as the nearest that was."""
    least, most = model().measured
    assert 0 < least < most < 1
    for beyond, end in ((0.0, least), (least / 10, least), (most * 1.5, most)):
        at = [Answerer(story, false_answers=one).thresholds for one in (beyond, end)]
        assert at[0].answer == at[1].answer
    ways = [Answerer(story, false_answers=one).thresholds for one in (least, most)]
    assert ways[0].answer > ways[1].answer


def test_the_same_answer_is_not_given_twice(answerer: Answerer) -> None:
    """Two questions that one answer meets get it once; asked again, it says so."""
    asked = "When did the bell come back? When did the bell come back?"
    twice = answerer.reply(asked, TODAY)
    assert [one.entry for one in twice.outcomes if isinstance(one, Answer)] == [
        "when-returned"
    ]
    before = answerer.reply("When did the bell come back?", TODAY)
    after = answerer.reply("and on which day did it come back?", TODAY, after=before)
    (again,) = after.outcomes
    assert isinstance(again, Answer)
    assert again.again
    (same,) = answerer.reply(before.text, TODAY, after=before).outcomes
    assert isinstance(same, Answer)
    assert not same.again


def test_a_sure_question_beside_an_unsure_one(answerer: Answerer) -> None:
    """Of two questions the one that is answered is, whatever the other leads to."""
    sure, unsure = "When did the bell come back?", "did rascals nick the bell?"
    for text, names in (
        (f"{sure} {unsure}", ["answer", "did_you_mean"]),
        (f"{unsure} {sure}", ["did_you_mean", "answer"]),
    ):
        assert [name_of(one) for one in answerer.reply(text, TODAY).outcomes] == names
