"""The published stories: whole, sourced, and in step with their schemas."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer
from bot.moderating.unanswered import wants
from bot.records.values import Question
from bot.settings import cache_folder
from bot.shelf import Shelf
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Loaded
from bot.story.schemas import FOLDER, schemas
from tests.benchmarks.pairs import by_hand
from tests.conftest import ROOT, TODAY

STORY = ROOT / "knowledge" / "balenciaga-2022"
FILES = sorted(STORY.glob("**/*.yaml"))


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The real story."""
    return load(Files.read(STORY), TODAY, "story")


def test_the_story_is_whole_and_clean(loaded: Loaded) -> None:
    """It has no problem, not even a warning, and nothing of it went missing."""
    assert loaded.problems == ()
    assert loaded.story
    assert len(loaded.story.facts) >= 124
    assert len(loaded.story.entries) >= 60
    assert len(loaded.story.sources) >= 70
    assert len(loaded.story.unknowns) >= 20
    assert len(loaded.story.probes) >= 150


def test_every_sentence_of_every_answer_names_a_fact_and_a_source(
    loaded: Loaded,
) -> None:
    """Each composed sentence of each entry ends with the number of a source."""
    assert loaded.story
    answerer = Answerer(loaded.story, Shelf(cache_folder()))
    for entry in loaded.story.entries.values():
        assert all(sentence.facts for sentence in entry.sentences), entry.id
        answer = answerer.reply(entry.question, TODAY).outcomes[0]
        assert isinstance(answer, Answer), entry.id
        assert answer.entry == entry.id
        assert all(sentence.endswith("]") for sentence in answer.sentences)


def test_only_the_same_questions_are_put_together(loaded: Loaded) -> None:
    """Of a list that people sorted, no two different ones are one in the queue."""
    assert loaded.story
    groups = by_hand()
    at = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    asked = [
        Question(number, "story", text, 1, 0, at, at)
        for number, text in enumerate(sorted(groups))
    ]
    answerer = Answerer(loaded.story, Shelf(cache_folder()))
    found = wants(asked, answerer, TODAY, limit=None)
    assert all(len({groups[one.text] for one in want.wordings}) == 1 for want in found)
    assert len(found) < 80  # of 132


def test_every_entry_and_unknown_has_a_regression_question(loaded: Loaded) -> None:
    """No entry goes without a question that watches over it."""
    assert loaded.story
    expected = {name for probe in loaded.story.probes for name in probe.expect}
    assert set(loaded.story.entries) <= expected
    kinds = [probe.kind for probe in loaded.story.probes]
    assert kinds.count("unknown") >= len(loaded.story.unknowns)


def test_asked_whether_balenciaga_is_suing_it_says_that_it_dropped_the_suit(
    loaded: Loaded,
) -> None:
    """Both dates are in every answer about who is suing whom."""
    assert loaded.story
    for name in ("who-sued", "what-suit-about", "suit-dropped", "kim-sued"):
        text = loaded.story.entries[name].answer
        assert "25 November 2022" in text, name
        assert "2 December 2022" in text, name


@pytest.mark.parametrize("name", schemas())
def test_the_schemas_are_those_of_the_models(name: str) -> None:
    """The files that editors read say what the models say: run `receipts schema`."""
    assert (STORY / FOLDER / name).read_text(encoding="utf-8") == schemas()[name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_names_its_schema_and_follows_it(path: Path) -> None:
    """The first line leads editors to a schema that the file passes."""
    text = path.read_text(encoding="utf-8")
    prefix = "# yaml-language-server: $schema="
    first = text.split("\n", 1)[0]
    assert first.startswith(prefix)
    schema = path.parent / first.removeprefix(prefix)
    assert schema.resolve().is_relative_to(STORY)
    content = yaml.load(text, Loader=_EditorLoader)  # noqa: S506 - it makes text
    jsonschema.validate(content, json.loads(schema.read_text(encoding="utf-8")))


class _EditorLoader(yaml.SafeLoader):
    """YAML as editors read it: dates stay text, as in YAML 1.2."""


_EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if "timestamp" not in tag]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
