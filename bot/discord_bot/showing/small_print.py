"""What stands below an answer in small print: whose words, as of when, and where from.

Pure. Numbers of sources, `[1]`, are cut to two a sentence: the list has them all.
"""

import re
from collections.abc import Sequence, Sized
from itertools import accumulate
from typing import Final

from bot.answering.outcome import NumberedSource, RelatedFact, Told
from bot.discord_bot.showing.cards import Part, more
from bot.discord_bot.showing.escaping import escape, label, safe_url
from bot.discord_bot.showing.limits import width
from bot.story.model import Kind
from bot.words.catalogue import Words

MAX_NOTES: Final = 400
"""Characters of what a short card tells of changes and disputes, but for the first."""

_NAMED: Final = 2  # publishers that one line of a phone has room for
_MANY_MARKS = re.compile(r"((?:\[\d+\]){2})(?:\[\d+\])+")


def few(sentence: str) -> str:
    """A sentence with two of its marks at most.

    >>> few("It rang. [1][2][5][7]")
    'It rang. [1][2]'
    """
    return _MANY_MARKS.sub(r"\1", sentence)


def state(
    told: Told, words: Words, note: str, *, full: bool = False
) -> tuple[Part, Part]:
    """What has changed and who disputes it; in small print, what and whose it is.

    The first of them is whole, and others are where they are short; with `full`, all.
    """
    say = words.say
    whose = (
        kind_line(told, words, full=full),
        say("small.as-of", date=words.date(told.as_of, short=True)),
        say("small.stale") if told.stale else "",
    )
    lines = (" · ".join(escape(one) for one in whose if one), note)
    return (
        Part(
            notes(told, words),
            left=more(words, "more-notes"),
            prose=True,
            most=1000 if full else notes_shown(told),
        ),
        Part(tuple(f"-# {line}" for line in lines if line), prose=True),
    )


def notes_shown(told: Told) -> int:
    """How many of the changes and disputes a short card shows, at least one."""
    sizes = (width(few(one)) for one in (*told.changes, *told.disputes))
    return max(sum(size <= MAX_NOTES for size in accumulate(sizes)), 1)


def kind_line(told: Told, words: Words, *, full: bool = False) -> str:
    """What kinds of facts it rests on, and whose words those are.

    In the order in which it rests on them; "" where it rests on none. Whose words the
    first are is always said, and whose an allegation is, and who denies that; with
    `full` it is of all.
    """
    speakers: dict[Kind, dict[tuple[str, ...], None]] = {}
    for fact in told.facts:
        speakers.setdefault(fact.kind, {})[fact.by] = None
    if not speakers and told.kind:
        speakers = {told.kind: {told.by: None}}
    denying = dict.fromkeys(
        name for fact in told.context if fact.kind == "denial" for name in fact.by
    )
    lines: list[str] = []
    for kind, by in speakers.items():
        is_named = full or not lines or kind == "allegation"
        line = _kind(kind, list(by), words) if is_named else _counted(kind, by, words)
        if kind == "allegation" and denying:
            people = words.listed(list(denying))
            line = words.say("kind.denied", kind=line, people=people)
        lines.append(words.within(line) if lines else line)
    return " · ".join(lines)


def _counted(kind: Kind, by: Sized, words: Words) -> str:
    """How many voices of a kind there are: "one opinion"."""
    if len(by) == 1:
        return words.say(f"kind.one.{kind}")
    return f"{len(by)} {words.within(words.say(f'kind.{kind}s'))}"


def _kind(kind: Kind, by: Sequence[tuple[str, ...]], words: Words) -> str:
    """A kind, and who said it: each way in which that is so, once."""
    named = [names for names in by if names]
    if not named:
        return words.say(f"kind.{kind}")
    if len(named) > 1:
        return words.say("kind.several", kinds=words.say(f"kind.{kind}s"))
    people = words.listed(named[0])
    return words.say("kind.by", kind=words.say(f"kind.{kind}"), people=people)


def notes(told: Told | RelatedFact, words: Words) -> tuple[str, ...]:
    """What has changed since, and who disputes it, each said to be so."""
    return (
        *(f"{words.say('since-then')} {escape(few(text))}" for text in told.changes),
        *(f"{words.say('disputed')} {escape(few(text))}" for text in told.disputes),
    )


def publishers(
    found: Sequence[NumberedSource], words: Words, *, linked: bool = False
) -> str:
    """Who published it, and from when to when; "" for no sources.

    The first two, and how many more there are. Where no list of the sources is behind a
    button, `linked` names each with its number and its link.
    """
    dates = [one.published for one in found if one.published]
    span = words.span(dates)
    if linked:
        each = [_linked(one) for one in found]
        return " · ".join(filter(None, (", ".join(each), span)))
    # "Bloomberg, carried by CTV News": who carried it is in the list.
    names = dict.fromkeys(label(one.publisher.partition(", ")[0]) for one in found)
    first = [one for one in names if one][:_NAMED]
    left = len(names) - len(first)
    said = f"{', '.join(first)} +{left}" if first and left else ", ".join(first)
    return " · ".join(filter(None, (said, span)))


def _linked(source: NumberedSource) -> str:
    address = safe_url(source.url)
    name = label(source.publisher)
    if address:
        url, domain = address
        name = f"[{name or domain}]({url})"
    return f"\\[{source.number}\\] {name}".rstrip()
