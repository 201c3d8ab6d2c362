"""What `--explain` tells those who keep the facts."""

import dataclasses
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import example, given

from bot import console
from bot.answering.answerer import Answerer
from bot.answering.composing import Composer
from bot.answering.outcome import (
    DidYouMean,
    Facts,
    Help,
    NotCovered,
    Outcome,
    Thresholds,
)
from bot.matching.candidate import Candidate
from bot.matching.guards import Firing
from bot.matching.model import model
from bot.story.model import Story
from tests.conftest import TODAY
from tests.nasty import texts


def candidate(
    name: str, confidence: float, nearest: str, premise: int | None = None, **fired: str
) -> Candidate:
    """A candidate with scores of its own: ranking may change, how it looks may not."""
    guards = {
        guard.replace("_", " "): Firing(1.0, tuple(filter(None, words.split("; "))))
        for guard, words in fired.items()
    }
    signals = {
        signal: confidence - at / 10
        for at, signal in enumerate(("wording", "target", "letters", "lead"))
    }
    return Candidate(
        *(name, confidence, confidence, signals, guards, nearest, premise),
        model().words,
    )


STOLEN: Final = candidate(
    *("was-it-stolen", 0.46, "why did Moreau steal the bell", 0),
    other_names="@harbour-council",
    modality="",
)
COST: Final = candidate(
    *("?repair-cost", 0.41, "what did the council pay for the bell"),
    roles="@ada-moreau +pay @harbour-council",
    unexplained_part="reapir; mayor",
)
FIXED: Final = Thresholds(answer=0.55, offer=0.1, ambient=0.8)

GONE: Final = candidate("what-happened", 0.95, "Is the bell still missing?")
NOT_COVERED: Final = NotCovered("", None, (), ())
NOTED: Final = NotCovered("", "No source we have says it.", (), ())

Case = tuple[str, tuple[Outcome, ...], tuple[Candidate, ...]]
CASES: Final[dict[str, Case]] = {
    "offered": (
        "did the concil say Moreau stole the bell, zzz lol",
        (DidYouMean("", ()),),
        (STOLEN, COST),
    ),
    "facts": ("how many tons does it weigh", (Facts("", (), ()),), (STOLEN,)),
    "unknown": ("how much did the mayor pay to reapir it", (NOTED,), (COST,)),
    "not-covered": ("xqzzv", (NOT_COVERED,), ()),
    "help": ("hello", (Help("", "", ()),), ()),
}


@pytest.mark.parametrize("name", CASES)
def test_an_explanation_reads_well(
    name: str, golden: Callable[[str, str], None], answerer: Answerer
) -> None:
    """What `--explain` prints is what we looked at and found good."""
    golden(f"console/explain-{name}.txt", explained(answerer, CASES[name]))


def test_an_answer_among_several_questions_is_explained(
    story: Story, golden: Callable[[str, str], None], answerer: Answerer
) -> None:
    """Of several questions the first is explained, and it says so."""
    entry = story.entries["what-happened"]
    answer = Composer(story, TODAY).answer(entry, "", 0.95)
    found = (GONE, STOLEN, COST)
    case = ("where is the bell", (answer, NOT_COVERED), found)
    golden("console/explain-two-questions.txt", explained(answerer, case))


def test_the_closest_is_explained(
    story: Story, golden: Callable[[str, str], None], answerer: Answerer
) -> None:
    """The closest entry is named, and why it was not sure enough to answer."""
    entry = story.entries["was-it-stolen"]
    found = Composer(story, TODAY).closest(entry, "", entry.sentences[:1])
    case = ("did the concil steal it", (found,), (STOLEN, COST))
    golden("console/explain-closest.txt", explained(answerer, case))


def explained(answerer: Answerer, case: Case) -> str:
    """The explanation of a question that is really read, and led to what is given."""
    question, outcomes, candidates = case
    reply = answerer.reply(question, TODAY)
    explanation = dataclasses.replace(reply.explanation, candidates=candidates)
    reply = dataclasses.replace(
        reply, outcomes=outcomes, explanation=explanation, thresholds=FIXED
    )
    return f"{console.explanation_text(reply)}\n"


@given(texts)
@example("did the concil say Moreau stole the bell of Gucci, zzz lol")
@example("how much will the mayor pay to reapir it in Paris, and will Moreau sue?")
@example("harbour street " * 40)
def test_anything_asked_can_be_explained(answerer: Answerer, text: str) -> None:
    """An explanation is 14 lines of 100 at most, safe to print, whatever is asked."""
    printed = console.explanation_text(answerer.reply(text, TODAY))
    lines = printed.split("\n")
    assert len(lines) <= 14
    assert all(len(line) <= 100 for line in lines)
    assert printed == console.safe(printed)
