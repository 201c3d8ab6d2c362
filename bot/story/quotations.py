"""Quotations against the archived texts of their sources.

A moderator may keep the text of a source in `archive/<source-id>.txt`. The folder is
never published: the texts are not ours. Where a text is there, its quotations must be.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import accumulate
from typing import Final

from bot.story.files import ARCHIVE, Files, archived
from bot.story.model import Fact, Place, Problem, Source
from bot.story.printed import difference, levelled, unprinted, words_in
from bot.story.prose import squeeze
from bot.story.validation import Sheet

_COMPARED: Final = 40
"""Passages that are compared by letters: those that share the most words."""

_AS_LONG: Final = 50
"""Words of a quotation that are compared: fewer of the nearest passage are shown."""

_AS_MANY: Final = 500
"""Letters of these, for words without end."""

_MARKS: Final = " .,;:!?\"'()[]“”‘’«»„…*_-–—"


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
        self._words = text.split()
        self._keys = [_bare(word) for word in self._words]
        self.levelled = levelled(text)

    def nearest(self, quote: str) -> str:
        """The passage of the text that is most like a quotation's beginning."""
        said = quote.split()[:_AS_LONG]
        quote, size = " ".join(said)[:_AS_MANY], max(len(said), 1)
        wanted = {_bare(word) for word in said}
        windows = max(len(self._words) - size, 0) + 1
        shared = [0, *accumulate(key in wanted for key in self._keys)]
        last = len(shared) - 1
        starts = nlargest(
            _COMPARED,
            range(windows),
            lambda at: shared[min(at + size, last)] - shared[at],
        )
        passages = [" ".join(self._words[at : at + size])[:_AS_MANY] for at in starts]
        return _short(max(passages, key=lambda passage: _likeness(quote, passage)))


def _bare(word: str) -> str:
    return word.casefold().strip(_MARKS)


def _likeness(quote: str, passage: str) -> float:
    """How much two texts have in common, 0-1, by letters."""
    one, other = levelled(quote), levelled(passage)
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _short(text: str) -> str:
    text = squeeze(text)
    return text if len(text) <= 160 else text[:159] + "…"
