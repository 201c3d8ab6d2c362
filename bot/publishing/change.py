"""What a change of a story would do, and why it must not be published."""

from dataclasses import dataclass
from typing import Final

from bot.evaluation.leads import Led
from bot.publishing.comparing import Broken, Comparison, Moved
from bot.story.differences import Differences
from bot.story.model import Problem
from bot.story.prose import squeeze
from bot.story.resting import Resting

_LONGEST: Final = 240


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a story, and what it would do.

    `before` and `after` say in words what is compared. Where the files cannot be served
    there are no differences and no comparison, and `problems` has the errors. `new` is
    true where there is no story before to compare with. `resting` are the texts that
    rest on facts which differ, and `warned` the warnings that were not there before.
    """

    before: str
    after: str
    differences: tuple[Differences, ...]
    comparison: Comparison | None
    problems: tuple[Problem, ...] = ()
    new: bool = False
    resting: tuple[Resting, ...] = ()
    warned: tuple[Problem, ...] = ()

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why this must not be published, a sentence each; none where it may.

        An error in the files, a theft, or a `must` question that is not right.
        """
        errors = (str(one) for one in self.problems if one.severity == "error")
        found = self.comparison
        if found is None:
            return tuple(errors)
        return (*errors, *map(theft, found.thefts), *map(broken, found.broken))


def theft(one: Moved) -> str:
    """What would be stolen from whom, as a sentence."""
    question = one.question
    told = f"would be offered {one.others[0]} first"
    if one.after.answers:
        told = f"would be answered by {' and '.join(one.others)}"
    elif one.after.outcome == "closest":
        told = f"would be shown {one.others[0]} as the closest"
    belongs = " or ".join(question.belongs)
    why: dict[str, str] = {
        "own way": f"is a way of asking {belongs}",
        "known unknown": f"is a way of asking {belongs}, which is not to be answered",
    }
    reason = why.get(question.origin, f"should lead to {belongs}")
    return f"{said(question.text)} {reason}, and {told}"


def allowed(one: Moved) -> tuple[str, ...]:
    """What a regression question expects that says: this is no theft."""
    own = () if one.question.origin == "known unknown" else one.question.belongs
    return (*own, *one.others)


def broken(one: Broken) -> str:
    """Which `must` question is not right, as a sentence."""
    ask, led = said(one.probe.ask), led_text(one.led)
    return f"{ask} must lead to {' or '.join(one.probe.expect)}, and leads to {led}"


def led_text(led: Led) -> str:
    """Where a question leads, in words."""
    match led.outcome:
        case "answer":
            return f"an answer from {' and '.join(led.entries)}"
        case "closest":
            return f"the closest, {', '.join(led.entries)}"
        case "facts":
            return "facts that speak of it"
        case "did_you_mean":
            return f"did you mean {', '.join(led.entries)}"
        case "not_covered":
            return "not covered"
        case "help" | "silent":
            return led.outcome


def said(text: str) -> str:
    """A question in quotation marks, on one line; a very long one is cut."""
    line = squeeze(text)
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"
