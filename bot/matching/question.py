"""A question as read: its terms, and what it asks for.

Which words carry meaning and which do not; the kind of answer that is wanted; what
is said of what may be; who does what to whom.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

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
from bot.matching.polarity import DENYING, denials
from bot.story.figures import Figure, figures
from bot.story.prose import sentences

# The kinds of answer, each with what asks for it; the first that fits a clause counts.
# Of the words between them one at least is in it: to see that none is there is quicker.
_WANTS: Final = [
    (kind, frozenset(having.split()), re.compile(rf"\b(?:{pattern})\b"))
    for kind, having, pattern in (
        ("how old", "old age", r"how old|what age|whats? \w+ age|age of"),
        ("how long", "long time length", r"how long|how much time|what length"),
        ("how many", "many number often", r"how many|number of|how often|what number"),
        (
            "how much",
            "much price cost worth expensive sum",
            r"how much|what price|price of|cost of|(?:do|does|did) \w+ cost|net worth"
            r"|how expensive|what sum|worth",
        ),
        (
            "when",
            "when date day year month time",
            r"when|whats? date|which date|what day|which day|what year|which year"
            r"|what month|which month|date of|what time|since when",
        ),
        (
            "where",
            "where platform site app country city network",
            r"where|which platform|what platform|which site|what site|what app"
            r"|which app|which country|what city|which city|what network",
        ),
        (
            "why",
            "why come for reason motive made",
            r"why|how come|what for|reason|motive|what made",
        ),
        (
            "who",
            "who whom whose whos person people",
            r"who|whom|whose|whos|which person|which people",
        ),
        ("how", "how", r"how"),
        ("what", "what which whats wat", r"what|which|whats|wat"),
    )
]
_CONJUNCTIONS: Final = frozenset({"when", "while"})
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
_MODALS: Final = frozenset(
    "will wont would wouldnt should shouldnt could couldnt can cant may might have"
    " going gonna must ought planning".split()
)
_POLITE = re.compile(
    r"\b(?:can|could|would|will|may|might)"
    r" (?:you|u|(?:some|any)(?:one|body)(?! have \w)|(?:i|we) (?:ask|get|know|have))\b"
    r"|\b(?:would|should|could|id|d) (?:be )?(?:like|love|obliged|grateful|help"
    r"|interest|interested|appreciate|happy|curious)\b"
)
"""Polite words, in which nothing is said of what may be."""
_SAYING: Final = re.compile(r"\b(?:say|said|says|tell|told|comment|react)")
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


@dataclass(frozen=True)
class Asked:
    """What a text asks, beyond its terms; each worked out when it is first wanted.

    `spoken` is the folded text, `terms` its terms in order. `own` is what its own part
    asks, without the chatter around it.
    """

    spoken: str
    terms: tuple[Term, ...]
    own: "Asked | None" = None

    @property
    def part(self) -> "Asked":
        """What the question's own part asks; all of it where no part is known."""
        return self.own or self

    @cached_property
    def wants(self) -> frozenset[str]:
        """Kinds of answer; empty where none can be told."""
        return wants(self.spoken)

    @cached_property
    def modal(self) -> bool:
        """Whether it asks what will, may or should be."""
        if _MODALS.isdisjoint(self.spoken.split()):
            return False
        return _MODAL.search(_POLITE.sub(" ", self.spoken)) is not None

    @cached_property
    def negated(self) -> bool:
        """Whether it takes something not to be so."""
        return bool(denials(self.terms))

    @cached_property
    def deeds(self) -> frozenset[Deed]:
        """Who does what to whom."""
        return frozenset(deeds(self.terms) if self.entities else ())

    @cached_property
    def order(self) -> frozenset[tuple[str, str]]:
        """Pairs of names in the order in which they act."""
        return order(self.terms) if len(self.entities) > 1 else frozenset()

    @cached_property
    def subject(self) -> str | None:
        """The first of the names that act."""
        return subject(self.terms) if self.entities else None

    @cached_property
    def focus(self) -> tuple[Term, ...]:
        """The thing that is asked for."""
        return focus(self.terms)

    @cached_property
    def named_thing(self) -> tuple[Term, ...]:
        """A thing whose name is asked for."""
        return named_thing(self.terms)

    @cached_property
    def figures(self) -> frozenset[Figure]:
        """Its numbers and dates."""
        return figures([one.term for one in self.terms])

    @cached_property
    def said(self) -> frozenset[str]:
        """Its terms."""
        return frozenset([one.term for one in self.terms])

    @cached_property
    def everything(self) -> frozenset[str]:
        """Its terms and what they mean."""
        return self.said.union(*[one.meanings for one in self.terms if one.meanings])

    @cached_property
    def entities(self) -> frozenset[str]:
        """The entities that are named."""
        return frozenset([term for term in self.said if term.startswith("@")])

    @cached_property
    def names(self) -> frozenset[str]:
        """Those of them that tell one question from another: all, if nobody knows."""
        return self.entities

    @cached_property
    def content(self) -> tuple[Term, ...]:
        """The terms that carry meaning: no names, light words or question words."""
        return tuple(filter(_is_content, self.terms))

    @cached_property
    def substance(self) -> tuple[Term, ...]:
        """The content, each term once, but what denies."""
        once = {term.term: term for term in self.content if term.term not in DENYING}
        return tuple(once.values())


def asked(spoken: str, terms: Sequence[str], lexicon: Lexicon) -> Asked:
    """What a text asks; `spoken` is the folded text, `terms` its terms in order."""
    return Asked(spoken, lexicon.terms(terms))


def _is_content(term: Term) -> bool:
    """Whether a term carries meaning: no name, light word, number or question word."""
    return not (
        term.light
        or term.is_name
        or term.term in QUESTION_WORDS
        or _NUMBER.fullmatch(term.term)
    )


def wants(spoken: str) -> frozenset[str]:
    """The kinds of answer a folded text asks for.

    >>> sorted(wants("when did she say it and why"))
    ['when', 'why']
    """
    found: set[str] = set()
    said = frozenset(spoken.split())
    if not said.isdisjoint(_CONJUNCTIONS):
        spoken = _CONJUNCTION.sub(r"\1", spoken)
    for kind, having, pattern in _WANTS:
        if not said.isdisjoint(having) and pattern.search(spoken):
            found.add(kind)
            spoken = pattern.sub(" ", spoken)
    if found & {"what", "how"} and _SAYING.search(spoken):
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
