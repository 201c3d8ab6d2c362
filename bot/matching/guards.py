"""What speaks against a candidate: names, words, figures, roles, the kind of answer.

Each guard compares what is asked with what a target is about. It gives a strength from
0 (nothing) upwards and the words that set it off. Guards do not decide: the calibrated
confidence weighs them.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot.matching.clashes import (
    CONTRARY_WORDS,
    NOW,
    askers_own,
    contrary,
    foreign_party,
    modality,
    negation,
    other_figure,
    other_order,
    other_part,
    other_subject,
    over_by_now,
    roles,
    unexplained_deed,
)
from bot.matching.compared import (
    NOTHING,
    Compared,
    Firing,
    Guard,
    Profile,
)
from bot.matching.kinds import CHECKED
from bot.matching.question import Asked
from bot.matching.roles import (
    asked_acts,
    asked_deed,
    asker_acts,
    of_this_place,
    phrases,
)
from bot.matching.wanting import (
    HARD_KINDS,
    MORE,
    SOFT_KINDS,
    asks_for_more,
    kind_not_held,
    no_name_for_it,
    other_kind,
    other_measure,
    unexplained_focus,
)

__all__ = ["GUARDS", "Compared", "Firing", "Guard", "Profile", "guards_of"]

_MOSTLY: Final = 0.5


def other_names(one: Compared) -> Firing:
    """A name that the target is not about at all."""
    names = one.part.names - one.profile.names - one.profile.told_names
    words = sorted(names - one.nearest.names)
    return Firing(min(len(words), 2), tuple(words)) if words else NOTHING


def foreign_names(one: Compared) -> Firing:
    """A name of nothing in the story that is nowhere in what the target says."""
    said = one.foreign & one.part.said
    words = sorted(
        word for word in said if not (one.asks(word) or word in one.profile.told)
    )
    return Firing(min(len(words), 2), tuple(words)) if words else NOTHING


def unexplained_part(one: Compared) -> Firing:
    """The share of a question's words of substance that the target does not explain."""
    content = [term for term in one.part.substance if term.term not in one.foreign]
    size = len(content) + len(one.part.names)
    missing = [(term.term, 1 - one.explains(term)) for term in content]
    words = tuple([word for word, share in missing if share > _MOSTLY])
    return Firing(sum([share for _, share in missing]) / (size or 1), words)


def about_you(one: Compared) -> Firing:
    """A question to the bot about itself, that names nobody of the story."""
    words = one.asked.said & _YOU
    if not words or one.asked.names or not one.asked.said.isdisjoint(_THEM):
        return NOTHING
    return Firing(1.0, tuple(sorted(words)))


def too_little(one: Compared) -> Firing:
    """A question with next to no words of substance."""
    substance = len(one.asked.substance) + len(one.asked.names)
    return Firing(max(0.0, 1 - substance / _PAIR), ())


_YOU: Final = frozenset("you your ur yourself".split())
_THEM: Final = frozenset("he she they him her them his their it".split())
_PAIR: Final = 2

GUARDS: Final[Mapping[str, Guard]] = {
    "other names": other_names,
    "foreign names": foreign_names,
    "unexplained part": unexplained_part,
    "unexplained focus": unexplained_focus,
    "no name for it": no_name_for_it,
    "asks for more": asks_for_more,
    "other kind": other_kind,
    "kind not held": kind_not_held,
    "other measure": other_measure,
    "other figure": other_figure,
    "modality": modality,
    "over by now": over_by_now,
    "contrary": contrary,
    "negation": negation,
    "roles": roles,
    "other order": other_order,
    "other subject": other_subject,
    "other part": other_part,
    "foreign party": foreign_party,
    "asker's own": askers_own,
    "unexplained deed": unexplained_deed,
    "about you": about_you,
    "too little": too_little,
}
"""Every guard, by the name under which an explanation shows it."""

_NEEDS: Final[Mapping[str, Callable[[Asked], object]]] = {
    "other names": lambda asked: asked.part.names,
    "unexplained part": lambda asked: asked.part.substance,
    "unexplained focus": lambda asked: asked.part.focus,
    "no name for it": lambda asked: asked.part.named_thing,
    "asks for more": lambda asked: asked.part.said & MORE,
    "other kind": lambda asked: asked.part.wants & SOFT_KINDS,
    "kind not held": lambda asked: asked.part.wants & CHECKED,
    "other measure": lambda asked: asked.part.wants & HARD_KINDS,
    "other figure": lambda asked: asked.part.figures,
    "modality": lambda asked: asked.part.modal,
    "over by now": lambda asked: asked.part.said & NOW,
    "contrary": lambda asked: asked.part.said & CONTRARY_WORDS,
    "negation": lambda asked: asked.part.negated,
    "roles": lambda asked: asked.deeds,
    "other order": lambda asked: asked.order,
    "other subject": lambda asked: asked.subject,
    "other part": lambda asked: asked_acts(asked.part.terms),
    "foreign party": lambda asked: (
        of_this_place(asked.part.terms) or phrases(asked.part.terms)
    ),
    "asker's own": lambda asked: asker_acts(asked.terms),
    "unexplained deed": lambda asked: asked_deed(asked.part.terms),
    "about you": lambda asked: asked.said & _YOU,
}
"""What a question must have for a guard to fire, whatever stands beside it."""


def guards_of(asked: Asked) -> list[tuple[str, Guard]]:
    """The guards that may fire on a question, with their names."""
    return [
        (name, guard)
        for name, guard in GUARDS.items()
        if name not in _NEEDS or _NEEDS[name](asked)
    ]
