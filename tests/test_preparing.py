"""Preparing: what is worked out is kept, and taken up by the next revision."""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.matching.vectors import word_vectors
from bot.shelf import Shelf
from bot.story.model import Story
from tests.conftest import TODAY

texts = st.text(max_size=60)


def reworded(story: Story) -> Story:
    """The invented story with a way of asking more."""
    entry = story.entries["was-it-stolen"]
    more = (*entry.also_asked, "has somebody nicked the big old bell")
    entries = {**story.entries, entry.id: entry.model_copy(update={"also_asked": more})}
    return dataclasses.replace(story, entries=entries, revision="reworded")


class Shelved:
    """A shelf on which what an answerer takes long to make was put, by one of them."""

    def __init__(self, story: Story, folder: Path) -> None:
        self._story = story
        self._folder = folder
        self.shelf = Shelf(folder)
        self.answerer()

    def answerer(self, false_answers: float = 0.05) -> Answerer:
        """An answerer that finds what is on the shelf."""
        return Answerer(self._story, self.shelf, false_answers)

    def file(self) -> Path:
        """The one file on the shelf."""
        (file,) = self._folder.glob("matcher-*.json")
        return file

    def files(self) -> dict[str, tuple[int, int]]:
        """Every file there is, with its size and when it was written."""
        return {
            one.name: (one.stat().st_size, one.stat().st_mtime_ns)
            for one in self._folder.iterdir()
        }


@pytest.fixture
def shelved(story: Story, tmp_path: Path) -> Shelved:
    """A shelf of the invented story."""
    return Shelved(story, tmp_path)


@pytest.fixture(scope="module")
def prepared(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """An answerer that was made from what another put on the shelf."""
    return Shelved(story, tmp_path_factory.mktemp("shelf")).answerer()


@given(texts)
@example("since when does the bell ring again")
@example("who stoel teh bell of Gucci on 12 June?")
def test_what_was_prepared_answers_the_same(
    answerer: Answerer, prepared: Answerer, text: str
) -> None:
    """To any text, an answerer from the shelf has the reply of one without."""
    assert prepared.reply(text, TODAY) == answerer.reply(text, TODAY)


def test_the_shelf_is_used(shelved: Shelved) -> None:
    """A second answerer makes nothing anew, and writes nothing."""
    before = shelved.files()
    assert len(before) == 1
    shelved.answerer()
    assert shelved.files() == before


def test_another_story_is_prepared_for_itself(shelved: Shelved, story: Story) -> None:
    """Another revision takes over what is made of the same wordings, and no more."""
    before = shelved.files()
    Answerer(dataclasses.replace(story, revision="another"), shelved.shelf)
    assert shelved.files() == before
    Answerer(reworded(story), shelved.shelf)
    assert len(shelved.files()) == 2
    assert before.items() <= shelved.files().items()


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (rb"(?s)\A.*\Z", b""),
        (rb"(?s)\A.*\Z", b"{}"),
        (rb"(?s)\A.*\Z", b"\x00\xff"),
        (rb"(?s).{100}\Z", b""),
        (rb'"terms":"', rb'"terms":"one more\\n'),
        (rb'"terms":\["', rb"\g<0>one more\\n"),
        (rb'"terms":\["[^"]*","', rb"\g<0>one more\\n"),
        (rb'"rarity":"', b'"rarity":"x'),
        (rb'"rarity":"[^"]*"', b'"rarity":""'),
        (rb'"posted":\["[^"]*"', b'"posted":[""'),
        (rb'"asks":\["[^"]*"', b'"asks":[""'),
        pytest.param(
            *(rb'"centres":"[^"]*"', b'"centres":"AAAA"'),
            marks=pytest.mark.skipif(
                word_vectors() is None, reason="there are no word vectors"
            ),
        ),
    ],
)
def test_a_spoiled_shelf_is_as_if_it_were_empty(
    shelved: Shelved, answerer: Answerer, part: bytes, instead: bytes
) -> None:
    """What is not whole is made anew, and mended on the shelf."""
    file = shelved.file()
    kept = file.read_bytes()
    spoiled = re.sub(part, instead, kept, count=1)
    assert spoiled != kept
    file.write_bytes(spoiled)
    again = shelved.answerer()
    for text in ("Was the bell stolen?", "xqzzv"):
        assert again.reply(text, TODAY) == answerer.reply(text, TODAY)
    assert file.read_bytes() == kept


def test_who_wants_fewer_false_answers_gets_a_higher_threshold(
    shelved: Shelved, story: Story
) -> None:
    """The wanted share moves the threshold one way, and unasked more is needed."""
    found = [shelved.answerer(share).thresholds for share in (0.0, 0.05, 0.2, 1.0)]
    answers = [one.answer for one in found]
    assert answers == sorted(answers, reverse=True)
    assert answers[0] > answers[-1]
    counts = [len(entry.ways) for entry in story.entries.values()]
    cut = shelved.answerer().matcher.model.cut
    assert answers == [
        cut(share, sum(counts) / len(counts)) for share in (0.0, 0.05, 0.2, 1.0)
    ]
    assert all(one.answer <= one.ambient <= 1 for one in found)


def test_the_next_revision_is_built_from_the_one_before(
    answerer: Answerer, story: Story
) -> None:
    """A new way of asking leads where it should at once, before all is settled."""
    quick = Answerer(reworded(story), before=answerer)
    assert not quick.is_settled
    assert quick.thresholds == Answerer(reworded(story)).thresholds
    for probe in story.probes:
        if probe.level == "must":
            assert quick.reply(probe.ask, TODAY).name == (
                answerer.reply(probe.ask, TODAY).name
            )
    (new,) = quick.suggest("has somebody nicked the big old bell", 1)
    assert new.entry == "was-it-stolen"


def test_a_revision_with_the_same_wordings_answers_the_same(
    shelved: Shelved, answerer: Answerer, story: Story
) -> None:
    """Where no wording changed, the next revision is exact at once."""
    other = dataclasses.replace(story, revision="another")
    quick = Answerer(other, shelved.shelf, before=answerer)
    for probe in story.probes:
        found = quick.reply(probe.ask, TODAY)
        assert found.candidates == answerer.reply(probe.ask, TODAY).candidates


def test_a_revision_that_was_worked_out_is_settled(
    shelved: Shelved, answerer: Answerer, story: Story
) -> None:
    """What the shelf has is taken, whatever revision was before."""
    assert answerer.is_settled
    assert Answerer(story, shelved.shelf, before=answerer).is_settled


def test_other_names_are_learnt_anew(answerer: Answerer, story: Story) -> None:
    """Where an entity gets another name, nothing is taken over from before."""
    name, entity = next(iter(story.entities.items()))
    other = entity.model_copy(update={"aliases": (*entity.aliases, "zorblax")})
    changed = dataclasses.replace(
        story, entities={**story.entities, name: other}, revision="renamed"
    )
    quick, whole = Answerer(changed, before=answerer), Answerer(changed)
    for probe in story.probes:
        found = quick.reply(probe.ask, TODAY).candidates
        assert found == whole.reply(probe.ask, TODAY).candidates
