"""Whether a question takes for granted what a moderator's claim does.

A claim is a way of asking with something wrong in it. What sets it right may be said
only to a question with the same thing wrong, of the same people.
"""

from typing import Final

from bot.matching.clashes import VAGUE
from bot.matching.compared import Profile
from bot.matching.grammar import QUESTION_WORDS, Term
from bot.matching.polarity import CONTRARY, DENYING
from bot.matching.question import Asked
from bot.matching.roles import asked_deed, is_auxiliary
from bot.matching.text import is_common

_DECIDING: Final = (
    frozenset("all every everybody everyone always whole entire".split()),
    frozenset("only just alone".split()),
    frozenset("still again yet".split()),
    frozenset("forever permanent permanently life".split()),
)
"""Words of little weight that may be what is wrong; of each group one is as good."""

_HALF: Final = 0.5
_PAIR: Final = 2


def carries(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether a question has what makes a claim wrong, of whom the claim is about.

    All its numbers; and a name of nobody in the story, or else: not the contrary of it,
    nobody else, what is done in it, and at least half of the words that the target does
    not have. A claim in the words of the target itself is wrong by their order: then
    those will do.
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
    # A question word, or a number, is in many questions: alone it is not what is wrong.
    told = tuple(one for one in wrong if _tells(one))
    parts = told or wrong or claim.content
    shared = sum(_has(question, one) for one in parts)
    is_enough = not parts or shared / len(parts) >= _HALF
    is_other = _is_of_another_deed(question, claim, profile)
    return is_enough and not (is_other or _without_deciding(question, claim, profile))


def _is_foreign(term: Term) -> bool:
    is_word = term.term in QUESTION_WORDS or term.term[0] in "@~"
    return not (is_word or term.meanings or is_common(term.term))


def _tells(term: Term) -> bool:
    is_word = term.term not in QUESTION_WORDS | DENYING
    return is_word and not term.term.isdigit()


def _is_of_another_deed(question: Asked, claim: Asked, profile: Profile) -> bool:
    """Whether it asks what the claim does, but for what is done in it.

    "How many people sued" is no way of asking how many died; where more than a word
    differs, it may be the claim in other words.
    """
    lacks = [one for one in claim.content if _tells(one) and not _has(question, one)]
    if lacks != [_deed(claim)]:
        return False
    known = profile.terms | profile.told | claim.everything
    others = [
        one
        for one in question.content
        if _tells(one)
        and not one.is_name
        and known.isdisjoint({one.term, *one.meanings})
    ]
    return len(others) < _PAIR


def _deed(claim: Asked) -> Term | None:
    """What is done in a claim that is asked; None where that is not plain.

    After "did" or the like it comes behind whoever does it, if that is no name.
    """
    at = next((at for at, one in enumerate(claim.terms) if is_auxiliary(one)), None)
    told = [
        one for one in claim.terms[at or 0 :] if one in claim.content and _tells(one)
    ]
    deed = asked_deed(claim.terms)
    if deed is None or not _tells(deed):
        deed = told[1] if at is not None and len(told) > 1 else None
    return None if deed is None or deed.term in VAGUE | CONTRARY else deed


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
