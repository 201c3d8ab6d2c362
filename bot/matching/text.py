"""Text → terms: what a question is made of, whoever typed it and however.

A term is a word in a light base form, or the name of an entity or a meaning that a
phrase stands for. The vocabulary repairs slips and finds words of the same family.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.english import IRREGULAR, common_names, common_words
from bot.story.prose import fold

MAX_CHARACTERS: Final = 600
"""Characters of a question that are read; Discord lets people type 4,000."""

_MARKUP = re.compile(
    r"https?://\S+|www\.\S+|<(?:@[!&]?|#|a?:\w+:|t:|/)[^>\s]*>|```.*?```|[*_~`|>#]+",
    re.DOTALL,
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_POSSESSIVE = re.compile(r"(?<=\w)['’`´]s\b", re.IGNORECASE)
# Letters of other scripts that pass for Latin ones: Unicode's confusables, the common
# few. Source: https://www.unicode.org/reports/tr39/
_LOOK_ALIKES: Final = str.maketrans(
    "абвгдеёзіјкмнорстухѕԁһԛԝαβεικνορτυχω",
    "abbrdeeзijkmhopctyxsdhqwabeiknoptuxw",
)


def clean(text: str) -> str:
    """A message as words: no markup, links, mentions or invisible characters.

    At most MAX_CHARACTERS are kept. Words that mix Latin letters with look-alikes of
    other scripts become Latin; words wholly in another script stay. Never raises.

    >>> clean("did **Kіm** <@1234> apologise https://example.com/x ?")
    'did Kim apologise ?'
    """
    text = unicodedata.normalize("NFKC", text[: 4 * MAX_CHARACTERS])
    text = _MARKUP.sub(" ", _INVISIBLE.sub("", text))
    words = (_latin(word) if not word.isascii() else word for word in text.split())
    return " ".join(words)[:MAX_CHARACTERS]


def _latin(word: str) -> str:
    swapped = word.translate(_LOOK_ALIKES)
    is_mixed = re.search("[a-zA-Z]", word) and swapped != word
    return swapped if is_mixed else word


def spoken(text: str) -> list[str]:
    """The words of a text as typed, folded and without possessives, in order.

    >>> spoken("Did Kim's sisters apologise?")
    ['did', 'kim', 'sisters', 'apologise']
    """
    return fold(_POSSESSIVE.sub("", text)).split()


def foreign_names(text: str) -> frozenset[int]:
    """The places, in a text's words, of well-known names."""
    said = spoken(text)
    found: set[int] = set()
    names = common_names()
    for length in range(1, _LONGEST_NAME + 1):
        for at in range(len(said) - length + 1):
            if " ".join(said[at : at + length]) in names:
                found.update(range(at, at + length))
    return frozenset(found)


def unusual(text: str) -> frozenset[int]:
    """The places of uncommon words with a capital, where most words have none."""
    written = _POSSESSIVE.sub("", text).split()
    said = words(text)
    capitals = sum(word[0].isupper() for word in written)
    if len(written) != len(said) or 2 * capitals > len(written):
        return frozenset()
    return frozenset(
        at
        for at, word in enumerate(written)
        if at and word[0].isupper() and not is_common(said[at])
    )


def is_common(word: str) -> bool:
    """Whether a word in base form is a common English word, or one with digits."""
    known = common_words()
    return (
        not word.isalpha()
        or word in known
        or f"{word}e" in known
        or any(
            word.replace(*swap) in known or f"{word.replace(*swap)}e" in known
            for swap in _LEVELLED
            if swap[0] in word
        )
        or IRREGULAR.get(word) in known
    )


_LEVELLED: Final = (("or", "our"), ("is", "iz"))
"""What `base` levels, the other way round."""

_LONGEST_NAME: Final = 3
_LONG_ENOUGH: Final = 6  # letters of a name: two words that make it do not by chance
_LONGEST_WORD: Final = 40  # letters


def words(text: str) -> list[str]:
    """The words of a text in base form, irregular forms and abbreviations resolved.

    >>> words("Did Kim's sisters apologise?")
    ['do', 'kim', 'sister', 'apology']
    """
    return [in_base(word) for word in spoken(text)]


def in_base(word: str) -> str:
    """A folded word in base form, an irregular form or abbreviation resolved."""
    if len(word) > _LONGEST_WORD:  # it is none, and there is no end of such
        return word
    return base(IRREGULAR.get(word, word))


@lru_cache(maxsize=65_536)
def base(word: str) -> str:
    """A light base form: plurals, -ed, -ing and British spelling are levelled.

    It does no more than that, so that words which only look alike stay apart.

    >>> base("apologized"), base("stories"), base("dropped"), base("news")
    ('apologis', 'story', 'drop', 'news')
    """
    if len(word) < 4 or not word.isalpha() or word in _KEPT:
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = (
            word[:-2] if word.endswith(("xes", "shes", "ches", "sses")) else word[:-1]
        )
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2 and re.search("[aeiouy]", stem):
            is_doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            word = stem[:-1] if is_doubled else stem
            break
    word = word.removesuffix("e") if len(word) > 4 else word
    return _OUR.sub("or", word.replace("iz", "is")) if len(word) > 4 else word


# Colour, favourite, honourable; not court, source or hour.
_OUR: Final = re.compile(r"(?<=[a-z]{2})our(?=$|it|abl)")
_KEPT: Final = frozenset(
    "news does this thus plus always during thing nothing anything something "
    "everything quite theme hearing pleased suite setting goods king ring bring spring "
    "need indeed speed seed red".split()
)


class Phrases:
    """Phrases that stand for one term: longest first, from left to right.

    Those that are somebody's or something's name do, too, where its words are typed
    together, or a word of it as two: `evergiven`, `crowd strike`.
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._terms = {tuple(words(phrase)): term for phrase, term in phrases.items()}
        self._terms.pop((), None)
        self._together = _typed_together(phrases)
        self._starts: dict[str, int] = {}
        for key in self._terms:
            self._starts[key[0]] = max(self._starts.get(key[0], 0), len(key))
        self.vocabulary = frozenset(word for key in self._terms for word in key)
        self.vocabulary |= self._together.keys()

    def apply(self, found: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """Words with phrases replaced by their terms, and which was taken for which."""
        named: dict[str, str] = {}
        terms: list[str] = []
        at = 0
        while at < len(found):
            longest = self._starts.get(found[at], 0)
            for length in range(min(longest, len(found) - at), 0, -1):
                key = tuple(found[at : at + length])
                if term := self._terms.get(key):
                    named[" ".join(key)] = term
                    terms.append(term)
                    at += length
                    break
            else:
                length = self._length_together(found, at)
                key = found[at : at + max(1, length)]
                word = "".join(key)
                if length:
                    named[" ".join(key)] = word = self._together[word]
                terms.append(word)
                at += len(key)
        return terms, named

    def _length_together(self, found: Sequence[str], at: int) -> int:
        """How many words from one on are a name that is typed otherwise; 0 if none."""
        pair = found[at : at + 2]
        if len(pair) == 2 and "".join(pair) in self._together:
            return 2
        return int(found[at] in self._together)


def _typed_together(phrases: Mapping[str, str]) -> dict[str, str]:
    """Names without spaces, in base form, and their terms, where these are no other's.

    >>> sorted(_typed_together({"ever given": "@ship", "crowdstrike": "@firm"}))
    ['crowdstrik', 'evergive', 'evergiven']
    """
    found: dict[str, str] = {}
    for phrase, term in phrases.items():
        said = spoken(phrase)
        for word in {"".join(map(in_base, said)), in_base("".join(said))}:
            is_name = term.startswith("@") and len(word) >= _LONG_ENOUGH
            if is_name and not (len(said) > 1 and is_common(word)):
                found[word] = term if found.get(word, term) == term else ""
    return {word: term for word, term in found.items() if term}


class Vocabulary:
    """The words a story knows; repairs what is nearly one of them."""

    def __init__(
        self, known: Iterable[str], frequency: Mapping[str, int] | None = None
    ) -> None:
        self._frequency = frequency or {}
        self._known = frozenset(known).union(_irregular())
        self._repaired: dict[str, str | None] = {}
        self._words = [
            word
            for word in sorted(self._known)
            if len(word) >= _SHORTEST_REPAIR and word.isalpha()
        ]
        self._sizes = np.array(list(map(len, self._words)), np.int32)
        self._letters = np.array(list(map(_letters, self._words)), np.uint32)

    def __contains__(self, word: object) -> bool:
        """Whether the story knows this word."""
        return word in self._known

    def repair(self, word: str) -> str | None:
        """The known word that this one is a slip of; None where there is none.

        One slip (a letter more, less, other, or two swapped) up to seven letters, two
        from eight on; and "rockin" is "rocking". Of equals the most frequent one, then
        the one that begins alike, then the first by alphabet.
        """
        # Remembered here: a cache of all vocabularies would keep those that are gone.
        if word not in self._repaired:
            if len(self._repaired) >= _REMEMBERED:
                self._repaired.clear()
            self._repaired[word] = self._repair(word)
        return self._repaired[word]

    def _repair(self, word: str) -> str | None:
        if word in self._known or len(word) < _SHORTEST_REPAIR or not word.isalpha():
            return None
        if word.endswith("in") and (spoken_ing := base(f"{word}g")) in self._known:
            return spoken_ing
        slips = 1 if len(word) < _TWO_SLIPS_FROM else _MOST_SLIPS
        # A slip takes one letter away at most, and brings one other.
        swapped = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        is_near = (swapped <= 2 * slips) & (abs(self._sizes - len(word)) <= slips)
        near = [self._words[at] for at in np.flatnonzero(is_near).tolist()]
        found = process.extract(
            word, near, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        ranked = sorted(
            (cost, -self._frequency.get(other, 0), other[:1] != word[:1], other)
            for other, cost, _ in found
        )
        meant = ranked[0][3] if ranked else None
        return _irregular().get(meant, meant) if meant else None


def is_slip(word: str, other: str) -> bool:
    """Whether a word may be a slip of another one: two letters off at most.

    >>> is_slip("balenci", "balance"), is_slip("bell", "tower")
    (True, False)
    """
    return OSA.distance(word, other, score_cutoff=_MOST_SLIPS) <= _MOST_SLIPS


def _letters(word: str) -> int:
    """Which letters a word has, a bit for each; letters that share one look alike."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


@cache
def _irregular() -> dict[str, str]:
    """Irregular forms in base form → the words whose forms they are."""
    return {base(form): meant for form, meant in IRREGULAR.items()}


_REMEMBERED: Final = 8192  # words
_SHORTEST_REPAIR: Final = 4
_MOST_SLIPS: Final = 2
_TWO_SLIPS_FROM: Final = 8
