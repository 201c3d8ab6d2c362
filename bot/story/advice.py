"""Advice: what is no mistake, and makes a story worse. Warnings, and nothing else.

Each rule is a function from the sheet to its problems, as in `rules`.
"""

import re
from collections.abc import Iterator, Sequence
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

NAMES_TOO: Final = {
    word: frame.format(word)
    for frame, words in (
        ("{} it happen again", "can may might must shall will would"),
        (
            "did they {} it",
            "chase drop grant hunt mark pat peg pierce rob skip sue trace wade",
        ),
        ("who {} it", "drew had made said sold won"),
        ("what {} then", "fell is rose was"),
        (
            "what about the {}",
            "art bill cash chip cliff dawn dean earl faith gold grace herb ice "
            "joy lane love mercy page pearl penny rain ray sky star summer winter",
        ),
        ("is there any {}", "charity hope honor honour patience"),
        ("was it {}", "early frank free long new old real rich rusty true young"),
        ("did it begin in {}", "april august june march"),
        ("tell {} more", "all any her him me us you"),
        ("was it {} them", "as at by for from in no not of on or so to with"),
    )
    for word in words.split()
}
"""Names that are words, too, each in what people ask without meaning anybody."""

_BESIDE: Final = frozenset(
    "the a an of to in on at for with from by about and or as is are was were be been "
    "do does did has have had can could will would may might should must it its this "
    "that there then so not no also still".split()
)
"""Words beside a name that do not say what is asked."""

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
    """A name that people type for somebody is no word that they use of anything.

    In a question, capitals are no matter: `may` is in every "may it".
    """
    for entity in rules.sheet.of(Entity):
        for loc, name in _names(entity):
            if caught := NAMES_TOO.get(fold(name)) or _caught(rules, _bare(name)):
                message = (
                    f"'{name}' is an ordinary word: '{caught}' would be about "
                    f"{entity.name}; write a name that means nothing else"
                )
                yield Problem.warning(rules.sheet.place(entity, *loc), message)


def _names(entity: Entity) -> Iterator[tuple[Loc, str]]:
    """What somebody is called, and the way to it."""
    yield ("name",), entity.name
    for index, alias in enumerate(entity.aliases):
        yield ("aliases", index), alias


def _bare(name: str) -> str:
    return _ARTICLE.sub("", fold(name), count=1)


def _caught(rules: Lookups, word: str) -> str:
    """A question with a word in it that is said of anything; "" where it is no such.

    It is one of the story's own, where there is one.
    """
    if word not in _ORDINARY:
        return ""
    for record in (*rules.entries, *rules.sheet.of(Unknown)):
        for way in record.ways:
            if word in fold(way).split():
                return way
    return f"what about the {word}"


def ways_say_what_is_asked(rules: Lookups) -> Iterator[Problem]:
    """A way of asking is more than a name of somebody whom other questions are about.

    A comma between brackets makes two ways of one; then words without weight beside the
    name make no question of it either. On a line of its own, a name may be meant: it is
    told where another question is about as much of it.
    """
    named = {
        _bare(name): one for one in rules.sheet.of(Entity) for _, name in _names(one)
    }
    for record in (*rules.entries, *rules.sheet.of(Unknown)):
        for loc, index, way in _lists(record):
            in_brackets = rules.sheet.in_brackets(record, *loc)
            said = [word for word in fold(way).split() if word not in _BESIDE]
            entity = named.get(" ".join(said) if in_brackets else _bare(way))
            if entity and _leads_astray(rules, record, loc, entity, split=in_brackets):
                message = (
                    f"'{way}' only names {entity.name}, and not what is asked; write "
                    "the whole question, in quotation marks where it has a comma"
                )
                yield Problem.warning(rules.sheet.place(record, *loc, index), message)


def _leads_astray(
    rules: Lookups, record: Entry | Unknown, loc: Loc, entity: Entity, *, split: bool
) -> bool:
    """Whether somebody's name alone, in a list of wordings, is hardly what was meant.

    `split` where a comma may have left it alone.
    """
    is_way = loc == ("also_asked",)
    if split and not (is_way and isinstance(record, Entry)):
        return True  # nothing is known of them, or what is said of them is not so
    own, others = _about(rules, record, entity)
    return is_way and others >= (1 if split else own)


def _lists(record: Entry | Unknown) -> Iterator[tuple[Loc, int, str]]:
    """What a record has in lists of wordings: the way to each list, the place in it."""
    found: list[tuple[Loc, Sequence[str]]] = [(("also_asked",), record.also_asked)]
    if isinstance(record, Entry):
        found.append((("not_this",), record.not_this))
        found += [
            (("premises", at, "claims"), one.claims)
            for at, one in enumerate(record.premises)
        ]
    for loc, texts in found:
        for index, text in enumerate(texts):
            yield loc, index, text


def _about(rules: Lookups, own: Entry | Unknown, entity: Entity) -> tuple[int, int]:
    """How many ways of a record name somebody, and how many of the other with most."""
    names = "|".join(re.escape(fold(name)) for _, name in _names(entity))
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
    counts = {
        record: sum(bool(pattern.search(fold(way))) for way in record.ways)
        for record in (*rules.entries, *rules.sheet.of(Unknown))
    }
    return counts.pop(own), max(counts.values(), default=0)


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
    ways_say_what_is_asked,
    answers_name_their_subject,
    texts_are_no_lists,
)
"""All of it."""
