"""What tells two questions apart, however alike their words are.

Whom they name, numbers, negation, the kind of answer, who does what to whom: none of it
is a matter of degree. Where nothing can be told, nothing is marked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final, NamedTuple

from bot.matching.grammar import DIRECTED, QUESTION_WORDS, Term
from bot.matching.question import Asked
from bot.matching.text import base

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "how old": ("+age",),
    "how long": ("+duration",),
    "how many": ("+number",),
    "how much": ("+price", "+pay", "+money"),
    "when": ("+date",),
    "where": ("+place",),
    "why": (),
    "who": (),
}
"""Kinds of answer of which one is never another, and what asks for them, too."""

_REQUEST: Final = re.compile(
    r"\b(?:can|could|would|will|may) (?:you|u|someone|anyone|anybody|somebody|i|we)\b"
    r"|\bi would\b"
)
"""A polite beginning, in which nothing is said of what may be."""

_MODALS: Final = (
    re.compile(r"\b(?:will|wont|would|wouldnt|going to|gonna|planning to)\b"),
    re.compile(r"\b(?:should|shouldnt|must|ought to)\b"),
    re.compile(r"\b(?:can|cant|could|couldnt|may|might)\b"),
)
"""What will be, should be, may be: each is another question."""

_OPPOSITES: Final = frozenset(
    pair
    for words in (
        "before after, before during, first last, more less, more fewer, most least,"
        " best worst, gain lose, win lose, rise fall, rise drop, increase decrease,"
        " open close, start end, begin end, start stop, buy sell, join leave,"
        " love hate, support attack, add remove, accept refuse, hire fire, old new,"
        " good bad, true false, mother father, man woman, men women"
    ).split(", ")
    for one, other in [map(base, words.split())]
    for pair in ((one, other), (other, one))
)
"""Words of which one is never the other, in base form."""

_PASSIVE: Final = frozenset(("be", "get"))
_NEUTRAL: Final = frozenset("of in on at for from about after before during".split())
"""Prepositions after which a name or a thing acts upon nobody."""
_MATTERS: Final = frozenset(
    "ad advert campaign scandal story stuff matter affair thing controversy drama news"
    " topic photo picture image shoot".split()
)
"""What a name before it only tells apart, in a story that is about it."""


_PEOPLE: Final = frozenset(
    f"+{name}"
    for name in "actor boss brother candidate captain celebrity chairman child coach"
    " company contractor crew critic customer daughter defendant designer"
    " diplomat doctor driver employee engineer ex expert family fan father"
    " filmmaker founder friend government husband journalist judge jury"
    " lawyer minister mother musician neighbour parent passenger"
    " photographer pilot plaintiff player police politician president"
    " prosecutor referee scientist sister son spokesperson student suspect"
    " teacher union victim wife witness".split()
)
"""Meanings of words for people: they tell whom a question is about, as names do."""


class _Role(NamedTuple):
    """Who may do what a directed verb says, and to whom."""

    verb: str
    agents: frozenset[str]
    patients: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a question has that would tell it from another.

    `names` are the entities and other names in it, `extra` those of them that it could
    do without; `people` what its words for people mean. `counted` is what is counted,
    None where nothing is. `acting` are names and words of substance in the order in
    which they may act, `terms` all its words, `by` where the order may be turned round.
    """

    names: frozenset[str]
    extra: frozenset[str]
    people: frozenset[frozenset[str]]
    figures: frozenset[str]
    wants: frozenset[str]
    counted: Term | None
    is_negated: bool
    modals: frozenset[int]
    terms: frozenset[str]
    acting: tuple[str, ...]
    roles: frozenset[_Role]
    by: bool


def marks_of(
    said: Asked, spoken: str, names: frozenset[str], common: frozenset[str]
) -> Marks:
    """The marks of a question; `spoken` is its folded text, `names` all names in it.

    `common` are those of them that the story is about anyway.
    """
    return Marks(
        names=names,
        extra=common & _aside(said.terms),
        people=_people(said.terms),
        figures=frozenset(map(str, said.figures)),
        wants=_kinds(said),
        counted=_counted(said.terms),
        is_negated=said.negated,
        modals=_modals(_REQUEST.sub(" ", spoken)),
        terms=frozenset(one.term for one in said.terms),
        acting=_acting(said, names),
        roles=frozenset(_roles(said.terms)),
        by=any(one.term == "by" for one in said.terms),
    )


def differ(a: Marks, b: Marks) -> bool:
    """Whether two questions cannot be the same, whatever their likeness."""
    return (
        not (a.names - b.names) <= a.extra
        or not (b.names - a.names) <= b.extra
        or (a.names != b.names and not (a.names & b.names))
        or _others(a.people, b.people)
        or _others(b.people, a.people)
        or a.figures != b.figures
        or a.is_negated != b.is_negated
        or a.modals != b.modals
        or _opposed(a, b)
        or _other_kind(a.wants, b.wants)
        or _other_count(a, b)
        or _reversed(a, b)
        or _swapped(a, b)
    )


def _counted(terms: Sequence[Term]) -> Term | None:
    """What is counted: what follows how many, or number of."""
    for (first, second), one in zip(pairwise(terms), terms[2:], strict=False):
        if (first.term, second.term) in {("how", "many"), ("number", "of")}:
            return one
    return None


def _aside(terms: Sequence[Term]) -> frozenset[str]:
    """Names that only tell what something is about: "the X ads", "about X"."""
    found: set[str] = set()
    for at, term in enumerate(terms):
        before = terms[at - 1].term if at else ""
        after = terms[at + 1] if at + 1 < len(terms) else None
        is_of = after and not after.is_name and after.term in _MATTERS
        if term.is_name and (is_of or before in _NEUTRAL):
            found.add(term.term)
    return frozenset(found)


def _people(terms: Sequence[Term]) -> frozenset[frozenset[str]]:
    """What each word for people means, but for one that stands beside a name."""
    return frozenset(
        meant
        for one, after in zip(terms, (*terms[1:], None), strict=False)
        if (meant := _PEOPLE.intersection(one.meanings))
        and not one.is_name
        and not (after and after.is_name)
    )


def _acting(said: Asked, names: frozenset[str]) -> tuple[str, ...]:
    """The names and words of substance that may act, in order, each once."""
    found: list[str] = []
    content = {term.term for term in said.content}
    for at, term in enumerate(said.terms):
        before = said.terms[at - 1].term if at else ""
        if before not in _NEUTRAL and (term.term in content or term.term in names):
            found.append(term.term)
    return tuple(dict.fromkeys(found))


def _roles(terms: Sequence[Term]) -> Iterator[_Role]:
    for at, term in enumerate(terms):
        meant = DIRECTED.intersection(term.meanings)
        if not meant:
            continue
        before, after = _substance(terms[:at]), _substance(terms[at + 1 :])
        near = {one.term for one in terms[max(at - 3, 0) : at]}
        by = any(one.term == "by" for one in terms[at + 1 : at + 3])
        if by or (near & _PASSIVE and not after):
            before, after = after, before
        for meaning in meant:
            yield _Role(meaning, before, after)


def _substance(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(
        "who" if one.term == "whom" else one.term
        for one in terms
        if one.is_name
        or one.term in {"who", "whom"}
        or not (one.light or one.term in QUESTION_WORDS)
    )


def _kinds(said: Asked) -> frozenset[str]:
    """The kinds of answer that are wanted; a bare "year" asks when, too."""
    meant = said.everything
    if said.wants & KINDS.keys():
        return said.wants
    return said.wants | {
        kind
        for kind, words in (("when", {"+year", "+date"}), ("where", {"+place"}))
        if not meant.isdisjoint(words)
    }


def _modals(spoken: str) -> frozenset[int]:
    return frozenset(at for at, one in enumerate(_MODALS) if one.search(spoken))


def _opposed(a: Marks, b: Marks) -> bool:
    """Whether one has a word whose opposite the other has in its place."""
    mine, theirs = a.terms - b.terms, b.terms - a.terms
    return any((one, other) in _OPPOSITES for one in mine for other in theirs)


def _others(some: frozenset[frozenset[str]], known: frozenset[frozenset[str]]) -> bool:
    """Whether there is somebody who is none of those known."""
    return any(all(one.isdisjoint(other) for other in known) for one in some)


def _other_kind(a: frozenset[str], b: frozenset[str]) -> bool:
    mine, theirs = a & KINDS.keys(), b & KINDS.keys()
    if mine == theirs:
        return False
    open_one = b if mine else a
    return bool(mine and theirs) or "why" in mine | theirs or "yes/no" in open_one


def _other_count(a: Marks, b: Marks) -> bool:
    """Whether both count something, but not the same."""
    one, other = a.counted, b.counted
    if one is None or other is None:
        return False
    return one.term != other.term and set(one.meanings).isdisjoint(other.meanings)


def _reversed(a: Marks, b: Marks) -> bool:
    """Whether somebody acts in one who is acted upon in the other."""
    return any(
        one.verb == other.verb
        and not (
            one.agents.isdisjoint(other.patients)
            and one.patients.isdisjoint(other.agents)
        )
        for one in a.roles
        for other in b.roles
    )


def _swapped(a: Marks, b: Marks) -> bool:
    """Whether two names change places, or two things around a third."""
    place = {term: at for at, term in enumerate(b.acting)}
    shared = [term for term in a.acting if term in place]
    is_turned = a.by != b.by
    both = a.names & b.names
    mine, theirs = both.intersection(a.acting), both.intersection(b.acting)
    if mine - theirs and theirs - mine:
        return True  # what one says about another, the other says about it
    for one, two in combinations(shared, 2):
        is_swapped = place[one] > place[two]
        if {one, two} <= both and is_swapped != is_turned:
            return True
        if is_swapped and not is_turned and "who" in a.wants & b.wants:
            return True
    for first, middle, last in combinations(shared, 3):
        x, y, z = place[first], place[middle], place[last]
        if (z < y < x and not is_turned) or (x < y < z and is_turned):
            return True
    return False
