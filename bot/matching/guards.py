"""What speaks against a candidate: names, words, roles, the kind of answer.

Each guard compares what is asked with what a target is about. It gives a strength from
0 (nothing) upwards and the words that set it off. Guards do not decide: the calibrated
confidence weighs them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.matching.question import Asked, Deed, Term

_HARD_KINDS: Final = frozenset({"how old", "how long", "how many", "how much"})
_SOFT_KINDS: Final = frozenset({"when", "where", "why", "who"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What a target is about.

    `terms` and `names` are those of the wordings that ask it; `told` and `told_names`
    those of what it says. `kinds` are the kinds of answer it gives; `modal` where some
    wording asks what will or may be; `deeds` is who does what to whom.
    """

    terms: frozenset[str]
    names: frozenset[str]
    told: frozenset[str]
    told_names: frozenset[str]
    kinds: frozenset[str]
    modal: bool
    deeds: frozenset[Deed]


def profile_of(
    asks: Sequence[Asked], told: Sequence[Asked], gives: Iterable[str]
) -> Profile:
    """The profile of a target: its wordings and what it says, as read."""
    return Profile(
        terms=_all_terms(asks),
        names=frozenset(name for one in asks for name in one.names),
        told=_all_terms(told),
        told_names=frozenset(name for one in told for name in one.names),
        kinds=frozenset(kind for one in asks for kind in one.wants).union(gives),
        modal=any(one.modal for one in asks),
        deeds=frozenset(deed for one in (*asks, *told) for deed in one.deeds),
    )


def _all_terms(texts: Iterable[Asked]) -> frozenset[str]:
    terms = [term for text in texts for term in text.terms]
    meant = (meaning for term in terms for meaning in term.meanings)
    return frozenset(term.term for term in terms).union(meant)


class Firing(NamedTuple):
    """How strongly a guard speaks against a candidate, and which words set it off."""

    strength: float
    words: tuple[str, ...]


Family = Callable[[str], Iterable[tuple[str, float]]]
"""The known words that share most letters with a word, with their likeness, 0-1."""


_MOSTLY: Final = 0.5

Guard = Callable[[Asked, Profile, Family], Firing]


def other_names(asked: Asked, profile: Profile, _family: Family) -> Firing:
    """A name that the target is not about at all."""
    words = sorted(asked.names - profile.names - profile.told_names)
    return Firing(min(len(words), 2), tuple(words))


def side_names(asked: Asked, profile: Profile, _family: Family) -> Firing:
    """A name that the answer mentions, but nobody asks it by."""
    words = sorted((asked.names & profile.told_names) - profile.names)
    return Firing(min(len(words), 2), tuple(words))


def unexplained_part(asked: Asked, profile: Profile, family: Family) -> Firing:
    """The share of a question's words of substance that the target does not explain."""
    content = {term.term: term for term in asked.content}.values()
    size = len(content) + len(asked.names)
    missing = {term.term: 1 - _explained(term, profile, family) for term in content}
    words = tuple(word for word, share in missing.items() if share > _MOSTLY)
    return Firing(sum(missing.values()) / size if size else 0.0, words)


def other_kind(asked: Asked, profile: Profile, _family: Family) -> Firing:
    """A kind of answer (who, when, where, why) that the target does not give."""
    words = sorted((asked.wants & _SOFT_KINDS) - profile.kinds)
    return Firing(float(bool(words)), tuple(words))


def other_measure(asked: Asked, profile: Profile, _family: Family) -> Firing:
    """How old, long, many or much, of a target that measures nothing of the kind."""
    words = sorted((asked.wants & _HARD_KINDS) - profile.kinds)
    return Firing(float(bool(words)), tuple(words))


def modality(asked: Asked, profile: Profile, _family: Family) -> Firing:
    """What will, may or should be, of a target that says what was."""
    return Firing(float(asked.modal and not profile.modal), ())


def roles(asked: Asked, profile: Profile, _family: Family) -> Firing:
    """Somebody does to another what the target has the other way round."""
    words = [
        f"{deed.agent} {deed.meaning} {deed.patient}"
        for deed in sorted(asked.deeds)
        if deed not in profile.deeds and deed.reversed in profile.deeds
    ]
    return Firing(float(bool(words)), tuple(words))


GUARDS: Final[Mapping[str, Guard]] = {
    "other names": other_names,
    "side names": side_names,
    "unexplained part": unexplained_part,
    "other kind": other_kind,
    "other measure": other_measure,
    "modality": modality,
    "roles": roles,
}
"""Every guard, by the name under which an explanation shows it."""


def _explained(term: Term, profile: Profile, family: Family) -> float:
    """How far a target explains a word, 0-1: it has it, its meaning, or its family."""
    if term.term in profile.terms:
        return 1.0
    if any(meaning in profile.terms for meaning in term.meanings):
        return 0.9
    if term.term in profile.told:
        return 0.7
    if any(meaning in profile.told for meaning in term.meanings):
        return 0.5
    alike = (like for one, like in family(term.term) if one in profile.terms)
    return 0.8 * max(alike, default=0.0)
