"""Outcomes as cards: what they say, in what order, what can be pressed; cut to size.

Pure functions and values; `layout` makes Discord's messages of them. Whatever a story
holds, a card fits its room, and its text does nothing but read (see `safety`). The
asker's own words are never shown.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Final, assert_never

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
from bot.discord_bot.doors import NONE_OF_THESE, Door, Opens, Verb, mark_of
from bot.discord_bot.limits import MAX_CARDS, MAX_CHOICE, MAX_TITLE, width
from bot.discord_bot.lines import kind_line, source_line
from bot.discord_bot.safety import clean, escape, shorten
from bot.discord_bot.wording import Words

SHORT: Final = 600
"""Characters of an answer that fit a phone; the rest is behind a button."""

_MAX_LISTED: Final = 3  # questions that a card puts to the asker
_MAX_SOURCES: Final = 3  # that a short card lists
_SHARE: Final = 4  # a part that comes later keeps at least a quarter of a card
_GAP: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom cards are for: in which language, whether only one person sees them.

    `asker` may delete them, 0 where nobody is to. `votes` says whether votes can be
    kept. `full` shows answers whole. `missing` are the ids, in the records, of the
    questions that found no answer: one for each outcome, 0 where there is none.
    """

    words: Words
    is_private: bool = False
    asker: int = 0
    votes: bool = True
    full: bool = False
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it does, and its words."""

    door: Opens
    label: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: what it does, its words, and its choices, each a value and its words."""

    door: Opens
    label: str
    choices: tuple[tuple[str, str], ...]


Rows = tuple[tuple[Button, ...] | Menu, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is shown: texts with a line between them, and rows to press."""

    texts: tuple[str, ...]
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a card: items that are kept whole, or left out from the end.

    `left` says how many were left out, given how many were kept. A part that is
    `prose` may be cut in its first item. `apart` begins a text of its own. At most
    `most` items are shown.
    """

    items: tuple[str, ...]
    joiner: str = "\n"
    heading: str = ""
    left: Callable[[int, int], str] | None = None
    prose: bool = False
    apart: bool = False
    most: int = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """A card before it is cut to size; all its text is safe. `title` is not empty."""

    title: str
    parts: tuple[Part, ...]
    rows: Rows = ()


def cards(outcomes: Sequence[Outcome], reader: Reader, room: int) -> list[Card]:
    """One card for each outcome that says something, in order; none for silence.

    They have at most `room` characters of text together; of more than a message holds
    there are the first ones.
    """
    numbered = zip(outcomes, chain(reader.missing, repeat(0)), strict=False)
    said = [one for one in numbered if not isinstance(one[0], Silent)][:MAX_CARDS]
    drafts = [
        _draft(one, replace(reader, missing=(number,)), place, several=len(said) > 1)
        for place, (one, number) in enumerate(said)
    ]
    found = fit(drafts, room)
    if found and reader.asker and not reader.is_private:
        delete = _button("delete", reader, number=reader.asker)
        found[-1] = replace(found[-1], rows=_with(found[-1].rows, delete))
    return found


def _with(rows: Rows, button: Button) -> Rows:
    """Rows with a button more: in the last row of few buttons, else in its own."""
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if isinstance(row, tuple) and len(row) < _MAX_LISTED:
            return (*rows[:at], (*row, button), *rows[at + 1 :])
    return (*rows, (button,))


def options(links: Sequence[Link]) -> tuple[tuple[str, str], ...]:
    """Entries as the choices of a menu: id and question, cut between words.

    Choices are plain text in Discord, so nothing is escaped.
    """
    found = {one.entry: shorten(clean(one.question), MAX_CHOICE) for one in links}
    return tuple((entry, text) for entry, text in found.items() if text)


def _draft(outcome: Outcome, reader: Reader, place: int, *, several: bool) -> Draft:
    match outcome:
        case Answer():
            return _answer(outcome, reader, place, several=several)
        case DidYouMean():
            return _did_you_mean(outcome, reader, place)
        case NotCovered():
            return _not_covered(outcome, reader, place)
        case Help():
            return _help(outcome, reader, place)
        case Silent():
            raise AssertionError
        case _:
            assert_never(outcome)


def _answer(answer: Answer, reader: Reader, place: int, *, several: bool) -> Draft:
    say = reader.words.say
    shown = answer.sentences if reader.full else short(answer)
    opening = say(f"opening.{answer.opening}") if answer.opening else ""
    premise = " ".join(filter(None, (opening, answer.premise)))
    notes = (
        *(f"{say('since-then')} {escape(text)}" for text in answer.changes),
        *(f"{say('disputed')} {escape(text)}" for text in answer.disputes),
    )
    kind = kind_line(answer, reader.words)
    as_of = say("as-of", date=reader.words.date(answer.as_of))
    state = [f"{kind}." if kind else "", as_of, say("stale") if answer.stale else ""]
    is_whole = len(shown) == len(answer.sentences)
    cited = _cited((answer.premise or "", *shown, *answer.changes, *answer.disputes))
    most = len(answer.sources) if reader.full else min(len(cited), _MAX_SOURCES)
    listed = sorted(answer.sources, key=lambda one: one.number not in cited)
    left = more(reader.words, behind=True)
    sources = replace(_sources(listed, reader.words), most=max(most, 1), left=left)
    return Draft(
        escape(answer.question) or say("untitled"),
        (
            prose((premise,) if premise else ()),
            prose(shown),
            Part(notes, left=_ellipsis, prose=True),
            Part((f"-# {escape(' '.join(filter(None, state)))}",), prose=True),
            sources,
        ),
        _rows(answer, reader, place, several=several, is_whole=is_whole),
    )


def short(answer: Answer) -> tuple[str, ...]:
    """The sentences that fit a phone, whole, and at least the first.

    What sets a premise right, what has changed and who disputes it come before them:
    an answer is never short of those.
    """
    used = width(" ".join([answer.premise or "", *answer.changes, *answer.disputes]))
    shown: list[str] = []
    for sentence in answer.sentences:
        used += width(sentence) + 1
        if shown and used > SHORT:
            break
        shown.append(sentence)
    return tuple(shown)


def _rows(
    answer: Answer, reader: Reader, place: int, *, several: bool, is_whole: bool
) -> Rows:
    """What can be pressed under an answer; less where a message shows several."""
    mark = mark_of(answer)

    def button(verb: Verb) -> Button:
        return _button(verb, reader, answer.entry, mark, place=place)

    full = () if is_whole else (button("full"),)
    sources = button("quotes")
    votes = (button("helpful"), button("wrong")) if reader.votes else ()
    if several:
        return ((*full, sources, *votes),)
    first = (*full, sources, button("follow"))
    post = (button("post"),) if reader.is_private else ()
    second = (*votes, *post)
    door = Door("related", answer.entry, place=place)
    menu = _menu(door, reader.words.say("related"), answer.related[:_MAX_LISTED])
    return (first, *((second,) if second else ()), *menu)


def _did_you_mean(outcome: DidYouMean, reader: Reader, place: int) -> Draft:
    say = reader.words.say
    found = options(outcome.offered[:_MAX_LISTED])
    if not found:
        nothing = NotCovered(outcome.asked, None, (), ())
        return _not_covered(nothing, reader, place)
    door = Door("pick", number=reader.asker, place=place)
    choices = (*found, (NONE_OF_THESE, say("none-of-these")))
    menu = Menu(door, say("pick"), choices)
    return Draft(say("did-you-mean"), (questions(outcome.offered),), (menu,))


def _not_covered(outcome: NotCovered, reader: Reader, place: int) -> Draft:
    say = reader.words.say
    note = () if outcome.note is None else (outcome.note,)
    related = tuple(f"- {escape(fact.text)}" for fact in outcome.related)
    row = [_button("send", reader, place=place)]
    if number := sum(reader.missing[:1]):
        row.append(_button("tell", reader, number=number, place=place))
    return Draft(
        say("not-covered"),
        (
            prose(note),
            Part(related, heading=say("related-facts")),
            _sources(outcome.sources, reader.words),
        ),
        (tuple(row),) if reader.votes else (),
    )


def _help(outcome: Help, reader: Reader, place: int) -> Draft:
    say = reader.words.say
    examples = outcome.examples[:_MAX_LISTED]
    return Draft(
        say("help.title"),
        (
            prose((outcome.covers,)),
            prose((say("help.how"),)),
            questions(examples, say("help.examples")),
        ),
        _menu(Door("related", place=place), say("pick"), examples),
    )


def _menu(door: Door, words: str, links: Sequence[Link]) -> tuple[Menu, ...]:
    found = options(links)
    return (Menu(door, words, found),) if found else ()


def _button(  # noqa: PLR0913 - a door's parts
    verb: Verb,
    reader: Reader,
    subject: str = "",
    mark: str = "",
    *,
    number: int = 0,
    place: int = 0,
) -> Button:
    names: dict[Verb, str] = {"quotes": "button.sources", "send": "send"}
    key = names.get(verb, f"button.{verb}")
    return Button(Door(verb, subject, mark, number, place), reader.words.say(key))


def prose(sentences: Sequence[str]) -> Part:
    """Sentences as one paragraph; text from outside is made safe."""
    safe = tuple(escape(sentence) for sentence in sentences)
    return Part(safe, joiner=" ", left=_ellipsis, prose=True)


def questions(links: Sequence[Link], heading: str = "") -> Part:
    """Questions as a list."""
    items = tuple(f"- {escape(link.question)}" for link in links[:_MAX_LISTED])
    return Part(items, heading=heading)


def _sources(sources: Sequence[NumberedSource], words: Words) -> Part:
    items = tuple(source_line(source, words) for source in sources)
    heading = f"**{words.say('sources')}**"
    return Part(items, heading=heading, left=more(words), apart=True)


def more(words: Words, *, behind: bool = False) -> Callable[[int, int], str]:
    """What says how many sources were left out; `behind`: a button shows them."""

    def left(count: int, _shown: int) -> str:
        key = "more-behind" if behind else "more-sources"
        return words.say(f"{key}.one" if count == 1 else f"{key}.many", count=count)

    return left


def _cited(texts: Sequence[str]) -> set[int]:
    return {int(found) for text in texts for found in re.findall(r"\[(\d+)\]", text)}


def _ellipsis(_left: int, shown: int) -> str:
    return "…" if shown else ""


def fit(drafts: Sequence[Draft], room: int) -> list[Card]:
    """Cards that share a room: what small ones leave, large ones use. Order is kept."""
    whole = [_cut(draft, room) for draft in drafts]
    shares = [room] * len(drafts)
    by_size = sorted(range(len(drafts)), key=lambda index: size(whole[index]))
    for done, index in enumerate(by_size):
        shares[index] = room // (len(drafts) - done)
        room -= min(size(whole[index]), shares[index])
    return [_cut(draft, share) for draft, share in zip(drafts, shares, strict=True)]


def size(card: Card) -> int:
    """The characters of a card's texts, and of the gaps after them."""
    return sum(width(text) + len(_GAP) for text in card.texts)


def _cut(draft: Draft, room: int) -> Card:
    """The card in at most `room` characters; `room` is more than a title needs."""
    texts = [f"### {shorten(draft.title, MAX_TITLE)}"]
    parts = [part for part in draft.parts if any(part.items)]
    limit = room - width(texts[0]) - 2 * len(_GAP)
    used = 0
    for index, part in enumerate(parts):
        later = (min(_length(one), limit // _SHARE) for one in parts[index + 1 :])
        if text := _fill(part, limit - used - sum(later)):
            used += width(text) + len(_GAP)
            if part.apart:
                texts.append(text)
            else:
                # A heading's line ends it; other parts are paragraphs.
                gap = "\n" if texts[-1].startswith("### ") and index == 0 else _GAP
                texts[-1] = f"{texts[-1]}{gap}{text}"
    return Card(tuple(texts), draft.rows)


def _length(part: Part) -> int:
    """What a part takes whole, with the gap before it."""
    return width(_text(part, min(part.most, len(part.items)))) + len(_GAP)


def _fill(part: Part, room: int) -> str:
    """As much of a part as there is room for; empty where there is none."""
    for shown in range(min(part.most, len(part.items)), -1, -1):
        text = _text(part, shown)
        if shown and width(text) <= room:
            return text
    if part.prose and room > 0:
        return shorten(part.items[0], room)
    text = _text(part, 0)
    return text if part.left and width(text) <= room else ""


def _text(part: Part, shown: int) -> str:
    left = len(part.items) - shown
    said = part.left(left, shown) if part.left and left else ""
    items = [*filter(None, part.items[:shown]), *filter(None, [said])]
    head = f"{part.heading}\n" if part.heading else ""
    return head + part.joiner.join(items)
