"""A question beside a candidate: what each is about, as guards compare them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.matching.figures import Figure
from bot.matching.grammar import Deed, Term
from bot.matching.kinds import beside_names, held
from bot.matching.polarity import Clause, clauses
from bot.matching.question import Asked
from bot.matching.roles import acts

Parts = Mapping[str, frozenset[str]]
"""A word, or what it means → names."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a target is about.

    `terms` and `names` are those of the wordings that ask it; `told` and `told_names`
    those of what it says. `kinds` are the kinds of answer it gives; `modal` where some
    wording asks what will or may be; `deeds` is who does what to whom. `orders` are the
    names in the order in which they act, `subjects` how often each is the first of
    them; `figures` are its numbers and dates. `clauses` are what it says, one by one;
    `agrees` and `denies` where it begins with "yes" or "no"; `claims` are wordings that
    carry a wrong premise, where that is no date and no denial. Else those are no part
    of it. `holds` are the kinds of answer that its words hold, None where it says
    nothing; `named` the words beside a name. `acting` has for each word who acts,
    `suffering` who is acted upon.
    """

    terms: frozenset[str]
    names: frozenset[str]
    told: frozenset[str]
    told_names: frozenset[str]
    kinds: frozenset[str]
    modal: bool
    deeds: frozenset[Deed]
    orders: frozenset[tuple[str, str]]
    subjects: Mapping[str, int]
    figures: frozenset[Figure]
    clauses: tuple[Clause, ...] = ()
    agrees: bool = False
    denies: bool = False
    claims: tuple[tuple[Term, ...], ...] = ()
    holds: frozenset[str] | None = None
    named: frozenset[str] = frozenset()
    acting: Parts = field(default_factory=dict[str, frozenset[str]])
    suffering: Parts = field(default_factory=dict[str, frozenset[str]])


def profile_of(
    asks: Sequence[Asked],
    told: Sequence[Asked],
    gives: Iterable[str],
    claims: Sequence[Asked] = (),
    texts: Sequence[str] = (),
) -> Profile:
    """The profile of a target: its wordings and what it says, as read.

    `told` are its sentences, `texts` the same as written; `claims` are the wordings
    that carry a wrong premise.
    """
    everything = (*asks, *told)
    acting, suffering = _parts_of(everything)
    return Profile(
        terms=_all_terms(asks),
        names=frozenset(name for one in asks for name in one.names),
        told=_all_terms(told),
        told_names=frozenset(name for one in told for name in one.names),
        kinds=frozenset(kind for one in asks for kind in one.wants).union(gives),
        modal=any(one.modal for one in asks),
        deeds=frozenset(deed for one in everything for deed in one.deeds),
        orders=frozenset(pair for one in everything for pair in one.order),
        subjects=Counter(one.subject for one in everything if one.subject),
        figures=frozenset(figure for one in everything for figure in one.figures),
        clauses=tuple(part for one in told for part in clauses(one.terms)),
        agrees=_begins(told, "yes"),
        denies=_begins(told, "no"),
        claims=tuple(one.terms for one in claims if not (one.negated or one.figures)),
        holds=held(texts) if texts else None,
        named=beside_names(texts),
        acting=acting,
        suffering=suffering,
    )


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
    return frozenset(term for text in texts for term in text.everything)


class Firing(NamedTuple):
    """How strongly a guard speaks against a candidate, and which words set it off."""

    strength: float
    words: tuple[str, ...]


Family = Callable[[str], Iterable[tuple[str, float]]]
"""The known words that share most letters with a word, with their likeness, 0-1."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A question beside a candidate: what it is about, and its nearest wording.

    `foreign` are the words of the question that are names of nothing in the story.
    """

    asked: Asked
    foreign: frozenset[str]
    profile: Profile
    nearest: Asked
    family: Family

    @property
    def part(self) -> Asked:
        """What the question's own part asks."""
        return self.asked.part

    def asks(self, term: str) -> bool:
        """Whether some wording of the candidate that counts has a term or meaning."""
        return term in self.profile.terms or term in self.nearest.everything

    def explains(self, term: Term) -> float:
        """How far the target explains a word, 0-1: it, its meaning, or its family."""
        told = self.profile.told
        if self.asks(term.term):
            return 1.0
        if any(map(self.asks, term.meanings)):
            return 0.9
        if term.term in told:
            return 0.7
        if any(meaning in told for meaning in term.meanings):
            return 0.5
        alike = (like for known, like in self.family(term.term) if self.asks(known))
        return 0.8 * max(alike, default=0.0)


Guard = Callable[[Compared], Firing]
"""What speaks against a candidate, and how strongly: 0 for nothing, upwards."""
