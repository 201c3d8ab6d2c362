"""What speaks against a candidate: names, words, figures, roles, the kind of answer.

Each guard compares what is asked with what a target is about. It gives a strength from
0 (nothing) upwards and the words that set it off. Guards do not decide: the calibrated
confidence weighs them.
"""

from collections.abc import Mapping
from typing import Final

from bot.matching.clashes import (
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
from bot.matching.wanting import (
    asks_for_more,
    kind_not_held,
    no_name_for_it,
    other_kind,
    other_measure,
    unexplained_focus,
)

__all__ = ["GUARDS", "Compared", "Firing", "Guard", "Profile"]

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
