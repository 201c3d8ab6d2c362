"""What a change would do → lines for people, Markdown, and JSON."""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final

from bot.answering.contract import Json
from bot.evaluation.leads import Led
from bot.publishing.change import Change, led_text, said
from bot.publishing.comparing import Broken, Moved, Question
from bot.story.differences import Differences, Field, Plain, plain
from bot.story.model import Record
from bot.story.prose import squeeze
from bot.story.resting import Resting

WIDTH: Final = 80

MOST: Final = 40
"""Records, and questions, that are shown of each section."""

MOST_CHARACTERS: Final = 60_000
"""Characters of the Markdown: a comment on GitHub has at most 65,536.

Source: https://github.com/orgs/community/discussions/41331
"""

MARK: Final = "<!-- receipts diff -->"
"""The Markdown's first line, by which a comment is found again."""

_AROUND: Final = 5
_SHORT: Final = 60

_NAMES: Final[Mapping[str, str]] = {
    "facts": "facts",
    "answers": "entries",
    "sources": "sources",
    "entities": "entities",
    "unknowns": "unknowns",
    "timeline": "events",
    "lexicon": "phrases",
    "questions": "regression questions",
    "story": "story.yaml",
}
"""What the records of each kind are called, in the order in which they are shown."""

_SHOWN: Final = ("facts", "answers", "sources", "entities", "unknowns")
"""The kinds of which each record is shown; the others are only counted."""

_RESTING: Final = "What rests on the facts that changed:"

Tell = Callable[[str], str]
"""Says one of our sentences in another language."""


def lines(change: Change, tell: Tell = str) -> Iterator[str]:
    """The change in lines of 80 columns: counts, refusals, then each difference."""
    yield from textwrap.wrap(f"{change.before} → {change.after}", WIDTH)
    yield from textwrap.wrap(_counts(change.differences, tell), WIDTH)
    yield from textwrap.wrap(tell(_asked(change)), WIDTH)
    if change.refusals:
        yield ""
        yield tell("Refused:")
        refused = [_wrapped(f"- {tell(one)}") for one in change.refusals]
        yield from _some(refused, tell)
    for kind, found in _by_kind(change.differences).items():
        if kind in _SHOWN and found:
            yield ""
            yield f"{tell(_NAMES[kind]).capitalize()}:"
            yield from _some(list(_records(found, tell)), tell)
    warned = [_wrapped(f"- {tell(str(one))}") for one in change.warned]
    resting = [_wrapped(f"- {rests(one, tell)}") for one in change.resting]
    for heading, rows in (("Look at these, too:", warned), (_RESTING, resting)):
        if rows:
            yield ""
            yield tell(heading)
            yield from _some(rows, tell)
    if change.comparison and change.comparison.moved:
        yield ""
        yield tell("Questions that lead elsewhere:")
        moved = [_moved(one, tell) for one in change.comparison.moved]
        yield from _some(moved, tell)


def markdown(change: Change) -> str:
    """The change as a comment: a verdict, a table, and the lines in a block.

    Whatever the story holds, it is shown as it is: no mention, link or markup of it has
    an effect. At most MOST_CHARACTERS.
    """
    verdict = "Nothing speaks against it."
    if change.refusals:
        count = len(change.refusals)
        reasons = "reason stands" if count == 1 else "reasons stand"
        verdict = f"**Refused**: {count} {reasons} below."
    table = [
        f"| {_NAMES[kind]} | {len(one.added)} | {len(one.changed)} | "
        f"{len(one.retired)} | {len(one.renamed)} |"
        for kind, one in _by_kind(change.differences).items()
        if one
    ]
    head = [MARK, "### What this change would do", "", verdict, _asked(change), ""]
    if table:
        columns = [
            "| | added | changed | retired | renamed |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]
        head += [*columns, *table, ""]
    block = list(lines(change))
    fence = "`" * max(
        3, 1 + max(map(len, re.findall("`+", "\n".join(block))), default=0)
    )
    room = MOST_CHARACTERS - sum(len(line) + 1 for line in head) - 200
    shown: list[str] = []
    for line in block:
        room -= len(line) + 1
        if room < 0:
            shown.append("… and more: run receipts diff")
            break
        shown.append(line)
    return "\n".join([*head, f"{fence}diff", *shown, fence, ""])


def as_json(change: Change) -> Json:
    """The change as one object; the values of fields as the files could have them."""
    comparison = change.comparison
    return {
        "before": change.before,
        "after": change.after,
        "refused": list(change.refusals),
        "problems": [str(problem) for problem in change.problems],
        "records": {
            one.kind: {
                "added": list(one.added),
                "changed": [
                    {
                        "id": changed.id,
                        "fields": [
                            {
                                "name": field.name,
                                "before": _json(field.before),
                                "after": _json(field.after),
                            }
                            for field in changed.fields
                        ],
                    }
                    for changed in one.changed
                ],
                "retired": list(one.retired),
                "renamed": dict(one.renamed),
            }
            for one in change.differences
        },
        "warned": [str(one) for one in change.warned],
        "resting": [
            {
                "kind": one.kind,
                "id": one.name,
                "field": one.field,
                "text": one.text,
                "still": list(one.still),
            }
            for one in change.resting
        ],
        "asked": comparison.asked if comparison else 0,
        "left_out": comparison.left_out if comparison else 0,
        "unreached": comparison.unreached if comparison else 0,
        "moved": [_moved_json(one) for one in comparison.moved] if comparison else [],
        "must": [_broken_json(one) for one in comparison.broken] if comparison else [],
    }


def _moved_json(one: Moved) -> Json:
    return {
        "question": one.question.text,
        "origin": one.question.origin,
        "belongs": list(one.question.belongs),
        "before": _led_json(one.before),
        "after": _led_json(one.after),
        "theft": one.is_theft,
    }


def _broken_json(one: Broken) -> Json:
    return {
        "question": one.probe.ask,
        "expect": list(one.probe.expect),
        "after": _led_json(one.led),
    }


def _led_json(led: Led) -> Json:
    return {"outcome": led.outcome, "entries": list(led.entries)}


def _json(value: Plain) -> Json:
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    return value


def _by_kind(found: Iterable[Differences]) -> dict[str, Differences]:
    kinds = {one.kind: one for one in found}
    return {kind: kinds[kind] for kind in _NAMES if kind in kinds}


def _counts(found: Sequence[Differences], tell: Tell) -> str:
    """How many records of each kind were added, changed and retired, as a sentence."""
    counts = (
        f"{tell(_NAMES[kind])}: {', '.join(map(tell, _count(one)))}"
        for kind, one in _by_kind(found).items()
        if one
    )
    return "; ".join(counts) or tell("no record differs")


def _count(one: Differences) -> Iterator[str]:
    for number, word in (
        (len(one.added), "added"),
        (len(one.changed), "changed"),
        (len(one.retired), "retired"),
        (len(one.renamed), "renamed"),
    ):
        if number:
            yield f"{number} {word}"


def _asked(change: Change) -> str:
    """How many questions were asked, and what became of them."""
    found = change.comparison
    if found is None:
        return "No question was asked: these files cannot be served."
    if not (found.asked or found.unreached):
        why = "nothing before to compare with" if change.new else "no difference"
        return f"There is {why}: only the must questions were asked."
    count = len(found.moved)
    moved = f"{count:,} lead elsewhere" if count else "none leads elsewhere"
    words = f"{found.asked:,} questions asked of both: {moved}"
    if found.thefts:
        words += f", {len(found.thefts):,} would be stolen"
    if found.unreached:
        words += f"; {found.unreached:,} are beyond its reach"
    if found.left_out:
        words += f"; {found.left_out:,} were left out, and may lead elsewhere, too"
    return f"{words}."


def _moved(one: Moved, tell: Tell) -> list[str]:
    first = f"{said(one.question.text)} ({tell(_origin(one.question))})"
    verdict = f" ({tell('stolen')})" if one.is_theft else ""
    before, after = tell(led_text(one.before)), tell(led_text(one.after))
    rest = f"{before} → {after}{verdict}"
    return [*_wrapped(first), *_wrapped(rest, "  ")]


def _origin(question: Question) -> str:
    belongs = " or ".join(question.belongs)
    match question.origin:
        case "own way":
            return f"a way of asking {belongs}"
        case "known unknown":
            return f"a way of asking {belongs}, which is not to be answered"
        case "regression question":
            return f"a regression question; {belongs} is right"
        case "earlier way":
            return "a way of asking before"
        case "asked by people":
            return "asked by people"


def rests(one: Resting, tell: Tell = str) -> str:
    """A text that rests on what changed, and what it still says of what did."""
    still = f" ({tell('still says ' + ', '.join(one.still))})" if one.still else ""
    return f"{one.kind}/{one.name}: {one.text}{still}"


def _records(found: Differences, tell: Tell) -> Iterator[list[str]]:
    """Each record that differs, in lines."""
    for name, record in found.added.items():
        yield _wrapped(f"{tell('added')} {name}: {_text(record)}")
    for name, record in found.retired.items():
        yield _wrapped(f"{tell('retired')} {name}: {_text(record)}")
    for name, now in found.renamed.items():
        yield _wrapped(f"{tell('renamed')} {name} → {now}")
    for changed in found.changed:
        shown = [f"{tell('changed')} {changed.id}"]
        for field in changed.fields:
            shown += map(tell, _field(field))
        yield shown


def _text(record: Record) -> str:
    """What a record says, or is called."""
    values = plain(record)
    names = ("statement", "question", "name", "title", "publisher")
    return str(next(filter(None, map(values.get, names)), ""))


def _field(field: Field) -> Iterator[str]:
    """A field's old and new value; of long ones, what differs."""
    before, after = field.before, field.after
    if isinstance(before, list) and isinstance(after, list):
        was, now = list(map(_value, before)), list(map(_value, after))
        gone = [one for one in was if one not in now]
        new = [one for one in now if one not in was]
    else:
        gone, new = ([one] for one in _apart(_value(before), _value(after)))
        short = f"  {field.name}: {gone[0]} → {new[0]}"
        if len(short) <= _SHORT:
            yield short
            return
    yield f"  {field.name}:" if gone or new else f"  {field.name}: in another order"
    for sign, values in (("-", gone), ("+", new)):
        for value in values:
            yield from _wrapped(f"{sign} {value}")


def _value(value: Plain) -> str:
    """A value on one line."""
    match value:
        case None:
            return "(none)"
        case bool():
            return "true" if value else "false"
        case str():
            return squeeze(value)
        case list():
            return ", ".join(map(_value, value)) or "(none)"
        case dict():
            return "; ".join(f"{name}: {_value(one)}" for name, one in value.items())


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two texts without what they have in common at both ends, but for a few words."""
    was, now = before.split(), after.split()
    first = _common(was, now)
    last = _common(was[first:][::-1], now[first:][::-1])
    return _cut(was, first, last), _cut(now, first, last)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts begin with that are the same."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cut(words: Sequence[str], first: int, last: int) -> str:
    start = max(0, first - _AROUND)
    end = min(len(words), len(words) - last + _AROUND)
    before = "… " if start else ""
    after = " …" if end < len(words) else ""
    return f"{before}{' '.join(words[start:end])}{after}"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        squeeze(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )


def _some(blocks: Sequence[list[str]], tell: Tell) -> Iterator[str]:
    """The first blocks of lines, and how many more there are."""
    for block in blocks[:MOST]:
        yield from block
    if len(blocks) > MOST:
        yield tell(f"… and {len(blocks) - MOST:,} more: see --json")
