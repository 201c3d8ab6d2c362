"""Cards: texts with a line between them, what can be pressed below; cut to size.

Pure functions and values; `layout` makes Discord's messages of them. Whatever a story
holds, a card fits its room, and its text does nothing but read (see `safety`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.answering.outcome import Link, NumberedSource
from bot.answering.policy import MAX_OFFERED
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, escape, label, safe_url, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE, MAX_TITLE, width
from bot.words.catalogue import Words

_SHARE: Final = 4  # a part that comes later keeps at least a quarter of a card
_GAP: Final = "\n\n"
_BULLET: Final = "- "


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom cards are for: in which language, whether only one person sees them.

    `asker` may delete them, 0 where nobody is to. `votes` says whether votes can be
    kept. `full` shows answers whole. `missing` are the fingerprints of the questions
    that found no answer: one for each outcome, "" where there is none.
    `places` are those of the cards in a message that has `beside` others; `is_last`
    whether the last of them is the message's, from which it can be deleted.
    """

    words: Words
    is_private: bool = False
    asker: int = 0
    votes: bool = True
    full: bool = False
    missing: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    beside: int = 0
    is_last: bool = True


Tone = Literal["plain", "answer", "not-so", "which", "unknown", "hidden"]
"""What a card is, told by a colour beside its words: answered, a premise set right, a
question back, not known, taken off; `plain` is none of these."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it does, its words; the main one is what most people want next."""

    custom_id: CustomId
    label: str
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: what it does, its words, and its choices, each a value and its words."""

    custom_id: CustomId
    label: str
    choices: tuple[tuple[str, str], ...]


Rows = tuple[tuple[Button, ...] | Menu, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is shown: texts with a line between them, and rows to press."""

    texts: tuple[str, ...]
    rows: Rows = ()
    tone: Tone = "plain"


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
    tone: Tone = "plain"


def options(links: Sequence[Link]) -> tuple[tuple[str, str], ...]:
    """Entries as the choices of a menu: id and question, cut between words.

    Choices are plain text in Discord, so nothing is escaped.
    """
    found = {one.entry: shorten(clean(one.question), MAX_CHOICE) for one in links}
    return tuple((entry, text) for entry, text in found.items() if text)


def prose(sentences: Sequence[str]) -> Part:
    """Sentences as one paragraph; text from outside is made safe."""
    safe = tuple(escape(sentence) for sentence in sentences)
    return Part(safe, joiner=" ", left=ellipsis, prose=True)


def questions(links: Sequence[Link], heading: str = "") -> Part:
    """Questions as a list."""
    items = tuple(f"- {escape(link.question)}" for link in links[:MAX_OFFERED])
    return Part(items, heading=heading)


def source_line(source: NumberedSource, words: Words) -> str:
    """`[1] [Title](url) - Publisher, date (domain)`, without what is not known.

    It is no item of a list: Discord would number those anew where one is left out.
    """
    date = words.date(source.published) if source.published else ""
    origin = ", ".join(filter(None, (label(source.publisher), date)))
    said = list(filter(None, (label(source.title or ""), origin)))
    if address := safe_url(source.url):
        url, domain = address
        said[:1] = [f"[{said[0] if said else domain}]({url})"]
        said[-1] = f"{said[-1]} ({domain})"
    return f"\\[{source.number}\\] {' - '.join(said)}"


def more(words: Words, what: str = "more") -> Callable[[int, int], str]:
    """What says how many items were left out; `what` is the key of its words."""

    def left(count: int, _shown: int) -> str:
        return words.say(f"{what}.one" if count == 1 else f"{what}.many", count=count)

    return left


def turns(words: Words, earlier: CustomId | None, later: CustomId | None) -> Rows:
    """Buttons to the pages before and after, where there are such."""
    ways = ((earlier, "button.earlier"), (later, "button.later"))
    row = tuple(Button(one, words.say(key)) for one, key in ways if one)
    return (row,) if row else ()


def ago(when: datetime) -> str:
    """A time, which Discord shows as how long ago it is, or in how long."""
    return f"<t:{int(when.timestamp())}:R>"


def ellipsis(_left: int, shown: int) -> str:
    """What is shown in place of what was left out of a paragraph."""
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
    return Card(tuple(texts), draft.rows, draft.tone)


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
    if said and shown and part.items[shown - 1].startswith(_BULLET):
        said = f"{_BULLET}{said}"  # else it would stand in the last one
    items = [*filter(None, part.items[:shown]), *filter(None, [said])]
    head = f"{part.heading}\n" if part.heading else ""
    return head + part.joiner.join(items)
