"""Two states of a story: what was added, changed and retired."""

from dataclasses import replace
from pathlib import Path

from bot.story.differences import Changed, Differences, Field, differences
from bot.story.files import FILES
from bot.story.model import Story
from tests.folder import Folder


def of(kind: str, before: Story | None, after: Story) -> Differences:
    """What differs between the records of one kind."""
    return next(one for one in differences(before, after) if one.kind == kind)


def edited(tmp_path: Path, name: str, old: str, new: str) -> Story:
    """The invented story with a text in a file of it replaced."""
    folder = Folder(tmp_path / "story")
    folder.edit(name, old, new)
    story = folder.load().story
    assert story is not None
    return story


def test_a_story_does_not_differ_from_itself(story: Story) -> None:
    """Every kind of record is compared, and none differs."""
    found = differences(story, story)
    assert [one.kind for one in found] == list(FILES)
    assert not any(found)


def test_without_a_state_before_everything_was_added(story: Story) -> None:
    """A new story's records were all added, and none changed or retired."""
    found = of("answers", None, story)
    assert list(found.added) == list(story.entries)
    assert not found.changed
    assert not found.retired


def test_a_changed_field_is_shown_with_both_its_values(
    story: Story, tmp_path: Path
) -> None:
    """Which fields of a record differ is said, and nothing of the others."""
    after = edited(tmp_path, "facts/bell.yaml", "kind: reaction", "kind: statement")
    found = of("facts", story, after)
    (changed,) = found.changed
    assert changed.fields == (Field("kind", "reaction", "statement"),)
    assert [one.kind for one in differences(story, after) if one] == ["facts"]


def test_comments_and_order_make_no_difference(story: Story, tmp_path: Path) -> None:
    """A comment makes another revision, but no record differs; nor does their order."""
    after = edited(tmp_path, "story.yaml", "title:", "# about\ntitle:")
    assert after.revision != story.revision
    turned = replace(after, entries=dict(reversed(list(after.entries.items()))))
    assert not any(differences(story, turned))


def test_records_added_and_retired_are_told_from_each_other(story: Story) -> None:
    """What is only now was added; what was only before is retired, as it was."""
    kept = dict(story.sources)
    name, gone = kept.popitem()
    less = replace(story, sources=kept)
    assert of("sources", story, less).retired == {name: gone}
    assert of("sources", less, story).added == {name: gone}


def test_records_without_an_id_are_known_by_their_text(story: Story) -> None:
    """A question asked twice is two questions; a changed one is not a new one."""
    first = story.probes[0]
    other = first.model_copy(update={"level": "measure", "kind": "other"})
    one = replace(story, probes=(first,))
    two = replace(story, probes=(other, first))
    found = of("questions", one, two)
    assert list(found.added) == [f"{first.ask} (2)"]
    assert [changed.id for changed in found.changed] == [first.ask]


def test_the_story_itself_is_a_record(story: Story) -> None:
    """A new title is a change of the record called story."""
    about = story.about.model_copy(update={"title": "Another"})
    found = of("story", story, replace(story, about=about))
    assert found.changed == (
        Changed("story", (Field("title", story.about.title, "Another"),)),
    )
