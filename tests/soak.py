"""Laws that hold for anything: a few tries in every run, many under `make soak`."""

import os
from collections.abc import Callable
from typing import Final, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings

SOAKING: Final = bool(os.environ.get("SOAK"))
"""Whether this is the long run."""

EXAMPLES: Final = 1000
"""How many examples of a law the long run tries."""

FEW: Final = 50
"""How many every run tries, of a law that says no other number."""

Test = TypeVar("Test", bound=Callable[..., object])


def times(few: int, many: int = EXAMPLES) -> int:
    """How often something is tried: a few times, or many in the long run."""
    return many if SOAKING else few


def law(few: int, many: int = EXAMPLES) -> Callable[[Test], Test]:
    """Mark a test for the long run, and say how many examples hypothesis tries.

    Stands above `@given`. A test without hypothesis has `@pytest.mark.soak` instead,
    and asks `times` how often to go round.
    """
    chosen = settings(
        max_examples=times(few, many),
        phases=set(Phase) - {Phase.explain},  # it takes longer than it tells
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )

    def marked(test: Test) -> Test:
        return pytest.mark.soak(chosen(test))

    return marked
