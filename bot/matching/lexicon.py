"""The general lexicon: what ways of saying things mean the same, or next to nothing."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from bot.matching.english import FILLER, IRREGULAR
from bot.matching.grammar import Term
from bot.matching.text import base

FILE: Final = "lexicon.txt"
"""Beside this module; its first lines tell its form."""

Key = tuple[str, ...]
"""A word or phrase in base form."""

_NOTHING: Final[tuple[tuple[str, ...], bool]] = ((), False)


class Lexicon:
    """Words and phrases in base form: what they mean, and which of them are light.

    `meanings` are names of meanings, each with a `+`; a way may have several. `light`
    says little about what is asked. `words` are all words of both.
    """

    def __init__(self, text: str) -> None:
        self.meanings: dict[Key, tuple[str, ...]] = {}
        self.light: set[Key] = set()
        is_light = False
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                is_light = line == "[light]"
            elif is_light:
                self.light.update(map(_key, line.split(",")))
            else:
                name, _, ways = line.partition(":")
                self._add(f"+{name}", ways.split(","))
        self._longest = _longest([*self.meanings, *self.light])
        self._phrases: dict[Key, tuple[tuple[str, ...], bool]] = {
            key: (self.meanings.get(key, ()), key in self.light)
            for key in (*self.meanings, *self.light)
            if len(key) > 1
        }
        self._alone = {
            word: Term(word, self.meanings.get((word,), ()), (word,) in self.light)
            for word in (key[0] for key in (*self.meanings, *self.light) if key)
        } | {
            word: Term(word, self.meanings.get((word,), ()), light=True)
            for word in FILLER
        }
        self.words = frozenset(
            word for key in (*self.meanings, *self.light) for word in key
        )

    def _add(self, name: str, ways: Sequence[str]) -> None:
        for key in dict.fromkeys(map(_key, ways)):
            known = self.meanings.get(key, ())
            if name not in known:
                self.meanings[key] = (*known, name)

    def terms(self, words: Sequence[str]) -> tuple[Term, ...]:
        """Words as terms: what each means, alone or in a phrase, and if it is light.

        A phrase gives its meanings to each of its words, after their own.
        """
        known, longest, phrase = self._alone.get, self._longest, self._phrases.get
        terms = [known(word) or Term(word, (), light=False) for word in words]
        for start in range(len(words) - 2, -1, -1):
            pair = (words[start], words[start + 1])
            for end in range(
                start + 2, min(start + longest.get(pair, 0), len(words)) + 1
            ):
                meant, is_light = phrase(tuple(words[start:end]), _NOTHING)
                for at in range(start, end) if meant or is_light else ():
                    one = terms[at]
                    both = tuple(dict.fromkeys((*one.meanings, *meant)))
                    terms[at] = Term(one.term, both, one.light or is_light)
        return tuple(terms)

    def meanings_of(self, words: Sequence[str]) -> dict[str, None]:
        """All that some words mean, alone or in a phrase, each once, in order."""
        return dict.fromkeys(name for one in self.terms(words) for name in one.meanings)


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the bot."""
    return Lexicon(Path(__file__).with_name(FILE).read_text(encoding="utf-8"))


def _key(way: str) -> Key:
    return tuple(base(IRREGULAR.get(word, word)) for word in way.split())


def _longest(keys: Sequence[Key]) -> Mapping[Key, int]:
    """The length of the longest phrase that begins with each pair of words."""
    longest: dict[Key, int] = {}
    for key in keys:
        if len(key) > longest.get(key[:2], 1):
            longest[key[:2]] = len(key)
    return longest
