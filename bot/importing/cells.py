"""A cell, or a page, of HTML, Markdown or plain text → plain prose. Never raises."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from bot.story.markup import unsafe
from bot.story.prose import squeeze
from bot.story.sentence_ends import CLOSERS, STOPS

_TAG = re.compile(
    r"</?(?:p|br|a|ul|ol|li|div|span|b|i|u|em|strong|h[1-6]|table|tr|td|th|font|sup|sub"
    r"|img|section|article|blockquote|body|html)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)
_BLOCKS: Final = frozenset(
    """address article aside blockquote body br caption dd div dl dt fieldset figure
    figcaption footer form h1 h2 h3 h4 h5 h6 header hr html legend main nav ol option p
    pre section table tbody td tfoot th thead title tr ul""".split()
)
_UNSEEN: Final = frozenset("script style noscript template svg head iframe".split())
_VOID: Final = frozenset({"img", "br", "hr"})
_ITEM = re.compile(
    r"(?:[-*+•·●▪◦‣∙–—]|(?P<number>\(?(?:\d{1,2}|[a-h])[.)]))[ \t]+(?=\S)"
)
_MASKED = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?([^()\s<>]*)>?[^()]*\)")
_ADDRESS = re.compile(r"(?:https?://(?:www\.)?|(?<!\w)www\.)(?=\w)", re.IGNORECASE)
_BRACKET = re.compile(r"[\[\]]")
_EMPHASIS = re.compile(r"\*\*|__|(?m:^#{1,6}\s+)|`+")
_ENDED = re.compile(rf"[{STOPS}:;,][{CLOSERS}]*$")
_STOPPED = re.compile(rf"[{STOPS}][{CLOSERS}]*$")

LIST: Final = "a list became a sentence, its items between semicolons"
LINKED: Final = "a link is shown as its words, or as an address without https://"
PICTURE: Final = "a picture was left out"
BRACKETS: Final = "square brackets became round ones"
DEFUSED: Final = "what Discord would act on was taken apart"


@dataclass(frozen=True, slots=True)
class Prose:
    """A text in plain sentences, on one line, and what became of the rest of it."""

    text: str
    changes: tuple[str, ...] = ()


class _Page(HTMLParser):
    """The text of HTML, a block a line; links and pictures are counted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links = self.pictures = 0
        self._unseen: list[str] = []
        self._numbers: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag does; skip what nobody sees."""
        if tag in _UNSEEN:
            self._unseen.append(tag)
        self.links += tag == "a" and any(name == "href" for name, _ in attrs)
        self.pictures += tag == "img"
        if tag in {"ol", "ul"}:
            self._numbers.append(0 if tag == "ol" else -1)
        if tag == "li":
            is_counted = bool(self._numbers) and self._numbers[-1] >= 0
            if is_counted:
                self._numbers[-1] += 1
            self.parts.append(f"\n{self._numbers[-1]}. " if is_counted else "\n• ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line where the tag does."""
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        if tag in {"ol", "ul"} and self._numbers:
            self._numbers.pop()
        if tag in _BLOCKS - _VOID or tag == "li":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the text that people see."""
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def page_text(markup: str) -> tuple[str, int, int]:
    """The text of HTML as people see it, a block a line; its links and pictures."""
    page = _Page()
    try:
        page.feed(markup)
        page.close()
    except (AssertionError, ValueError, RecursionError):  # what is no HTML at all
        page.parts = [html.unescape(re.sub(r"<[^<>]*>", " ", markup))]
    lines = (squeeze(line) for line in "".join(page.parts).split("\n"))
    return "\n".join(line for line in lines if line), page.links, page.pictures


def prose(cell: str) -> Prose:
    """A cell's text as plain sentences; all its words stay, but for tags.

    >>> prose("Wash:<ul><li>with soap</li><li>often</li></ul>").text
    'Wash: with soap; often.'
    """
    changes: dict[str, None] = {}
    if _TAG.search(cell):
        cell, links, pictures = page_text(cell.replace("\n", " \n"))
        changes |= dict.fromkeys([LINKED] * bool(links) + [PICTURE] * bool(pictures))
    elif _ENTITY.search(cell):
        cell = html.unescape(cell)
    bare = _MASKED.sub(lambda found: found[1] or found[2], cell)
    bare = _EMPHASIS.sub("", bare)
    if _MASKED.search(cell) or _ADDRESS.search(bare):
        changes[LINKED] = None
    bare = _ADDRESS.sub("", bare)
    if _BRACKET.search(bare):
        changes[BRACKETS] = None
        bare = bare.replace("[", "(").replace("]", ")")
    lines = [squeeze(line) for line in bare.split("\n")]
    parts = list(_paragraphs(lines))
    if any(is_list for _, is_list in parts):
        changes[LIST] = None
    text = squeeze(" ".join(_joined(parts)))
    while found := unsafe(text):
        changes[DEFUSED] = None
        text = text.replace(found.words, re.sub(r"[@<>:/\[\]()]+", " ", found.words))
        text = squeeze(text)
    return Prose(text, tuple(changes))


def line(cell: str) -> Prose:
    """A cell's text as one line, as a question is: no stop is added."""
    found = prose(cell)
    is_ended = _STOPPED.search(squeeze(cell)) or not found.text.endswith(".")
    return found if is_ended else Prose(found.text[:-1], found.changes)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Sentences of lines, each with whether it was a list."""
    said: list[str] = []
    items: list[str] = []
    for text in [*lines, ""]:
        found = _ITEM.match(text)
        if items and not found:
            yield _listed(items), True
            items = []
        if found:
            if said:
                yield _led(said), False
                said = []
            items.append(_item(text, found))
        elif not text:
            if said:
                yield _stopped(" ".join(said)), False
            said = []
        elif said and not text[:1].islower() and not _is_open(said[-1]):
            yield _stopped(" ".join(said)), False
            said = [text]
        else:
            said.append(text)


def _joined(parts: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """The parts of a text; a list after which its sentence goes on does not end it."""
    later = [*(text for text, _ in parts[1:]), ""]
    for (part, is_list), after in zip(parts, later, strict=True):
        yield part.removesuffix(".") if is_list and after[:1].islower() else part


def _is_open(text: str) -> bool:
    """Whether a sentence goes on in the next line, as far as its end tells."""
    return text.endswith((",", ";", "-", "–"))


def _item(text: str, found: re.Match[str]) -> str:
    number = (found["number"] or "").strip("().")
    bare = text[found.end() :]
    return f"({number}) {bare}" if number else bare


def _led(said: Sequence[str]) -> str:
    """What leads to a list."""
    text = " ".join(said)
    return text if _ENDED.search(text) else f"{text}:"


def _listed(items: Sequence[str]) -> str:
    if all(map(_STOPPED.search, items)):
        return " ".join(items)
    bare = [re.sub(r"[;,.]$", "", item) for item in items]
    return _stopped("; ".join(bare))


def _stopped(text: str) -> str:
    return text if _STOPPED.search(text) else f"{text.rstrip(';,')}."
