"""What a message leaves to the conversation before it: its pronouns, what it omits."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from bot.answering.pronouns import SORTS, Sort
from bot.matching.candidate import Explanation
from bot.matching.english import FILLER
from bot.matching.grammar import QUESTION_WORDS
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked, asked
from bot.matching.text import base
from bot.story.prose import fold, squeeze

Fitting = Callable[[Sort, Iterable[str]], Sequence[str]]
"""Those of some entities that a sort of pronoun can mean."""

KIND: Final = re.compile(
    r"\b(?:how (?:many|much|long|old|far|big)|who|whom|whose|when|where|why|which|how"
    r"|what)\b",
    re.IGNORECASE,
)
"""The words of a question that say which kind of answer is wanted."""

PREPOSITIONS: Final = frozenset(
    "to in on at for with from by about before after during of under".split()
)

OUTCOMES: Final = frozenset("end happen next later still come after befor".split())
"""Words that ask how a matter went on, in base form: no entry need explain them."""

PEOPLE: Final = frozenset(
    "people person guy folk team man woman lady dude company brand one other first last"
    " again ever".split()
)
"""Words for whoever is named beside them, and which time it was, in base form."""

_SHORT: Final = 5
"""Words up to which a message without a verb is no sentence, but a part of one."""

_LONG: Final = 4
"""Words of substance from which a message stands alone, whatever its pronouns."""

_LEADS_ON: Final = re.compile(
    r"^(?:(?:and|but|so|ok|okay|or|also|then|well|hm+|oh|right|thanks|what about"
    r"|how about|what of|same for)\b[\s,.]*)+",
    re.IGNORECASE,
)
_TRAILS_OFF: Final = re.compile(
    r"[\s,]+(?:too|also|though|tho|then|as well|instead|either|else|now)$",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"[?!.…]+(?=\s|$)")
_MARKS: Final = re.compile(r"[?!.…,;:–—]+(?=\s|$)|(?<=\s)[-–—](?=\s)")
_THE_OTHER: Final = re.compile(
    r"the other(?: (?:one|guy|man|woman|girl|boy|lady|person|company|side|team))?"
)
_WHAT_FOR: Final = re.compile(r"\b(?:what for|how come)\b", re.IGNORECASE)
_VERBS: Final = frozenset(
    """do does did didnt is isnt are arent was wasnt were werent has hasnt have havent
    had hadnt can cant could will wont would should may might who whos whom whose when
    where why which how what whats whyd whod howd whered whend whatd whatre wheres
    whens whys hows""".split()
)
_SAYS_LITTLE: Final = frozenset({"not", "much", "many", *map(base, QUESTION_WORDS)})
_ARTICLES: Final = frozenset("the a an".split())
_YOU: Final = frozenset("you your yours ur yourself".split())
_POINTING: Final = frozenset("that this those these".split())
_POSSESSIVE: Final = frozenset("his her their its".split())
_MINE: Final = frozenset("my our your".split())
_DETERMINERS: Final = frozenset("the a an your my our some every each".split())
_HAPPENINGS: Final = frozenset(
    """one ones all happen happened happening end ended begin start started go went come
    came work mean cost last take took change help hurt stop still true real
    out up off down back away over along""".split()
)
_SIZES: Final = frozenset("not though tho exactly much many long old far big".split())
_BARE: Final = (_VERBS | FILLER | {*SORTS} | _SIZES) - (PREPOSITIONS - {"for", "of"})
_AFTER_IT: Final = _VERBS | PREPOSITIONS | FILLER | _HAPPENINGS


class Message(NamedTuple):
    """A message without end marks, what it asks, and whom it leaves open.

    `unknown` are its words that the story does not know, and names of nothing in it.
    `sorts` are the pronouns that mean somebody, or something, named before it.
    """

    text: str
    asked: Asked
    unknown: frozenset[str]
    sorts: tuple[Sort, ...]

    @property
    def own(self) -> frozenset[str]:
        """Its words of substance, in base form."""
        return frozenset(one.term for one in self.asked.content) - _SAYS_LITTLE

    @property
    def has_lead(self) -> bool:
        """Whether it says that it goes on: by how it begins, or ends."""
        return bool(_LEADS_ON.match(self.text) or _TRAILS_OFF.search(self.text))

    @property
    def is_open(self) -> bool:
        """Whether it asks for a context: it goes on, or is too short to stand alone."""
        size = len(self.own - OUTCOMES) + len(self.asked.names)
        is_short = size <= 1 or (bool(self.sorts) and size < _LONG)
        is_of_somebody = not {"he", "she"}.isdisjoint(self.sorts)
        return self.has_lead or is_short or (is_of_somebody and size <= _LONG)

    @property
    def is_bare(self) -> bool:
        """Whether it says no more than which kind of answer is wanted."""
        is_more = bool(self.own or self.asked.names)
        is_about_it = {"it"}.issuperset(self.sorts)
        return is_about_it and not is_more and _BARE.issuperset(fold(self.text).split())

    @property
    def is_what(self) -> bool:
        """Whether it asks what "it" is: another matter of the same thing."""
        return "it" in self.sorts and self.asked.wants == frozenset(("what",))

    @property
    def has_there(self) -> bool:
        """Whether it says "there" of a place, at its end: not "there is"."""
        return fold(self.text).split()[2:][-1:] == ["there"]

    @property
    def has_it(self) -> bool:
        """Whether it says "it" of a thing, not "that" of what happened."""
        return not {"it", "its"}.isdisjoint(fold(self.text).split())

    @property
    def goes_on(self) -> bool:
        """Whether it asks how the matter went on: "what happened next"."""
        return any(term.term in OUTCOMES for term in self.asked.terms)

    @property
    def is_whole(self) -> bool:
        """Whether it names its own thing, and says what of it; or is about the bot."""
        if self.sorts:
            return False
        is_to_bot = not _YOU.isdisjoint(fold(self.text).split())
        return is_to_bot or bool(self.asked.names and self.own)

    @property
    def kinds(self) -> str:
        """Its words for the kind of answer that is wanted; empty where it has none."""
        text = _LEADS_ON.sub("", _WHAT_FOR.sub("why", self.text))
        return " ".join(KIND.findall(text)).lower()

    @property
    def fragment(self) -> str:
        """What of it goes in the place of a part of the question before, if any."""
        text = _TRAILS_OFF.sub("", _LEADS_ON.sub("", self.text)).strip(" ,")
        words = fold(text).split()
        is_part = words and len(words) <= _SHORT and _VERBS.isdisjoint(words)
        is_said = self.has_lead or self.is_name
        return text if is_part and is_said else ""

    @property
    def is_name(self) -> bool:
        """Whether it is a name, and nothing else."""
        return bool(self.asked.names) and all(
            one.is_name or one.term in _ARTICLES for one in self.asked.terms
        )

    @property
    def says_nothing(self) -> bool:
        """Whether it asks nothing, of nobody: a sigh, or only that it goes on."""
        is_empty = not _LEADS_ON.sub("", self.text).strip(" ,")
        is_asking = bool(self.own or self.asked.names or self.asked.wants)
        return is_empty or not (is_asking or self.sorts)

    @property
    def is_place(self) -> bool:
        """Whether it asks of a place or a measure, which a thing's name may tell."""
        return self.kinds.startswith(("where", "how "))

    @property
    def is_other(self) -> bool:
        """Whether it asks the question before of somebody else: "and Kim?"."""
        return bool(self.has_lead and self.fragment and self.asked.names)

    @property
    def is_the_other(self) -> bool:
        """Whether it asks the question before of "the other one"."""
        return _THE_OTHER.fullmatch(fold(self.fragment)) is not None

    @property
    def is_part(self) -> bool:
        """Whether it is no sentence of its own."""
        return bool(self.fragment) or self.is_bare


def message_of(text: str, alone: Explanation, fitting: Fitting) -> Message:
    """A message, as it is read alone; `fitting` tells whom its pronouns can mean.

    A pronoun that can mean whom the message itself names means them.
    """
    reading = alone.reading
    said = asked(fold(reading.text), reading.terms, lexicon())
    own = [name.removeprefix("@") for name in said.names]
    sorts: dict[Sort, None] = dict.fromkeys(
        SORTS[word] for word in _pronouns(fold(text).split())
    )
    return Message(
        without_end(text),
        said,
        reading.foreign.union(alone.unknown),
        tuple(one for one in sorts if not _is_bound(one, own, fitting)),
    )


def _is_bound(sort: Sort, own: Sequence[str], fitting: Fitting) -> bool:
    """Whether a pronoun can mean whom the message names itself."""
    if sort == "it":
        return False
    is_thing = sort == "they" and bool(fitting("it", own))
    return is_thing or bool(fitting(sort, own))


def without_end(text: str) -> str:
    """A text without the marks that end its sentences."""
    return _ENDS.sub("", text).strip()


def as_one(text: str) -> str:
    """A text without the marks at which a part of it could be taken for the question.

    >>> as_one("so, who was it? Kim")
    'so who was it Kim'
    """
    return squeeze(_MARKS.sub(" ", text))


def _pronouns(words: Sequence[str]) -> Iterator[str]:
    """The pronouns among folded words that mean something outside of them.

    "That" before a thing ("that way") is none, nor "his" after one ("the man … his"),
    nor "he" after somebody of the asker's ("my friend … he").
    """
    is_named = is_mine = False
    for word, after in zip_longest(words, words[1:]):
        is_named = is_named or word in _DETERMINERS
        is_mine = is_mine or word in _MINE
        is_bound = word in _POSSESSIVE and is_named
        is_bound = is_bound or (is_mine and SORTS.get(word) in {"he", "she", "they"})
        if word in SORTS and not is_bound and _stands_alone(word, after):
            yield word


def _stands_alone(word: str, after: str | None) -> bool:
    return word not in _POINTING or after is None or after in _AFTER_IT


def replaced(text: str, sort: Sort, name: str) -> str:
    """A text with a name for each pronoun of a sort.

    >>> replaced("did he keep his shop?", "he", "Bo")
    'did Bo keep Bo’s shop?'
    """
    words = text.split()
    folded = [fold(word) for word in words]
    for at, (word, after) in enumerate(zip_longest(folded, folded[1:])):
        if SORTS.get(word) == sort and _stands_alone(word, after):
            is_owner = word in _POSSESSIVE and after not in {None, *_AFTER_IT}
            end = "" if words[at][-1].isalnum() else words[at][-1]
            words[at] = f"{name}{'’s' if is_owner else ''}{end}"
    return " ".join(words)
