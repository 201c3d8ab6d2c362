"""Outcomes as cards: what they say, in what order, and what can be pressed.

Pure. The asker's own words are never shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, count, repeat
from typing import Final, assert_never

from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Help,
    Link,
    NotCovered,
    NumberedSource,
    Outcome,
    RelatedFact,
    Silent,
    Told,
)
from bot.answering.policy import MAX_OFFERED
from bot.answering.wording import not_so, said_once
from bot.discord_bot.showing.cards import (
    Button,
    Card,
    Draft,
    Menu,
    Part,
    Reader,
    Rows,
    ellipsis,
    fit,
    options,
    prose,
    questions,
)
from bot.discord_bot.showing.custom_ids import DELETE, CustomId, answer_mark
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_CARDS, MAX_LABEL, MAX_TEXT, width
from bot.discord_bot.showing.small_print import (
    few,
    notes,
    notes_shown,
    publishers,
    state,
)
from bot.story.hiding import NOTE
from bot.words.catalogue import Words

SHORT: Final = 300
"""Characters after the sentence that answers; the rest is behind a button.

With them a typical card is one screen of a phone, 360 pixels wide and 640 high:
`python -m tests.pictures --heights` measures that.
"""

_MAX_TOPICS: Final = 4  # as buttons, before one for all
_MAX_TOPIC: Final = 34  # characters, so that a phone does not cut them


def cards(outcomes: Sequence[Outcome], reader: Reader, room: int) -> list[Card]:
    """One card for each outcome that says something, in order; none for silence.

    They have at most `room` characters of text together; of more than a message holds
    there are the first ones. The last has a menu from which its asker may delete the
    message, where others see it.
    """
    numbered = zip(outcomes, chain(reader.missing, repeat("")), strict=False)
    said = [one for one in numbered if not isinstance(one[0], Silent)][:MAX_CARDS]
    several = len(said) + reader.beside > 1
    drafts = [
        _draft(one, replace(reader, missing=(question,)), place, several=several)
        for place, (one, question) in zip(reader.places or count(), said, strict=False)
    ]
    if drafts and reader.is_last and reader.asker and not reader.is_private:
        drafts[-1] = replace(drafts[-1], rows=_deletable(drafts[-1].rows, reader))
    return fit(drafts, room)


def _deletable(rows: Rows, reader: Reader) -> Rows:
    """Rows with a choice more, in their menu or one of its own, that deletes."""
    last = rows[-1] if rows else None
    menu = last if isinstance(last, Menu) else None
    subject = menu.custom_id.subject if menu else ""
    place = menu.custom_id.place if menu else 0
    say = reader.words.say
    return (
        *(rows[:-1] if menu else rows),
        Menu(
            CustomId("related", subject, number=reader.asker, place=place),
            say("related-and-more" if menu else "message-menu"),
            (*(menu.choices if menu else ()), (DELETE, say("button.delete"))),
        ),
    )


def _draft(outcome: Outcome, reader: Reader, place: int, *, several: bool) -> Draft:
    draft = _alone(outcome, reader, place, several=several)
    if not several or isinstance(outcome, Told | Help):
        return draft
    which = "of-several.other" if place else "of-several.first"
    return replace(draft, title=reader.words.say(which, said=draft.title))


def _alone(outcome: Outcome, reader: Reader, place: int, *, several: bool) -> Draft:
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
    words, full = reader.words, reader.full or answer.again
    whole = said_once(answer)
    shown = whole if full else short(whole)
    most = len(answer.changes) + len(answer.disputes)
    is_whole = full or (shown == whole and notes_shown(answer) >= most)
    first, rest = _not_so(answer, words), shown.sentences
    if not first:
        first, rest = escape(few(rest[0])) if rest else "", rest[1:]
    note = publishers(answer.sources, words)
    return Draft(
        escape(answer.question) or words.say("untitled"),
        (
            Part((f"-# {words.say('again')}",) if answer.again else ()),
            Part((first,) if first else (), left=ellipsis, prose=True),
            prose(tuple(map(few, rest))),
            *state(shown, words, note, full=full),
        ),
        _rows(answer, reader, place, several=several, is_whole=is_whole),
        "not-so" if answer.premise else "answer",
    )


def _not_so(answer: Answer, words: Words) -> str:
    """What sets a wrong premise right, said to do so; "" where none is wrong."""
    before, said = not_so(answer, words)
    return f"**{before}** {escape(few(said))}" if said else ""


def short(answer: Answer) -> Answer:
    """The answer as it fits a phone: its first sentence, and what else matters.

    What sets a premise right stands for the first, and what says the same again is left
    out. What has changed since a sentence was written, and who disputes it, is shown
    with it: an answer is never short of those.
    """
    others = (*answer.changes, *answer.disputes)
    beside = tuple(zip(others, chain(answer.beside, repeat(0)), strict=False))
    used, last = 0, 0
    shown: list[str] = []
    for at, sentence in enumerate(answer.sentences):
        if answer.premise and at in answer.repeated:
            continue
        about = [one for one, of in beside if of == at]
        used += sum(width(few(one)) + 1 for one in [sentence, *about])
        if not shown and not answer.premise:
            used = 0
        elif used > SHORT:
            break
        shown.append(sentence)
        last = at
    kept = [one for one, of in beside if of <= last]
    return replace(
        answer,
        sentences=tuple(shown),
        changes=tuple(one for one in answer.changes if one in kept),
        disputes=tuple(one for one in answer.disputes if one in kept),
    )


def _rows(
    answer: Answer, reader: Reader, place: int, *, several: bool, is_whole: bool
) -> Rows:
    """What can be pressed under an answer; less where a message shows several.

    The first is the loudest: the rest of the answer, or else where it is from.
    """
    mark = answer_mark(answer)

    def button(verb: str) -> Button:
        return _button(verb, reader, answer.entry, mark, place=place)

    verbs = [] if is_whole else ["full"]
    verbs += ["quotes"] if several else ["quotes", "follow"]
    verbs += ["helpful", "wrong"] if reader.votes else []
    first, *others = map(button, verbs)
    row = (replace(first, is_main=True), *others)
    if several:
        return (row,)
    post = ((button("post"),),) if reader.is_private else ()
    custom_id = CustomId("related", answer.entry, place=place)
    menu = _menu(custom_id, reader.words.say("related"), answer.related[:MAX_OFFERED])
    return (row, *post, *menu)


def _closest(outcome: Closest, reader: Reader, place: int) -> Draft:
    """The closest question, named as such, with what meets the asker's of its answer.

    It can be chosen as under a 'did you mean', and so can the others.
    """
    words = reader.words
    question = escape(outcome.entry.question) or words.say("untitled")
    note = publishers(outcome.sources, words, linked=True)
    yes = replace(outcome.entry, question=words.say("closest.yes"))
    return Draft(
        f"{words.say('closest')} {question}",
        (prose((few(outcome.lead),)), *state(outcome, words, note)),
        (_choice((yes, *outcome.others), reader, place),),
        "which",
    )


def _did_you_mean(outcome: DidYouMean, reader: Reader, place: int) -> Draft:
    if not options(outcome.offered[:MAX_OFFERED]):
        nothing = NotCovered(outcome.asked, None, (), ())
        return _not_covered(nothing, reader, place)
    row = _choice(outcome.offered, reader, place)
    return Draft(reader.words.say("did-you-mean"), (), (row,), "which")


def _choice(links: Sequence[Link], reader: Reader, place: int) -> tuple[Button, ...]:
    """A button for each question that may have been meant, and for none of these."""
    found = {one.entry: _label(one.question, MAX_LABEL) for one in links[:MAX_OFFERED]}
    said = [(entry, text) for entry, text in found.items() if text]
    picks = (
        Button(
            CustomId("pick", entry, number=reader.asker, place=place),
            text,
            is_main=at == 0,
        )
        for at, (entry, text) in enumerate(said)
    )
    none = _button("none", reader, number=reader.asker, place=place)
    return (*picks, none)


def _facts(outcome: Facts, reader: Reader, place: int) -> Draft:
    words = reader.words
    return Draft(
        words.say("facts"),
        (_related(outcome.related, words), _origin(outcome.sources, words)),
        _wishes(reader, place),
        "unknown",
    )


def _not_covered(outcome: NotCovered, reader: Reader, place: int) -> Draft:
    words = reader.words
    if outcome.covers is not None:
        title, covers = words.say("off-topic"), prose((outcome.covers,))
        return _can_be_asked(title, (covers,), outcome.topics, reader, place)
    if outcome.note == NOTE:
        wishes = _wishes(reader, place, may_send=False)
        return Draft(words.say("off-for-now"), (), wishes, "hidden")
    note = () if outcome.note is None else (outcome.note,)
    return Draft(
        words.say("not-covered"),
        (
            prose(note),
            _related(outcome.related, words, words.say("related-facts")),
            _origin(outcome.sources, words),
        ),
        _wishes(reader, place),
        "unknown",
    )


def _origin(found: Sequence[NumberedSource], words: Words) -> Part:
    """Where facts are from, in small print."""
    line = publishers(found, words, linked=True)
    return Part((f"-# {line}",) if line else ())


def _related(facts: Sequence[RelatedFact], words: Words, heading: str = "") -> Part:
    """Facts as a list, each with its other side."""
    items = (" ".join([escape(few(one.text)), *notes(one, words)]) for one in facts)
    return Part(tuple(f"- {item}" for item in items), heading=heading)


def _wishes(reader: Reader, place: int, *, may_send: bool = True) -> Rows:
    """Where a question has no answer: be told, and send it; where records are kept."""
    row: list[Button] = []
    if question := "".join(reader.missing[:1]):
        tell = _button("tell", reader, question, place=place)
        row.append(replace(tell, is_main=True))
    if may_send:
        row.append(_button("send", reader, place=place))
    return (tuple(row),) if reader.votes and row else ()


def sent_card(reader: Reader, question: str) -> Card:
    """What is shown in place of a question that went to the moderators."""
    say = reader.words.say
    waiting = replace(reader, missing=(question,))
    draft = Draft(
        say("sent-on"),
        (prose((say("sent"),)),),
        _wishes(waiting, 0, may_send=False),
        "unknown",
    )
    if reader.asker and not reader.is_private:
        draft = replace(draft, rows=_deletable(draft.rows, reader))
    return fit([draft], MAX_TEXT)[0]


def _help(outcome: Help, reader: Reader, place: int) -> Draft:
    say = reader.words.say
    examples = questions(outcome.examples, say("help.examples"))
    parts = (prose((outcome.covers,)), prose((say("help.how"),)), examples)
    return _can_be_asked(say("help.title"), parts, outcome.topics, reader, place)


def _can_be_asked(
    title: str,
    parts: Sequence[Part],
    topics: Sequence[tuple[str, str]],
    reader: Reader,
    place: int,
) -> Draft:
    """What can be asked, with topics below it to look into."""
    row = [
        Button(one, text)
        for name, title in topics[:_MAX_TOPICS]
        if (text := _label(title, _MAX_TOPIC))
        and CustomId.read((one := CustomId("topic", name, place=place)).id)
    ]
    every = Button(CustomId("topic", place=place), reader.words.say("button.topics"))
    return Draft(title, tuple(parts), ((*row, every),) if topics else ())


def _label(text: str, most: int) -> str:
    """A button's words, cut between them; they are plain text in Discord."""
    return shorten(clean(text), most)


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
    names = {"quotes": "button.sources", "send": "send", "none": "none-of-these"}
    key = names.get(verb, f"button.{verb}")
    return Button(CustomId(verb, subject, mark, number, place), reader.words.say(key))
