"""How likely two questions ask the same: each is measured as if the other answered it.

What is measured are features of `features.CANDIDATE`, and what is against it are the
same guards. Of the two directions the one counts that says less for it. A fitted
logistic, `same` of the model, weighs them; some guards part two questions whatever it
says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import sqrt
from typing import Final

from bot.matching.compared import Compared, Profile
from bot.matching.english import FILLER, common_names
from bot.matching.evidence import ASIDE, Wanted
from bot.matching.grammar import QUESTION_WORDS, Term, forms
from bot.matching.guards import GUARDS
from bot.matching.measuring import content_of, letters
from bot.matching.question import Asked
from bot.matching.ranking import Matcher
from bot.matching.reader import Reading, question_of
from bot.matching.roles import phrases
from bot.matching.text import clean, is_common
from bot.matching.weighing import MEANING_WEIGHT
from bot.matching.weights import model, probability
from bot.matching.wordings import letters_of

APART: Final = frozenset(
    {
        "other names",
        "other kind",
        "other measure",
        "other figure",
        "modality",
        "contrary",
        "negation",
        "roles",
        "other order",
    }
)
"""Guards of which any parts two questions: none of it is a matter of degree."""

_PART: Final = "other part"

_TOPIC: Final = 0.25
"""A name that weighs less, of what is rarest, is of what the story is about anyway."""

_RAREST: Final = 6
"""Words of a question that find others: alone, and each two of them together."""

_FEW: Final = 24
"""Questions that share what is rare; of more, each is compared with some neighbours."""

_BESIDE: Final = 6
_MOST: Final = 24
"""Questions that one is compared with."""

_HOPELESS: Final = 0.2
"""Probability from which two questions are looked at closely."""

_GIVES: Final[Mapping[str, frozenset[str]]] = {
    "how old": frozenset({"+age"}),
    "how long": frozenset({"+duration"}),
    "how many": frozenset({"+number"}),
    "how much": frozenset({"+price", "+pay", "+money"}),
    "when": frozenset({"+date", "+year"}),
    "where": frozenset({"+place"}),
    "who": frozenset(),
}
"""Kinds of answer that "what" may ask for, and the words that ask for them, too."""

_PLAIN: Final = _GIVES.keys() | {"why", "yes/no"}


_PEOPLE: Final = frozenset(
    f"+{name}"
    for name in "actor boss brother candidate captain celebrity chairman child coach"
    " company contractor crew critic customer daughter defendant designer diplomat"
    " doctor driver employee engineer ex expert family fan father filmmaker founder"
    " friend government husband journalist judge jury lawyer minister mother musician"
    " neighbour parent passenger photographer pilot plaintiff player police politician"
    " president prosecutor referee scientist sister son spokesperson student suspect"
    " teacher union victim wife witness".split()
)
"""Meanings of words for people: they tell whom a question is about, as names do."""

_BEFORE: Final = forms("a an the my your our their his her this that do be have by")
_NEUTRAL: Final = forms("of in on at for from after before during")
"""Prepositions after which a thing acts upon nobody."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A question as compared; equal to another where nothing tells the two apart.

    `typed` is the text where nothing in it is read, and
    `reading` has all names as names; `vector`, of length 1, weighs its words of
    substance, or all where it has none, and what they mean.
    """

    asked: Asked
    typed: str
    reading: Reading = field(compare=False)
    wanted: Wanted = field(compare=False)
    vector: dict[str, float] = field(compare=False)
    counted: frozenset[str] = field(compare=False)
    people: tuple[frozenset[str], ...] = field(compare=False)
    parties: frozenset[str] = field(compare=False)
    acting: frozenset[str] = field(compare=False)


class Likeness:
    """Compares questions in the terms of one story's matcher.

    `readings` are the positions of the texts that are read alike, in order; pairs are
    of positions among the readings.
    """

    def __init__(self, texts: Sequence[str], matcher: Matcher) -> None:
        self._reader = matcher.reader
        self._weight = matcher.evidence.weight
        self._same = model().same
        weights = self._same.weights
        self._weighed = tuple(
            name
            for name in GUARDS
            if name in APART or name == _PART or weights.get(name)
        )
        self._known: dict[tuple[int, int], float] = {}
        self._beside: dict[tuple[int, frozenset[str]], tuple[Asked, Profile]] = {}
        found: dict[_Read, list[int]] = {}
        for at, text in enumerate(texts):
            found.setdefault(self._read_one(text), []).append(at)
        self._read = list(found)
        self.readings = list(found.values())

    def wants(self, one: int) -> frozenset[str]:
        """The kinds of answer that a reading asks for."""
        return self._read[one].asked.wants

    def near(self) -> list[tuple[int, int]]:
        """The pairs of readings, lower first, that share what is rare, in order.

        None has more than a few: what more share is looked for among neighbours only.
        """
        seen = Counter(key for read in self._read for key in read.vector)
        posted: dict[tuple[str, ...], list[int]] = defaultdict(list)
        rarest = [
            sorted(
                [key for key in read.vector if seen[key] > 1],
                key=lambda key: (seen[key], key),
            )[:_RAREST]
            for read in self._read
        ]
        for at, keys in enumerate(rarest):
            for size in (2, 1):
                for key in combinations(sorted(keys), size):
                    posted[key].append(at)
        partners = [0] * len(rarest)
        found: set[tuple[int, int]] = set()
        for _, having in sorted(posted.items(), key=lambda one: (len(one[1]), one[0])):
            having.sort(key=lambda at: (rarest[at], at))
            reach = len(having) if len(having) <= _FEW else _BESIDE
            for place, one in enumerate(having):
                for other in having[place + 1 : place + 1 + reach]:
                    pair = (min(one, other), max(one, other))
                    if (
                        pair not in found
                        and max(partners[one], partners[other]) < _MOST
                    ):
                        found.add(pair)
                        partners[one] += 1
                        partners[other] += 1
        return sorted(found)

    def alike(self, one: int, other: int) -> float:
        """How likely two readings ask the same, 0-1; 0 where something parts them."""
        pair = (min(one, other), max(one, other))
        if pair not in self._known:
            self._known[pair] = self._alike(*pair)
        return self._known[pair]

    def _alike(self, one: int, other: int) -> float:
        signals = self.likenesses(one, other)
        # What is against it only makes it less likely.
        if probability(self._same(signals)) < _HOPELESS or self._parts(one, other):
            return 0.0
        for name, strength in self._against(one, other, self._weighed):
            if strength and self._parts_by(name, one, other):
                return 0.0
            signals[name] = strength
        likely = probability(self._same(signals))
        return likely if likely >= _HOPELESS else 0.0

    def is_parted(self, one: int, other: int) -> bool:
        """Whether something parts two readings, however alike they are."""
        return self._parts(one, other) or any(
            strength and self._parts_by(name, one, other)
            for name, strength in self._against(one, other, self._weighed)
        )

    def _parts(self, one: int, other: int) -> bool:
        """Whether two readings count other things, or are about other people."""
        a, b = self._read[one], self._read[other]
        return (
            (bool(a.counted and b.counted) and a.counted.isdisjoint(b.counted))
            or any(b.asked.everything.isdisjoint(meant) for meant in a.people)
            or any(a.asked.everything.isdisjoint(meant) for meant in b.people)
        )

    def _parts_by(self, guard: str, one: int, other: int) -> bool:
        # Where nobody asks who, a noun is too often taken for what is done.
        is_who = "who" in self.wants(one) & self.wants(other)
        return guard in APART or (guard == _PART and is_who)

    def likenesses(self, one: int, other: int) -> dict[str, float]:
        """What speaks for two readings being the same, by the names of features."""
        a, b = self._read[one], self._read[other]
        covered = (
            a.wanted.covered(b.asked.everything),
            b.wanted.covered(a.asked.everything),
        )
        shared = a.vector.keys() & b.vector.keys()
        return {
            "wording": min(
                1.0, sum([a.vector[key] * b.vector[key] for key in sorted(shared)])
            ),
            "letters": letters(
                letters_of(a.reading.own_terms), letters_of(b.reading.own_terms)
            ),
            "nearest": min(covered),
            "asked": max(covered),
        }

    def against(self, one: int, other: int) -> dict[str, float]:
        """How strongly each guard speaks against it, in the direction that is worse."""
        return dict(self._against(one, other, tuple(GUARDS)))

    def _against(
        self, one: int, other: int, guards: Iterable[str]
    ) -> Iterator[tuple[str, float]]:
        a, b = self._read[one], self._read[other]
        # Things that act are names to each other: "did the stylist warn the painter".
        parties = (a.parties | b.parties) & a.acting & b.acting
        mine, theirs = (self._as_target(at, parties) for at in (one, other))
        both = [
            Compared(asked, frozenset(), profile, like, self._reader.family)
            for (asked, _), (like, profile) in ((mine, theirs), (theirs, mine))
        ]
        for name in guards:
            yield name, max(GUARDS[name](compared).strength for compared in both)

    def _as_target(self, at: int, parties: frozenset[str]) -> tuple[Asked, Profile]:
        """A reading with some words as names, and what it is about."""
        key = (at, parties)
        if key not in self._beside:
            read = self._read[at]
            asked = (
                self._asked(_named(read.reading, parties)) if parties else read.asked
            )
            self._beside[key] = (asked, Profile([asked], (), _kinds(asked)))
        return self._beside[key]

    def _read_one(self, text: str) -> _Read:
        reading = self._reader.read(clean(text))
        said = question_of(reading).part
        strange = {
            one.term
            for one in said.content
            if one.term in common_names()
            or not (one.meanings or self._reader.knows(one.term) or is_common(one.term))
        }
        reading = _named(reading, reading.foreign | strange)
        asked = self._asked(reading)
        worded = [one for one in asked.terms if not one.term[0].isdigit()]
        content = content_of(worded)
        if all(one.is_name for one in content):
            content = tuple(worded)
        kinds = [
            Term(f"?{kind}", tuple(sorted(_GIVES[kind])), light=True)
            for kind in sorted(asked.wants & _GIVES.keys())
            if _GIVES[kind]
        ]
        aside = [
            one
            for one in (*worded, *kinds)
            if one.term not in QUESTION_WORDS and one.term not in FILLER
        ]
        weights = {one.term: ASIDE * self._weight(one.term) for one in aside}
        weights |= {one.term: self._weight(one.term) for one in content}
        vector = {
            meaning: MEANING_WEIGHT * self._weight(meaning)
            for one in content
            for meaning in one.meanings
        } | {one.term: weights[one.term] for one in content}
        size = sqrt(sum([weight * weight for weight in vector.values()])) or 1.0
        return _Read(
            asked,
            "" if asked.terms else text.casefold(),
            reading,
            Wanted([*content, *aside], weights, self._reader.family),
            {key: weight / size for key, weight in vector.items()},
            _counted(asked),
            _people(asked),
            _parties(asked),
            _acting(asked),
        )

    def _asked(self, reading: Reading) -> Asked:
        """What a question asks, in all words for the kind of answer that it wants.

        Names that the whole story is about are no names here.
        """
        asked = question_of(reading).part
        rarest = self._weight("")
        meant = [_GIVES[kind] for kind in sorted(asked.wants & _GIVES.keys())]
        found = copy(asked)
        vars(found).update(
            names=frozenset(
                one for one in asked.names if self._weight(one) >= _TOPIC * rarest
            ),
            everything=asked.everything.union(*meant),
        )
        return found


def _named(reading: Reading, names: Iterable[str]) -> Reading:
    """A reading in which some words are names."""
    marked = {one: f"@{one}" for one in names}
    if not marked:
        return reading
    terms, own = (
        tuple(marked.get(one, one) for one in some)
        for some in (reading.terms, reading.own_terms)
    )
    return replace(reading, terms=terms, own_terms=own)


def _parties(asked: Asked) -> frozenset[str]:
    """The things that plainly act in a question, or are acted upon."""
    return frozenset(one.words[-1].term for one in phrases(asked.terms))


def _acting(asked: Asked) -> frozenset[str]:
    """The words of a question that may stand for a thing that acts, or suffers."""
    terms = [one.term for one in asked.terms]
    return frozenset(
        one
        for at, one in enumerate(terms)
        for start in (at - 1, at - 2)
        if start >= 0
        and terms[start] in _BEFORE
        and not (start and terms[start - 1] in _NEUTRAL)
    )


def _people(asked: Asked) -> tuple[frozenset[str], ...]:
    """What each word for people means, but for one beside a name, whom that names."""
    return tuple(
        meant
        for one, after in zip(asked.terms, (*asked.terms[1:], None), strict=False)
        if (meant := _PEOPLE.intersection(one.meanings))
        and not (one.is_name or (after and after.is_name))
    )


def _counted(asked: Asked) -> frozenset[str]:
    """What is counted, in all words for it: what follows how many, or number of."""
    terms = asked.terms
    return frozenset(
        word
        for first, second, one in zip(terms, terms[1:], terms[2:], strict=False)
        if (first.term, second.term) in {("how", "many"), ("number", "of")}
        for word in (one.term, *one.meanings)
    )


def _kinds(asked: Asked) -> frozenset[str]:
    """The kinds of answer that a question may ask for without its word for them."""
    if asked.wants & _PLAIN:
        return frozenset()
    meant = [kind for kind, words in _GIVES.items() if asked.everything & words]
    return frozenset(meant or _GIVES)
