"""Two revisions → the questions that lead elsewhere, and those that would be stolen.

Asked are each entry's own ways of asking, the regression questions, the ways of asking
what no source answers, and whatever else is given: questions that people asked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

from bot.evaluation.leads import Leads, Led
from bot.evaluation.results import is_broken
from bot.publishing.reach import Reach
from bot.story.model import Entry, Probe, Story, Unknown
from bot.story.renames import renames, with_names

Origin = Literal[
    "own way", "regression question", "known unknown", "earlier way", "asked by people"
]

Told = Callable[[int, int], None]
"""Is told how many of how many questions were asked."""

AHEAD: Final = 600
"""Questions for a look ahead at one change, in two seconds or so."""

_EVERY: Final = 50  # questions between two tellings of how far it is


@dataclass(frozen=True, slots=True)
class Question:
    """A question to be asked, why, and where it belongs.

    `belongs` are the entries of which it is a way of asking, or which a regression
    question expects; the unknown for a way of asking that; nothing where nobody said.
    """

    text: str
    origin: Origin
    belongs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that leads elsewhere. `is_theft` where that is reason to refuse.

    A theft is a question that led to the entry it belongs to (answered, or offered
    first), or that is not to be answered (no source does, or its entry is hidden), and
    would be answered by others only; or an entry's own way of asking, to which another
    entry would be offered first.
    """

    question: Question
    before: Led
    after: Led
    is_theft: bool

    @property
    def others(self) -> tuple[str, ...]:
        """The entries that it would lead to, and to which it does not belong."""
        return tuple(
            one for one in self.after.entries if one not in self.question.belongs
        )


@dataclass(frozen=True, slots=True)
class Broken:
    """A `must` question that is not right now, and what it leads to."""

    probe: Probe
    led: Led


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change does to the questions.

    `moved` has thefts first, then in the order in which they were asked. `broken` are
    all `must` questions that are not right now, whether or not they were before.
    `asked` counts the questions that were asked of both, `left_out` those that may move
    and were left out, `unreached` those that the change does not reach.
    """

    moved: tuple[Moved, ...]
    broken: tuple[Broken, ...]
    asked: int
    left_out: int
    unreached: int = 0

    @property
    def thefts(self) -> tuple[Moved, ...]:
        """The questions that would be stolen."""
        return tuple(one for one in self.moved if one.is_theft)


def compare(  # noqa: PLR0913 - each is told by name
    before: Leads | None,
    after: Leads,
    others: Iterable[str] = (),
    *,
    most: int | None = None,
    whole: bool = False,
    tell: Told | None = None,
) -> Comparison:
    """Ask two revisions the same questions. Takes two or three milliseconds for each.

    `others` are further questions, as people asked them. Without a revision before,
    only the `must` questions are asked; those always are. Those that the change does
    not reach are not, except `whole`. With `most`, only as many of the others are,
    beside what is known: those first whose words are most like the words that changed.
    That is a look ahead, not a proof, where it leaves any out. `tell` is told how far
    it is.
    """
    broken = tuple(_broken(after))
    if before is None:
        return Comparison((), broken, 0, 0)
    names = renames(before.story, after.story)
    story = with_names(before.story, names)
    wanted = list(questions_of(story, after.story, others))
    reach = Reach(before.story, after.story, [one.text for one in wanted])
    if most is None:
        # What led firmly need not be asked of both.
        _ask(before, [one.text for one in wanted if not before.stood(one.text)], tell)
    reached = [
        one
        for one in wanted
        if whole
        or one.text in after.known
        or reach.has(one.text, one.belongs, before.stood(one.text))
    ]
    after.carry(before, {one.text for one in wanted} - {one.text for one in reached})
    asked = reached if most is None else _likeliest(reached, reach, after, most)
    known = _ways(story.unknowns.values()).keys()
    ids = names.get("answers", {})

    def was(text: str) -> Led:
        led = before.of(text)
        return led._replace(entries=tuple(ids.get(one, one) for one in led.entries))

    _ask(after, [one.text for one in asked if one.text not in after.known], tell)
    all_led = (_moved(one, was, story, after, known) for one in asked)
    moved = sorted(filter(None, all_led), key=lambda one: not one.is_theft)
    left_out, beyond = len(reached) - len(asked), len(wanted) - len(reached)
    return Comparison(tuple(moved), broken, len(asked), left_out, beyond)


def _ask(leads: Leads, new: Sequence[str], tell: Told | None) -> None:
    """Ask what nobody asked yet, and tell now and then how far that is."""
    for number, _ in enumerate(leads.ask(new)):
        if tell and number % _EVERY == 0:
            tell(number, len(new))


def _likeliest(
    questions: Sequence[Question], reach: Reach, after: Leads, most: int
) -> list[Question]:
    """So many questions that are not known, those first that say what a change says."""
    near = sorted(questions, key=lambda one: -reach.likeness(one.text))
    new = [one.text for one in near if one.text not in after.known]
    left = set(new[most:])
    return [one for one in near if one.text not in left]


def _broken(after: Leads) -> Iterator[Broken]:
    for probe in after.story.probes:
        if probe.level == "must" and is_broken(probe, led := after.of(probe.ask)):
            yield Broken(probe, led)


def questions_of(before: Story, after: Story, others: Iterable[str]) -> list[Question]:
    """All questions, each once: where it belongs now, else where it did before."""
    meant = {
        probe.ask: [one for one in probe.expect if one in after.entries]
        for probe in after.probes
    }
    own = [
        Question(way, "own way", tuple(dict.fromkeys([entry.id, *meant.get(way, ())])))
        for entry in after.entries.values()
        for way in entry.ways
    ]
    unknown = [
        Question(way, "known unknown", (unknown.id, *meant.get(way, ())))
        for unknown in after.unknowns.values()
        for way in unknown.ways
    ]
    probes = [
        Question(probe.ask, "regression question", probe.expect)
        for probe in after.probes
    ]
    were = _ways([*before.entries.values(), *before.unknowns.values()])
    gone = [Question(way, "earlier way") for way in were]
    asked = [Question(text, "asked by people") for text in others]
    found: dict[str, Question] = {}
    for question in (*own, *probes, *unknown, *gone, *asked):
        found.setdefault(question.text, question)
    return list(found.values())


def _ways(records: Iterable[Entry | Unknown]) -> dict[str, None]:
    """All ways of asking some records, in order."""
    return dict.fromkeys(way for record in records for way in record.ways)


def _moved(
    question: Question,
    led: Callable[[str], Led],
    before: Story,
    after: Leads,
    known: AbstractSet[str],
) -> Moved | None:
    """The question, where it leads elsewhere; None where it does not.

    `led` tells where it led, by the ids of now, and `known` are the ways of asking what
    no source answered before.
    """
    now = after.of(question.text)
    if question.text in known and not now.answers:
        return None  # what is offered where there is no answer is no matter
    was = led(question.text)
    if now.is_as(was):
        return None
    is_theft = _was_right(question, was, before) and _is_elsewhere(question, now)
    return Moved(question, was, now, is_theft)


def _was_right(question: Question, was: Led, before: Story) -> bool:
    """Whether it led where it belongs: answered, or offered first; or to no answer."""
    mine = set(question.belongs)
    if question.origin == "known unknown":
        if question.text in _ways(before.unknowns.values()):
            return not was.answers
        # It was an entry's, which was taken off: what is not to be answered now.
        return question.text in _ways(before.entries.values())
    if question.origin == "own way" and not _asked(before, question):
        return False
    if was.answers:
        return mine.issuperset(was.answers)
    return not mine.isdisjoint(was.entries[:1])


def _is_elsewhere(question: Question, now: Led) -> bool:
    """Whether others answer it, or, of an entry's own way, are offered first."""
    if now.answers or question.origin != "own way":
        found = now.answers
    else:
        found = now.entries[:1]
    return bool(found) and set(found).isdisjoint(question.belongs)


def _asked(story: Story, question: Question) -> bool:
    """Whether it was a way of asking an entry to which it belongs."""
    found = (story.entries.get(name) for name in question.belongs)
    return any(question.text in entry.ways for entry in found if entry)
