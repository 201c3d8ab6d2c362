"""What becomes of a draft, as moderators see it."""

from pathlib import Path
from typing import Final

import discord
import pytest
import simcord

from bot.discord_bot.moderation import review
from bot.discord_bot.moderation.review_cards import preview_shown
from bot.discord_bot.showing.messages import Shown
from bot.editing.edits import Append
from bot.moderating.wishes import Wish
from bot.moderating.workshop import Moderator, Saved
from bot.words.catalogue import Words, words
from tests.home import Home, answer, filled
from tests.scene import labels, text_of, titles

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
    assert "**has somebody nicked" in text
    assert "I asked " in text
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


async def written(home: Home, entry: str, way: str) -> simcord.ResponseMessage:
    """The preview of one more way of asking an entry."""
    form = await home.use("answers edit", id=entry, field="also_asked")
    ways = f"{filled(form)['also_asked']}\n{way}"
    return answer(await home.send(form, also_asked=ways))


async def test_a_theft_that_is_none_can_be_allowed(home: Home) -> None:
    """Whoever means it presses Allow; then the files say so, and it can be sent off."""
    card = await written(home, "what-happened", "did anybody steal it i mean the bell")
    assert "answered by “What happened to the Harbour Street bell?”" in text_of(card)
    assert SAY("button.submit") not in labels(card)
    await home.mo.click(card, label=SAY("button.allow"))
    await home.mo.click(card.message, label=SAY("button.submit"))
    stolen = "did anybody steal it, the bell i mean\n  expect:"
    text = home.folder.read("questions.yaml").partition(stolen)[2]
    assert "what-happened" in text.partition("kind:")[0]
    assert home.folder.load().problems == ()


async def test_all_questions_are_asked_in_sight(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a change is sent off, its moderator sees how far the asking is."""
    seen: list[tuple[int, int]] = []
    real = review.asking_shown

    def note(asked: int, of: int, said: Words) -> Shown:
        seen.append((asked, of))
        return real(asked, of, said)

    monkeypatch.setattr(review, "asking_shown", note)
    monkeypatch.setattr(review, "EVERY", 0)
    card = await written(home, "was-it-stolen", "has somebody nicked the big old bell")
    end = home.folder.read("timeline.yaml")
    home.folder.write("timeline.yaml", f"{end}# so that all is asked anew\n")
    await home.mo.click(card, label=SAY("button.submit"))
    assert seen
    assert all(0 <= asked <= of for asked, of in seen)
    assert "nicked" in home.folder.read("answers/bell.yaml")


async def test_what_comes_too_late_for_discord_is_posted(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After fifteen minutes the moderators' channel has what came of a draft."""
    card = await written(home, "was-it-stolen", "has somebody nicked the big old bell")

    def is_expired(_: object) -> bool:
        return True

    monkeypatch.setattr(discord.Interaction, "is_expired", is_expired)
    await home.mo.click(card, label=SAY("button.submit"))
    (posted,) = home.posted
    assert "was made" in text_of(posted)
