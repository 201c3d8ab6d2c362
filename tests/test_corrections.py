"""Corrections follow the answers already given: in their messages, for everybody."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.answering.composing import Composer
from bot.answering.outcome import Link
from bot.discord_bot.amending import Amender
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing.custom_ids import DELETE
from bot.records.records import Records
from bot.records.values import Altered, Begun, Message
from bot.story.model import Story
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.home import Home, answer
from tests.places import ROOT
from tests.scene import Scene, app_of, labels, text_of

QUESTION: Final = "Was the bell stolen?"
ENTRY: Final = "was-it-stolen"
OTHER: Final = "When did the bell come back?"
NOTE: Final = "It was not two neighbours, but three."
SAY: Final = words("en").say


def today() -> str:
    """The date of now, as a card says it."""
    return words("en").date(datetime.now(UTC).date().isoformat())


def changed(story: Story, **fields: object) -> Story:
    """The story with another answer to the question, at another revision."""
    entry = story.entries[ENTRY].model_copy(update=fields)
    entries = {**story.entries, ENTRY: entry}
    return replace(story, entries=entries, revision=f"{story.revision[1:]}0")


@pytest.fixture(scope="module")
def later(story: Story, answerer: Answerer) -> Answerer:
    """What answers after the change."""
    new = changed(story, question="Was the bell taken by thieves?")
    return Answerer(new, before=answerer)


@pytest.fixture(scope="module")
def without(story: Story, answerer: Answerer) -> Answerer:
    """What answers once the entry is hidden."""
    return Answerer(changed(story, hidden="not so"), before=answerer)


def amender(scene: Scene) -> Amender:
    """Corrects without a pause."""
    assert isinstance(scene.env.bot, Receipts)
    return Amender(scene.env.bot, pause=0, settled=timedelta())


async def begin(
    scene: Scene, kept: Records, draft: int = 1, note: str = NOTE, entry: str = ENTRY
) -> None:
    """A moderator has corrected what people were told of an entry."""
    before = app_of(scene).answerer.story.revision
    begun = Begun("story", draft, "edit it", note, before, Altered((entry,)))
    assert await kept.corrections.begin(begun, datetime.now(UTC))


async def states(kept: Records) -> dict[str, int]:
    """What became of the messages of the last correction."""
    (found, *_) = await kept.corrections.latest("story")
    return dict(found.states) | ({"gone": found.gone} if found.gone else {})


def edits(scene: Scene) -> list[simcord.HttpLogEntry]:
    """The edits of messages in channels."""
    every = (one for one in scene.env.http_requests if one.method == "PATCH")
    return [one for one in every if one.path.startswith("/channels")]


async def test_the_message_says_what_was_wrong_and_what_holds(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """On top is when and what was corrected, below it the answer as it is now."""
    await scene.mention(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    assert await amender(scene).amend()
    (sent,) = scene.sent
    head, title, *_ = text_of(sent).split("\n")
    assert head == f"**{SAY('corrected.on', date=today())}** {NOTE}"
    assert title == "### Was the bell taken by thieves?"
    assert await states(kept) == {"done": 1}


async def test_nobody_is_pinged_by_a_correction(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """Discord is told to ping nobody, and nothing new is posted."""
    await scene.mention(QUESTION)
    await begin(scene, kept, note="@everyone <@1>")
    app_of(scene).answerer = later
    await amender(scene).amend()
    (edit,) = edits(scene)
    assert edit.json is not None
    assert edit.json["allowed_mentions"] == {"parse": []}
    assert len(scene.sent) == 1
    assert "@everyone" not in text_of(scene.sent[0])


async def test_a_message_is_edited_once(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """What was corrected is not written again, however often it is looked at."""
    await scene.mention(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    for _ in range(3):
        assert await amender(scene).amend()
    assert len(edits(scene)) == 1


async def test_nothing_is_corrected_before_the_change_is_served(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """As long as the old answer is served, messages wait."""
    await scene.mention(QUESTION)
    await begin(scene, kept)
    assert await amender(scene).amend()
    assert edits(scene) == []
    app_of(scene).answerer = later
    await amender(scene).amend()
    assert len(edits(scene)) == 1


async def test_what_was_done_before_a_kill_is_not_done_again(
    scene: Scene, kept: Records, later: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after an edit, and before that is known, the bot does not edit again."""
    await scene.mention(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    with monkeypatch.context() as patch:
        patch.setattr(kept.corrections, "done", _killed)
        with pytest.raises(asyncio.CancelledError):
            await amender(scene).amend()
    assert await states(kept) == {"waiting": 1}
    new = Receipts(later, lambda: TODAY, kept)
    await scene.env.restart_bot(new)
    assert await amender(scene).amend()
    assert len(edits(scene)) == 1
    assert await states(kept) == {"done": 1}


async def _killed(*_: object) -> None:
    raise asyncio.CancelledError


async def test_two_corrections_are_both_said(
    scene: Scene, kept: Records, later: Answerer, story: Story
) -> None:
    """The later answer is shown, below both notes; one that waits too costs no edit."""
    await scene.mention(QUESTION)
    await begin(scene, kept, 1, "The first.")
    app_of(scene).answerer = later
    await amender(scene).amend()
    await begin(scene, kept, 2, "The second.")
    await begin(scene, kept, 3, "The third.")
    last = changed(story, question="Did anybody take the bell?")
    last = replace(last, revision=f"{last.revision[1:]}1")
    app_of(scene).answerer = Answerer(last, before=later)
    await amender(scene).amend()
    text = text_of(scene.sent[0])
    at = [text.index(one) for one in ("The first.", "The second.", "The third.")]
    assert at == sorted(at)
    assert "### Did anybody take the bell?" in text
    assert len(edits(scene)) == 2
    assert {one.states["done"] for one in await kept.corrections.latest("story")} == {1}


async def test_what_else_a_message_shows_stays(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """Of two answers one is corrected, in its place; the other is as it was."""
    await scene.mention(f"{OTHER} {QUESTION}")
    first, second = text_of(scene.sent[0]).split("### ")[1:]
    assert second.startswith(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    await amender(scene).amend()
    text = text_of(scene.sent[0])
    assert text.startswith(f"### {first}")
    assert SAY("corrected.on", date=today()) in text
    assert "### Was the bell taken by thieves?" in text
    assert QUESTION not in text


async def test_the_asker_can_still_delete_it(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """A corrected answer is still its asker's to delete."""
    await scene.mention(QUESTION)
    before = labels(scene.sent[0])
    await begin(scene, kept)
    app_of(scene).answerer = later
    await amender(scene).amend()
    (sent,) = scene.sent
    assert labels(sent) == before
    await scene.ann.select(sent, [DELETE])
    assert scene.sent == []


async def test_a_withdrawn_answer_says_so(
    scene: Scene, kept: Records, without: Answerer
) -> None:
    """Where an entry is hidden or gone, nothing of what it said is left."""
    await scene.mention(QUESTION)
    await begin(scene, kept, note="")
    app_of(scene).answerer = without
    await amender(scene).amend()
    (sent,) = scene.sent
    assert text_of(sent) == f"**{SAY('withdrawn.on', date=today())}**"
    await scene.ann.click(sent, label=SAY("button.delete"))
    assert scene.sent == []


async def test_a_direct_message_is_corrected(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """What was told directly is corrected there, as plain text."""
    await scene.ann.send_dm(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    await amender(scene).amend()
    sent = scene.ann.user.dm_channel.history()[-1]
    assert sent.content.startswith(f"**{SAY('corrected.on', date=today())}** {NOTE}")
    assert "Was the bell taken by thieves?" in sent.content


async def test_it_is_said_in_the_language_of_the_message(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """A message in Spanish is corrected in Spanish."""
    spanish = Scene(scene.env, "es-ES")
    await spanish.mention(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    await amender(scene).amend()
    date = words("es").date(datetime.now(UTC).date().isoformat())
    (sent,) = spanish.sent
    assert text_of(sent).startswith(f"**{words('es').say('corrected.on', date=date)}**")
    assert words("es").say("button.sources") in labels(sent)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (10008, "gone"),
        (10003, "gone"),
        (50001, "refused"),
        (50013, "refused"),
        (50005, "refused"),
        (50083, "archived"),
    ],
)
async def test_what_cannot_be_edited_is_counted(
    scene: Scene, kept: Records, later: Answerer, code: int, state: str
) -> None:
    """Deleted, not allowed, in an archived thread: it is counted, and others go on."""
    other = scene.guild.create_text_channel("other")
    await scene.mention(QUESTION)
    await scene.mention(QUESTION, other)
    await begin(scene, kept)
    app_of(scene).answerer = later
    path = f"/channels/{other.id}/messages/*"
    scene.env.inject_error("PATCH", path, status=400, code=code)
    assert await amender(scene).amend()
    assert await states(kept) == {"done": 1, state: 1}


async def test_a_channel_that_refuses_is_asked_once(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """Discord blocks who is refused often, so that the rest of a channel is left."""
    for _ in range(3):
        await scene.mention(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    path = f"/channels/{scene.channel.id}/messages/*"
    scene.env.inject_error("PATCH", path, status=403, code=50013)
    assert await amender(scene).amend()
    assert await states(kept) == {"refused": 3}
    assert len(edits(scene)) == 1


@pytest.mark.parametrize(("status", "code"), [(500, 0), (429, 0), (400, 30046)])
async def test_what_passes_is_tried_again(
    scene: Scene, kept: Records, later: Answerer, status: int, code: int
) -> None:
    """Where Discord is away, or wants fewer edits, a message waits for the next run."""
    await scene.mention(QUESTION)
    await begin(scene, kept)
    app_of(scene).answerer = later
    path = f"/channels/{scene.channel.id}/messages/*"
    scene.env.inject_error("GET", path, status=status, code=code)
    assert not await amender(scene).amend()
    assert await states(kept) == {"waiting": 1}
    assert await amender(scene).amend()
    assert await states(kept) == {"done": 1}


async def test_a_deleted_message_is_counted(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """What was deleted while it waited is not looked for."""
    await scene.mention(QUESTION)
    (sent,) = scene.sent
    await begin(scene, kept)
    await sent.delete()
    app_of(scene).answerer = later
    await amender(scene).amend()
    assert await states(kept) == {"gone": 1}
    assert edits(scene) == []


async def test_what_a_closest_showed_stays_one(
    scene: Scene, kept: Records, later: Answerer
) -> None:
    """What was shown as the closest is corrected as that, never as the answer."""
    await scene.mention(QUESTION)
    (sent,) = scene.sent
    app = app_of(scene)
    found = app.answerer.story.entries[ENTRY]
    await kept.shown.forget(sent.id)
    others = [Link("when-returned", OTHER)]
    closest = Composer(app.answerer.story, TODAY).closest(
        found, QUESTION, others=others
    )
    where = Message(scene.guild.id, scene.channel.id, sent.id)
    await app.note_shown(where, [closest], scene.ann.id)
    await begin(scene, kept)
    app.answerer = later
    await amender(scene).amend()
    assert SAY("closest") in text_of(scene.sent[0])


async def test_private_answers_are_counted(scene: Scene, kept: Records) -> None:
    """What one person alone saw cannot be corrected; how often that was is known."""
    await scene.ann.slash(scene.channel, "ask", question=QUESTION, private=True)
    await begin(scene, kept)
    (found,) = await kept.corrections.latest("story")
    assert (found.messages, found.private) == (0, 1)


async def written(home: Home) -> simcord.ResponseMessage:
    """The preview of another answer to the question."""
    form = await home.use("answers edit", id=ENTRY, field="question")
    return answer(await home.send(form, question="Was the bell taken by thieves?"))


async def corrected(
    home: Home, card: simcord.ResponseMessage, label: str
) -> simcord.ResponseMessage:
    """A moderator presses what corrects, and writes what was wrong."""
    form = await home.mo.click(card, label=label)
    return answer(await home.mo.submit_modal(form, {"words": NOTE}))


async def test_a_moderator_has_them_corrected(home: Home) -> None:
    """From the preview to the message, its result in the moderators' channel."""
    await home.mention(QUESTION)
    card = await written(home)
    assert SAY("preview.told", count=1) in text_of(card)
    shown = await corrected(home, card, SAY("button.correct"))
    assert SAY("saved.corrects") in text_of(shown)
    await home.live()
    assert await amender(home).amend()
    (sent,) = home.sent
    assert NOTE in text_of(sent)
    assert "### Was the bell taken by thieves?" in text_of(sent)
    (posted,) = home.posted
    assert SAY("correction.done", count=1) in text_of(posted)


async def test_a_comma_corrects_nothing(home: Home, kept: Records) -> None:
    """Whoever presses Submit changes the story, and no message."""
    await home.mention(QUESTION)
    card = await written(home)
    await home.mo.click(card, label=SAY("button.submit"))
    await home.live()
    assert await amender(home).amend()
    assert edits(home) == []
    assert await kept.corrections.latest("story") == ()


async def test_what_nobody_was_told_is_no_choice(home: Home) -> None:
    """Where no message shows what a change alters, nothing is said of it."""
    card = await written(home)
    assert labels(card)[0] == SAY("button.submit")
    assert not any("correct" in one for one in labels(card))


async def test_a_second_moderator_sees_what_is_corrected(
    home: Home, kept: Records, tmp_path: object
) -> None:
    """With two persons, who approves sees the note, and it is corrected only then."""
    home.open(ROOT / str(tmp_path) / "two", two_person=True)
    await home.mention(QUESTION)
    card = await written(home)
    await corrected(home, card, SAY("button.correct"))
    (posted,) = home.posted
    assert NOTE in text_of(posted)
    assert await kept.corrections.latest("story") == ()
    await home.moe.click(posted, label=SAY("button.approve"))
    (begun,) = await kept.corrections.latest("story")
    assert (begun.messages, begun.note) == (1, NOTE)


async def test_what_is_hidden_can_be_withdrawn(home: Home, kept: Records) -> None:
    """Who takes an answer off is asked whether people are told; once."""
    await home.mention(QUESTION)
    card = answer(await home.use("hide", what=f"answers/{ENTRY}", reason="wrong"))
    label = SAY("button.correct-now")
    shown = await corrected(home, card, label)
    assert SAY("correction.begins") in text_of(shown)
    await home.live()
    await amender(home).amend()
    assert SAY("withdrawn.on", date=today()) in text_of(home.sent[0])
    assert len(await kept.corrections.latest("story")) == 1


async def test_a_killed_bot_begins_what_was_sent_off(home: Home, kept: Records) -> None:
    """Killed once the files are written, the bot corrects after its start."""
    await home.mention(QUESTION)
    card = await written(home)
    form = await home.mo.click(card, label=SAY("button.correct"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept.corrections, "begin", _killed)
        with suppress(Exception, asyncio.CancelledError):
            await home.mo.submit_modal(form, {"words": NOTE})
    assert await kept.corrections.latest("story") == ()
    await home.workshop.recover()
    await home.workshop.recover()
    (begun,) = await kept.corrections.latest("story")
    assert (begun.messages, begun.note) == (1, NOTE)


async def test_a_correction_can_be_stopped_and_tried_again(
    home: Home, kept: Records, later: Answerer
) -> None:
    """/corrections lists them; one can be stopped, and the rest tried again."""
    assert SAY("corrections.none") in text_of(answer(await home.use("corrections")))
    await home.mention(QUESTION)
    await begin(home, kept)
    card = answer(await home.use("corrections"))
    assert SAY("corrections.line", done=0, count=1) in text_of(card)
    number = (await kept.corrections.latest("story"))[0].id
    card = answer(await home.mo.select(card, values=[str(number)]))
    await home.mo.click(card, label=SAY("button.correction-stop"))
    home.app.answerer = later
    await amender(home).amend()
    assert edits(home) == []
    await home.mo.click(card.message, label=SAY("button.correction-again"))
    await amender(home).amend()
    assert await states(kept) == {"done": 1}
