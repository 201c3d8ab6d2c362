"""What people were told is corrected: a moderator says so, and sees how far that is."""

import re
from dataclasses import replace

from bot.discord_bot.moderation.correction_cards import (
    correction_shown,
    corrections_shown,
    offer,
)
from bot.discord_bot.moderation.review import draft_of, gone, send_off
from bot.discord_bot.moderation.review_cards import of_draft, state_shown
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.showing.cards import Rows
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.modals import field, form
from bot.moderating.alterations import altered_by, begun_by
from bot.moderating.wishes import Corrects, wish_of
from bot.records.corrections import MAX_NOTE
from bot.records.values import Draft


async def ask(session: Session, custom_id: CustomId) -> None:
    """Ask what was wrong, for those who were told it."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    if draft.state == "open" and draft.moderator != session.who.id:
        await session.tell("draft.not-yours")
        return
    say = session.words.say
    hint = say("form.correct.hint")
    label = field(say("form.correct.label"), hint, most=MAX_NOTE, required=False)
    modal = form(of_draft("correct", draft).id, say("form.correct"), label)
    await session.request.interaction.response.send_modal(modal)


async def said(session: Session, custom_id: CustomId) -> None:
    """Send a draft off, with what was wrong; or correct what was changed already."""
    draft = await draft_of(session, custom_id)
    if draft is None:
        return
    await session.begin()
    note = " ".join(session.request.typed.split())
    if draft.state == "applied":
        await _correct(session, draft, note)
        return
    if draft.state != "open" or draft.moderator != session.who.id:
        await gone(session, draft)
        return
    changed = await session.workshop.correcting(draft, note)
    if changed is None:
        await gone(session, await session.workshop.draft(draft.id))
    else:
        await send_off(session, changed)


async def offered(session: Session, draft: Draft) -> Rows:
    """What has corrected what people were told of what a change, once made, is of."""
    altered, now = altered_by(wish_of(draft)), session.request.app.now()
    story = session.workshop.story
    told = await session.records.corrections.count(story, altered, now)
    return offer(draft, told, session.words)


async def _correct(session: Session, draft: Draft, note: str) -> None:
    """Have corrected what people were told, of a change that is made already."""
    wish = wish_of(draft)
    corrected = replace(wish, corrects=Corrects(note, altered_by(wish)))
    begun = begun_by(draft, corrected, "")
    app = session.request.app
    is_new = begun and await session.records.corrections.begin(begun, app.now())
    if is_new:
        await session.workshop.note(session.who, "correct", draft)
    title = session.words.say("correction.begins" if is_new else "correction.was")
    await session.show(state_shown(draft, await session.teller(), title=title))


async def show(session: Session) -> None:
    """Show the latest corrections."""
    found = await session.records.corrections.latest(session.workshop.story)
    await session.show(corrections_shown(found, session.words))


async def turned(session: Session, custom_id: CustomId) -> None:
    """Look at a correction, stop it, or have tried again what could not be done."""
    corrections, what = session.records.corrections, custom_id.what
    chosen = session.request.chosen
    number = int(chosen) if re.fullmatch(r"\d{1,9}", chosen) else custom_id.number
    await session.begin()
    if what in {"stop", "again"}:
        now = session.request.app.now()
        one = await corrections.turn(number, now, stop=what == "stop")
        await session.workshop.note(session.who, f"{what}-correction", str(number))
    else:
        found = await corrections.latest(session.workshop.story)
        one = next((one for one in found if one.id == number), None)
    if one is None or one.story != session.workshop.story:
        await show(session)
    else:
        await session.show(correction_shown(one, session.words, can_turn=True))
