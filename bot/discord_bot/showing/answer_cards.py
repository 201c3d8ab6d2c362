"""Outcomes as cards: what they say, in what order, and what can be pressed.

Pure. The asker's own words are never shown.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Final, assert_never

from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Help,
    Link,
    NotCovered,
    Outcome,
    RelatedFact,
    Silent,
    Told,
)
from bot.discord_bot.showing.cards import (
    MAX_LISTED,
    Button,
    Card,
    Draft,
    Menu,
    Part,
    Reader,
    Rows,
    ellipsis,
    fit,
    more,
    options,
    prose,
    questions,
    sources,
)
from bot.discord_bot.showing.custom_ids import NONE_OF_THESE, CustomId, answer_mark
from bot.discord_bot.showing.escaping import escape
from bot.discord_bot.showing.limits import MAX_CARDS, width
from bot.story.model import Kind
from bot.words.catalogue import Words

SHORT: Final = 600
"""Characters of an answer that fit a phone; the rest is behind a button."""

_MAX_SOURCES: Final = 3  # that a short card lists


def cards(outcomes: Sequence[Outcome], reader: Reader, room: int) -> list[Card]:
    """One card for each outcome that says something, in order; none for silence.

    They have at most `room` characters of text together; of more than a message holds
    there are the first ones.
    """
    numbered = zip(outcomes, chain(reader.missing, repeat(0)), strict=False)
    said = [one for one in numbered if not isinstance(one[0], Silent)][:MAX_CARDS]
    drafts = [
        _draft(one, replace(reader, missing=(number,)), place, several=len(said) > 1)
        for place, (one, number) in enumerate(said)
    ]
    found = fit(drafts, room)
    if found and reader.asker and not reader.is_private:
        delete = _button("delete", reader, number=reader.asker)
        found[-1] = replace(found[-1], rows=_with(found[-1].rows, delete))
    return found


def _with(rows: Rows, button: Button) -> Rows:
    """Rows with a button more: in the last row of few buttons, else in its own."""
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if isinstance(row, tuple) and len(row) < MAX_LISTED:
            return (*rows[:at], (*row, button), *rows[at + 1 :])
    return (*rows, (button,))


def _draft(outcome: Outcome, reader: Reader, place: int, *, several: bool) -> Draft:
    match outcome:
        case Answer():
            return _answer(outcome, reader, place, several=several)
        case Closest():
            return _closest(outcome, reader, place)
        case Facts():
            return _facts(outcome, reader, place)
        case DidYouMean():
            return _did_you_mean(outcome, reader, place)
        case NotCovered():
            return _not_covered(outcome, reader, place)
        case Help():
            return _help(outcome, reader, place)
        case Silent():
            raise AssertionError
        case _:
            assert_never(outcome)


def _answer(answer: Answer, reader: Reader, place: int, *, several: bool) -> Draft:
    say = reader.words.say
    shown = answer.sentences if reader.full else short(answer)
    opening = say(f"opening.{answer.opening}") if answer.opening else ""
    premise = " ".join(filter(None, (opening, answer.premise)))
    is_whole = len(shown) == len(answer.sentences)
    cited = _cited((answer.premise or "", *shown, *answer.changes, *answer.disputes))
    most = len(answer.sources) if reader.full else min(len(cited), _MAX_SOURCES)
    listed = sorted(answer.sources, key=lambda one: one.number not in cited)
    left = more(reader.words, "more-behind")
    below = replace(sources(listed, reader.words), most=max(most, 1), left=left)
    return Draft(
        escape(answer.question) or say("untitled"),
        (
            prose((premise,) if premise else ()),
            *(
                (prose(shown[:1]), prose(shown[1:]))
                if answer.moved
                else (prose(shown),)
            ),
            *_state(answer, reader.words),
            below,
        ),
        _rows(answer, reader, place, several=several, is_whole=is_whole),
    )


def _state(told: Told, words: Words) -> tuple[Part, Part]:
    """What has changed and who disputes it; kinds, speakers and date."""
    say = words.say
    kind = kind_line(told, words)
    as_of = say("as-of", date=words.date(told.as_of))
    state = [f"{kind}." if kind else "", as_of, say("stale") if told.stale else ""]
    return (
        Part(_notes(told, words), left=ellipsis, prose=True),
        Part((f"-# {escape(' '.join(filter(None, state)))}",), prose=True),
    )


def kind_line(told: Told, words: Words) -> str:
    """What kinds of facts it rests on, and whose words those are.

    In the order in which it rests on them; "" where it rests on none.
    """
    speakers: dict[Kind, dict[tuple[str, ...], None]] = {}
    for fact in told.facts:
        speakers.setdefault(fact.kind, {})[fact.by] = None
    if not speakers and told.kind:
        speakers = {told.kind: {told.by: None}}
    denying = dict.fromkeys(
        name for fact in told.context if fact.kind == "denial" for name in fact.by
    )
    lines: list[str] = []
    for kind, by in speakers.items():
        line = _kind(kind, list(by), words)
        if kind == "allegation" and denying:
            people = words.listed(list(denying))
            line = words.say("kind.denied", kind=line, people=people)
        lines.append(words.within(line) if lines else line)
    return "; ".join(lines)


def _kind(kind: Kind, by: Sequence[tuple[str, ...]], words: Words) -> str:
    """A kind, and who said it: each way in which that is so, once."""
    named = [names for names in by if names]
    if not named:
        return words.say(f"kind.{kind}")
    if len(named) > 1:
        return words.say("kind.several", kinds=words.say(f"kind.{kind}s"))
    people = words.listed(named[0])
    return words.say("kind.by", kind=words.say(f"kind.{kind}"), people=people)


def _notes(told: Told | RelatedFact, words: Words) -> tuple[str, ...]:
    """What has changed since, and who disputes it, each said to be so."""
    return (
        *(f"{words.say('since-then')} {escape(text)}" for text in told.changes),
        *(f"{words.say('disputed')} {escape(text)}" for text in told.disputes),
    )


def short(answer: Answer) -> tuple[str, ...]:
    """The sentences that fit a phone, whole, and at least the first.

    What sets a premise right, what has changed and who disputes it come before them:
    an answer is never short of those.
    """
    used = width(" ".join([answer.premise or "", *answer.changes, *answer.disputes]))
    shown: list[str] = []
    for sentence in answer.sentences:
        used += width(sentence) + 1
        if shown and used > SHORT:
            break
        shown.append(sentence)
    return tuple(shown)


def _rows(
    answer: Answer, reader: Reader, place: int, *, several: bool, is_whole: bool
) -> Rows:
    """What can be pressed under an answer; less where a message shows several."""
    mark = answer_mark(answer)

    def button(verb: str) -> Button:
        return _button(verb, reader, answer.entry, mark, place=place)

    full = () if is_whole else (button("full"),)
    quotes = button("quotes")
    votes = (button("helpful"), button("wrong")) if reader.votes else ()
    if several:
        return ((*full, quotes, *votes),)
    first = (*full, quotes, button("follow"))
    post = (button("post"),) if reader.is_private else ()
    second = (*votes, *post)
    custom_id = CustomId("related", answer.entry, place=place)
    menu = _menu(custom_id, reader.words.say("related"), answer.related[:MAX_LISTED])
    return (first, *((second,) if second else ()), *menu)


def _closest(outcome: Closest, reader: Reader, place: int) -> Draft:
    """The closest question, named as such, with what meets the asker's of its answer.

    It can be chosen as under a 'did you mean', and so can the others.
    """
    say = reader.words.say
    entry = outcome.entry
    question = escape(entry.question) or say("untitled")
    return Draft(
        f"{say('closest')} {question}",
        (
            prose((outcome.lead,)),
            *_state(outcome, reader.words),
            replace(sources(outcome.sources, reader.words), most=_MAX_SOURCES),
            replace(questions(outcome.others, say("others")), apart=True),
        ),
        (_choice((entry, *outcome.others), reader, place),),
    )


def _did_you_mean(outcome: DidYouMean, reader: Reader, place: int) -> Draft:
    say = reader.words.say
    if not options(outcome.offered[:MAX_LISTED]):
        nothing = NotCovered(outcome.asked, None, (), ())
        return _not_covered(nothing, reader, place)
    menu = _choice(outcome.offered, reader, place)
    return Draft(say("did-you-mean"), (questions(outcome.offered),), (menu,))


def _choice(links: Sequence[Link], reader: Reader, place: int) -> Menu:
    """A menu of what may have been meant, and of none of these."""
    say = reader.words.say
    none = (NONE_OF_THESE, say("none-of-these"))
    custom_id = CustomId("pick", number=reader.asker, place=place)
    return Menu(custom_id, say("pick"), (*options(links[:MAX_LISTED]), none))


def _facts(outcome: Facts, reader: Reader, place: int) -> Draft:
    words = reader.words
    return Draft(
        words.say("facts"),
        (_related(outcome.related, words), sources(outcome.sources, words)),
        _wishes(reader, place),
    )


def _not_covered(outcome: NotCovered, reader: Reader, place: int) -> Draft:
    if outcome.covers is not None:
        title, covers = reader.words.say("off-topic"), prose((outcome.covers,))
        return _can_be_asked(title, (covers,), outcome.examples, reader, place)
    words = reader.words
    note = () if outcome.note is None else (outcome.note,)
    return Draft(
        words.say("not-covered"),
        (
            prose(note),
            _related(outcome.related, words, words.say("related-facts")),
            sources(outcome.sources, words),
        ),
        _wishes(reader, place),
    )


def _related(facts: Sequence[RelatedFact], words: Words, heading: str = "") -> Part:
    """Facts as a list, each with its other side."""
    items = (" ".join([escape(one.text), *_notes(one, words)]) for one in facts)
    return Part(tuple(f"- {item}" for item in items), heading=heading)


def _wishes(reader: Reader, place: int) -> Rows:
    """Where a question has no answer: send it, and be told; where records are kept."""
    row = [_button("send", reader, place=place)]
    if number := sum(reader.missing[:1]):
        row.append(_button("tell", reader, number=number, place=place))
    return (tuple(row),) if reader.votes else ()


def _help(outcome: Help, reader: Reader, place: int) -> Draft:
    say = reader.words.say
    parts = (prose((outcome.covers,)), prose((say("help.how"),)))
    return _can_be_asked(say("help.title"), parts, outcome.examples, reader, place)


def _can_be_asked(
    title: str,
    parts: Sequence[Part],
    examples: Sequence[Link],
    reader: Reader,
    place: int,
) -> Draft:
    """What can be asked, with examples below it to choose from."""
    say = reader.words.say
    shown = examples[:MAX_LISTED]
    menu = _menu(CustomId("related", place=place), say("pick"), shown)
    return Draft(title, (*parts, questions(shown, say("help.examples"))), menu)


def _menu(custom_id: CustomId, words: str, links: Sequence[Link]) -> tuple[Menu, ...]:
    found = options(links)
    return (Menu(custom_id, words, found),) if found else ()


def _button(  # noqa: PLR0913 - the parts of an id
    verb: str,
    reader: Reader,
    subject: str = "",
    mark: str = "",
    *,
    number: int = 0,
    place: int = 0,
) -> Button:
    names: dict[str, str] = {"quotes": "button.sources", "send": "send"}
    key = names.get(verb, f"button.{verb}")
    return Button(CustomId(verb, subject, mark, number, place), reader.words.say(key))


def _cited(texts: Sequence[str]) -> set[int]:
    return {int(found) for text in texts for found in re.findall(r"\[(\d+)\]", text)}
