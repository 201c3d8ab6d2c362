"""Where every way of asking comes together: one answerer, one pace, one memory.

Knows no Discord: people, channels, servers and messages are ids here. Answers are
worked out in lanes of their own, so that nothing else that takes long holds them up.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.answering.answerer import Answerer
from bot.answering.outcome import (
    Answer,
    Closest,
    Link,
    Outcome,
    Reply,
    Silent,
    Told,
    Turn,
    entry_of,
    name_of,
)
from bot.discord_bot.asking.answer_again import Again, again
from bot.discord_bot.asking.asked import Asked, Given
from bot.discord_bot.asking.keeping import Keeping
from bot.discord_bot.asking.rate_limits import Pace
from bot.discord_bot.asking.traces import Said, Traces
from bot.discord_bot.counting import Counts, Uncounted
from bot.discord_bot.showing.limits import MAX_CARDS
from bot.lane import Lane
from bot.memory import Clock, Memory
from bot.moderating.unanswered import Unanswered
from bot.moderating.workshop import Workshop
from bot.records.corrections import PRIVATE
from bot.records.questions import MAX_QUESTION
from bot.records.records import Records
from bot.records.redaction import fold, redact
from bot.records.values import (
    Answered,
    ChannelSettings,
    Day,
    Message,
    RecordsError,
    Shown,
    Waiting,
)

COOLDOWN: Final = 60
"""Seconds between answers that nobody asked the bot for, where none are set."""

MOST_OFFERS: Final = 20  # that wait, and talk: people have typed on before their turn
_MOST: Final = 10_000  # people, or channels, of whom something is remembered
_DAY: Final = 86400.0  # seconds; no channel rests for longer
_TALK: Final = 5 * 60.0  # seconds in which a question may go on from the last one
_SHOWN: Final = 15 * 60.0  # seconds in which a message's question is remembered
_TURNS: Final = 3000  # turns that are remembered: over three a second for all of _SHOWN
_LANGUAGE: Final = 30 * 86400.0  # seconds in which a person's language is remembered
_SETTINGS: Final = 60.0  # seconds after which another process's change is seen
_FAILED: Final = 60.0  # seconds in which a channel is not told of another failure


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator has set: the story's name in the records, and who may do what.

    Moderators of the story have one of `moderator_roles` in one of the `home_guilds`;
    `moderators_channel` is where they are told things, None where they are not; what
    they did is deleted after `audit_days`, and kept where that is None.
    """

    story: str = "story"
    reads_channels: bool = False
    home_guilds: frozenset[int] = frozenset()
    moderator_roles: frozenset[int] = frozenset()
    moderators_channel: int | None = None
    audit_days: int | None = None


class App(Keeping):
    """Answers, and keeps what must be kept.

    `answerer` may be swapped at any time: a question sees one, whole. `records` is None
    where nothing can be kept; then nobody is asked for a vote. `leads` tells whether
    this process does what one does for all, such as purging; `keeps`, whether it writes
    the story's files. `workshop` is where moderators change the story, None where they
    cannot. `languages` are people's last locales: direct messages do not tell them.
    Answers are worked out in `answers`; `lookups` are what is wanted while somebody
    types, or looks at a record; `aside`, which takes longer, gives way to answers.
    """

    def __init__(
        self,
        answerer: Answerer,
        today: Callable[[], date],
        records: Records | None = None,
        options: Options | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__()
        self.answerer, self.today, self.records = answerer, today, records
        self.workshop: Workshop | None = None
        self.leads = self.keeps = True
        self.options = options or Options()
        self.clock = clock
        self.counts: Counts = Uncounted()
        self.pace = Pace(clock)
        self.answers, self.lookups = Lane(), Lane()
        self.aside = Lane(behind=self.answers)
        self.traces = records and Traces(
            records, self.options.story, lambda: self.answers.waiting > 0
        )
        self.languages = Memory[int, str](clock, _LANGUAGE)
        self._talks = Memory[tuple[int, int], Turn](clock, _TALK, _TURNS)
        self._shown = Memory[int, tuple[int, Turn]](clock, _SHOWN, _TURNS)
        self.unanswered = Unanswered()
        self.given = Memory[int, Given](clock, _SHOWN, _TURNS)
        self._channels = Memory[tuple[int, int], tuple[ChannelSettings, float]](
            clock, _DAY, _MOST
        )
        self._failed = Memory[int, bool](clock, _FAILED)
        self._sent = Memory[tuple[int, str], int](clock, _LANGUAGE, _MOST)
        self._public = Memory[tuple[int, int], bool](clock, 0.0, _MOST)
        self._unasked = Memory[int, float](clock, _DAY, _MOST)

    async def reply(self, asked: Asked) -> Reply | None:
        """What a question leads to; None where there are no words in it."""
        if not re.search(r"\w", asked.text):
            return None
        after = await self._previous(asked)
        # What may not be meant for the bot never holds up what is.
        lane = self.lookups if asked.ambient else self.answers
        return await lane.do(
            self.answerer.reply,
            asked.text,
            self.today(),
            ambient=asked.ambient,
            after=after,
        )

    @property
    def unasked(self) -> Answerer:
        """What answers where nobody asks just now, so that it counts in no figure."""
        return self.workshop.serving() if self.workshop else self.answerer

    async def suggest(self, typed: str, limit: int, person: int) -> tuple[Link, ...]:
        """Questions to offer while someone types, best first; none where it is much."""
        if self.lookups.waiting > MOST_OFFERS or self.pace.look(person):
            return ()
        return await self.lookups.do(self.answerer.suggest, typed, limit)

    async def _previous(self, asked: Asked) -> Turn | None:
        """The turn that a question may go on from.

        That of the message it refers to, which the records know where memory does not;
        else the last one that the same person had in the same channel some minutes ago.
        None where there is none.
        """
        if asked.refers is None:
            return self._talks.get((asked.person, asked.channel))
        if found := self.shown_by(asked.refers):
            return found
        entry = asked.entry or next(iter(await self.shown_in(asked.refers)), "")
        known = self.answerer.story.entry(entry)
        if known is None:
            return None
        return await self.answers.do(self.answerer.reply, known.question, self.today())

    def again(self, entry: str, mark: str = "", asked: str = "") -> Again | None:
        """The answer of an entry again, as `again` finds it; None where it is gone."""
        return again(self.answerer, entry, mark, self.today(), asked)

    def shown_by(self, message: int) -> Turn | None:
        """The turn that a message shows; None where it is not remembered."""
        found = self._shown.get(message)
        return found[1] if found else None

    def question_of(self, message: int) -> str:
        """The question that a message answers; "" where it is not remembered."""
        found = self.shown_by(message)
        return found.text if found else ""

    def may_be_public(self, person: int, channel: int, delay: int) -> bool:
        """Whether a person may cause another public message where there is slow mode.

        Discord holds their messages back, not their commands and clicks.
        """
        if self._public.get((person, channel)):
            return False
        if delay:
            self._public.put((person, channel), True, delay)  # noqa: FBT003 - it is so
        return True

    async def done(
        self,
        asked: Asked,
        reply: Reply,
        message: int | None,
        *,
        is_private: bool,
        is_new: bool = True,
    ) -> None:
        """Remember what a message showed; what must outlive a restart, in the records.

        Of a private message is only counted that there was one: it cannot be corrected.
        `is_new`: it was asked just now, which is counted, once, and what it led to.
        None for a message that is not known.
        """
        counted = self._led_to(reply) if is_new else set[tuple[str, str]]()
        shown: list[Said] = []
        if message:
            self._talks.put((asked.person, asked.channel), reply.turn)
            self._shown.put(message, (asked.person, reply.turn))
            where = Message(asked.guild, asked.channel, message)
            told = self._told(where, reply.outcomes, asked.person)
            if is_private:
                counted |= {(PRIVATE, one.answer.entry) for one, _ in told}
            else:
                shown = told
        days = [Day(self.now().date(), what, about, 1) for what, about in counted]
        missing = [(text, self.now()) for text in reply.unanswered if text]
        if self.traces and (shown or days or missing):
            await self.traces.leave(shown, days, missing)

    @staticmethod
    def _led_to(reply: Reply) -> set[tuple[str, str]]:
        """What is counted of a message that was asked, and its subject; not silence."""
        if reply.name == "silent":
            return set()
        counted = {("asked", "")}
        for one in reply.outcomes:
            subject = one.entry if isinstance(one, Answer) else ""
            counted.add((name_of(one), subject))
        return counted - {("silent", "")}

    async def note_shown(
        self, where: Message, outcomes: Sequence[Outcome], person: int, first: int = 0
    ) -> None:
        """Keep what a message tells of entries; `first` is the first one's place."""
        if self.traces:
            await self.traces.leave(self._told(where, outcomes, person, first))

    def _told(
        self, where: Message, outcomes: Sequence[Outcome], person: int, first: int = 0
    ) -> list[Said]:
        """What a message tells of entries, and who asked, in direct messages only.

        There the message's channel tells who it was, so that it must be found when they
        want it deleted.
        """
        asker = person if where.guild is None else None
        said = [one for one in outcomes if not isinstance(one, Silent)]
        return [
            (self.shown(where, one, place), asker)
            for place, one in enumerate(said[:MAX_CARDS], first)
            if isinstance(one, Told)
        ]

    def shown(self, where: Message, told: Told, place: int) -> Shown:
        """What a message tells of an entry on one of its cards, for the records."""
        facts = tuple(fact.id for fact in (*told.facts, *told.context))
        answered, closest = self.answered(entry_of(told)), isinstance(told, Closest)
        return Shown(where, answered, facts, self.now(), place, closest, told.begins)

    async def note_missing(self, question: str) -> None:
        """Count a question that found no answer."""
        if self.traces and question:
            await self.traces.leave(missing=[(question, self.now())])

    async def wait_for(
        self, question: int | str, person: int, guild: int | None, channel: int | None
    ) -> bool | None:
        """Keep that a person wants to be told when a question is answered, and where.

        It is given by its fingerprint, or by its id, as cards once did. In direct
        messages where `guild` and `channel` are None. False where the question is no
        longer kept, None where nothing can be kept.
        """
        if self.records is None:
            return None
        if self.traces:
            await self.traces.settled()
        kept, story = self.records.questions, self.options.story

        async def wait() -> bool:
            number = question
            if isinstance(number, str):
                number = await kept.find(story, number) or 0
            return await kept.wait(Waiting(number, person, guild, channel, self.now()))

        return await self.kept(wait())

    async def shown_in(self, message: int) -> tuple[str, ...]:
        """The entries of which a message tells, as far as that is known."""
        if found := self.shown_by(message):
            told = (one for one in found.outcomes if isinstance(one, Told))
            return tuple(map(entry_of, told))
        if self.records is None:
            return ()
        kept = await self.soon(self.records.shown.by(message))
        return tuple(one.answer.entry for one in kept or ())

    async def send_question(self, text: str, person: int) -> int | None:
        """Send a question to the moderators; None where there are no words in it.

        However often one person does, it counts once.

        Raises:
            RecordsError: It cannot be kept.
        """
        key = person, fold(redact(text, MAX_QUESTION))
        number = self._sent.get(key)
        if number is None:
            if self.records is None:
                raise RecordsError("There are no records.")
            number = await self.records.questions.note(
                self.options.story, text, self.now(), sent=True
            )
            if number is not None:
                self._sent.put(key, number)
        return number

    def answered(self, entry: str) -> Answered:
        """An entry as it is answered now, for the records."""
        return Answered(self.options.story, entry, self.answerer.story.revision)

    def forgotten(self, message: int) -> None:
        """Forget a message that was deleted."""
        self._shown.pop(message)
        self.replaced(message)

    def replaced(self, message: int) -> None:
        """Forget what a message told, as it shows something else now."""
        if self.traces:
            self.traces.gone(message)

    async def end(self) -> None:
        """Write what answers left, and use the records no more."""
        if self.traces:
            await self.traces.end()
        await self.answered_soon()

    def forget_person(self, person: int) -> None:
        """Forget what is remembered of a person here."""
        if self.traces:
            self.traces.forget(lambda _, asker: asker == person)
        self._talks.forget(lambda key, _: key[0] == person)
        self._shown.forget(lambda _, shown: shown[0] == person)
        self._sent.forget(lambda key, _: key[0] == person)
        self.given.forget(lambda _, given: given.person == person)
        self.languages.pop(person)

    async def channel(self, guild: int, channel: int) -> ChannelSettings:
        """The settings of a channel, as they were at most a minute ago.

        As they were last known, where the records do not tell.
        """
        known, until = self._channels.get((guild, channel)) or (ChannelSettings(), 0.0)
        if self.records and self.clock() >= until:
            read = self.records.settings.of_channel(guild, channel)
            known = await self.soon(read) or known
            self._know(guild, channel, known)
        return known

    def _know(self, guild: int, channel: int, settings: ChannelSettings) -> None:
        self._channels.put((guild, channel), (settings, self.clock() + _SETTINGS))

    async def set_channel(
        self, guild: int, channel: int, settings: ChannelSettings
    ) -> None:
        """Set all of a channel's settings.

        Raises:
            RecordsError: They cannot be kept.
        """
        if self.records is None:
            raise RecordsError("There are no records.")
        await self.records.settings.set_channel(guild, channel, settings)
        self._know(guild, channel, settings)

    def is_resting(self, channel: int, cooldown: int | None) -> bool:
        """Whether an unasked answer was given in a channel too shortly ago."""
        seconds = COOLDOWN if cooldown is None else cooldown
        last = self._unasked.get(channel)
        return last is not None and self.clock() < last + seconds

    def rest(self, channel: int) -> None:
        """Begin the time in which no other unasked answer is given in a channel."""
        self._unasked.put(channel, self.clock())

    def may_tell_failure(self, channel: int) -> bool:
        """Whether a failure may be told in a channel: once in a minute."""
        if self._failed.get(channel):
            return False
        self._failed.put(channel, True)  # noqa: FBT003 - that it was told
        return True
