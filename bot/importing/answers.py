"""An answer's text → what a card shows of it, and the facts that say all of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from bot.importing.cells import prose
from bot.story.backing import MAX_QUOTE_WORDS
from bot.story.printed import levelled, quoted, unprinted
from bot.story.prose import sentences, squeeze
from bot.story.rules import MAX_ANSWER

_MAX_STATEMENT: Final = 600
_FEWEST: Final = 2
UNQUOTED: Final = "quotation marks were left out, as they go on too long to be verified"
_STOP = re.compile(r"[.,;:!?…]+$")


@dataclass(frozen=True, slots=True)
class Said:
    """What one fact says, and the words to quote for it."""

    text: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentences a card has room for, the facts they rest on, and those of the rest.

    `changes` are what became of the text on the way.
    """

    shown: tuple[str, ...]
    facts: tuple[Said, ...]
    rest: tuple[Said, ...]
    changes: tuple[str, ...]


def answer_of(cell: str) -> Answer:
    """All that a cell says, in facts; the answer is as much of it as a card shows.

    Quotation marks stay where what stands between them can be verified.
    """
    found = prose(cell)
    made = _made(found.text, found.changes)
    for without in (_unquoted, _bare):
        if not _is_quoted_right(made):
            made = _made(without(found.text), (*found.changes, UNQUOTED))
    return made if _is_quoted_right(made) else Answer((), (), (), ())


def _made(text: str, changes: tuple[str, ...]) -> Answer:
    said = [piece for one in sentences(text) for piece in _pieces(one.text)]
    lengths = accumulate(len(one) + 1 for one in said)
    count = sum(length <= MAX_ANSWER + 1 for length in lengths)
    return Answer(
        tuple(said[:count]),
        tuple(_facts(said[:count])),
        tuple(_facts(said[count:])),
        changes,
    )


def _is_quoted_right(made: Answer) -> bool:
    """Whether all that stands between quotation marks is in what is cited."""
    every = [one for fact in made.facts for one in fact.quotes]
    return _are_printed(made.shown, every) and all(
        _are_printed((fact.text,), fact.quotes)
        and all(len(one.split()) <= MAX_QUOTE_WORDS for one in fact.quotes)
        for fact in (*made.facts, *made.rest)
    )


def _are_printed(said: Sequence[str], quotes: Sequence[str]) -> bool:
    starts = list(accumulate((len(one) + 1 for one in said), initial=0))
    printed = [levelled(one) for one in quotes]
    for one in quoted(" ".join(said)):
        for start, text in zip(starts, said, strict=False):
            part = text[max(one.start - start, 0) : max(one.end - start, 0)].strip()
            wanted = levelled(part).strip(" .,;:!?")
            if part and all(unprinted(wanted, quote) is not None for quote in printed):
                return False
    return True


def _pieces(sentence: str) -> Iterator[str]:
    """A sentence, in as many pieces as facts need for it."""
    while len(sentence) > _MAX_STATEMENT:
        at = sentence.rfind("; ", 0, _MAX_STATEMENT) + 1
        at = at or sentence.rfind(", ", 0, _MAX_STATEMENT) + 1
        at = at or sentence.rfind(" ", 0, _MAX_STATEMENT)
        at = at if at > 0 else _MAX_STATEMENT - 1
        yield f"{sentence[:at].strip().rstrip(';,')}."
        sentence = sentence[at:].strip()
    yield sentence


def _facts(said: Sequence[str]) -> Iterator[Said]:
    """As few facts as can say some sentences."""
    parts: list[str] = []
    for one in said:
        if parts and sum(map(len, parts)) + len(parts) + len(one) > _MAX_STATEMENT:
            yield _fact(" ".join(parts))
            parts = []
        parts.append(one)
    if parts:
        yield _fact(" ".join(parts))


def _fact(text: str) -> Said:
    """A fact, with its first words, and each that it quotes."""
    # Lines and lists that we joined were not printed so.
    parts = re.split(r"(?<=[.:;!?…])\s", text)
    long = (one for one in parts if len(one.split()) >= _FEWEST)
    printed = next(long, text).rstrip(":;")
    quotes = [" ".join(printed.split()[:MAX_QUOTE_WORDS])]
    for one in quoted(text):
        wanted = levelled(one.words).strip(" .,;:!?")
        if all(unprinted(wanted, levelled(quote)) is not None for quote in quotes):
            quotes.append(_around(text, one.start, one.end))
    return Said(text, tuple(dict.fromkeys(quotes)))


def _around(text: str, start: int, end: int) -> str:
    """Quoted words; of one alone, some that stand beside it, too."""
    words = squeeze(text[start:end])
    if len(words.split()) >= _FEWEST:
        return words
    before, after = text[: start - 1].split()[-4:], text[end + 1 :].split()[:4]
    return " ".join([*before, words, *after])


def _unquoted(text: str) -> str:
    """A text without the quotation marks around many words, or several sentences."""
    starts = list(accumulate(len(one.text) + 1 for one in sentences(text)))
    dropped: set[int] = set()
    for one in quoted(text):
        is_inside = not any(one.start < start <= one.end for start in starts[:-1])
        if not is_inside or len(one.words.split()) > MAX_QUOTE_WORDS - 8:
            dropped |= {one.start - 1, one.end}
    return squeeze("".join(char for at, char in enumerate(text) if at not in dropped))


def _bare(text: str) -> str:
    """A text without any quotation marks."""
    while found := next(quoted(text), None):
        text = text[: found.start - 1] + found.words + text[found.end + 1 :]
    return squeeze(text)
