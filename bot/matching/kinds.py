"""Which kinds of answer a text holds: a date, a place, a number, a sum, a reason.

It is told by the words, so that something is held more often than it is.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.matching.text import words
from bot.story.prose import MONTHS

_MONTH: Final = "|".join(MONTHS)
_DAY: Final = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_COUNT: Final = (
    r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|several|many|few|dozens?|hundreds?|thousands?|half|both|single)"
)
_UNIT: Final = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)"
_PLACES: Final = (
    "court|street|city|town|village|office|site|website|web|online|instagram|twitter"
    "|facebook|tiktok|youtube|reddit|blog|video|interview|post|letter|magazine"
    "|newspaper|stadium|tower|hall|house|hospital|school|airport|station|stage|show"
    "|studio|park|harbour|port|canal|sea|coast|country|state|province|region|parliament"
    "|assembly|university|church|museum|shop|store|home|bank|bridge|camp|abroad"
    "|worldwide|world|north|south|east|west|platform|social media|television|tv"
)

_HELD: Final = {
    "when": re.compile(
        rf"\b(?:(?:19|20)\d\d|{_MONTH}|{_DAY})\b|\b{_COUNT} {_UNIT} (?:ago|later|after"
        r"|before|earlier)\b|\b(?:yesterday|today|tonight|midnight|noon)\b"
        r"|\b\d\d?(?::\d\d| ?[ap]\.?m)\b"
    ),
    "where": re.compile(
        r"\b(?:in|at|from|near|on|to|into|outside|around|of|through|via|across|under"
        rf"|past)\s+(?:the\s+)?(?!(?:{_MONTH}|{_DAY})\b)[A-Z]\w"
        rf"|\b(?i:{_PLACES})s?\b"
    ),
    "how many": re.compile(
        r"\d|(?i:\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
        r"|twelve|dozens?|hundreds?|thousands?|millions?|both|several|once|twice|all"
        r"|nobody|many|few|first|second|third|single)\b)"
    ),
    "how much": re.compile(
        r"[$€£¥]|\d|(?i:\b(?:dollars?|euros?|pounds?|cents?|millions?|billions?|free"
        r"|nothing|half|sum|price|cost)\b)"
    ),
    "how old": re.compile(
        r"(?i:\baged?\b|years? old|year-old|\bborn\b|\bsince (?:19|20)\d\d\b)"
    ),
    "how long": re.compile(
        rf"(?i:\b{_COUNT}(?: \w+)?[ -]{_UNIT}\b)|\b(?i:until|since|life|permanent\w*"
        r"|indefinite\w*|from .{3,40} to|between .{3,40} and)\b|\b\d+ (?:minutes|hours)"
        rf"|\b(?:{_MONTH})\b.*\b(?:{_MONTH})\b|metres|meters|miles|kilomet"
    ),
    "why": re.compile(
        r"(?i:\b(?:because|after|over|due|so that|reasons?|caus\w+|since|for|to|as|said"
        r"|sa(?:ys|id)|wrote|told|called|would|could|therefore|by|from|against)\b)"
    ),
    "what was said": re.compile(
        r"[“\"]|(?i:\b(?:said|sa(?:y|ys|ying)|told|tells?|wrot?e|writes?|call(?:s|ed)"
        r"|announc\w+|tweet\w*|post\w*|statement|argu\w+|den(?:y|ies|ied)|reject\w*"
        r"|apolog\w+|claim\w*|alleg\w+|prais\w+|thank\w*|critici\w+|describ\w+"
        r"|report\w*|warn\w*|promis\w+|explain\w*|accus\w+|insist\w*|respon\w+"
        r"|replied|repl(?:y|ies)|react\w*|rul(?:ed|ing|es)|spoke|spe?aks?|letter)\b)"
    ),
}
"""A kind of answer → what in a text may be one."""


def held(texts: Iterable[str]) -> frozenset[str]:
    """The kinds of answer that some of the texts hold, of those that can be told.

    >>> sorted(held(["The fee was dropped on 3 May 2021."]) & {"when", "where"})
    ['when']
    """
    said = [text for text in texts if not _A_DATE.fullmatch(text)]
    return frozenset(
        kind for kind, pattern in _HELD.items() if any(map(pattern.search, said))
    )


CHECKED: Final = frozenset(_HELD)
"""The kinds of answer that can be told by the words."""

_A_DATE: Final = re.compile(rf"(?:\d\d? )?(?:(?:{_MONTH}) )?\d{{4}}")

_NAME: Final = re.compile(r"(?<=\s)[A-Z][\w’'-]+(?:\s+(?:[A-Z][\w’'-]+|of|de|van))*")
_BESIDE: Final = 3  # words
_NOT_NAMES: Final = frozenset((*MONTHS, *_DAY.split("|"), "I"))


def beside_names(texts: Iterable[str]) -> frozenset[str]:
    """The words, in base form, within a few words of a name: what may have one.

    >>> "pilot" in beside_names(["It was the pilot Ada Moreau who let it go on."])
    True
    """
    found: set[str] = set()
    for text in texts:
        for name in _NAME.finditer(f" {text}"):
            if name[0].split()[0] in _NOT_NAMES:
                continue
            before = words(text[: max(name.start() - 1, 0)])[-_BESIDE:]
            after = words(text[max(name.end() - 1, 0) :])[:_BESIDE]
            found.update(before, after, words(name[0]))
    return frozenset(found)
