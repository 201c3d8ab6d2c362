"""What becomes of a draft: it is sent off, approved, refused, withdrawn, or written on.

Whatever is pressed names the draft as it was shown: where it is another now, it is
shown as it is, and nothing is done.
"""

import logging

import discord

from bot.discord_bot.asking.moderators import post
from bot.discord_bot.moderation.doors import Hatch, of_draft
from bot.discord_bot.moderation.review_cards import preview_shown, state_shown
from bot.discord_bot.moderation.session import Bench
from bot.discord_bot.showing.messages import plain
from bot.discord_bot.showing.sending import Make
from bot.moderating.workshop import Gone, Refused, Result, Saved, Waits
from bot.records.values import Draft
from bot.words.catalogue import Words, words

_log = logging.getLogger(__name__)


async def present(bench: Bench, draft: Draft, title: str = "") -> None:
    """Show what a draft would do: to whoever wrote it, with what can be done about it.

    It takes some seconds.
    """
    await bench.begin()
    found = await bench.workshop.look(draft)
    await bench.show(preview_shown(draft, found, bench.words, title))


async def submit(bench: Bench, hatch: Hatch) -> None:
    """Make the change of an open draft, or propose it to a second moderator."""
    if draft := await draft_of(bench, hatch):
        await bench.begin()
        await tell_result(bench, await bench.workshop.submit(draft, bench.who))


async def tell_result(bench: Bench, result: Result) -> None:
    """Show what became of a draft to whoever sent it off."""
    say = bench.words.say
    match result:
        case Saved():
            version = result.version.id[:10]
            title = say("saved.title", version=version)
            await bench.show(state_shown(result.draft, bench.words, title=title))
        case Refused():
            found = preview_shown(result.draft, result.preview, bench.words)
            await bench.show(found)
        case Waits():
            is_posted = await _post(bench, result)
            title = say("waits.posted" if is_posted else "waits.title")
            await bench.show(state_shown(result.draft, bench.words, title=title))
        case Gone():
            await gone(bench, result.draft)


async def withdraw(bench: Bench, hatch: Hatch) -> None:
    """Withdraw one's own draft."""
    draft = await draft_of(bench, hatch)
    if draft is None:
        return
    if draft.moderator != bench.who.id:
        await bench.tell("draft.not-yours")
        return
    done = await bench.workshop.drop(draft, bench.who)
    if done is None:
        await gone(bench, await bench.workshop.draft(draft.id))
    else:
        await bench.show(state_shown(done, bench.words))


async def mine(bench: Bench, hatch: Hatch) -> None:
    """Have one's own change all the same, on top of what somebody else changed."""
    draft = await draft_of(bench, hatch)
    if draft is None:
        return
    if draft.moderator != bench.who.id or draft.state != "open":
        await gone(bench, draft)
        return
    await bench.begin()
    await present(bench, await bench.workshop.rebase(draft))


async def approve(bench: Bench, hatch: Hatch) -> None:
    """Make the change that somebody else proposed."""
    draft = await draft_of(bench, hatch)
    if draft is None:
        return
    await bench.begin()
    result = await bench.workshop.approve(draft, bench.who)
    match result:
        case Saved():
            await _decided(bench, result.draft)
            title = bench.words.say("saved.title", version=result.version.id[:10])
            await bench.show(state_shown(result.draft, bench.words, title=title))
        case Gone() if result.own:
            await bench.tell("approve.own")
        case Gone():
            await gone(bench, result.draft)
        case Refused() | Waits():
            found = preview_shown(draft, result.preview, bench.words)
            await bench.show(found)


async def refuse(bench: Bench, hatch: Hatch) -> None:
    """Refuse what somebody else proposed; or withdraw it, if it is one's own."""
    draft = await draft_of(bench, hatch)
    if draft is None:
        return
    await bench.begin()
    done = await bench.workshop.drop(draft, bench.who)
    if done is None:
        await gone(bench, await bench.workshop.draft(draft.id))
        return
    await _decided(bench, done)
    await bench.show(state_shown(done, bench.words))


async def draft_of(bench: Bench, hatch: Hatch) -> Draft | None:
    """The draft of a hatch, as it was shown; None, and that is told, if it is not."""
    draft = await bench.workshop.draft(hatch.number)
    if draft and of_draft(hatch.verb, draft).mark == hatch.mark:
        return draft
    await gone(bench, draft)
    return None


async def gone(bench: Bench, draft: Draft | None) -> None:
    """Say that a draft is no longer what was shown, and show it as it is now."""
    if draft is None:
        await bench.tell("draft.gone")
        return
    title = bench.words.say("draft.changed")
    if draft.state == "open" and draft.moderator == bench.who.id:
        await present(bench, draft, title)
        return
    if draft.state not in {"open", "proposed"}:
        await _decided(bench, draft)
    await bench.add(state_shown(draft, bench.words, title=title))


async def _decided(bench: Bench, draft: Draft) -> None:
    """Take the buttons off a proposal that was decided; what was, it says instead."""
    message = bench.visit.interaction.message
    if message is None or message.flags.ephemeral:
        return
    guild = bench.visit.interaction.guild
    said = words(guild.preferred_locale if guild else "en")
    by = bench.who.name if draft.decided_by == bench.who.id else ""
    sending = state_shown(draft, said, by=by).sending()
    try:
        await message.edit(view=sending.view, attachments=[])
    except discord.HTTPException as error:
        _log.info("a proposal could not be marked: Discord's code %d", error.code)


async def _post(bench: Bench, waits: Waits) -> bool:
    """Show a proposal in the moderators' channel; whether that could be."""

    def make(_: discord.Guild, said: Words) -> Make:
        whole = preview_shown(waits.draft, waits.preview, said)
        short = state_shown(waits.draft, said)
        return lambda is_plain: plain(short.cards) if is_plain else whole.sending()

    visit = bench.visit
    return await post(visit.interaction.client, visit.desk.options, make)
