"""Buttons, menus and forms: by whom, where, and after a restart or a change."""

from dataclasses import replace
from typing import Any, Final

import discord
import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing.custom_ids import DELETE, NONE_OF_THESE
from bot.records.records import Records
from bot.story.model import Story
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import (
    Clock,
    Restart,
    Scene,
    app_of,
    can_be_deleted,
    labels,
    shown,
    text_of,
    titles,
)

QUESTION: Final = "What happened to the Harbour Street bell?"
OTHER_QUESTION: Final = "When did the bell come back?"
MISSING: Final = "how much was the repair of the bell?"
SAY: Final = words("en").say


@pytest.fixture
async def card(scene: Scene, restart: Restart) -> discord.Message:
    """An answer that the bot gave to Ann, before or after it was started again."""
    await scene.mention(QUESTION)
    await restart()
    return scene.sent[-1]


async def test_sources(scene: Scene, card: discord.Message) -> None:
    """Sources shows the exact words of each, only to the one who clicks."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    result = await bob.click(card, label="Sources")
    assert result.ephemeral
    assert "“The bell has been taken down for repair”" in shown(result)


async def test_helpful_and_wrong(
    scene: Scene, card: discord.Message, kept: Records
) -> None:
    """A person has one vote, and may change it; Wrong asks why, and offers others."""
    await scene.ann.click(card, label="👍")
    result = await scene.ann.click(card, label="👍")
    assert shown(result) == SAY("voted.counted")
    tally = (await kept.votes.tallies("story"))["what-happened"]
    assert (tally.helpful, tally.wrong) == (1, 0)
    form = await scene.ann.click(card, label="👎")
    result = await scene.ann.submit_modal(form, {"words": "it is still there"})
    assert result.ephemeral
    assert SAY("voted.next") in shown(result)
    tally = (await kept.votes.tallies("story"))["what-happened"]
    assert (tally.helpful, tally.wrong) == (0, 1)
    (objection,) = await kept.votes.objections("story")
    assert objection.reason == "it is still there"
    assert result.response is not None
    chosen = await scene.ann.select(result.response, ["was-it-stolen"])
    assert titles([chosen.response] if chosen.response else []) == [
        "Was the bell stolen?"
    ]


async def test_follow_up(scene: Scene, card: discord.Message) -> None:
    """A follow-up is asked in a form, takes up what was answered, and is public."""
    form = await scene.ann.click(card, label="Ask more")
    result = await scene.ann.submit_modal(form, {"words": OTHER_QUESTION})
    assert not result.ephemeral
    assert titles(scene.sent) == [QUESTION, OTHER_QUESTION]


async def test_delete(scene: Scene, card: discord.Message, kept: Records) -> None:
    """The asker and moderators may delete an answer, others may not."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    result = await bob.select(card, [DELETE])
    assert shown(result) == SAY("delete.not-yours")
    assert len(await kept.shown.by(card.id)) == 1
    await scene.ann.select(card, [DELETE])
    assert scene.sent == []
    assert await kept.shown.by(card.id) == ()


async def test_delete_by_a_moderator(scene: Scene, card: discord.Message) -> None:
    """Whoever may delete messages in the channel may delete the bot's."""
    role = scene.guild.create_role(
        "Mods", permissions=discord.Permissions(manage_messages=True)
    )
    mod = scene.guild.add_member(scene.env.create_user("mod"), roles=[role])
    await mod.select(card, [DELETE])
    assert scene.sent == []


async def test_related(scene: Scene, card: discord.Message) -> None:
    """A related question is answered to the one who chose it, who may post it."""
    result = await scene.ann.select(card, ["when-returned"])
    assert result.ephemeral
    assert result.response is not None
    assert titles([result.response]) == [OTHER_QUESTION]
    assert not can_be_deleted(result.response)
    await scene.ann.click(result.response, label="Post publicly")
    assert titles(scene.sent) == [QUESTION, OTHER_QUESTION]


async def test_post_needs_the_right_to_write(scene: Scene) -> None:
    """Who may not write in a channel cannot have the bot post there."""
    news = scene.guild.create_text_channel(
        "news",
        overwrites={
            scene.guild.default_role: discord.PermissionOverwrite(send_messages=False),
            scene.guild.roles[scene.me.name]: discord.PermissionOverwrite(
                send_messages=True
            ),
        },
    )
    result = await scene.ann.slash(news, "ask", question=QUESTION, private=True)
    assert result.ephemeral
    assert result.response is not None
    refused = await scene.ann.click(result.response, label="Post publicly")
    assert shown(refused) == SAY("post.not-here")


async def test_a_full_answer(scene: Scene, story: Story) -> None:
    """The rest of a long answer is behind a button."""
    entry = story.entries["what-happened"]
    long = entry.model_copy(update={"answer": f"{entry.answer} " * 6})
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    entries = {**story.entries, entry.id: long}
    bot.app.answerer = Answerer(replace(story, entries=entries))
    await scene.mention(QUESTION)
    assert len(text_of(scene.sent[-1])) < 1300
    result = await scene.ann.click(scene.sent[-1], label="More")
    assert result.ephemeral
    assert shown(result).count("missing from its tower") == 6


@pytest.mark.parametrize("label", ["Sources", "👍", "👎"])
async def test_an_outdated_card(
    scene: Scene, story: Story, kept: Records, label: str
) -> None:
    """A click on an outdated card gives today's answer and says so, and is no vote."""
    await scene.mention(QUESTION)
    entry = story.entries["what-happened"]
    new = entry.model_copy(update={"answer": "It rings again. [bell-returned]"})
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    entries = {**story.entries, entry.id: new}
    bot.app.answerer = Answerer(replace(story, entries=entries, revision="b" * 12))
    result = await scene.ann.click(scene.sent[-1], label=label)
    assert result.ephemeral
    assert SAY("changed") in shown(result)
    assert "It rings again." in shown(result)
    assert await kept.votes.tallies("story") == {}


async def test_an_entry_that_is_gone(scene: Scene, story: Story) -> None:
    """A click on the card of an entry that is gone says so."""
    await scene.mention(OTHER_QUESTION)
    entries = {
        name: entry.model_copy(update={"related": ()})
        for name, entry in story.entries.items()
        if name != "when-returned"
    }
    topics = {"bell": tuple(entries)}
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    bot.app.answerer = Answerer(replace(story, entries=entries, topics=topics))
    result = await scene.ann.click(scene.sent[-1], label="Sources")
    assert shown(result) == SAY("gone")


async def test_a_corrected_card_is_not_outdated(scene: Scene) -> None:
    """An answer that set a premise right shows the same sources when clicked."""
    await scene.mention("why did Moreau steal the bell?")
    assert "Ada Moreau denied" in text_of(scene.sent[-1])
    result = await scene.ann.click(scene.sent[-1], label="Sources")
    assert SAY("changed") not in shown(result)
    assert "\\[1\\] The Harbour Street bell - Bells and Towers" in shown(result)


async def test_an_answer_led_by_another_sentence(scene: Scene, story: Story) -> None:
    """A card that begins with what was asked for is the same answer when clicked."""
    entry = story.entries["when-returned"]
    text = (
        "Harbour Council had sent the bell for repair. [council-repair] The bell was "
        "hung in its tower again on 12 June 2024. [bell-returned]"
    )
    new = entry.model_copy(update={"answer": text})
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    bot.app.answerer = Answerer(
        replace(story, entries={**story.entries, entry.id: new})
    )
    await scene.mention(OTHER_QUESTION)
    assert f"{OTHER_QUESTION}\nThe bell was hung" in text_of(scene.sent[-1])
    result = await scene.ann.click(scene.sent[-1], label="Sources")
    assert SAY("changed") not in shown(result)
    assert "\\[1\\]" in shown(result)


@pytest.fixture
async def offer(scene: Scene, restart: Restart) -> discord.Message:
    """A 'did you mean' that the bot gave to Ann, before or after a restart."""
    await scene.mention(UNSURE)
    await restart()
    return scene.sent[-1]


UNSURE: Final = "did rascals nick the bell?"


async def test_choosing_what_was_meant(scene: Scene, offer: discord.Message) -> None:
    """Choosing shows the answer in place of the question which it was."""
    assert titles([offer]) == [SAY("did-you-mean")]
    await scene.ann.click(offer, label=labels(offer)[0])
    assert len(scene.sent) == 1
    assert titles(scene.sent) != [SAY("did-you-mean")]
    assert "Sources" in labels(scene.sent[-1])


async def test_choosing_what_another_meant(
    scene: Scene, offer: discord.Message
) -> None:
    """Whoever did not ask gets an answer of their own; the question stays."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    result = await bob.click(offer, label=labels(offer)[0])
    assert result.ephemeral
    assert titles(scene.sent) == [SAY("did-you-mean")]


async def test_none_of_these(
    scene: Scene, offer: discord.Message, kept: Records
) -> None:
    """None of these is sent to the moderators, where it is known what was asked."""
    await scene.ann.click(offer, label=SAY("none-of-these"))
    if titles(scene.sent) == [SAY("sent-on")]:
        (question,) = await kept.questions.all("story")
        assert (question.text, question.sent) == (UNSURE, 1)
        assert SAY("sent") in text_of(scene.sent[-1])
        assert labels(scene.sent[-1]) == [SAY("button.tell")]
        return
    # After a restart it is no longer known: it can be written in a form.
    assert titles(scene.sent) == [SAY("not-covered")]
    form = await scene.ann.click(scene.sent[-1], label=SAY("send"))
    result = await scene.ann.submit_modal(
        form, {"words": "what of the bell? a@b.example"}
    )
    assert result.ephemeral
    assert shown(result) == SAY("sent")
    (question,) = await kept.questions.all("story")
    assert (question.text, question.sent) == ("what of the bell? [e-mail]", 1)


async def test_none_of_these_is_the_askers(
    scene: Scene, offer: discord.Message, kept: Records
) -> None:
    """Whoever did not ask sends nothing: they are told that there is no answer."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    result = await bob.click(offer, label=SAY("none-of-these"))
    assert result.ephemeral
    assert titles([offer]) == [SAY("did-you-mean")]
    assert SAY("not-covered") in shown(result)
    assert all(one.sent == 0 for one in await kept.questions.all("story"))


async def test_a_menu_that_was_sent_before(scene: Scene) -> None:
    """A menu of an earlier version, of what may have been meant, works as it did."""
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    channel = bot.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    values = ("was-it-stolen", NONE_OF_THESE)
    old = f"r1:pick:::{scene.ann.id}:0"
    leads = {values[0]: "Was the bell stolen?", values[1]: SAY("not-covered")}
    for value, title in leads.items():
        view = discord.ui.View()
        menu = discord.ui.Select[Any](custom_id=old)
        for one in values:
            menu.add_option(label=one, value=one)
        view.add_item(menu)
        view.stop()
        sent = await channel.send("which?", view=view)
        await scene.ann.select(sent, [value])
        assert titles(scene.sent[-1:]) == [title]


async def test_one_of_two_that_was_meant(scene: Scene) -> None:
    """Choosing under one of two cards leaves the other where it is, in order."""
    await scene.mention(f"{OTHER_QUESTION} {UNSURE}")
    other = SAY("of-several.other", said=SAY("did-you-mean"))
    assert titles(scene.sent) == [OTHER_QUESTION, other]
    chosen = labels(scene.sent[0])[-2]
    await scene.ann.click(scene.sent[0], label=chosen)
    assert titles(scene.sent) == [OTHER_QUESTION, chosen]


NEAR: Final = "has the bell been put back?"
SPOKEN_OF: Final = "where was Ada Moreau on 5 March 2024?"
CLOSEST: Final = f"{SAY('closest')} {OTHER_QUESTION}"


@pytest.fixture
async def closest(scene: Scene, restart: Restart) -> discord.Message:
    """The closest question that the bot showed Ann, before or after a restart."""
    await scene.mention(NEAR)
    await restart()
    return scene.sent[-1]


async def test_choosing_the_closest(scene: Scene, closest: discord.Message) -> None:
    """Choosing it shows its whole answer in place of what was shown of it."""
    assert titles([closest]) == [CLOSEST]
    assert labels(closest)[0] == SAY("closest.yes")
    await scene.ann.click(closest, label=SAY("closest.yes"))
    assert titles(scene.sent) == [OTHER_QUESTION]
    assert "Sources" in labels(scene.sent[-1])


async def test_what_the_closest_tells_is_kept(
    scene: Scene, closest: discord.Message, kept: Records
) -> None:
    """Which facts it showed is known, and no longer once none of these was meant."""
    (told,) = await kept.shown.by(closest.id)
    assert told.answer.entry == "when-returned"
    assert "bell-returned" in told.facts
    await scene.ann.click(closest, label=SAY("none-of-these"))
    assert titles(scene.sent) in ([SAY("sent-on")], [SAY("not-covered")])
    assert await kept.shown.by(closest.id) == ()


async def test_another_than_the_closest(scene: Scene, kept: Records) -> None:
    """Whoever meant another gets that, and the message tells of no other entry."""
    await scene.mention(NEAR)
    (closest,) = scene.sent
    assert titles([closest]) == [CLOSEST]
    await scene.ann.click(closest, label="Was the bell stolen?")
    assert titles(scene.sent) == ["Was the bell stolen?"]
    (told,) = await kept.shown.by(closest.id)
    assert told.answer.entry == "was-it-stolen"


async def test_the_closest_is_no_public_answer(scene: Scene, kept: Records) -> None:
    """To a command it is shown to the asker alone, and nothing is kept of it."""
    answer = await scene.ask(NEAR)
    assert answer.ephemeral
    assert titles([answer]) == [CLOSEST]
    assert await kept.shown.by(answer.message.id) == ()


async def test_a_choice_leads_with_what_was_asked(scene: Scene, story: Story) -> None:
    """The answer that was chosen begins with what meets the asker's question."""
    entry = story.entries["when-returned"]
    text = "Harbour Council said so. [council-repair] The bell came home. [bell-gone]"
    new = entry.model_copy(update={"answer": text})
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    bot.app.answerer = Answerer(
        replace(story, entries={**story.entries, entry.id: new})
    )
    await scene.mention(NEAR)
    await scene.ann.click(scene.sent[-1], label=SAY("closest.yes"))
    assert f"{OTHER_QUESTION}\nThe bell came home." in text_of(scene.sent[-1])


async def test_going_on_from_the_closest(
    scene: Scene, closest: discord.Message
) -> None:
    """A reply to it is a question about what it tells of."""
    await scene.ann.send(
        scene.channel, f"{scene.me.mention} was it stolen?", reply_to=closest
    )
    assert titles(scene.sent[-1:]) == ["Was the bell stolen?"]


async def test_facts_leave_a_question_without_answer(
    scene: Scene, kept: Records
) -> None:
    """What facts speak of is counted, can be sent, and is waited for."""
    await scene.mention(SPOKEN_OF)
    assert titles(scene.sent) == [SAY("facts")]
    assert labels(scene.sent[-1]) == [SAY("button.tell"), SAY("send")]
    (question,) = await kept.questions.all("story")
    assert (question.text, question.asked) == (SPOKEN_OF, 1)
    form = await scene.ann.click(scene.sent[-1], label=SAY("send"))
    assert SPOKEN_OF in str(form.modal)


async def test_send_is_filled_in(scene: Scene) -> None:
    """The form that sends a question to the moderators holds what was asked."""
    await scene.mention(MISSING)
    form = await scene.ann.click(scene.sent[-1], label=SAY("send"))
    assert form.modal is not None
    assert MISSING in str(form.modal)


async def test_sending_nothing(scene: Scene, kept: Records) -> None:
    """A form without words sends nothing."""
    await scene.mention(MISSING)
    form = await scene.ann.click(scene.sent[-1], label=SAY("send"))
    result = await scene.ann.submit_modal(form, {"words": "?!"})
    assert shown(result) == SAY("nothing-sent")
    assert all(one.sent == 0 for one in await kept.questions.all("story"))


async def test_a_question_without_answer_is_counted(
    scene: Scene, kept: Records
) -> None:
    """What found no answer is kept, without who asked."""
    await scene.mention(MISSING)
    (question,) = await kept.questions.all("story")
    assert (question.text, question.asked, question.sent) == (MISSING, 1, 0)


async def test_what_is_shown_is_kept(scene: Scene, kept: Records) -> None:
    """Which message shows which answer is kept, and not who asked in a server."""
    await scene.mention(QUESTION)
    (shown_,) = await kept.shown.by(scene.sent[-1].id)
    assert shown_.answer.entry == "what-happened"
    assert "bell-gone" in shown_.facts
    assert (await kept.delete_person(scene.ann.id)).shown == 0


async def test_direct_messages_have_plain_text(scene: Scene) -> None:
    """In direct messages an answer is plain text, with the same buttons."""
    await scene.ann.send_dm(QUESTION)
    answer = scene.ann.user.dm_channel.history()[-1]
    assert answer.content.startswith(f"### {QUESTION}\n")
    assert not answer.flags.components_v2
    assert "👍" in labels(answer)
    result = await scene.ann.user.click(answer, label="Sources")
    assert "taken down for repair" in shown(result)
    form = await scene.ann.user.click(answer, label="👎")
    await scene.ann.user.submit_modal(form, {"words": "no"})
    await scene.ann.user.select(answer, [DELETE])
    assert answer.id not in {one.id for one in scene.ann.user.dm_channel.history()}


async def test_who_asked_directly_can_be_forgotten(scene: Scene, kept: Records) -> None:
    """Who asked in a direct message is kept, as a hash, so that it can be deleted."""
    await scene.ann.send_dm(QUESTION)
    assert (await kept.delete_person(scene.ann.id)).shown == 1


async def test_where_components_are_refused(scene: Scene) -> None:
    """Where Discord refuses components, the answer comes as plain text."""
    scene.env.inject_error(
        "POST", "/channels/*/messages", status=400, code=50035, message="no components"
    )
    await scene.mention(QUESTION)
    assert scene.sent[-1].content.startswith(f"### {QUESTION}\n")


async def test_without_records(answerer: Answerer) -> None:
    """Where nothing can be kept, nobody is asked for a vote, and answers come."""
    async with simcord.run(Receipts(answerer, lambda: TODAY)) as env:
        scene = Scene(env)
        await scene.mention(QUESTION)
        assert "👍" not in labels(scene.sent[-1])
        await scene.ann.select(scene.sent[-1], [DELETE])
        assert scene.sent == []


async def test_two_servers(scene: Scene) -> None:
    """What is pressed in one server does nothing in another."""
    other = Scene(scene.env)
    await scene.mention(QUESTION)
    await other.mention(QUESTION)
    await scene.ann.select(scene.sent[-1], [DELETE])
    assert (len(scene.sent), len(other.sent)) == (0, 1)


@pytest.mark.parametrize("custom_id", ["r1:dance:::0:0", "r0:full:x", "r1:full"])
async def test_a_button_of_another_version(scene: Scene, custom_id: str) -> None:
    """A button that is not known any more says so."""
    channel = scene.env.bot.get_channel(scene.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="old", custom_id=custom_id))
    view.stop()
    sent = await channel.send("old", view=view)
    result = await scene.ann.click(sent, label="old")
    assert shown(result) == SAY("old-button")


async def test_in_a_thread(scene: Scene) -> None:
    """In a thread cards work as elsewhere."""
    start = await scene.ann.send(scene.channel, "about the bell")
    cached = scene.env.bot.get_channel(scene.channel.id)
    assert isinstance(cached, discord.TextChannel)
    await cached.create_thread(name="bell", message=discord.Object(start.id))
    await scene.env.settle()
    thread = scene.channel.threads[0]
    await scene.mention(QUESTION, thread)
    answer = thread.history()[-1]
    assert "taken down for repair" in shown(
        await scene.ann.click(answer, label="Sources")
    )
    form = await scene.ann.click(answer, label="Ask more")
    await scene.ann.submit_modal(form, {"words": OTHER_QUESTION})
    assert titles(thread.history()[-1:]) == [OTHER_QUESTION]
    related = await scene.ann.select(answer, ["was-it-stolen"])
    assert related.response is not None
    posted = await scene.ann.click(related.response, label="Post publicly")
    assert not posted.ephemeral
    await scene.ann.select(answer, [DELETE])
    assert answer.id not in {one.id for one in thread.history()}


async def test_a_reload_between_a_vote_and_what_is_offered(
    scene: Scene, story: Story, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vote is counted and answered though its entry is gone before it is kept."""
    await scene.mention(QUESTION)
    clock.seconds += 3600  # what was asked is no longer remembered
    app = app_of(scene)
    assert app.records is not None
    cast = app.records.votes.cast

    async def reloaded(*vote: Any) -> None:  # noqa: ANN401 - as they come
        await cast(*vote)
        entries = {"when-returned": story.entries["when-returned"]}
        topics = {"bell": ("when-returned",)}
        app.answerer = Answerer(replace(story, entries=entries, topics=topics))

    monkeypatch.setattr(app.records.votes, "cast", reloaded)
    form = await scene.ann.click(scene.sent[0], label=SAY("button.wrong"))
    result = await scene.ann.submit_modal(form, {"words": ""})
    assert shown(result).startswith(SAY("voted.counted"))
