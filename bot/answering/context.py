"""What a message takes up from the conversation before it.

Pure: it says as what a message may be read, and which of those readings is to be
believed once they are ranked. A message that says all it needs is read alone.

Its numbers were measured in November 2026 on 143 second turns over five stories, and
on 1,120 whole questions asked after another one, which must lead where they lead alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from bot.answering.believing import (
    Believed,
    Read,
    believed,
    first,
    is_led_to,
    likeliest,
    worth_alone,
)
from bot.answering.message import (
    KIND,
    OUTCOMES,
    PREPOSITIONS,
    Message,
    as_one,
    message_of,
    replaced,
)
from bot.answering.outcome import Topic
from bot.answering.preparing import unknown_key
from bot.answering.pronouns import THINGS, People, Sort
from bot.answering.topic import Talk, Topics, leading, named
from bot.matching.candidate import Explanation
from bot.matching.ranking import Matcher
from bot.matching.text import clean
from bot.story.model import Story
from bot.story.prose import fold, plain

_Text = tuple[str, str | None]
"""A text to read a message as, and the entry that it may not lead to, if any."""

_OPEN: Final = 1.1
"""What a reading in context counts of a message that asks for a context."""

_CLOSED: Final = 0.8
"""What it counts of one that could stand alone."""

_PAIR: Final = 2
"""How many "they" may be to be tried one by one; of more it is not told who."""

_FEW: Final = 2
"""Words of substance up to which a message may leave out the thing it is about."""

_MOST: Final = 4
"""Words of substance above which a message that asks for no context gets none."""

_VAGUE: Final = frozenset({"what", "how", "yes/no", "what was said"})
_GENDERS: Final[frozenset[Sort]] = frozenset({"he", "she"})


class Context:
    """Reads messages of one story in the context of what was talked about.

    `topics` follows what that is.
    """

    def __init__(self, story: Story, matcher: Matcher) -> None:
        self._story = story
        self._unknowns = {unknown_key(one): one for one in story.unknowns.values()}
        self._reader = matcher.reader
        self.topics = Topics(story, matcher.reader)
        self._people = People(story, matcher.reader)

    def readings(
        self, text: str, alone: Explanation, topic: Topic | None
    ) -> list[Read]:
        """As what else a message may be read, at most two texts, the likelier first.

        None where it says all it needs, or nothing at all.
        """
        talk = self.topics.talk(topic) if topic else None
        is_part_read = fold(alone.reading.text) != fold(clean(text))
        if talk is None or not (talk.names or talk.near) or is_part_read:
            return []
        message = message_of(text, alone, self._people.fitting)
        if message.says_nothing:
            return []
        if not message.is_open and len(message.own) > _MOST:
            return []
        is_same = self._is_same_kind(message, talk)
        weight = _OPEN if message.is_open else _CLOSED
        known = {fold(text)}
        reads: list[Read] = []
        for other, barred in self._texts(message, talk):
            if fold(other) not in known:
                known.add(fold(other))
                reads.append(
                    Read(as_one(other), weight, talk.told if is_same else barred)
                )
        return reads[:2]

    def leans(self, text: str, alone: Explanation) -> bool:
        """Whether a message means by a pronoun what was named before it."""
        message = message_of(text, alone, self._people.fitting)
        return bool(message.sorts) and not message.asked.names

    def choose(
        self,
        text: str,
        alone: Explanation,
        ranked: Sequence[tuple[Read, Explanation]],
        topic: Topic | None,
        sure: float,
    ) -> Explanation:
        """The reading that is surest, of those that can be believed.

        `sure` is the confidence that makes an answer.
        """
        if topic is None:
            return alone
        message = message_of(text, alone, self._people.fitting)
        talk = self.topics.talk(topic)
        if not ranked:
            is_hers = _GENDERS & {*message.sorts} and not self._fits(
                message, alone, talk
            )
            return replace(alone, candidates=()) if is_hers else alone
        found = [believed(read, one, message, talk, sure) for read, one in ranked]
        found = [one for one in found if one and self._fits(message, one.found, talk)]
        own = Believed(worth_alone(message) * alone.surest, alone)
        if not self._is_alone(message, alone, talk):
            return likeliest(found, message) or replace(alone, candidates=())
        best = likeliest([*found, own], message) or alone
        is_full = len(message.own) > 1 and alone.surest >= sure
        is_same = is_full and is_led_to(best, first(alone))
        return alone if is_same else best

    def _texts(self, message: Message, talk: Talk) -> Iterator[_Text]:
        other = self._other(talk) if message.is_the_other else None
        if message.fragment and (other or not message.is_the_other):
            yield from self._put_in(message, talk, other)
        elif message.is_the_other:
            return
        elif message.is_bare and not (message.is_what or message.goes_on):
            yield from self._asked_anew(message, talk)
        elif not message.is_whole and not self._is_stranger(message, talk):
            yield from self._filled_in(message, talk)

    def _is_stranger(self, message: Message, talk: Talk) -> bool:
        """Whether "he" or "she" can mean nobody who was talked about."""
        said = _GENDERS & {*message.sorts}
        return any(not self._meant(sort, talk) for sort in said)

    def _put_in(
        self, message: Message, talk: Talk, other: str | None
    ) -> Iterator[_Text]:
        """The question before with a name, a place, a date in place of its own."""
        fragment, names = message.fragment, message.asked.names
        if other:
            fragment, names = self._name(other), frozenset({f"@{other}"})
        is_swapped = False
        for text, entry in talk.matters if names or message.unknown else ():
            is_again = not other and message.has_lead and self._asks_of(entry, names)
            if swapped := self._swapped(text, fragment, names):
                yield swapped, None if is_again else entry
                is_swapped = True
        if is_swapped:
            return
        if message.own - OUTCOMES and not message.unknown:
            yield " ".join([fragment, *map(self._name, talk.names)]), None
        yield f"{KIND.sub(' ', talk.asked)} {fragment}", talk.told

    def _other(self, talk: Talk) -> str | None:
        """Whom else, like the one asked about, the answer to that speaks of."""
        said = list(self._names(talk.asked)) or talk.names
        types = {self._story.entities[one].type for one in said[:1]}
        told = [
            one for text in self._told(talk.near or "") for one in self._names(text)
        ]
        return next(
            (
                one
                for one in told
                if one not in said and self._story.entities[one].type in types
            ),
            None,
        )

    def _asks_of(self, entry: str | None, names: AbstractSet[str]) -> bool:
        """Whether some wording of an entry names all of some names."""
        ways = self._story.entries[entry].ways if entry else ()
        said = {one.removeprefix("@") for one in names}
        return bool(said) and any(said.issubset(self._names(way)) for way in ways)

    def _swapped(self, text: str, fragment: str, names: AbstractSet[str]) -> str | None:
        """A text with a fragment in the place of the name that it is like."""
        if fold(fragment).split()[0] in PREPOSITIONS:
            return f"{text} {fragment}"
        new = [self._story.entities.get(one.removeprefix("@")) for one in names]
        types = {one.type for one in new if one} or {"person"}
        named = [self._story.entities[one] for one in self._names(text)]
        alike = [one for one in named if one.type in types] or named
        for one in alike:
            ways = sorted((one.name, *one.aliases), key=len, reverse=True)
            for way in ways:
                found = re.compile(rf"\b{re.escape(way)}\b(?:['’]s)?", re.IGNORECASE)
                if found.search(text):
                    return found.sub(lambda _: fragment, text)
        return None

    def _asked_anew(self, message: Message, talk: Talk) -> Iterator[_Text]:
        """The matter before, asked for another kind of answer."""
        if kinds := message.kinds:
            barred = talk.told if kinds == "what" else None
            yield f"{kinds} {KIND.sub(' ', talk.asked)}", barred
            text, names = self._resolved(message, talk)
            if message.is_place:
                yield " ".join([text, *names]), None

    def _filled_in(self, message: Message, talk: Talk) -> Iterator[_Text]:
        """The message with names for its pronouns, and with what it leaves out."""
        is_echo = message.is_what or not (message.sorts or message.asked.names)
        barred = talk.told if is_echo else None
        text, names = self._resolved(message, talk)
        things = self.topics.things(talk)
        if message.sorts or message.is_open:
            yield " ".join([text, *names]), barred
        if {"it"}.isdisjoint(message.sorts):
            other, added = self._resolved(message, talk, -1)
            yield " ".join([other, *added]), barred
        if len(message.own) <= _FEW and not message.asked.names:
            for thing in things:
                filled = replaced(text, "it", f"the {thing}")
                again = barred if message.goes_on else talk.told
                yield " ".join([filled, *names]), again

    def _resolved(
        self, message: Message, talk: Talk, whom: int = 0
    ) -> tuple[str, list[str]]:
        """The text with names for the pronouns that mean one; names to add to it.

        `whom` is which of those whom "he" or "she" can mean.
        """
        text = message.text
        added: list[str] = []
        things = self.topics.things(talk)
        if message.has_there and things and not self._things(talk):
            text = f"{text.rsplit(maxsplit=1)[0]} at the {things[0]}"
        for sort in message.sorts:
            names = self._meant(sort, talk)
            if sort != "it" and 0 < len(names) <= _PAIR:
                names = [names[whom]]
            if len(names) == 1 and self._is_plain(sort, names[0], message):
                text = replaced(text, sort, self._name(names[0]))
            else:
                added += talk.names if sort == "it" or not names else []
        if not message.sorts:
            added += talk.names
        fit = [one for one in dict.fromkeys(added) if self._may_fit(one, message)]
        return text, [name for name in map(self._name, fit) if name not in text]

    def _may_fit(self, name: str, message: Message) -> bool:
        """Whether somebody may be added to a message that says "he" or "she"."""
        is_person = self._story.entities[name].type == "person"
        said = _GENDERS & {*message.sorts}
        return not (is_person and said) or any(
            self._people.fitting(sort, [name]) for sort in said
        )

    def _meant(self, sort: Sort, talk: Talk) -> list[str]:
        """Whom a pronoun can mean: of those talked about last, who fits.

        After "who …?", "he" is whoever that was, or else who was asked about.
        """
        most = 2 if "who" in self._reader.understand(talk.asked).wants else 1
        found: list[str] = []
        for tier in self._tiers(sort, talk):
            fit = self._people.fitting(sort, tier)
            if fit and sort not in _GENDERS and not self._is_one_person(fit):
                return fit
            if sort not in _GENDERS:
                continue
            found += [one for one in fit[:1] if one not in found]
        return found[:most]

    def _tiers(self, sort: Sort, talk: Talk) -> Iterator[list[str]]:
        """The names talked about: what was asked, what it led to, what that says."""
        asked = self._reader.understand(talk.asked)
        said = named(asked)
        entry = self._story.entries.get(talk.near or "")
        told = list(self._names(plain(entry.answer))) if entry else []
        told = [one for one in told if one not in said]
        if sort == "it":
            yield self._things(talk)
            yield talk.names
        elif "who" in asked.wants and asked.content:
            yield told
        yield said
        yield talk.names
        if sort in _GENDERS:
            yield talk.people
        yield told

    def _things(self, talk: Talk) -> list[str]:
        """The things, among them places, that were asked about."""
        entities = self._story.entities
        said = self._names(talk.asked)
        return [one for one in said if entities[one].type in THINGS]

    def _is_one_person(self, names: Sequence[str]) -> bool:
        """Whether these are one person whom the story calls he or she: never "they"."""
        return len(names) == 1 and self._people.sort(names[0]) is not None

    def _is_plain(self, sort: Sort, name: str, message: Message) -> bool:
        """Whether a pronoun of that sort means an entity, rather than an event."""
        if sort != "it":
            return True
        return self._story.entities[name].type in THINGS and message.has_it

    def _is_alone(self, message: Message, alone: Explanation, talk: Talk) -> bool:
        """Whether what is found alone can be meant.

        A new name in an old question asks that question, not whatever else is known of
        whom it names; and "he" asks for what speaks of him.
        """
        is_not = message.is_bare or message.is_other
        return not is_not and self._fits(message, alone, talk)

    def _fits(self, message: Message, found: Explanation, talk: Talk) -> bool:
        """Whether what is found speaks of whom a pronoun means, or can mean."""
        best = next(iter(found.candidates), None)
        if best and message.is_other and not self._is_of(best.id, message):
            return False
        said = list(self._told_names(best.id)) if best else []
        types = {one: self._story.entities[one].type for one in said}
        persons = [one for one in said if types[one] == "person"]
        for sort in _GENDERS & {*message.sorts}:
            can_be = self._meant(sort, talk) or persons
            if can_be and not self._people.fitting(sort, {*can_be} & {*said}):
                return best is None
        they = self._meant("they", talk) if "they" in message.sorts else []
        return best is None or not they or not {*they}.isdisjoint(said)

    def _is_of(self, target: str, message: Message) -> bool:
        """Whether an entry is about the persons that a message names.

        One of its wordings or sentences begins with them; else it only mentions them.
        """
        entry = self._story.entries.get(target)
        if entry is None:
            return True
        names = {name.removeprefix("@") for name in message.asked.names}
        persons = {one for one in names if self._story.entities[one].type == "person"}
        texts = [*entry.ways, *(sentence.text for sentence in entry.sentences)]
        read = map(self._reader.understand, texts)
        return persons.issubset(name for said in read for name in leading(said))

    def _told_names(self, target: str) -> Iterable[str]:
        return (name for text in self._told(target) for name in self._names(text))

    def _is_same_kind(self, message: Message, talk: Talk) -> bool:
        """Whether the kind of answer is asked for that was asked for before."""
        before = self._reader.understand(talk.asked).wants
        return bool(message.asked.wants & before - _VAGUE)

    def _told(self, target: str) -> Iterator[str]:
        """What an entry, or an unknown, asks and says."""
        if entry := self._story.entries.get(target):
            yield from (*entry.ways, entry.answer)
        elif unknown := self._unknowns.get(target):
            yield from (*unknown.ways, unknown.note)

    def _names(self, text: str) -> Iterable[str]:
        """The entities that a text names, in its order."""
        return named(self._reader.understand(text))

    def _name(self, name: str) -> str:
        return self._story.entities[name].name
