"""What `--explain` tells those who keep the facts."""

import dataclasses
import re
from collections.abc import Callable
from typing import Final, get_args

import pytest
from hypothesis import example, given

from bot.answering.answerer import Answerer
from bot.answering.beginnings import Correction
from bot.answering.composing import Composer
from bot.answering.outcome import (
    DidYouMean,
    Facts,
    Help,
    NotCovered,
    Opening,
    Outcome,
    Thresholds,
)
from bot.answering.policy import VETOES
from bot.cli import console
from bot.cli.explanation import explanation_text
from bot.matching.candidate import Candidate
from bot.matching.features import CANDIDATE, LEADING
from bot.matching.guards import Firing
from bot.matching.weights import model
from bot.story.model import Story
from tests.conftest import TODAY
from tests.nasty import texts


def candidate(
    name: str,
    confidence: float,
    nearest: str,
    premise: int | None = None,
    leads: tuple[float, float] = (4.0, 4.0),
    **fired: str,
) -> Candidate:
    """A candidate with scores of its own: ranking may change, how it looks may not."""
    guards = {
        guard.replace("_", " "): Firing(1.0, tuple(filter(None, words.split("; "))))
        for guard, words in fired.items()
    }
    alike = [one for one, feature in CANDIDATE.items() if feature.group != "guards"]
    signals = dict.fromkeys(LEADING, 5.3)
    signals |= {signal: confidence - at / 20 for at, signal in enumerate(alike)}
    signals |= dict(zip(("lead", "unknown lead"), leads, strict=True))
    return Candidate(
        *(name, confidence, confidence, signals, guards, nearest, premise),
        model().words,
    )


STOLEN: Final = candidate(
    *("was-it-stolen", 0.46, "why did Moreau steal the bell", 0, (1.2, 0.3)),
    other_names="@harbour-council",
    modality="",
)
COST: Final = candidate(
    *("?repair-cost", 0.41, "what did the council pay for the bell", None, (2, -0.1)),
    roles="@ada-moreau +pay @harbour-council",
    unexplained_part="reapir; mayor",
)
FIXED: Final = Thresholds(answer=0.55, offer=0.1, ambient=0.8)

GONE: Final = candidate("what-happened", 0.95, "Is the bell still missing?")
SURE: Final = candidate(
    *("who-took-it", 0.83, "did Moreau take the bell", None, (0.1, 4.0)),
    roles="@town-bell +take @ada-moreau",
    modality="",
)
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
    "stopped": ("did the bell take Moreau", (DidYouMean("", ()),), (SURE, STOLEN)),
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
    found = Composer(story, TODAY).closest(entry, "")
    case = ("did the concil steal it", (found,), (STOLEN, COST))
    golden("console/explain-closest.txt", explained(answerer, case))


def test_what_set_a_premise_right_is_told(answerer: Answerer) -> None:
    """A correction is told with the claim that it answers, and no other answer is."""
    told = explanation_text(answerer.reply("why did Moreau steal the bell?", TODAY))
    assert "\nNot so: the correction of premise 1, “why did Moreau steal" in told
    told = explanation_text(answerer.reply("when did the bell come back?", TODAY))
    assert "Not so" not in told


@pytest.mark.parametrize("opening", get_args(Opening))
def test_what_clashes_is_told(
    story: Story, answerer: Answerer, opening: Opening
) -> None:
    """Where nobody wrote a correction, it is said what of the answer clashes."""
    entry = story.entries["what-happened"]
    corrected = Correction(opening, entry.sentences[:1])
    answer = Composer(story, TODAY).answer(entry, "", 0.95, corrected)
    told = explained(answerer, ("where is the bell", (answer,), (GONE,)))
    assert re.search(r"\nNot so: a (?:fact|sentence) of the answer ", told)


def explained(answerer: Answerer, case: Case) -> str:
    """The explanation of a question that is really read, and led to what is given.

    It is about the story where it has candidates.
    """
    question, outcomes, candidates = case
    reply = answerer.reply(question, TODAY)
    explanation = dataclasses.replace(
        reply.explanation, candidates=candidates, about=0.92 if candidates else 0.07
    )
    reply = dataclasses.replace(
        reply, outcomes=outcomes, explanation=explanation, thresholds=FIXED
    )
    return f"{explanation_text(reply)}\n"


@pytest.mark.parametrize("guard", sorted(VETOES))
def test_what_kept_an_answer_back_is_told(answerer: Answerer, guard: str) -> None:
    """Where a guard alone stopped a sure answer, it is that which is named."""
    found = candidate("who-took-it", 0.83, "who took it")
    fired = {guard: Firing(1.0, ("@ada-moreau",))}
    found = dataclasses.replace(found, fired=fired)
    stopped = explained(answerer, ("who did", (Facts("", (), ()),), (found,)))
    assert f"     not answered because of: {guard} (ada-moreau)\n" in stopped
    assert "against:" not in stopped
    unsure = dataclasses.replace(found, confidence=0.5)
    told = explained(answerer, ("who did", (Facts("", (), ()),), (unsure,)))
    assert f"     against: {guard} (ada-moreau)\n" in told
    assert "not answered" not in told


@pytest.mark.parametrize("feature", [*CANDIDATE, *LEADING])
def test_what_is_alike_is_in_per_cent(answerer: Answerer, feature: str) -> None:
    """However much of a feature there is, nothing is shown as more than all of it."""
    found = dataclasses.replace(GONE, signals={feature: 7.0})
    told = explained(answerer, ("who did", (Facts("", (), ()),), (found,)))
    (alike,) = re.findall(r"alike: (.*)", told)
    assert alike == "nothing" or alike.endswith(" 100")


@given(texts)
@example("did the concil say Moreau stole the bell of Gucci, zzz lol")
@example("how much will the mayor pay to reapir it in Paris, and will Moreau sue?")
@example("harbour street " * 40)
def test_anything_asked_can_be_explained(answerer: Answerer, text: str) -> None:
    """An explanation is 16 lines of 100 at most, safe to print, whatever is asked."""
    printed = explanation_text(answerer.reply(text, TODAY))
    lines = printed.split("\n")
    assert len(lines) <= 16
    assert all(len(line) <= 100 for line in lines)
    assert printed == console.safe(printed)
