"""A story's files as one value: what is read, what is left out, what is changed."""

from io import BufferedReader
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.story.files import ARCHIVE, MAX_BYTES, Files, decoded, encoded, kind_of
from bot.story.loading import load
from tests.conftest import TODAY
from tests.folder import Folder

FACTS = "facts/bell.yaml"
QUOTED = f"{ARCHIVE}/council-2024-03-05.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


def write(folder: Folder, path: str, text: str = "[]") -> None:
    """Write a file, and the folder it is in."""
    (folder.path / path).parent.mkdir(parents=True, exist_ok=True)
    folder.write(path, text)


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        ("facts/more.yml", "facts/more.yaml"),
        ("facts/more.YAML", "facts/more.yaml"),
        ("facts/more.yaml.txt", "facts/more.yaml"),
        ("answers/sub/x.yaml", "answers/x.yaml"),
        ("Answers/x.yaml", "answers/x.yaml"),
        ("fact/x.yaml", "facts/x.yaml"),
        ("Sources.yaml", "sources.yaml"),
        ("timeline.yaml.txt", "timeline.yaml"),
        ("archive/a.TXT", "archive/a.txt"),
        ("Archive/a.txt", "archive/a.txt"),
    ],
)
def test_a_file_that_is_left_out_is_told_with_its_name(
    folder: Folder, path: str, mend: str
) -> None:
    """What only looks like a part of the story is a problem that says what to do."""
    write(folder, path)
    (problem,) = [one for one in folder.load().problems if one.path == f"story/{path}"]
    assert problem.message == f"this file is not read; call it '{mend}'"
    assert problem.severity == "warning"


def test_a_file_that_is_no_part_of_a_story_is_told(folder: Folder) -> None:
    """A name that means nothing is a problem; of one that is misspelt it says so."""
    write(folder, "extra.yaml")
    write(folder, "source.yaml")
    said = {one.path: one.message for one in folder.load().problems}
    assert said["story/extra.yaml"].endswith("is it in the wrong folder?")
    assert said["story/source.yaml"].endswith("did you mean 'sources'?")


@pytest.mark.parametrize(
    "path", ["README.md", "schema/facts.json", "pictures/x.yaml", ".git/x.yaml"]
)
def test_what_is_beside_a_story_is_no_matter(folder: Folder, path: str) -> None:
    """Other files and folders are neither read nor told of."""
    before = Files.read(folder.path)
    write(folder, path)
    assert Files.read(folder.path) == before


def test_each_file_is_opened_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a folder opens its files once, and loading what was read opens none."""
    write(folder, QUOTED, "The bell has been taken down for repair.")
    opened: list[str] = []
    real = Path.open

    def count(path: Path, _mode: str) -> BufferedReader:
        opened.append(path.relative_to(folder.path).as_posix())
        return real(path, "rb")

    monkeypatch.setattr(Path, "open", count)
    files = Files.read(folder.path)
    assert load(files, TODAY, "story").quotes == (1, 8)
    assert sorted(opened) == sorted(files.content)
    assert QUOTED in opened


def test_a_change_leaves_the_value_as_it_was(folder: Folder) -> None:
    """Changed files are another value, with another key; back again, the same."""
    files = Files.read(folder.path)
    old = files.texts[FACTS]
    other = files.changed({FACTS: old + "\n", "timeline.yaml": None})
    assert files.texts[FACTS] == old
    assert other.texts[FACTS] == old + "\n"
    assert "timeline.yaml" not in other.content
    assert other.key != files.key
    back = {FACTS: old, "timeline.yaml": files.texts["timeline.yaml"]}
    assert other.changed(back) == files
    assert other.changed(back).key == files.key


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("../story.yaml", "[]", "not a story's fact file"),
        ("/etc/facts.yaml", "[]", "not a story's fact file"),
        ("facts/.x.yaml", "[]", "not a story's fact file"),
        ("facts/x.yaml", "x" * (MAX_BYTES + 1), "too large"),
        ("facts/x.yaml", "\ud800", "not UTF-8"),
    ],
)
def test_a_change_that_cannot_be_kept_is_an_error(
    folder: Folder, path: str, text: str, words: str
) -> None:
    """What no file of a story may be, or hold, keeps the story from being served."""
    loaded = load(Files.read(folder.path).changed({path: text}), TODAY, "story")
    assert loaded.story is None
    assert any(words in one.message for one in loaded.problems)


def test_a_file_that_cannot_be_read_changes_the_key(folder: Folder) -> None:
    """A link that leads out is told, and a key tells it from the file itself."""
    before = Files.read(folder.path)
    away = folder.path.parent / "away.yaml"
    (folder.path / FACTS).rename(away)
    (folder.path / FACTS).symlink_to(away)
    after = Files.read(folder.path)
    assert "leads out" in after.unread[FACTS]
    assert after.key != before.key


def test_an_archived_text_is_no_fact_file(folder: Folder) -> None:
    """Archived texts are part of the value, and not of the texts that are edited."""
    write(folder, QUOTED, "theirs")
    files = Files.read(folder.path)
    assert files.content[QUOTED] == b"theirs"
    assert QUOTED not in files.texts


@given(st.binary(max_size=100))
def test_any_bytes_are_given_back(data: bytes) -> None:
    """A text holds its file to the byte, whatever that is."""
    assert encoded(decoded(data)) == data


@given(st.text(st.characters(), max_size=100))
def test_any_text_has_bytes(text: str) -> None:
    """Whatever was typed can be looked at: encoding never raises."""
    assert encoded(text).decode(errors="surrogatepass") or not text


COPIES = [
    "bell (1)",
    "bell_1",
    "bell-2",
    "bell - Copy",
    "Copy of bell",
    "bell (Ann's conflicted copy 2024-05-05)",
    "bell.sync-conflict-20240505-123456-ABCDEFG",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_the_one_that_is_named(folder: Folder, name: str) -> None:
    """A file that a program copied is one error, at the copy, not at the good file."""
    copy = f"answers/{name}.yaml"
    folder.write(copy, folder.read("answers/bell.yaml"))
    error = folder.error()
    assert error.path == f"story/{copy}"
    assert "a copy of 'story/answers/bell.yaml'" in error.message


def test_a_copy_that_went_on_is_named_once(folder: Folder) -> None:
    """A conflicted copy with a record of its own is one error, whoever names that."""
    text = folder.read("answers/bell.yaml")
    new = "- id: new-one\n  question: New?\n  answer: It is back. [bell-returned]\n"
    folder.write("answers/bell (conflicted copy).yaml", text + new)
    folder.edit("answers/bell.yaml", "[what-happened]", "[what-happened, new-one]")
    assert folder.error().path == "story/answers/bell (conflicted copy).yaml"


def test_two_files_with_one_id_are_no_copies(folder: Folder) -> None:
    """An id that stands twice by mistake is told at its line, not as a copied file."""
    entry = "- id: {}\n  question: New {}?\n  answer: It is back. [bell-returned]\n"
    text = entry.format("one", "a") + entry.format("when-returned", "b")
    folder.write("answers/clock.yaml", text)
    assert "is the id of another entry already" in folder.error().message


@pytest.mark.parametrize("name", ["why?", "a:b", 'say "x"', "a|b", "a*b", "<a>"])
def test_a_name_that_no_backup_holds_is_refused(folder: Folder, name: str) -> None:
    """What is served can be backed up: another name is an error, with a better one."""
    folder.write(f"answers/{name}.yaml", "[]")
    message = folder.error().message
    assert "no backup can hold" in message
    assert kind_of(message.split("'")[-2]) == "answers"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("facts.yaml", "put it into the folder 'facts/'"),
        ("sources (1).yaml", "a copy of 'sources.yaml'"),
        ("answers/a\u00a0b.yaml", "call it 'answers/a-b.yaml'"),
        ("answers/a\\b.yaml", "call it 'answers/a-b.yaml'"),
    ],
)
def test_where_a_file_belongs_is_told(folder: Folder, path: str, said: str) -> None:
    """A file that is not read is told with the place or the name that it needs."""
    folder.write(path, "[]")
    (warning,) = folder.load().problems
    assert said in warning.message
