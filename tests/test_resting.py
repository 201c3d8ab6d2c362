"""What rests on a fact: seen by whoever corrects it."""

import re
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.publishing.change_report import lines
from bot.settings import Settings
from bot.story.files import Files
from bot.story.resting import resting
from tests.folder import Folder
from tests.home import Home, answer
from tests.places import ROOT, TODAY
from tests.scene import text_of

STORY = ROOT / "knowledge" / "balenciaga-2022"
FACTS = "facts/gift-shop-campaign.yaml"
OLD, NEW = "campaign on 16 November 2022", "campaign on 17 November 2022"
STILL = {
    "answers/campaigns.yaml",
    "answers/kim-and-balenciaga.yaml",
    "answers/kim-statement.yaml",
    "entities.yaml",
    "timeline.yaml",
    "unknowns.yaml",
}
"""Where the bundled story says what the fact said before."""


def test_a_corrected_date_is_told_wherever_it_still_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` lists each sentence with the old date at its line, until it is mended."""
    folder = Folder(tmp_path / "story", STORY)
    before = folder.load().story
    check = ["check", str(folder.path)]
    assert main(check, Settings(), TODAY) == 0
    folder.edit(FACTS, OLD, NEW)
    after = folder.load().story
    assert before
    assert after
    still = [
        one for one in resting(before, after, ["gift-campaign-launch"]) if one.still
    ]
    for _ in range(2):
        capsys.readouterr()
        assert main(check, Settings(), TODAY) == 0
        told = [
            one for one in capsys.readouterr().out.split("\n") if "still says" in one
        ]
        assert len(told) == len(still) == 8
        assert {one.split(":")[0].rpartition("story/")[2] for one in told} == STILL
        for one in told:
            path, line = one.split(":")[:2]
            text = folder.read(path.rpartition("story/")[2]).split("\n")
            said = re.search("'(\\S+)", one)
            assert said
            assert said[1] in text[int(line) - 1] or "timeline" in path
    folder.edit(FACTS, NEW, OLD)
    assert main(check, Settings(), TODAY) == 0
    assert "still says" not in capsys.readouterr().out


async def test_a_moderator_sees_what_rests_on_a_fact(home: Home) -> None:
    """The preview of a corrected date lists what still says the old one, first."""
    form = await home.use("facts edit", id="bell-returned", field="statement")
    text = (
        "The repaired bell was hung in the Harbour Street tower again on 13 June 2024."
    )
    card = answer(await home.send(form, statement=text))
    shown = text_of(card)
    assert "Rests on what changes:" in shown
    rests = shown.partition("Rests on what changes:")[2].split("\n- ")[1:]
    assert [one.split(":")[0] for one in rests[:3]] == [
        "answers/what-happened",
        "answers/when-returned",
        "timeline/2024-06-12",
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
