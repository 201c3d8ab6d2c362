"""Documents → records that know where they stand.

What a file may hold, which model checks it, and a moderator's words for what pydantic
finds. A record with a mistake is left out and its id remembered, so that one mistake
is one problem and not a dozen.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.story.documents import Document, Fields, Items, Value
from bot.story.model import (
    About,
    Citation,
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
from bot.story.prose import fold
from bot.story.yaml_mistakes import Mark, bullet

NAMES: Final[Mapping[type[Record], str]] = {
    About: "story",
    Source: "source",
    Entity: "entity",
    Fact: "fact",
    Entry: "entry",
    Unknown: "unknown",
    Event: "event",
    Phrase: "phrase",
    Probe: "question",
}
"""What a record of each model is called when we speak of it."""

R = TypeVar("R", bound=Record)

Loc = tuple[int | str, ...]
"""The way from a record to a value in it: field names and list positions."""


@dataclass(slots=True)
class Sheet:
    """All that could be read of a story's files, and where each record stands.

    Records are in the order of the files, an id at most once. `known` has the ids of a
    collection with those of records that could not be read; a collection in
    `incomplete` has more ids than anyone knows, because a file of it is broken. `sizes`
    are how many records there are in each file that could be read.
    """

    known: dict[type[Record], set[str]] = field(
        default_factory=lambda: {model: set() for model in NAMES}
    )
    incomplete: dict[type[Record], str] = field(default_factory=dict[type[Record], str])
    problems: list[Problem] = field(default_factory=list[Problem])
    sizes: dict[str, int] = field(default_factory=dict[str, int])
    _called: dict[str, str] = field(default_factory=dict[str, str])
    _records: list[Record] = field(default_factory=list[Record])
    _origins: dict[int, tuple[Document, Value]] = field(
        default_factory=dict[int, tuple[Document, Value]]
    )

    def of(self, model: type[R]) -> list[R]:
        """The records of one model, in the order of the files."""
        return [record for record in self._records if isinstance(record, model)]

    def place(self, record: Record, *loc: int | str, text: str = "") -> Place:
        """Where a record stands, or a value in it, or some text in that value."""
        document, node = self._origins[id(record)]
        mark = locate(node, loc)
        return document.place(document.find(text, mark) if text else mark)

    def in_brackets(self, record: Record, *loc: int | str) -> bool:
        """Whether a record has a list there that is written `[one, another]`."""
        node = self._origins[id(record)][1]
        for step in loc:
            if isinstance(node, Fields):
                node = node.get(str(step))
            elif isinstance(node, Items) and isinstance(step, int):
                node = node[step]
        return isinstance(node, Items) and node.in_brackets

    def file(self, record: Record) -> str:
        """The path of the file that a record stands in."""
        return self._origins[id(record)][0].path

    def add(self, model: type[Record], document: Document) -> None:
        """Take in a file of records of one model: its records and its problems."""
        self.problems += [*document.problems, *document.warnings]
        root = document.root
        if root is None:
            self.incomplete.setdefault(model, document.path)
        elif model is About:
            self._add_record(model, document, root, document.place((1, 1)))
        elif isinstance(root, Items):
            self.sizes[document.path] = len(root)
            for node, span in zip(root, root.spans, strict=True):
                self._add_record(model, document, node, document.place(span.mark))
        else:
            message = "this file is a list: each record in it starts with '- '"
            self.problems.append(Problem.error(document.place((1, 1)), message))
            self.incomplete.setdefault(model, document.path)

    def _add_record(
        self, model: type[Record], document: Document, node: Value, place: Place
    ) -> None:
        if not isinstance(node, Fields):
            message = f"a {NAMES[model]} is a group of fields, one 'name: value' a line"
            self.problems.append(Problem.error(place, message))
            self.incomplete.setdefault(model, document.path)
            return
        if "id" in model.model_fields and not self._is_new(model, document, node):
            return
        try:
            record = model.model_validate(node)
        except ValidationError as error:
            self.problems.extend(_explain(error, model, document, node, self))
            return
        self._records.append(record)
        if isinstance(record, Entity):
            for name in (record.name, *record.aliases):
                self._called.setdefault(_slug(name), record.id)
        self._origins[id(record)] = (document, node)

    def meant(self, name: str, model: type[Record]) -> str:
        """`; did you mean 'x'?` for the id that some words, which are none, mean."""
        ids = dict.fromkeys(self.known[model], "")
        ids |= self._called if model is Entity else {}
        found = difflib.get_close_matches(_slug(name), ids, 1, 0.6)
        return f"; did you mean '{ids[found[0]] or found[0]}'?" if found else ""

    def _is_new(self, model: type[Record], document: Document, node: Fields) -> bool:
        name = node.get("id")
        if not isinstance(name, str):
            self.incomplete.setdefault(model, document.path)
            return True
        if name not in self.known[model]:
            self.known[model].add(name)
            return True
        message = (
            f"'{name}' is the id of another {NAMES[model]} already; give this one its "
            "own id"
        )
        place = document.place(node.spans["id"].mark)
        self.problems.append(Problem.error(place, message))
        return False


def locate(node: Value, loc: Iterable[int | str]) -> Mark:
    """The mark of a value; of the nearest thing around it where it is not there."""
    mark = _start(node)
    for step in loc:
        if isinstance(node, Fields) and step in node:
            mark, node = node.spans[str(step)].mark, node[str(step)]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node):
            mark, node = node.spans[step].mark, node[step]
        else:
            break
    return mark


def _start(node: Value) -> Mark:
    if isinstance(node, Fields) and node:
        return next(iter(node.key_spans.values())).mark
    if isinstance(node, Items) and node:
        return node.spans[0].mark
    return 1, 1


def closest(name: str, names: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of some names, or nothing."""
    found = difflib.get_close_matches(name, list(names), 1, 0.6)
    return f"; did you mean '{found[0]}'?" if found else ""


_REFERENCES: Final[Mapping[str, type[Record]]] = {
    "by": Entity,
    "source": Source,
    "superseded_by": Fact,
    "disputed_by": Fact,
    "facts": Fact,
    "related": Entry,
}
"""What the ids in a field are of."""


def _slug(text: str) -> str:
    return fold(text).replace(" ", "-")


def _explain(
    error: ValidationError,
    model: type[Record],
    document: Document,
    node: Fields,
    sheet: Sheet,
) -> Iterator[Problem]:
    """Pydantic's findings on one record as problems, one for each mistake."""
    details = error.errors(include_url=False)
    unknown = {detail["loc"] for detail in details if _is(detail, "extra_forbidden")}
    inside = {detail["loc"][:-1] for detail in details}
    for detail in details:
        loc = detail["loc"]
        if _is(detail, "missing"):
            beside = {str(at[-1]) for at in unknown if at[:-1] == loc[:-1]}
            if difflib.get_close_matches(str(loc[-1]), beside, 1, 0.6):
                continue  # the misspelt field is reported; it is the missing one
        if _is(detail, "too_short") and loc in inside:
            continue  # what is in the list is reported
        mark = _key_mark(node, loc) if loc in unknown else locate(node, loc)
        yield Problem.error(document.place(mark), _words(detail, model, node, sheet))


def _is(detail: ErrorDetails, kind: str) -> bool:
    return detail["type"] == kind


def _key_mark(node: Value, loc: Loc) -> Mark:
    """The mark of a field's name, not of its value."""
    for step in loc[:-1]:
        if isinstance(node, Fields):
            node = node[str(step)]
        elif isinstance(node, Items) and isinstance(step, int):
            node = node[step]
    is_field = isinstance(node, Fields)
    return node.key_spans[str(loc[-1])].mark if is_field else _start(node)


def _words(
    detail: ErrorDetails, model: type[Record], node: Fields, sheet: Sheet
) -> str:
    """One finding in a moderator's words, with the mend."""
    loc, given = detail["loc"], detail["input"]
    name = next((str(step) for step in reversed(loc) if isinstance(step, str)), "")
    kind = detail["type"]
    if kind == "extra_forbidden":
        fields = list(_model(model, loc).model_fields)
        others = f"; delete it, or write one of {', '.join(fields)}"
        return f"unknown field '{name}'{closest(name, fields) or others}"
    if kind == "missing":
        who = f"the {NAMES[model]}" + (f" '{node['id']}'" if node.get("id") else "")
        return f"{who} has no '{name}'; add '{name}: …'"
    if (given is None or given == "") and kind in _EMPTY:
        return _empty(name, kind, _model(model, loc))
    if kind == "literal_error":
        return f"'{_short(given)}' is not a {name}{_choices(detail)}"
    if kind == "string_pattern_mismatch" and name in _REFERENCES:
        what = _REFERENCES[name]
        hint = sheet.meant(str(given), what) or "; name one by its id"
        return f"no {NAMES[what]} is called '{_short(given)}'{hint}"
    context = {**detail.get("ctx", {}), "name": name, "given": _short(given)}
    context["length"] = len(given) if isinstance(given, str) else 0
    context["form"] = _FORMS.get(name, "use lower-case letters, digits and hyphens")
    context["message"] = detail["msg"].lower()
    mend = bullet(str(given)) if kind == "tuple_type" else ""
    return mend or _TEMPLATES.get(kind, "'{name}': {message}").format_map(context)


def _empty(name: str, kind: str, model: type[Record]) -> str:
    """What to do about a field with nothing in it, which not every record may lack."""
    field = model.model_fields.get(name)
    is_list = kind == "tuple_type"
    how = "write each item below it, after '- '" if is_list else "write it"
    is_needed = field is None or field.is_required()
    return f"'{name}' is empty; {how}" + ("" if is_needed else ", or delete the line")


_EMPTY: Final = {
    *("string_pattern_mismatch", "string_too_short", "string_type", "tuple_type")
}
_FORMS: Final = {"stale_after": "write a number and days, months or years: 24 months"}
_TEMPLATES: Final = {
    "string_pattern_mismatch": "'{given}' is no {name}; {form}",
    "string_too_long": "'{name}' has {length} characters; at most {max_length} fit",
    "string_type": "'{name}' is plain text, not a list or a group of fields",
    "value_error": "'{given}': {error}",
    "tuple_type": "'{name}' is a list: write each item below it, after '- '",
    "too_short": "'{name}' needs at least one; add it under '{name}:'",
    "bool_parsing": "'{given}' is not a {name}; write true or false",
    "bool_type": "'{name}' is true or false",
}


def _choices(detail: ErrorDetails) -> str:
    allowed = str(detail.get("ctx", {})["expected"]).replace(" or ", ", ")
    choices = [choice.strip(" '") for choice in allowed.split(",")]
    hint = closest(str(detail["input"]), choices)
    return hint or f"; write one of {', '.join(choices)}"


def _short(given: object) -> str:
    """A value for a message, in which characters that nobody sees are seen."""
    text = " ".join(str(given).split())
    if not text.isascii():
        text = "".join(
            f"<U+{ord(char):04X}>" if unicodedata.category(char) == "Cf" else char
            for char in text
        )
    return text if len(text) <= 60 else text[:57] + "…"


def _model(model: type[Record], loc: Loc) -> type[Record]:
    """The model of the record that a location points into."""
    inner = {"citations": Citation, "premises": Premise}
    for step in loc[:-1]:
        model = inner.get(str(step), model)
    return model
