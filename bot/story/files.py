"""A story's files as one value, read once: what loading, editing and the past take.

Only here is known where a story's files lie, and what they are called.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Final

from bot.story.model import (
    About,
    Entity,
    Entry,
    Event,
    Fact,
    Phrase,
    Probe,
    Record,
    Source,
    Unknown,
)
from bot.story.validation import closest

FILES: Final[Mapping[str, type[Record]]] = {
    "story": About,
    "sources": Source,
    "entities": Entity,
    "facts": Fact,
    "answers": Entry,
    "unknowns": Unknown,
    "timeline": Event,
    "lexicon": Phrase,
    "questions": Probe,
}
"""The name of each fact file (or folder of them), and what a record in it is."""

FOLDERS: Final = frozenset({Fact, Entry})
"""What is kept as a folder of files, one a topic."""

ARCHIVE: Final = "archive"
"""The folder of archived texts. It is never published: the texts are not ours."""

MAX_BYTES: Final = 2 * 1024 * 1024
"""The largest file that is read. The largest real one is a twentieth of it."""

_MAX_FILES: Final = 500
_FACT_FILE = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)
_ARCHIVED = re.compile(r"\.txt$", re.IGNORECASE)
_ODD_NAME = re.compile(r"[:*?\"<>|]")
_ROOMS: Final = {*(one for one in FILES if FILES[one] in FOLDERS), ARCHIVE}
_TOP: Final = [one for one in FILES if FILES[one] not in FOLDERS]


@dataclass(frozen=True)
class Files:
    """A story's fact files and archived texts, as they were at one moment.

    `content` has their bytes by path below the story's folder, in order. `unread` are
    those whose bytes cannot be had, "" for the folder itself, and `left_out` are files
    that only look like a part of the story: each with why, or the mend.
    """

    content: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    left_out: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, folder: Path) -> "Files":
        """The files in a story's folder, each opened once. Never raises.

        Nothing outside the folder is read.
        """
        try:
            names = listed(folder)
        except OSError as error:
            why = f"this folder cannot be read ({error.strerror or error})"
            if isinstance(error, FileNotFoundError | NotADirectoryError):
                why = "there is no story folder here; 'receipts new DIR' starts one"
            return cls(unread={"": why})
        left_out = {name: _mend(name) for name in names if not _is_part(name)}
        parts = [name for name in names if _is_part(name)]
        if len(parts) > _MAX_FILES:
            left_out[parts[-1]] = f"only the first {_MAX_FILES} files are read"
        found = {
            name: _unkept(name) or read_bytes(folder / name, folder)
            for name in parts[:_MAX_FILES]
        }
        return cls(
            {name: data for name, data in found.items() if isinstance(data, bytes)},
            {name: why for name, why in found.items() if isinstance(why, str)},
            left_out,
        )

    @cached_property
    def key(self) -> str:
        """A hash of all of it, as 64 hexadecimal digits."""
        digest = sha256()
        for path, data in (
            *self.content.items(),
            *((path, why.encode()) for path, why in self.unread.items()),
            *((path, why.encode()) for path, why in self.left_out.items()),
        ):
            digest.update(f"{path}\0{len(data)}\0".encode(errors="replace"))
            digest.update(data)
        return digest.hexdigest()

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The fact files' texts by path, which `changed` takes back unchanged.

        Line ends and a mark at the start of a file stay, and what is not UTF-8 is there
        as lone surrogates.
        """
        return {
            path: decoded(data) for path, data in self.content.items() if kind_of(path)
        }

    def of_kind(self, kind: str) -> Mapping[str, str]:
        """The texts of the files that hold records of a kind, a key of `FILES`."""
        return {
            path: text for path, text in self.texts.items() if kind_of(path) == kind
        }

    def changed(self, texts: Mapping[str, str | None]) -> "Files":
        """These files with other texts; None takes a file away."""
        content, unread = dict(self.content), dict(self.unread)
        for path, text in texts.items():
            content.pop(path, None)
            unread.pop(path, None)
            if text is None:
                continue
            data = encoded(text)
            if kind_of(path) is None:
                unread[path] = "this is not a story's fact file; name it as one"
            elif why := _unkept(path):
                unread[path] = why
            elif len(data) > MAX_BYTES:
                unread[path] = _too_large(len(data))
            else:
                content[path] = data
        return Files(dict(sorted(content.items())), unread, self.left_out)


def kind_of(path: str) -> str | None:
    """What records a fact file holds, a key of `FILES`; None where it is none.

    >>> kind_of("facts/talks.yaml"), kind_of("facts/.talks.yaml")
    ('facts', None)
    """
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".yaml")
    kind = folder or stem
    is_file = stem != name and not name.startswith(".") and path.isprintable()
    if not is_file or kind not in FILES or "\\" in path:
        return None
    return kind if (FILES[kind] in FOLDERS) == bool(folder) else None


def path_of(kind: str, topic: str = "") -> str:
    """Where records of a kind are kept: in its one file, or in that of a topic.

    >>> path_of("sources"), path_of("facts", "talks")
    ('sources.yaml', 'facts/talks.yaml')
    """
    return f"{kind}/{topic}.yaml" if FILES[kind] in FOLDERS else f"{kind}.yaml"


def below(shown: str, path: str) -> str:
    """A path below a story's folder as problems name it, where the folder is shown so.

    >>> below("stories/bell/", "story.yaml"), below(".", "story.yaml")
    ('stories/bell/story.yaml', 'story.yaml')
    """
    folder = shown.rstrip("/")
    return path if folder in {"", "."} else f"{folder}/{path}"


def archived(path: str) -> str | None:
    """The id of the source whose archived text a file holds; None for other files.

    >>> archived("archive/cnn-2022-11-25.txt")
    'cnn-2022-11-25'
    """
    folder, _, name = path.rpartition("/")
    is_one = folder == ARCHIVE and name.endswith(".txt") and path.isprintable()
    return name.removesuffix(".txt") if is_one else None


def listed(folder: Path) -> list[str]:
    """The paths of all in a folder that is a story's, or looks so, in order.

    Hidden files are an editor's own, and no part of a story. Raises OSError.
    """
    found: list[str] = []
    with os.scandir(folder) as entries:
        for one in entries:
            if one.name.startswith("."):
                continue
            if _FACT_FILE.search(one.name):
                found.append(one.name)
            elif (room := _room(one.name)) and one.is_dir():
                found += _listed_below(folder, one.name, room)
    return sorted(found)


def _listed_below(folder: Path, name: str, room: str) -> Iterator[str]:
    form = _ARCHIVED if room == ARCHIVE else _FACT_FILE
    for parent, folders, files in os.walk(folder / name):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for one in (*files, *folders):
            if not one.startswith(".") and form.search(one):
                yield Path(parent, one).relative_to(folder).as_posix()


def _room(name: str) -> str | None:
    """The folder of a story that a folder's name means, as written in haste."""
    small = name.casefold()
    return next((one for one in _ROOMS if small in {one, one.removesuffix("s")}), None)


def _is_part(path: str) -> bool:
    return kind_of(path) is not None or archived(path) is not None


def _mend(path: str) -> str:
    """What to do about a file that only looks like a part of a story."""
    top, *below = path.split("/")
    name = (below or [top])[-1]
    room = _room(top) if below else None
    right = _FACT_FILE.sub(".yaml", name)
    if room == ARCHIVE:
        right = _ARCHIVED.sub(".txt", name)
    right = f"{room}/{_plain(right)}" if room else right.casefold()
    if _is_part(right):
        return f"this file is not read; call it '{right}'"
    stem = right.removesuffix(".yaml")
    if stem in _ROOMS:
        return (
            f"this file is not read; put it into the folder '{stem}/', named by topic"
        )
    if like := next((one for one in _TOP if re.search(rf"\b{one}\b", stem)), None):
        return (
            f"this file is not read: it looks like a copy of '{like}.yaml'; delete it, "
            "or move what it has into that"
        )
    hint = closest(stem, _TOP) or "; is it in the wrong folder?"
    return f"this file is not part of a story{hint}"


def _plain(name: str) -> str:
    """A file's name without what not every drive, or archive, has room for."""
    stem, dot, ending = name.rpartition(".")
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.") + dot + ending


def _unkept(path: str) -> str:
    """Why a fact file's name is none that can be kept; "" where it can be."""
    if not _ODD_NAME.search(path) or kind_of(path) is None:
        return ""
    right = path.rpartition("/")
    right = f"{right[0]}/{_plain(right[2])}" if right[0] else _plain(path)
    return f"no backup can hold a file of this name; call it '{right}'"


def copies(ids: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, str]]:
    """Files of records that are copies of others: of which, and an id in both.

    `ids` are those in each file of one kind. A copy has the name of the other and some
    more, as a sync program or a browser calls it, or has nothing of its own.

    >>> copies({"a/x (1).yaml": ["one"], "a/x.yaml": ["one"]})
    {'a/x (1).yaml': ('a/x.yaml', 'one')}
    """
    first: dict[str, str] = {}
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(ids, key=lambda one: (_is_odd(one), len(one), one)):
        stem = PurePath(path).stem.casefold()
        both = [one for one in ids[path] if one in first]
        other = first[both[0]] if both else ""
        is_named = re.sub(r"\W+", "", PurePath(other).stem.casefold()) in stem
        if both and (is_named or len(both) == len(set(ids[path])) > 1):
            found[path] = other, both[0]
        else:
            for one in ids[path]:
                first.setdefault(one, path)
    return found


def _is_odd(path: str) -> bool:
    return not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", PurePath(path).stem)


def read_bytes(file: Path, inside: Path) -> bytes | str:
    """A plain file's bytes, or why they cannot be had, in words. Never raises.

    At most MAX_BYTES are read, and only from inside the folder.
    """
    try:
        if not file.resolve().is_relative_to(inside.resolve()):
            return (
                "this is a link that leads out of the story's folder; "
                "put the file itself here"
            )
        if not stat.S_ISREG(file.stat().st_mode):
            return "this is not a plain file; a fact file is one"
        with file.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            data = stream.read(MAX_BYTES + 1) if size <= MAX_BYTES else b""
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "it leads in a circle"
        return f"this file cannot be read ({why.lower()}); look at its permissions"
    size = max(size, len(data))
    return _too_large(size) if size > MAX_BYTES else data


def _too_large(size: int) -> str:
    return (
        f"this file is too large ({size / 1e6:.1f} MB; at most "
        f"{MAX_BYTES / 1e6:.0f} MB); split it by topic"
    )


def decoded(data: bytes) -> str:
    """Bytes as a text that `encoded` gives back unchanged."""
    return data.decode(errors="surrogateescape")


def encoded(text: str) -> bytes:
    r"""A text as the bytes that it was read from. Never raises.

    What no bytes were read as is written so that reading it is a problem.

    >>> encoded(decoded(b"caf\xe9 \xc3\xa9"))
    b'caf\xe9 \xc3\xa9'
    """
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")
