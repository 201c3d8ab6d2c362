"""Whether a question takes for granted what a moderator's claim does.

A claim is a way of asking with something wrong in it. What sets it right may be said
only to a question with the same thing wrong, of the same people.
"""

from typing import Final

from bot.matching.compared import Profile
from bot.matching.grammar import QUESTION_WORDS, Term
from bot.matching.polarity import CONTRARY
from bot.matching.question import Asked
from bot.matching.text import is_common

_DECIDING: Final = (
    frozenset("all every everybody everyone always whole entire".split()),
    frozenset("only just alone".split()),
    frozenset("still again yet".split()),
    frozenset("forever permanent permanently life".split()),
)
"""Words of little weight that may be what is wrong; of each group one is as good."""

_HALF: Final = 0.5


def carries(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether a question has what makes a claim wrong, of whom the claim is about.

    All its numbers; and a name of nobody in the story, or else: not the contrary of it,
    nobody else, and at least half of the words that the target does not have. A claim
    in the words of the target itself is wrong by their order: then those will do.
    """
    question = question.part
    if any(not figure.fits(question.figures) for figure in claim.figures):
        return False
    wrong = _wrong(claim, profile)
    # A name of nobody in the story is what is wrong, whatever else there is.
    if any(_is_foreign(one) and _has(question, one) for one in wrong):
        return True
    is_contrary = (
        question.negated != claim.negated
        and not claim.figures
        and CONTRARY.isdisjoint(term.term for term in (*question.terms, *claim.terms))
    )
    if is_contrary or _of_others(question, claim, profile):
        return False
    parts = wrong or claim.content
    shared = sum(_has(question, one) for one in parts)
    is_enough = not parts or shared / len(parts) >= _HALF
    return is_enough and not _without_deciding(question, claim, profile)


def _is_foreign(term: Term) -> bool:
    is_word = term.term in QUESTION_WORDS or term.term[0] in "@~"
    return not (is_word or term.meanings or is_common(term.term))


def _wrong(claim: Asked, profile: Profile) -> tuple[Term, ...]:
    """The words of a claim that the target has not, nor what they mean.

    A "why" that nobody else asks is one: it takes the rest for granted.
    """
    known = profile.terms | profile.told
    return tuple(
        term
        for term in claim.terms
        if not (term.light or term.term in known)
        and (term.is_name or known.isdisjoint(term.meanings))
    )


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


def _has(question: Asked, term: Term) -> bool:
    is_there = term.term in question.everything
    return is_there or not question.everything.isdisjoint(term.meanings)
