"""What becomes of a draft, as moderators see it."""

from pathlib import Path
from typing import Final

import pytest

from bot.discord_bot.moderation.review_cards import preview_shown
from bot.editing.edits import Append
from bot.moderating.wishes import Wish
from bot.moderating.workshop import Moderator, Saved
from bot.words.catalogue import words
from tests.home import Home, answer
from tests.scene import titles

SAY: Final = words("en").say
NEW_WAY = Append(
    "answers", "was-it-stolen", "also_asked", "has somebody nicked the big old bell"
)


async def test_a_preview_is_accepted_by_discord(home: Home) -> None:
    """A draft's card shows what changes, and what can be done about it."""
    mo = Moderator(home.mo.id, "mo", home.guild.id)
    draft = await home.workshop.begin(mo, "edit", Wish("change it", (NEW_WAY,)))
    found = await home.workshop.look(draft)
    shown = preview_shown(draft, found, words("en"))
    text = "\n".join(text for card in shown.cards for text in card.texts)
    assert "+    - has somebody nicked" in text
    assert "questions asked" in text
    done = await home.workshop.submit(draft, mo)
    assert isinstance(done, Saved)


async def test_a_proposal_that_rests_on_what_changed(
    home: Home, tmp_path: Path
) -> None:
    """Whoever was to approve it can refuse it; the rest is for its author to do."""
    shop = home.open(tmp_path / "two", two_person=True)
    mo = Moderator(home.mo.id, "mo", home.guild.id)
    draft = await shop.begin(mo, "edit", Wish("change it", (NEW_WAY,)))
    await shop.submit(draft, mo)
    home.folder.edit("answers/bell.yaml", "Was the bell stolen?", "Was it stolen?")
    proposed = await shop.draft(draft.id)
    assert proposed
    shown = preview_shown(proposed, await shop.look(proposed), words("en"))
    (card,) = shown.cards
    (row,) = card.rows
    assert isinstance(row, tuple)
    assert [one.label for one in row] == [SAY("button.refuse")]


async def test_mine_keeps_what_others_changed_elsewhere(home: Home) -> None:
    """Where mine is made all the same, it changes what I wrote, and nothing else."""
    form = await home.use("facts edit", id="neighbours-theft")
    theirs = "  note: asked again in May\n  kind: allegation\n  by: neighbours"
    home.folder.edit("facts/bell.yaml", "  kind: allegation\n  by: neighbours", theirs)
    mine = "Some neighbours said that the bell had been stolen."
    card = answer(await home.send(form, statement=mine))
    assert titles([card]) == [SAY("conflict.title")]
    await home.mo.click(card, label=SAY("button.mine"))
    await home.mo.click(card.message, label="Submit")
    written = home.folder.read("facts/bell.yaml")
    assert mine in written
    assert theirs in written


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
async def test_in_from_another_system(home: Home, ends: str) -> None:
    """A file's ends of lines stay as they are, whatever editor it went through."""
    text = home.folder.read("facts/bell.yaml").replace("\n", ends)
    home.folder.write("facts/bell.yaml", text)
    new = text.replace("The bell was missing", "The old bell was missing")
    other = "\n" if ends == "\r\n" else "\r\n"
    sent = "\ufeff" + new.replace(ends, other)
    shown = answer(await home.use("facts import", file=("bell.yaml", sent.encode())))
    await home.mo.click(shown, label="Submit")
    assert (home.folder.path / "facts/bell.yaml").read_bytes() == new.encode()
