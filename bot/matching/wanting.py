"""Guards of what is asked for: a kind of answer, a thing, something more."""

from typing import Final

from bot.matching.compared import NOTHING, Compared, Firing
from bot.matching.grammar import forms
from bot.matching.kinds import CHECKED

HARD_KINDS: Final = frozenset({"how old", "how long", "how many", "how much"})
SOFT_KINDS: Final = frozenset({"when", "where", "why", "who"})
_ASKED_FOR: Final = 0.75
_TOLD: Final = 0.5
_HALF: Final = 0.5
_NAMES: Final = forms("name named call called")
MORE: Final = forms("else other another besides apart additional")
_GENERIC: Final = forms(
    "money time day date year month country place name reason"
    " number amount price cost sum thing percent percentage share size kind sort type"
    " deal point line position argument circumstance way all every one"
    " make happen stop keep cause lead take put hold burn say go"
)
"""Words that name no thing, or next to none, after "what" or "how many"."""


def unexplained_focus(one: Compared) -> Firing:
    """A thing that is asked for by name, of a target that nobody asks for it.

    Half as strong where the target speaks of it, or it only tells more of one that is
    asked for; of several words the last is the thing.
    """
    focus = [term for term in one.part.focus if term.term not in one.foreign]
    focus = [term for term in focus if term.term not in _GENERIC]
    if not focus:
        return NOTHING
    shares = {term.term: one.explains(term) for term in focus}
    missing = tuple(word for word, share in shares.items() if share < _ASKED_FOR)
    unknown = [word for word, share in shares.items() if share < _TOLD]
    if focus[-1].term in unknown:
        return Firing(1.0, missing)
    return Firing(_HALF if missing else 0.0, missing)


def no_name_for_it(one: Compared) -> Firing:
    """The name of somebody or something that the target tells of without one."""
    named = one.profile.named
    if (
        not one.part.named_thing
        or "who" in _kinds(one)
        or not _NAMES.isdisjoint(one.profile.terms)
    ):
        return NOTHING
    words = [
        term.term
        for term in one.part.named_thing
        if one.explains(term) >= _TOLD
        and term.term not in named
        and named.isdisjoint(term.meanings)
    ]
    return Firing(float(bool(words) and one.profile.holds is not None), tuple(words))


def asks_for_more(one: Compared) -> Firing:
    """Who or what else, of a target that says no more than it does to everybody."""
    said = one.part.said & MORE
    if not said or not MORE.isdisjoint(one.profile.terms):
        return NOTHING
    return Firing(1.0, tuple(sorted(said)))


def kind_not_held(one: Compared) -> Firing:
    """A kind of answer of which the words of the target hold none."""
    holds = one.profile.holds
    if holds is None:
        return NOTHING
    words = sorted((one.part.wants & CHECKED) - holds)
    return Firing(float(bool(words)), tuple(words))


def other_kind(one: Compared) -> Firing:
    """A kind of answer (who, when, where, why) that the target does not give."""
    asked = one.part.wants & SOFT_KINDS
    words = sorted(asked - _kinds(one)) if asked else ()
    return Firing(float(bool(words)), tuple(words))


def other_measure(one: Compared) -> Firing:
    """How old, long, many or much, of a target that measures nothing of the kind."""
    asked = one.part.wants & HARD_KINDS
    words = sorted(asked - _kinds(one)) if asked else ()
    return Firing(float(bool(words)), tuple(words))


def _kinds(one: Compared) -> frozenset[str]:
    return one.profile.kinds | one.nearest.wants
