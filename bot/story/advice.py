"""Advice: what is no mistake, and makes a story worse. Warnings, and nothing else.

Each rule is a function from the sheet to its problems, as in `rules`.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.story.lookups import Lookups
from bot.story.model import Entity, Entry, Event, Fact, Problem, Record, Source, Unknown
from bot.story.prose import fold
from bot.story.validation import Loc

_ORDINARY: Final = frozenset(
    "time times day days week weeks month months year years date today yesterday "
    "tomorrow morning night state states country world place places home house way "
    "ways thing things people person man men woman guy guys one ones someone somebody "
    "everyone everybody nobody he she it they him them her his their this that these "
    "those who what which when where why how name names number numbers part parts "
    "point side kind end case fact facts issue story news problem question questions "
    "answer reason word words life hand money price cost work job change information "
    "builder".split()
)
"""What people say of anything: as a name, it catches questions that mean another."""

_ARTICLE = re.compile(r"(?:the|an?) ")
_PRONOUN = re.compile(
    r"\W*(?:(?:it|he|she|they|its|his|her|their)\b"
    r"(?! (?:is|was|remains) (?:not |still )*(?:known|unknown|clear|unclear|uncertain|"
    r"said|reported|alleged|disputed|possible))"
    r"|(?:this|that|these|those)"
    r"(?= (?:is|was|are|were|has|had|did|does|came|means|meant)\b))",
    re.IGNORECASE,
)
_ITEM = r"(?:[-*•·]|\d{1,2}[.)])[^\S\n]+[^\W\d]"
_LIST = re.compile(rf"\n[^\S\n]*{_ITEM}|(?<=[:;.!?\])])[^\S\n]+[-*•·][^\S\n]+\w")


def facts_are_used(rules: Lookups) -> Iterator[Problem]:
    """A fact is in an answer, or somewhere else where people see it.

    A correction may stand for itself: it says what not to believe.
    """
    users = (Entry, Unknown, Event, Entity, Fact)
    if any(model in rules.sheet.incomplete for model in users):
        return
    used = {
        name for _, _, _, found in rules.cited() for one in found for name in one.facts
    }
    for model in (Unknown, Event, Entity):
        used.update(name for record in rules.sheet.of(model) for name in record.facts)
    for fact in rules.facts.values():
        used.update(fact.disputed_by, [fact.superseded_by or ""])
    for fact in rules.facts.values():
        if fact.volunteer and fact.kind != "correction" and fact.id not in used:
            message = (
                f"no answer uses the fact '{fact.id}'; put it behind the sentence that "
                "rests on it, or delete it"
            )
            yield Problem.warning(rules.sheet.place(fact, "id"), message)


def sources_are_used(rules: Lookups) -> Iterator[Problem]:
    """A source is cited by a fact."""
    if Fact in rules.sheet.incomplete or rules.sheet.known[Fact] > rules.facts.keys():
        return
    used = {one.source for fact in rules.facts.values() for one in fact.citations}
    for source in rules.sheet.of(Source):
        if source.id not in used:
            message = f"no fact uses the source '{source.id}'; cite it, or delete it"
            yield Problem.warning(rules.sheet.place(source, "id"), message)


def aliases_are_names(rules: Lookups) -> Iterator[Problem]:
    """A name that people type for somebody is no word that they use of anything."""
    for entity in rules.sheet.of(Entity):
        for index, alias in enumerate(entity.aliases):
            word = _ARTICLE.sub("", fold(alias), count=1)
            if word in _ORDINARY:
                message = (
                    f"'{alias}' is an ordinary word: '{_caught(rules, word)}' would be "
                    f"about {entity.name}; write a name that means nothing else"
                )
                place = rules.sheet.place(entity, "aliases", index)
                yield Problem.warning(place, message)


def _caught(rules: Lookups, word: str) -> str:
    """A question with a word in it: one of the story's own, where there is one."""
    for record in (*rules.entries, *rules.sheet.of(Unknown)):
        for way in record.ways:
            if word in fold(way).split():
                return way
    return f"what about the {word}"


def answers_name_their_subject(rules: Lookups) -> Iterator[Problem]:
    """An answer is understood without its question: it begins with a name."""
    for entry in rules.entries:
        if found := _PRONOUN.match(entry.answer):
            word = found[0].strip(" *_\"'")
            message = (
                f"this answer begins with '{word}', and is shown without its question, "
                "too; name who or what it is about"
            )
            yield Problem.warning(rules.sheet.place(entry, "answer"), message)


def texts_are_no_lists(rules: Lookups) -> Iterator[Problem]:
    """What people read is sentences: the items of a list are shown on one line."""
    texts: list[tuple[Record, Loc, str]] = [
        (record, loc, text) for record, loc, text, _ in rules.cited()
    ]
    texts += [(one, ("note",), one.note) for one in rules.sheet.of(Unknown)]
    texts += [(one, ("statement",), one.statement) for one in rules.facts.values()]
    for record, loc, text in texts:
        found = _LIST.search(f"\n{text}")
        if found and len(_LIST.findall(f"\n{text}")) > 1:
            message = (
                "people see this list on one line; write sentences, or commas between"
            )
            place = rules.sheet.place(record, *loc)
            yield Problem.warning(place, message)


ADVICE: Final = (
    facts_are_used,
    sources_are_used,
    aliases_are_names,
    answers_name_their_subject,
    texts_are_no_lists,
)
"""All of it."""
