"""What the order of terms says: who does what to whom, what is asked, what is not so.

No parser: a few regularities of English questions, each of which says nothing where it
is not sure.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple


class Term(NamedTuple):
    """A term of a question: what it means, and whether it carries meaning at all."""

    term: str
    meanings: tuple[str, ...]
    light: bool

    @property
    def is_name(self) -> bool:
        """Whether it stands for an entity."""
        return self.term.startswith("@")


class Deed(NamedTuple):
    """Who does what to whom: a meaning, and two names."""

    meaning: str
    agent: str
    patient: str

    @property
    def reversed(self) -> "Deed":
        """The same deed the other way round."""
        return Deed(self.meaning, self.patient, self.agent)


DIRECTED: Final = frozenset(
    f"+{name}"
    for name in "sue fire interview accuse blame hire pay thank criticise defend"
    " cut-ties cancel apologise praise deny ask tell reject drop sponsor".split()
)
"""Meanings of verbs for which it matters who does it to whom."""

QUESTION_WORDS: Final = frozenset(
    "who whom whose what when where why which how".split()
)

_AUXILIARIES: Final = frozenset(
    "do be have can could will would shall should may might must did was were is are"
    " has had wasnt didnt isnt arent werent hasnt hadnt doesnt dont wont".split()
)
_PREPOSITIONS: Final = frozenset(
    "of to in on at for with from by about after before over under against into during"
    " and or but that who which when where why how if because".split()
)
_DETERMINERS: Final = frozenset(
    "a an the this that these those her his their its my your our some any".split()
)
_PRONOUNS: Final = frozenset("her him them it".split())
_NEGATORS: Final = frozenset(
    "not never nobody none nothing without neither nor cannot didnt doesnt dont isnt"
    " arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt cant"
    " aint".split()
)
# "Didn't she …?" asks the same as "Did she …?"; so does "… or not?".
_TAGS: Final = frozenset("or if whether".split())
_NOT_SURE: Final = frozenset(
    "sure know idea clear understand get remember want".split()
)
_LONGEST_FOCUS: Final = 3


def deeds(terms: Sequence[Term]) -> Iterator[Deed]:
    """Directed verbs with a name before and one after; "by" turns them round.

    A pronoun after the verb is the name that stands before the one who does it.
    """
    for at, term in enumerate(terms):
        for meaning in DIRECTED.intersection(term.meanings):
            before = [one.term for one in terms[:at] if one.is_name]
            after = _patient(terms, at, before)
            if not before or not after or before[-1] == after:
                continue
            pair = (before[-1], after)
            is_passive = "by" in [one.term for one in terms[at + 1 : at + 3]]
            agent, patient = reversed(pair) if is_passive else pair
            yield Deed(meaning, agent, patient)


def _patient(terms: Sequence[Term], verb: int, before: Sequence[str]) -> str | None:
    following = terms[verb + 1 : verb + 2]
    if following and following[0].term in _PRONOUNS:
        return next((name for name in before if name != before[-1]), None)
    return next((one.term for one in terms[verb + 1 :] if one.is_name), None)


def order(terms: Sequence[Term]) -> frozenset[tuple[str, str]]:
    """Pairs of names in the order in which they act; "by" between turns them round."""
    found: set[tuple[str, str]] = set()
    named = [(at, one.term) for at, one in enumerate(terms) if one.is_name]
    for (at, first), (to, second) in combinations(named, 2):
        if first == second:
            continue
        is_passive = "by" in [one.term for one in terms[at:to]]
        found.add((second, first) if is_passive else (first, second))
    return frozenset(found)


def subject(terms: Sequence[Term]) -> str | None:
    """The first name of a text that has one; None where it is passive or has none."""
    if any(one.term == "by" for one in terms):
        return None
    return next((one.term for one in terms if one.is_name), None)


def focus(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The thing that is asked for: what follows which, what, whose, how many.

    Also what follows "what is the". Empty where no thing is named.
    """
    for at, one in enumerate(terms):
        if one.term not in {"which", "what", "whose", "many", "much"}:
            continue
        if one.term in {"many", "much"} and (at == 0 or terms[at - 1].term != "how"):
            continue
        rest = terms[at + 1 :]
        if rest and rest[0].term == "be":
            rest = rest[1:]
            if not _is_of_something(rest):
                continue
        if found := _things(rest):
            return found
    return ()


def _is_of_something(rest: Sequence[Term]) -> bool:
    """Whether it goes on with a noun phrase: "the name of", "Kim's reason"."""
    return bool(rest) and (rest[0].term in _DETERMINERS or rest[0].is_name)


def _things(rest: Sequence[Term]) -> tuple[Term, ...]:
    found: list[Term] = []
    for one in rest[: _LONGEST_FOCUS + 1]:
        if one.term in _AUXILIARIES or one.term in _PREPOSITIONS:
            break
        if not (one.light or one.is_name or one.term in _DETERMINERS):
            found.append(one)
    return tuple(found[:_LONGEST_FOCUS])


def is_negated(terms: Sequence[str]) -> bool:
    """Whether something is taken not to be so: "why did she never …", "nobody …".

    A negation that only asks ("Didn't she …?", "… or not?"), or that is about the asker
    ("I'm not sure"), counts for none.
    """
    if _NEGATORS.isdisjoint(terms):
        return False
    for at, term in enumerate(terms):
        if term not in _NEGATORS:
            continue
        before = terms[at - 1] if at else ""
        after = terms[at + 1] if at + 1 < len(terms) else ""
        is_asking = term.endswith("nt") and (at == 0 or before in _ASKING_AFTER)
        if is_asking or before in _TAGS or after in _NOT_SURE or before in {"i", "im"}:
            continue
        return True
    return False


_ASKING_AFTER: Final = frozenset("so and but wait then ok hey or".split())
