"""A corrected message loses nothing that it had beside what was wrong."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import discord
import pytest

from bot.answering.answerer import Answerer
from bot.answering.composing import Composer
from bot.discord_bot.showing.custom_ids import CustomId
from bot.records.records import Records
from bot.records.values import Message
from bot.story.model import Premise, Story
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import Scene, app_of, labels, text_of
from tests.test_corrections import ENTRY, OTHER, QUESTION, amender, begin

SAY: Final = words("en").say
NEAR: Final = "has the bell been put back?"
WRONG: Final = "why did Moreau steal the bell?"
NOT_SO: Final = f"**{SAY('not-so')}**"
NEW: Final = "She was abroad that week."


def with_entries(story: Story, entries: Mapping[str, Mapping[str, object]]) -> Answerer:
    """What answers once some entries have other fields, at another revision."""
    changed = {
        name: story.entries[name].model_copy(update=dict(fields))
        for name, fields in entries.items()
    }
    revision = f"{story.revision[1:]}0"
    return Answerer(
        replace(story, entries={**story.entries, **changed}, revision=revision)
    )


async def correct(scene: Scene, kept: Records, now: Answerer, entry: str) -> None:
    """What is told of an entry is corrected in all messages."""
    await begin(scene, kept, entry=entry)
    app_of(scene).answerer = now
    assert await amender(scene).amend()


@pytest.mark.parametrize("direct", [False, True])
async def test_not_so_is_said_again(
    scene: Scene, kept: Records, story: Story, *, direct: bool
) -> None:
    """What set a premise right comes first after the correction, as it is today."""
    if direct:
        await scene.ann.send_dm(WRONG)
    else:
        await scene.mention(WRONG)
    (premise,) = story.entries[ENTRY].premises
    new = Premise(claims=premise.claims, correction=f"{NEW} [moreau-denial]")
    fields = {"premises": (new,), "question": "Did thieves take the bell?"}
    await correct(scene, kept, with_entries(story, {ENTRY: fields}), ENTRY)
    channel = scene.ann.user.dm_channel if direct else scene.channel
    sent = channel.history()[-1]
    text = sent.content if direct else text_of(sent)
    assert f"### Did thieves take the bell?\n{NOT_SO} {NEW}" in text
    assert text.count(NOT_SO) == 1


async def test_a_premise_that_is_gone_is_not_said(
    scene: Scene, kept: Records, story: Story
) -> None:
    """Where the moderators took it away, the message shows the plain answer."""
    await scene.mention(WRONG)
    assert NOT_SO in text_of(scene.sent[0])
    await correct(scene, kept, with_entries(story, {ENTRY: {"premises": ()}}), ENTRY)
    text = text_of(scene.sent[0])
    assert NOT_SO not in text
    assert "Nothing collected here reports a theft" in text


async def test_what_was_not_so_stays_not_so_after_two_corrections(
    scene: Scene, kept: Records, story: Story
) -> None:
    """The second correction begins with what the first one began with."""
    await scene.mention(WRONG)
    for number, question in enumerate(("Stolen?", "Was it taken?"), 1):
        now = with_entries(story, {ENTRY: {"question": question}})
        now = Answerer(replace(now.story, revision=f"{number}"))
        await begin(scene, kept, number)
        app_of(scene).answerer = now
        assert await amender(scene).amend()
    assert f"### Was it taken?\n{NOT_SO}" in text_of(scene.sent[0])


async def test_the_sentence_that_met_the_question_stays_first(
    scene: Scene, kept: Records, story: Story
) -> None:
    """The sentence that led leads with its new words, before the others."""
    entry = "what-happened"
    app = app_of(scene)
    await scene.mention("What happened to the Harbour Street bell?")
    (sent,) = scene.sent
    await kept.shown.forget(sent.id)
    told = Composer(story, TODAY).answer(story.entries[entry], "", 1.0, lead=2)
    where = Message(scene.guild.id, scene.channel.id, sent.id)
    await app.note_shown(where, [told], scene.ann.id)
    answer = story.entries[entry].answer.replace("has hung", "is back")
    await correct(scene, kept, with_entries(story, {entry: {"answer": answer}}), entry)
    text = text_of(scene.sent[0])
    assert text.index("The repaired bell is back") < text.index("was missing from")


@pytest.mark.parametrize("entry", [ENTRY, "when-returned"])
async def test_what_can_be_pressed_stays(
    scene: Scene, kept: Records, story: Story, entry: str
) -> None:
    """Of two answers either is corrected: the same buttons, each of its own place."""
    await scene.mention(f"{OTHER} {QUESTION}")
    before = labels(scene.sent[0]), places(scene)
    now = with_entries(story, {entry: {"question": "Something else?"}})
    await correct(scene, kept, now, entry)
    assert "Something else?" in text_of(scene.sent[0])
    assert (labels(scene.sent[0]), places(scene)) == before


def places(scene: Scene) -> list[tuple[str, int]]:
    """What can be pressed in the message, by its verb, and the place that it names."""
    parts: list[object] = list(scene.sent[0].components)
    found: list[tuple[str, int]] = []
    while parts:
        part = parts.pop(0)
        if isinstance(part, discord.Button | discord.SelectMenu):
            custom_id = CustomId.read(part.custom_id or "")
            assert custom_id
            found.append((custom_id.verb, custom_id.place))
        parts[:0] = getattr(part, "children", ())
    return found


@pytest.mark.parametrize("place", [0, 1])
async def test_what_else_was_offered_stays(
    scene: Scene, kept: Records, story: Story, place: int
) -> None:
    """Beside the closest, the other questions that may have been meant stay.

    The message can be deleted from its last card, and from no other.
    """
    await scene.mention(f"{QUESTION} {NEAR}" if place else f"{NEAR} {QUESTION}")
    before = labels(scene.sent[0]), places(scene)
    assert SAY("closest.yes") in before[0]
    assert len([one for one in before[1] if one == ("pick", place)]) > 1
    fields = {"question": "Since when does it hang again?"}
    entry = "when-returned"
    await correct(scene, kept, with_entries(story, {entry: fields}), entry)
    assert "Since when does it hang again?" in text_of(scene.sent[0])
    assert (labels(scene.sent[0]), places(scene)) == before


async def test_another_answer_in_a_direct_message_stays(
    scene: Scene, kept: Records, story: Story
) -> None:
    """What a direct message says to another question is there after the correction."""
    await scene.ann.send_dm(f"{QUESTION} What colour is the bell ringer's hat?")
    before = scene.ann.user.dm_channel.history()[-1]
    _, second = before.content.split("\n\n### ")
    fields = {"question": "Did thieves take the bell?"}
    await correct(scene, kept, with_entries(story, {ENTRY: fields}), ENTRY)
    sent = scene.ann.user.dm_channel.history()[-1]
    assert sent.content.endswith(f"\n\n### {second}")
    assert "### Did thieves take the bell?" in sent.content
    assert labels(sent) == labels(before)
