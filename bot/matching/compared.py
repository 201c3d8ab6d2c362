"""A question beside a candidate: what each is about, as guards compare them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from bot.matching.grammar import Deed, Term
from bot.matching.kinds import beside_names, held
from bot.matching.polarity import Clause, clauses
from bot.matching.question import Asked
from bot.matching.roles import acts
from bot.story.figures import Figure

Parts = Mapping[str, frozenset[str]]
"""A word, or what it means → names."""


@dataclass(frozen=True)
class Profile:
    """What a target is about; each part worked out when it is first wanted.

    `asks` are its wordings, `told` its sentences, and `texts` these as written. `gives`
    are the kinds of answer that it gives besides those its wordings ask for; `wrong`
    are wordings that carry a wrong premise.
    """

    asks: Sequence[Asked]
    says: Sequence[Asked]
    gives: Iterable[str]
    wrong: Sequence[Asked] = ()
    texts: Sequence[str] = ()

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms and meanings of its wordings."""
        return _all_terms(self.asks)

    @cached_property
    def told(self) -> frozenset[str]:
        """The terms and meanings of what it says."""
        return _all_terms(self.says)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in its wordings."""
        return frozenset[str]().union(*[one.names for one in self.asks])

    @cached_property
    def told_names(self) -> frozenset[str]:
        """The names in what it says."""
        return frozenset[str]().union(*[one.names for one in self.says])

    @cached_property
    def _naming(self) -> tuple[Asked, ...]:
        return tuple(one for one in (*self.asks, *self.says) if one.entities)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of answer it gives."""
        return frozenset(self.gives).union(*[one.wants for one in self.asks])

    @cached_property
    def modal(self) -> bool:
        """Whether some wording asks what will or may be."""
        return any(one.modal for one in self.asks)

    @cached_property
    def deeds(self) -> frozenset[Deed]:
        """Who does what to whom."""
        return frozenset(deed for one in self._naming for deed in one.deeds)

    @cached_property
    def orders(self) -> frozenset[tuple[str, str]]:
        """Names in the order in which they act."""
        return frozenset(pair for one in self._naming for pair in one.order)

    @cached_property
    def subjects(self) -> Mapping[str, int]:
        """How often each name is the first of those that act."""
        return Counter(one.subject for one in self._naming if one.subject)

    @cached_property
    def figures(self) -> frozenset[Figure]:
        """Its numbers and dates."""
        everything = (*self.asks, *self.says)
        return frozenset(figure for one in everything for figure in one.figures)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """What it says, one by one."""
        return tuple(part for one in self.says for part in clauses(one.terms))

    @property
    def agrees(self) -> bool:
        """Whether it begins with "yes"."""
        return _begins(self.says, "yes")

    @property
    def denies(self) -> bool:
        """Whether it begins with "no"."""
        return _begins(self.says, "no")

    @cached_property
    def claims(self) -> tuple[tuple[Term, ...], ...]:
        """The wrong premises that are no date and no denial."""
        return tuple(
            one.terms for one in self.wrong if not (one.negated or one.figures)
        )

    @cached_property
    def holds(self) -> frozenset[str] | None:
        """The kinds of answer that its words hold; None where it says nothing."""
        return held(self.texts) if self.texts else None

    @cached_property
    def named(self) -> frozenset[str]:
        """The words beside a name."""
        return beside_names(self.texts)

    @cached_property
    def parts(self) -> tuple[Parts, Parts]:
        """For each word, and each of its meanings, who acts and who is acted upon."""
        return _parts_of(self._naming)


def _parts_of(
    texts: Iterable[Asked],
) -> tuple[Parts, Parts]:
    """For each word, and each of its meanings, who acts and who is acted upon."""
    acting: dict[str, set[str]] = {}
    suffering: dict[str, set[str]] = {}
    for text in texts:
        for act in acts(text.terms):
            for word in (act.verb.term, *act.verb.meanings):
                acting.setdefault(word, set()).update(act.agents)
                suffering.setdefault(word, set()).update(act.patients)
    return (
        {word: frozenset(names) for word, names in acting.items()},
        {word: frozenset(names) for word, names in suffering.items()},
    )


def _begins(told: Sequence[Asked], word: str) -> bool:
    return bool(told) and [one.term for one in told[0].terms[:1]] == [word]


def _all_terms(texts: Iterable[Asked]) -> frozenset[str]:
    return frozenset[str]().union(*[text.everything for text in texts])


class Firing(NamedTuple):
    """How strongly a guard speaks against a candidate, and which words set it off."""

    strength: float
    words: tuple[str, ...]


NOTHING: Final = Firing(0.0, ())
"""What a guard gives that has nothing against a candidate."""

Family = Callable[[str], Iterable[tuple[str, float]]]
"""The known words that share most letters with a word, with their likeness, 0-1."""


@dataclass(slots=True)
class Compared:
    """A question beside a candidate: what it is about, and its nearest wording.

    `foreign` are the words of the question that are names of nothing in the story;
    `part` is what the question's own part asks.
    """

    asked: Asked
    foreign: frozenset[str]
    profile: Profile
    nearest: Asked
    family: Family
    part: Asked = field(init=False)
    _asks: frozenset[str] = field(init=False)
    _explained: dict[Term, float] = field(default_factory=dict[Term, float])

    def __post_init__(self) -> None:
        """Read what guards need again and again."""
        self.part = self.asked.part
        self._asks = self.nearest.everything

    def asks(self, term: str) -> bool:
        """Whether some wording of the candidate that counts has a term or meaning."""
        return term in self._asks or term in self.profile.terms

    def explains(self, term: Term) -> float:
        """How far the target explains a word, 0-1: it, its meaning, or its family."""
        share = self._explained.get(term)
        if share is None:
            share = self._explained[term] = self._explains(term)
        return share

    def _explains(self, term: Term) -> float:
        told, terms, nearest = self.profile.told, self.profile.terms, self._asks
        if term.term in nearest or term.term in terms:
            return 1.0
        if term.meanings and any(map(self.asks, term.meanings)):
            return 0.9
        if term.term in told:
            return 0.7
        if not told.isdisjoint(term.meanings):
            return 0.5
        alike = [like for known, like in self.family(term.term) if self.asks(known)]
        return 0.8 * max(alike, default=0.0)


Guard = Callable[[Compared], Firing]
"""What speaks against a candidate, and how strongly: 0 for nothing, upwards."""
