"""What no way of asking an entry touches yet.

Cues are no suggestions: they say what of the answer nobody asks for, in its own words.
People write the ways.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.answering.answerer import Answerer
from bot.matching.english import IRREGULAR
from bot.matching.grammar import QUESTION_WORDS, Term, focus, forms, things
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked
from bot.matching.reader import Reader
from bot.matching.text import in_base, is_common, spoken, words
from bot.matching.weighing import is_light
from bot.story.figures import figures
from bot.story.model import Entity, Entry, Story
from bot.story.prose import MONTHS, fold

MOST: Final = 8
"""Words that are told of an entry; the rarest in the story."""

Kind = Literal["when", "how much", "how many", "how long", "who"]
"""The kinds of question that a part of an answer can do without."""

_MONTH: Final = "|".join(MONTHS)
_MONEY: Final = r"[$€£¥]\s?\d[\d.,]*(?:\s?(?:million|billion|bn|m|k)\b)?"
_HELD: Final[dict[Kind, re.Pattern[str]]] = {
    "when": re.compile(rf"(?:\d\d? )?(?:{_MONTH}) (?:\d\d?,? )?(?:19|20)\d\d"),
    "how much": re.compile(
        rf"{_MONEY}|\d[\d.,]*\s(?:million |billion )?(?:dollars|euros|pounds|cents)"
    ),
    "how long": re.compile(
        r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten)[ -]"
        r"(?:minute|hour|day|week|month|year)s?\b(?! old| later| ago| after| before)"
    ),
    "how many": re.compile(
        r"(?<![\w$€£¥.,:-])(?!(?:19|20)\d\d\b|(?:911|999|112)\b)"
        r"\d[\d,]*(?:\.\d+ [mb]illion)? (?:[a-z-]+ )?[a-z-]+s\b"
    ),
}
"""A kind of question → what in a text answers it."""

_DATES: Final = re.compile(rf"\b(?:\d\d? )?(?:{_MONTH})(?: \d\d?)?,?(?: \d{{4}})?\b")
_NUMBERED: Final = re.compile(r"\b[A-Z]\w* \d[\d.,]*")
"""A name with a number, such as a version; and what only looks like one."""

_ASKS: Final[dict[Kind, frozenset[str]]] = {
    "how many": frozenset({"how many", "how much", "how long"}),
    "who": frozenset({"who", "what was said"}),
}
"""What asks for a kind, beside the kind itself."""

_EMPTY: Final = frozenset(
    """said say because each below above next only after before more most less all not
    no first last once other another than while during according told now still ever yet
    today""".split()
)
"""Words that say nothing by themselves, however rare they are in a story."""

EVERYDAY: Final = forms(
    """make do get take put keep go come give let stay start time day people try
    think know see look find happen rest whole same thing stuff way kind sort type
    lot bit deal part side end front back top bottom point case matter issue story
    event incident affair situation mess problem trouble reason version option
    choice plan idea news number amount size date moment minute hour night evening
    morning week month year today monday tuesday wednesday thursday friday
    saturday sunday place spot job name page own one few single them everyone
    everybody nobody somebody person guy man woman question answer fact detail
    example chance turn word difference distance hand head eye face foot mouth
    mind"""
)
"""Words that an answer may have or lack, and it says nothing of what is asked."""

_ENDS: Final = frozenset("to in on at for with from by about off into".split())
"""Words after which no thing must follow: "at last"."""

WORD: Final = re.compile(r"[^\W_][\w’'-]*[^\W_]|[^\W_]")
"""A word as it is written, with its hyphens and apostrophes."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """A kind of question that no way asks, though a text answers it: with these words.

    `kind` is `passive` where somebody does something to somebody in every way, and in
    none has it done to them by somebody; `active` the reverse. Then `of` is such a way.
    """

    kind: Kind | Literal["passive", "active"]
    of: str


@dataclass(frozen=True, slots=True)
class Cues:
    """What no way of an entry has: names and words of its answer, and kinds.

    Names and words are as they are written, in their order.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    kinds: tuple[Unasked, ...]

    def __bool__(self) -> bool:
        """Whether there is anything left to ask."""
        return bool(self.names or self.words or self.kinds)


def cues(entry: Entry, story: Story, answerer: Answerer) -> Cues:
    """What no way of asking an entry touches."""
    reader = answerer.matcher.reader
    told = [one.text for one in entry.sentences]
    ways = [*entry.ways, *(claim for one in entry.premises for claim in one.claims)]
    read = [reader.understand(way) for way in ways]
    asked = frozenset[str]().union(*(one.everything for one in read))
    said = list(dict.fromkeys(term for text in told for term in reader.terms(text)))
    named = [one[1:] for one in said if one.startswith("@") and one not in asked]
    half = {one.name for one in named_in_part(asked, story).values()}
    return Cues(
        tuple(
            story.entities[one].name
            for one in named
            if one in story.entities and story.entities[one].name not in half
        ),
        _words(told, asked, answerer),
        tuple(_kinds(entry, told, read, story, reader)),
    )


def _words(
    texts: Iterable[str], asked: frozenset[str], answerer: Answerer
) -> tuple[str, ...]:
    """The telling words of texts that no way has, nor one of their family, in order.

    Things, names and uncommon words: the rarest in the story, at most MOST.
    """
    matcher = answerer.matcher
    found: dict[str, str] = {}
    for text in texts:
        inside = {term for term in matcher.reader.terms(text) if term[0] not in "@~"}
        typed = {in_base(word): word for word in spoken(text)}
        read = matcher.reader.understand(text)
        named = {one.term for one in things_of(read, typed)}
        for at, written in enumerate(WORD.findall(_DATES.sub(" ", text))):
            is_name = at > 0 and written[0].isupper()
            for term in inside.intersection(words(written)):
                if says_something(term) and (
                    is_name or term in named or not is_common(term)
                ):
                    found.setdefault(term, written)
    unasked = [
        term
        for term in found
        if term not in asked
        and asked.isdisjoint(lexicon().meanings_of([term]))
        and not any(akin in asked for akin, _ in matcher.reader.family(term))
    ]
    rare = sorted(unasked, key=lambda one: -matcher.evidence.weight(one))[:MOST]
    return tuple(dict.fromkeys(found[term] for term in unasked if term in rare))


def named_in_part(terms: Iterable[str], story: Story) -> Mapping[str, Entity]:
    """The people of whom terms are a part of the name, and no name of theirs yet.

    Only what is part of one person's name, and no common word.
    """
    wanted = {one for one in terms if one[0] not in "@~+" and not is_common(one)}
    found: dict[str, list[Entity]] = {}
    for one in story.entities.values() if wanted else ():
        if one.type == "person":
            for part in sorted(
                wanted.intersection(map(in_base, fold(one.name).split()))
            ):
                found.setdefault(part, []).append(one)
    return {part: people[0] for part, people in found.items() if len(people) == 1}


def things_of(asked: Asked, typed: Mapping[str, str]) -> tuple[Term, ...]:
    """The words of a text that stand for a thing, and what it asks for.

    A name, a figure and a verb by its form, as it was typed, end a thing.
    """
    terms = [
        Term("and", (), light=True)
        if one.term in _ENDS
        or one.is_name
        or (form := typed.get(one.term, one.term)) in IRREGULAR
        or form.endswith("ed")
        or figures([one.term])
        else one._replace(light=one.light and one.term not in EVERYDAY)
        for one in asked.terms
    ]
    which = focus(terms)
    return (*things(terms), *(which if len(which) == 1 else ()))


def says_something(term: str) -> bool:
    """Whether a term says something by itself."""
    return (
        len(term) > 2
        and not term[0].isdigit()
        and term not in _EMPTY
        and term not in EVERYDAY
        and not is_light(term)
        and term not in QUESTION_WORDS
    )


def _kinds(
    entry: Entry, told: Iterable[str], read: list[Asked], story: Story, reader: Reader
) -> Iterator[Unasked]:
    """The kinds of question that the answer answers, and no way asks."""
    wanted = frozenset[str]().union(*(one.wants for one in read), entry.gives)
    text = " ".join(told)
    bare = _NUMBERED.sub(" ", _DATES.sub(" ", text))
    for kind, pattern in _HELD.items():
        found = pattern.search(text if kind == "when" else bare)
        if found and wanted.isdisjoint({kind, *_ASKS.get(kind, ())}):
            yield Unasked(kind, found[0].strip())
            bare = bare.replace(found[0], " ")
    if wanted.isdisjoint({"who", *_ASKS["who"]}):
        for term in reader.terms(text):
            one = story.entities.get(term[1:]) if term.startswith("@") else None
            if one and one.type == "person":
                yield Unasked("who", one.name)
                break
    if turned := _turned(entry, read):
        yield turned


def _turned(entry: Entry, read: list[Asked]) -> Unasked | None:
    """A way in which somebody does something to another, where none is turned round.

    "Who sued Acme?" beside "Who was sued by Bell?": of one alone the other is missing.
    """
    ways: dict[bool, str] = {}
    for text, one in zip(entry.ways, read, strict=False):
        terms = [term.term for term in one.terms]
        for deed in one.deeds:
            if deed.agent in terms and deed.patient in terms:
                is_active = terms.index(deed.agent) < terms.index(deed.patient)
                ways.setdefault(is_active, text)
    if len(ways) != 1:
        return None
    (is_active, text), *_ = ways.items()
    return Unasked("passive" if is_active else "active", text)
