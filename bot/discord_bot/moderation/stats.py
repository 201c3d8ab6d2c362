"""How it goes, for moderators: figures as text, as a picture, and day by day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.discord_bot.moderation.queue import wanted
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.moderation.ways import weak
from bot.discord_bot.showing.cards import Draft, Part, prose
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.messages import Attached, Shown
from bot.moderating.usage import SHOWN, Stats, lines, period, stats, totals
from bot.moderating.usage_chart import draw
from bot.words.catalogue import Words

KINDS: Final = ("use", "weak")
"""What there are figures of."""

_MAX_LINE: Final = 200


async def show(session: Session, days: int, what: str = KINDS[0]) -> None:
    """Show what happened in the last days, today among them; or the weakest answers."""
    if what == "weak":
        await weak(session)
        return
    await session.begin()
    app = session.request.app
    story, last = app.options.story, app.now().date()
    span = (last - timedelta(days=days - 1), last)
    counted = await session.records.days.between(story, *span)
    tallies = await session.records.votes.tallies(story)
    most = await wanted(session, SHOWN)
    found = stats(app.answerer.story, span, counted, tallies, most)
    picture = await app.aside.do(draw, found, session.words)
    files = (
        Attached("figures.png", picture.png, picture.alt),
        Attached.text("figures.txt", "\n".join(lines(found, session.words))),
    )
    await session.show(stats_shown(found, session.words, *files))


def stats_shown(found: Stats, words: Words, *files: Attached) -> Shown:
    """Figures as a card, and files below it."""
    say = words.say
    wants = [(one.best.text, one.wanted) for one in found.most_wanted]
    parts = (
        prose((period(found, words),)),
        Part(tuple(map(escape, totals(found, words, shares=False)))),
        Part(_counted(found.most_asked, words), heading=f"**{say('stats.most')}**"),
        Part(_counted(wants, words), heading=f"**{say('stats.wanted')}**"),
    )
    return Shown.of(Draft(say("stats.title"), parts), *files)


def _counted(rows: Sequence[tuple[str, int]], words: Words) -> tuple[str, ...]:
    return tuple(
        f"- {escape(shorten(text, _MAX_LINE))} "
        f"({words.say('queue.times', count=f'{count:,}')})"
        for text, count in rows
    )
