"""A record gets another id: everywhere, without loss, and as one change."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from bot.answering.answerer import Answerer
from bot.cli.main import main
from bot.discord_bot.asking.answer_again import again
from bot.discord_bot.showing.browse_cards import entity_of
from bot.editing.edits import EditError
from bot.editing.renaming import rename
from bot.evaluation.leads import Leads
from bot.publishing.comparing import compare
from bot.settings import Settings
from bot.story.differences import differences
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Story
from tests.folder import Folder
from tests.places import ROOT, TODAY

RENAMED: Final = {
    "sources": ("council-2024-03-05", "council-statement"),
    "entities": ("ada-moreau", "zz-founder"),
    "facts": ("bell-gone", "zz-missing"),
    "answers": ("was-it-stolen", "zz-theft"),
    "unknowns": ("repair-cost", "price-of-the-repair"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


def read(files: Files) -> Story:
    """The story of files without a problem."""
    loaded = load(files, TODAY)
    assert loaded.problems == ()
    assert loaded.story
    return loaded.story


@pytest.mark.parametrize("kind", RENAMED)
def test_a_record_is_renamed_wherever_it_is_named(folder: Folder, kind: str) -> None:
    """Nothing is left of the old id but `was`, and nothing else changes anywhere."""
    old, new = RENAMED[kind]
    files = Files.read(folder.path)
    found = rename(files.texts, old, new)
    after = files.changed(found.texts)
    (renamed,) = [one for one in differences(read(files), read(after)) if one]
    assert (renamed.kind, renamed.renamed) == (kind, {old: new})
    assert (renamed.added, renamed.changed, renamed.retired) == ({}, (), {})
    for path, text in after.texts.items():
        bare = text.replace(f"  was: [{old}]\n", "").replace(new, old)
        assert bare.split() == files.texts[path].split(), path


def test_it_is_renamed_in_every_record_of_a_large_story() -> None:
    """Each fact of the bundled story can be renamed, and the story stays sound."""
    files = Files.read(ROOT / "knowledge" / "balenciaga-2022")
    found = load(files, TODAY).story
    assert found
    facts = sorted(found.facts)
    for name in facts[:: len(facts) // 6]:
        done = rename(files.texts, f"facts/{name}", "another-name-altogether")
        errors = [
            one
            for one in load(files.changed(done.texts), TODAY).problems
            if one.severity == "error"
        ]
        assert errors == []
        for path, text in done.texts.items():
            lines = text.replace("another-name-altogether", name).split()
            kept = [one for one in lines if one not in {"was:", f"[{name}]"}]
            was = [one for one in files.texts[path].split() if one != f"[{name}]"]
            assert [one for one in kept if one] == was, path


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("bell-gon", "x", "did you mean 'bell-gone'"),
        ("bell-gone", "Bell Gone", "is no id"),
        ("bell-gone", "bell-returned", "there is a fact 'bell-returned' already"),
        ("answers/bell-gone", "x", "there is no record"),
    ],
)
def test_what_cannot_be_renamed_is_told(
    folder: Folder, old: str, new: str, why: str
) -> None:
    """An unknown id, a bad one and one that is taken are refused, with the mend."""
    with pytest.raises(EditError, match=why):
        rename(Files.read(folder.path).texts, old, new)


def test_of_two_records_with_an_id_one_has_to_be_named(folder: Folder) -> None:
    """Where a fact and an answer have the same id, the kind stands before it."""
    folder.write("answers/bell.yaml", folder.read("answers/bell.yaml") + (
        "- id: bell-gone\n  question: Did it go?\n  answer: The bell went.\n"
        "  facts: [bell-gone]\n  historical: true\n"
    ))  # fmt: skip
    files = Files.read(folder.path)
    with pytest.raises(EditError, match="say facts/bell-gone or answers/bell-gone"):
        rename(files.texts, "bell-gone", "went")
    texts = files.changed(rename(files.texts, "answers/bell-gone", "went").texts)
    assert read(texts).entries["went"].facts == ("bell-gone",)


def test_renaming_back_leaves_nothing_behind(folder: Folder) -> None:
    """A record that gets its old id back has just the other as an earlier one."""
    files = Files.read(folder.path)
    there = files.changed(rename(files.texts, "was-it-stolen", "theft").texts)
    back = there.changed(rename(there.texts, "theft", "was-it-stolen").texts)
    assert read(back).entries["was-it-stolen"].was == ("theft",)


def test_an_earlier_id_belongs_to_one_record(folder: Folder) -> None:
    """An id that leads to another record now is an error where it is an earlier one."""
    folder.edit("facts/bell.yaml", "- id: bell-gone\n",
                "- id: bell-gone\n  was: [bell-returned]\n")  # fmt: skip
    assert "'bell-returned' leads to 'bell-returned'" in folder.error().message


def test_a_rename_by_hand_is_one_change_and_moves_no_question(folder: Folder) -> None:
    """The same question under another id is renamed, and all lead where they led."""
    before = Answerer(read(Files.read(folder.path)))
    for name in ("answers/bell.yaml", "questions.yaml"):
        folder.write(name, folder.read(name).replace("was-it-stolen", "zz-theft"))
    after = Answerer(read(Files.read(folder.path)))
    found = differences(before.story, after.story)
    assert {one.kind: one.renamed for one in found if one} == {
        "answers": {"was-it-stolen": "zz-theft"}
    }
    compared = compare(Leads(before, TODAY), Leads(after, TODAY))
    assert (compared.moved, compared.broken) == ((), ())


def test_buttons_and_names_of_before_still_lead_to_it(folder: Folder) -> None:
    """An answer's button and `/who` find a record by an id that it had."""
    files = Files.read(folder.path)
    for kind in ("answers", "entities"):
        files = files.changed(rename(files.texts, *RENAMED[kind]).texts)
    answerer = Answerer(read(files))
    shown = again(answerer, "was-it-stolen", "", TODAY)
    assert shown
    assert shown.answer.entry == "zz-theft"
    entity = entity_of(answerer.story, "ada-moreau")
    assert entity
    assert entity.id == "zz-founder"


def test_the_command_renames_the_archived_text_too(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """`receipts rename` writes the files, and what was verified still is."""
    old, new = RENAMED["sources"]
    (folder.path / "archive").mkdir()
    folder.write(f"archive/{old}.txt", "The bell has been taken down for repair.")
    where = ("--story", str(folder.path))
    assert main(["rename", old, new, *where], Settings(), TODAY) == 0
    assert f"The source '{old}' is '{new}' now; 1 other" in capsys.readouterr().out
    assert folder.load().quotes[0] == 1
    assert main(["rename", old, "x", *where], Settings(), TODAY) == 1
    shutil.rmtree(folder.path)
