"""What the records give and take: frozen values, with no database in them.

Ids of guilds, channels, messages and people are Discord's. Times know their zone and
come back in UTC. The ids of stories, entries, facts and revisions are the story's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

KEPT_QUESTIONS: Final = timedelta(days=30)
"""How long a question is kept after it was last asked, and who waits for its answer."""

KEPT_ANSWERS: Final = timedelta(days=365)
"""How long is kept which message showed what, and votes on it and reports of it."""

CORRECTED: Final = timedelta(days=90)
"""How long after it was shown an answer is corrected: later hardly anybody reads it."""

LAST: Final = 2**31 - 1
"""No row's id is higher."""

KEPT_DRAFTS: Final = timedelta(days=30)
"""How long a draft is kept after it was last changed."""

KEPT_DAYS: Final = timedelta(days=365)
"""How long it is kept how often something happened on a day."""

Verdict = Literal["helpful", "wrong"]

QuestionState = Literal["open", "not-ours", "spam"]
"""`not-ours` and `spam`: settled, and not shown again however often it is typed."""

DraftState = Literal["open", "proposed", "applied", "refused", "withdrawn"]
"""`open`: still being written; `proposed`: waits for a second moderator."""

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


class RecordsError(Exception):
    """The records cannot be used, or what was given cannot be kept.

    Its text is one plain sentence, with the mend where there is one. It holds no
    password and no secret.
    """


class UnfitError(RecordsError):
    """What was given cannot be kept, however well the database is."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in Discord; `guild` is None in direct messages."""

    guild: int | None
    channel: int
    id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was given: an entry of a story at a revision."""

    story: str
    entry: str
    revision: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people's votes an entry has."""

    helpful: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Objection:
    """Why someone voted an answer wrong, in their words, redacted.

    Whoever votes anew makes a new one, of another id.
    """

    id: int
    answer: Answered
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """A message that someone reported, and why, in their words, redacted."""

    id: int
    message: Message
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question without an answer, redacted.

    `asked` counts how often it found no answer, `sent` how often someone sent it to the
    moderators. `first` and `last` are when either happened.
    """

    id: int
    story: str
    text: str
    asked: int
    sent: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that a message shows, and the facts it rests on, in their order.

    `place` is the card it is on, from 0. `closest`: it is shown as the closest there
    is, and not as the answer. `begins` names what is put first, as answering does; ""
    where that is as written.
    """

    message: Message
    answer: Answered
    facts: tuple[str, ...]
    at: datetime
    place: int = 0
    closest: bool = False
    begins: str = ""


CorrectedState = Literal["waiting", "done", "archived", "refused", "stopped"]
"""`archived`: in a thread that rests; `refused`: the bot may not, or no longer."""


@dataclass(frozen=True, slots=True)
class Altered:
    """What a change alters of what people were told: entries and facts, by id."""

    entries: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything."""
        return bool(self.entries or self.facts)


@dataclass(frozen=True, slots=True)
class Begun:
    """A correction to be begun; as in Correction."""

    story: str
    draft: int
    title: str
    note: str
    before: str
    altered: Altered


@dataclass(frozen=True, slots=True)
class Correction:
    """What people were told is corrected in the messages that showed it.

    `draft` is the change it came of, `title` what that did, `note` what people read of
    it. `before` is the revision that was served before. `messages` is how many showed
    it in the beginning; `states` counts those that are still there by what became of
    them. `private` is how often it was shown to one person alone, which nobody can
    correct. `finished` is None as long as any wait.
    """

    id: int
    story: str
    draft: int
    title: str
    note: str
    before: str
    at: datetime
    messages: int
    private: int
    finished: datetime | None
    states: Mapping[str, int]

    @property
    def gone(self) -> int:
        """How many messages were deleted since, or show something else."""
        return self.messages - sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be corrected, and all that it shows, by place.

    `corrected` are, by entry, the corrections that it is to tell of: those that wait,
    and those made of it before, oldest first. `waiting` are the entries and the
    corrections that wait.
    """

    message: Message
    shown: tuple[Shown, ...]
    corrected: Mapping[str, tuple[tuple[datetime, str], ...]]
    entries: frozenset[str]
    corrections: frozenset[int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who wants to be told when a question is answered, and where; None: directly."""

    question: int
    person: int
    guild: int | None
    channel: int | None
    since: datetime


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What moderators have set for a channel.

    `answers_unasked`: questions are answered without a mention. `cooldown` is in
    seconds, None where it is not set.
    """

    answers_unasked: bool = False
    cooldown: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What a moderator did.

    `action` is an id such as `approve`, `subject` what it was done to. `moderator` and
    `name` are None where that person was deleted; so nobody's name or id should be in
    `subject` or `details`. `id` is None where the action is not kept yet.
    """

    at: datetime
    moderator: int | None
    name: str | None
    guild: int
    action: str
    subject: str
    details: Mapping[str, Json]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a moderator typed, to be kept before anything is done with it.

    `kind` is an id such as `edit`. `content` is what was typed, `base` what it was made
    from, so that it can be told whether somebody else changed that in between.
    `moderator` and `name` are None where that person was deleted; so nobody's name or
    id should be in `content` or `base`.
    """

    story: str
    guild: int
    moderator: int | None
    name: str | None
    kind: str
    content: Mapping[str, Json]
    base: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Draft(Typed):
    """What a moderator typed, as it is kept.

    `changed` is later at every change. `decided_by` is who applied or refused what
    another moderator proposed, None where nobody did or that person was deleted.
    """

    id: int
    state: DraftState
    created: datetime
    changed: datetime
    decided_by: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """How often something happened on a day, in UTC.

    `what` is an id such as `answer`; `subject` what it was about, such as an entry's
    id, or empty.
    """

    day: date
    what: str
    subject: str
    count: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were deleted.

    Of shown answers in guilds, of a moderator's actions and of drafts that are no
    longer theirs alone only the person is deleted, when a person is.
    """

    votes: int = 0
    reports: int = 0
    shown: int = 0
    questions: int = 0
    waiting: int = 0
    actions: int = 0
    drafts: int = 0
    days: int = 0
