"""Printed words: which of them a text quotes, and whether a source printed them."""

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from bot.story.prose import QUOTE_MARKS, squeeze

MAX_SKIPPED: Final = 50
"""Words that one ellipsis may skip: about a paragraph of a news report."""

_FAR: Final = 5000
"""Characters that hold more words than that, or none that anybody printed."""

# Unicode's Quotation_Mark: what opens a quotation, and what closes it.
_DOUBLE: Final = (
    '“” „“” ‟” ”” ⹂” «» »« \u2039\u203a \u203a\u2039 「」 『』 ｢｣ ﹁﹂ ﹃﹄ 〝〞〟 "" '
    "\uff02\uff02"
).split()
_SINGLE: Final = "‘’ \u201a‘’ ‛’ ’’ '' \uff07\uff07".split()
_CLOSED_BY: Final = {pair[0]: pair[1:] for pair in (*_DOUBLE, *_SINGLE)}
_LONGEST: Final = 2000
"""Characters within which a mark that may be none has to be closed."""

_APOSTROPHES: Final = frozenset(pair[0] for pair in _SINGLE)
_AT_WORDS: Final = _APOSTROPHES | frozenset("”»\u203a")
"""Marks that stand for something else unless a word begins behind them."""

_ELIDED = re.compile(
    r"['’‘](?:n['’]|(?:\d0s|em|til|tis|twas|cause|cos)\b)", re.IGNORECASE
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff]"
)
_MARKDOWN = (
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"^[^\S\n]*(?:#+|[>+*-])[^\S\n]+", re.MULTILINE), ""),
    (re.compile(r"[*_~\\]+|(?<!\w)`+|`+(?!\w)"), ""),
)
_JOIN: Final = "\x01"
"""A hyphen at a line's end: a part of the word, or not."""

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n\s*")
_LINE_END = re.compile(r"(?<=\w)(?:[-\u2010\u00ad][^\S\n]*\n\s*|\u00ad\s+)(?=\w)")
_MARK = re.compile(r"(?<!\w)['\"]+|['\"]+(?!\w)|\"")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\s?\.\s?\.|\[\.\.\.\]|\(\.\.\.\))+\s*")
_UNSPACED: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_HEAD = re.compile(rf"(?<![^\W{_UNSPACED}])(?<!\w['-])(?<!\d[.,])(?<!{_JOIN})")
_TAIL = re.compile(rf"(?![^\W{_UNSPACED}]|['-]\w|[.,]\d|{_JOIN})")
_SPACED = re.compile(rf"[^\W{_UNSPACED}]")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}](?:['.,-]?[^\W{_UNSPACED}])*")
_TURN = re.compile(
    r"\b(?:not|no|nor|never|none|nobody|nothing|neither|without|cannot|hardly|scarcely|"
    r"barely|un(?:true|less|likely)|false(?:ly)?|den(?:y|ies|ied)|refus\w+|fail\w*|"
    r"but|however|although|though|except|rather|instead|nicht|kein\w*|nie|aber|pas|"
    r"jamais|mais|nunca|jam[aá]s|ni|sin|pero|не|нет|но)\b|\b\w+n't\b"
)


class Quotation(NamedTuple):
    """Words that stand between quotation marks, and where in the text."""

    words: str
    start: int
    end: int


def quoted(text: str) -> Iterator[Quotation]:
    """What stands between quotation marks of any script, in order.

    A mark that is never closed quotes all that follows. An apostrophe is no mark.

    >>> [one.words for one in quoted("The users' “two bells” and ‘Ada’s bell’")]
    ['two bells', 'Ada’s bell']
    """
    at = 0
    while at < len(text):
        end = _closed(text, at) if text[at] in _CLOSED_BY else None
        if end is not None and (words := text[at + 1 : end].strip()):
            yield Quotation(words, at + 1, end)
        at = (at if end is None else end) + 1


def _closed(text: str, at: int) -> int | None:
    """Where the quotation that a mark opens is closed; None where it opens none."""
    mark = text[at]
    is_word = not text[at - 1 : at].isalnum() and not text[at + 1 : at + 2].isspace()
    if mark in _AT_WORDS and not (is_word and text[at + 1 :]):
        return None
    if mark == '"' and text[at - 1 : at].isdigit() and not text[at + 1 :][:1].isalnum():
        return None  # inches
    if mark not in _APOSTROPHES:
        is_sure = mark not in _AT_WORDS
        last = len(text) if is_sure else at + _LONGEST
        ends = [text.find(close, at + 1, last) for close in _CLOSED_BY[mark]]
        open_ended = len(text) if is_sure else None
        return min((end for end in ends if end >= 0), default=open_ended)
    return None if _ELIDED.match(text, at) else _closed_single(text, at)


def _closed_single(text: str, at: int) -> int | None:
    """Where a quotation in single marks ends: at no apostrophe, where that is known."""
    pattern = rf"(?<=\S)[{_CLOSED_BY[text[at]]}](?!\w)"
    found = list(re.finditer(pattern, text[at + 1 : at + _LONGEST]))
    for one, other in pairwise(found):
        between = text[at + 1 + one.end() : at + 1 + other.start()]
        is_owner = text[at + one.start()] in "sS" and re.match(r"\s\w", between)
        if not is_owner or re.search(r"(?<!\w)['’‘]\w", between):
            return at + 1 + one.start()
    return at + 1 + found[-1].start() if found else None


def levelled(text: str) -> str:
    """Text for comparing a quotation with what was printed: only its words differ.

    Case, white space, quotation marks, dashes, ellipses, invisible characters,
    ligatures and the marks of Markdown are set aside; words and their order are not.

    >>> levelled("I … **haven’t**  be\u00aden")
    "i ... haven't been"
    """
    # First, as all that follows would go over a long run again from each blank of it.
    text = _LINES.sub("\n", _BLANKS.sub(" ", text))
    text = _LINE_END.sub(_JOIN, text)
    text = _INVISIBLE.sub("", text)
    for pattern, kept in _MARKDOWN:
        text = pattern.sub(kept, text)
    text = re.sub(r"\s*(?:[—―]|--+|\s–\s)\s*", " - ", text).translate(QUOTE_MARKS)
    text = unicodedata.normalize("NFKC", _ELLIPSIS.sub(" ... ", text))
    return squeeze(_MARK.sub("", text)).casefold()


def words_in(text: str) -> int:
    """How many words a text has; each sign is one where words have no spaces."""
    return len(_WORD.findall(text))


def unprinted(quotation: str, text: str) -> str | None:
    """Why some words are not in a text, both levelled; None where they are.

    Whole words are. An ellipsis skips at most MAX_SKIPPED words, and none that turn the
    meaning. Empty where the words are simply not there.

    >>> unprinted("is ... legal", "it is not legal")
    "its ellipsis skips 'not'"
    """
    parts = [part for raw in quotation.split("...") if (part := raw.strip(" ,;:"))]
    if not any(map(words_in, parts)):
        return "it has no words"
    first, *others = (_finder(part, text) for part in parts)
    reached = [end for _, end in first(0)]
    why = ""
    for finder in others:
        following: list[int] = []
        for begins, end in finder(reached[0]) if reached else ():
            # What is skipped from the last one is skipped from all before it, too.
            start = reached[bisect_right(reached, begins) - 1]
            reason = _skipped(text[start : min(begins, start + _FAR)])
            if reason is None:
                following.append(end)
            why = why or reason or ""
        reached = following
    return None if reached else why


def _finder(part: str, text: str) -> Callable[[int], Iterator[tuple[int, int]]]:
    """What finds, from a place in a text on, where some whole words begin and end."""
    head = _HEAD if _SPACED.match(part[0]) else None
    tail = _TAIL if _SPACED.match(part[-1]) else None
    joined: re.Pattern[str] | None = None
    if _JOIN in text:
        letters = (rf"[-{_JOIN}]" if one == "-" else re.escape(one) for one in part)
        joined = re.compile(rf"{_JOIN}?".join(letters))

    def find(start: int) -> Iterator[tuple[int, int]]:
        while True:
            if joined:
                found = joined.search(text, start)
                at, end = found.span() if found else (-1, -1)
            else:
                at = text.find(part, start)
                end = at + len(part)
            if at < 0:
                return
            if (not head or head.match(text, at)) and (
                not tail or tail.match(text, end)
            ):
                yield at, end
            start = at + 1

    return find


def _skipped(text: str) -> str | None:
    """Why an ellipsis may not stand for some words; None where it may."""
    if turn := _TURN.search(text):
        return f"its ellipsis skips '{turn[0]}'"
    if words_in(text) > MAX_SKIPPED or len(text) == _FAR:
        return f"its ellipsis skips more than {MAX_SKIPPED} words"
    return None


def difference(one: str, other: str) -> str:
    """What differs between two texts that look alike; empty where they do not.

    >>> difference("the bell was sold", "the bell was told")
    "; 'sold' is not 'told'"
    """
    mine, others = squeeze(one).split(), squeeze(other).split()
    same = difflib.SequenceMatcher(None, one.casefold(), other.casefold())
    if same.ratio() < _ALIKE:
        return ""
    keys = [[levelled(word) for word in words] for words in (mine, others)]
    matched = difflib.SequenceMatcher(None, keys[0], keys[1])
    for kind, *spans in matched.get_opcodes():
        left, right = (
            " ".join(mine[slice(*spans[:2])]),
            " ".join(others[slice(*spans[2:])]),
        )
        if kind == "equal":
            continue
        if kind == "insert":
            return f"; the quotation leaves out '{right}'"
        odd = [char for char in dict.fromkeys(left + right) if not char.isascii()]
        named = (f"{char} is U+{ord(char):04X} ({_name(char)})" for char in odd[:2])
        said = f"; '{left}' is not " + (f"'{right}'" if right else "there")
        return said + (f": {', '.join(named)}" if odd else "")
    return ""


_ALIKE: Final = 0.85
"""Likeness by letters from which two texts are told apart for the reader."""


def _name(char: str) -> str:
    return unicodedata.name(char, "no name")
