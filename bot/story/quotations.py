"""Quotations against the archived texts of their sources.

A moderator may keep the text of a source in `archive/<source-id>.txt`. The folder is
never published: the texts are not ours. Where a text is there, its quotations must be.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Final

from bot.story.files import ARCHIVE, Files, archived
from bot.story.model import Fact, Place, Problem, Source
from bot.story.printed import difference, levelled, unprinted, words_in
from bot.story.prose import squeeze
from bot.story.validation import Sheet

_PASSAGES: Final = 200
_COMPARED: Final = 20


@dataclass(slots=True)
class Checked:
    """What became of the quotations: how many were verified, of how many."""

    verified: int = 0
    total: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])


def verify(sheet: Sheet, files: Files, only: str = "") -> Checked:
    """Look up each quotation in its source's archived text, where there is one.

    With `only`, those of one source. One word is not verified: it says nothing of what
    was printed. Never raises.
    """
    checked = Checked()
    texts = _Texts(files)
    for fact in sheet.of(Fact):
        for index, citation in enumerate(fact.citations):
            if only and citation.source != only:
                continue
            checked.total += 1
            text = texts.get(citation.source)
            if text is None:
                continue
            quote = levelled(citation.quote)
            why = unprinted(quote, text.levelled)
            if why is None:
                checked.verified += words_in(quote) > 1
                continue
            place = sheet.place(fact, "citations", index, "quote")
            nearest = text.nearest(citation.quote)
            message = (
                f"the archived text of '{citation.source}' does not have "
                f"'{_short(citation.quote)}'" + (f" ({why})" if why else "")
            )
            message += f"; nearest: '{nearest}'{difference(citation.quote, nearest)}"
            checked.problems.append(Problem.error(place, message))
    checked.problems.extend(texts.warnings(sheet))
    return checked


class _Texts:
    """Archived texts by source id, each worked out once."""

    def __init__(self, files: Files) -> None:
        self._unread = files.unread
        self._texts = {
            source: (path, data)
            for path, data in files.content.items()
            if (source := archived(path))
        }
        self._known: dict[str, _Text] = {}

    def get(self, source: str) -> "_Text | None":
        if source in self._texts and source not in self._known:
            _, data = self._texts[source]
            self._known[source] = _Text(data.decode("utf-8-sig", errors="replace"))
        return self._known.get(source)

    def warnings(self, sheet: Sheet) -> Iterator[Problem]:
        """Archived texts that could not serve."""
        shown = {source.id: sheet.place(source, "id") for source in sheet.of(Source)}
        for path, why in self._unread.items():
            if source := archived(path):
                message = f"the archived text {path} was not used: {why}"
                yield Problem.warning(shown.get(source, Place(ARCHIVE)), message)


class _Text:
    def __init__(self, text: str) -> None:
        self._text = squeeze(text)
        self.levelled = levelled(text)
        self._words: list[str] | None = None

    def nearest(self, quote: str) -> str:
        """The passage of the text that is most like a quotation."""
        words = self._text.split()
        size = max(len(quote.split()), 1)
        windows = [" ".join(words[at : at + size]) for at in self._sharing(quote, size)]
        alike = [(_likeness(quote, window, str.split), window) for window in windows]
        best = max(score for score, _ in alike)
        nearest = [window for score, window in alike if score == best][:_COMPARED]
        return _short(max(nearest, key=lambda window: _likeness(quote, window, list)))

    def _sharing(self, quote: str, size: int) -> list[int]:
        """Where the passages begin that share most words with a quotation, in order.

        Comparing takes long: it is done with a few, however long the text is.
        """
        if self._words is None:
            self._words = [levelled(word) for word in self._text.split()]
        wanted = Counter(map(levelled, quote.split()))
        left, shared = wanted.copy(), 0
        found: list[tuple[int, int]] = []
        for at, word in enumerate(self._words):
            left[word] -= 1
            shared += left[word] >= 0
            if at >= size:
                gone = self._words[at - size]
                shared -= left[gone] >= 0
                left[gone] += 1
            if at >= size - 1:
                found.append((-shared, at - size + 1))
        return sorted(at for _, at in nsmallest(_PASSAGES, found)) or [0]


def _likeness(quote: str, window: str, parts: Callable[[str], list[str]]) -> float:
    """How much two texts have in common, 0-1, by words or by letters."""
    one, other = parts(levelled(quote)), parts(levelled(window))
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _short(text: str) -> str:
    text = squeeze(text)
    return text if len(text) <= 160 else text[:159] + "…"
