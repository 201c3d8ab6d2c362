"""A base's texts as terms: every wording of its targets, and what these say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bot.matching.candidate import Target
from bot.matching.evidence import Spoken
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked, asked
from bot.matching.reader import Reader
from bot.story.prose import fold

AS_NEAR: Final = 0.03
"""How much nearer a wording with a wrong premise must be than one without."""

_NEVER: Final = 9.0

Typed = tuple[str, int | None, bool]
"""A wording, the position of its premise, and whether it is a decoy."""


class Wording(NamedTuple):
    """A wording of a target: its text, its terms, and what is wrong with it, if so."""

    target: int
    text: str
    terms: tuple[str, ...]
    premise: int | None
    is_decoy: bool

    def read(self) -> Asked:
        """What it asks."""
        return asked(fold(self.text), self.terms, lexicon())


class Wordings:
    """All wordings, grouped by target; and the terms of each sentence that is told.

    `kept` are the terms of wordings and sentences as they were packed before. Raises
    ValueError where those are not of these targets. `known` are the terms of texts, as
    the reader would read them.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        reader: Reader,
        kept: tuple[str, str] | None = None,
        known: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._targets = targets
        texts = [
            (at, *one) for at, target in enumerate(targets) for one in typed(target)
        ]
        said = [text for target in targets for text in target.told]
        asked = [text for _, text, _, _ in texts]
        if kept is not None:
            terms, self.told = map(_unpacked, (asked, said), kept)
        else:
            read = dict(known or {})
            for text in (*asked, *said):
                if text not in read:
                    read[text] = reader.terms(text)
            terms, self.told = ([read[text] for text in some] for some in (asked, said))
        self.all = [
            Wording(target, text, has, premise, is_decoy)
            for (target, text, premise, is_decoy), has in zip(texts, terms, strict=True)
        ]
        self.of: dict[int, list[Wording]] = {at: [] for at in range(len(targets))}
        for wording in self.all:
            self.of[wording.target].append(wording)
        self._own = [sum(not one.is_decoy for one in own) for own in self.of.values()]
        self._refused = [
            frozenset(one.terms for one in own if one.is_decoy)
            for own in self.of.values()
        ]
        self.letters = [
            [letters_of(one.terms) for one in own] for own in self.of.values()
        ]
        """The terms of each wording of each target, in the order of the alphabet."""
        self.behind = [list(map(_behind, own)) for own in self.of.values()]
        """How much nearer each must be to be the nearest of its target."""

    def read(self) -> dict[str, tuple[str, ...]]:
        """The terms of every text."""
        said = (text for target in self._targets for text in target.told)
        found = dict(zip(said, self.told, strict=True))
        found.update((one.text, one.terms) for one in self.all)
        return found

    def own(self, target: int) -> int:
        """How many wordings of a target lead to it; decoys do not."""
        return self._own[target]

    def refuses(self, target: int, terms: tuple[str, ...]) -> bool:
        """Whether a curator said of these very words that they do not ask a target."""
        return terms in self._refused[target]

    def pack(self) -> tuple[str, str]:
        """The terms, tabs between: a line for each wording, and for each sentence."""
        return (
            "\n".join("\t".join(one.terms) for one in self.all),
            "\n".join("\t".join(terms) for terms in self.told),
        )

    def spoken(self) -> Iterator[Spoken]:
        """What each target asks, and all that it says, as terms and meanings."""
        meant = lexicon().meanings_of
        told = iter(self.told)
        for at, target in enumerate(self._targets):
            asks: set[str] = set()
            for one in self.of[at]:
                if not one.is_decoy and one.premise is None:
                    asks.update(one.terms, meant(one.terms))
            says: set[str] = set()
            for _ in target.told:
                terms = next(told)
                says.update(terms, meant(terms))
            yield Spoken(asks, asks | says)


def letters_of(terms: Iterable[str]) -> str:
    """The words of terms as one text, in the order of the alphabet."""
    return " ".join(sorted(" ".join(terms).split()))


def _behind(one: Wording) -> float:
    return _NEVER if one.is_decoy else AS_NEAR * (one.premise is not None)


def typed(target: Target) -> Iterable[Typed]:
    """The wordings of a target, in order."""
    yield from ((text, None, False) for text in target.asks)
    for premise, claims in enumerate(target.claims):
        yield from ((text, premise, False) for text in claims)
    yield from ((text, None, True) for text in target.decoys)


def changed(
    targets: Sequence[Target],
    learnt: Mapping[str, tuple[tuple[Typed, ...], Mapping[str, float]]],
) -> tuple[dict[int, Mapping[str, float]], set[int]]:
    """The weights of targets from before, by position now; which have other wordings.

    `learnt` has, for each target's id, its wordings then and what they led to.
    """
    weights: dict[int, Mapping[str, float]] = {}
    others: set[int] = set()
    for at, target in enumerate(targets):
        texts, then = learnt.get(target.id, ((), None))
        if then is not None:
            weights[at] = then
        if texts != tuple(typed(target)):
            others.add(at)
    return weights, others


def _unpacked(texts: Sequence[str], kept: str) -> list[tuple[str, ...]]:
    """The terms of texts, as they were packed."""
    lines = kept.split("\n") if texts else []
    return [
        tuple(line.split("\t")) if line else ()
        for _, line in zip(texts, lines, strict=True)
    ]
