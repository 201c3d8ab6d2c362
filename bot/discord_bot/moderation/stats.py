"""How it goes, for moderators: what is wanted and asked, and a picture of figures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.discord_bot.moderation.queue import wanted
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.showing.cards import Button, Draft, Part
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.messages import Attached, Shown
from bot.moderating.usage import SHOWN, Stats, lines, most_asked, stats
from bot.moderating.usage_chart import draw
from bot.words.catalogue import Words

_MAX_LINE: Final = 200


async def show(session: Session, days: int) -> None:
    """Show what happened in the last days, today among them."""
    await session.begin()
    app = session.request.app
    story, last = app.options.story, app.now().date()
    span = (last - timedelta(days=days - 1), last)
    counted = await session.records.days.between(story, *span)
    answered = await session.records.days.subjects(story, "answer", *span)
    tallies = await session.records.votes.tallies(story)
    most = await wanted(session, SHOWN)
    asked = most_asked(app.answerer.story, answered)
    found = stats(span, counted, tallies, asked, most)
    picture = await app.aside.do(draw, found, session.words)
    files = (
        Attached("figures.png", picture.png, picture.alt),
        Attached.text("figures.txt", "\n".join(lines(found, session.words))),
    )
    await session.show(Shown.of(figures(found, session.words), *files))


def figures(found: Stats, words: Words) -> Draft:
    """What the picture of the figures does not say: what is wanted, and asked."""
    say = words.say
    wants = [(one.best.text, one.wanted) for one in found.most_wanted]
    parts = (
        Part(_counted(wants, words), heading=f"**{say('stats.wanted')}**"),
        Part(_counted(found.most_asked, words), heading=f"**{say('stats.most')}**"),
    )
    weak = Button(CustomId("weak"), say("button.weak"))
    return Draft(say("stats.title"), parts, ((weak,),))


def _counted(rows: Sequence[tuple[str, int]], words: Words) -> tuple[str, ...]:
    return tuple(
        f"- {escape(shorten(text, _MAX_LINE))} "
        f"({words.say('queue.times', count=f'{count:,}')})"
        for text, count in rows
    )
