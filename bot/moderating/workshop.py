"""The workshop: what moderators want changed, from what they typed to what is live.

What is typed is a draft before anything is done with it. Changes are made one after the
other; each is looked at as the story is then, kept in its history, and found again
there should the process be killed on the way.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.answering.answerer import Answerer
from bot.editing.editor import edit, known
from bot.editing.edits import Edit, EditError, Set
from bot.history.history import ChangedError, History, HistoryError, Version
from bot.lane import Lane
from bot.moderating.alterations import altered, begun_by
from bot.moderating.decisions import Gone, Moderator, Refused, Result, Saved, Waits
from bot.moderating.own_questions import OwnQuestions
from bot.moderating.preview import Judge, Preview, preview
from bot.moderating.trailers import drafts_of, plain, with_draft
from bot.moderating.wishes import Base, Corrects, Wish, base_of, ways_out, wish_of
from bot.publishing.comparing import Told
from bot.records.records import Records
from bot.records.values import Action, Draft, Json, RecordsError, Typed
from bot.story.files import Files

HIDE: Final = "hide"
"""The kind of drafts that take something off."""

TRIES: Final = 3
"""How often a change is looked at again where files change while it is saved."""

_ASKED: Final = 100  # questions without an answer that a preview asks
_LOOKED: Final = 20  # drafts of which is known what all questions say
_OPENED: Final = 200  # texts of forms that are remembered; none is very long
_log = logging.getLogger(__name__)


class Workshop:
    """Changes a story's files for moderators.

    `judge` judges a change beside what is served. `serving` gives what answers where
    nobody asked. With `two_person`, a change needs somebody else's approval. Looking
    ahead gives way to what is done in the lane that it is `behind`. Every method raises
    RecordsError where drafts cannot be kept, HistoryError where files cannot be read or
    written; both are one plain sentence.
    """

    def __init__(  # noqa: PLR0913 - each is told by name
        self,
        story: str,
        history: History,
        records: Records,
        *,
        judge: Judge,
        serving: Callable[[], Answerer],
        now: Callable[[], datetime],
        two_person: bool = False,
        behind: Lane | None = None,
    ) -> None:
        self.story = story
        self.history = history
        self.two_person = two_person
        self._records = records
        self._judge, self.serving = judge, serving
        self._now = now
        self.opened = deque[str](maxlen=_OPENED)
        """Records' texts with which forms were opened, the latest last."""
        self.own_questions = OwnQuestions(behind)
        self._looked: dict[int, tuple[tuple[Wish, str], Preview]] = {}
        self._one, self._writing = asyncio.Lock(), asyncio.Lock()
        self._looks = Lane(behind=behind)

    async def files(self, version: str | None = None) -> Mapping[str, str]:
        """The texts of the story's files as they are, or were at a version."""
        return (await self._files(version)).texts

    async def _files(self, version: str | None = None) -> Files:
        return await asyncio.to_thread(lambda: known(self.history.files(version)))

    async def log(
        self, limit: int = 20, before: str | None = None, path: str | None = None
    ) -> tuple[Version, ...]:
        """The latest versions, without the lines that are for programs."""
        found = await asyncio.to_thread(self.history.log, limit, before, path)
        return tuple(
            Version(one.id, one.at, one.author, plain(one.message), one.paths)
            for one in found
        )

    async def begin(
        self, who: Moderator, kind: str, wish: Wish, base: Base | None = None
    ) -> Draft:
        """Keep what a moderator wants as an open draft of the files as they are.

        `kind` is an id such as `edit`, by which drafts are told apart. With `base`, it
        was made from that, and not from the files as they are.
        """
        if base is None:
            base = base_of(await self.files(), wish)
        typed = Typed(
            story=self.story,
            guild=who.guild,
            moderator=who.id,
            name=who.name,
            kind=kind,
            content=wish.as_json(),
            base=base.as_json(),
        )
        return await self._records.drafts.add(typed, self._now())

    async def amend(self, draft: Draft, wish: Wish) -> Draft | None:
        """A draft with another wish; None where it is no longer open, or another now.

        What it is made from stays: whoever writes on sees what others did since.
        """
        if draft.state != "open":
            return None
        content = wish.as_json()
        return await self._records.drafts.change(draft, self._now(), content=content)

    async def rebase(self, draft: Draft) -> Draft:
        """A new draft of the same wish, made from the files as they are now.

        For whoever has seen what somebody else changed, and wants theirs all the same.
        """
        who = Moderator(draft.moderator or 0, draft.name or "", draft.guild)
        wish = wish_of(draft)
        await self._records.drafts.change(draft, self._now(), state="withdrawn")
        return await self.begin(who, draft.kind, wish)

    async def look(
        self, draft: Draft, *, whole: bool = False, tell: Told | None = None
    ) -> Preview:
        """What a draft would do now; takes some seconds.

        Asked are the questions that the change is most likely to move; with `whole`,
        all of them, which takes longer: `tell` is told how far it is. What came of
        that is found again, as long as neither the draft nor the files are others.
        """
        files = await self._files()
        made_of = replace(wish_of(draft), corrects=None), files.key
        if (known := self._looked.get(draft.id)) and known[0] == made_of:
            return known[1]
        open_ = await self._records.questions.all(self.story, _ASKED)
        found = await self._looks.do(
            preview,
            wish_of(draft),
            Base.of_json(draft.base),
            files,
            judge=self._judge,
            asked=[one.text for one in open_],
            whole=whole,
            tell=tell,
        )
        corrections, what = self._records.corrections, altered(found.change)
        told = await corrections.count(self.story, what, self._now())
        caution = await asyncio.to_thread(self.history.caution)
        found = replace(found, told=told, caution=caution)
        if whole:
            self._looked[draft.id] = made_of, found
            while len(self._looked) > _LOOKED:
                del self._looked[next(iter(self._looked))]
        return found

    async def way_out(self, draft: Draft, how: str) -> Draft | None:
        """A draft that does not steal what it would: `ways_out` tells how.

        With `take`, the wordings that other entries have already are taken from those.
        None where the draft is no longer open, or another now.
        """
        found = await self.look(draft, whole=how != "take")
        edits: tuple[Edit, ...] = found.taken
        if how != "take" and found.change:
            edits = ways_out(how, found.change, await self.files())
        return await self.amend(draft, wish_of(draft).with_pressed(edits))

    async def correcting(self, draft: Draft, note: str | None) -> Draft | None:
        """A draft that says, too, that what people were told is to be corrected.

        `note` is what they read of it; None: that nothing is. As `amend`.
        """
        wish, corrects = wish_of(draft), None
        if note is not None:
            corrects = Corrects(note, altered((await self.look(draft)).change))
        if wish.corrects == corrects:
            return draft
        return await self.amend(draft, replace(wish, corrects=corrects))

    async def _correct(self, draft: Draft, before: str) -> None:
        if begun := begun_by(draft, wish_of(draft), before):
            await self._records.corrections.begin(begun, self._now())

    async def draft(self, number: int) -> Draft | None:
        """A draft of this story by its id; None where there is none."""
        found = await self._records.drafts.get(number)
        return found if found and found.story == self.story else None

    async def submit(
        self, seen: Draft, who: Moderator, tell: Told | None = None
    ) -> Result:
        """Make the change of an open draft; with two persons, propose it.

        Only whoever wrote it may: to others it is gone.
        """
        if seen.moderator != who.id:
            return Gone(None)
        async with self._one:
            now = await self.draft(seen.id)
            if now != seen or seen.state != "open":
                return Gone(now)
            if not self.two_person:
                return await self._make(seen, who, tell)
            found = await self.look(seen, whole=True, tell=tell)
            if found.refusals:
                return Refused(seen, found)
            draft = await self._records.drafts.change(
                seen, self._now(), state="proposed"
            )
            if draft is None:
                return Gone(await self.draft(seen.id))
            await self.note(who, "propose", draft)
            return Waits(draft, found)

    async def approve(
        self, seen: Draft, who: Moderator, tell: Told | None = None
    ) -> Result:
        """Make the change of a proposed draft; nobody may approve their own.

        Nor what nobody proposes any more.
        """
        if seen.moderator == who.id:
            return Gone(seen, own=True)
        async with self._one:
            now = await self.draft(seen.id)
            if now != seen or seen.state != "proposed" or seen.moderator is None:
                return Gone(now)
            return await self._make(seen, who, tell)

    async def drop(self, seen: Draft, who: Moderator) -> Draft | None:
        """Withdraw one's own draft, or refuse somebody else's proposed one.

        The draft as it is then; None where it is no longer what was shown, or not
        theirs to drop.
        """
        own = seen.moderator == who.id
        if seen.state not in {"open", "proposed"} or (seen.state == "open" and not own):
            return None
        async with self._writing:  # what is being made is as good as made
            draft = await self._records.drafts.change(
                seen,
                self._now(),
                state="withdrawn" if own else "refused",
                decided_by=None if own else who.id,
            )
        if draft:
            await self.note(who, "withdraw" if own else "refuse", draft)
        return draft

    async def hide(
        self, who: Moderator, collection: str, name: str, reason: str
    ) -> Saved | Gone | Refused:
        """Take a fact or an entry (`answers`) off, at once and without a second person.

        Nothing is asked first: not to answer never does harm. So it does not wait for
        changes that are looked at, either. Showing it again is an edit like any other.
        """
        edits = (Set(collection, name, "hidden", reason),)
        draft = await self.begin(who, HIDE, Wish(f"hide {name}: {reason}", edits))
        found = await self._hide(draft, who)
        if isinstance(found, Refused):  # told now; a later start is not to hide it
            now = self._now()
            await self._records.drafts.change(draft, now, state="withdrawn")
        return found

    async def undo(self, who: Moderator, version: str) -> Draft:
        """A draft that takes a version back; what was changed since stays."""
        _, after = await asyncio.to_thread(self.history.undo, version)
        said = {one.id: one.message for one in await self._versions()}
        message = said.get(version, version[:10]).partition("\n")[0]
        wish = Wish(f"undo {message}", texts=after)
        return await self.begin(who, "undo", wish)

    async def recover(self) -> tuple[Draft, ...]:
        """Finish what a killed process began; for the start. The drafts it finished.

        A draft that was sent off, and is in no version, is open as it was: its
        moderator finds it where open drafts are listed. Who was hiding something wanted
        that at once, so it is hidden now.
        """
        await asyncio.to_thread(self.history.recover)
        done: list[Draft] = []
        made = {one for version in await self._versions() for one in drafts_of(version)}
        for draft in await self._records.drafts.undecided(self.story):
            if draft.id in made:
                await self._correct(draft, before="")
                now = self._now()
                is_as = await self._records.drafts.change(draft, now, state="applied")
                done += [is_as] if is_as else []
            elif draft.kind == HIDE:
                who = Moderator(draft.moderator or 0, draft.name or "", draft.guild)
                try:
                    found = await self._hide(draft, who)
                except HistoryError as error:  # that is no reason to stop all others
                    _log.error("draft %d could not be finished: %s", draft.id, error)
                    continue
                done += [found.draft] if isinstance(found, Saved) else []
        return tuple(done)

    async def _hide(self, draft: Draft, who: Moderator) -> Saved | Gone | Refused:
        """Hide what a draft says; tried again where files change in that moment."""
        for _ in range(TRIES):
            with suppress(ChangedError):
                return await self._hide_now(draft, who)
        return await self._hide_now(draft, who)

    async def _hide_now(self, draft: Draft, who: Moderator) -> Saved | Gone | Refused:
        files = await self.files()
        try:
            after = edit(files, wish_of(draft).edits)
        except EditError as error:
            return Refused(draft, Preview({}, {}, refused=str(error)))
        if not after:
            done = await self._records.drafts.change(
                draft, self._now(), state="withdrawn"
            )
            why = "it is hidden already, for that reason"
            return Refused(done or draft, Preview({}, {}, refused=why))
        before = {path: files.get(path) for path in after}
        return await self._save(draft, who, Preview(before, after))

    async def _versions(self) -> tuple[Version, ...]:
        return await asyncio.to_thread(self.history.log, 100)

    async def _make(self, draft: Draft, who: Moderator, tell: Told | None) -> Result:
        """Look at all that a draft would do, and do it if nothing speaks against it."""
        found = await self.look(draft, whole=True, tell=tell)
        for _ in range(TRIES):
            if found.refusals:
                return Refused(draft, found)
            try:
                return await self._save(draft, who, found)
            except ChangedError:
                found = await self.look(draft, whole=True, tell=tell)
        return Refused(draft, found)

    async def _save(self, draft: Draft, who: Moderator, found: Preview) -> Saved | Gone:
        """Write the files, then say that it is done.

        Killed in between, `recover` finds the draft's number in the history. Nobody
        refuses it in between, either.
        """
        async with self._writing:
            return await self._write(draft, who, found)

    async def _write(
        self, draft: Draft, who: Moderator, found: Preview
    ) -> Saved | Gone:
        current = await self.draft(draft.id)
        if current is None or current.changed != draft.changed:
            return Gone(current)
        served = self.serving().story.revision
        message = with_draft(wish_of(draft).message, draft.id)
        version = await asyncio.to_thread(
            self.history.save,
            found.before,
            found.after,
            message,
            draft.name or who.name,
            self._now(),
        )
        await self._correct(draft, served)
        decided = None if draft.moderator == who.id else who.id
        done = await self._records.drafts.change(
            draft, self._now(), state="applied", decided_by=decided
        )
        await self.note(who, draft.kind, draft, version=version.id)
        return Saved(done or draft, version)

    async def note(
        self, who: Moderator, action: str, subject: str | Draft, **details: Json
    ) -> None:
        """Keep in the audit trail what was done; what is done stays done without."""
        if isinstance(subject, Draft):
            details = {"draft": subject.id, **details}
            subject = wish_of(subject).message
        row = Action(self._now(), who.id, who.name, who.guild, action, subject, details)
        try:
            await self._records.actions.note(row)
        except RecordsError as error:
            _log.error("the audit trail lacks an action: %s", error)
