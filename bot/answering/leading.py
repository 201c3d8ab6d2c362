"""Which sentence of an answer meets the question: that one is shown first.

An answer is written for its entry's own question. Asked with other words, it may be met
by a later sentence: by one with a number for how many, or with the words that were
asked. Pure, and careful: the first sentence stays first unless another leads clearly.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import Final, NamedTuple

from bot.matching.grammar import Term
from bot.matching.lexicon import lexicon
from bot.matching.question import Asked, asked
from bot.matching.reader import Reader, Reading
from bot.story.model import Entry
from bot.story.prose import MONTHS, fold

MARGIN: Final = 0.2
"""How much more a sentence must meet a question than the first one, to be moved up.

Judged in November 2026 on questions of five stories. Of 192 on which it was tuned, the
first sentence met 176, and with this margin 181 were met first (with 0.25, 178); of 120
that were judged afterwards, 99 and 103.
"""

_ONE_WORD: Final = 0.35
"""The same where all that a sentence has more is one word: that may be chance."""

_KIND: Final = 0.3
"""What it counts that a sentence gives the kind of answer that is asked for."""

_MEANING: Final = 0.9
_FAMILY: Final = 0.8
_SHORTEST_STEM: Final = 5
_LONGEST_ENDING: Final = 4
_HALF: Final = 0.5
_OPENING: Final = 7

_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONEY: Final = re.compile(
    r"[$€£¥%]|\b(?:dollars?|euros?|pounds?|cents?|per ?cent|[mb]illion)\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b(?:second|minute|hour|day|week|month|year)s?\b", re.IGNORECASE
)
_REASON: Final = re.compile(
    r"\b(?:because|due to|owing to|reasons?|so that|in order to|caused?|causes)\b",
    re.IGNORECASE,
)
_YES_NO: Final = re.compile(r"(?:yes|no)\b(?! \w)", re.IGNORECASE)
# A place is a name after a word such as "in"; so is a date, which is none.
_PLACE: Final = re.compile(
    r"\b(?:at|from|in|into|near|off|on|through|to)\s+(?:an?\s+|the\s+)?"
    rf"(?!(?:{'|'.join((*MONTHS, *_DAYS))})\b)[A-Z]"
)
_FULL_NAME: Final = re.compile(r"(?<=\s)[A-Z]\w+ [A-Z]\w+")
_OWN: Final = frozenset("its their".split())
_LEANING: Final = _OWN.union(
    """he she it they him her them his hers theirs this that these those both one other
    others""".split()
)
"""Words that stand for what the sentence before has named."""

_GOING_ON: Final = frozenset("again also later same then too".split())
_NAMING: Final = frozenset("a an every no some the".split())
_GOES_ON: Final = re.compile(
    rf"\W*(?:{'|'.join(sorted(_LEANING | _GOING_ON))}|and|another|at first|but|however"
    r"|instead|neither|or|since then|so|still|such|there|yet)\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on from the one before it."""


class _Sentence(NamedTuple):
    """A sentence as it is written, and as it is read."""

    text: str
    read: Asked


class _Met(NamedTuple):
    """How far a sentence meets a question: its words, each 0-1, and its kind, 0-1."""

    words: tuple[float, ...]
    kind: float


def lead_of(entry: Entry, question: Reading, reader: Reader) -> int:
    """The position of the sentence of an entry's answer that meets a question.

    `reader` is the one that has read the question.
    """
    texts = [sentence.text for sentence in entry.sentences]
    wanted = asked(fold(question.text), question.terms, lexicon())
    return lead(wanted, [reader.understand(text) for text in texts], texts)


def lead(question: Asked, sentences: Sequence[Asked], texts: Sequence[str]) -> int:
    """The position of the sentence that meets a question; 0 where none leads clearly.

    `sentences` are those of an answer as read, `texts` as they are written. What counts
    is how many of the question's words of substance, their meanings and its names a
    sentence has, those that few sentences have the most, and whether it gives the kind
    of answer that is asked for. One that leans on the sentence before it stays where it
    is.
    """
    words = _substance(question)
    written = [_Sentence(*pair) for pair in zip(texts, sentences, strict=True)]
    met = [
        _Met(tuple(_has(one, word) for word in words), _gives(question, one))
        for one in written
    ]
    weights = _weights(met, len(words))
    scores = [_score(one, weights) for one in met]
    movable = [at for at in range(1, len(written)) if not leans(texts[at])]
    best = max(movable, key=lambda at: (scores[at], -at), default=0)
    if best and scores[best] - scores[0] > _needed(met[best], met[0], words):
        return best
    return 0


def leans(text: str) -> bool:
    """Whether a sentence leans on the one before it: "It also …", "In May he had …".

    >>> leans("However, it sank."), leans("In May he left."), leans("In May Ann left.")
    (True, True, False)
    """
    if _GOES_ON.match(text):
        return True
    opening = re.findall(r"[\w’']+", text)[:_OPENING]
    if not _GOING_ON.isdisjoint(opening):
        return True
    # "The bell hangs in its tower" says whose it is; "in May its owner" does not.
    is_named = bool(opening) and opening[0].lower() in _NAMING
    for at, word in enumerate(opening):
        if word.lower() in (_LEANING - _OWN if is_named else _LEANING):
            return True
        if at and word[0].isupper() and word not in MONTHS:
            return False  # somebody is named before any word that leans
    return False


def _substance(question: Asked) -> list[Term]:
    """The words of substance of a question, and its names, each once."""
    names = (term for term in question.terms if term.is_name)
    return list({term.term: term for term in (*question.content, *names)}.values())


def _has(sentence: _Sentence, word: Term) -> float:
    """How far a sentence has a word, 0-1: itself, its meaning, or its family."""
    said = sentence.read.everything
    if word.term in said:
        return 1.0
    if not said.isdisjoint(word.meanings):
        return _MEANING
    return _FAMILY if any(_are_family(word.term, other) for other in said) else 0.0


def _are_family(one: str, other: str) -> bool:
    """Whether one of two words is the other with an ending more."""
    short, long = sorted((one, other), key=len)
    ending = len(long) - len(short)
    is_stem = len(short) >= _SHORTEST_STEM and short.isalpha()
    return is_stem and ending <= _LONGEST_ENDING and long.startswith(short)


def _weights(met: Sequence[_Met], count: int) -> list[float]:
    """What each word counts: more where few sentences have it, or none."""
    return [
        log(1 + len(met) / max(1.0, sum(one.words[at] for one in met)))
        for at in range(count)
    ]


def _score(met: _Met, weights: Sequence[float]) -> float:
    total = sum(weights)
    had = sum(has * weight for has, weight in zip(met.words, weights, strict=True))
    return (had / total if total else 0.0) + _KIND * met.kind


def _needed(best: _Met, first: _Met, words: Sequence[Term]) -> float:
    """The margin by which a sentence must lead before the first."""
    pairs = zip(words, best.words, first.words, strict=True)
    more = [word for word, has, had in pairs if has - had >= _HALF]
    is_sure = len(more) > 1 or any(word.is_name for word in more)
    return MARGIN if is_sure or best.kind > first.kind else _ONE_WORD


def _gives(question: Asked, sentence: _Sentence) -> float:
    """The share of the kinds of answer asked for that a sentence gives, 0-1."""
    wanted = [kind for kind in question.wants if kind in _KINDS]
    given = sum(_KINDS[kind](sentence, question) for kind in wanted)
    return given / len(wanted) if wanted else 0.0


def _names_another(sentence: _Sentence, question: Asked) -> bool:
    others = sentence.read.names - question.names
    return bool(others) or _FULL_NAME.search(sentence.text) is not None


def _has_text(pattern: re.Pattern[str]) -> Callable[[_Sentence, Asked], bool]:
    return lambda sentence, _: pattern.search(sentence.text) is not None


_KINDS: Final[Mapping[str, Callable[[_Sentence, Asked], bool]]] = {
    "when": lambda one, _: any(figure.number is None for figure in one.read.figures),
    "how many": lambda one, _: any(figure.number for figure in one.read.figures),
    "how much": _has_text(_MONEY),
    "how long": _has_text(_TIME),
    "where": _has_text(_PLACE),
    "why": _has_text(_REASON),
    "who": _names_another,
    "yes/no": lambda one, _: _YES_NO.match(one.text) is not None,
}
"""The kinds of answer that can be told by a sentence, each with what tells it."""
