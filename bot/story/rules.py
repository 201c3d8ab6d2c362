"""The editorial rules: what makes facts, sentences and quotations fit to publish.

Each rule is a function from the sheet to its problems. A rule never sees a record that
could not be read, and stays silent about ids that a broken file may hold.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import PurePath
from typing import Final

from bot.story.advice import ADVICE
from bot.story.backing import figures_are_cited, quotations_are_cited
from bot.story.files import FILES
from bot.story.lookups import Lookups
from bot.story.markup import strings, unsafe
from bot.story.model import (
    About,
    Entity,
    Entry,
    Event,
    Fact,
    Phrase,
    Place,
    Premise,
    Probe,
    Problem,
    Record,
    Source,
    Unknown,
)
from bot.story.prose import (
    first_day,
    fold,
    plain,
    written_date,
)
from bot.story.validation import NAMES, Loc, closest

MAX_ANSWER: Final = 1500
"""Characters of an answer without its markers: with its sources it fits a card."""

MAX_CARD_SOURCES: Final = 16
"""Sources of one answer: each is one line of a card of 4,000 characters.

Source: https://docs.discord.com/developers/components/reference
"""

OUTCOMES: Final = frozenset(
    {"closest", "facts", "did_you_mean", "not_covered", "help", "silent"}
)
"""What a regression question may expect besides the ids of entries."""


class Rules(Lookups):
    """A sheet, held to every rule."""

    def check(self) -> Iterator[Problem]:
        """Every rule's problems, and a warning for each file that kept one away."""
        for rule in RULES:
            yield from rule(self)
        for model, path in self.sheet.incomplete.items():
            what = next(name for name, kept in FILES.items() if kept is model)
            message = f"not checked until this file can be read: ids of {what}"
            yield Problem.warning(Place(path), message)


Rule = Callable[[Rules], Iterator[Problem]]


def ids_resolve(rules: Rules) -> Iterator[Problem]:
    """Every id that is named belongs to a record."""
    sheet = rules.sheet
    for record, loc, model, name in _named(rules):
        if name in sheet.known[model] or model in sheet.incomplete:
            continue
        hint = closest(name, sheet.known[model]) or "; add it, or name another"
        message = f"unknown {NAMES[model]} '{name}'{hint}"
        yield Problem.error(sheet.place(record, *loc, text=name), message)


def _named(rules: Rules) -> Iterator[tuple[Record, Loc, type[Record], str]]:
    """Each id that a record names: the record, the way to it, what it names."""
    for fact in rules.facts.values():
        for index, citation in enumerate(fact.citations):
            yield fact, ("citations", index, "source"), Source, citation.source
        if fact.superseded_by:
            yield fact, ("superseded_by",), Fact, fact.superseded_by
        yield from _each(fact, "disputed_by", Fact, fact.disputed_by)
        yield from _each(fact, "by", Entity, fact.by or ())
    for record, loc, _, found in rules.cited():
        for name in dict.fromkeys(name for part in found for name in part.facts):
            yield record, _at(record, loc, name), Fact, name
    for entry in rules.entries:
        yield from _each(entry, "related", Entry, entry.related)
    for model in (Entity, Unknown, Event):
        for record in rules.sheet.of(model):
            yield from _each(record, "facts", Fact, record.facts)
    for probe in rules.sheet.of(Probe):
        wanted = (name for name in probe.expect if name not in OUTCOMES)
        yield from _each(probe, "expect", Entry, wanted)


def _at(record: Record, loc: Loc, fact: str) -> Loc:
    """Where a record names a fact on which a text of it rests."""
    whole = record.facts if isinstance(record, Entry) and loc == ("answer",) else ()
    return ("facts",) if fact in whole else loc


def _each(
    record: Record, field: str, model: type[Record], names: Iterable[str]
) -> Iterator[tuple[Record, Loc, type[Record], str]]:
    return ((record, (field,), model, name) for name in names)


def earlier_ids_are_free(rules: Rules) -> Iterator[Problem]:
    """An id that a record had before leads to no other record."""
    for model in (Source, Entity, Fact, Entry, Unknown):
        owner = {one.id: one for one in rules.sheet.of(model)}
        for record in list(owner.values()):
            for name in record.was:
                if owner.setdefault(name, record) is not record:
                    place = rules.sheet.place(record, "was", text=name)
                    message = f"'{name}' leads to '{owner[name].id}'; delete it here"
                    yield Problem.error(place, message)


def speakers_are_named(rules: Rules) -> Iterator[Problem]:
    """All kinds but `fact` and `correction` say who says it; `fact` never does."""
    for fact in rules.facts.values():
        if fact.kind not in {"fact", "correction"} and not fact.by:
            message = f"the {fact.kind} '{fact.id}' names no speaker; add 'by: …'"
            yield Problem.error(rules.sheet.place(fact, "kind"), message)
        if fact.kind == "fact" and fact.by:
            message = (
                "a fact is nobody's words; delete 'by', or make the kind a statement"
            )
            yield Problem.error(rules.sheet.place(fact, "by"), message)


def sentences_have_facts(rules: Rules) -> Iterator[Problem]:
    """Every sentence of an answer, and of a correction, rests on a fact.

    Facts of a whole answer are those of a sentence at least.
    """
    for record, loc, _, found in rules.cited():
        for part in found:
            if not part.facts and not unsafe(part.text):
                place = rules.sheet.place(record, *loc, text=part.text)
                message = (
                    f"the sentence '{_short(part.text)}' rests on no fact; end it with "
                    "the id of one, like [fact-id]"
                )
                yield Problem.error(place, message)
    for entry in rules.entries:
        for name in entry.facts:
            if name not in entry.cites:
                message = (
                    "each sentence of this answer names its own facts, so that "
                    f"'{name}' is not shown; put it behind a sentence, or delete it "
                    "here"
                )
                yield Problem.warning(
                    rules.sheet.place(entry, "facts", text=name), message
                )


def reserved_facts_stay_out(rules: Rules) -> Iterator[Problem]:
    """A fact that is not to be volunteered is in no answer."""
    for record, loc, _, found in rules.cited():
        for name in {name for part in found for name in part.facts}:
            fact = rules.facts.get(name)
            if fact and not fact.volunteer:
                place = rules.sheet.place(record, *_at(record, loc, name), text=name)
                message = f"'{name}' is not to be volunteered; take it out of the text"
                yield Problem.error(place, message)


def superseded_facts_are_marked(rules: Rules) -> Iterator[Problem]:
    """An answer from a superseded fact cites its successor, or is historical."""
    for fact in rules.facts.values():
        seen = {fact.id}
        following = fact
        while following := rules.facts.get(following.superseded_by or ""):
            if following.id in seen:
                message = f"'{fact.id}' ends up superseding itself; break the circle"
                yield Problem.error(rules.sheet.place(fact, "superseded_by"), message)
                break
            seen.add(following.id)
    for entry in rules.entries:
        for name in () if entry.historical else sorted(entry.cites):
            fact = rules.facts.get(name)
            successor = fact.superseded_by if fact else None
            if successor and successor not in entry.cites:
                loc = _at(entry, ("answer",), name)
                place = rules.sheet.place(entry, *loc, text=name)
                message = (
                    f"'{name}' was superseded by '{successor}'; cite that too, or mark "
                    "the entry 'historical: true'"
                )
                yield Problem.error(place, message)


def aliases_are_unique(rules: Rules) -> Iterator[Problem]:
    """A name that people type means one entity."""
    owner: dict[str, Entity] = {}
    entities = rules.sheet.of(Entity)
    for entity in entities:
        owner.setdefault(fold(entity.name), entity)
    for entity in entities:
        seen = set[str]()
        for index, alias in enumerate(entity.aliases):
            other = owner.setdefault(fold(alias), entity)
            place = rules.sheet.place(entity, "aliases", index)
            if other is not entity:
                message = (
                    f"'{alias}' already names '{other.id}'; keep it with one of the two"
                )
                yield Problem.error(place, message)
            elif fold(alias) in seen:
                yield Problem.warning(place, f"'{alias}' stands twice; delete one")
            seen.add(fold(alias))


def wordings_are_unique(rules: Rules) -> Iterator[Problem]:
    """A question leads to one entry, and never to one that it is `not_this` of."""
    owner: dict[str, Entry | Unknown] = {}
    for record, loc, wording in _wordings(rules):
        other = owner.setdefault(fold(wording), record)
        if other is not record:
            message = (
                f"'{_short(wording)}' already asks '{other.id}'; keep it with one of "
                "the two"
            )
            yield Problem.error(rules.sheet.place(record, *loc), message)
    for entry in rules.entries:
        own = {fold(way) for way in entry.ways}
        for index, wording in enumerate(entry.not_this):
            if fold(wording) in own:
                message = (
                    f"'{_short(wording)}' also asks this entry; keep it in one list"
                )
                yield Problem.error(
                    rules.sheet.place(entry, "not_this", index), message
                )


def _wordings(rules: Rules) -> Iterator[tuple[Entry | Unknown, Loc, str]]:
    for record in (*rules.entries, *rules.sheet.of(Unknown)):
        yield record, ("question",), record.question
        for index, wording in enumerate(record.also_asked):
            yield record, ("also_asked", index), wording
        for number, premise in enumerate(_premises(record)):
            for index, wording in enumerate(premise.claims):
                yield record, ("premises", number, "claims", index), wording


def _premises(record: Entry | Unknown) -> tuple[Premise, ...]:
    return record.premises if isinstance(record, Entry) else ()


def dates_are_past(rules: Rules) -> Iterator[Problem]:
    """Nothing is dated after today, and nothing ends before it began.

    Today is where a day begins first: up to 14 hours before UTC.
    """
    latest = rules.today + timedelta(days=1)
    for record, field, value in _dates(rules):
        if first_day(value) > latest:
            message = f"{written_date(value)} is in the future; look at the date"
            yield Problem.error(rules.sheet.place(record, field), message)
    for fact in rules.facts.values():
        is_past = first_day(fact.as_of) <= latest
        if is_past and fact.until and fact.until < fact.as_of[: len(fact.until)]:
            message = f"'until' is before 'as_of' ({fact.as_of}); look at both"
            yield Problem.error(rules.sheet.place(fact, "until"), message)


def _dates(rules: Rules) -> Iterator[tuple[Record, str, str]]:
    for about in rules.sheet.of(About):
        yield about, "as_of", about.as_of
    for source in rules.sheet.of(Source):
        if source.published:
            yield source, "published", source.published
    for event in rules.sheet.of(Event):
        yield event, "date", event.date
    for fact in rules.facts.values():
        yield fact, "as_of", fact.as_of
        if fact.until:
            yield fact, "until", fact.until


def text_is_safe(rules: Rules) -> Iterator[Problem]:
    """No text pings, draws a mention, or holds a link of its own in Discord."""
    for model in NAMES:
        for record in rules.sheet.of(model):
            for loc, text in strings(record):
                if found := unsafe(text):
                    place = rules.sheet.place(record, *loc, text=found.words)
                    message = f"'{_short(found.words)}' {found.why}; take it out"
                    yield Problem.error(place, message)


def cards_fit(rules: Rules) -> Iterator[Problem]:
    """An answer and its sources fit a card."""
    for entry in rules.entries:
        length = len(plain(entry.answer))
        if length > MAX_ANSWER:
            message = (
                f"this answer has {length:,} characters; at most {MAX_ANSWER:,} fit a "
                "card: shorten it, or make two entries of it"
            )
            yield Problem.error(rules.sheet.place(entry, "answer"), message)
        facts = (rules.facts.get(name) for name in entry.cites)
        used = {cited.source for fact in facts if fact for cited in fact.citations}
        if len(used) > MAX_CARD_SOURCES:
            message = (
                f"this answer rests on {len(used)} sources; at most {MAX_CARD_SOURCES} "
                "fit a card: cite fewer facts, or make two entries of it"
            )
            yield Problem.error(rules.sheet.place(entry, "answer"), message)


def topics_have_files(rules: Rules) -> Iterator[Problem]:
    """A titled topic is a file in answers/."""
    paths = {PurePath(path): size for path, size in rules.sheet.sizes.items()}
    found = {
        path.stem: size for path, size in paths.items() if path.parent.name == "answers"
    }
    for about in rules.sheet.of(About):
        for topic in about.topics if Entry not in rules.sheet.incomplete else ():
            if not found.get(topic):
                hint = closest(topic, found) or "; add the file, or delete the line"
                message = f"there is no file answers/{topic}.yaml{hint}"
                if topic in found:
                    message = f"answers/{topic}.yaml has no entry; add one"
                yield Problem.error(rules.sheet.place(about, "topics", topic), message)


def phrases_have_one_meaning(rules: Rules) -> Iterator[Problem]:
    """A way of saying things means one thing."""
    owner: dict[str, Phrase] = {}
    for phrase in rules.sheet.of(Phrase):
        for index, way in enumerate(phrase.ways):
            other = owner.setdefault(fold(way), phrase)
            if other is not phrase:
                place = rules.sheet.place(phrase, "ways", index)
                message = f"'{way}' already means '{other.meaning}'; keep it with one"
                yield Problem.error(place, message)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:69] + "…"


RULES: Final[tuple[Rule, ...]] = (
    ids_resolve,
    earlier_ids_are_free,
    speakers_are_named,
    sentences_have_facts,
    reserved_facts_stay_out,
    superseded_facts_are_marked,
    aliases_are_unique,
    wordings_are_unique,
    dates_are_past,
    quotations_are_cited,
    figures_are_cited,
    text_is_safe,
    cards_fit,
    topics_have_files,
    phrases_have_one_meaning,
    *ADVICE,
)
