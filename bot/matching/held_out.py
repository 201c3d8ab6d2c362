"""How sure a base is of what it should not answer, measured on the base itself.

Some of its targets, and some of its decoys, are left out; then their own questions are
asked. Whatever is found for them is a false answer. From how sure those are, and from
the share of false answers that is wanted, comes the confidence from which to answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from bot.matching.candidate import Target
from bot.matching.ranking import Matcher

FOLDS: Final = 6
"""One target in as many is left out, and one decoy."""

ASKED: Final = 4
"""Questions of a target that is left out which are asked."""

FEWEST: Final = 60
"""False answers below which no threshold can be read off."""

HARDER: Final = 2.0
"""How many times as many of these questions get an answer as of people's own that
nothing answers: they are made of the base's own words. Measured in November 2026 on the
Balenciaga story against `tests/benchmarks/questions`."""

BOUNDS: Final = (0.4, 0.9)
"""Between these a threshold stays, whatever was measured."""


def false_answers(
    targets: Sequence[Target], names: Mapping[str, str]
) -> tuple[float, ...]:
    """How sure the base is of each false answer to a left-out question, rising, 0-1.

    0 where there is no answer. Takes about as long as making a matcher does.
    """
    kept: list[Target] = []
    asked: list[tuple[str, str | None]] = []
    for at, target in enumerate(targets):
        if at % FOLDS == 0:
            step = max(1, len(target.asks) // ASKED)
            asked += [(question, None) for question in target.asks[::step][:ASKED]]
        else:
            out = at % FOLDS
            asked += [(decoy, target.id) for decoy in target.decoys[out::FOLDS]]
            decoys = [
                decoy
                for number, decoy in enumerate(target.decoys)
                if number % FOLDS != out
            ]
            kept.append(replace(target, decoys=tuple(decoys)))
    matcher = Matcher(kept, names)
    silent = {target.id for target in targets if target.is_silent}
    return tuple(sorted(_sure(matcher, asked, silent)))


def _sure(
    matcher: Matcher, asked: Sequence[tuple[str, str | None]], silent: AbstractSet[str]
) -> Iterator[float]:
    """How sure each is; another target than a decoy's own may well answer that."""
    for question, own in asked:
        found = matcher.rank(question, limit=1).candidates
        is_false = found and found[0].id not in silent and own in {None, found[0].id}
        yield found[0].confidence if is_false else 0.0


def threshold(found: Sequence[float], wanted: float, default: float) -> float:
    """The confidence from which to answer, for a wanted share of false answers, 0-1.

    `found` is what `false_answers` gave; where there is too little of it, the default.
    """
    if len(found) < FEWEST:
        return default
    allowed = int(len(found) * min(1.0, wanted * HARDER))
    least, most = BOUNDS
    if allowed >= len(found):
        return least
    return min(most, max(least, found[len(found) - 1 - allowed] + 0.001))
