"""More ways of asking in Discord: cues, several lines at once, and what tells apart."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.answering.outcome import Link
from bot.discord_bot.moderation.ways_cards import cues_shown, lines_shown, weak_shown
from bot.discord_bot.showing.limits import problems
from bot.discord_bot.showing.messages import Shown
from bot.editing.edits import Append
from bot.evaluation.cues import Cues, Unasked
from bot.evaluation.self_test import Pair, SelfTest, Tried, Weak
from bot.evaluation.shares import Share
from bot.evaluation.trials import Trial
from bot.moderating.own_questions import OwnQuestions
from bot.moderating.wishes import wish_of
from bot.records.values import Draft, Question
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.home import Home, answer, filled
from tests.scene import labels, text_of

SAY: Final = words("en").say
NOW: Final = datetime.now(UTC)
WHEN: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUESTION: Final = "What happened to the Harbour Street bell?"
LINES: Final = "quux the flarn\nis the bell gone for good"
STOLEN: Final = "was the bell taken by a thief"


def menu(shown: simcord.ResponseMessage, verb: str) -> str:
    """The custom id of the menu of a card that does something."""
    found: list[str] = []
    parts: list[object] = list(shown.message.components)
    while parts:
        part = parts.pop()
        found.append(str(getattr(part, "custom_id", "") or ""))
        parts.extend(getattr(part, "children", ()))
    (one,) = (name for name in found if name.startswith(f"m1:{verb}:"))
    return one


async def cues_of(home: Home, entry: str = "what-happened") -> simcord.ResponseMessage:
    """The cues of an answer, by the button on its card."""
    shown = answer(await home.use("answers view", id=entry))
    return answer(await home.mo.click(shown, label=SAY("button.cues")))


async def sent(home: Home, text: str) -> simcord.ResponseMessage:
    """What is shown for lines that were typed for an answer."""
    form = await home.mo.click(await cues_of(home), label=SAY("button.write"))
    return answer(await home.send(form, words=text))


async def drafts(home: Home) -> list[Draft]:
    """Mo's open drafts."""
    story, who = home.workshop.story, home.mo.id
    return list(await home.records.drafts.open_of(story, who, 10))


async def test_the_weakest_answers(home: Home) -> None:
    """They are shown to moderators alone, with what to expect and what is not asked."""
    result = await home.mo.click(
        answer(await home.use("stats")), label=SAY("button.weak")
    )
    assert answer(result).message.flags.ephemeral
    text = text_of(answer(result))
    assert SAY("weak.expected") in text
    assert "What did the neighbours say in March?" in text
    assert "Not asked yet: when (4 March 2024)" in text


async def test_own_questions_are_asked_once(answerer: Answerer) -> None:
    """However many want to know at once what became of them."""
    asked: list[int] = []
    own = OwnQuestions()
    found = await asyncio.gather(
        *(own.tested(answerer, TODAY, lambda at, _of: asked.append(at)) for _ in "abc")
    )
    assert found[0] is found[1] is found[2]
    assert len(asked) == len(set(asked))


async def weakest(home: Home) -> simcord.ResponseMessage:
    """The weakest answers, as a moderator is shown them."""
    figures = answer(await home.use("stats"))
    return answer(await home.mo.click(figures, label=SAY("button.weak")))


async def test_more_ways_from_the_weakest(home: Home) -> None:
    """Choosing one of them shows its cues."""
    shown = await weakest(home)
    picked = await home.mo.select(
        shown, ["what-happened"], custom_id=menu(shown, "cues")
    )
    assert QUESTION in text_of(answer(picked))
    assert SAY("button.write") in labels(answer(picked))


async def test_answers_that_are_taken_for_each_other(home: Home) -> None:
    """Choosing a pair makes a draft by which neither is asked by the other's ways."""
    shown = await weakest(home)
    (pair,) = (
        value
        for value in values_of(shown, menu(shown, "pair"))
        if "what-neighbours-said" in value
    )
    preview = answer(await home.mo.select(shown, [pair], custom_id=menu(shown, "pair")))
    text = text_of(preview)
    assert f"**{SAY('field.not_this')}**" in text
    (draft,) = await drafts(home)
    sides = {getattr(one, "id", "") for one in wish_of(draft).edits}
    assert sides == set(pair.split())


def values_of(shown: simcord.ResponseMessage, custom_id: str) -> list[str]:
    """The values that a menu of a card has."""
    parts: list[object] = list(shown.message.components)
    while parts:
        part = parts.pop()
        if getattr(part, "custom_id", None) == custom_id:
            return [one.value for one in getattr(part, "options", ())]
        parts.extend(getattr(part, "children", ()))
    return []


async def test_cues_of_an_answer(home: Home) -> None:
    """An answer's card leads to what no way of it touches."""
    text = text_of(await cues_of(home))
    assert "Not asked yet: when (4 March 2024)" in text
    assert "Not named yet: Harbour Council" in text


async def test_facts_have_no_ways(home: Home) -> None:
    """Only answers have the button."""
    shown = answer(await home.use("facts view", id="bell-gone"))
    assert SAY("button.cues") not in labels(shown)


async def test_lines_say_what_they_would_do(home: Home) -> None:
    """What was typed is kept as a draft; each line says what it does, then the change.

    Submitted, all of them are ways of asking, and the next ones can follow.
    """
    shown = await sent(home, LINES)
    text = text_of(shown)
    assert SAY("lines.strange") in text
    (draft,) = await drafts(home)
    assert "quux the flarn" in wish_of(draft).typed["also_asked"]
    preview = answer(await home.mo.click(shown, label=SAY("button.preview")))
    assert "**quux the flarn**" in text_of(preview)
    assert text_of(preview).count(SAY("lines.strange")) == 1
    saved = answer(await home.mo.click(preview, label=SAY("button.submit")))
    assert SAY("button.cues") in labels(saved)
    written = home.folder.read("answers/bell.yaml")
    assert all(f"    - {line}\n" in written for line in LINES.split("\n"))


async def test_a_line_that_is_known_is_not_added_again(home: Home) -> None:
    """It is said to be a way already, and of which answer."""
    text = text_of(await sent(home, f"Was the bell stolen\n{LINES}"))
    assert SAY("lines.known", other="Was the bell stolen?") in text
    (draft,) = await drafts(home)
    assert "Was the bell stolen" not in wish_of(draft).typed["also_asked"]


async def test_not_this_on_both_sides_in_one_press(home: Home) -> None:
    """A line that is nearer to another answer tells the two apart, on both sides."""
    shown = await sent(home, STOLEN)
    assert SAY("lines.wrong", other="Was the bell stolen?") in text_of(shown)
    told = answer(await home.mo.select(shown, ["0"], custom_id=menu(shown, "apart")))
    assert SAY("lines.told-apart", line=STOLEN) in text_of(told)
    (draft,) = await drafts(home)
    edits = [one for one in wish_of(draft).edits if isinstance(one, Append)]
    made = [(one.id, one.field) for one in edits]
    assert made == [
        ("what-happened", "also_asked"),
        ("was-it-stolen", "not_this"),
        ("what-happened", "not_this"),
    ]


async def test_one_side_of_not_this_is_enough(home: Home) -> None:
    """The line's own side can be had alone; once, however often it is chosen."""
    shown = await sent(home, STOLEN)
    for _ in range(2):
        custom_id = menu(shown, "apart")
        shown = answer(await home.mo.select(shown, ["0 line"], custom_id=custom_id))
    (draft,) = await drafts(home)
    edits = [one for one in wish_of(draft).edits if isinstance(one, Append)]
    assert [(one.id, one.field) for one in edits] == [
        ("what-happened", "also_asked"),
        ("was-it-stolen", "not_this"),
    ]


async def test_nothing_typed_is_lost(home: Home) -> None:
    """Where the answer is gone when the form is sent, the lines are given back."""
    form = await home.mo.click(await cues_of(home), label=SAY("button.write"))
    home.folder.edit("answers/bell.yaml", "id: what-happened", "id: other-id")
    card = answer(await home.send(form, words=LINES))
    (file,) = card.message.attachments
    assert b"quux the flarn" in await file.read()


async def test_all_close_ones_together(home: Home) -> None:
    """What was asked in vain near an answer is offered on its card, in one press."""
    asked = ("is the old bell gone with rascals", "has the bell gone with its rascals")
    for text in (*asked, "how heavy is the moon"):
        await home.records.questions.note("story", text, NOW)
    shown = await cues_of(home)
    assert asked[0] in text_of(shown)
    label = SAY("button.close", count=2)
    lines = text_of(answer(await home.mo.click(shown, label=label)))
    assert all(one in lines for one in asked)
    assert "moon" not in lines


async def test_the_queue_offers_all_close_ones(home: Home) -> None:
    """A question in the queue has the same press, where there are several."""
    for text in ("is the old bell gone with rascals", "bell gone who are the rascals"):
        number = await home.records.questions.note("story", text, NOW)
    shown = answer(await home.use("queue"))
    opened = await home.mo.select(
        shown, [str(number)], custom_id="m1:item:questions:::0"
    )
    assert SAY("button.close", count=2) in labels(answer(opened))


async def test_a_reply_becomes_a_draft_of_an_answer(home: Home) -> None:
    """With its question and its words; facts are still to be named; once, not twice."""
    text = "how heavy is the old bell?"
    asked = await home.ann.send(home.channel, f"{home.me.mention} {text}")
    said = await home.mo.send(
        home.channel, "It weighs two tonnes, says the council.", reply_to=asked
    )
    menu_name = SAY("menu.draft")
    result = await home.mo.context_menu(home.channel, menu_name, said)
    assert result.ephemeral
    (draft,) = await drafts(home)
    typed = wish_of(draft).typed
    assert typed["question"] == text
    assert typed["answer"] == "It weighs two tonnes, says the council."
    assert SAY("preview.refused") in text_of(answer(result))
    await home.mo.context_menu(home.channel, menu_name, said)
    assert await drafts(home) == [draft]


async def test_only_moderators_replies_become_answers(home: Home) -> None:
    """What others wrote does not; they are told so, and nothing is kept."""
    asked = await home.ann.send(home.channel, "how heavy is the old bell?")
    theirs = await home.ann.send(home.channel, "heavy, believe me", reply_to=asked)
    result = await home.mo.context_menu(home.channel, SAY("menu.draft"), theirs)
    assert text_of(answer(result)) == SAY("reply.not-moderators")
    assert await drafts(home) == []


async def test_a_reply_to_what_cannot_be_read_opens_the_form(home: Home) -> None:
    """Where the question is gone, the form has the words, and asks for the rest."""
    asked = await home.ann.send(home.channel, "how heavy is the old bell?")
    said = await home.mo.send(home.channel, "It weighs two tonnes.", reply_to=asked)
    await home.ann.delete(asked)
    form = await home.mo.context_menu(home.channel, SAY("menu.draft"), said)
    assert filled(form)["answer"] == "It weighs two tonnes."
    assert filled(form)["question"] == ""


async def test_a_reply_to_what_the_bot_said_is_to_its_question(home: Home) -> None:
    """A moderator who replies to the bot's card answers what the bot was asked."""
    text = "how heavy is the old bell?"
    await home.ann.send(home.channel, f"{home.me.mention} {text}")
    card = home.channel.history()[-1]
    said = await home.mo.send(home.channel, "It weighs two tonnes.", reply_to=card)
    await home.mo.context_menu(home.channel, SAY("menu.draft"), said)
    (draft,) = await drafts(home)
    assert wish_of(draft).typed["question"] == text


def kept() -> Draft:
    """A draft of Mo's."""
    return Draft(
        story="story",
        guild=1,
        moderator=1,
        name="mo",
        kind="edit",
        content={},
        base={},
        id=1,
        state="open",
        created=WHEN,
        changed=WHEN,
        decided_by=None,
    )


@pytest.mark.parametrize("name", ["weak", "cues", "lines"])
def test_golden(home: Home, name: str, golden: Callable[[str, str], None]) -> None:
    """The cards are as they were; what people see changes knowingly."""
    story, say = home.app.answerer.story, words("en")
    one, other = (Link(x, story.entries[x].question) for x in list(story.entries)[:2])
    tried = (
        Tried(one.entry, "is it lost", "missed", ""),
        Tried(one.entry, "who took it", "wrong", other.entry),
    )
    missing = Cues(
        ("Harbour Council",), ("repair", "morning"), (Unasked("when", "4 March 2024"),)
    )
    asked = Question(1, "story", "is the old bell gone", 2, 0, WHEN, WHEN)
    shown = {
        "weak": weak_shown(
            SelfTest(tried, Share(1, 9), Share(0, 9), 4.0),
            [(Weak(one.entry, -0.5, tried, 4), missing)],
            [Pair(one.entry, other.entry, tried[1:])],
            story,
            say,
        ),
        "cues": cues_shown(one, missing, [asked], say),
        "lines": lines_shown(
            kept(),
            one,
            [
                Trial("quux the flarn", "off", is_strange=True),
                Trial("what of it", "nothing", is_broad=True),
                Trial("who took it", "other", other, "who stole the bell"),
                Trial("did ada take it", "wrong", other, "who stole the bell"),
                Trial(
                    "gone since 2019",
                    "offers",
                    unsaid=("2019",),
                    aliases=(("ada", "Ada Moreau"),),
                ),
                Trial("Was the bell stolen", "known", other),
            ],
            say,
        ),
    }[name]
    view = shown.sending().view
    assert view
    found = json.dumps(view.to_components(), indent=2, ensure_ascii=False)
    golden(f"cards/ways-{name}.json", f"{found}\n")


def fits(shown: Shown) -> bool:
    """Whether Discord would take a card."""
    view = shown.sending().view
    return view is not None and problems(None, view.to_components()) == []


def test_cards_fit_discord(home: Home) -> None:
    """However much there is to tell, a card keeps within Discord's limits."""
    story = home.app.answerer.story
    long = "x" * 300
    tried = tuple(Tried("what-happened", long, "missed", "") for _ in range(40))
    found = SelfTest(tried, Share(1, 9), Share(1, 9), 5.0)
    cues = Cues((long,) * 9, (long,) * 9, ())
    weak = [(Weak(name, 0.1, tried, 9), cues) for name in story.entries]
    missing = [Unasked("when", long), Unasked("passive", long)]
    weak[0] = weak[0][0], Cues((), (), tuple(missing))
    names = list(story.entries)
    pair = Pair(names[0], names[1], tried)
    for language in ("en", "es"):
        assert fits(weak_shown(found, weak, [pair], story, words(language)))
        entry = home.app.answerer.suggest("bell")[0]
        lines = [Trial(long, "other", entry, long, (long,))] * 25
        assert fits(lines_shown(kept(), entry, lines, words(language)))
