"""The general lexicon: what ways of saying things mean the same, or next to nothing."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from bot.matching.english import IRREGULAR
from bot.matching.text import base

FILE: Final = "lexicon.txt"
"""Beside this module; its first lines tell its form."""

Key = tuple[str, ...]
"""A word or phrase in base form."""


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
        self.words = frozenset(
            word for key in (*self.meanings, *self.light) for word in key
        )

    def _add(self, name: str, ways: Sequence[str]) -> None:
        for key in dict.fromkeys(map(_key, ways)):
            known = self.meanings.get(key, ())
            if name not in known:
                self.meanings[key] = (*known, name)

    def read(self, words: Sequence[str]) -> tuple[list[tuple[str, ...]], list[bool]]:
        """For each word its meanings, alone or in a phrase, and whether it is light.

        A phrase gives its meanings to each of its words, beside their own.
        """
        meanings: list[tuple[str, ...]] = [()] * len(words)
        light = [False] * len(words)
        for start, word in enumerate(words):
            for length in range(self._longest.get(word, 0), 0, -1):
                key = tuple(words[start : start + length])
                if len(key) < length:
                    continue
                if key in self.light:
                    light[start : start + length] = [True] * length
                for at in range(start, start + length) if key in self.meanings else ():
                    new = self.meanings[key]
                    meanings[at] = tuple(dict.fromkeys((*new, *meanings[at])))
        return meanings, light


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the bot."""
    return Lexicon(Path(__file__).with_name(FILE).read_text(encoding="utf-8"))


def _key(way: str) -> Key:
    return tuple(base(IRREGULAR.get(word, word)) for word in way.split())


def _longest(keys: Sequence[Key]) -> Mapping[str, int]:
    """The length of the longest phrase that begins with each word."""
    longest: dict[str, int] = {}
    for key in keys:
        if key and len(key) > longest.get(key[0], 0):
            longest[key[0]] = len(key)
    return longest
