"""Each mistake a curator can make is one error, at its line, with the mend."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings import Settings
from tests.conftest import TODAY
from tests.folder import Folder

FACTS = "facts/bell.yaml"
ANSWERS = "answers/bell.yaml"
END = "since 12 June 2024. [bell-returned]"

Edit = tuple[str, str, str]

EDITS: dict[str, tuple[Edit, int, str]] = {
    "unknown field": (
        ("sources.yaml", "link: false", "linked: false"),
        0,
        "unknown field 'linked'; did you mean 'link'?",
    ),
    "misspelt field": (
        (FACTS, "statement: Neighbours of the tower said", "statment: Neighbours said"),
        0,
        "unknown field 'statment'; did you mean 'statement'?",
    ),
    "misspelt source": (
        (FACTS, "source: council-2024-03-05", "source: council-2024-03-06"),
        0,
        "unknown source 'council-2024-03-06'; did you mean 'council-2024-03-05'?",
    ),
    "duplicate id": (
        (
            FACTS,
            "- id: neighbours-glad",
            "- {id: bell-gone, statement: It was gone., kind: fact, as_of: 2024,"
            " citations: [{source: council-2024-03-05, quote: The bell}]}\n"
            "- id: neighbours-glad",
        ),
        0,
        "'bell-gone' is the id of another fact already",
    ),
    "duplicate key": (
        (ANSWERS, "  gives: when\n", "  gives: when\n  gives: when\n"),
        1,
        "'gives' stands twice",
    ),
    "tab": (
        (FACTS, "  as_of: 2024-03-05\n  disputed", "\tas_of: 2024-03-05\n  disputed"),
        0,
        "a tab cannot indent YAML",
    ),
    "unclosed quote": (
        (FACTS, "quote: someone has stolen our bell", 'quote: "someone has stolen'),
        0,
        "never closed",
    ),
    "control character": (
        (FACTS, "had been stolen.", "had been \x08stolen."),
        0,
        "U+0008",
    ),
    "no speaker": (
        (FACTS, "  kind: allegation\n  by: neighbours\n", "  kind: allegation\n"),
        0,
        "names no speaker; add 'by: …'",
    ),
    "no fact": (
        (ANSWERS, END, END + " It rings every hour."),
        0,
        "'It rings every hour.' rests on no fact",
    ),
    "shared alias": (
        ("entities.yaml", "[moreau, the founder,", "[moreau, the council,"),
        0,
        "'the council' already names 'harbour-council'",
    ),
    "shared wording": (
        (ANSWERS, "    - who stole the bell\n", "    - Where is the bell?\n"),
        0,
        "already asks 'what-happened'",
    ),
    "no such date": (
        ("sources.yaml", "published: 2024-06-12", "published: 2024-06-31"),
        0,
        "there is no such date",
    ),
    "future date": (
        (
            FACTS,
            "  as_of: 2024-03-04\n  disputed_by",
            "  as_of: 2031-03-04\n  disputed_by",
        ),
        0,
        "4 March 2031 is in the future",
    ),
    "everyone": (
        (ANSWERS, "Harbour Council said it had been", "Hey @everyone, it has been"),
        0,
        "'@everyone' would ping everyone",
    ),
    "masked link": (
        (
            ANSWERS,
            "Harbour Council said it had been",
            "[The council](https://evil.example) said it had been",
        ),
        0,
        "is a masked link",
    ),
    "mention": (
        (ANSWERS, "Harbour Council said it had been", "<@123456> said it had been"),
        0,
        "is a mention",
    ),
    "http": (
        (
            "sources.yaml",
            "https://www.example.com/council/bell",
            "http://www.example.com/council/bell",
        ),
        0,
        "an address starts with https://",
    ),
    "javascript": (
        ("sources.yaml", "https://www.example.com/council/bell", "javascript:alert(1)"),
        0,
        "an address starts with https://",
    ),
    "long answer": (
        (
            ANSWERS,
            "said it had been sent away for repair.",
            "said it had been sent away " + "and away " * 200 + "for repair.",
        ),
        -2,
        "at most 1,500 fit a card",
    ),
    "long quotation": (
        (FACTS, "quote: people came out to listen", "quote: people" + " came" * 25),
        0,
        "this quotation has 26 words; keep at most 25",
    ),
    "superseded": (
        (ANSWERS, "  historical: true\n", ""),
        -1,
        "'bell-gone' was superseded by 'bell-returned'",
    ),
    "unknown kind": (
        (FACTS, "kind: reaction", "kind: reactoin"),
        0,
        "'reactoin' is not a kind; did you mean 'reaction'?",
    ),
    "fact with a speaker": (
        (
            FACTS,
            "  kind: fact\n  as_of: 2024-06-12",
            "  kind: fact\n  by: neighbours\n  as_of: 2024-06-12",
        ),
        1,
        "a fact is nobody's words",
    ),
    "reserved fact": (
        (ANSWERS, END, END + " The founder has a mill. [founder-address]"),
        0,
        "'founder-address' is not to be volunteered",
    ),
    "foreign quotation": (
        (ANSWERS, '"someone has stolen our bell"', '"someone has melted our bell"'),
        0,
        "'someone has melted our bell' are in no quotation",
    ),
    "empty field": (
        ("entities.yaml", "name: Ada Moreau", "name:"),
        0,
        "'name' is empty",
    ),
    "no citation": (
        (
            FACTS,
            "    - source: council-2024-03-05\n"
            "      quote: The bell has been taken down for repair\n",
            "    []\n",
        ),
        0,
        "'citations' needs at least one",
    ),
    "name for an id": (
        (FACTS, "by: ada-moreau", "by: Ada Moreau"),
        0,
        "no entity is called 'Ada Moreau'; did you mean 'ada-moreau'?",
    ),
    "alias for an id": (
        (FACTS, "by: [neighbours]", "by: [The residents]"),
        0,
        "did you mean 'neighbours'?",
    ),
    "stranger for an id": (
        (FACTS, "by: ada-moreau", "by: Zbigniew Brzęczek"),
        0,
        "no entity is called 'Zbigniew Brzęczek'; name one by its id",
    ),
    "date in full-width digits": (
        ("timeline.yaml", "date: 2024-03-04", "date: ２０２４-03-04"),
        0,
        "write a date in the digits 0-9",
    ),
    "date in Arabic digits": (
        (FACTS, "until: 2024-06-12", "until: ٢٠٢٤-٠٦-١٢"),
        0,
        "write a date in the digits 0-9",
    ),
    "empty list": (
        (ANSWERS, "  related: [what-happened]\n", "  related:\n"),
        0,
        "'related' is empty; write each item below it, after '- ', or delete the line",
    ),
    "empty list that is needed": (
        (
            ANSWERS,
            "        - why did Moreau steal the bell\n"
            "        - how did the founder steal the bell\n",
            "",
        ),
        -1,
        "'claims' is empty; write each item below it, after '- '",
    ),
    "list on one line": (
        (
            ANSWERS,
            "    - who stole the bell\n    - did",
            "    who stole the bell or did",
        ),
        0,
        "'also_asked' is a list: write each item below it",
    ),
    "list of dashes": (
        (
            ANSWERS,
            "    - who stole the bell\n    - did somebody",
            "    – who stole the bell\n    – did somebody",
        ),
        0,
        "'–' is not the hyphen '-'",
    ),
    "forgotten hyphen": (
        (FACTS, "- id: council-repair", "  id: council-repair"),
        0,
        "a new record begins with '- id:'",
    ),
    "conflict": (
        (FACTS, "- id: council-repair", "<<<<<<< HEAD\n- id: council-repair"),
        0,
        "two versions are in this file (<<<<<<<)",
    ),
    "unknown topic": (
        ("story.yaml", "  bell: The bell", "  bells: The bell"),
        0,
        "there is no file answers/bells.yaml; did you mean 'bell'?",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


def test_the_invented_story_is_clean(folder: Folder) -> None:
    """What `receipts new` copies has no problem at all."""
    assert folder.load().problems == ()


@pytest.mark.parametrize("name", EDITS)
def test_one_slip_is_one_error(folder: Folder, name: str) -> None:
    """A slip is one error at its own line, with the mend in its words."""
    (file, old, new), offset, words = EDITS[name]
    line = folder.edit(file, old, new)
    error = folder.error()
    assert (error.path, error.line) == (f"story/{file}", line + offset)
    assert words in error.message


def _symlink(folder: Folder) -> str:
    secret = folder.path.parent / "secret.yaml"
    secret.write_text("- id: secret\n")
    (folder.path / "facts" / "linked.yaml").symlink_to(secret)
    return "facts/linked.yaml"


def _directory(folder: Folder) -> str:
    (folder.path / "facts" / "folder.yaml").mkdir()
    return "facts/folder.yaml"


def _pipe(folder: Folder) -> str:
    os.mkfifo(folder.path / "facts" / "pipe.yaml")
    return "facts/pipe.yaml"


def _empty(folder: Folder) -> str:
    folder.write("timeline.yaml", "")
    return "timeline.yaml"


def _binary(folder: Folder) -> str:
    folder.write(FACTS, bytes(range(256)) * 20)
    return FACTS


def _bomb(folder: Folder) -> str:
    rows = ["- &a [x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"- &{b} [{', '.join([f'*{a}'] * 9)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    folder.write("sources.yaml", "\n".join(rows))
    return "sources.yaml"


def _huge(folder: Folder) -> str:
    folder.write("entities.yaml", b"- id: x\n" * 6_250_000)
    return "entities.yaml"


def _mapping(folder: Folder) -> str:
    folder.write("entities.yaml", "name: Ada\n")
    return "entities.yaml"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_symlink, "a link that leads out of the story's folder"),
        (_directory, "not a plain file"),
        (_pipe, "not a plain file"),
        (_empty, "this file is empty"),
        (_binary, "binary file"),
        (_bomb, "anchors such as '&a' are not used"),
        (_huge, "too large (50.0 MB; at most 2 MB)"),
        (_mapping, "this file is a list"),
    ],
)
def test_a_broken_file_is_one_error(
    folder: Folder, spoil: Callable[[Folder], str], words: str
) -> None:
    """A file that cannot be read is one error, and what it keeps away is said."""
    name = spoil(folder)
    error = folder.error()
    assert error.path == f"story/{name}"
    assert words in error.message
    warnings = [one for one in folder.load().problems if one.severity == "warning"]
    assert [one.path for one in warnings] == [f"story/{name}"]
    assert "not checked until this file can be read" in warnings[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_forbidden_file_is_one_error(folder: Folder) -> None:
    """A file that the process may not read is one error."""
    (folder.path / FACTS).chmod(0)
    assert "cannot be read (permission denied)" in folder.error().message


def test_a_missing_file_is_one_error(folder: Folder) -> None:
    """A story without its sources is one error."""
    (folder.path / "sources.yaml").unlink()
    error = folder.error()
    assert error.path == "story/sources.yaml"
    assert "missing" in error.message


def test_a_folder_that_is_not_there_is_one_error(tmp_path: Path) -> None:
    """A folder that does not exist is one error that names the way to start one."""
    folder = Folder(tmp_path / "story")
    folder.path = tmp_path / "nowhere"
    assert "receipts new" in folder.error().message


def test_all_mistakes_are_shown_at_once_in_order(folder: Folder) -> None:
    """Mistakes in several files are all reported, by file and line."""
    for name in ("everyone", "no such date", "shared alias", "unknown kind"):
        (file, old, new), _, _ = EDITS[name]
        folder.edit(file, old, new)
    errors = folder.errors()
    assert len(errors) == 4
    assert errors == sorted(errors)


def test_a_file_with_another_ending_is_named(folder: Folder) -> None:
    """A `.yml` file is not read in silence: a warning says so."""
    folder.write("facts/more.yml", "[]")
    (problem,) = folder.load().problems
    assert problem.severity == "warning"
    assert "'facts/more.yaml'" in problem.message


def test_a_needed_field_is_not_to_be_deleted(folder: Folder) -> None:
    """Where a record cannot be without a field, nobody is told to delete its line."""
    folder.edit("entities.yaml", "name: Ada Moreau", "name:")
    assert folder.error().message == "'name' is empty; write it"


def test_a_broken_entry_leaves_its_topic_alone(folder: Folder) -> None:
    """A file whose only entry cannot be read is there: its topic is no error."""
    entry = "- id: what-happened\n  question: What?\n  also_asked:\n  answer: x\n"
    folder.write(ANSWERS, entry)
    folder.write("questions.yaml", "[]")
    assert folder.error().path == f"story/{ANSWERS}"
    folder.write(ANSWERS, "[]")
    assert "has no entry" in folder.error().message


def test_a_day_that_began_somewhere_is_not_in_the_future(folder: Folder) -> None:
    """Today is where it begins first; the day after is in the future everywhere."""
    tomorrow, after = (TODAY + timedelta(days=days) for days in (1, 2))
    folder.edit("sources.yaml", "published: 2024-03-05", f"published: {tomorrow}")
    assert folder.load().problems == ()
    folder.edit("sources.yaml", f"published: {tomorrow}", f"published: {after}")
    assert "in the future" in folder.error().message


def test_a_story_with_an_error_is_not_served(folder: Folder) -> None:
    """No story comes out of files with an error."""
    folder.write("timeline.yaml", "")
    assert folder.load().story is None


def test_the_revision_names_the_content(folder: Folder) -> None:
    """The same content has the same revision, and other content another."""
    first = folder.load().story
    folder.write("timeline.yaml", folder.read("timeline.yaml") + "# more\n")
    second = folder.load().story
    assert first
    assert second
    assert first.revision != second.revision
    folder.write("timeline.yaml", folder.read("timeline.yaml")[: -len("# more\n")])
    third = folder.load().story
    assert third
    assert third.revision == first.revision


def test_check_prints_problems_and_exits_1(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """`receipts check DIR` prints `path:line:column: severity: message` and gives 1."""
    line = folder.edit(FACTS, "kind: reaction", "kind: reactoin")
    assert main(["check", str(folder.path)], Settings(), TODAY) == 1
    printed = capsys.readouterr().out
    assert f"facts/bell.yaml:{line}:9: error: 'reactoin' is not a kind" in printed
