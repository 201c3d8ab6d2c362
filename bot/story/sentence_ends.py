"""Where a sentence ends, in any script.

Unicode's rules, made stricter where a sentence without a fact could hide, and with
abbreviations known. Source: https://www.unicode.org/reports/tr29/#Sentence_Boundaries
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Unicode's Sentence_Terminal, the ellipsis, and emoji that people end with.
STOPS: Final = (
    r".!?\u2026\u2024\u0589\u061d-\u061f\u06d4\u0700-\u0702\u07f9\u0837\u0839\u083d"
    r"\u083e\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u166e\u1735\u1736\u1803\u1809"
    r"\u1944\u1945\u1aa8-\u1aab\u1b5a\u1b5b\u1b5e\u1b5f\u1b7d\u1b7e\u1c3b\u1c3c\u1c7e"
    r"\u1c7f\u203c\u203d\u2047-\u2049\u2753-\u2755\u2757\u2e2e\u2e3c\u2e53\u2e54\u3002"
    r"\ua4ff\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9"
    r"\uaa5d-\uaa5f\uaaf0\uaaf1\uabeb\ufe52\ufe56\ufe57\uff01\uff0e\uff1f\uff61"
    r"\U00011047\U00011048\U000110be-\U000110c1\U00011141-\U00011143\U000111c5"
)
"""What ends a sentence, for a class of a pattern."""

CLOSERS: Final = (
    r"\"'*_~`|)\]}\u00bb\u00ab\u2018\u2019\u201c\u201d\u2039\u203a\u300b\u300d\u300f\u301e\u301f"
    r"\uff02\uff07\uff09\uff63\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff"
)
"""What may stand between that and the white space, for a class of a pattern."""

_END = re.compile(
    rf"[{STOPS}][{STOPS}{CLOSERS}]*"
    r"|\n[^\S\n]*\n|\u2029|\n(?=[^\S\n]*(?:[-*\u2022]|\d+[.)])\s)"
)
_CLOSED = re.compile(
    r"[\"')\]}\u00bb\u00ab\u2018-\u201f\u2039\u203a\u300d\u300f\uff63]"
)
_WORD = re.compile(r"[^\W_][\w'\u2019-]*")
_WINDOW: Final = 60
"""Characters on each side that are looked at: longer than any word that matters."""

_NEVER: Final = frozenset(
    "mr mrs ms mx dr prof gen rep sen gov lt col capt sgt rev hon messrs mme mlle sra "
    "dra hr v vs cf viz e.g i.e z.b d.h u.a approx ca feat incl ok\u0159".split()
)
"""Abbreviations that something follows, always."""

_NUMBERED: Final = frozenset(
    "no nos nr n\u00ba n\u00fam p pp p\u00e1g vol vols fig figs art arts sec ch par "
    "para tel ext c s".split()
)
"""Abbreviations before a number; words, or letters, elsewhere."""

_FIRMS: Final = frozenset("inc ltd corp llc plc gmbh etc".split())
_OF_FIRMS: Final = frozenset(
    "President Chairman Chairwoman Chief Vice Director Founder Executive Managing "
    "Senior Group Holdings International Ltd Inc Co Corp Spokesman Spokeswoman".split()
)
"""What may follow a firm's name with a capital, in the same sentence."""

_SHORT: Final = frozenset(
    "co jr sr bros st mt ft ave rd blvd al est dept univ jan feb mar apr jun jul aug "
    "sep sept oct nov dec ee uu bzw usw str bspw ul \u0433 \u0433\u0433 \u0443\u043b "
    "\u0438\u043c \u0434\u0440 \u0442\u044b\u0441 \u043c\u043b\u043d "
    "\u0440\u0443\u0431".split()
)
"""Abbreviations that a sentence may end with, or go on after."""

_OPENERS: Final = frozenset(
    "The A An It Its He She They We You I This That These Those There Here Then But "
    "And Or Yet If When While After Before Since In On At By For From To With As No "
    "Not Nobody Nothing None Both Each Every Some Many Most All Another Other What Who "
    "Why Where How His Her Their Our My Also However Later Now Today Yesterday Neither "
    "Is Was Were Did Does Has Have Had Only Even Although Though Because Until During "
    "Meanwhile Instead One Two Three Several Police Neighbours Neighbors People "
    "El La Los Las Un Una Se Es En Le Les Il Elle Der Die Das Ein Eine Er Sie".split()
)
"""Words that begin a sentence, and hardly ever a name."""

_LETTERED: Final = frozenset(
    "accomplice person suspect individual plan vitamin exhibit section group type "
    "class grade option building gate route hepatitis annex appendix part team block "
    "category schedule source case product witness letter series zone phase".split()
)
"""What is told apart by a letter: "plan B" ends where "Samuel B." goes on."""

_SHOUTED: Final = frozenset({"yahoo", "jeopardy", "wham", "panic"})
"""Names with a mark of their own."""

_DOMAINS: Final = frozenset("com net org edu gov io js co uk de fr es it tv".split())


def ends(text: str) -> Iterator[int]:
    """The places in a text behind each sentence but the last, in order.

    A full stop with white space behind it ends a sentence whatever comes next, but for
    abbreviations and initials. Never raises.

    >>> list(ends("Dr. Wu sang. eBay fell.It rose"))
    [12, 23]
    """
    start = 0
    for found in _END.finditer(text):
        before = text[max(start, found.start() - _WINDOW) : found.start()]
        after = text[found.end() : found.end() + _WINDOW]
        if _has_letters(before) and after.strip() and _ends(before, found[0], after):
            start = found.end()
            yield start


def _has_letters(text: str) -> bool:
    """Whether there is more than the number of a list's item."""
    return any(char.isalpha() for char in text)


def _ends(before: str, stop: str, after: str) -> bool:
    marks = re.sub(rf"[{CLOSERS}\s]", "", stop)
    if not marks:  # a paragraph, or an item of a list
        return not before.rstrip().endswith((":", ",", ";"))
    if not set(marks) <= set(".!?\u2026"):
        return not (_CLOSED.search(stop) and after.startswith(("と", "っ")))
    rest = after.lstrip()
    follows = _WORD.search(rest)
    word = follows[0] if follows else ""
    is_initial = len(word) == 1 and rest[rest.index(word) + 1 :].startswith(".")
    is_low = rest[0].islower() and not _is_camel(word)
    is_inside = rest[0] in ",;:)]/" or (
        is_low
        and (
            rest is after or "\u2026" in marks or ".." in marks or _CLOSED.search(stop)
        )
    )
    if is_inside or (
        rest is after and (is_initial or not _begins_unspaced(before, rest, word))
    ):
        return False
    if marks == "!":
        return not (is_low and _last(before) in _SHOUTED)
    return marks != "." or not _goes_on(before, rest, word, is_initial=is_initial)


def _begins_unspaced(before: str, rest: str, word: str) -> bool:
    """Whether a sentence begins right behind a full stop, without white space."""
    if rest[0].isdigit():
        return False
    if rest[0].isupper():
        is_domain = word.casefold() in _DOMAINS and not _opens(word)
        is_name = is_domain or (before[-1:].isdigit() and not word[1:])
        return not is_name and (not before[-1:].isupper() or _opens(word))
    if unicodedata.category(rest[0]) == "Pd":
        return word[:1].isupper()
    return unicodedata.category(rest[0])[0] not in "PN" or bool(
        re.match(r"[\"'(\[{\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c\u300e]", rest)
    )


def _goes_on(before: str, rest: str, word: str, *, is_initial: bool) -> bool:
    """Whether a full stop is that of an abbreviation inside a sentence."""
    short = _last(before)
    is_letter = len(short) == 1 and short.isalpha()
    is_dotted = re.fullmatch(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}", short)
    if short in _NUMBERED and rest[0].isdigit():
        return True
    if short in _NEVER or not (
        is_letter or is_dotted or short in _FIRMS or short in _SHORT
    ):
        return short in _NEVER
    if is_initial or not word or word[0].isdigit():
        return True
    words = before.split()
    is_lettered = is_letter and words[-2:-1] and words[-2].casefold() in _LETTERED
    if word[0].islower():
        is_word = is_letter and before[-1].islower() and _opens(word)
        return not (is_lettered or is_word)
    is_firm = short in _FIRMS and not _is_of_a_firm(word)
    is_other = _is_latin(short) != _is_latin(word) or _is_symbol(rest[0])
    return not (is_lettered or is_firm or is_other or _opens(word))


def _last(before: str) -> str:
    """The word that a text ends with, without the marks it begins with."""
    return re.sub(r"^\W+", "", (before.split() or [""])[-1]).casefold()


def _opens(word: str) -> bool:
    return re.split(r"['\u2019]", word)[0].capitalize() in _OPENERS


def _is_of_a_firm(word: str) -> bool:
    return word in _OF_FIRMS or word.isupper()


def _is_camel(word: str) -> bool:
    """Whether a word has a capital further on, as "iPhone" has."""
    return any(char.isupper() for char in word[1:])


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) == "So"


def _is_latin(text: str) -> bool:
    return unicodedata.name(text[0], "").startswith("LATIN")
