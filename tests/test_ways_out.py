"""What a refusal offers: a wording moves, is taken, or is marked as not this."""

from pathlib import Path
from typing import Final

import discord
import pytest
import simcord

from bot.discord_bot.moderation.review_cards import preview_shown
from bot.moderating.wishes import wish_of
from bot.words.catalogue import words
from tests.home import Home, answer, filled
from tests.scene import labels, text_of

SAY: Final = words("en").say
STOLEN: Final = "Was the bell stolen?"
GONE: Final = "What happened to the Harbour Street bell?"
THIEF: Final = "did anybody steal it i mean the bell"
OTHER: Final = "quux the flarn of the belfry"
MOVE: Final = SAY("button.move", question=STOLEN)
TAKE: Final = SAY("button.take", question=STOLEN)
NOT_THIS: Final = SAY("button.notthis")
SUBMIT: Final = SAY("button.submit")
AGAIN: Final = SAY("button.again")


async def refused(home: Home, *ways: str) -> simcord.ResponseMessage:
    """The preview of more ways of asking what happened, which are not all its own."""
    form = await home.use("answers edit", id="what-happened", field="also_asked")
    typed = "\n".join((filled(form)["also_asked"], *ways))
    return answer(await home.send(form, also_asked=typed))


def entry(home: Home, name: str) -> str:
    """An entry's lines, as its file has them now."""
    text = home.folder.read("answers/bell.yaml")
    return text.partition(f"- id: {name}\n")[2].partition("\n- id: ")[0]


async def test_a_wording_moves_to_where_it_belongs(home: Home) -> None:
    """A way of asking that takes another's question becomes a way of asking that."""
    card = await refused(home, THIEF)
    assert f"answered by “{GONE}”" in text_of(card)
    assert SUBMIT not in labels(card)
    await home.mo.click(card, label=MOVE)
    text = text_of(card.message)
    assert f"Answer: {STOLEN}\n" in text
    assert f"**{THIEF}**" in text
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF in entry(home, "was-it-stolen")
    assert THIEF not in entry(home, "what-happened")


async def test_only_the_wording_that_belongs_there_moves(home: Home) -> None:
    """Of several new ways of asking, those that take nothing stay where they are."""
    card = await refused(home, OTHER, THIEF)
    await home.mo.click(card, label=MOVE)
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF in entry(home, "was-it-stolen")
    assert OTHER in entry(home, "what-happened")


async def test_a_question_is_marked_as_not_this(home: Home) -> None:
    """An answer that would take a question says itself that it does not answer it."""
    card = await refused(home, THIEF)
    await home.mo.click(card, label=NOT_THIS)
    assert "**did anybody steal it, the bell i mean**" in text_of(card.message)
    (draft,) = await home.records.drafts.undecided("story")
    (_, mark) = wish_of(draft).edits
    assert (mark.collection, getattr(mark, "field", "")) == ("answers", "not_this")


async def test_a_wording_is_taken_from_where_it_is(home: Home) -> None:
    """What another answer is asked by already can be had from it, in one press."""
    card = await refused(home, "who stole the bell")
    assert f"already asks “{STOLEN}”" in text_of(card)
    assert TAKE in labels(card)
    await home.mo.click(card, label=TAKE)
    assert "~~who stole the bell~~" in text_of(card.message)
    (draft,) = await home.records.drafts.undecided("story")
    found = await home.workshop.look(draft)
    assert not any(one.severity == "error" for one in found.change.problems)  # pyright: ignore[reportOptionalMemberAccess]


async def test_the_other_entry_is_named(home: Home) -> None:
    """What an entry asks already is said to be its own, not the edited one's."""
    assert f"already asks “{STOLEN}”" in text_of(await refused(home, STOLEN))


async def test_a_taken_wording_is_submitted(home: Home) -> None:
    """What is taken is saved: one entry has it, and the other no longer."""
    card = await refused(home, "who stole the bell")
    await home.mo.click(card, label=TAKE)
    await home.mo.click(card.message, label=SUBMIT)
    assert SAY("saved.title") in text_of(card.message)
    assert "- who stole the bell\n" in entry(home, "what-happened")
    assert "- who stole the bell\n" not in entry(home, "was-it-stolen")


async def test_a_marked_question_is_submitted(home: Home) -> None:
    """What is marked is saved, with the wording that would have taken the question."""
    card = await refused(home, THIEF)
    await home.mo.click(card, label=NOT_THIS)
    await home.mo.click(card.message, label=SUBMIT)
    assert SAY("saved.title") in text_of(card.message)
    _, _, marked = entry(home, "what-happened").partition("not_this:")
    assert "did anybody steal it, the bell i mean" in marked
    assert THIEF in entry(home, "what-happened")


async def test_what_was_pressed_stays_when_it_is_edited_again(home: Home) -> None:
    """A wording that was moved is moved still, with what else is typed."""
    card = await refused(home, THIEF)
    await home.mo.click(card, label=MOVE)
    form = await home.mo.click(card.message, label=AGAIN)
    typed = f"{filled(form)['also_asked']}\n{OTHER}"
    card = answer(await home.send(form, also_asked=typed))
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF in entry(home, "was-it-stolen")
    assert THIEF not in entry(home, "what-happened")
    assert OTHER in entry(home, "what-happened")


async def test_what_was_pressed_stays_when_a_form_has_errors(home: Home) -> None:
    """It is no change without what was typed, and goes with that once it is mended."""
    card = await refused(home, THIEF)
    await home.mo.click(card, label=MOVE)
    form = await home.mo.click(card.message, label=AGAIN)
    typed = filled(form)["also_asked"]
    errors = answer(await home.send(form, also_asked=f"{typed}\nwho \x00 was it"))
    assert SAY("form.errors") in text_of(errors)
    (kept,) = await home.records.drafts.open_of(home.workshop.story, home.mo.id, 10)
    assert "changes nothing" in str((await home.workshop.look(kept)).refusals)
    form = await home.mo.click(errors.message, label=SAY("button.fix"))
    card = answer(await home.send(form, also_asked=f"{typed}\n{OTHER}"))
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF in entry(home, "was-it-stolen")
    assert THIEF not in entry(home, "what-happened")
    assert OTHER in entry(home, "what-happened")


async def test_a_question_that_was_allowed_is_still(home: Home) -> None:
    """What may be led elsewhere may be so, too, once it is edited again."""
    card = await refused(home, THIEF)
    await home.mo.click(card, label=SAY("button.allow"))
    form = await home.mo.click(card.message, label=AGAIN)
    typed = f"{filled(form)['also_asked']}\n{OTHER}"
    card = answer(await home.send(form, also_asked=typed))
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF in entry(home, "what-happened")
    assert OTHER in entry(home, "what-happened")


async def test_a_wording_that_is_typed_no_more_does_not_move(home: Home) -> None:
    """Whoever takes a wording away again has it nowhere."""
    card = await refused(home, OTHER, THIEF)
    await home.mo.click(card, label=MOVE)
    form = await home.mo.click(card.message, label=AGAIN)
    typed = filled(form)["also_asked"].replace(THIEF, "")
    card = answer(await home.send(form, also_asked=typed))
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF not in home.folder.read("answers/bell.yaml")
    assert OTHER in entry(home, "what-happened")


@pytest.mark.parametrize("label", [MOVE, NOT_THIS])
async def test_a_press_works_after_a_restart(
    home: Home, tmp_path: Path, label: str
) -> None:
    """All that it needs is in its id, in the records and the files."""
    card = await refused(home, THIEF)
    home.open(tmp_path / "kept")
    before = text_of(card.message)
    await home.mo.click(card, label=label)
    assert text_of(card.message) != before
    assert label not in labels(card.message) or label == NOT_THIS


async def test_only_whoever_wrote_it_decides(home: Home) -> None:
    """Other moderators, and those who are none, change no draft of somebody else's."""
    await refused(home, THIEF)
    (draft,) = await home.records.drafts.undecided("story")
    shown = preview_shown(draft, await home.workshop.look(draft), words("en"))
    where = home.env.bot.get_channel(home.channel.id)
    assert isinstance(where, discord.TextChannel)
    view = shown.sending().view
    assert view
    card = await where.send(view=view)
    told = await home.moe.click(card, label=MOVE)
    assert SAY("draft.not-yours") in text_of(answer(told))
    told = await home.ann.click(card, label=MOVE)
    assert SAY("mod.not-yours") in text_of(answer(told))
    assert await home.records.drafts.undecided("story") == (draft,)


async def test_an_old_button_does_nothing(home: Home) -> None:
    """A card from before the draft was changed shows it as it is now."""
    old = await refused(home, THIEF)
    (draft,) = await home.records.drafts.undecided("story")
    changed = await home.workshop.way_out(draft, "notthis")
    assert changed
    await home.mo.click(old, label=MOVE)
    assert SAY("draft.changed") in text_of(old.message)
    assert await home.workshop.draft(draft.id) == changed


async def test_a_whole_file_has_the_same_ways_out(home: Home) -> None:
    """Also what was sent as a file is put right by a press."""
    text = home.folder.read("answers/bell.yaml")
    sent = text.replace(
        "    - where is the bell\n", f"    - where is the bell\n    - {THIEF}\n"
    )
    card = answer(await home.use("answers import", file=("bell.yaml", sent.encode())))
    await home.mo.click(card, label=MOVE)
    await home.mo.click(card.message, label=SUBMIT)
    assert THIEF in entry(home, "was-it-stolen")
    assert THIEF not in entry(home, "what-happened")
