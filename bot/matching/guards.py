"""What speaks against a candidate: names, words, figures, roles, the kind of answer.

Each guard compares what is asked with what a target is about. It gives a strength from
0 (nothing) upwards and the words that set it off. Guards do not decide: the calibrated
confidence weighs them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.matching.figures import Figure
from bot.matching.grammar import Deed, Term
from bot.matching.polarity import (
    DENYING,
    Clause,
    Denial,
    affirms,
    agrees,
    clauses,
    denials,
    is_contrary,
    is_of,
    said_of,
    speaks_of,
)
from bot.matching.question import Asked

_HARD_KINDS: Final = frozenset({"how old", "how long", "how many", "how much"})
_SOFT_KINDS: Final = frozenset({"when", "where", "why", "who"})


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
    of it.
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


def profile_of(
    asks: Sequence[Asked],
    told: Sequence[Asked],
    gives: Iterable[str],
    claims: Sequence[Asked] = (),
) -> Profile:
    """The profile of a target: its wordings and what it says, as read.

    `told` are its sentences, `claims` the wordings that carry a wrong premise.
    """
    everything = (*asks, *told)
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
    `own` is what the question's own part asks, without the chatter around it, where
    that is known.
    """

    asked: Asked
    foreign: frozenset[str]
    profile: Profile
    nearest: Asked
    family: Family
    own: Asked | None = None

    @property
    def part(self) -> Asked:
        """What the question's own part asks."""
        return self.own or self.asked

    def asks(self, term: str) -> bool:
        """Whether some wording of the candidate that counts has a term or meaning."""
        return term in self.profile.terms or term in self.nearest.everything


_MOSTLY: Final = 0.5
_NOT_TOLD: Final = 0.5

Guard = Callable[[Compared], Firing]


def other_names(one: Compared) -> Firing:
    """A name that the target is not about at all."""
    known = one.profile.names | one.profile.told_names
    words = sorted(one.part.names - known - one.nearest.names)
    return Firing(min(len(words), 2), tuple(words))


def foreign_names(one: Compared) -> Firing:
    """A name of nothing in the story that is nowhere in what the target says."""
    known = one.profile.terms | one.profile.told
    said = one.foreign.intersection(term.term for term in one.part.terms)
    words = sorted(said - known - one.nearest.everything)
    return Firing(min(len(words), 2), tuple(words))


def unexplained_part(one: Compared) -> Firing:
    """The share of a question's words of substance that the target does not explain."""
    content = _unlike(one.asked.content, one.foreign)
    size = len(content) + len(one.asked.names)
    missing = {term.term: 1 - _explained(term, one) for term in content}
    words = tuple(word for word, share in missing.items() if share > _MOSTLY)
    return Firing(sum(missing.values()) / size if size else 0.0, words)


def unexplained_focus(one: Compared) -> Firing:
    """A thing that is asked for by name, of a target that nobody asks for it."""
    focus = _unlike(one.asked.focus, one.foreign)
    missing = [term.term for term in focus if _explained(term, one) < _ASKED_FOR]
    return Firing(len(missing) / len(focus) if focus else 0.0, tuple(missing))


def other_kind(one: Compared) -> Firing:
    """A kind of answer (who, when, where, why) that the target does not give."""
    words = sorted((one.asked.wants & _SOFT_KINDS) - _kinds(one))
    return Firing(float(bool(words)), tuple(words))


def other_measure(one: Compared) -> Firing:
    """How old, long, many or much, of a target that measures nothing of the kind."""
    words = sorted((one.asked.wants & _HARD_KINDS) - _kinds(one))
    return Firing(float(bool(words)), tuple(words))


def other_figure(one: Compared) -> Firing:
    """A number or a date that agrees with none of the target's."""
    known = one.profile.figures | one.nearest.figures
    words = sorted(str(figure) for figure in one.part.figures if not figure.fits(known))
    return Firing(float(bool(words)), tuple(words))


def modality(one: Compared) -> Firing:
    """What will, may or should be, of a target that says what was."""
    return Firing(float(one.part.modal and not one.profile.modal), ())


def negation(one: Compared) -> Firing:
    """Something is taken not to be so of which the target says that it was.

    Half as strong where the target says neither that it was so nor that it was not.
    """
    if not one.part.negated or one.nearest.negated:
        return Firing(0.0, ())
    denied = list(denials(one.part.terms))
    for denial in denied:
        if _is_affirmed(denial, one):
            return Firing(1.0, said_of(denial))
    is_agreed = all(_is_denied(denial, one) for denial in denied)
    return Firing(0.0 if is_agreed else _NOT_TOLD, ())


def _is_affirmed(denial: Denial, one: Compared) -> bool:
    """Whether the target says that it was so, or says yes to it."""
    if one.profile.agrees and is_of(denial, one.nearest.terms):
        return True
    known = one.profile.terms | one.profile.told
    return any(affirms(clause, denial, known) for clause in one.profile.clauses)


def _is_denied(denial: Denial, one: Compared) -> bool:
    """Whether the target denies it, too: itself, or by setting right a claim of it."""
    return (
        any(agrees(clause, denial) for clause in one.profile.clauses)
        or any(is_contrary(denial, claim) for claim in one.profile.claims)
        or (one.profile.denies and speaks_of(one.nearest.terms, denial))
    )


def roles(one: Compared) -> Firing:
    """Somebody does to another what the target has the other way round."""
    known = one.profile.deeds | one.nearest.deeds
    words = [
        f"{deed.agent or 'who'} {deed.meaning} {deed.patient or 'whom'}"
        for deed in sorted(one.asked.deeds)
        if not deed.fits(known) and deed.reversed.fits(known)
    ]
    return Firing(float(bool(words)), tuple(words))


def other_order(one: Compared) -> Firing:
    """Two names in an order in which the target never has them, only the other."""
    known = one.profile.orders | one.nearest.order
    words = [
        f"{first} before {second}"
        for first, second in sorted(one.asked.order)
        if (first, second) not in known and (second, first) in known
    ]
    return Firing(float(bool(words)), tuple(words))


def other_subject(one: Compared) -> Firing:
    """Of two names, the one that acts hardly ever acts in the target's wordings."""
    name = one.asked.subject
    if name is None or name == one.nearest.subject or len(one.asked.names) < _PAIR:
        return Firing(0.0, ())
    total = sum(one.profile.subjects.values())
    share = one.profile.subjects.get(name, 0) / total if total else 0.0
    return Firing(max(0.0, 1 - share / _OFTEN), (name,))


def about_you(one: Compared) -> Firing:
    """A question to the bot about itself, that names nobody of the story."""
    said = {term.term for term in one.asked.terms}
    words = sorted(said & _YOU)
    is_about = bool(words) and not one.asked.names and said.isdisjoint(_THEM)
    return Firing(float(is_about), tuple(words))


def too_little(one: Compared) -> Firing:
    """A question with next to no words of substance."""
    substance = len(_unlike(one.asked.content, frozenset())) + len(one.asked.names)
    return Firing(max(0.0, 1 - substance / _PAIR), ())


_YOU: Final = frozenset("you your ur yourself".split())
_THEM: Final = frozenset("he she they him her them his their it".split())
_ASKED_FOR: Final = 0.75
_PAIR: Final = 2
_OFTEN: Final = 0.1

GUARDS: Final[Mapping[str, Guard]] = {
    "other names": other_names,
    "foreign names": foreign_names,
    "unexplained part": unexplained_part,
    "unexplained focus": unexplained_focus,
    "other kind": other_kind,
    "other measure": other_measure,
    "other figure": other_figure,
    "modality": modality,
    "negation": negation,
    "roles": roles,
    "other order": other_order,
    "other subject": other_subject,
    "about you": about_you,
    "too little": too_little,
}
"""Every guard, by the name under which an explanation shows it."""


def _unlike(terms: Iterable[Term], foreign: frozenset[str]) -> list[Term]:
    """Each term once, but foreign names and denials, which have guards of their own."""
    once = {term.term: term for term in terms if term.term not in DENYING}
    return [term for word, term in once.items() if word not in foreign]


def _kinds(one: Compared) -> frozenset[str]:
    return one.profile.kinds | one.nearest.wants


def _explained(term: Term, one: Compared) -> float:
    """How far a target explains a word, 0-1: it has it, its meaning, or its family."""
    told = one.profile.told
    if one.asks(term.term):
        return 1.0
    if any(map(one.asks, term.meanings)):
        return 0.9
    if term.term in told:
        return 0.7
    if any(meaning in told for meaning in term.meanings):
        return 0.5
    alike = (like for known, like in one.family(term.term) if one.asks(known))
    return 0.8 * max(alike, default=0.0)
