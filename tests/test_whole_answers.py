"""An entry may name the facts of its whole answer once: each sentence rests on them."""

import json
from pathlib import Path
from typing import Final

import pytest

from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.discord_bot.moderation.record_cards import users
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Reader
from bot.editing.editor import edit, record_of, records_of
from bot.editing.typed_records import edits, fill, parts_of
from bot.story.differences import differences
from bot.story.files import Files
from bot.story.model import Story
from bot.words.catalogue import words
from tests.folder import Folder
from tests.places import TODAY

ANSWERS: Final = "answers/bell.yaml"
SAID: Final = "The bell is back in its tower. The neighbours heard it on 12 June 2024."
BEHIND: Final = SAID.replace(".", ". [bell-returned, neighbours-glad]").strip()
OLD: Final = (
    "    The bell was hung in the Harbour Street tower again on 12 June 2024, and "
    "neighbours\n    came out to listen. [bell-returned, neighbours-glad]\n"
)
WHOLE: Final = f"    {SAID}\n  facts: [bell-returned, neighbours-glad]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story, in which an entry names its facts once."""
    found = Folder(tmp_path / "story")
    found.edit(ANSWERS, OLD, WHOLE)
    return found


def story_of(folder: Folder) -> Story:
    """The story in a folder, which holds no mistake."""
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.story
    return loaded.story


def test_it_is_answered_as_if_each_sentence_named_them(
    folder: Folder, tmp_path: Path
) -> None:
    """The card and the JSON are those of an answer with a marker at each sentence."""
    other = Folder(tmp_path / "other")
    other.edit(ANSWERS, OLD, f"    {BEHIND}\n")
    shown = list[tuple[object, ...]]()
    for one in (folder, other):
        story = story_of(one)
        reply = Answerer(story).reply("When did the bell come back?", TODAY)
        told = json.dumps(reply_json(reply, story)).replace(story.revision, "")
        shown.append((told, *cards(reply.outcomes, Reader(words("en")), 4000)))
    assert shown[0] == shown[1]
    assert "tower. [1] The" in str(shown[0])


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("[bell-returned, neighbours-glad]", "[bell-back]", "facts", "unknown fact"),
        ("[bell-returned, neighbours-glad]", "[bell-gone]", "facts", "superseded by"),
        ("[bell-returned, neighbours-glad]", "[founder-address]", "facts", "volunteer"),
        ("June 2024.\n", "June 2024. “It rings well.”\n", "“It", "in no quotation"),
        ("12 June 2024.\n", "13 June 2024.\n", "13", "'13 June 2024'"),
    ],
)
def test_each_check_looks_at_them(
    folder: Folder, old: str, new: str, where: str, said: str
) -> None:
    """Unknown, superseded and reserved facts, quotations and figures: each is told."""
    text = folder.read(ANSWERS)
    at = text.index(SAID)
    folder.write(ANSWERS, text[:at] + text[at:].replace(old, new, 1))
    found = [one for one in folder.load().problems if said in one.message]
    assert found
    line = folder.read(ANSWERS).split("\n")[found[0].line - 1]
    assert where in line


def test_a_sentence_may_name_its_own(folder: Folder) -> None:
    """A marker stands for its sentence alone; the others rest on the whole's facts."""
    folder.edit(ANSWERS, "12 June 2024.\n", "12 June 2024. [neighbours-glad]\n")
    first, second = story_of(folder).entries["when-returned"].sentences
    assert first.facts == ("bell-returned", "neighbours-glad")
    assert second.facts == ("neighbours-glad",)


def test_a_fact_that_no_sentence_rests_on_is_told(folder: Folder) -> None:
    """Where each sentence has its own marker, the facts of the whole are not shown."""
    folder.edit(ANSWERS, SAID, SAID.replace(".", ". [bell-returned]"))
    problems = folder.load().problems
    assert {one.severity for one in problems} == {"warning"}
    assert any("'neighbours-glad' is not shown" in one.message for one in problems)


def test_what_rests_on_a_fact_is_found(folder: Folder) -> None:
    """A fact is used by the entry; a change of `facts` is one of that field."""
    texts = Files.read(folder.path).texts
    assert "answers/when-returned" in users(texts, "facts", "neighbours-glad")
    before = story_of(folder)
    folder.edit(ANSWERS, WHOLE, WHOLE.replace(", neighbours-glad", ""))
    loaded = folder.load()
    assert loaded.story
    found = differences(before, loaded.story)
    (changed,) = next(one for one in found if one.kind == "answers").changed
    assert [one.name for one in changed.fields] == ["facts"]


def test_they_are_typed_in_the_form_of_an_answer(folder: Folder) -> None:
    """The form shows the facts of the whole answer, and takes others."""
    texts = dict(Files.read(folder.path).texts)
    values = records_of(texts, "answers")["when-returned"].values
    typed = fill(parts_of("answers"), values)
    (key,) = (one for one in typed if "related" in one)
    assert typed[key].startswith("facts: bell-returned, neighbours-glad\n")
    typed[key] = typed[key].replace(", neighbours-glad", "")
    made, errors = edits("answers", "when-returned", values, typed)
    texts |= edit(texts, made)
    assert errors == ()
    assert record_of(texts, "answers", "when-returned")[1].endswith(
        "  facts: [bell-returned]"
    )
