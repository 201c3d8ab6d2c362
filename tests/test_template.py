"""What `receipts new` makes answers its own questions, and nobody else's."""

from typing import Final

import pytest

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer
from bot.evaluation.results import evaluate
from bot.story.model import Story
from tests.conftest import TODAY

IN_OTHER_WORDS: Final = {
    "where did the bell go": "what-happened",
    "why is the tower without its bell": "what-happened",
    "did someone steal the bell": "was-it-stolen",
    "was there a theft of the bell": "was-it-stolen",
    "which day was the bell hung again": "when-returned",
    "when did the bell return": "when-returned",
    "what did the residents tell the paper in March": "what-neighbours-said",
    "what was the neighbours' reaction when the bell was missing": (
        "what-neighbours-said"
    ),
}
"""Ways of asking that stand in no file, each with the entry that is asked for."""

EVERYDAY: Final = """
who stole my phone
where is my phone
did somebody take my umbrella
what happened to my order?
when did my dog come back
how do I ring my bank
who rang me last night?
when does the shop open
what time does school start
where is the train station
why is there no water in the house
when will the rain stop
can you recommend a film
what's the capital of Peru
when was Alexander Graham Bell born?
what is Taco Bell
how tall is the Eiffel tower?
does the doorbell work
how loud is a church bell?
when did the band get back together
when is the next council meeting?
what happened in Paris?
"""
"""What people ask each other, in the words of the story where they happen to be."""

SWAPPED: Final = """
was the bike stolen?
was the car stolen?
who stole the painting?
was the money stolen from the bank?
why did Paul steal the bike
what happened to the clock?
is the cat still missing?
when did the bus come back?
when did the king come back?
when was the statue hung again?
what did the teacher say in March?
how much did the repair of the car cost?
who repaired the roof?
who broke the window in the tower?
who invented the bell?
how old is the council?
where is the council's office
what did the council say about parking?
what did the neighbours cook for dinner?
did the neighbours move out?
why did Moreau leave France?
how do I get to Harbour Street
what is the weather in Harbour Street
"""
"""Questions of the story with another thing, person or deed in them."""

FOREIGN: Final = (*EVERYDAY.split("\n")[1:-1], *SWAPPED.split("\n")[1:-1])
MOST_MISSED: Final = 1
MOST_ANSWERED: Final = 1


def entries(answerer: Answerer, text: str, *, ambient: bool = False) -> list[str]:
    """The entries that a message is answered from."""
    reply = answerer.reply(text, TODAY, ambient=ambient)
    return [one.entry for one in reply.outcomes if isinstance(one, Answer)]


def test_every_stored_way_of_asking_is_answered(
    story: Story, answerer: Answerer
) -> None:
    """Each entry is the answer to all its own ways, and every `must` is right."""
    for entry in story.entries.values():
        for way in entry.ways:
            assert entries(answerer, way) == [entry.id], way
    assert evaluate(answerer, TODAY).passes


def test_its_entries_are_answered_in_other_words(answerer: Answerer) -> None:
    """Of 8 ways of asking that no file has, 7 at least are answered, none wrongly."""
    found = {text: entries(answerer, text) for text in IN_OTHER_WORDS}
    wrong = {text for text, name in IN_OTHER_WORDS.items() if found[text] != [name]}
    assert not any(found[text] for text in wrong)
    assert len(wrong) <= MOST_MISSED, wrong


def test_what_is_foreign_is_not_answered(answerer: Answerer) -> None:
    """Of 45 everyday questions and swapped ones, one at most gets an answer."""
    assert len(FOREIGN) == 45
    assert len(set(FOREIGN)) == 45
    answered = [text for text in FOREIGN if entries(answerer, text)]
    assert len(answered) <= MOST_ANSWERED, answered


@pytest.mark.parametrize("text", FOREIGN)
def test_nobody_is_interrupted(answerer: Answerer, text: str) -> None:
    """What was not addressed to the bot, and is not about the story, meets silence."""
    assert answerer.reply(text, TODAY, ambient=True).name == "silent"
