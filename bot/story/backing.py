"""Rules: what a text says stands in the facts that it cites."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from bot.story.figures import SCALES, Figure, dated, figures_in
from bot.story.lookups import Lookups
from bot.story.model import Entry, Event, Fact, Problem, Record, Unknown
from bot.story.printed import difference, levelled, quoted, unprinted, words_in
from bot.story.prose import Sentence
from bot.story.validation import Loc

MAX_QUOTE_WORDS: Final = 25
"""Words of a quotation: what fair quoting allows, by the project's own rule."""

_LONGEST: Final = 2_000
"""Characters of a text whose quotations are looked up; longer ones fit no card."""

_FEWEST_WORDS: Final = 2
"""Words of a quotation that tell that a source printed it, and not just a word."""


def quotations_are_cited(rules: Lookups) -> Iterator[Problem]:
    """Quotations are short, and what answers quote is printed in what they cite."""
    for fact in rules.facts.values():
        for index, citation in enumerate(fact.citations):
            place = rules.sheet.place(fact, "citations", index, "quote")
            words = len(citation.quote.split())
            if words > MAX_QUOTE_WORDS:
                message = (
                    f"this quotation has {words} words; keep at most {MAX_QUOTE_WORDS}"
                )
                yield Problem.error(place, message)
            if words_in(levelled(citation.quote)) < _FEWEST_WORDS:
                message = (
                    f"'{citation.quote}' is too short to tell what the source printed; "
                    f"quote at least {_FEWEST_WORDS} words"
                )
                yield Problem.warning(place, message)
        own = (Sentence(fact.statement, (fact.id,)),)
        yield from _uncited(rules, fact, ("statement",), own)
    for record, loc, _, found in rules.cited():
        yield from _uncited(rules, record, loc, found)


def _uncited(
    rules: Lookups, record: Record, loc: Loc, parts: Sequence[Sentence]
) -> Iterator[Problem]:
    """The quotations of a text, over its sentences, that no citation has."""
    text = " ".join(part.text for part in parts)
    for quotation in quoted(text) if len(text) < _LONGEST else ():
        start = 0
        for part in parts:
            first = max(quotation.start - start, 0)
            words = part.text[first : max(quotation.end - start, 0)].strip()
            start += len(part.text) + 1
            nearest = _nearest(rules, part, words) if words else None
            if nearest is not None:
                message = (
                    f"the words '{_short(words)}' are in no quotation of what this "
                    f"sentence cites{nearest}; quote exactly, or drop the quotation "
                    "marks"
                )
                place = rules.sheet.place(record, *loc, text=words)
                yield Problem.error(place, message)


def _nearest(rules: Lookups, part: Sentence, words: str) -> str | None:
    """Why no citation of a sentence has some words; None where one has them."""
    facts = [rules.facts[name] for name in part.facts if name in rules.facts]
    if not facts or len(facts) < len(part.facts):
        return None  # reported as a sentence without a fact, or as an unknown one
    quotes = [citation.quote for fact in facts for citation in fact.citations]
    wanted = levelled(words).strip(" .,;:!?")
    found = [unprinted(wanted, levelled(quote)) for quote in quotes]
    if None in found:
        return None
    why = next((f" ({reason})" for reason in found if reason), "")
    differing = (difference(words, quote) for quote in quotes)
    return why or next((one for one in differing if one), "")


def figures_are_cited(rules: Lookups) -> Iterator[Problem]:
    """A number in digits, an amount or a date of a sentence is in the facts it cites.

    A premise may have those of its answer, too. A date that names a thing ("the ads of
    November 2022") may be that of any fact.
    """
    if Fact in rules.sheet.incomplete or rules.sheet.known[Fact] > rules.facts.keys():
        return  # what a fact has that could not be read, nobody knows
    of = {name: _had(fact) for name, fact in rules.facts.items()}
    everywhere = frozenset[Figure]().union(*of.values())
    for record, loc, part, names in _figured(rules):
        facts = [rules.facts[name] for name in names if name in rules.facts]
        if not facts or len(facts) < len(names):
            continue  # reported as a sentence without a fact, or as an unknown one
        own = frozenset[Figure]().union(*(of.get(name, ()) for name in part.facts))
        had = own.union(*(of[fact.id] for fact in facts))
        for figure in sorted(figures_in(part.text), key=str):
            if _is_backed(figure, part.text, had):
                continue
            if not (figure.fits(everywhere) and _names_a_thing(figure, part.text)):
                shown = str(figure) if str(figure) in part.text else part.text
                place = rules.sheet.place(record, *loc, text=shown)
                message = (
                    f"'{figure}' in '{_short(part.text)}' is in no fact that this cites"
                    f"{_instead(figure, own)}; mend it, or cite the fact that has it"
                )
                yield Problem.warning(place, message)


def _figured(
    rules: Lookups,
) -> Iterator[tuple[Record, Loc, Sentence, tuple[str, ...]]]:
    """Each sentence that rests on facts, and the ids of all facts it may draw on."""
    for record, loc, _, found in rules.cited():
        whole = ()
        if isinstance(record, Entry) and loc[0] == "premises":
            whole = tuple(record.cites)
        for part in found:
            yield record, loc, part, (*part.facts, *whole)
    for unknown in rules.sheet.of(Unknown):
        yield unknown, ("note",), Sentence(unknown.note, unknown.facts), unknown.facts
    for event in rules.sheet.of(Event):
        yield event, ("event",), Sentence(event.event, event.facts), event.facts
        date = Sentence(str(dated(event.date)), event.facts)
        yield event, ("date",), date, event.facts


def _had(fact: Fact) -> frozenset[Figure]:
    """The figures that a fact has: in its words, its quotations and its dates."""
    texts = (fact.statement, *(citation.quote for citation in fact.citations))
    dates = (fact.as_of, fact.until)
    return frozenset(figure for text in texts for figure in figures_in(text)) | {
        dated(date) for date in dates if date
    }


def _is_backed(figure: Figure, text: str, had: Iterable[Figure]) -> bool:
    numbers = {one.number for one in had if one.number is not None}
    if figure.number is None:
        days = {one.day for one in had} | numbers
        years = {one.year for one in had}
        months = {(year, one.month) for one in had for year in (one.year, *years)}
        is_listed = figure.day in days and (figure.year, figure.month) in months
        return figure.fits(had) or bool(figure.day and is_listed)
    number = figure.number
    scaled = {number * scale for word, scale in SCALES.items() if word in text.split()}
    return (
        not numbers.isdisjoint({number, *scaled})
        or not _in_digits(number, text)
        or any(number in {one.day, one.month, one.year} for one in had)
        or any(one + other == number for one, other in combinations(numbers, 2))
    )


def _in_digits(number: float, text: str) -> bool:
    """Whether a number is written in digits, or is too large to be counted out."""
    return number > _COUNTED or bool(re.search(rf"\b{number:.10g}\b", text))


_COUNTED: Final = 12
"""The largest number that is written as a word for how many were just named."""


def _names_a_thing(figure: Figure, text: str) -> bool:
    before = _OF if figure.day else _NAMED
    return figure.number is None and bool(re.search(rf"{before} {figure}", text))


_OF: Final = r"\b(?!(?:day|morning|afternoon|evening|night|weekend) )\w+ of"
_NAMED: Final = (
    rf"(?:{_OF}|\b(?:the|before|since|"
    r"(?!(?:In|On|By|From|Until|To|During|Since|Before|After|And|But)\b)[A-Z][\w’'-]+))"
)
"""What stands before a date that tells which thing is meant, and not when it was."""


def _instead(figure: Figure, had: Iterable[Figure]) -> str:
    """What the facts have in a figure's place, nearest first."""
    same = [one for one in had if (one.number is None) == (figure.number is None)]
    same.sort(key=lambda one: (_distance(figure, one), str(one)))
    return f", which have {' and '.join(map(str, same[:2]))}" if same else ""


def _distance(one: Figure, other: Figure) -> float:
    if one.number is not None and other.number is not None:
        return abs(one.number - other.number)
    parts = zip(one[1:], other[1:], strict=True)
    return -sum(mine == theirs for mine, theirs in parts if mine)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:69] + "…"
