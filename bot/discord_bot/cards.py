"""Outcomes as embeds: what a card says, in what order, and how it is cut to size.

Pure functions. Whatever a story holds, a card keeps Discord's limits, and its text
does nothing but read (see `safety`). The asker's own words are never shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

import discord
from discord import app_commands

from bot.answering.outcome import (
    Answer,
    DidYouMean,
    Help,
    Link,
    NotCovered,
    NumberedSource,
    Outcome,
    Silent,
)
from bot.answering.wording import (
    DID_YOU_MEAN,
    DISPUTED,
    NOT_COVERED,
    RELATED_FACTS,
    SINCE_THEN,
    as_of_line,
    kind_line,
)
from bot.discord_bot.limits import (
    MAX_CHOICE,
    MAX_CHOICES,
    MAX_DESCRIPTION,
    MAX_EMBEDS,
    MAX_TITLE,
    MAX_TOTAL,
    width,
)
from bot.discord_bot.safety import clean, escape, label, safe_url, shorten
from bot.story.text import written_date

ROLE_HINT: Final = (
    "You mentioned my role, so I can't read your message. Mention me by my name, "
    "or use /ask."
)

_MAX_LISTED: Final = 3  # questions that a card puts to the asker
_SHARE: Final = 4  # a part that comes later keeps at least a quarter of a card
_GAP: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a card: items that are kept whole, or left out from the end.

    `left` says how many were left out, given how many were kept. A part that is
    `prose` may be cut in its first item. Where a card is too small for all, a `kept`
    part still has room beside the ones before it.
    """

    items: tuple[str, ...]
    joiner: str = "\n"
    heading: str = ""
    left: Callable[[int, int], str] | None = None
    prose: bool = False
    kept: bool = True


@dataclass(frozen=True, slots=True)
class _Draft:
    """A card before it is cut to size; all its text is safe.

    `title` is not empty.
    """

    title: str
    parts: tuple[_Part, ...]


def cards(outcomes: Sequence[Outcome]) -> list[discord.Embed]:
    """One embed for each outcome that says something, in order; none for silence.

    They always fit one message: of more than it holds, the first ones.
    """
    drafts = [draft for outcome in outcomes if (draft := _draft(outcome)) is not None]
    return _fit(drafts[:MAX_EMBEDS])


def choices(links: Sequence[Link]) -> list[app_commands.Choice[str]]:
    """Questions for autocomplete, in order; what is too long is cut between words.

    Choices are plain text in Discord, so nothing is escaped.
    """
    found: dict[str, app_commands.Choice[str]] = {}
    for link in links:
        name = shorten(clean(link.question), MAX_CHOICE)
        value = name.removesuffix("…") or name
        if name:
            found.setdefault(value, app_commands.Choice(name=name, value=value))
    return list(found.values())[:MAX_CHOICES]


def _draft(outcome: Outcome) -> _Draft | None:
    match outcome:
        case Answer():
            return _answer(outcome)
        case DidYouMean():
            return _did_you_mean(outcome)
        case NotCovered():
            return _not_covered(outcome)
        case Help():
            return _help(outcome)
        case Silent():
            return None
        case _:
            assert_never(outcome)


def _answer(answer: Answer) -> _Draft:
    notes = (
        *(f"{SINCE_THEN} {escape(text)}" for text in answer.changes),
        *(f"{DISPUTED} {escape(text)}" for text in answer.disputes),
    )
    state = ". ".join(filter(None, (kind_line(answer), as_of_line(answer))))
    return _Draft(
        escape(answer.question) or "Answer",
        (
            _prose(() if answer.premise is None else (answer.premise,)),
            _prose(answer.sentences),
            _Part(notes, left=_ellipsis, prose=True),
            _prose((state,)),
            _sources(answer.sources),
            _questions(answer.related, "**Related questions**"),
        ),
    )


def _did_you_mean(outcome: DidYouMean) -> _Draft:
    if not outcome.offered:
        return _Draft(NOT_COVERED, ())
    return _Draft(DID_YOU_MEAN, (_questions(outcome.offered),))


def _not_covered(outcome: NotCovered) -> _Draft:
    note = () if outcome.note is None else (outcome.note,)
    related = tuple(f"- {escape(fact.text)}" for fact in outcome.related)
    return _Draft(
        NOT_COVERED,
        (
            _prose(note),
            _Part(related, heading=RELATED_FACTS),
            _sources(outcome.sources),
        ),
    )


def _help(outcome: Help) -> _Draft:
    return _Draft(
        "What you can ask me",
        (
            _prose((outcome.covers,)),
            _prose(("Use /ask, mention me with your question, or send me a message.",)),
            _questions(outcome.examples, "For example:"),
        ),
    )


def _prose(sentences: Sequence[str]) -> _Part:
    safe = tuple(escape(sentence) for sentence in sentences)
    return _Part(safe, joiner=" ", left=_ellipsis, prose=True)


def _questions(links: Sequence[Link], heading: str = "") -> _Part:
    items = tuple(f"- {escape(link.question)}" for link in links[:_MAX_LISTED])
    return _Part(items, heading=heading, kept=False)


def _sources(sources: Sequence[NumberedSource]) -> _Part:
    items = tuple(_source(source) for source in sources)
    return _Part(items, heading="**Sources**", left=_more_sources)


def _source(source: NumberedSource) -> str:
    """`1. [Title](url) - Publisher, date (domain)`, without what is not known."""
    date = written_date(source.published) if source.published else ""
    origin = ", ".join(filter(None, (label(source.publisher), date)))
    words = list(filter(None, (label(source.title or ""), origin)))
    if address := safe_url(source.url):
        url, domain = address
        words[:1] = [f"[{words[0] if words else domain}]({url})"]
        words[-1] = f"{words[-1]} ({domain})"
    return f"{source.number}. {' - '.join(words)}"


def _more_sources(left: int, shown: int) -> str:
    more = "more " if shown else ""
    return f"and {left} {more}source{'' if left == 1 else 's'}"


def _ellipsis(_left: int, shown: int) -> str:
    return "…" if shown else ""


def _fit(drafts: Sequence[_Draft]) -> list[discord.Embed]:
    """Embeds that share what a message may hold: what small ones leave, large ones use.

    Order is kept.
    """
    whole = [_embed(draft, MAX_TOTAL) for draft in drafts]
    shares = [MAX_TOTAL] * len(drafts)
    room = MAX_TOTAL
    by_size = sorted(range(len(drafts)), key=lambda index: _size(whole[index]))
    for done, index in enumerate(by_size):
        shares[index] = room // (len(drafts) - done)
        room -= min(_size(whole[index]), shares[index])
    return [_embed(draft, share) for draft, share in zip(drafts, shares, strict=True)]


def _size(embed: discord.Embed) -> int:
    return width(embed.title or "") + width(embed.description or "")


def _embed(draft: _Draft, room: int) -> discord.Embed:
    """The card in at most `room` characters; `room` is more than a title needs."""
    title = shorten(draft.title, MAX_TITLE)
    limit = min(MAX_DESCRIPTION, room - width(title))
    texts: list[str] = []
    parts = [part for part in draft.parts if any(part.items)]
    for index, part in enumerate(parts):
        later = parts[index + 1 :]
        kept = (min(_length(p), limit // _SHARE) for p in later if p.kept)
        used = sum(width(text) + len(_GAP) for text in texts)
        if text := _fill(part, limit - used - sum(kept)):
            texts.append(text)
    return discord.Embed(title=title, description=_GAP.join(texts) or None)


def _length(part: _Part) -> int:
    """What a part takes whole, with the gap before it."""
    return width(_text(part, len(part.items))) + len(_GAP)


def _fill(part: _Part, room: int) -> str:
    """As much of a part as there is room for; empty where there is none."""
    for shown in range(len(part.items), -1, -1):
        text = _text(part, shown)
        if shown and width(text) <= room:
            return text
    if part.prose and room > 0:
        return shorten(part.items[0], room)
    text = _text(part, 0)
    return text if part.left and width(text) <= room else ""


def _text(part: _Part, shown: int) -> str:
    left = len(part.items) - shown
    said = part.left(left, shown) if part.left and left else ""
    items = [*filter(None, part.items[:shown]), *filter(None, [said])]
    head = f"{part.heading}\n" if part.heading else ""
    return head + part.joiner.join(items)
