"""Advice: warnings of what makes a story worse, and of nothing else."""

from pathlib import Path

import pytest

from bot.matching.english import FILLER
from bot.matching.text import in_base, is_common
from bot.story.advice import NAMES_TOO
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


@pytest.mark.parametrize(
    ("alias", "caught"),
    [
        ("may", "may it happen again"),
        ("Sue", "did they sue it"),
        ("rose", "what rose then"),
        ("Hope", "is there any hope"),
        ("US", "tell us more"),
    ],
)
def test_a_name_that_is_a_word_in_lower_case_is_told(
    folder: Folder, alias: str, caught: str
) -> None:
    """A first name that is a verb, or said anyway, is told with a question."""
    folder.edit(ENTITIES, "[moreau, the founder,", f"[moreau, {alias},")
    assert f"'{alias}' is an ordinary word: '{caught}'" in the_warning(folder).message


def test_a_name_that_is_a_word_is_told_at_the_name(folder: Folder) -> None:
    """Who is called by a word alone is told at the name; a name in full is not."""
    line = folder.edit(ENTITIES, "name: Ada Moreau", "name: May")
    found = the_warning(folder)
    assert (found.path, found.line) == (f"story/{ENTITIES}", line)
    folder.edit(ENTITIES, "name: May", "name: May Moreau")
    assert folder.load().problems == ()


def test_every_name_that_is_a_word_is_one() -> None:
    """What is told to be an ordinary word is a common one, and in its own example."""
    for word, caught in NAMES_TOO.items():
        assert in_base(word) in FILLER or is_common(in_base(word)), word
        assert word in caught.split()


WAYS = "also_asked:\n    - since when does the bell ring again\n"
CLAIMS = "claims:\n        - why did Moreau steal the bell\n"
DECOYS = "not_this:\n    - What happened to the tower clock?\n"
PAID = "also_asked:\n    - what did the council pay for the bell\n"


@pytest.mark.parametrize(
    ("name", "was", "now", "only"),
    [
        (ANSWERS, WAYS, "also_asked: [when was, town bell, hung]\n", "town bell"),
        (ANSWERS, WAYS, "also_asked: [did the bell, say, ring]\n", "did the bell"),
        (ANSWERS, CLAIMS, "claims: [why did she, the founder, lie]\n", "the founder"),
        (ANSWERS, DECOYS, "not_this: [who rang it, residents, or not]\n", "residents"),
        ("unknowns.yaml", PAID, "also_asked: [did, town hall, pay]\n", "town hall"),
    ],
)
def test_a_comma_in_brackets_that_leaves_a_name_is_told(
    folder: Folder, name: str, was: str, now: str, only: str
) -> None:
    """Where a comma made ways of one, what only names somebody is told where it stands.

    In quotation marks it is one way, and nothing is told.
    """
    rest = {WAYS: "    - date the bell was hung again\n"}.get(was, "")
    rest = {CLAIMS: "        - how did the founder steal the bell\n"}.get(was, rest)
    line = folder.edit(name, was + rest, now)
    found = the_warning(folder)
    column = folder.read(name).split("\n")[line - 1].index(only) + 1
    assert (found.path, found.line, found.column) == (f"story/{name}", line, column)
    assert f"'{only}' only names" in found.message
    folder.edit(name, now, now.replace("[", "['").replace("]", "']"))
    assert folder.load().problems == ()


def test_a_name_on_a_line_of_its_own_may_be_meant(folder: Folder) -> None:
    """A name is told where another question is about as much of it, and only there."""
    way = "    - first reaction of the residents to the missing bell\n"
    folder.edit(ANSWERS, way, f"{way}    - the residents\n")
    assert folder.load().problems == ()
    line = folder.edit(ANSWERS, way, f"    - the bell\n{way}")
    found = the_warning(folder)
    assert (found.path, found.line) == (f"story/{ANSWERS}", line)
    assert "'the bell' only names The Harbour Street bell" in found.message


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
