"""What a change does to a story, in words that wrap on a phone. Pure.

Fields have their names, records and questions their text in place of an id. What goes
is struck through, and what comes is bold.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from bot.discord_bot.showing.cards import Part, more
from bot.discord_bot.showing.escaping import escape, shorten
from bot.evaluation.leads import Led
from bot.moderating.preview import MAIN
from bot.publishing.change import Change, broken, theft
from bot.publishing.comparing import Moved
from bot.story.differences import Changed, Differences, Field, Plain, plain
from bot.story.model import Problem, Record
from bot.story.resting import Resting
from bot.words.catalogue import Words

MOST_CHANGED: Final = 8
"""Lines that a card has on what changes; the rest is in a file."""

_AROUND: Final = 6  # words beside a change that are shown
_MAX_SIDE: Final = 400  # characters of what goes, and of what comes, in one place
_MAX_NAME: Final = 90
_ALIKE: Final = 0.3  # of two texts' words that are the same, 0 to 1
_KINDS: Final = {
    "related": ("answers",),
    "facts": ("facts",),
    "claims": ("facts",),
    "superseded_by": ("facts",),
    "disputed_by": ("facts",),
    "source": ("sources",),
    "by": ("entities",),
    "expect": ("answers", "unknowns"),
}
"""The fields whose texts are ids, and of what."""

_CITED: Final = re.compile(r"\s*\[(?P<ids>[a-z0-9][a-z0-9, -]*)\]")
_ID: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_QUOTED: Final = re.compile(rf"'(?P<id>{_ID})'")
_WORD: Final = re.compile(rf"(?<![\w/-]){_ID}(?![\w/-])")
_OURS: Final = re.compile(
    r"(?:undo )*(?:[a-z]+: )?(?:add|change|hide|retire|show|tell) "
    rf"(?P<id>{_ID})(?: and (?P<other>{_ID}))?(?: again| apart|: .*)?"
)
"""What the bot itself calls a change, with the ids in it."""

_ABOUT: Final = re.compile(
    rf"(?P<kind>facts|answers|sources|unknowns): (?P<how>\w+) (?P<id>{_ID})"
)
_HIDE: Final = re.compile(rf"hide (?P<id>{_ID}): (?P<why>.*)")


def subject_of(message: str) -> str:
    """The record that a change of the bot's own is about, as `kind/id`; else empty."""
    found = _ABOUT.fullmatch(message)
    return f"{found['kind']}/{found['id']}" if found else ""


def word_diff(before: str, after: str) -> str:
    """What changes between two texts, word by word, safe to show.

    >>> word_diff("It rang a week after.", "It rang one week after.")
    'It rang ~~a~~ **one** week after.'
    """
    old, new = before.split(), after.split()
    said: list[str] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:  # word by word it could not be read
        return " ".join(
            [*map(_gone, [before] * bool(old)), *map(_come, [after] * bool(new))]
        )
    matched = matcher.get_opcodes()
    for at, (how, i, j, k, m) in enumerate(matched):
        if how == "equal":
            first, last = at == 0, at == len(matched) - 1
            said.append(_around(old[i:j], is_first=first, is_last=last))
            continue
        said += [_gone(" ".join(old[i:j]))] if i < j else []
        said += [_come(" ".join(new[k:m]))] if k < m else []
    return " ".join(filter(None, said))


def _gone(text: str) -> str:
    return f"~~{_long(text)}~~"


def _come(text: str) -> str:
    return f"**{_long(text)}**"


def _long(text: str) -> str:
    return shorten(escape(text), _MAX_SIDE)


def _around(kept: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """What stays the same: as much of it as tells where a change is."""
    room = _AROUND * (1 if is_first or is_last else 2)
    if len(kept) <= room + 2:
        return escape(" ".join(kept))
    head = " ".join(kept[: 0 if is_first else _AROUND])
    tail = " ".join(kept[len(kept) if is_last else -_AROUND :])
    return " ".join(filter(None, (escape(head), "…", escape(tail))))


@dataclass(frozen=True, slots=True)
class Teller:
    """Says what changes in a language, with records' texts in place of their ids.

    `names` are those texts, by `kind/id`.
    """

    names: Mapping[str, str]
    words: Words

    def changed(self, change: Change | None, about: str = "") -> Part:
        """Each record that is added, altered or taken out, a line for each field.

        That they are of the record `about` (`kind/id`) need not be said.
        """
        found = change.differences if change else ()
        items = tuple(line for one in found for line in self._records(one, about))
        return Part(items, left=more(self.words), most=MOST_CHANGED)

    def _records(self, found: Differences, about: str) -> Iterator[str]:
        kind = self.kind(found.kind)
        for name, record in found.added.items():
            yield f"{kind}: {_come(_main(found.kind, name, record))}"
            for field, value in plain(record).items():
                default = type(record).model_fields[field].get_default()
                if field not in {"id", MAIN.get(found.kind)} and value not in (
                    default,
                    None,
                    [],
                ):
                    text = _CITED.sub("", self._text(value, field))
                    yield f"**{escape(self.words.name_of(field))}**: {_long(text)}"
        for one in found.changed:
            yield from self._fields(found.kind, one, about)
        for name, record in found.retired.items():
            yield f"{kind}: {_gone(_main(found.kind, name, record))}"
        for old, new in found.renamed.items():
            yield f"{kind}: {_gone(old)} {_come(new)}"

    def _fields(self, kind: str, found: Changed, about: str) -> Iterator[str]:
        name = self.names.get(f"{kind}/{found.id}", "" if kind == "story" else found.id)
        if (
            name
            and about != f"{kind}/{found.id}"
            and found.fields[0].name != MAIN.get(kind)
        ):
            yield f"{self.kind(kind)}: {_short(name)}"
        yield from self._each(found.fields)

    def between(
        self, before: Mapping[str, Plain], after: Mapping[str, Plain]
    ) -> Iterator[str]:
        """What differs between two states of a record, as files have it."""
        pairs = (
            Field(name, before.get(name) or None, after.get(name) or None)
            for name in {**before, **after}
        )
        return self._each(one for one in pairs if one.before != one.after)

    def _each(self, fields: Iterable[Field]) -> Iterator[str]:
        for one in fields:
            if said := self._field(one):
                yield f"**{escape(self.words.name_of(one.name))}**: {said}"

    def _field(self, found: Field) -> str:
        before, after, name = found.before, found.after, found.name
        if isinstance(before, list) and isinstance(after, list):
            gone, come = (
                [self._text(one, name) for one in these if one not in others]
                for these, others in ((before, after), (after, before))
            )
            if len(gone) == len(come) == 1:
                return word_diff(gone[0], come[0])
            said = [*map(_gone, gone), *map(_come, come)]
            if not said:  # only their order is another
                return word_diff(self._text(before, name), self._text(after, name))
            return said[0] if len(said) == 1 else "".join(f"\n- {one}" for one in said)
        if name == "answer" and isinstance(before, str) and isinstance(after, str):
            return self._answer(before, after)
        return word_diff(self._text(before, name), self._text(after, name))

    def _answer(self, before: str, after: str) -> str:
        """What changes in an answer, then in the facts that its sentences rest on."""
        texts = [_CITED.sub("", one) for one in (before, after)]
        said = word_diff(*texts) if texts[0] != texts[1] else ""
        was, now = (list(dict.fromkeys(_cited(one))) for one in (before, after))
        facts = [_gone(self._name(one, "facts")) for one in was if one not in now]
        facts += [_come(self._name(one, "facts")) for one in now if one not in was]
        if not said and not facts:
            return word_diff(before, after)
        return "\n- ".join(filter(None, (said, *facts)))

    def _name(self, name: str, field: str) -> str:
        kinds = _KINDS.get(field, ())
        found = (self.names.get(f"{kind}/{name}") for kind in kinds)
        known = next(filter(None, found), "")
        return shorten(known, _MAX_NAME) if known else name

    def _text(self, value: Plain, field: str) -> str:
        """A value as people read it."""
        match value:
            case None | "" | []:
                return self.words.say("change.nothing")
            case bool():
                return self.words.say("change.yes" if value else "change.no")
            case list():
                return ", ".join(self._text(one, field) for one in value)
            case dict():
                inner = (
                    (key, one) for key, one in value.items() if one not in (None, [])
                )
                return ": ".join(self._text(one, key) for key, one in inner)
            case _:
                return self._name(value, field)

    def kind(self, kind: str) -> str:
        """What a record of a kind is called."""
        return self.words.say(f"change.{kind}")

    def record(self, name: str) -> str:
        """A record that is named by `kind/id`."""
        kind, _, own = name.partition("/")
        return f"{self.kind(kind)}: {shorten(self.names.get(name, own), _MAX_NAME)}"

    def refusals(self, refused: Sequence[str], change: Change | None) -> list[str]:
        """Why it cannot be done; where a file is wrong, in which line of which."""
        compared = change.comparison if change else None
        better = (
            {str(one): self.problem(one) for one in change.problems} if change else {}
        )
        for one in compared.thefts if compared else ():
            better[theft(one)] = self.words.told(theft(self._asking(one)))
        stolen = (
            {one.question.text for one in compared.thefts} if compared else set[str]()
        )
        for one in compared.broken if compared else ():
            expect = [self._question(name) for name in one.probe.expect]
            probe = one.probe.model_copy(update={"expect": tuple(expect)})
            named = replace(one, probe=probe, led=self._leading(one.led))
            better[broken(one)] = self.words.told(broken(named))
            if one.probe.ask in stolen:  # that is said already
                better[broken(one)] = ""
        said = (better.get(one, self.named(self.words.told(one))) for one in refused)
        return list(filter(None, said))

    def problem(self, one: Problem) -> str:
        """What is wrong in a file, and where."""
        text = self.named(self.words.told(one.message))
        file = one.path.rpartition("/")[2]
        return self.words.say("problem.where", text=text, file=file, line=one.line)

    def rests(self, one: Resting) -> str:
        """A text that rests on what changed, and what it still says of what did."""
        still = self.words.told("still says " + ", ".join(one.still))
        text = f"{self.kind(one.kind)}: {_CITED.sub('', one.text)}"
        return f"{text} ({still})" if one.still else text

    def named(self, text: str) -> str:
        """A sentence with texts in place of the ids that it quotes."""
        return _QUOTED.sub(lambda one: self._known(one["id"]) or one[0], text)

    def line(self, message: str) -> str:
        """What a version or a draft is called, with texts in place of ids.

        Words that people wrote themselves stay, also where one is some record's id.
        """
        first = message.partition("\n")[0]
        ours = _OURS.fullmatch(first)
        ids = set(ours.group("id", "other")) if ours else set[str]()
        return _WORD.sub(
            lambda one: (one[0] in ids and self._known(one[0])) or one[0],
            self.words.told(first),
        )

    def done(self, action: str, message: str) -> str:
        """What something was done to; how is said beside it, and not again.

        `action` is the kind of a draft, or what became of one.
        """
        line = message.partition("\n")[0]
        line = line.removeprefix("undo ") if action == "undo" else line
        if action == "hide" and (hidden := _HIDE.fullmatch(line)):
            return f"{self._known(hidden['id']) or hidden['id']}: {hidden['why']}"
        found = _ABOUT.fullmatch(line)
        if found and found["how"] in {"change", "add", action}:
            return self.record(subject_of(line))
        return self.line(line)

    def moved(self, one: Moved) -> str:
        """Where a question would lead now, and where it led before."""
        before, after = self._led(one.before), self._led(one.after)
        text = one.question.text
        return self.words.say("preview.moved", text=text, before=before, after=after)

    def _led(self, led: Led) -> str:
        entries = ", ".join(map(self._question, led.entries[:2]))
        return self.words.say(f"led.{led.outcome}", entries=entries)

    def _asking(self, one: Moved) -> Moved:
        """The same with questions in place of ids."""
        belongs = tuple(map(self._question, one.question.belongs))
        asked = replace(one.question, belongs=belongs)
        return replace(one, question=asked, after=self._leading(one.after))

    def _leading(self, led: Led) -> Led:
        return led._replace(entries=tuple(map(self._question, led.entries)))

    def _question(self, name: str) -> str:
        return self._known(name, ("answers", "unknowns")) or name

    def _known(
        self, name: str, kinds: Sequence[str] = ("answers", "facts", "unknowns")
    ) -> str:
        found = (self.names.get(f"{kind}/{name}") for kind in kinds)
        text = next(filter(None, found), "")
        return f"“{shorten(text, _MAX_NAME)}”" if text else ""


def _cited(text: str) -> Iterator[str]:
    for found in _CITED.finditer(text):
        yield from re.split(r"[ ,]+", found["ids"])


def _main(kind: str, name: str, record: Record) -> str:
    return str(getattr(record, MAIN.get(kind, ""), None) or name)


def _short(text: str) -> str:
    return shorten(escape(text), _MAX_NAME)
