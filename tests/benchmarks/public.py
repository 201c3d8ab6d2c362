"""The matcher on public data: the adapter that a few-shot matching benchmark calls.

The protocol: `fit(entries, aliases)` gives an object whose `rank(text)` lists ids with
their confidence, best first.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from bot.matching.candidate import Target
from bot.matching.ranking import Matcher


class PublicEntry(TypedDict):
    """An entry of a public data set: an id, and the questions that ask it."""

    id: str
    questions: Sequence[str]
    answer: NotRequired[str]


class Ranker:
    """The matcher as the protocol wants it."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Ids with their confidence, 0-1, best first; empty where nothing is shared."""
        return [
            (candidate.id, candidate.confidence)
            for candidate in self._matcher.rank(text).candidates
        ]


def fit(
    entries: Sequence[PublicEntry], aliases: Mapping[str, str] | None = None
) -> Ranker:
    """A matcher for the entries of a public data set.

    `aliases` maps other ways of saying things to the ones the questions use.
    """
    targets = [Target(entry["id"], tuple(entry["questions"])) for entry in entries]
    names = {
        phrase: f"~{canonical}"
        for variant, canonical in (aliases or {}).items()
        for phrase in (variant, canonical)
    }
    return Ranker(Matcher(targets, names))
