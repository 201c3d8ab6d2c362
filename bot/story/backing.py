"""Rules: what a text says stands in the facts that it cites."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.story.lookups import Lookups
from bot.story.model import Problem, Record
from bot.story.printed import difference, levelled, quoted, unprinted, words_in
from bot.story.prose import Sentence
from bot.story.validation import Loc

MAX_QUOTE_WORDS: Final = 25
"""Words of a quotation: what fair quoting allows, by the project's own rule."""

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
    for quotation in quoted(text):
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


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:69] + "…"
