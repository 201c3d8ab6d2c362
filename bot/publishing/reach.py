"""Which questions a change of a story may lead elsewhere.

All words weigh a little more or less after any change, so none can be left out with a
proof. But a question that led firmly to what is as it was, past what is as it was, and
says little of what the change says, stayed where it led in nearly all that was tried
(`tests/benchmarks/moves.py`). So it is asked later: once the change is served.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from math import log
from typing import Final

from bot.answering.preparing import UNKNOWN, names_of, targets_of
from bot.evaluation.leads import Stood
from bot.matching.text import is_slip, words
from bot.story.differences import Plain, differences, plain
from bot.story.hiding import visible
from bot.story.model import Story

FIRM: Final = 0.3
"""Margin, in log odds, from which a question stays where it led though all words weigh
a little more or less than before. In November 2026, of 494 that moved after 176 changes
of eleven stories, none had more and was out of reach."""

ALIKE: Final = 0.4
"""Share of a question's words, each by how rare it is, from which it may be drawn to
what a change says. Up to 0.7, as few of the same were out of reach."""

_LIKE: Final = frozenset({"answers", "entities", "facts", "lexicon", "unknowns"})
"""The kinds of records that tell where a question leads."""


class Reach:
    """How far a change of a story reaches, among the questions that may be asked.

    A word counts by how rare it is among these.
    """

    def __init__(self, before: Story, after: Story, questions: Iterable[str]) -> None:
        was, now = (set(targets_of(visible(one))) for one in (before, after))
        self._targets = {one.id for one in was ^ now}
        known, others = (_spoken(of) for of in (before, after))
        self._known, self._other = known, known ^ others
        renamed = names_of(before).items() ^ names_of(after).items()
        self._names = {frozenset(words(name)) for name, _ in renamed}
        self._said = [bag for bag in _changed_words(before, after) if bag]
        self._words = {text: frozenset(words(text)) for text in questions}
        having = Counter(word for said in self._words.values() for word in said)
        count = len(self._words)
        self._rarity = {word: log(1 + count / often) for word, often in having.items()}

    def likeness(self, question: str) -> float:
        """The share of a question's words that one changed record says, 0-1."""
        asked = self._words[question]
        total = self._weight(asked)
        best = max((self._weight(asked & said) for said in self._said), default=0.0)
        return best / total if total else 0.0

    def has(self, question: str, belongs: Iterable[str], stood: Stood | None) -> bool:
        """Whether a question may be led elsewhere: to what, or past what, has changed.

        `belongs` are the entries, or the unknown, to which it belongs; `stood` is where
        it led, None where it was not asked.
        """
        if stood is None or stood.margin < FIRM:
            return True
        if self._is_read_otherwise(self._words[question]):
            return True
        near = {*stood.near, *belongs, *(UNKNOWN + one for one in belongs)}
        return not near.isdisjoint(self._targets) or self.likeness(question) >= ALIKE

    def _is_read_otherwise(self, asked: AbstractSet[str]) -> bool:
        """Whether it has a word that came or went, or a slip of one; or such a name."""
        return (
            not self._other.isdisjoint(asked)
            or any(name <= asked for name in self._names)
            or any(
                is_slip(word, other)
                for word in (asked - self._known if self._other else ())
                for other in self._other
            )
        )

    def _weight(self, words: AbstractSet[str]) -> float:
        return sum([self._rarity[word] for word in words])


def _spoken(story: Story) -> frozenset[str]:
    """The words of all that leads questions anywhere."""
    texts = {
        text
        for one in targets_of(visible(story))
        for text in (
            *one.asks,
            *one.decoys,
            *one.told,
            *(claim for some in one.claims for claim in some),
        )
    }
    return _words([*texts, *names_of(story)])


def _changed_words(before: Story, after: Story) -> Iterator[frozenset[str]]:
    """The words of the texts that changed, for each record of which some did."""
    for kind in differences(before, after):
        if kind.kind not in _LIKE:
            continue
        for record in (*kind.added.values(), *kind.retired.values()):
            yield _words(_texts(plain(record)))
        for one in kind.changed:
            was, now = (
                set(_texts({field.name: value for field, value in pairs}))
                for pairs in (
                    [(field, field.before) for field in one.fields],
                    [(field, field.after) for field in one.fields],
                )
            )
            yield _words(was ^ now)


def _texts(value: Plain | Mapping[str, Plain]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(text))
