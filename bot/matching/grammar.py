"""What the order of terms says: who does what to whom, what is asked, what is not so.

No parser: a few regularities of English questions, each of which says nothing where it
is not sure.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, combinations
from typing import Final, NamedTuple

from bot.matching.text import words


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
    """Who does what to whom: a meaning, and two names; "" is whoever is asked for."""

    meaning: str
    agent: str
    patient: str

    @property
    def reversed(self) -> "Deed":
        """The same deed the other way round."""
        return Deed(self.meaning, self.patient, self.agent)

    def fits(self, known: Iterable["Deed"]) -> bool:
        """Whether it is one of those that are known, whoever is asked for."""
        return any(
            self.meaning == one.meaning
            and self.agent in {"", one.agent}
            and self.patient in {"", one.patient}
            for one in known
        )


DIRECTED: Final = frozenset(
    f"+{name}"
    for name in "sue fire interview accuse blame hire pay thank criticise defend"
    " cut-ties cancel apologise praise deny ask tell reject drop sponsor".split()
)
"""Meanings of verbs for which it matters who does it to whom."""


def forms(text: str) -> frozenset[str]:
    """Words as they are typed, and in the base form in which terms have them.

    >>> sorted(forms("where did"))
    ['did', 'do', 'wher', 'where']
    """
    return frozenset((*text.split(), *words(text)))


def contraries(text: str) -> dict[str, frozenset[str]]:
    """Pairs of words, a comma between → for each, in base form, what it is not.

    >>> contraries("first last, new old")["last"]
    frozenset({'first'})
    """
    found: dict[str, frozenset[str]] = {}
    for one, other in map(words, text.split(",")):
        found[one] = found.get(one, frozenset()) | {other}
        found[other] = found.get(other, frozenset()) | {one}
    return found


QUESTION_WORDS: Final = forms("who whom whose what when where why which how")

_AUXILIARIES: Final = forms(
    "do be have can could will would shall should may might must did was were is are"
    " has had wasnt didnt isnt arent werent hasnt hadnt doesnt dont wont"
)
_PREPOSITIONS: Final = forms(
    "of to in on at for with from by about after before over under against into during"
    " and or but that who which when where why how if because"
)
_DETERMINERS: Final = forms(
    "a an the this that these those her his their its my your our some any"
)
_PRONOUNS: Final = forms("her him them it")
_LONGEST_FOCUS: Final = 3
_LONGEST_THING: Final = 3
_PLACES: Final = frozenset("of to in on at for with from by about off into".split())


def deeds(terms: Sequence[Term]) -> Iterator[Deed]:
    """Directed verbs with a name before and one after; "by" turns them round.

    A pronoun after the verb is the name that stands before the one who does it.
    """
    for at, term in enumerate(terms):
        for meaning in DIRECTED.intersection(term.meanings):
            before = [one.term for one in terms[:at] if one.is_name]
            after = _patient(terms, at, before)
            who = any(one.term in {"who", "whom"} for one in terms[:at])
            if not (before and after) and not (who and (before or after)):
                continue
            pair = (before[-1] if before else "", after or "")
            if pair[0] == pair[1]:
                continue
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
    turns = list(accumulate(one.term == "by" for one in terms))
    named = [(at, one.term) for at, one in enumerate(terms) if one.is_name]
    for (at, first), (to, second) in combinations(named, 2):
        if first == second:
            continue
        is_passive = turns[to] > turns[at]
        found.add((second, first) if is_passive else (first, second))
    return frozenset(found)


def subject(terms: Sequence[Term]) -> str | None:
    """The first name of a text that has one; None where it is passive or has none."""
    if any(one.term == "by" for one in terms):
        return None
    return next((one.term for one in terms if one.is_name), None)


def things(terms: Sequence[Term]) -> Iterator[Term]:
    """Words that stand for a thing: the last after "the", "my", "of", "in" and such."""
    for at, one in enumerate(terms):
        if one.term not in _DETERMINERS and one.term not in _PLACES:
            continue
        found: Term | None = None
        for after in terms[at + 1 : at + 1 + _LONGEST_THING]:
            if after.term in _DETERMINERS and found is None:
                continue
            if after.light or after.term in _AUXILIARIES or after.term in _PREPOSITIONS:
                break
            found = after
        if found is not None:
            yield found


def focus(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The thing that is asked for: what follows which, what, whose, how many.

    Also what follows "what is the", and "kind of" or the like. Empty where no thing is
    named.
    """
    for at, one in enumerate(terms):
        if one.term not in _ASK_FOR_THINGS:
            continue
        if one.term in {"many", "much"} and (at == 0 or terms[at - 1].term != "how"):
            continue
        rest = terms[at + 1 :]
        if [other.term for other in rest[1:2]] == ["of"] and rest[0].term in _KINDS:
            rest = rest[2:]
        if rest and rest[0].term == "be":
            rest = rest[1:]
            if not _is_of_something(rest):
                continue
        if found := _things(rest):
            return found
    return ()


def named_thing(terms: Sequence[Term]) -> tuple[Term, ...]:
    """What is asked for by its name: "the name of the ship", "the ship's name"."""
    for at, one in enumerate(terms):
        if one.term not in _NAMING:
            continue
        if [other.term for other in terms[at + 1 : at + 2]] == ["of"]:
            return _things(terms[at + 2 :])[-1:]
        before = [other for other in terms[max(at - 2, 0) : at] if not other.light]
        if before and not before[-1].is_name and before[-1].term not in QUESTION_WORDS:
            return (before[-1],)
    return ()


_ASK_FOR_THINGS: Final = forms("which what whose many much")
_KINDS: Final = forms("kind sort type part form brand make number amount")
_NAMING: Final = frozenset({"name"})


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
