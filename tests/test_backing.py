"""Every figure of a text stands in the facts that it cites."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.story.figures import Figure, dated, figures_in
from bot.story.files import Files
from bot.story.loading import load
from tests.folder import Folder
from tests.places import ROOT

ANSWERS = "answers/bell.yaml"
FACTS = "facts/bell.yaml"
HUNG = "again on 12 June 2024, and neighbours"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


@pytest.mark.parametrize("story", sorted((ROOT / "tests" / "stories").glob("*/story")))
def test_a_clean_story_has_no_problem(story: Path) -> None:
    """No check fires on a story whose every sentence was held against its facts.

    Where it has facts that no answer uses, an answer that begins with "It", or a way of
    asking that is but a name, it does.
    """
    found = load(Files.read(story), date(2030, 1, 1)).problems
    advice = re.compile(
        r"no answer uses|this answer begins with 'It'|'.+?' only names "
    )
    assert [one for one in found if not advice.match(one.message)] == []


def test_a_corrected_date_shows_each_sentence_that_has_the_old_one(
    folder: Folder,
) -> None:
    """Mending a fact warns of answers and the timeline, with the new date beside it."""
    text = folder.read(FACTS)
    mended = text.replace("again on 12 June 2024.", "again on 13 June 2024.").replace(
        "as_of: 2024-06-12\n  citations:\n    - source: harbour-herald-2024-06-12\n"
        "      quote: the repaired",
        "as_of: 2024-06-13\n  citations:\n    - source: harbour-herald-2024-06-12\n"
        "      quote: the repaired",
    )
    folder.write(FACTS, mended)
    folder.edit(ANSWERS, "[bell-returned, neighbours-glad]", "[bell-returned]")
    found = folder.load().problems
    problems = [one for one in found if "no answer uses" not in one.message]
    assert [(one.path, one.severity) for one in problems] == [
        ("story/answers/bell.yaml", "warning"),
        ("story/answers/bell.yaml", "warning"),
        ("story/timeline.yaml", "warning"),
    ]
    assert all("'12 June 2024'" in one.message for one in problems)
    assert all("which have 13 June 2024" in one.message for one in problems)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("again on 11 June 2024, and neighbours", "'11 June 2024'"),
        ("again on June 11th, 2024, and neighbours", "'11 June 2024'"),
        ("again on the evening of 4 March 2024, and neighbours", "'4 March 2024'"),
        ("again. [bell-returned] On 4 March 2024, neighbours", "'4 March 2024'"),
        ("again. [bell-returned] In March 2024, neighbours", "'March 2024'"),
        ("again in May 2024, and neighbours", "'May 2024'"),
        ("again in 2023, and neighbours", "'2023'"),
        ("again on 12 June 2024, and 300 neighbours", "'300'"),
        ("again on 12 June 2024 for $2.5 million, and neighbours", "'2,500,000'"),
        ("again on 12 June 2024 for €3bn, and neighbours", "'3,000,000,000'"),
        ("again on 12 June 2024 with 4% gold, and neighbours", "'4'"),
        ("again on ١١ June 2024, and neighbours", "'11 June 2024'"),
        ("again on 2024-06-11, and neighbours", "'11 June 2024'"),
    ],
)
def test_a_figure_that_no_cited_fact_has_is_a_warning(
    folder: Folder, said: str, shown: str
) -> None:
    """A date, number or amount is named as it is read; the story is still served."""
    line = folder.edit(ANSWERS, HUNG, said)
    loaded = folder.load()
    (problem,) = loaded.problems
    assert problem.severity == "warning"
    assert line - 1 <= problem.line <= line  # at the figure, or at its sentence
    assert shown in problem.message
    assert loaded.story


@pytest.mark.parametrize(
    "said",
    [
        "again on 12 June, and neighbours",
        "again on June 12, 2024, and neighbours",
        "again in June 2024, and neighbours",
        "again in 2024, and two neighbours",
        "again on 12 June 2024 after the loss of March 2024, and neighbours",
        "again on 12 June 2024 with the COVID-19 flag, and neighbours",
    ],
)
def test_a_figure_that_the_facts_have_is_none(folder: Folder, said: str) -> None:
    """Other spellings, parts of a date, names with a number and few things pass."""
    folder.edit(ANSWERS, HUNG, said)
    assert folder.load().problems == ()


def test_premises_and_notes_are_held_to_their_facts(folder: Folder) -> None:
    """A correction may have its answer's figures; a note has those of its facts."""
    folder.edit(
        ANSWERS, "on 5 March 2024 that the bell", "on 6 March 2024 that the bell"
    )
    (problem,) = folder.load().problems
    assert "which have 5 March 2024" in problem.message


def test_figures_are_read_as_they_are_written() -> None:
    """Signs, groups, scales, digits of other scripts and dates of any form are read."""
    text = "£1.5bn, 25,000 people, 3rd of May 2021, ２０ bells, 27.11.2022, SS23, 4%"
    assert figures_in(text) == {
        Figure(1.5e9),
        Figure(25_000),
        Figure(None, 2021, 5, 3),
        Figure(20),
        Figure(None, 2022, 11, 27),
        Figure(4),
    }
    assert dated("2022-11") == Figure(None, 2022, 11)
