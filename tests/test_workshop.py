"""The workshop: what moderators want changed, from what they typed to what is kept."""

import asyncio
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.editing.edits import Append, Edit, Set
from bot.history.history import History, HistoryError, Version, history_of
from bot.moderating.preview import Preview
from bot.moderating.wishes import Wish, base_of, conflicts
from bot.moderating.workshop import (
    Gone,
    Moderator,
    Refused,
    Saved,
    Waits,
    Workshop,
    wish_of,
)
from bot.publishing.comparing import Told
from bot.publishing.live import Swapped
from bot.records.drafts import Drafts
from bot.records.records import Records
from bot.records.values import Draft
from bot.story.files import Files
from bot.story.loading import load
from tests.conftest import TODAY
from tests.folder import Folder

ANN = Moderator(1, "ann", 10)
BO = Moderator(2, "bo", 10)
CY = Moderator(3, "cy", 10)
WAY = "has somebody nicked the big old bell"
NEW_WAY = Append("answers", "was-it-stolen", "also_asked", WAY)


class Bench:
    """A workshop over a copy of the invented story."""

    def __init__(
        self, folder: Folder, keep: Path, records: Records, answerer: Answerer
    ) -> None:
        self.live = folder.live()
        self.live.start()
        self.folder = folder
        self.records = records
        self.answerer = answerer
        self.keep = keep
        self._moment = datetime(2026, 11, 23, tzinfo=UTC)
        self.shop = self.workshop()

    def workshop(self, *, two_person: bool = False) -> Workshop:
        """A workshop, as another process would have it."""
        return Workshop(
            "story",
            history_of(self.folder.path, self.keep),
            self.records,
            judge=self.live.judge,
            serving=lambda: self.answerer,
            now=self.now,
            two_person=two_person,
        )

    def now(self) -> datetime:
        """A time a second after the last."""
        self._moment += timedelta(seconds=1)
        return self._moment

    async def draft(self, *edits: Edit, who: Moderator = ANN) -> Draft:
        """A draft of some edits."""
        return await self.shop.begin(who, "edit", Wish("change it", edits))

    async def actions(self) -> list[str]:
        """What the audit trail says, oldest first."""
        return [one.action for one in await self.records.actions.of_guild(10)][::-1]


@pytest.fixture(params=["plain", "git"])
def bench(
    request: pytest.FixtureRequest, tmp_path: Path, kept: Records, answerer: Answerer
) -> Bench:
    """A workshop with each kind of history."""
    folder = Folder(tmp_path / "story")
    if request.param == "git":
        for command in ("init -q", "add .", "commit -qm start"):
            _git(folder.path, *command.split())
    return Bench(folder, tmp_path / "kept", kept, answerer)


def _git(folder: Path, *arguments: str) -> None:
    names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True)  # noqa: S607


async def test_a_change_is_previewed_then_made(bench: Bench) -> None:
    """A preview changes nothing; what is sent off is in the file and in the history."""
    draft = await bench.draft(NEW_WAY)
    before = await bench.shop.files()
    found = await bench.shop.look(draft)
    assert found.refusals == ()
    assert f"+    - {WAY}" in found.diff()
    named, *shown = found.changes().split("\n")
    assert named == "answers/bell.yaml"
    assert f"+    - {WAY}" in shown
    assert not [line for line in shown if line.startswith(("@@", "---", "+++"))]
    assert await bench.shop.files() == before
    done = await bench.shop.submit(draft, ANN)
    assert isinstance(done, Saved)
    assert done.draft.state == "applied"
    (path,) = done.version.paths
    assert f"    - {WAY}\n" in bench.folder.read(path)
    assert bench.folder.load().story
    (latest, *_) = await bench.shop.log()
    assert (latest.author, latest.message) == ("ann", "change it")
    assert await bench.actions() == ["edit"]


async def test_a_thief_is_refused_with_the_reason(bench: Bench) -> None:
    """A way of asking that is another entry's own is not taken away from it."""
    story = bench.answerer.story
    stolen = story.entries["what-happened"].ways[0].replace("Harbour Street ", "")
    draft = await bench.draft(Set("answers", "was-it-stolen", "question", stolen))
    before = await bench.shop.files()
    done = await bench.shop.submit(draft, ANN)
    assert isinstance(done, Refused)
    assert any(
        "what-happened" in one or "must" in one for one in (done.preview.refusals)
    )
    assert await bench.shop.files() == before
    assert done.draft.state == "open"


async def test_what_submitting_proved_is_live_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No question is asked again, and nothing built, for what was sent off."""
    done = await bench.shop.submit(await bench.draft(NEW_WAY), ANN)
    assert isinstance(done, Saved)

    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Answerer, "reply", fail)
    monkeypatch.setattr(Answerer, "__init__", fail)
    assert bench.live.look() is None
    assert isinstance(bench.live.look(), Swapped)
    assert bench.live.current
    assert WAY in bench.live.current.story.entries["was-it-stolen"].also_asked


async def test_a_quotation_that_was_not_printed_is_refused(bench: Bench) -> None:
    """A quote that the archived text of its source lacks never gets into a file."""
    (bench.folder.path / "archive").mkdir()
    bench.folder.write(
        "archive/harbour-herald-2024-06-12.txt",
        "People came out to listen: the repaired bell was back in its tower\n"
        "on Wednesday.",
    )
    draft = await bench.draft(
        Set(
            "facts",
            "bell-returned",
            "citations",
            [
                {"source": "harbour-herald-2024-06-12", "quote": "It rings again"},
            ],
        )
    )
    found = await bench.shop.look(draft)
    assert any("does not have 'It rings again'" in one for one in found.refusals)
    assert isinstance(await bench.shop.submit(draft, ANN), Refused)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Set("answers", "was-it-stolen", "answer", "No."), "fact"),
        (Set("answers", "nowhere", "answer", "No."), "nowhere"),
        (Set("facts", "bell-gone", "statement", ""), "statement"),
        (Set("facts", "bell-gone", "citations", None), "citations"),
    ],
)
async def test_what_would_break_the_story_is_refused(
    bench: Bench, change: Edit, why: str
) -> None:
    """A refusal says what is wrong, and nothing is changed."""
    before = await bench.shop.files()
    done = await bench.shop.submit(await bench.draft(change), ANN)
    assert isinstance(done, Refused)
    assert any(why in one for one in done.preview.refusals)
    assert await bench.shop.files() == before


async def test_what_somebody_else_changed_is_shown_not_lost(bench: Bench) -> None:
    """Both versions are there; whoever has seen them may go on with their own."""
    draft = await bench.draft(NEW_WAY)
    other = await bench.shop.submit(
        await bench.draft(
            Append("answers", "was-it-stolen", "also_asked", "bell robbery, yes or no"),
            who=BO,
        ),
        BO,
    )
    assert isinstance(other, Saved)
    done = await bench.shop.submit(draft, ANN)
    assert isinstance(done, Refused)
    (conflict,) = done.preview.conflicts
    assert conflict.name == "answers/was-it-stolen"
    assert "bell robbery" in (conflict.now or "")
    assert "bell robbery" not in (conflict.then or "")
    again = await bench.shop.rebase(draft)
    assert wish_of(again) == wish_of(draft)
    assert isinstance(await bench.shop.submit(again, ANN), Saved)
    text = bench.folder.read(other.version.paths[0])
    assert WAY in text
    assert "bell robbery" in text


async def test_what_is_elsewhere_in_the_file_is_no_conflict(bench: Bench) -> None:
    """Another record may change in between, by hand, without a commit."""
    draft = await bench.draft(NEW_WAY)
    path = base_path(bench, "answers", "- id: was-it-stolen\n")
    bench.folder.write(path, bench.folder.read(path) + "# a note\n")
    assert isinstance(await bench.shop.submit(draft, ANN), Saved)
    assert bench.folder.read(path).endswith("# a note\n")


def base_path(bench: Bench, folder: str, text: str) -> str:
    """The file that holds a text."""
    (path,) = (
        path
        for path in sorted((bench.folder.path / folder).glob("*.yaml"))
        if text in path.read_text(encoding="utf-8")
    )
    return path.relative_to(bench.folder.path).as_posix()


async def test_with_two_persons_nobody_approves_their_own(bench: Bench) -> None:
    """A change waits; its writer cannot approve it, somebody else can, once."""
    shop = bench.workshop(two_person=True)
    waits = await shop.submit(await bench.draft(NEW_WAY), ANN)
    assert isinstance(waits, Waits)
    assert waits.draft.state == "proposed"
    assert await shop.approve(waits.draft, ANN) == Gone(waits.draft, own=True)
    done = await shop.approve(waits.draft, BO)
    assert isinstance(done, Saved)
    assert done.version.author == "ann"
    assert done.draft.decided_by == BO.id
    assert isinstance(await shop.approve(waits.draft, BO), Gone)
    assert await bench.actions() == ["propose", "edit"]


async def test_only_its_writer_sends_a_draft_off(bench: Bench) -> None:
    """To another moderator an open draft is gone; a proposed one they may refuse."""
    draft = await bench.draft(NEW_WAY)
    assert await bench.shop.submit(draft, BO) == Gone(None)
    assert await bench.shop.drop(draft, BO) is None
    shop = bench.workshop(two_person=True)
    waits = await shop.submit(draft, ANN)
    assert isinstance(waits, Waits)
    refused = await shop.drop(waits.draft, BO)
    assert refused
    assert (refused.state, refused.decided_by) == ("refused", BO.id)


async def test_a_stale_draft_does_nothing(bench: Bench) -> None:
    """What was withdrawn or written on since cannot be sent off as it was."""
    draft = await bench.draft(NEW_WAY)
    later = await bench.shop.amend(draft, Wish("other", (NEW_WAY,)))
    assert later
    assert isinstance(await bench.shop.submit(draft, ANN), Gone)
    assert await bench.shop.amend(draft, Wish("third", ())) is None
    dropped = await bench.shop.drop(later, ANN)
    assert dropped
    assert dropped.state == "withdrawn"
    assert await bench.shop.amend(dropped, Wish("fourth", ())) is None


@pytest.mark.parametrize(
    ("collection", "name"), [("answers", "was-it-stolen"), ("facts", "bell-gone")]
)
async def test_hiding_asks_nobody(bench: Bench, collection: str, name: str) -> None:
    """With two persons, too, something is off at once, and stays in the file."""
    shop = bench.workshop(two_person=True)
    done = await shop.hide(ANN, collection, name, "a reader doubts it")
    assert isinstance(done, Saved)
    story = bench.folder.load().story
    assert story
    record = (story.entries if collection == "answers" else story.facts)[name]
    assert record.hidden == "a reader doubts it"
    assert name not in {*Answerer(story).story.entries, *Answerer(story).story.facts}


async def test_hiding_waits_for_no_other_change(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a change is looked at, which takes long, something is off at once.

    The other one is looked at again, as it rests on what was hidden.
    """
    draft = await bench.draft(NEW_WAY)
    looked, may_go_on = asyncio.Event(), asyncio.Event()
    real = Workshop.look

    async def look(
        self: Workshop, draft: Draft, *, whole: bool = False, tell: Told | None = None
    ) -> Preview:
        found = await real(self, draft, whole=whole, tell=tell)
        looked.set()
        await may_go_on.wait()
        return found

    monkeypatch.setattr(Workshop, "look", look)
    submitting = asyncio.create_task(bench.shop.submit(draft, ANN))
    await looked.wait()
    hiding = bench.shop.hide(BO, "answers", "was-it-stolen", "a reader doubts it")
    done = await asyncio.wait_for(hiding, 10)
    assert isinstance(done, Saved)
    may_go_on.set()
    result = await submitting
    text = bench.folder.read("answers/bell.yaml")
    assert "hidden: a reader doubts it" in text
    assert isinstance(result, Refused)
    assert result.preview.conflicts


async def test_what_is_being_made_is_refused_by_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who refuses a change while it is written is told that it is made; so it is."""
    shop = bench.workshop(two_person=True)
    waits = await shop.submit(await bench.draft(NEW_WAY), ANN)
    assert isinstance(waits, Waits)
    writing, may_go_on = threading.Event(), threading.Event()
    real = History.save

    def save(self: History, *args: Any, **more: Any) -> Version:  # noqa: ANN401
        writing.set()
        assert may_go_on.wait(10)
        return real(self, *args, **more)

    monkeypatch.setattr(History, "save", save)
    approving = asyncio.create_task(shop.approve(waits.draft, BO))
    assert await asyncio.to_thread(writing.wait, 10)
    dropping = asyncio.create_task(shop.drop(waits.draft, CY))
    await asyncio.wait({dropping}, timeout=0.2)
    may_go_on.set()
    assert isinstance(await approving, Saved)
    assert await dropping is None
    draft = await shop.draft(waits.draft.id)
    assert draft
    assert (draft.state, draft.decided_by) == ("applied", BO.id)
    assert WAY in bench.folder.read("answers/bell.yaml")


async def test_hiding_is_tried_again_where_files_change(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an editor saves in the same moment is kept, and does not keep it on."""
    real, hand = History.save, iter(["The old bell was missing"])

    def save(self: History, *args: Any, **more: Any) -> Version:  # noqa: ANN401
        for new in hand:
            bench.folder.edit("facts/bell.yaml", "The bell was missing", new)
        return real(self, *args, **more)

    monkeypatch.setattr(History, "save", save)
    done = await bench.shop.hide(ANN, "facts", "bell-gone", "a reader doubts it")
    assert isinstance(done, Saved)
    text = bench.folder.read("facts/bell.yaml")
    assert "The old bell was missing" in text
    assert "hidden: a reader doubts it" in text


async def test_hiding_twice(bench: Bench) -> None:
    """What is hidden already is said to be, and the next start has nothing to do."""
    await bench.shop.hide(ANN, "facts", "bell-gone", "a reader doubts it")
    again = await bench.shop.hide(BO, "facts", "bell-gone", "a reader doubts it")
    assert isinstance(again, Refused)
    assert await bench.records.drafts.undecided("story") == ()
    assert await bench.workshop().recover() == ()


async def test_a_start_goes_on_where_hiding_cannot_be_finished(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then moderators can change everything else; the draft stays open."""

    def fail(*_arguments: object, **_more: object) -> None:
        raise HistoryError("the disk is full")

    monkeypatch.setattr(History, "save", fail)
    with pytest.raises(HistoryError):
        await bench.shop.hide(ANN, "facts", "bell-gone", "a reader doubts it")
    assert await bench.workshop().recover() == ()
    assert len(await bench.records.drafts.undecided("story")) == 1


async def test_a_version_is_undone_and_the_undoing_too(bench: Bench) -> None:
    """Undoing gives the files from before, to the byte, as a version of its own."""
    before = await bench.shop.files()
    done = await bench.shop.submit(await bench.draft(NEW_WAY), ANN)
    assert isinstance(done, Saved)
    after = await bench.shop.files()
    undone = await bench.shop.submit(await bench.shop.undo(BO, done.version.id), BO)
    assert isinstance(undone, Saved)
    assert await bench.shop.files() == before
    again = await bench.shop.submit(await bench.shop.undo(BO, undone.version.id), BO)
    assert isinstance(again, Saved)
    assert await bench.shop.files() == after
    with pytest.raises(HistoryError):
        await bench.shop.undo(BO, undone.version.id)


async def test_a_whole_file_is_taken_in(bench: Bench) -> None:
    """An imported file is a draft like any other, with its conflicts."""
    path = base_path(bench, "answers", "- id: was-it-stolen\n")
    text = bench.folder.read(path).replace("was-it-stolen", "was-it-nicked")
    draft = await bench.shop.begin(ANN, "import", Wish("import", texts={path: text}))
    found = await bench.shop.look(draft)
    assert found.refusals  # others name the entry
    bench.folder.write(path, bench.folder.read(path) + "# a note\n")
    (conflict,) = (await bench.shop.look(draft)).conflicts
    assert conflict.name == path


async def test_a_change_that_was_cut_short_is_finished(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the files were written, a start marks the draft as done."""
    draft = await bench.draft(NEW_WAY)
    _cut(monkeypatch, Drafts, "change")
    with pytest.raises(KeyboardInterrupt):
        await bench.shop.submit(draft, ANN)
    monkeypatch.undo()
    (done,) = await bench.workshop().recover()
    assert (done.id, done.state) == (draft.id, "applied")
    assert await bench.workshop().recover() == ()


async def test_what_was_being_hidden_is_hidden_at_the_start(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the file was written, a start hides it all the same."""
    _cut(monkeypatch, History, "save")
    with pytest.raises(KeyboardInterrupt):
        await bench.shop.hide(ANN, "facts", "bell-gone", "a reader doubts it")
    monkeypatch.undo()
    (done,) = await bench.workshop().recover()
    assert done.state == "applied"
    story = bench.folder.load().story
    assert story
    assert story.facts["bell-gone"].hidden


def _cut(patch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """Have the process as good as killed when a method is called."""

    def cut(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    patch.setattr(owner, name, cut)


def test_a_wish_is_kept_whole() -> None:
    """What is kept and read again is the same; nonsense is no wish."""
    wish = Wish("m", (NEW_WAY, Set("facts", "a", "by", ["x", "y"])), {"a.yaml": None})
    assert Wish.of_json(wish.as_json()) == wish
    assert Wish.of_json({}) is None
    assert Wish.of_json({"edits": [["Explode", {"id": "a"}]], "texts": {}}) is None
    assert Wish.of_json({"edits": [["Set", {"a": "1"}]], "texts": {}}) is None
    assert list(conflicts({}, base_of({}, wish))) == []


def test_loading_sees_no_leftovers(bench: Bench) -> None:
    """What the history keeps is no part of the story."""
    assert load(Files.read(bench.folder.path), TODAY).problems == ()


async def test_what_could_not_be_hidden_is_not_hidden_later(bench: Bench) -> None:
    """A refusal was told: mending the file and starting again hides nothing."""
    path = base_path(bench, "facts", "- id: bell-gone\n")
    text = bench.folder.read(path)
    bench.folder.write(path, f"{text}- : [\n")
    done = await bench.shop.hide(ANN, "facts", "bell-gone", "a reader doubts it")
    assert isinstance(done, Refused)
    bench.folder.write(path, text)
    assert await bench.workshop().recover() == ()
    assert bench.folder.read(path) == text
