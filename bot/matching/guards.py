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
    them; `figures` are its numbers and dates. Wordings that carry a wrong premise are
    no part of it.
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


def profile_of(
    asks: Sequence[Asked], told: Sequence[Asked], gives: Iterable[str]
) -> Profile:
    """The profile of a target: its wordings and what it says, as read."""
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
    )


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

    def asks(self, term: str) -> bool:
        """Whether some wording of the candidate that counts has a term or meaning."""
        return term in self.profile.terms or term in self.nearest.everything


_MOSTLY: Final = 0.5

Guard = Callable[[Compared], Firing]


def other_names(one: Compared) -> Firing:
    """A name that the target is not about at all."""
    known = one.profile.names | one.profile.told_names
    words = sorted(one.asked.names - known - one.nearest.names)
    return Firing(min(len(words), 2), tuple(words))


def foreign_names(one: Compared) -> Firing:
    """A name of nothing in the story that is nowhere in what the target says."""
    known = one.profile.terms | one.profile.told
    words = sorted(one.foreign - known - one.nearest.everything)
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
    words = sorted(
        str(figure) for figure in one.asked.figures if not figure.fits(known)
    )
    return Firing(float(bool(words)), tuple(words))


def modality(one: Compared) -> Firing:
    """What will, may or should be, of a target that says what was."""
    return Firing(float(one.asked.modal and not one.profile.modal), ())


def negation(one: Compared) -> Firing:
    """Something is taken not to be so that the nearest wording takes to be so."""
    return Firing(float(one.asked.negated and not one.nearest.negated), ())


def roles(one: Compared) -> Firing:
    """Somebody does to another what the target has the other way round."""
    known = one.profile.deeds | one.nearest.deeds
    words = [
        f"{deed.agent} {deed.meaning} {deed.patient}"
        for deed in sorted(one.asked.deeds)
        if deed not in known and deed.reversed in known
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
    """Each term once, without foreign names: those have a guard of their own."""
    once = {term.term: term for term in terms}
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
