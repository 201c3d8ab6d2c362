"""Moderators at work in Discord: what they type, see and press."""

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import discord
import pytest
import simcord
from discord import app_commands
from simcord.results import InteractionResult

from bot.discord_bot.client import Receipts
from bot.discord_bot.moderation import review
from bot.discord_bot.moderation.session import written_in
from bot.discord_bot.router import MODERATORS_FORMS
from bot.discord_bot.showing.messages import Shown
from bot.history.history import HistoryError
from bot.moderating.workshop import Moderator
from bot.records.values import RecordsError
from bot.words.catalogue import words
from tests.home import HOME, Home, answer, filled
from tests.scene import labels, text_of, titles

SAY: Final = words("en").say
NEW_WAY: Final = "has somebody nicked the big old bell"


async def way_added(home: Home, way: str = NEW_WAY) -> simcord.ResponseMessage:
    """The preview of a way of asking that Mo adds in the form."""
    form = await home.use("answers edit", id="was-it-stolen")
    assert form.modal
    ways = "who stole the bell\ndid somebody take the town bell"
    return answer(await home.send(form, also_asked=f"{ways}\n{way}"))


def said(result: InteractionResult) -> str:
    """What an interaction was answered with last."""
    return text_of(answer(result))


async def test_a_way_of_asking_is_added(home: Home) -> None:
    """What is typed is previewed, sent off, and then answered."""
    card = await way_added(home)
    assert f"**{NEW_WAY}**" in text_of(card)
    assert labels(card) == ["Submit", "Edit again", "Withdraw"]
    done = await home.mo.click(card, label="Submit")
    assert done.acknowledged
    assert SAY("saved.title") in text_of(card.message)
    assert labels(card.message) == ["More ways"]
    assert NEW_WAY in home.folder.read("answers/bell.yaml")
    await home.live()
    await home.mention(NEW_WAY)
    assert titles(home.sent[-1:]) == ["Was the bell stolen?"]


async def test_what_is_wrong_is_kept_and_mended(home: Home) -> None:
    """Errors come with the way back to the form, filled with what was typed."""
    form = await home.use("facts edit", id="bell-gone", field="citations")
    wrong = answer(await home.send(form, citations="nonsense"))
    assert "line 1 of the citations" in text_of(wrong)
    again = await home.mo.click(wrong, label="Fix it")
    assert filled(again) == {"citations": "nonsense"}
    right = 'harbour-herald-2024-03-04: "the bell was gone"'
    mended = await home.send(again, citations=right)
    assert mended.acknowledged
    assert f"**{SAY('field.citations')}**: " in text_of(wrong.message)
    assert "Submit" in labels(wrong.message)


async def test_a_form_and_a_card_survive_a_restart(home: Home, tmp_path: Path) -> None:
    """All that a form or a button needs is in its id, in the records and the files."""
    form = await home.use("facts edit", id="bell-gone", field="note")
    home.open(tmp_path / "kept")
    card = answer(await home.send(form, note="Seen at the tower."))
    home.open(tmp_path / "kept")
    await home.mo.click(card, label="Submit")
    assert "note: Seen at the tower." in home.folder.read("facts/bell.yaml")


async def test_commands_are_in_the_home_server_only(home: Home) -> None:
    """Elsewhere, and in direct messages, there is none to be seen."""
    other = home.env.create_guild("Other")
    channel = other.create_text_channel("general")
    powers = discord.Permissions(administrator=True)
    admin = other.add_member(
        home.env.create_user("boss"),
        roles=[other.create_role("Admin", permissions=powers)],
    )
    names = {one.partition(" ")[0] for one in COMMANDS}
    assert names.isdisjoint(
        one.partition(" ")[0] for one in admin.available_commands(channel)
    )
    assert names.isdisjoint(
        one.partition(" ")[0] for one in home.mo.user.available_commands()
    )


async def test_what_cannot_be_kept_is_given_back(home: Home) -> None:
    """What was typed is given back where it cannot be kept."""
    form = await home.use("facts edit", id="bell-gone", field="note")

    async def fail(*_: object, **__: object) -> None:
        raise RecordsError("The disk is full.")

    home.records.drafts.add = fail  # type: ignore[method-assign, assignment]
    card = answer(await home.send(form, note="something long and dear"))
    assert "The disk is full" in text_of(card)
    (file,) = card.attachments
    assert b"something long and dear" in await file.read()


async def test_the_form_of_another_version_is_given_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed in a form that is not known any more is given back."""
    form = await home.use("facts edit", id="bell-gone", field="note")
    monkeypatch.delitem(MODERATORS_FORMS, "edit")
    card = answer(await home.send(form, note="something long and dear"))
    (file,) = card.attachments
    assert b"something long and dear" in await file.read()


@pytest.mark.parametrize("topic", ["The Bell & Tower", "the bell: tower", "THÉ-bell"])
async def test_a_topic_is_written_as_file_names_are(home: Home, topic: str) -> None:
    """Whatever topic is typed: the form is kept, and makes a file that can be."""
    form = await home.use("facts add", topic=topic)
    card = answer(
        await home.send(
            form,
            statement="The herald said that the bell rang.",
            citations='harbour-herald-2024-03-04: "it rang"',
            **{"kind+by": "kind: fact", "as_of+until": "as of: 2024-07-01"},
        )
    )
    assert "facts/the-bell" in text_of(card)
    assert "Submit" in labels(card)


async def test_a_topic_of_no_letters_has_no_form(home: Home) -> None:
    """Nobody writes a form that could go nowhere."""
    result = await home.use("facts add", topic="¿ !")
    assert said(result) == SAY("import.name")


async def test_somebody_changed_it_in_between(home: Home) -> None:
    """Both versions are shown; nothing is lost, whichever is taken."""
    card = await way_added(home)
    home.folder.edit("answers/bell.yaml", "Was the bell stolen?", "Was it stolen?")
    await home.mo.click(card, label="Submit")
    text = text_of(card.message)
    assert "Was it stolen?" in text
    assert NEW_WAY in text
    assert labels(card.message) == [
        "Put mine in place of theirs",
        "Edit again",
        "Keep theirs",
    ]
    await home.mo.click(card.message, label="Put mine in place of theirs")
    await home.mo.click(card.message, label="Submit")
    written = home.folder.read("answers/bell.yaml")
    assert "Was it stolen?" in written
    assert NEW_WAY in written


async def test_a_change_while_a_form_is_open_is_seen(home: Home) -> None:
    """Who sends a form over somebody else's change is shown that first."""
    form = await home.use("answers edit", id="was-it-stolen", field="question")
    home.folder.edit("answers/bell.yaml", "Was the bell stolen?", "Was it stolen?")
    card = answer(await home.send(form, question="Did thieves take the bell?"))
    assert titles([card]) == [SAY("conflict.title")]


async def test_a_stale_button_does_nothing(home: Home) -> None:
    """What was withdrawn cannot be sent off by an older card."""
    card = await way_added(home)
    old = card.message
    draft = await home.workshop.draft(1)
    assert draft
    await home.workshop.drop(draft, Moderator(home.mo.id, "mo", home.guild.id))
    result = await home.mo.click(old, label="Submit")
    assert SAY("draft.changed") in said(result)
    assert NEW_WAY not in home.folder.read("answers/bell.yaml")


async def test_two_persons(home: Home, tmp_path: Path) -> None:
    """A proposal is posted; nobody approves their own; then it says who did."""
    home.open(tmp_path / "kept2", two_person=True)
    card = await way_added(home)
    await home.mo.click(card, label="Submit")
    assert NEW_WAY not in home.folder.read("answers/bell.yaml")
    (posted,) = home.posted
    assert labels(posted) == ["Approve", "Refuse"]
    own = await home.mo.click(posted, label="Approve")
    assert said(own) == SAY("approve.own")
    await home.moe.click(posted, label="Approve")
    assert NEW_WAY in home.folder.read("answers/bell.yaml")
    assert labels(home.posted[0]) == []
    assert "approved by moe" in text_of(home.posted[0])


async def test_nobody_approves_as_somebody_else(home: Home, tmp_path: Path) -> None:
    """Who deletes their data withdraws what they propose, for them and for others.

    It is said before, and the trail goes on saying who did what: they are moderators.
    """
    home.open(tmp_path / "kept2", two_person=True)
    await home.mo.click(await way_added(home), label="Submit")
    about = answer(await home.use("about"))
    sure = answer(await home.mo.click(about, label=SAY("button.forget")))
    assert SAY("forget.stays") in text_of(sure)
    await home.mo.click(sure, label=SAY("button.forget-yes"))
    done = await home.mo.click(home.posted[0], label="Approve")
    assert "Done" not in said(done)
    assert labels(home.posted[0]) == []  # it is withdrawn for all
    assert NEW_WAY not in home.folder.read("answers/bell.yaml")
    trail = await home.records.actions.of_guild(home.guild.id)
    assert [(one.action, one.name) for one in trail] == [("propose", "mo")]


async def test_the_trail_forgets_who_is_no_moderator_any_more(
    home: Home, tmp_path: Path
) -> None:
    """Without the role, what somebody did stays without their name."""
    home.open(tmp_path / "kept2", two_person=True)
    await home.mo.click(await way_added(home), label="Submit")
    about = answer(await home.use("about"))
    home.app.options = replace(home.app.options, moderator_roles=frozenset({7}))
    sure = answer(await home.mo.click(about, label=SAY("button.forget")))
    assert SAY("forget.stays") not in text_of(sure)
    await home.mo.click(sure, label=SAY("button.forget-yes"))
    (one,) = await home.records.actions.of_guild(home.guild.id)
    assert (one.moderator, one.name) == (None, None)


async def test_a_moderator_is_one_elsewhere_too(home: Home) -> None:
    """Who deletes their data in another server keeps their name in the trail, too."""
    await home.use("hide", what="answers/was-it-stolen", reason="being checked")
    other = home.env.create_guild("Elsewhere")
    channel = other.create_text_channel("x")
    mo = other.add_member(home.mo.user)
    about = answer(await mo.slash(channel, "about"))
    sure = answer(await mo.click(about, label=SAY("button.forget")))
    assert SAY("forget.stays") in text_of(sure)
    await mo.click(sure, label=SAY("button.forget-yes"))
    (one,) = await home.records.actions.of_guild(home.guild.id)
    assert one.name == "mo"


async def test_a_proposal_is_refused(home: Home, tmp_path: Path) -> None:
    """Who refuses it is named, and nothing is changed."""
    home.open(tmp_path / "kept2", two_person=True)
    await home.mo.click(await way_added(home), label="Submit")
    await home.moe.click(home.posted[0], label="Refuse")
    assert "refused by moe" in text_of(home.posted[0])
    assert NEW_WAY not in home.folder.read("answers/bell.yaml")


async def test_look_hide_and_show_again(home: Home) -> None:
    """What is hidden is found, says why, and is shown again by a change."""
    hits = said(await home.use("facts search", words="bell tower"))
    assert "bell-gone" in hits
    card = said(await home.use("facts view", id="bell-gone"))
    assert "Answer: What happened to the Harbour Street bell?" in card
    off = await home.use("hide", what="answers/was-it-stolen", reason="being checked")
    assert SAY("hidden.title") in said(off)
    assert "hidden: being checked" in home.folder.read("answers/bell.yaml")
    view = answer(await home.use("answers view", id="was-it-stolen"))
    assert "being checked" in text_of(view)
    names = await home.mo.autocomplete(home.channel, "answers view", "id", "stolen")
    assert names[0]["value"] == "was-it-stolen"
    await home.mo.click(view, label="Show again")
    await home.mo.click(view.message, label="Submit")
    assert "hidden:" not in home.folder.read("answers/bell.yaml")


async def test_hiding_takes_a_reason(home: Home) -> None:
    """White space is none: it would break the file, and hide nothing."""
    before = home.folder.read("answers/bell.yaml")
    result = await home.use("hide", what="answers/was-it-stolen", reason="  ")
    assert said(result) == SAY("hide.no-reason")
    assert home.folder.read("answers/bell.yaml") == before


async def test_hiding_in_a_broken_file_says_what_to_mend(home: Home) -> None:
    """What is served is known, though its file cannot be read just now."""
    home.folder.write(
        "answers/bell.yaml", home.folder.read("answers/bell.yaml") + "- id: [\n"
    )
    result = await home.use("hide", what="was-it-stolen", reason="being checked")
    assert "mend the file first: answers/bell.yaml" in said(result).replace("\\", "")


async def test_take_back_and_audit(home: Home) -> None:
    """A version is taken back by a change of its own; the trail has both."""
    await home.mo.click(await way_added(home), label="Submit")
    past = answer(await home.use("answers history", id="was-it-stolen"))
    (version, *_) = await home.workshop.log()
    assert "answers: change “Was the bell stolen?”" in text_of(past)
    await home.mo.select(past, [version.id])
    await home.mo.click(past.message, label="Submit")
    assert NEW_WAY not in home.folder.read("answers/bell.yaml")
    trail = said(await home.use("audit"))
    assert "**mo** changed: Answer: Was the bell stolen?" in trail
    assert "**mo** took back: Answer: Was the bell stolen?" in trail


async def test_a_new_fact_and_a_new_source(home: Home) -> None:
    """They go into their files, with ids of their own."""
    form = await home.use("source add")
    card = answer(
        await home.send(
            form,
            publisher="Harbour Radio",
            **{"published+kind+language+link": "published: 2024-07-01\nkind: news"},
            reliability="Local radio.",
        )
    )
    await home.mo.click(card, label="Submit")
    assert "- id: harbour-radio-2024-07-01" in home.folder.read("sources.yaml")
    form = await home.use("facts add", topic="bell")
    card = answer(
        await home.send(
            form,
            statement="The radio said that the bell rang.",
            citations='harbour-radio-2024-07-01: "it rang"',
            **{"kind+by": "kind: fact", "as_of+until": "as of: 2024-07-01"},
        )
    )
    await home.mo.click(card, label="Submit")
    assert "- id: radio-said-bell-rang" in home.folder.read("facts/bell.yaml")


async def test_what_no_source_answers_is_told_from_discord(home: Home) -> None:
    """A new unknown is served as its note says, changed, and taken out again."""
    asked = "Who paid for the scaffolding?"
    form = await home.use("unknowns add")
    note = "Nothing collected here says who paid for the scaffolding."
    card = answer(await home.send(form, question=asked, note=note, facts="bell-gone"))
    await home.mo.click(card, label="Submit")
    await home.live()
    await home.mention(asked)
    assert note in text_of(home.sent[-1])
    form = await home.use("unknowns edit", id="paid-scaffolding", field="also_asked")
    way = "scaffolding bill, who footed it"
    card = answer(await home.send(form, also_asked=way))
    await home.mo.click(card, label="Submit")
    await home.live()
    shown = said(await home.use("unknowns view", id="paid-scaffolding"))
    assert way in shown
    assert note in shown
    card = answer(await home.use("unknowns retire", id="paid-scaffolding"))
    assert f"{SAY('change.unknowns')}: {asked.removesuffix('?')}" in text_of(card)
    await home.mo.click(card, label="Submit")
    assert "scaffolding" not in home.folder.read("unknowns.yaml")


async def test_a_source_is_corrected_but_not_taken_from_under_a_fact(
    home: Home,
) -> None:
    """Its record says who cites it; while somebody does it cannot be taken out."""
    name = "harbour-herald-2024-03-04"
    assert SAY("record.used-by") in said(await home.use("source view", id=name))
    form = await home.use("source edit", id=name, field="reliability")
    card = answer(await home.send(form, reliability="The town's own paper."))
    await home.mo.click(card, label="Submit")
    assert "reliability: The town's own paper." in home.folder.read("sources.yaml")
    card = answer(await home.use("source retire", id=name))
    assert "Submit" not in labels(card)
    assert f"'{name}'" in text_of(card)
    (file,) = answer(await home.use("source export")).attachments
    assert (await file.read()).decode() == home.folder.read("sources.yaml")


@pytest.mark.parametrize(
    ("form", "hint"),
    [
        ("facts edit", "field.note.hint"),
        ("unknowns add", "hint.unknowns.note"),
    ],
)
async def test_a_form_tells_what_a_field_is_there(
    home: Home, form: str, hint: str
) -> None:
    """A note is for moderators in a fact, and for everybody in what nobody answers."""
    known = {"id": "bell-gone", "field": "note"} if form == "facts edit" else {}
    opened = await home.use(form, **known)
    assert opened.modal
    hints = [one.get("description") for one in opened.modal["components"]]
    assert SAY(hint) in hints


async def test_out_and_in(home: Home) -> None:
    """A file goes out as it is, and comes in as a change that is looked at first."""
    card = answer(await home.use("facts export"))
    (file,) = card.attachments
    text = home.folder.read("facts/bell.yaml")
    assert (await file.read()).decode() == text
    new = text.replace("The bell was missing", "The old bell was missing")
    shown = answer(await home.use("facts import", file=("bell.yaml", new.encode())))
    assert "The **old** bell" in text_of(shown)
    await home.mo.click(shown, label="Submit")
    assert home.folder.read("facts/bell.yaml") == new
    for name, data, why in (
        ("../x.yaml", b"x", "import.name"),
        ("bell.yaml", b"\xff\xfe", "import.encoding"),
    ):
        result = await home.use("facts import", file=(name, data))
        assert said(result) == SAY(why)


@pytest.mark.parametrize("name", ["Bell_Tower.yaml", "bell.2.yaml"])
async def test_whatever_file_is_read_comes_in_and_is_taken_back(
    home: Home, name: str
) -> None:
    """A file whose name nobody would give a new one is imported, and undone, too."""
    folder, path = home.folder, f"facts/{name}"
    (folder.path / "facts" / "bell.yaml").rename(folder.path / path)
    text = folder.read(path)
    new = text.replace("The bell was missing", "The old bell was missing")
    shown = answer(await home.use("facts import", file=(name, new.encode())))
    await home.mo.click(shown, label="Submit")
    assert folder.read(path) == new
    (version,) = await home.workshop.log(1)
    back = answer(await home.use("facts undo", version=version.id[:12]))
    await home.mo.click(back, label="Submit")
    assert folder.read(path) == text


async def test_retire(home: Home) -> None:
    """Of a retired entry the preview says what loses it; a fact gets an end."""
    gone = answer(await home.use("answers retire", id="what-neighbours-said"))
    assert "~~What did the neighbours say in March?~~" in text_of(gone)
    form = await home.use("facts retire", id="council-repair")
    assert set(filled(form)) == {"until+superseded_by"}


COMMANDS: Final[dict[str, dict[str, object]]] = {
    "corrections": {},
    "facts search": {"words": "bell"},
    "facts view": {"id": "bell-gone"},
    "facts add": {"topic": "bell"},
    "facts edit": {"id": "bell-gone"},
    "facts retire": {"id": "bell-gone"},
    "facts history": {},
    "facts undo": {"version": "1"},
    "facts export": {},
    "facts import": {"file": ("bell.yaml", b"x")},
    "answers search": {"words": "bell"},
    "answers view": {"id": "was-it-stolen"},
    "answers add": {"topic": "bell"},
    "answers edit": {"id": "was-it-stolen"},
    "answers retire": {"id": "was-it-stolen"},
    "answers history": {},
    "answers undo": {"version": "1"},
    "answers export": {},
    "answers import": {"file": ("bell.yaml", b"x")},
    "source search": {"words": "herald"},
    "source view": {"id": "harbour-herald-2024-03-04"},
    "source add": {},
    "source edit": {"id": "harbour-herald-2024-03-04"},
    "source retire": {"id": "harbour-herald-2024-03-04"},
    "source history": {},
    "source undo": {"version": "1"},
    "source export": {},
    "source import": {"file": ("sources.yaml", b"x")},
    "unknowns search": {"words": "repair"},
    "unknowns view": {"id": "repair-cost"},
    "unknowns add": {},
    "unknowns edit": {"id": "repair-cost"},
    "unknowns retire": {"id": "repair-cost"},
    "unknowns history": {},
    "unknowns undo": {"version": "1"},
    "unknowns export": {},
    "unknowns import": {"file": ("unknowns.yaml", b"x")},
    "hide": {"what": "bell-gone", "reason": "wrong"},
    "audit": {},
    "queue": {},
    "stats": {},
}
"""Every moderators' command, and how it is used."""


def test_no_command_is_missing(home: Home) -> None:
    """Every command of the home server has its line here."""
    assert isinstance(home.env.bot, Receipts)
    tree = home.env.bot.tree
    found = {
        one.qualified_name
        for one in tree.walk_commands(guild=discord.Object(HOME))
        if isinstance(one, app_commands.Command)
    }
    assert found == set(COMMANDS)


@pytest.mark.parametrize("who", ["asker", "manager", "administrator"])
@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_others_are_told_that_it_is_not_theirs(
    home: Home, name: str, who: str
) -> None:
    """Without the role nobody changes anything, whatever else they may."""
    stranger = home.stranger(who)
    root = name.partition(" ")[0]
    await home.show_to_all(root)
    before = home.folder.read("facts/bell.yaml")
    result = await home.use(name, stranger, **COMMANDS[name])
    assert said(result) == SAY("mod.not-yours")
    assert result.ephemeral
    assert home.folder.read("facts/bell.yaml") == before
    if "id" in COMMANDS[name]:
        assert not await stranger.autocomplete(home.channel, name, "id", "bell")


async def test_others_cannot_press(home: Home, tmp_path: Path) -> None:
    """The buttons under a proposal are for moderators, too."""
    home.open(tmp_path / "kept2", two_person=True)
    await home.mo.click(await way_added(home), label="Submit")
    for label in ("Approve", "Refuse"):
        result = await home.stranger("administrator").click(home.posted[0], label=label)
        assert said(result) == SAY("mod.not-yours")
    assert NEW_WAY not in home.folder.read("answers/bell.yaml")


async def test_a_role_that_is_taken_away_ends_it(home: Home) -> None:
    """Who is no longer a moderator when they send a form is refused."""
    form = await home.use("facts edit", id="bell-gone", field="note")
    home.app.options = replace(home.app.options, moderator_roles=frozenset())
    result = await home.send(form, note="late")
    assert said(result) == SAY("mod.not-yours")
    assert await home.records.drafts.undecided("story") == ()


async def test_a_workshop_that_closed_gives_back_what_was_typed(home: Home) -> None:
    """Whoever had a form open when the workshop closed gets their words as a file."""
    form = await home.use("facts edit", id="bell-gone")
    home.app.workshop = None
    result = await home.send(form, statement="The bell was gone by dawn.")
    card = answer(result)
    assert SAY("mod.off") in text_of(card)
    (file,) = card.message.attachments
    assert b"The bell was gone by dawn." in await file.read()


def test_what_is_told_of_a_form_is_not_written_in_it() -> None:
    """A made-up field cannot say which record, or of which kind, is being written."""
    names = ("statement", "_collection", "_id", "_topic")
    fields = [{"type": 4, "custom_id": name, "value": "x"} for name in names]
    data = {"components": [{"type": 18, "component": one} for one in fields]}
    sent = SimpleNamespace(type=discord.InteractionType.modal_submit, data=data)
    assert written_in(cast("discord.Interaction", sent)) == {"statement": "x"}


async def test_a_failure_is_told_however_long_its_reason_is(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be done is said in so many words as Discord takes."""

    async def undo(*_: object) -> None:
        raise HistoryError("no version " + "9 " * 3000)

    monkeypatch.setattr(home.workshop, "undo", undo)
    told = said(await home.use("answers undo", version="9"))
    assert told.startswith("That can't be done: no version 9 9 9")
    assert "9 9…" in told


async def test_a_preview_is_put_together_beside_the_loop(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in which much is wrong holds up nobody's answer."""
    threads: list[str] = []
    real = review.preview_shown

    def noted(*args: Any, **more: Any) -> Shown:  # noqa: ANN401
        threads.append(threading.current_thread().name)
        return real(*args, **more)

    monkeypatch.setattr(review, "preview_shown", noted)
    card = await way_added(home)
    await home.mo.click(card, label="Submit")
    assert threads
    assert threading.main_thread().name not in threads
