"""Advice: warnings of what makes a story worse, and of nothing else."""

from pathlib import Path

import pytest

from bot.story.model import Problem
from bot.words.catalogue import words
from tests.folder import Folder

ANSWERS = "answers/bell.yaml"
FACTS = "facts/bell.yaml"
ENTITIES = "entities.yaml"
BEGINS = "The Harbour Street bell was missing from its tower"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


def the_warning(folder: Folder) -> Problem:
    """The one problem there is: a warning, that has its Spanish."""
    (found,) = folder.load().problems
    assert found.severity == "warning"
    assert words("es").told(found.message) != found.message
    return found


FACT = """- id: tower-tall
  statement: The tower is tall.
  kind: fact
  as_of: 2024-03-05
  citations:
    - source: bell-blog-2024
      quote: her workshop in the old mill
"""
SOURCE = """- id: spare
  publisher: Spare
  title: null
  url: null
  published: null
  kind: blog
  reliability: Not read yet.
"""


def test_a_fact_that_no_answer_uses_is_told(folder: Folder) -> None:
    """A fact that nobody is shown is told at its id; a timeline's is shown."""
    folder.write(FACTS, folder.read(FACTS) + FACT)
    line = folder.read(FACTS).split("\n").index("- id: tower-tall") + 1
    found = the_warning(folder)
    assert (found.path, found.line) == (f"story/{FACTS}", line)
    assert "no answer uses the fact 'tower-tall'" in found.message
    event = "- date: 2024-03-05\n  event: The tower is tall\n  facts: [tower-tall]\n"
    folder.write("timeline.yaml", folder.read("timeline.yaml") + event)
    assert folder.load().problems == ()


def test_a_source_that_no_fact_uses_is_told(folder: Folder) -> None:
    """A source without a citation is told at its id."""
    folder.write("sources.yaml", folder.read("sources.yaml") + SOURCE)
    found = the_warning(folder)
    assert found.path == "story/sources.yaml"
    assert "no fact uses the source 'spare'" in found.message


@pytest.mark.parametrize("alias", ["the state", "time", "The People", "a man"])
def test_an_ordinary_word_is_no_name(folder: Folder, alias: str) -> None:
    """An alias that people say of anything is told, with a question that it catches."""
    line = folder.edit(ENTITIES, "[moreau, the founder,", f"[moreau, {alias},")
    found = the_warning(folder)
    assert (found.path, found.line) == (f"story/{ENTITIES}", line)
    assert f"'{alias}' is an ordinary word" in found.message
    assert "would be about Ada Moreau" in found.message


def test_the_question_is_one_of_the_storys_where_there_is_one(folder: Folder) -> None:
    """What an alias catches is shown with a question that the story has."""
    folder.edit(ENTITIES, "[moreau, the founder,", "[moreau, tower clock time, date,")
    assert "'date the bell was hung again'" in the_warning(folder).message


@pytest.mark.parametrize(
    "begins",
    [
        "It was missing from its tower",
        "They missed it",
        "His bell was gone",
        "This was the Harbour Street bell: it was missing",
        "*It* was missing",
    ],
)
def test_an_answer_that_begins_with_a_pronoun_is_told(
    folder: Folder, begins: str
) -> None:
    """An answer is shown without its question, so that nobody knows who "it" is."""
    folder.edit(ANSWERS, BEGINS, begins)
    found = the_warning(folder)
    assert found.path == f"story/{ANSWERS}"
    assert "begins with" in found.message


@pytest.mark.parametrize(
    "begins",
    [
        "It is not known where the bell was",
        "This fact base says that the bell was missing",
        "Italy was missing the bell",
        "Hers and Sons said that the bell was gone",
    ],
)
def test_other_beginnings_are_no_matter(folder: Folder, begins: str) -> None:
    """A word that only looks like a pronoun, or means nothing, is not told."""
    folder.edit(ANSWERS, BEGINS, begins)
    assert folder.load().problems == ()


def test_a_list_is_told(folder: Folder) -> None:
    """The items of a list are shown on one line, in whatever way they were written."""
    folder.edit(
        ANSWERS,
        f"  answer: >-\n    {BEGINS} on 4 March",
        "  answer: |-\n    The bell:\n    - was loud;\n    - was missing on 4 March",
    )
    assert "on one line" in the_warning(folder).message


def test_a_dash_or_a_number_is_no_list(folder: Folder) -> None:
    """A dash between words, and a date at a line's start, are prose."""
    was = "on 4 March 2024. [bell-gone]"
    folder.edit(ANSWERS, was, f"- so it seemed - on\n    {was[3:]}")
    assert folder.load().problems == ()
