"""A question as read: its terms, and what it asks for.

Which words carry meaning and which do not; the kind of answer that is wanted; what
is said of what may be; who does what to whom.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.matching.english import FILLER
from bot.matching.figures import Figure, figures
from bot.matching.grammar import (
    QUESTION_WORDS,
    Deed,
    Term,
    deeds,
    focus,
    is_negated,
    order,
    subject,
)
from bot.matching.lexicon import Lexicon

# The kinds of answer, each with what asks for it; the first that fits a clause counts.
_WANTS: Final = [
    (kind, re.compile(rf"\b(?:{pattern})\b"))
    for kind, pattern in (
        ("how old", r"how old|what age|whats? \w+ age|age of"),
        ("how long", r"how long|how much time|what length"),
        ("how many", r"how many|number of|how often|what number"),
        (
            "how much",
            r"how much|what price|price of|cost of|(?:do|does|did) \w+ cost|net worth"
            r"|how expensive|what sum|worth",
        ),
        (
            "when",
            r"when|whats? date|which date|what day|which day|what year|which year"
            r"|what month|which month|date of|what time|since when",
        ),
        (
            "where",
            r"where|which platform|what platform|which site|what site|what app"
            r"|which app|which country|what city|which city|what network",
        ),
        ("why", r"why|how come|what for|reason|motive|what made"),
        ("who", r"who|whom|whose|whos|which person|which people"),
        ("how", r"how"),
        ("what", r"what|which|whats|wat"),
    )
]
_YES_NO = re.compile(
    r"^(?:(?:so|and|but|wait|ok|hey|yo|or|also|then|well|lol|is it true that)\s+)*"
    r"(?:did|didnt|does|doesnt|do|is|isnt|are|arent|was|wasnt|were|has|hasnt|have|had"
    r"|can|could|will|would|should|any)\b"
)
_MODAL = re.compile(
    r"\b(?:will|wont|would|wouldnt|should|shouldnt|could|couldnt|can|cant|may|might"
    r"|going to|gonna|must|ought to|planning to)\b"
)
_NUMBER = re.compile(r"\d+")

# Between two questions: a joint such as "and", a comma or a colon, or a number, before
# a word that begins a question.
_BEGINS: Final = (
    r"(?:who|what|when|where|why|which|how|whats|whos|did|does|do|is|are|was|were|has"
    r"|have|had|can|will|would|should|explain|tell)(?:['’]s)?\b"
)
_JOINT: Final = re.compile(
    r"(?:[,;:]\s*(?:(?:and|also|plus|then)\s+)*|\s*(?:\b(?:and|also|plus|n)\b|[&+])\s+"
    rf"(?:also\s+)?(?:in\s+)?|(?:^|\s)\d[.)]\s*)(?={_BEGINS})",
    re.IGNORECASE,
)
_ASKING: Final = QUESTION_WORDS | {"whats", "whos", "wheres", "whens", "hows", "whys"}
_REQUEST: Final = re.compile(r"(?:please |pls )?(?:explain|tell|give|describe)\b")
_MOST_QUESTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks, beyond its terms.

    `wants` are kinds of answer, empty where none can be told; `modal` where it asks
    what will, may or should be; `negated` where it takes something not to be so;
    `deeds` is who does what to whom, `order` the names in the order in which they act,
    `subject` the first of them; `focus` the thing that is asked for; `figures` its
    numbers and dates; `everything` its terms and what they mean.
    """

    terms: tuple[Term, ...]
    wants: frozenset[str]
    modal: bool
    negated: bool
    deeds: frozenset[Deed]
    order: frozenset[tuple[str, str]]
    subject: str | None
    focus: tuple[Term, ...]
    figures: frozenset[Figure]
    everything: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """The entities that are named."""
        return frozenset(term.term for term in self.terms if term.is_name)

    @property
    def content(self) -> tuple[Term, ...]:
        """The terms that carry meaning: no names, light words or question words."""
        return tuple(
            term
            for term in self.terms
            if not (term.is_name or term.light or term.term in QUESTION_WORDS)
            and not _NUMBER.fullmatch(term.term)
        )


def asked(spoken: str, terms: Sequence[str], lexicon: Lexicon) -> Asked:
    """What a text asks; `spoken` is the folded text, `terms` its terms in order."""
    meanings, light = lexicon.read(terms)
    found = tuple(
        Term(term, meant, is_light or term in FILLER)
        for term, meant, is_light in zip(terms, meanings, light, strict=True)
    )
    return Asked(
        terms=found,
        wants=wants(spoken),
        modal=_MODAL.search(spoken) is not None,
        negated=is_negated(terms),
        deeds=frozenset(deeds(found)),
        order=order(found),
        subject=subject(found),
        focus=focus(found),
        figures=figures(terms),
        everything=frozenset(terms).union(*meanings),
    )


def wants(spoken: str) -> frozenset[str]:
    """The kinds of answer a folded text asks for.

    >>> sorted(wants("when did she say it and why"))
    ['when', 'why']
    """
    found: set[str] = set()
    for kind, pattern in _WANTS:
        if pattern.search(spoken):
            found.add(kind)
            spoken = pattern.sub(" ", spoken)
    if re.search(r"\b(?:say|said|says|tell|told|comment|react)", spoken) and (
        found & {"what", "how"}
    ):
        found.add("what was said")
    if not found and _YES_NO.search(spoken):
        found.add("yes/no")
    return frozenset(found)


def segments(text: str) -> list[str]:
    """The parts of a message that may be the question: all of it, then its sentences.

    >>> segments("Hi all. I was away! Did she say sorry?")
    ['Hi all. I was away! Did she say sorry?', 'Did she say sorry?']
    """
    parts = [part.strip() for part in re.split(r"(?<=[.!?…])\s+|\n+", text)]
    parts = [part for part in parts if asks(part)]
    clauses = [
        clause.strip()
        for part in parts
        for clause in re.split(r"[,;:–—-]\s+|\s[–—-]\s", part)[1:]
        if asks(clause) and len(clause.split()) > 3
    ]
    whole = [text]
    return list(dict.fromkeys([*whole, *parts, *clauses]))[:5]


def asks(part: str) -> bool:
    """Whether a text seems to ask something: by its mark, or by how it begins."""
    said = part.lower().replace("'", "").replace("’", "")
    first = re.findall(r"[a-z]+", said)
    return len(first) > 1 and (
        part.endswith("?")
        or _YES_NO.match(said) is not None
        or _REQUEST.match(said) is not None
        or not _ASKING.isdisjoint(first)
    )


def questions(text: str) -> list[str]:
    """The questions in a message, in order: several only where each can stand alone.

    >>> questions("When did she post it and was it on Twitter?")
    ['When did she post it', 'was it on Twitter?']
    >>> questions("Did she say sorry?")
    ['Did she say sorry?']
    """
    parts = [
        part.strip(" ,;")
        for sentence in re.split(r"(?<=[?!.…])(?<!\d\.)\s+|\n+", text)
        for part in _JOINT.split(sentence)
    ]
    asking = [part for part in parts if asks(part) or part.strip(" ?") in _ASKING]
    return asking[:_MOST_QUESTIONS] if len(asking) > 1 else [text]
