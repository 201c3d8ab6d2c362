"""Which sentence of an answer is shown first."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.leading import lead, leans
from tests.nasty import texts

REPAIR = "Harbour Council sent the bell away for repair."
HUNG = "The bell was hung in its tower again on 12 June 2024."
TWINS = ["The bell rang for the harbour.", "The bell rang for the market."]


def led(answerer: Answerer, question: str, sentences: Sequence[str]) -> str:
    """The sentence that a question leads to."""
    read = answerer.matcher.reader.understand
    return sentences[lead(read(question), [read(one) for one in sentences], sentences)]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("when was that?", HUNG),
        ("how many people came?", "In June 300 neighbours stood in the street."),
        ("how much was it?", "The work came to 900 pounds."),
        ("how long did that take?", "The work took three months."),
        ("where is it now?", "The bell stands in Northport."),
        ("why did they do that?", "Harbour Council sent it away because of a crack."),
        ("who did that?", "The founder was Ada Moreau."),
    ],
)
def test_the_kind_of_answer_asked_for_leads(
    answerer: Answerer, question: str, sentence: str
) -> None:
    """A date meets when, a number how many, a sum how much, a name who, and so on."""
    first = "The old bell is well."
    assert led(answerer, question, [first, sentence]) == sentence
    assert led(answerer, question, [sentence, first]) == sentence


def test_yes_or_no_stays_first_where_it_was_asked_for(answerer: Answerer) -> None:
    """A yes is not put behind what has a little more of the question's words."""
    yes, more = "Yes, it was.", "The bell was hung with new ropes by the neighbours."
    assert led(answerer, "was the bell hung with ropes?", [yes, more]) == more
    known = "Yes, the bell was hung."
    assert led(answerer, "was the bell hung with ropes?", [known, more]) == known


def test_the_words_that_were_asked_lead(answerer: Answerer) -> None:
    """What the first sentence has nothing of, and another all, is shown first."""
    found = led(
        answerer,
        "what happened to the crane driver?",
        [REPAIR, "A crane driver fell ill."],
    )
    assert found == "A crane driver fell ill."


def test_what_is_meant_counts_as_what_is_said(answerer: Answerer) -> None:
    """Another word for the same leads, too."""
    said = "The council apologised to the neighbours."
    assert (
        led(answerer, "did anybody say sorry to the neighbours?", [HUNG, said]) == said
    )


def test_the_first_stays_where_none_leads_clearly(answerer: Answerer) -> None:
    """Sentences that meet a question alike, and one word by chance, move nothing."""
    assert led(answerer, "what of the bell?", TWINS) == TWINS[0]
    chance = "tell me all that is known of the old tower, its bell and the market"
    assert led(answerer, chance, TWINS) == TWINS[0]
    assert led(answerer, "", TWINS) == TWINS[0]


@pytest.mark.parametrize(
    "text",
    [
        "It came back on 12 June 2024.",
        "However, the bell came back on 12 June 2024.",
        "The council also hung it on 12 June 2024.",
        "In June 2024 it came back.",
        "In June its founder came back.",
        "Harbour Council said the same on 12 June 2024.",
        "The council then hung the bell on 12 June 2024.",
        "Both were back on 12 June 2024.",
        "“They hung the bell” on 12 June 2024.",
    ],
)
def test_what_leans_on_the_sentence_before_stays(answerer: Answerer, text: str) -> None:
    """A sentence that says 'it' of what was named before is never shown first."""
    assert leans(text)
    assert led(answerer, "when did it come back?", [REPAIR, text]) == REPAIR


@pytest.mark.parametrize(
    "text",
    [
        HUNG,
        "The council and its founder hung the bell.",
        "In June 2024 Ada Moreau hung it.",
        "On 5 March 2024 Harbour Council said that it had repaired the bell.",
        "No source we have says where the bell was.",
    ],
)
def test_what_names_its_own_stands_alone(text: str) -> None:
    """A pronoun after the name that it stands for leans on nothing before."""
    assert not leans(text)


@given(texts, st.lists(texts, max_size=5))
def test_there_is_always_a_sentence_that_may_lead(
    answerer: Answerer, question: str, sentences: list[str]
) -> None:
    """Whatever is asked and said, the lead is the first or one that leans on none."""
    read = answerer.matcher.reader.understand
    found = lead(read(question), [read(one) for one in sentences], sentences)
    assert found == 0 or not leans(sentences[found])
    assert 0 <= found < max(len(sentences), 1)
