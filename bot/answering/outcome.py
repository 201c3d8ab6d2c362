"""What a question leads to: closed unions of frozen values, with no platform in them.

A message may hold several questions. Each leads to one `Outcome`; all of them are the
message's `Reply`. Every front end reads outcomes with one `match`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal, NamedTuple, assert_never, get_args

from bot.matching.candidate import Candidate, Explanation
from bot.story.model import Kind

Name = Literal[
    "answer", "closest", "facts", "did_you_mean", "not_covered", "help", "silent"
]
"""What an outcome is called in the JSON contract: the best for an asker first."""

Opening = Literal["other-way-round", "otherwise", "other-date", "other-number"]
"""What is said before a fact that sets a premise right, in each front end's words."""


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source as a reader sees it under an answer.

    `number` starts at 1 in each answer. `title`, `url` and `published` are None where
    they are not known, `url` also where it is not the publisher's own. `quotes` are the
    exact words printed, in the order the facts cite them.
    """

    number: int
    id: str
    publisher: str
    title: str | None
    url: str | None
    published: str | None
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that a sentence of an answer rests on.

    `by` are the speakers' names as people read them, none where nobody is named.
    """

    id: str
    kind: Kind
    by: tuple[str, ...]
    as_of: str
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that can be asked: its id, and its question as people read it."""

    entry: str
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A composed answer. Every sentence ends with the numbers of its sources.

    `asked` is the asker's question and `question` the one that is being answered.
    `lead` is the position, among `sentences`, of the one that is shown first because it
    meets the question: they are in the order in which they are shown, so it is 0.
    `moved` where it was not written as the first: it stands apart from the others,
    which may begin with "No, …". `premise` sets a wrong premise right, and comes first;
    `opening` is what is said before it, None where it speaks for itself. `repeated` are
    the positions of sentences that rest on nothing but what `premise` does. `beside`
    has, for each of `changes` and then of `disputes`, the position of the first
    sentence that it is about, 0 where that is `premise`. `again` is true where another
    question was answered with the very same just before. `facts` are
    what these rest on; `kind` is None and `by` empty where they differ. `changes` says
    what has happened since, `disputes` who contradicts it, each a sentence with its
    numbers; `context` are the facts of those. `as_of` is the latest date of all of
    them. `stale` is true where the answer is so old that it may be out of date.
    `begins` names what is put first, as in `beginnings`.
    """

    entry: str
    asked: str
    question: str
    confidence: float
    sentences: tuple[str, ...]
    premise: str | None
    as_of: str
    kind: Kind | None
    by: tuple[str, ...]
    changes: tuple[str, ...]
    disputes: tuple[str, ...]
    stale: bool
    facts: tuple[UsedFact, ...]
    context: tuple[UsedFact, ...]
    sources: tuple[NumberedSource, ...]
    related: tuple[Link, ...]
    opening: Opening | None = None
    lead: int = 0
    moved: bool = False
    repeated: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    again: bool = False
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Closest:
    """One entry is plainly nearest, but not sure enough to be the answer.

    It is shown as the closest there is, never as if it were the answer: `entry`, and of
    its answer the sentence that meets the question best, `lead`, with the numbers of
    its sources. `others` are at most two entries to be shown beside it. The rest is as
    in `Answer`, of what the lead rests on.
    """

    asked: str
    entry: Link
    lead: str
    others: tuple[Link, ...]
    as_of: str
    kind: Kind | None
    by: tuple[str, ...]
    changes: tuple[str, ...]
    disputes: tuple[str, ...]
    stale: bool
    facts: tuple[UsedFact, ...]
    context: tuple[UsedFact, ...]
    sources: tuple[NumberedSource, ...]
    begins: str = ""


Told = Answer | Closest
"""What is told of an entry: it has facts, a date, and sources."""


@dataclass(frozen=True, slots=True)
class RelatedFact:
    """A fact shown where no entry answers: its sentence, with its sources' numbers.

    `changes` and `disputes` are as in `Answer`, without what is shown beside it.
    """

    id: str
    text: str
    changes: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """No entry answers it, but facts speak of it.

    `related` are the nearest to the question, nearest first, at least one and at most
    three, and `sources` the sources of those.
    """

    asked: str
    related: tuple[RelatedFact, ...]
    sources: tuple[NumberedSource, ...]


@dataclass(frozen=True, slots=True)
class DidYouMean:
    """Up to three entries that may have been meant, best first."""

    asked: str
    offered: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class NotCovered:
    """No answer. `note` is what no source says, where a curator wrote it, else None.

    `related` are facts about the same people or things, at most three, and `sources`
    the sources of those. Where the question is not about the story, `covers` says what
    can be asked, `examples` are at most three questions of different topics, and
    `topics` are all of these, each its name and its title; where it is, `covers` is
    None and there are none.
    """

    asked: str
    note: str | None
    related: tuple[RelatedFact, ...]
    sources: tuple[NumberedSource, ...]
    covers: str | None = None
    examples: tuple[Link, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """A greeting, thanks, or 'what can you do?': what can be asked, with examples.

    `topics` are as in `NotCovered`.
    """

    asked: str
    covers: str
    examples: tuple[Link, ...]
    topics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """Chatter that was not meant for the bot: nothing is said."""

    asked: str


Outcome = Answer | Closest | Facts | DidYouMean | NotCovered | Help | Silent


class Thresholds(NamedTuple):
    """Confidences, 0-1, from which to answer, and to answer unasked.

    `offer` is how likely a question must be about the story for anything to be offered.
    """

    answer: float = 0.75
    offer: float = 0.12
    ambient: float = 0.82


class Topic(NamedTuple):
    """What a conversation is about: what was asked, and the entities that it names.

    `asked` is the last question in full, as it was read. `names` are those of it and of
    `entry`, the one it led to or was nearest to, which is None where there is none;
    `is_told` is whether that was sure enough to be the answer. `people` are the persons
    who were talked about last, where none is now: "he" may still mean one of them.
    """

    asked: str
    names: tuple[str, ...]
    entry: str | None = None
    is_told: bool = False
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a conversation: a message, and what it led to.

    There is one outcome for each question in it (at least one). `topic` is what a
    question after it may take up.
    """

    text: str
    outcomes: tuple[Outcome, ...]
    topic: Topic

    @property
    def said(self) -> tuple[Outcome, ...]:
        """The outcomes that are not silence, in order."""
        return tuple(one for one in self.outcomes if not isinstance(one, Silent))

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The question of each outcome that nobody has answered; "" for the others."""
        single = len(self.outcomes) == 1
        return tuple(
            (self.text if single else one.asked)
            if isinstance(one, Facts | NotCovered)
            else ""
            for one in self.outcomes
        )

    @property
    def name(self) -> Name:
        """The message's outcome: the best that any of its questions led to."""
        names = {name_of(outcome) for outcome in self.outcomes}
        return next(name for name in _BEST_FIRST if name in names)


@dataclass(frozen=True, slots=True)
class Reply(Turn):
    """What one message leads to, and why.

    `candidates` are the best five entries for the first question, best first, whatever
    the outcome. `thresholds` are those of the decision. `revision` names the story's
    state that answered.
    """

    candidates: tuple[Candidate, ...]
    explanation: Explanation
    thresholds: Thresholds
    revision: str

    @property
    def turn(self) -> Turn:
        """What is remembered of it: without the why, a tenth of the memory."""
        return Turn(self.text, self.outcomes, self.topic)


_BEST_FIRST: Sequence[Name] = get_args(Name)


def name_of(outcome: Outcome) -> Name:  # noqa: PLR0911 - one for each outcome
    """The outcome's name in the JSON contract."""
    match outcome:
        case Answer():
            return "answer"
        case Closest():
            return "closest"
        case Facts():
            return "facts"
        case DidYouMean():
            return "did_you_mean"
        case NotCovered():
            return "not_covered"
        case Help():
            return "help"
        case Silent():
            return "silent"
        case _:
            assert_never(outcome)


def without_repeats(
    found: Iterable[Outcome], before: Turn | None
) -> tuple[Outcome, ...]:
    """Outcomes without an answer that is there twice, or is offered beside itself.

    One that was given to another question in the turn before says that it is given
    again.
    """
    found = list(found)
    given = {one.entry for one in found if isinstance(one, Answer)}
    told = {
        (one.entry, one.sentences, one.premise): one.asked
        for one in (before.outcomes if before else ())
        if isinstance(one, Answer)
    }
    kept: dict[object, Outcome] = {}
    for at, one in enumerate(found):
        if isinstance(one, DidYouMean):
            others = tuple(link for link in one.offered if link.entry not in given)
            kept[at] = replace(one, offered=others or one.offered)
            continue
        if not isinstance(one, Answer):
            kept[at] = one
            continue
        same = (one.entry, one.sentences, one.premise)
        again = told.get(same, one.asked) != one.asked
        kept.setdefault(same, replace(one, again=again))
    return tuple(kept.values())


def put_forward(outcomes: Iterable[Outcome]) -> tuple[Link, ...]:
    """The entries that an asker is put to choose from, in the order of the contract.

    Those of questions with a closest one come first, that one before the others; each
    is there once.
    """
    shown = list(outcomes)
    closest = [one for one in shown if isinstance(one, Closest)]
    offers = [one for one in shown if isinstance(one, DidYouMean)]
    near = (link for one in closest for link in (one.entry, *one.others))
    found = chain(near, (link for one in offers for link in one.offered))
    return tuple({link.entry: link for link in found}.values())


def entry_of(told: Told) -> str:
    """The entry of which something is told."""
    return told.entry if isinstance(told, Answer) else told.entry.entry
