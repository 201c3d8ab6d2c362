"""A base of stored questions of any size, and questions about it, made by chance.

It is shaped like real ones. Words and names come from Pitman-Yor urns: few words are
common, most are rare (Zipf's law), and new ones keep coming, ever more slowly (Heaps'
law). A base is a row of stories, each with its own names; a story is a row of topics,
whose entries share a dozen words and some people; an entry is asked in about fifteen
wordings. Nothing is taken from a data set. Other words for an idea are any words, so
that a lexicon is of no help. How far wordings differ was set so that the likenesses of
rapidfuzz find the right entry somewhat more often than on public data.

The same seed gives the same base, and a larger base begins with the smaller one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random
from typing import Final

_FUNCTION_WORDS: Final = """
of to in about for on with and from by at that this as after before during over
into against between without under since because while through
""".split()

_CONTENT_WORDS: Final = """
say company campaign story people statement post money report lawsuit year public video
brand court photo call news deal apology case team work show family designer message
email contract interview police meeting letter hotel judge claim picture school party
product staff pay leave drop change hire sign tell sell plan fire remove delete publish
confirm deny answer send open close start stop help find keep lose win move share buy
house city country office store street airport hospital church museum theatre stadium
phone camera bag dress shoes jacket poster book film song album magazine website page
account comment tweet channel episode article headline interviewer reporter editor
lawyer witness officer agent manager director chairman founder partner assistant driver
doctor teacher student worker actor singer model artist photographer producer player
coach fan customer investor shareholder bank loan fee fine debt tax price cost budget
salary bonus profit loss share stock market fund charity donation gift prize award vote
election council minister mayor president senator law rule ban permit licence hearing
trial verdict appeal settlement complaint charge arrest search warrant evidence document
file record list number date deadline schedule visit trip flight crash accident injury
death funeral wedding birthday divorce engagement marriage friend sister brother mother
father daughter son child baby neighbour owner tenant guest visitor volunteer member
leader speaker spokesperson critic supporter rival opponent enemy threat attack fight
protest strike boycott petition demand offer request promise warning mistake error delay
review audit inquiry investigation test result score survey sample proof reason rumour
secret leak hack password server software app update feature game level match season
league final cup goal race track car truck bus train ship boat bridge road tunnel tower
building floor room door window wall roof garden field farm river lake beach island
mountain forest animal dog cat horse bird fish food drink coffee water oil gas power
""".split()

_SYLLABLES: Final = """
ba be bo bra ca cha co cre da de do dra el en er fa fi flo ga ge gra ha he ho in jo ka
ke kri la le lo lu ma me mi mo na ne ni no or pa pe pi pra qui ra re ri ro sa se sha si
so sta ta te ti to tra u va ve vi wa we xa ya ze zo
""".split()
_ENDINGS: Final = ["", "n", "r", "s", "l", "t", "nd", "ck", "m", "x", "ld", "sh"]

# How each kind of question is asked: the words before what it is about.
_OPENINGS: Final = {
    "did": ["did", "is it true that", "has", "do we know if", "was it true that"],
    "who": ["who", "which person", "who was it that", "name of who", "who exactly"],
    "when": ["when did", "what date did", "on what day did", "when was it that"],
    "where": ["where did", "in which place did", "where was it that", "what place did"],
    "why": ["why did", "what was the reason", "how come", "why would"],
    "what": ["what did", "what is the", "tell me what", "what was said of the"],
    "how many": ["how many", "how much", "what number of", "do you know how many"],
}

_CHATTER_BEFORE: Final = [
    "hey all, ", "sorry to ask again, ", "ok so ", "quick one: ", "does anybody know, ",
    "i just got here. ", "lol wait ", "honestly i lost track, ",
]  # fmt: skip
_CHATTER_AFTER: Final = [
    " thanks!", " lol", " anyone?", " cheers in advance", " no idea tbh", " ??",
]  # fmt: skip

_DISCOUNT: Final = 0.6
_STRENGTH: Final = 300
"""Of the urns: the vocabulary grows with the draws to the power of the discount, the
exponent in Heaps' law; the strength is about how many words come before that sets in.
"""

_NAMES: Final = 16
_TOPICS: Final = 7
_TOPIC_WORDS: Final = 12
_ENTRIES: Final = (7, 10)
_WORDINGS: Final = (12, 18)
_DETAILED: Final = 0.2
"""The share of wordings with a word that nothing else about the entry calls for."""

_HELD_OUT: Final = 0.08
"""The share of a story's entries that are not stored, so that nothing answers them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is asked in several wordings; `ways` are the words for each of its ideas."""

    id: str
    wordings: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]
    is_stored: bool


@dataclass(frozen=True, slots=True)
class Base:
    """Stored entries, and entries of the same stories that are not stored."""

    stored: tuple[Entry, ...]
    held_out: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as typed, and the id of the entry that answers it; None: nothing."""

    text: str
    answer: str | None


def base(size: int, seed: int = 1) -> Base:
    """A base of exactly `size` stored wordings; the last entry may have fewer."""
    stored: list[Entry] = []
    held_out: list[Entry] = []
    left = size
    for entry in _entries(Random(f"base {seed}")):
        if not entry.is_stored:
            held_out.append(entry)
            continue
        wordings = entry.wordings[:left]
        stored.append(Entry(entry.id, wordings, entry.ways, is_stored=True))
        left -= len(wordings)
        if not left:
            return Base(tuple(stored), tuple(held_out))
    raise AssertionError("stories never end")


def queries(base: Base, count: int, seed: int = 1) -> list[Query]:
    """Questions about a base, in an order of chance.

    Of twenty, seventeen paraphrase a stored wording, two ask something of the same
    stories that is not stored, and one is about another story.
    """
    rng = Random(f"queries {seed}")
    strange = tuple(islice(_entries(Random(f"elsewhere {seed}")), 100))
    kinds = [base.stored, base.held_out or strange, strange]
    found: list[Query] = []
    for entries in rng.choices(kinds, weights=[17, 2, 1], k=count):
        entry = rng.choice(entries)
        answer = entry.id if entries is base.stored else None
        found.append(Query(_paraphrase(entry, rng), answer))
    return found


class _Urn:
    """Words by a Pitman-Yor process: old ones by how often they came, or a new one."""

    def __init__(self, rng: Random, words: Iterator[str]) -> None:
        self._rng = rng
        self._words = words
        self._drawn: list[str] = []
        self._counts: dict[str, int] = {}

    def draw(self) -> str:
        """A word."""
        new = _DISCOUNT * len(self._counts) + _STRENGTH
        if self._rng.random() * (len(self._drawn) + _STRENGTH) < new:
            word = next(self._words)
        else:
            word = self._old()
        self._drawn.append(word)
        self._counts[word] = self._counts.get(word, 0) + 1
        return word

    def some(self, count: int) -> list[str]:
        """Distinct words."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[self.draw()] = None
        return list(found)

    def _old(self) -> str:
        while True:
            word = self._rng.choice(self._drawn)
            if self._rng.random() * self._counts[word] >= _DISCOUNT:
                return word


def _invented(rng: Random) -> Iterator[str]:
    """Words that nobody has said yet, each once."""
    known = {*_FUNCTION_WORDS, *_CONTENT_WORDS}
    while True:
        word = "".join(rng.choices(_SYLLABLES, k=rng.choice([2, 2, 3])))
        word += rng.choice(_ENDINGS)
        if word not in known:
            known.add(word)
            yield word


def _entries(rng: Random) -> Iterator[Entry]:
    """Entries of one story after the other, without end."""
    invented = _invented(rng)
    words = _Urn(rng, chain(_CONTENT_WORDS, invented))
    names = _Urn(rng, invented)
    number = 0
    while True:
        cast = [" ".join(names.some(2)) for _ in range(_NAMES)]
        for _ in range(_TOPICS):
            topic = words.some(_TOPIC_WORDS)
            people = [cast[0], *rng.sample(cast[1:], 2)]
            for _ in range(rng.randint(*_ENTRIES)):
                number += 1
                yield _entry(f"entry-{number}", people, topic, words, rng)


def _entry(
    id: str,  # noqa: A002 - what it is called everywhere
    people: Sequence[str],
    topic: Sequence[str],
    words: _Urn,
    rng: Random,
) -> Entry:
    """An entry about a topic's people and three ideas, two of them its topic's."""
    openings = _OPENINGS[rng.choice(list(_OPENINGS))]
    asked = rng.sample(people, rng.choice([1, 1, 2]))
    ideas = [*rng.sample(topic, 2), words.draw()]
    ways = [_ways(idea, topic, words, rng) for idea in ideas]
    found: dict[str, None] = {}
    for _ in range(rng.randint(*_WORDINGS)):
        detail = [words.draw()] if rng.random() < _DETAILED else []
        found[_wording(openings, asked, ways, detail, rng)] = None
    return Entry(id, tuple(found), tuple(ways), is_stored=rng.random() >= _HELD_OUT)


def _ways(idea: str, topic: Sequence[str], words: _Urn, rng: Random) -> tuple[str, ...]:
    """An idea and other words for it, some of which mean others of the topic's, too."""
    others = [rng.choice(topic) for _ in range(2)] + words.some(3)
    rng.shuffle(others)
    return tuple(dict.fromkeys([idea, *others]))


def _wording(
    openings: Sequence[str],
    people: Sequence[str],
    ways: Sequence[Sequence[str]],
    detail: Sequence[str],
    rng: Random,
) -> str:
    """An opening, who is asked about, and some of the ideas in one way each."""
    # The first way of saying a thing is the commonest, and not everything is said.
    told = rng.sample(ways, rng.choice([1, 2, 2, 3]))
    said = [
        rng.choices(way, weights=[1 / rank for rank in range(1, len(way) + 1)])[0]
        for way in told
    ]
    if rng.random() < 0.4:
        people = [rng.choice(["she", "he", "they"])]
    named = [name if rng.random() < 0.5 else name.split()[-1] for name in people]
    parts = [*named[:1], said[0]]
    for part in (*said[1:], *named[1:], *detail):
        at = min(int(rng.expovariate(0.25)), len(_FUNCTION_WORDS) - 1)
        parts.append(_FUNCTION_WORDS[at])
        parts += rng.choices([[], ["the"], ["a"]], weights=[5, 4, 1])[0]
        parts.append(part)
    return f"{rng.choice(openings)} {' '.join(parts)}?".capitalize()


def _paraphrase(entry: Entry, rng: Random) -> str:
    """A stored wording as somebody else would type it.

    Words replaced, left out and moved, a slip in the longest, chatter around: each in
    some of them only.
    """
    said = rng.choice(entry.wordings).lower().rstrip("?").split()
    for at, word in enumerate(said):
        ways = next((ways for ways in entry.ways if word in ways), None)
        if ways and rng.random() < 0.5:
            said[at] = rng.choice([*ways, *rng.sample(_CONTENT_WORDS, 3)])
    for _ in range(min(rng.choice([0, 1, 2, 3]), len(said) - 3)):
        said.pop(rng.randrange(len(said)))
    if rng.random() < 0.4:
        cut = rng.randrange(1, len(said))
        said = said[cut:] + said[:cut]
    if rng.random() < 0.3:
        at = max(range(len(said)), key=lambda at: (len(said[at]), at))
        said[at] = _slip(said[at], rng)
    text = " ".join(said)
    lot = rng.random()
    if lot < 0.15:
        text = rng.choice(_CHATTER_BEFORE) + text
    elif lot < 0.25:
        text += rng.choice(_CHATTER_AFTER)
    return text + "?" * (rng.random() < 0.4)


def _slip(word: str, rng: Random) -> str:
    """A word with one slip of the finger: a letter less, double, other or swapped."""
    at = rng.randrange(len(word) - 1)
    slips: list[Callable[[], str]] = [
        lambda: word[:at] + word[at + 1 :],
        lambda: word[:at] + word[at] + word[at:],
        lambda: word[:at] + rng.choice("aeiorstnl") + word[at + 1 :],
        lambda: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ]
    return rng.choice(slips)()
