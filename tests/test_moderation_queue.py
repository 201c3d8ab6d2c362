"""The queue in Discord: what is wanted, objected to, reported; what comes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import discord
import pytest
import simcord
from hypothesis import given

from bot.answering.answerer import Answerer
from bot.answering.outcome import Link
from bot.discord_bot.client import Receipts
from bot.discord_bot.moderation.queue_cards import (
    KINDS,
    list_shown,
    objection_item,
    report_item,
    report_shown,
    want_item,
    want_shown,
)
from bot.discord_bot.showing.limits import problems
from bot.moderating.unanswered import Near, Want
from bot.records.values import Answered, Message, Objection, Question, Report
from bot.words.catalogue import words
from tests.home import Home, answer
from tests.nasty import texts
from tests.places import TODAY
from tests.scene import labels, text_of

SAY: Final = words("en").say
NOW: Final = datetime.now(UTC)
WANTED: Final = "is the old bell gone with rascals"
OTHER: Final = "how heavy is the moon"
QUESTION: Final = "What happened to the Harbour Street bell?"
WAY: Final = SAY("button.way")


async def ask(home: Home, *texts: str) -> list[int]:
    """Questions that found no answer, the first asked most."""
    numbers: list[int] = []
    for at, text in enumerate(texts):
        number = 0
        for _ in range(len(texts) - at):
            number = await home.records.questions.note("story", text, NOW) or 0
        numbers.append(number)
    return numbers


async def opened(
    home: Home, number: int, kind: str = "questions"
) -> simcord.ResponseMessage:
    """Something in a list of the queue, opened by Mo."""
    shown = answer(await home.use("queue", show=kind))
    menu = f"m1:item:{kind}:::0"
    return answer(await home.mo.select(shown, [str(number)], custom_id=menu))


async def test_what_is_wanted_most_comes_first(home: Home) -> None:
    """Wants are listed with their counts and the nearest entry, to moderators alone."""
    await ask(home, WANTED, OTHER)
    result = await home.use("queue")
    assert result.ephemeral
    text = text_of(answer(result))
    assert text.index(WANTED) < text.index(OTHER)
    assert "Asked 2 times" in text
    assert "Nearest: What happened" in text


async def test_what_has_an_answer_is_not_in_the_queue(home: Home) -> None:
    """Questions that the revision answers by now are left out."""
    await ask(home, QUESTION, OTHER)
    text = text_of(answer(await home.use("queue")))
    assert QUESTION not in text
    assert OTHER in text


async def test_an_empty_queue_says_so(home: Home) -> None:
    """Every list there is says where it has nothing."""
    for kind in KINDS:
        text = text_of(answer(await home.use("queue", show=kind)))
        assert SAY(f"queue.{kind}") in text
        assert SAY("queue.empty") in text


async def test_a_question_becomes_a_way_of_asking(home: Home) -> None:
    """The nearest entry gets it as another way; a preview comes first; then it is out.

    The queue no longer shows what the new revision answers.
    """
    (number,) = await ask(home, WANTED)
    shown = await opened(home, number)
    assert WAY in labels(shown)
    preview = answer(await home.mo.click(shown, label=WAY))
    assert f"**{WANTED}**" in text_of(preview)
    saved = await home.mo.click(preview, label=SAY("button.submit"))
    assert "Done" in text_of(answer(saved))
    await home.live()
    assert SAY("queue.empty") in text_of(answer(await home.use("queue")))


async def test_a_way_may_be_of_another_entry(home: Home) -> None:
    """Of the entries that may be meant another can be chosen."""
    (number,) = await ask(home, WANTED)
    shown = await opened(home, number)
    (menu,) = (one for one in menus(shown) if ":ways:" in one)
    preview = answer(await home.mo.select(shown, ["what-happened"], custom_id=menu))
    assert WANTED in text_of(preview)
    assert "What happened to the Harbour Street bell?" in text_of(preview)


@pytest.mark.parametrize(("how", "label"), [("not-ours", "Not ours"), ("spam", "Spam")])
async def test_what_is_settled_does_not_come_back(
    home: Home, how: str, label: str
) -> None:
    """All wordings are settled; they stay so when somebody types them again."""
    one, _ = await ask(home, WANTED, OTHER)
    shown = await opened(home, one)
    done = answer(await home.mo.click(shown, label=label))
    assert SAY("queue.settled") in text_of(done)
    await ask(home, WANTED)
    text = text_of(answer(await home.use("queue")))
    assert WANTED not in text
    assert OTHER in text
    (action, *_) = await home.records.actions.of_guild(home.guild.id)
    assert (action.action, action.moderator) == (how, home.mo.id)
    assert WANTED not in action.subject


async def test_a_want_that_grew_is_shown_again(home: Home) -> None:
    """What a moderator has not seen is not settled with what they have."""
    (number,) = await ask(home, WANTED)
    shown = await opened(home, number)
    await ask(home, f"{WANTED}, then")
    done = answer(await home.mo.click(shown, label="Spam"))
    assert SAY("draft.changed") in text_of(done)
    assert len(await home.records.questions.all("story")) == 2


async def test_a_question_is_answered(home: Home) -> None:
    """The form of a new answer has the question in it; what is sent is a draft."""
    (number,) = await ask(home, OTHER)
    shown = await opened(home, number)
    result = await home.mo.click(shown, label=SAY("button.answer"))
    assert result.modal is not None
    sent = await home.mo.submit_modal(
        result,
        {"question": OTHER, "answer": "The bell was gone. [bell-gone]"},
    )
    assert sent.acknowledged
    (draft,) = await home.records.drafts.open_of("story", home.mo.id)
    assert OTHER in str(draft.content)


async def test_a_wrong_vote_is_dealt_with(home: Home) -> None:
    """A reason stands with its answer; the answer can be edited, hidden; it is done."""
    seen = Answered("story", "was-it-stolen", "x")
    await home.records.votes.cast(seen, 7, "wrong", NOW, "it was the mayor")
    (one,) = await home.records.votes.objections("story")
    shown = await opened(home, one.id, "wrong")
    assert "it was the mayor" in text_of(shown)
    form = await home.mo.click(shown, label=SAY("button.edit"))
    assert form.modal is not None
    asked = await home.mo.click(shown, label=SAY("button.hide"))
    hidden = await home.mo.submit_modal(asked, {"words": "it is not so"})
    assert hidden.acknowledged
    assert "hidden: it is not so" in home.folder.read("answers/bell.yaml")
    shown = await opened(home, one.id, "wrong")
    done = answer(await home.mo.click(shown, label=SAY("button.done")))
    assert SAY("queue.settled") in text_of(done)
    assert await home.records.votes.objections("story") == ()


async def test_a_report_is_dealt_with(home: Home) -> None:
    """A report has a link to its message, and what that shows; then it is done."""
    await home.mention(QUESTION)
    where = Message(home.guild.id, home.channel.id, home.sent[-1].id)
    await home.records.reports.add(where, 7, "nonsense", NOW)
    (one,) = await home.records.reports.open("story")
    shown = await opened(home, one.id, "reports")
    assert "nonsense" in text_of(shown)
    assert f"/{where.channel}/{where.id}" in text_of(shown)
    assert SAY("button.edit") in labels(shown)
    await home.mo.click(shown, label=SAY("button.done"))
    assert await home.records.reports.open("story") == ()


async def test_drafts_are_in_the_queue(home: Home) -> None:
    """Whoever left a draft finds it; proposals wait for somebody else."""
    (number,) = await ask(home, WANTED)
    await home.mo.click(await opened(home, number), label=WAY)
    (draft,) = await home.records.drafts.open_of("story", home.mo.id)
    again = await opened(home, draft.id, "mine")
    assert SAY("button.submit") in labels(again)
    theirs = text_of(answer(await home.use("queue", home.moe, show="mine")))
    assert SAY("queue.empty") in theirs


async def test_a_proposal_is_approved_from_the_queue(
    home: Home, tmp_path: Path
) -> None:
    """With the two-person rule a way of asking waits in the queue for somebody else."""
    home.open(tmp_path / "kept", two_person=True)
    (number,) = await ask(home, WANTED)
    preview = answer(await home.mo.click(await opened(home, number), label=WAY))
    await home.mo.click(preview, label=SAY("button.submit"))
    assert WANTED not in home.folder.read("answers/bell.yaml")
    (draft,) = await home.records.drafts.proposed("story")
    listed = answer(await home.use("queue", home.moe, show="proposed"))
    menu = "m1:item:proposed:::0"
    found = answer(await home.moe.select(listed, [str(draft.id)], custom_id=menu))
    await home.moe.click(found, label=SAY("button.approve"))
    assert WANTED in home.folder.read("answers/bell.yaml")
    assert await home.records.drafts.proposed("story") == ()


async def test_the_queue_outlives_a_restart(
    home: Home, tmp_path: Path, answerer: Answerer
) -> None:
    """What was shown before a restart can be pressed after it."""
    (number,) = await ask(home, WANTED)
    shown = await opened(home, number)
    again = Receipts(answerer, lambda: TODAY, home.records, home.app.options)
    await home.env.restart_bot(again)
    home.open(tmp_path / "kept")
    preview = answer(await home.mo.click(shown, label=WAY))
    assert f"**{WANTED}**" in text_of(preview)


@pytest.mark.parametrize("what", ["way:was-it-stolen", "new", "queue"])
async def test_any_message_becomes_a_question(home: Home, what: str) -> None:
    """A message is taken redacted, without its author, for what is chosen."""
    message = await home.ann.send(
        home.channel, f"{home.moe.mention} {WANTED} write me at a@example.com"
    )
    result = await home.mo.context_menu(home.channel, SAY("menu.add"), message)
    assert result.modal is not None
    assert "example.com" not in str(result.modal)
    assert str(home.moe.id) not in str(result.modal)
    done = await home.mo.submit_modal(result, {"words": WANTED, "what": [what]})
    text = text_of(answer(done))
    drafts = await home.records.drafts.open_of("story", home.mo.id)
    kept = await home.records.questions.all("story")
    if what == "queue":
        assert text == SAY("queue.kept")
        assert [one.text for one in kept] == [WANTED]
    else:
        assert WANTED in str(drafts[0].content)
        assert str(home.ann.id) not in str(drafts[0])
        assert kept == ()


async def test_figures(home: Home) -> None:
    """Figures come as a picture with words, and day by day, privately; each once."""
    await home.mention(QUESTION)
    await home.mention(OTHER)
    result = await home.use("stats", days=3)
    assert result.ephemeral
    shown = answer(result)
    text = text_of(shown)
    assert f"{OTHER} (1×)" in text
    assert text.index(SAY("stats.wanted")) < text.index(SAY("stats.most"))
    files = {one.filename: one for one in shown.message.attachments}
    assert set(files) == {"figures.png", "figures.txt"}
    told = (await files["figures.txt"].read()).decode()
    for figure in ("Questions: 2", "Answered: 1"):
        assert figure in (files["figures.png"].description or "")
        assert figure in told
        assert figure not in text


def menus(message: simcord.ResponseMessage) -> list[str]:
    """The custom ids of a message's menus."""
    found, parts = list[str](), list[object](message.message.components)
    while parts:
        part = parts.pop(0)
        if isinstance(part, discord.SelectMenu):
            found.append(part.custom_id)
        parts[:0] = getattr(part, "children", ())
    return found


@given(texts)
def test_nothing_that_was_typed_has_an_effect(nasty: str) -> None:
    """However long or hostile people's words are, Discord takes the queue's cards."""
    said = words("en")
    one = Question(7, "story", nasty * 5, 10**9, 10**9, NOW, NOW - timedelta(days=9))
    link = Link("x" * 64, nasty)
    want = Want(one, (one,) * 60, 1, 1, NOW, NOW, Near(link, 0.5))
    report = Report(2**63 - 1, Message(1, 2, 3), nasty, NOW)
    objection = Objection(7, Answered("story", "x", "y"), nasty, NOW)
    items = [
        want_item(want, said),
        replace(objection_item(objection, nasty), value="8"),
        replace(report_item(report, said), value="9"),
    ]
    for shown in (
        want_shown(want, [link] * 12, said),
        report_shown(report, [Link(one, nasty) for one in "abc"], 1, said),
        list_shown("wrong", 3, items, said),
    ):
        view = shown.sending().view
        assert view is not None
        assert problems(None, view.to_components()) == []


async def test_what_moderators_look_at_is_not_counted(home: Home) -> None:
    """Neither the queue nor what it asks the story counts as asked."""
    before = await home.records.days.between("story", NOW.date(), NOW.date())
    await ask(home, WANTED)
    await home.use("queue")
    assert await home.records.days.between("story", NOW.date(), NOW.date()) == before
