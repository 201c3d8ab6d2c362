"""What rests on a fact: seen by whoever corrects it."""

from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.cli.earlier import still_old
from bot.cli.main import main
from bot.publishing.change_report import lines
from bot.publishing.gate import Gate
from bot.settings import Settings, cache_folder
from bot.shelf import Shelf
from bot.story.files import Files
from bot.story.model import Problem, Story
from tests.folder import Folder
from tests.home import Home, answer
from tests.places import ROOT, TODAY
from tests.scene import text_of

STORY = ROOT / "knowledge" / "balenciaga-2022"
FACTS = "facts/gift-shop-campaign.yaml"
OLD, NEW = "campaign on 16 November 2022", "campaign on 17 November 2022"


def story_of(folder: Folder) -> Story:
    """The story that a folder holds."""
    story = folder.load().story
    assert story
    return story


def test_a_corrected_date_is_told_wherever_it_still_stands(tmp_path: Path) -> None:
    """Each sentence with the old date is told at its line, until it is mended."""
    folder = Folder(tmp_path / "story", STORY)

    def told() -> list[Problem]:
        files = Files.read(folder.path)
        shelf = Shelf(cache_folder())
        gate = Gate(lambda story, _: Answerer(story), lambda: TODAY, shelf)
        story = gate.load(files).story
        assert story
        return still_old(folder.path, files, story, gate)

    assert told() == []
    old = [
        part.text
        for entry in story_of(folder).entries.values()
        for part in (
            *entry.sentences,
            *(one for premise in entry.premises for one in premise.sentences),
        )
        if "gift-campaign-launch" in part.facts and "16 November 2022" in part.text
    ]
    assert len(old) > 4
    folder.edit(FACTS, OLD, NEW)
    for _ in range(2):
        found = told()
        said = [one.message for one in found]
        for text in old:
            assert any(text[:60] in one for one in said), text
        assert {one.path for one in found} >= {"entities.yaml", "timeline.yaml"}
        for one in found:
            line = folder.read(one.path).split("\n")[one.line - 1]
            first = one.message[1:].split()[0 if one.path != "timeline.yaml" else 3]
            assert first in line[one.column - 1 :]
    folder.edit(FACTS, NEW, OLD)
    assert told() == []


def test_check_tells_what_still_says_the_old(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`receipts check` compares with the last time that nothing was left to mend."""
    folder = Folder(tmp_path / "story")
    assert main(["check", str(folder.path)], Settings(), TODAY) == 0
    folder.edit("facts/bell.yaml", "again on 12 June 2024.", "again on 13 June 2024.")
    capsys.readouterr()
    assert main(["check", str(folder.path)], Settings(), TODAY) == 0
    assert "still says 12 June 2024" in capsys.readouterr().out


async def test_a_moderator_sees_what_rests_on_a_fact(home: Home) -> None:
    """The preview of a corrected date lists what still says the old one, first."""
    form = await home.use("facts edit", id="bell-returned", field="statement")
    text = (
        "The repaired bell was hung in the Harbour Street tower again on 13 June 2024."
    )
    card = answer(await home.send(form, statement=text))
    shown = text_of(card)
    assert "These rest on what changes:" in shown
    rests = shown.partition("These rest on what changes:")[2].split("\n- ")[1:]
    assert [one.partition(" (still")[0] for one in rests[:3]] == [
        "Answer: The repaired bell has hung in the tower again since 12 June 2024.",
        "Answer: The bell was hung in the Harbour Street tower again on 12 June 2024, "
        "and neighbours came out to listen.",
        "Event: 12 June 2024: The bell is back",
    ]
    assert all("(still says 12 June 2024)" in one for one in rests[:3])


async def test_a_preview_warns_of_what_it_brings_about(home: Home) -> None:
    """A warning that was not there before is on the card; what was there is not."""
    form = await home.use("answers edit", id="was-it-stolen", field="answer")
    text = "It was stolen, neighbours said in 1999. [neighbours-theft]"
    shown = text_of(answer(await home.send(form, answer=text)))
    assert "Look at this, too:" in shown
    assert "begins with 'It'" in shown
    assert "'1999' in" in shown


def test_a_change_lists_what_rests_on_it(tmp_path: Path) -> None:
    """Answers, notes, events and entities are in the report of a change."""
    folder = Folder(tmp_path / "story")
    live = folder.live()
    live.start()
    facts = folder.read("facts/bell.yaml")
    changed = facts.replace("had sent the bell away", "had sent the town bell away")
    files = Files.read(folder.path).changed({"facts/bell.yaml": changed})
    found = live.judge(files)
    rests = {f"{one.kind}/{one.name}" for one in found.change.resting}
    assert rests == {
        "answers/what-happened",
        "answers/was-it-stolen",
        "unknowns/repair-cost",
        "entities/harbour-council",
    }
    assert all(not one.still for one in found.change.resting)
    assert "What rests on the facts that changed:" in lines(found.change)
