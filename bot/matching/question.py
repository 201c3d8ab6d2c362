"""A question as read: its terms, and what it asks for.

Which words carry meaning and which do not; the kind of answer that is wanted; what
is said of what may be; who does what to whom.
"""

import re
from collections.abc import Callable, Sequence
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
    named_thing,
    order,
    subject,
)
from bot.matching.lexicon import Lexicon
from bot.matching.polarity import denials
from bot.story.prose import sentences

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
_CONJUNCTION = re.compile(
    r"(\b(?:who|what|why|how|which|did|does|was|were|has|is)\b.*?)"
    r"(?<!\band)(?<!\bor)(?<!\bbut)(?<!\bon)(?<!\bknow)(?<!\bsay)(?<!\btell)"
    r"(?<!\bexplain)(?<!\bme)(?<!\bsince)(?<!\bfrom)(?<!\bsaid)(?<!\bso)"
    r" (?:when|while)\b"
)
"""In "why did he laugh when she fell", "when" asks for nothing."""
_YES_NO = re.compile(
    r"^(?:(?:so|and|but|wait|ok|hey|yo|or|also|then|well|lol|is it true that)\s+)*"
    r"(?:did|didnt|does|doesnt|do|is|isnt|are|arent|was|wasnt|were|has|hasnt|have|had"
    r"|can|could|will|would|should|any)\b"
)
_MODAL = re.compile(
    r"\b(?:will|wont|would|wouldnt|should|shouldnt|could|couldnt|can|cant|may|might"
    r"|(?:do|does) (?:\w+ ){1,4}have to|going to|gonna|must|ought to|planning to)\b"
)
_POLITE = re.compile(
    r"\b(?:can|could|would|will|may|might)"
    r" (?:you|u|someone|anyone|anybody|somebody|(?:i|we) (?:ask|get|know|have))\b"
    r"|\b(?:would|should|could|id|d) (?:be )?(?:like|love|obliged|grateful|help"
    r"|interest|interested|appreciate|happy|curious)\b"
)
"""Polite words, in which nothing is said of what may be."""
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
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE: Final = re.compile(r"(?<=[,;:])\s+|\s[–—-]+\s|\s(?=\bbut\b)")
_SOMEBODY: Final = (
    r"(?:you|u|ya|(?:some|any)(?:one|body)|one of you|any of you|people)"
    r"(?: (?:here|guys|in here|else))*"
)
_ASKING_FRAMES: Final = re.compile(
    r"\b(?:hi|hello|hey|good (?:morning|evening|afternoon|day))(?: (?:all|everyone"
    r"|everybody|guys|folks|there|team))*\b[,.!]*"
    rf"|\b(?:could|can|would|will|may) {_SOMEBODY}"
    r"(?: (?:please|kindly|pls|maybe|just))*"
    r" (?:tell|explain|help|remind|inform|enlighten|clarify|fill|let|say|confirm"
    r"|summari[sz]e)(?: to)?(?: (?:me|us))?(?: (?:know|in on|about|understand))*"
    r"|\bi(?: would| should|['’]?d)(?: (?:be|really|very|so|most|just|rather|also))*"
    r" (?:like|love|grateful|curious|interested|obliged|glad|happy|keen|appreciate it)"
    r"(?: to (?:know|learn|hear|understand|find out|see|be told|ask)(?: more)?"
    rf"(?: about)?| if {_SOMEBODY} (?:could|can|would|might)(?: (?:please|kindly))?"
    r" (?:tell|explain)(?: to)?(?: (?:me|us))?)?"
    r"|\bi(?: am|['’]?m)(?: (?:just|really|honestly|still|also|so|only|a bit))*"
    r" (?:trying|curious|wondering|confused|interested|asking)"
    r"(?: to (?:find out|understand|learn|know|figure out|work out|see)| about| as to"
    r"| in)*"
    r"|\b(?:just|was|been|i) (?:wonder|wondering|curious)(?: (?:if|about))?"
    rf"|\b(?:does|do|did) {_SOMEBODY}(?: happen to)? (?:know|remember|recall)"
    r"|\bany (?:idea|clue|news|word)s?(?: (?:on|about))?|\btell me(?: about)?"
    r"|\bit would help me to know"
    r"|\b(?:i|we)(?:['’]?ve)? (?:heard|read|saw|seen|thought|think|remember|gather"
    r"|understand|believe|guess)(?: (?:somewhere|online|that|reading that))*"
    rf"|\b{_SOMEBODY} (?:mentioned|told me|said)(?: that)?"
    r"|\b(?:um+|uh+|er+|hm+|erm+)\b|\bquick question\b|\bgenuine(?:ly)? question\b"
    r"|\b(?:thanks|thx|thank you|cheers)(?: (?:in advance|a lot|so much))?[.!]*$"
    r"|\b(?:kind |best )?regards\b.*$",
    re.IGNORECASE,
)
"""Ways of beginning or ending a question, in which nothing is asked."""

_FRAMES: Final = re.compile(
    r"\b(?:(?:i.?m |im )?not (?:gonna|going to) lie|no offen[cs]e(?: but)?"
    r"|(?:there(?: a|.)?re |there.?s )?(?:always )?two sides (?:to|of) every \w+"
    r"|no (?:doubt|joke|cap|lie|hate|worries|rush|pressure)|not trying to [^,.;!?]+"
    r"|it.?s (?:been )?(?:(?:like|only|about) )?(?:\d+|two|three|four|five)"
    r" (?:hours?|hrs|mins?|minutes?|days?|weeks?)(?: ago| now| long| already)?"
    r"|one (?:more |last |quick )?(?:thing|question)|never mind|last but not least"
    r"|nobody (?:told|asked) (?:me|us|you)"
    r"|(?:never|didn.?t) (?:did )?(?:find|found) out)\b,?",
    re.IGNORECASE,
)
"""Ways of speaking that deny and count nothing in the question itself."""

_SAYS: Final = re.compile(
    r"^(?:(?:so|and|but|ok|well|like|um)\s+)*(?:my|a|an|one|some|all|both)\s"
    r"(?:[\w'’]+\s){0,4}?(?:says?|said|told me|thinks?|claims?|swears?|insists?"
    r"|reckons?)\s+(?:that\s+)?(?=\w+\s)",
    re.IGNORECASE,
)
_MINE: Final = re.compile(
    r"\b(?:i|im|i['’](?:m|ve|d|ll)|ive|my|me|mine|myself|we|our|us)\b", re.IGNORECASE
)
_ASKS_FROM: Final = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how|whether)(?:['’]?s)?\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w")
_ASKING: Final = QUESTION_WORDS | {"whats", "whos", "wheres", "whens", "hows", "whys"}
_REQUEST: Final = re.compile(r"(?:please |pls )?(?:explain|tell|give|describe)\b")
_MOST_QUESTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks, beyond its terms.

    `wants` are kinds of answer, empty where none can be told; `modal` where it asks
    what will, may or should be; `negated` where it takes something not to be so;
    `deeds` is who does what to whom, `order` the names in the order in which they act,
    `subject` the first of them; `focus` the thing that is asked for, `named_thing` one
    whose name is; `figures` its numbers and dates; `everything` its terms and what they
    mean. `names` are the entities that are named, `content` the terms that carry
    meaning: no names, light words or question words. `own` is what its own part asks,
    without the chatter around it.
    """

    terms: tuple[Term, ...]
    wants: frozenset[str]
    modal: bool
    negated: bool
    deeds: frozenset[Deed]
    order: frozenset[tuple[str, str]]
    subject: str | None
    focus: tuple[Term, ...]
    named_thing: tuple[Term, ...]
    figures: frozenset[Figure]
    everything: frozenset[str]
    names: frozenset[str]
    content: tuple[Term, ...]
    own: "Asked | None" = None

    @property
    def part(self) -> "Asked":
        """What the question's own part asks; all of it where no part is known."""
        return self.own or self


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
        modal=_MODAL.search(_POLITE.sub(" ", spoken)) is not None,
        negated=bool(denials(found)),
        deeds=frozenset(deeds(found)),
        order=order(found),
        subject=subject(found),
        focus=focus(found),
        named_thing=named_thing(found),
        figures=figures(terms),
        everything=frozenset(terms).union(*meanings),
        names=frozenset(one.term for one in found if one.is_name),
        content=tuple(filter(_is_content, found)),
    )


def _is_content(term: Term) -> bool:
    """Whether a term carries meaning: no name, light word, number or question word."""
    return not (
        term.is_name
        or term.light
        or term.term in QUESTION_WORDS
        or _NUMBER.fullmatch(term.term)
    )


def wants(spoken: str) -> frozenset[str]:
    """The kinds of answer a folded text asks for.

    >>> sorted(wants("when did she say it and why"))
    ['when', 'why']
    """
    found: set[str] = set()
    spoken = _CONJUNCTION.sub(r"\1", spoken)
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


def told_parts(text: str) -> list[str]:
    """What a curated text says, one by one: its sentences, and what a ";" parts.

    >>> told_parts("It was no attack; the update was faulty. It crashed.")
    ['It was no attack', 'the update was faulty.', 'It crashed.']
    """
    return [
        part for one in sentences(text) for part in re.split(r";\s+", one.text) if part
    ]


def own_part(text: str, is_about: Callable[[str], bool]) -> str:
    """The part of a message that asks, without what the asker says of themselves.

    `is_about` tells whether a clause names something of the story: that is kept. All of
    the text where nothing else would be left.

    >>> own_part("I've got 3 kids and no time. Who owns it?", lambda _: False)
    'Who owns it?'
    """
    text = _FRAMES.sub(" ", text)
    parts = [_CLAUSE.split(one) for one in _SENTENCE.split(text)]
    is_asked = any(asks(clause) for part in parts for clause in part)
    kept: list[str] = []
    for part in parts:
        has_begun = not is_asked
        for clause in part:
            # What comes before the question is kept only where it is about the story.
            has_begun = has_begun or asks(clause)
            if has_begun or is_about(clause):
                kept.append(_own_clause(_ASKING_FRAMES.sub(" ", clause), is_about))
    own = " ".join(filter(None, kept))
    return own if _WORD.search(own) else text


def _own_clause(clause: str, is_about: Callable[[str], bool]) -> str:
    """What of a clause is the question's own; nothing of the asker's."""
    rest = _SAYS.sub("", clause)
    if not _MINE.search(rest):
        return rest.strip()
    asking = _ASKS_FROM.search(rest)
    if asking and not is_about(rest[: asking.start()]):
        return rest[asking.start() :].strip()
    return rest.strip() if asks(rest) or is_about(rest) else ""


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
