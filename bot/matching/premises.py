"""Whether a question takes for granted what a moderator's claim does.

A claim is a way of asking with something wrong in it. What sets it right may be said
only to a question with the same thing wrong, of the same people.
"""

from typing import Final

from bot.matching.compared import Profile
from bot.matching.grammar import Term
from bot.matching.question import Asked

_DECIDING: Final = (
    frozenset("all every everybody everyone always whole entire".split()),
    frozenset("only just alone".split()),
    frozenset("still again yet".split()),
    frozenset("forever permanent permanently life".split()),
)
"""Words of little weight that may be what is wrong; of each group one is as good."""

_ENOUGH: Final = 0.5


def carries(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether a question has what makes a claim wrong, of whom the claim is about.

    All its numbers; not the contrary of it; nobody else; and at least half of the words
    that the target does not have. A claim in the words of the target itself is wrong by
    their order: then half of its words will do.
    """
    question = question.part
    if any(not figure.fits(question.figures) for figure in claim.figures):
        return False
    is_contrary = question.negated != claim.negated and not claim.figures
    return not (
        is_contrary
        or _of_others(question, claim, profile)
        or _without_deciding(question, claim, profile)
    ) and _has_what_is_wrong(question, claim, profile)


def _of_others(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether the question names somebody else than the claim does."""
    mine, theirs = question.names, claim.names
    if not mine or not theirs:
        return False
    if mine.isdisjoint(theirs) or mine - theirs - profile.names:
        return True
    acts = claim.subject
    return (
        acts is not None and question.subject not in {None, acts} and (acts not in mine)
    )


def _without_deciding(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether the claim has an "all", "only", "still" that the question lacks."""
    said = {term.term for term in claim.terms}
    asked = {term.term for term in question.terms}
    return any(
        not group.isdisjoint(said)
        and group.isdisjoint(asked)
        and group.isdisjoint(profile.terms)
        for group in _DECIDING
    )


def _has_what_is_wrong(question: Asked, claim: Asked, profile: Profile) -> bool:
    known = profile.terms | profile.told
    wrong = {
        term.term: term
        for term in claim.terms
        if not term.light
        and term.term not in known
        and (term.is_name or known.isdisjoint(term.meanings))
    }
    parts = wrong or {term.term: term for term in claim.content}
    shared = sum(_has(question, term) for term in parts.values())
    return not parts or shared / len(parts) >= _ENOUGH


def _has(question: Asked, term: Term) -> bool:
    is_there = term.term in question.everything
    return is_there or not question.everything.isdisjoint(term.meanings)
