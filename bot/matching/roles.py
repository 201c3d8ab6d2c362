"""Who does what, to whom or to what, for any verb: read off the order of words.

Where a question begins with "did", "has" or the like, whoever acts stands between it
and the verb; else before the verb. "By" turns that round.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from bot.matching.grammar import QUESTION_WORDS, Term, forms

_AUXILIARIES: Final = forms(
    "do have will would can could should may might didnt doesnt dont hasnt havent wont"
    " wouldnt couldnt shouldnt"
)
_BEING: Final = forms("be get isnt arent wasnt werent")
_DETERMINERS: Final = forms(
    "a an the this that these those her his their its my your ur our some any no all"
    " every another"
)
_STOPS: Final = forms(
    "of to in on at for with from by about after before over under against into during"
    " and or but that if because since until as than when where why how who which what"
    " without instead whether last next yesterday today tomorrow tonight again ago"
)
_PHRASE: Final = forms("a an the my your ur our this")
_ASKERS: Final = forms("my your ur our mine yours i we you")
_LINKS: Final = forms("to of about with for")
_WHEN: Final = forms("now still ever never always already yet just finally really")
_LONGEST: Final = 4
_REMEMBERED: Final = 64  # questions: one is put beside several candidates


class Act(NamedTuple):
    """Who does what to whom: a verb, and the names; "" where none is named."""

    verb: Term
    agents: frozenset[str]
    patients: frozenset[str]


class Phrase(NamedTuple):
    """A noun phrase beside a verb: its words of substance, whose it is."""

    verb: Term
    words: tuple[Term, ...]
    is_askers: bool


def acts(terms: Sequence[Term]) -> Iterator[Act]:
    """For each word of substance the names that may act and suffer, as a verb has them.

    All names before it act, all after it suffer; in the passive those before it suffer
    and those after "by" act.
    """
    if not any(one.is_name for one in terms):
        return
    for at, one in enumerate(terms):
        if one.is_name or one.light or one.term in QUESTION_WORDS | _STOPS:
            continue
        start, stop = _clause(terms, at)
        before = _names(terms[start:at])
        after = terms[at + 1 : stop]
        by = next((to for to, other in enumerate(after) if other.term == "by"), None)
        if by is not None and by < _LONGEST:
            yield Act(one, _names(after[by:]), before | _names(after[:by]))
        elif _is_passive(terms[start:at]):
            yield Act(one, frozenset(), before)
        else:
            yield Act(one, before, _names(after))


@lru_cache(maxsize=_REMEMBERED)
def asked_acts(terms: tuple[Term, ...]) -> tuple[Act, ...]:
    """The acts of a question of which it is plain who acts or is acted upon.

    "Did Kim pay", "was Kim paid (by Ada)", "who paid Kim". Nothing where it is not.
    """
    return tuple(_asked_acts(terms))


def _asked_acts(terms: Sequence[Term]) -> Iterator[Act]:
    for at, one in enumerate(terms):
        if one.term not in _AUXILIARIES | _BEING:
            continue
        names, rest = _named(terms[at + 1 :])
        verb = next((other for other in rest if not other.light), None)
        if not names or verb is None or verb.is_name or verb.term in _STOPS:
            continue
        after = rest[rest.index(verb) + 1 :]
        if one.term not in _BEING:
            yield Act(verb, names, _direct(after))
        elif [other.term for other in after[:1]] == ["by"]:
            yield Act(verb, _named(after[1:])[0], names)
    for one, verb, *after in zip(terms, terms[1:], terms[2:], strict=False):
        is_verb = not (verb.is_name or verb.light or verb.term in _STOPS)
        if one.term == "who" and is_verb and after[0].is_name:
            yield Act(verb, frozenset(), frozenset({after[0].term}))


def _direct(terms: Sequence[Term]) -> frozenset[str]:
    return _named(terms)[0] if terms and terms[0].is_name else frozenset()


def _named(terms: Sequence[Term]) -> tuple[frozenset[str], Sequence[Term]]:
    """The names that begin a text, articles and "and" apart, and what follows them."""
    at = 0
    while at < len(terms) and (
        terms[at].is_name or terms[at].term in {"the", "and", "or"}
    ):
        at += 1
    return _names(terms[:at]), terms[at:]


def _clause(terms: Sequence[Term], at: int) -> tuple[int, int]:
    cuts = [to for to, one in enumerate(terms) if one.term in _PARTS]
    start = max((to + 1 for to in cuts if to < at), default=0)
    return start, min((to for to in cuts if to > at), default=len(terms))


_PARTS: Final = forms("that because but when while although if whether")


def _is_passive(before: Sequence[Term]) -> bool:
    near = (*before[:1], *before[-2:])
    return any(one.term in _BEING for one in near)


def _names(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(one.term for one in terms if one.is_name)


@lru_cache(maxsize=_REMEMBERED)
def phrases(terms: tuple[Term, ...]) -> tuple[Phrase, ...]:
    """The noun phrases that act in a question, or that its verbs act upon.

    Only where a determiner begins the phrase, so that it is one: "the landlord" and
    "my phone" in "did the landlord find my phone".
    """
    return tuple(_phrases(terms))


def _phrases(terms: Sequence[Term]) -> Iterator[Phrase]:
    for at, one in enumerate(terms):
        before = terms[at - 1] if at else None
        after = terms[at + 1 : at + 2]
        is_bare = one.term in _AUXILIARIES and not (after and after[0].light)
        if not (is_bare or one.term in _PHRASE):
            continue
        words = _run(terms[at + 1 :])
        is_askers = one.term in _ASKERS
        if is_bare or (before is not None and before.term in _AUXILIARIES | _BEING):
            if len(words) > 1:  # the last word is the verb
                yield Phrase(words[-1], words[:-1], is_askers)
        elif words and (verb := _verb(terms[:at], is_askers=is_askers)):
            yield Phrase(verb, words, is_askers)


def _verb(before: Sequence[Term], *, is_askers: bool) -> Term | None:
    """The word that a phrase stands after, or after its "to", "of" or the like.

    Not any "to" will do but where the phrase is the asker's own.
    """
    if before and before[-1].term in _LINKS:
        is_linked = is_askers or "happen" in [one.term for one in before[-2:-1]]
        before = before[:-1] if is_linked else ()
    if not before or before[-1].light or before[-1].is_name:
        return None
    return before[-1]


def asked_deed(terms: Sequence[Term]) -> Term | None:
    """The word that says what is done, where it is plain; None where it is not.

    It follows "who", or the name or pronoun after "did", "was" or the like; after "was"
    it may be what somebody is said to be, "guilty" as well as "fined".
    """
    for at, one in enumerate(terms):
        rest = terms[at + 1 :]
        if one.term in _AUXILIARIES | _BEING and rest:
            if one.term in _BEING and rest[0].term == "it":  # "is it true that"
                continue
            while rest and (rest[0].is_name or rest[0].term in _SUBJECTS):
                rest = rest[1:]
            if len(rest) == len(terms) - at - 1:
                continue
        elif one.term != "who":
            continue
        verb = next((other for other in rest if not other.light), None)
        is_verb = verb is not None and not verb.is_name and verb.term not in _STOPS
        return verb if is_verb else None
    return None


def is_auxiliary(term: Term) -> bool:
    """Whether it is "did", "was" or the like."""
    return term.term in _AUXILIARIES | _BEING


def asker_acts(terms: Sequence[Term]) -> bool:
    """Whether the question is what the askers may do: "how do I", "can we"."""
    return any(
        one.term in _ASKING_FOR and after.term in {"i", "we"}
        for one, after in pairwise(terms)
    ) and not any(one.term in _KNOWING for one in terms)


def of_this_place(terms: Sequence[Term]) -> tuple[str, ...]:
    """Words for the place where it is asked: "this server", "the mods"."""
    return tuple(
        one.term
        for before, one in pairwise(terms)
        if one.term in _HERE and before.term in _PHRASE | {"of", "in"}
    )


_HERE: Final = forms("server channel discord chat mod mods admin admins bot vc voice")
_SUBJECTS: Final = forms("he she it they")
_ASKING_FOR: Final = forms("do can could should must may might will shall am cant have")
_KNOWING: Final = forms(
    "know find ask see read say tell trust believe watch learn hear understand call"
    " think get sure miss remember"
)


def _run(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The words of substance that begin a text; none where a name is among them."""
    found: list[Term] = []
    for one in terms[: _LONGEST + 1]:
        if one.is_name:
            return ()
        if one.term in _STOPS | _AUXILIARIES | _BEING | _DETERMINERS:
            break
        if not (one.light or one.term in _WHEN):
            found.append(one)
    return tuple(found)
