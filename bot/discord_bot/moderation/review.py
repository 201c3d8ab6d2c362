"""What becomes of a draft: it is sent off, approved, refused, withdrawn, or written on.

Whatever is pressed names the draft as it was shown: where it is another now, it is
shown as it is, and nothing is done.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeVar

import discord

from bot.discord_bot.asking.moderators_channel import post
from bot.discord_bot.moderation.change_cards import Teller
from bot.discord_bot.moderation.review_cards import (
    asking_shown,
    of_draft,
    preview_shown,
    state_shown,
)
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.moderation.ways_cards import more_button
from bot.discord_bot.showing.cards import Rows
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.messages import Shown, note, plain
from bot.discord_bot.showing.sending import Make
from bot.editing.edits import Add
from bot.moderating.preview import Preview
from bot.moderating.wishes import wish_of
from bot.moderating.workshop import Gone, Refused, Result, Saved, Waits
from bot.publishing.comparing import Told
from bot.records.values import Draft
from bot.words.catalogue import Words, words

EVERY: Final = 5.0
"""Seconds between two tellings of how many questions were asked."""

_log = logging.getLogger(__name__)
T = TypeVar("T")


async def present(
    session: Session, draft: Draft, title: str = "", doubts: Sequence[str] = ()
) -> None:
    """Show what a draft would do: to whoever wrote it, with what can be done about it.

    It takes some seconds. `doubts` are what is to be thought over.
    """
    await session.begin()
    found = await session.workshop.look(draft)
    await session.show(await _previewed(session, draft, found, title, doubts))


async def _previewed(
    session: Session,
    draft: Draft,
    found: Preview,
    title: str = "",
    doubts: Sequence[str] = (),
) -> Shown:
    """What a draft would do, put together beside the loop: much may be wrong in it."""
    aside = session.request.app.aside
    return await aside.do(preview_shown, draft, found, session.words, title, doubts)


async def submit(session: Session, custom_id: CustomId) -> None:
    """Make the change of an open draft, or propose it to a second moderator."""
    draft = await draft_of(session, custom_id)
    if draft and draft.moderator == session.who.id:  # not as it was sent off before
        draft = await session.workshop.correcting(draft, None)
    if draft:
        await send_off(session, draft)


async def send_off(session: Session, draft: Draft) -> None:
    """Make the change of an open draft, or propose it; and say what became of it."""
    result = await _working(
        session, lambda tell: session.workshop.submit(draft, session.who, tell)
    )
    if result:
        await tell_result(session, result)


async def way_out(session: Session, custom_id: CustomId) -> None:
    """Change a draft so that what is refused goes where it belongs, or may be so."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    if draft.moderator != session.who.id:
        await session.tell("draft.not-yours")
        return
    await session.begin()
    done = await session.workshop.way_out(draft, custom_id.verb)
    if done is None:
        await gone(session, await session.workshop.draft(draft.id))
    else:
        await present(session, done)


async def tell_result(session: Session, result: Result) -> None:
    """Show what became of a draft to whoever sent it off."""
    say = session.words.say
    match result:
        case Saved():
            title = say("saved.title")
            rows = _then(session, result.draft)
            teller = await session.teller()
            shown = state_shown(result.draft, teller, title=title, rows=rows)
            await session.show(shown)
        case Refused():
            shown = await _previewed(session, result.draft, result.preview)
            await session.show(shown)
        case Waits():
            is_posted = await _post(session, result)
            title = say("waits.posted" if is_posted else "waits.title")
            await session.show(
                state_shown(result.draft, await session.teller(), title=title)
            )
        case Gone():
            await gone(session, result.draft)


def _then(session: Session, draft: Draft) -> Rows:
    """What is worth doing next: an answer that was written has few ways of asking."""
    typed = wish_of(draft).typed
    if typed.get("_collection") != "answers":
        return ()
    made = [one for one in wish_of(draft).edits if isinstance(one, Add)]
    name = str(made[0].record.get("id")) if made else typed.get("_id", "")
    return ((more_button(name, session.words),),) if name else ()


async def withdraw(session: Session, custom_id: CustomId) -> None:
    """Withdraw one's own draft."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    if draft.moderator != session.who.id:
        await session.tell("draft.not-yours")
        return
    done = await session.workshop.drop(draft, session.who)
    if done is None:
        await gone(session, await session.workshop.draft(draft.id))
    else:
        await session.show(state_shown(done, await session.teller()))


async def mine(session: Session, custom_id: CustomId) -> None:
    """Have one's own change all the same, on top of what somebody else changed."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    if draft.moderator != session.who.id or draft.state != "open":
        await gone(session, draft)
        return
    await session.begin()
    await present(session, await session.workshop.rebase(draft))


async def approve(session: Session, custom_id: CustomId) -> None:
    """Make the change that somebody else proposed."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    result = await _working(
        session, lambda tell: session.workshop.approve(draft, session.who, tell)
    )
    match result:
        case None:
            pass
        case Saved():
            await _decided(session, result.draft)
            title = session.words.say("saved.title")
            await session.show(
                state_shown(result.draft, await session.teller(), title=title)
            )
        case Gone() if result.own:
            await session.tell("approve.own")
        case Gone():
            await gone(session, result.draft)
        case Refused() | Waits():
            await session.show(await _previewed(session, draft, result.preview))


async def _working(
    session: Session, work: Callable[[Told], Awaitable[Result]]
) -> Result | None:
    """What comes of a draft; meanwhile its moderator sees how many questions are asked.

    None where that took longer than Discord lets an answer be written: then the
    moderators' channel is told.
    """
    result = await telling(session, work)
    if not session.request.interaction.is_expired():
        return result
    await _post_late(session, result)
    return None


async def telling(session: Session, work: Callable[[Told], Awaitable[T]]) -> T:
    """What comes of some work; how many questions are asked is shown meanwhile."""
    await session.begin()
    loop = asyncio.get_running_loop()
    next_at = time.monotonic() + EVERY
    showing: Future[None] | None = None

    async def show(asked: int, of: int) -> None:
        with suppress(discord.HTTPException):  # it is a help, no more
            await session.show(asking_shown(asked, of, session.words))

    def tell(asked: int, of: int) -> None:  # in a thread of its own
        nonlocal next_at, showing
        if time.monotonic() >= next_at and (showing is None or showing.done()):
            next_at = time.monotonic() + EVERY
            showing = asyncio.run_coroutine_threadsafe(show(asked, of), loop)

    result = await work(tell)
    if showing:  # what came of it stands last
        await asyncio.wrap_future(showing)
    return result


async def _post_late(session: Session, result: Result) -> None:
    """Tell the moderators' channel what came of a draft."""
    names = (await session.teller()).names

    def make(_: discord.Guild, said: Words) -> Make:
        draft = result.draft
        if draft is None:
            return lambda _is_plain: note(said.say("draft.gone"))
        shown = state_shown(draft, Teller(names, said))
        if isinstance(result, Refused):
            shown = preview_shown(draft, result.preview, said)
        return lambda is_plain: plain(shown.cards) if is_plain else shown.sending()

    request = session.request
    await post(request.interaction.client, request.app.options, make)


async def refuse(session: Session, custom_id: CustomId) -> None:
    """Refuse what somebody else proposed; or withdraw it, if it is one's own."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    await session.begin()
    done = await session.workshop.drop(draft, session.who)
    if done is None:
        await gone(session, await session.workshop.draft(draft.id))
        return
    await _decided(session, done)
    await session.show(state_shown(done, await session.teller()))


async def draft_of(session: Session, custom_id: CustomId) -> Draft | None:
    """The draft of an id, as it was shown; None, and that is told, if it is not."""
    draft = await session.workshop.draft(custom_id.number)
    if draft and of_draft(custom_id.verb, draft).mark == custom_id.mark:
        return draft
    await gone(session, draft)
    return None


async def gone(session: Session, draft: Draft | None) -> None:
    """Say that a draft is no longer what was shown, and show it as it is now."""
    if draft is None:
        await session.tell("draft.gone")
        return
    title = session.words.say("draft.changed")
    if draft.state == "open" and draft.moderator == session.who.id:
        await present(session, draft, title)
        return
    if draft.state not in {"open", "proposed"}:
        await _decided(session, draft)
    await session.add(state_shown(draft, await session.teller(), title=title))


async def _decided(session: Session, draft: Draft) -> None:
    """Take the buttons off a proposal that was decided; what was, it says instead."""
    message = session.request.interaction.message
    if message is None or message.flags.ephemeral:
        return
    guild = session.request.interaction.guild
    teller = await session.teller()
    teller = replace(teller, words=words(guild.preferred_locale if guild else "en"))
    by = session.who.name if draft.decided_by == session.who.id else ""
    sending = state_shown(draft, teller, by=by).sending()
    try:
        await message.edit(view=sending.view, attachments=[])
    except discord.HTTPException as error:
        _log.info("a proposal could not be marked: Discord's code %d", error.code)


async def _post(session: Session, waits: Waits) -> bool:
    """Show a proposal in the moderators' channel; whether that could be."""

    def make(_: discord.Guild, said: Words) -> Make:
        whole = preview_shown(waits.draft, waits.preview, said)
        short = state_shown(waits.draft, Teller(waits.preview.names, said))
        return lambda is_plain: plain(short.cards) if is_plain else whole.sending()

    request = session.request
    return await post(request.interaction.client, request.app.options, make)
