"""Guards of what is said: figures, what is so, what may be, who acts."""

from collections.abc import Iterable
from typing import Final

from bot.matching.compared import NOTHING, Compared, Firing, Parts
from bot.matching.grammar import Term, contraries, forms
from bot.matching.polarity import (
    Denial,
    affirms,
    agrees,
    denials,
    is_contrary,
    is_of,
    said_of,
    speaks_of,
)
from bot.matching.roles import (
    asked_acts,
    asked_deed,
    asker_acts,
    of_this_place,
    phrases,
)
from bot.matching.text import is_common

_NOT_TOLD: Final = 0.5
_PAIR: Final = 2
_OFTEN: Final = 0.1
_HALF: Final = 0.5
_SURELY: Final = 0.8


def other_figure(one: Compared) -> Firing:
    """A number or a date that agrees with none of the target's."""
    if not one.part.figures:
        return NOTHING
    known = one.profile.figures | one.nearest.figures
    words = sorted(str(figure) for figure in one.part.figures if not figure.fits(known))
    return Firing(float(bool(words)), tuple(words))


def modality(one: Compared) -> Firing:
    """What will, may or should be, of a target that says what was."""
    return Firing(float(one.part.modal and not one.profile.modal), ())


def contrary(one: Compared) -> Firing:
    """A word instead of which the target has its contrary."""
    said = one.part.said
    words = tuple(
        word
        for word in sorted(said & CONTRARY_WORDS)
        if not one.asks(word)
        and any(one.asks(other) and other not in said for other in _CONTRARY[word])
    )
    return Firing(1.0, words) if words else NOTHING


def over_by_now(one: Compared) -> Firing:
    """How it is now, of a target that says only how it was."""
    said = one.part.said & NOW
    is_told = not (
        NOW.isdisjoint(one.profile.terms) and NOW.isdisjoint(one.profile.told)
    )
    return NOTHING if is_told or not said else Firing(1.0, tuple(sorted(said)))


def negation(one: Compared) -> Firing:
    """Something is taken not to be so of which the target says that it was.

    Half as strong where the target says neither that it was so nor that it was not.
    """
    if not one.part.negated or one.nearest.negated:
        return NOTHING
    denied = list(denials(one.part.terms))
    for denial in denied:
        if _is_affirmed(denial, one):
            return Firing(1.0, said_of(denial))
    is_agreed = all(_is_denied(denial, one) for denial in denied)
    return Firing(0.0 if is_agreed else _NOT_TOLD, ())


def _is_affirmed(denial: Denial, one: Compared) -> bool:
    """Whether the target says that it was so, or says yes to it."""
    if one.profile.agrees and is_of(denial, one.nearest.terms):
        return True
    known = one.profile.terms | one.profile.told
    return any(affirms(clause, denial, known) for clause in one.profile.clauses)


def _is_denied(denial: Denial, one: Compared) -> bool:
    """Whether the target denies it, too: itself, or by setting right a claim of it."""
    return (
        any(agrees(clause, denial) for clause in one.profile.clauses)
        or any(is_contrary(denial, claim) for claim in one.profile.claims)
        or (one.profile.denies and speaks_of(one.nearest.terms, denial))
    )


def roles(one: Compared) -> Firing:
    """Somebody does to another what the target has the other way round."""
    if not one.asked.deeds:
        return NOTHING
    known = one.profile.deeds | one.nearest.deeds
    words = [
        f"{deed.agent or 'who'} {deed.meaning} {deed.patient or 'whom'}"
        for deed in sorted(one.asked.deeds)
        if not deed.fits(known) and deed.reversed.fits(known)
    ]
    return Firing(float(bool(words)), tuple(words))


def other_order(one: Compared) -> Firing:
    """Two names in an order in which the target never has them, only the other."""
    if not one.asked.order:
        return NOTHING
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
        return NOTHING
    total = sum(one.profile.subjects.values())
    share = one.profile.subjects.get(name, 0) / total if total else 0.0
    return Firing(max(0.0, 1 - share / _OFTEN), (name,))


def other_part(one: Compared) -> Firing:
    """Somebody has a part in a deed that the target gives to others only.

    Half as strong where the target does not give them the contrary part.
    """
    worst = NOTHING
    for act in asked_acts(one.part.terms):
        if act.verb.term.startswith("~"):
            continue  # a phrase of the story's own is a thing as often as a deed
        meant = (act.verb.term, *act.verb.meanings)
        acting = _who(one.profile.parts[0], meant)
        suffering = _who(one.profile.parts[1], meant)
        for names, own, contrary in (
            (act.agents, acting, suffering),
            (act.patients, suffering, acting),
        ):
            for name in sorted(names - own):
                strength = 1.0 if name in contrary else _NOT_TOLD * bool(own)
                if strength > worst.strength:
                    worst = Firing(strength, (name, act.verb.term))
    return worst


def _who(parts: Parts, meant: Iterable[str]) -> frozenset[str]:
    return frozenset(name for word in meant for name in parts.get(word, ()))


def foreign_party(one: Compared) -> Firing:
    """Something foreign acts, or is acted upon, in a deed of the target's.

    Half as strong where it is not the asker's own, nor of the place where they ask.
    """
    here = of_this_place(one.part.terms)
    worst = Firing(float(bool(here) and not any(map(one.asks, here))), here)
    for phrase in phrases(one.part.terms):
        head = phrase.words[-1]
        is_deed = phrase.is_askers or one.explains(phrase.verb) >= _SURELY
        is_foreign = _is_plain(head) and one.explains(head) < _HALF
        if is_deed and is_foreign and not one.part.names:
            strength = 1.0 if phrase.is_askers else _HALF
            if strength > worst.strength:
                worst = Firing(strength, (head.term,))
    return worst


def askers_own(one: Compared) -> Firing:
    """What the asker may do, of a target that nobody asks for that."""
    is_theirs = asker_acts(one.asked.terms) and not one.asked.names
    return Firing(float(is_theirs and not one.asks("i")), ())


def unexplained_deed(one: Compared) -> Firing:
    """What somebody did is asked, of a target that does not tell of such a deed."""
    deed = asked_deed(one.part.terms)
    if deed is None or not _is_plain(deed) or one.explains(deed) >= _HALF:
        return NOTHING
    return Firing(1.0, (deed.term,))


def _is_plain(term: Term) -> bool:
    """Whether a word is no slip, no number, and not one that means next to nothing."""
    return (
        term.term.isalpha()
        and is_common(term.term)
        and not term.term.endswith("ly")
        and term.term not in VAGUE
    )


VAGUE: Final = forms(
    "make put give take end stand move carry hand call get keep turn bring run set come"
    " go hold leave pull push stick each nobody not one two three four five body top"
    " straight right first thing finish start happen feel look long both most any"
)
"""Words that mean next to nothing alone, or as many things as there are."""

_CONTRARY: Final = contraries(
    "before after, before during, first last, more less, more fewer, most least, can"
    " should, can will, will should, best worst, gain lose, win lose, rise fall, rise"
    " drop, increase decrease, open close, start end, begin end, start stop, buy sell,"
    " join leave, love hate, support attack, add remove, accept refuse, hire fire, old"
    " new, good bad, true false, mother father, man woman, men women"
)
"""Words of which one is never the other."""

CONTRARY_WORDS: Final = frozenset(_CONTRARY)

NOW: Final = forms("now nowadays currently today tonight tomorrow still anymore")
"""Words that ask how it is at the time of asking."""
