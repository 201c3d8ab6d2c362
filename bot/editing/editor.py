"""Changes of a story → the new texts of its files, comments kept.

Pure: texts go in, texts come out. A record is changed in the place and the style in
which somebody wrote it; every byte that has no part in the change stays.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Final

from bot.editing.edits import (
    Add,
    Edit,
    EditError,
    Plain,
    Remove,
    changed,
    in_order,
    plain,
    refuse_unknown,
    same,
)
from bot.editing.rewriting import rewritten
from bot.editing.syntax_tree import LayoutError, Part, tree
from bot.story.documents import Document, Fields, Items, parse
from bot.story.files import FILES, FOLDERS, Files, kind_of
from bot.story.model import About, Event, Record
from bot.story.validation import NAMES, closest

Texts = Mapping[str, str]
"""A story's files: path below its folder (`facts/talks.yaml`) → text, to the byte."""

STORY: Final = "story"
"""The id by which edits name the one record of story.yaml."""

KEYS: Final = {"timeline": "event", "lexicon": "meaning", "questions": "ask"}
"""The field that names a record, where it is not `id`."""

_BOM: Final = "\ufeff"
_LAST_BREAK = re.compile("(?:\r\n|[\r\n\x85])\\Z")
_STEM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PURPOSES: Final = {
    "story": "What the story is, what it covers, and how far its sources go.",
    "sources": "Where each fact was read. One record for each published page.",
    "entities": "Who and what the story is about, with the names people type for them.",
    "facts": "One sentence each, with the exact words that sources printed.",
    "answers": "Questions, the other ways they are asked, and answers.",
    "unknowns": "Questions that no source answers, and what to say to them.",
    "timeline": "Dated events, each resting on facts.",
    "lexicon": "Ways of saying things that are special to this story.",
    "questions": "Questions with their right outcome.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A record as a file has it: where, and the values of its fields."""

    path: str
    values: Mapping[str, Plain]


def edit(files: Texts, edits: Sequence[Edit]) -> dict[str, str]:
    """Make changes, one after the other: the new text of each file that is another now.

    Whether the story is sound with them, only loading it tells.

    Raises:
        EditError: one of them cannot be made; then none is.
    """
    desk = _Desk(files)
    for change in edits:
        desk.make(change)
    return desk.texts()


def record_of(files: Texts, collection: str, id: str) -> tuple[str, str]:  # noqa: A002
    """The path of a record's file, and the record's own text as it stands there.

    The text has what stands beside the record and inside it, not the comments above.

    Raises:
        EditError: there is no such record, or its file cannot be read.
    """
    sheet, index = _Desk(files).find(collection, id)
    return sheet.path, sheet.written(index)


def records_of(files: Texts, collection: str) -> dict[str, Found]:
    """The records of a collection by name, as far as its files can be read."""
    found: dict[str, Found] = {}
    for path in sorted(files):
        for record in records_in(files[path]) if kind_of(path) == collection else ():
            name = str(record.get(_key(collection)))
            found.setdefault(name, Found(path, record))
    return found


def name_now(files: Texts, collection: str, name: str) -> str:
    """The id of a record now, of one that it had before; the same where it has it."""
    records = records_of(files, collection)
    later = (
        own
        for own, found in records.items()
        if isinstance(was := found.values.get("was"), list) and name in was
    )
    return name if name in records else next(later, name)


def known(files: Files) -> Files:
    """The files, read, so that what is looked up in them is there at once."""
    for text in files.texts.values():
        records_in(text)
    return files


def records_in(text: str) -> tuple[Mapping[str, Plain], ...]:
    """The values of the records in a text; none where it cannot be read."""
    root = _parsed(text.removeprefix(_BOM)).root
    items = root if isinstance(root, Items) else [root]
    return tuple(one for one in items if isinstance(one, Fields))


class _Sheet:
    """A file that is edited: its records now, and which of the old ones each was.

    EditError where it holds a mistake, or something else than records.
    """

    def __init__(self, path: str, model: type[Record], text: str) -> None:
        self.path, self.model, self.text = path, model, text
        self._bare = text.removeprefix(_BOM)
        is_ended = not self._bare or self._bare.endswith(("\r", "\n", "\x85"))
        self._end = "" if is_ended else "\r\n" if "\r\n" in text else "\n"
        self._old = self._read()
        self.records = list(self._old)
        self.origins: list[int | None] = list(range(len(self._old)))

    def _read(self) -> Sequence[Plain]:
        document = _parsed(self._bare)
        if document.problems and not _is_empty(self._bare):
            problem = document.problems[0]
            place = f"{self.path}, line {problem.line}"
            raise EditError(f"mend the file first: {place}: {problem.message}")
        root, wanted = document.root, Fields if self.model is About else Items
        if root is None:
            return []
        if not isinstance(root, wanted):
            raise EditError(f"{self.path} holds something else; mend it there first")
        return root if isinstance(root, Items) else [root]

    def _tree(self) -> Part:
        return tree(_parsed(self._bare + self._end))

    def written(self, index: int) -> str:
        """The text of a record that was not edited; all where it cannot be told."""
        text = self._bare
        with suppress(LayoutError):
            node = self._tree().node
            if node.style == "-":
                text = f"{node.parts[index].head}{node.parts[index].node.written}"
        return _LAST_BREAK.sub("", text)

    def edited(self) -> str:
        """The text with the records as they are now.

        Raises:
            EditError: it is written in a way that cannot be changed piece by piece.
        """
        if self.records == self._old:
            return self.text
        value = self.records[0] if self.model is About else self.records
        with suppress(LayoutError):
            new = rewritten(self._tree(), value, self.origins)
            for text in (new.removesuffix(self._end), new):
                if _parsed(text).root == value:
                    return self.text[: len(self.text) - len(self._bare)] + text
        raise EditError(
            f"{self.path} is written in an unusual way; make this change in the file "
            "itself"
        )


class _Desk:
    """The files as far as they are edited."""

    def __init__(self, files: Texts) -> None:
        self._files = files
        self._sheets: dict[str, _Sheet] = {}

    def texts(self) -> dict[str, str]:
        """The new text of each file that changed.

        Raises:
            EditError: one of them cannot be changed.
        """
        new = {path: sheet.edited() for path, sheet in self._sheets.items()}
        return {
            path: text for path, text in new.items() if text != self._files.get(path)
        }

    def make(self, change: Edit) -> None:
        """Make one change.

        Raises:
            EditError: it cannot be made.
        """
        if isinstance(change, Add):
            self._add(change)
            return
        sheet, index = self.find(change.collection, change.id)
        if isinstance(change, Remove):
            if sheet.model is About:
                raise EditError("a story cannot be without its story.yaml; change it")
            del sheet.records[index], sheet.origins[index]
            return
        old = sheet.records[index]
        if isinstance(old, dict):
            new = changed(old, change, sheet.model)
            key = _key(change.collection)
            if not same(old.get(key), new.get(key)):
                self._refuse_taken(change.collection, new)
            sheet.records[index] = in_order(new, sheet.model)

    def find(self, collection: str, name: str) -> tuple[_Sheet, int]:
        """The file that a record is in, and its place there.

        Raises:
            EditError: there is no such record, or there are two.
        """
        broken: list[EditError] = []
        named = list(self._named(collection, broken))
        found = [(sheet, index) for own, sheet, index in named if same(own, name)]
        what = NAMES[FILES[collection]]
        if not found and broken:
            raise broken[0]
        if not found:
            hint = closest(name, [own for own, _, _ in named])
            raise EditError(
                f"there is no {what} '{name}'{hint or '; look it up again'}"
            )
        if len(found) > 1:
            path = found[1][0].path
            raise EditError(f"there are two of the {what} '{name}'; keep one in {path}")
        return found[0]

    def _named(
        self, collection: str, broken: list[EditError]
    ) -> Iterator[tuple[str, _Sheet, int]]:
        """Each record of a collection with its name; what broken files say is added."""
        key = _key(collection)
        for path in self._paths(collection):
            try:
                sheet = self._sheet(path, collection)
            except EditError as error:
                broken.append(error)
                continue
            for index, record in enumerate(sheet.records):
                name = record.get(key) if isinstance(record, dict) else None
                if collection == STORY:
                    yield STORY, sheet, index
                elif isinstance(name, str):
                    yield name, sheet, index

    def _paths(self, collection: str) -> list[str]:
        """The files that a collection is in, in order."""
        paths = {*self._files, *self._sheets}
        return sorted(path for path in paths if kind_of(path) == collection)

    def _sheet(self, path: str, collection: str) -> _Sheet:
        """A file, read when it is first needed.

        Raises:
            EditError: it holds a mistake that must be mended first.
        """
        if path not in self._sheets:
            self._sheets[path] = _Sheet(path, FILES[collection], self._files[path])
        return self._sheets[path]

    def _add(self, change: Add) -> None:
        _key(change.collection)
        model = FILES[change.collection]
        record = in_order(plain(change.record), model)
        for name in record:
            refuse_unknown(model, name)
        self._refuse_taken(change.collection, record)
        sheet = self._sheet_for(change)
        if model is About and sheet.records:
            raise EditError("the story has its story.yaml already; change that")
        at = _place(sheet, record) if change.at is None else change.at
        sheet.records.insert(at, record)
        sheet.origins.insert(at, None)

    def _sheet_for(self, change: Add) -> _Sheet:
        """The file that a new record goes into, which is made where it is not there."""
        collection, there = change.collection, self._paths(change.collection)
        path = f"{collection}.yaml"
        if FILES[collection] in FOLDERS:
            stem = change.file or ""
            path = f"{collection}/{stem}.yaml"
            if change.file is None and len(there) == 1:
                path = there[0]
            elif path not in there and not _STEM.fullmatch(stem):
                raise EditError(
                    f"'{stem}' is no name for a file of {collection}; write a topic in "
                    "lower-case words joined by hyphens"
                )
        if path not in there:
            self._sheets[path] = _Sheet(path, FILES[collection], opening(collection))
        return self._sheet(path, collection)

    def _refuse_taken(self, collection: str, record: Mapping[str, Plain]) -> None:
        """Refuse a record with the name of another."""
        name = record.get(_key(collection))
        if collection != STORY and any(
            same(own, name) for own, _, _ in self._named(collection, [])
        ):
            what = NAMES[FILES[collection]]
            raise EditError(
                f"there is a {what} '{name}' already; give this one its own name"
            )


def _key(collection: str) -> str:
    """The field that names the records of a collection."""
    if collection not in FILES:
        hint = closest(collection, FILES) or f"; there are {', '.join(FILES)}"
        raise EditError(f"there is no collection '{collection}'{hint}")
    return KEYS.get(collection, "id")


def _place(sheet: _Sheet, record: Mapping[str, Plain]) -> int:
    """Where a person would put a new record: events by their dates, all else last."""
    end = len(sheet.records)
    if sheet.model is Event:
        dates = [str(one.get("date")) for one in sheet.records if isinstance(one, dict)]
        if len(dates) == end and dates == sorted(dates):
            return sum(one <= str(record.get("date")) for one in dates)
    return end


def opening(collection: str) -> str:
    """The first lines of a new file."""
    above = "../" if FILES[collection] in FOLDERS else ""
    schema = f"{above}schema/{collection}.json"
    purpose = _PURPOSES[collection]
    return f"# yaml-language-server: $schema={schema}\n# {purpose}\n"


_READ: Final = 6_000_000
"""Characters of the files that are known as read: a large story, and some changes."""

_known = OrderedDict[str, Document]()
_knowing = Lock()


def _parsed(text: str) -> Document:
    """A text as it is read. It is shared: nobody changes it."""
    with _knowing:
        if text in _known:
            _known.move_to_end(text)
            return _known[text]
    document = Document("", text)
    parse(document)
    with _knowing:
        _known[text] = document
        size = sum(map(len, _known))
        while size > _READ and len(_known) > 1:
            size -= len(_known.popitem(last=False)[0])
    return document


def _is_empty(text: str) -> bool:
    """Whether there is nothing in a text but comments."""
    lines = (line.strip() for line in text.split("\n"))
    return all(not line or line.startswith("#") for line in lines)
