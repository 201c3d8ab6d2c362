"""A table of questions and answers becomes a story, or is refused with the place."""

import csv
import io
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.cli.main import main
from bot.editing.editor import edit
from bot.editing.edits import Add
from bot.importing.answers import answer_of
from bot.importing.cells import prose
from bot.importing.dates import Dates
from bot.importing.layouts import TableError
from bot.importing.spreadsheets import MAX_CELL, read_table
from bot.importing.stories import Known, Made, empty, story_of
from bot.settings import Settings
from bot.story.files import Files, encoded
from bot.story.loading import load
from bot.story.model import Loaded, Story
from tests.nasty import texts
from tests.places import TODAY

HEADER: Final = ("Question", "Answer", "Source address", "Publisher", "Date")
HERE: Final = ("https://www.example.org/bins", "Town of Millbrook", "2024-03-02")
POOL: Final = ("Is there a pool?", "Yes, in Canal Street. It’s 5 € a day.", *HERE)
DOG: Final = ("How much is the dog tax?", "The dog tax is 96 euros a year.", *HERE)


def table(*rows: tuple[str, ...], separator: str = ",") -> str:
    """Rows as a spreadsheet saves them."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([HEADER, *rows])
    return text.getvalue()


def made(data: bytes | str, name: str = "faq.csv", known: Known | None = None) -> Made:
    """The story of a table."""
    data = encoded(data) if isinstance(data, str) else data
    return story_of(read_table(name, data), known or Known(), TODAY)


def loaded(files: Mapping[str, str]) -> Loaded:
    """What loading a story's files says."""
    return load(Files({path: encoded(text) for path, text in files.items()}), TODAY)


def story(data: bytes | str, name: str = "faq.csv") -> Story:
    """The story of a table, which has no error."""
    found = loaded(made(data, name).files)
    assert found.story, found.problems
    return found.story


def said(data: bytes | str, name: str = "faq.csv") -> dict[str, str]:
    """The questions and answers of a table's story."""
    return {one.question: one.answer for one in story(data, name).entries.values()}


BOTH: Final = {POOL[0]: POOL[1], DOG[0]: DOG[1]}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_spreadsheet_is_read_as_it_is_saved(encoding: str, separator: str) -> None:
    """Whatever the encoding and the separator, what was typed is what is told."""
    data = table(POOL, DOG, separator=separator).encode(encoding)
    assert said(data) == BOTH


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sep=;\r\n" + table(POOL, DOG, separator=";"), "a.csv"),
        ("Our FAQ,,,,\n,,,,\n" + table(POOL, DOG), "a.csv"),
        (table(("", "", "", "", ""), POOL, ("", "", "", "", ""), DOG), "a.csv"),
        (table(POOL, DOG, separator="\t"), "a.tsv"),
        (
            "Frage;Antwort\r\n" + "\n".join(";".join(one[:2]) for one in (POOL, DOG)),
            "a",
        ),
        ("\n".join(";".join(one[:2]) for one in (POOL, DOG)), "a.csv"),
        (
            json.dumps([dict(zip(HEADER, one, strict=True)) for one in (POOL, DOG)]),
            "a.json",
        ),
        (
            "\n".join(
                json.dumps({"q": one[0], "a": one[1], "url": HERE[0]})
                for one in (POOL, DOG)
            ),
            "a.jsonl",
        ),
        (json.dumps(BOTH), "a.json"),
        (
            json.dumps(
                {
                    "@type": "FAQPage",
                    "mainEntity": [
                        {
                            "@type": "Question",
                            "name": one[0],
                            "acceptedAnswer": {"@type": "Answer", "text": one[1]},
                        }
                        for one in (POOL, DOG)
                    ],
                }
            ),
            "a.json",
        ),
        (
            "# Town\n\n## Leisure\n\n"
            f"### {POOL[0]}\n\n{POOL[1]}\n\nSource: {HERE[0]}\n\n"
            f"## Dogs\n\n### {DOG[0]}\n\n{DOG[1]}\n\n**Publisher:** Town\n",
            "a.md",
        ),
    ],
)
def test_a_table_is_read_in_each_of_its_forms(text: str, name: str) -> None:
    """With a title above, empty rows, other names, none, as JSON, as Markdown."""
    known = Known(url=HERE[0], publisher="Town", date="2024")
    found = loaded(made(text, name, known).files)
    assert found.story, found.problems
    told = {one.question: one.answer for one in found.story.entries.values()}
    assert told == BOTH


def test_all_of_a_row_is_taken_in() -> None:
    """Ways, source, publisher, date and topic stand in the records they belong to."""
    text = (
        "Category,Question,Alternative 1,Alternative 2,Answer,Link,Publisher,Updated\n"
        "Pets,How much is the dog tax?,what does a dog cost|dog tax,price of a dog,"
        "The dog tax is 96 euros a year.,https://example.org/dogs,Town,2 March 2024\n"
    )
    found = story(text)
    (entry,) = found.entries.values()
    (fact,) = found.facts.values()
    (source,) = found.sources.values()
    assert entry.also_asked == ("what does a dog cost", "dog tax", "price of a dog")
    assert entry.facts == (fact.id,)
    assert (fact.statement, fact.as_of) == (entry.answer, "2024-03-02")
    assert (fact.kind, fact.by) == ("statement", ("town",))
    assert fact.citations[0].quote == "The dog tax is 96 euros a year."
    assert (source.url, source.publisher) == ("https://example.org/dogs", "Town")
    assert found.about.topics == {"pets": "Pets"}


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Wash:\n- with soap\n- often", "Wash: with soap; often."),
        ("Do this\n1. Wash.\n2. Dry.", "Do this: (1) Wash. (2) Dry."),
        ("<p>Wash&nbsp;&amp; dry.</p><ol><li>One</li><li>Two</li></ol>",
         "Wash & dry. (1) One; (2) Two."),
        ("See <a href='https://a.org/x'>our page</a>.", "See our page."),
        ("See https://www.a.org/x?b=1, please.", "See a.org/x?b=1, please."),
        ("See [our **page**](https://a.org).", "See our page."),
        ("First line\nsecond line", "First line second line."),
        ("Yes\nYou can", "Yes. You can."),
        ("As told [1] there [see-note].", "As told (1) there (see-note)."),
        ("Ask @everyone or <@123>.", "Ask everyone or 123 ."),
        ("a < b and b > c", "a < b and b > c."),
        ("<script>x()</script><b>Bold</b><br>Next", "Bold. Next."),
    ],
)  # fmt: skip
def test_a_cell_becomes_sentences(cell: str, shown: str) -> None:
    """Lists, tags, links, brackets and line breaks become prose with the same words."""
    assert prose(cell).text == shown


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", *POOL[1:]), "there is no question; where its cell is merged"),
        ((POOL[0], "", *HERE), "there is no answer"),
        ((POOL[0], "=A2&B2", *HERE), "the answer is a formula"),
        ((POOL[0], "#REF!", *HERE), "the answer is a spreadsheet's error"),
        ((POOL[0], "x" * (MAX_CELL + 1), *HERE), "more than 20,000 characters"),
        (("why " * 80 + "?", *POOL[1:]), "the question is longer than 200"),
        ((DOG[0], "It is 10 euros.", *HERE), "asks the same and answers otherwise"),
        ((*DOG[:2], *HERE), "another row says just the same"),
    ],
)
def test_what_cannot_be_taken_in_is_told_with_its_row(
    row: tuple[str, ...], why: str
) -> None:
    """A row that is refused is named; the others are taken in."""
    found = made(table(DOG, row))
    assert found.answers == 1
    (line,) = (one for one in found.notes.lines() if why in one)
    assert line.endswith("row 3")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ((*POOL[:2], "http://example.org", "Town", ""), "an address starts with https"),
        ((*POOL[:2], HERE[0], "Town", "soon"), "the date cannot be read"),
        ((*POOL[:2], HERE[0], "Town", "2999"), "as it is in the future"),
        ((*POOL[:2], HERE[0], "Town", "3/4/2024"), "nothing tells which number"),
        ((*POOL[:2], HERE[0], "=B1", ""), "the publisher holds no text"),
        ((POOL[0], "The pool\u200b is open.", *HERE), "invisible characters"),
        ((POOL[0], "Itâ€™s open.", *HERE), "broken characters were mended"),
        ((POOL[0], "- one\n- two", *HERE), "a list became a sentence"),
        ((POOL[0], f"It said “{'very ' * 60}wet”.", *HERE), "quotation marks were"),
    ],
)
def test_what_was_changed_on_the_way_is_told(row: tuple[str, ...], what: str) -> None:
    """Nothing is lost without a word: each kind of change is told with its row."""
    found = made(table(row))
    assert loaded(found.files).story
    assert any(what in one and one.endswith("row 2") for one in found.notes.lines())


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (["11/29/2023", "31/31/2023"], ["2023-11-29", None]),
        (["11/29/2023", "29/11/2023"], ["2023-11-29", "2023-11-29"]),
        (["11/29/2023", "29/11/2023", "3/4/2023"], [*["2023-11-29"] * 2, None]),
        (["11/29/2023", "3/4/2023"], ["2023-11-29", "2023-03-04"]),
    ],
)
def test_a_date_is_read_that_has_one_meaning(
    column: list[str], read: list[str | None]
) -> None:
    """One date that is none, or in another order, spoils no other."""
    dates = Dates(column, TODAY)
    assert [dates.read(one) for one in column] == read


@pytest.mark.parametrize(
    ("cell", "text", "quote"),
    [
        (
            "Renew:\n- online\n- by phone\n\nor at the library.",
            "Renew: online; by phone or at the library.",
            "by phone or at the library.",
        ),
        (
            "<p>You may hold these at once.</p><ul><li>two films</li></ul>",
            "You may hold these at once. two films.",
            "You may hold these at once.",
        ),
    ],
)
def test_what_lines_became_is_not_quoted(cell: str, text: str, quote: str) -> None:
    """A sentence goes on behind a list, and what was joined is no quotation."""
    found = answer_of(cell)
    assert " ".join(found.shown) == text
    assert found.facts[0].quotes == (quote,)


def test_few_ways_of_asking_are_something_to_decide() -> None:
    """A table brings one way of asking each; that is told, with what helps."""
    (line,) = (one for one in made(table(DOG, POOL)).todo.lines() if "ways" in one)
    assert line.startswith("2 of 2 answers")


def test_a_row_without_a_source_is_refused_by_check_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No source is made up: `check` says it of each fact, and how many they are."""
    file, folder = tmp_path / "faq.csv", tmp_path / "story"
    rows = [(f"Question {n}?", f"It is answer {n}.", "", "", "") for n in range(7)]
    file.write_text(table(*rows), encoding="utf-8")
    assert main(["new", str(folder), "--from", str(file)], Settings(), TODAY) == 0
    assert "there is no source" in capsys.readouterr().out
    assert main(["check", str(folder)], Settings(), TODAY) == 1
    printed = capsys.readouterr().out
    assert printed.count("has no 'citations'; add") == 7
    assert "7 of error: the fact … has no …; add …" in printed


def test_answers_in_ones_own_words_quote_nothing() -> None:
    """With `--own-words` no quotation is made up: a person is to add each."""
    found = made(table(POOL), known=Known(quoted=False))
    assert any("add the citation" in one for one in found.todo.lines())
    (problem,) = (one for one in loaded(found.files).problems)
    assert "has no 'citations'" in problem.message


def test_a_long_answer_is_cut_and_nothing_is_lost() -> None:
    """What a card has no room for is in facts that wait for an answer of their own."""
    said_ = [f"Sentence {n} tells of the bins of {n} streets." for n in range(90)]
    found = made(table((POOL[0], " ".join(said_), *HERE)))
    read = loaded(found.files).story
    assert read
    (entry,) = read.entries.values()
    assert len(entry.answer) <= 1500
    told = " ".join(one.statement for one in read.facts.values())
    assert told == " ".join(said_)
    assert len(entry.facts) < len(read.facts)
    assert any("longer than a card" in one for one in found.todo.lines())


def test_five_thousand_rows_are_taken_in() -> None:
    """A table of 5,000 rows is a story of as many answers, in files of a fair size."""
    rows = [
        (f"What is rule {n} about?", f"Rule {n} is about case {n}.", *HERE)
        for n in range(5000)
    ]
    found = made(table(*rows))
    assert found.answers == 5000
    assert all(len(text) < 500_000 for text in found.files.values())
    read = loaded(found.files)
    assert read.story
    assert len(read.story.entries) == 5000
    assert len(read.story.sources) == 1


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"PK\x03\x04xl/workbook.xml", "a.csv", "save it as CSV"),
        (b'Question,Answer\nWhat?,"It is\n', "a.csv", "row 2 .* never closed"),
        (b'Question,Answer\nWhat?,"It "is" so"\n', "a.csv", "row 2 .* quotation mark"),
        (b"Name,Colour\nbell,red\n", "a.csv", "no column is called 'question'"),
        ("Question,Answer\nWas heißt ü?,ä".encode() + b"\xff\n", "a.csv", "line 2"),
        (b"Question,Answer\n", "a.csv", "no question with an answer"),
        (b"", "a.csv", "no column"),
        (b'[{"question": "x",]', "a.json", "line 1, column"),
        (b'{"a": 1}', "a.json", "no list of objects"),
        (b"no heading", "a.md", "no heading"),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(
    data: bytes, name: str, why: str
) -> None:
    """A file that cannot be read is refused in a sentence, with its row or line."""
    with pytest.raises(TableError, match=why):
        read_table(name, data)


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (["27.03.2020"], "2020-03-27"),
        (["27/03/2020"], "2020-03-27"),
        (["03/04/2020", "27/03/2020"], "2020-04-03"),
        (["03/04/2020", "03/27/2020"], "2020-03-04"),
        (["03/04/2020"], None),
        (["2020-03-27T10:00:00Z"], "2020-03-27"),
        (["March 27th, 2020"], "2020-03-27"),
        (["27 de marzo de 2020"], "2020-03-27"),
        (["Mar 2020"], "2020-03"),
        (["2020"], "2020"),
        (["２０２０-03-27"], "2020-03-27"),
        (["31/02/2020"], None),
    ],
)
def test_dates(column: list[str], read: str | None) -> None:
    """A date is read where it can mean one day only, as far as its column tells."""
    assert Dates(column, date(2024, 1, 1)).read(column[0]) == read


@given(st.binary(max_size=300) | texts.map(encoded))
def test_no_bytes_break_it(data: bytes) -> None:
    """Whatever a file holds, it is read or refused."""
    for name in ("a.csv", "a.tsv", "a.json", "a.md"):
        with suppress(TableError):
            assert story_of(read_table(name, data), Known(), TODAY).files


@given(texts, texts)
def test_whatever_a_cell_holds_check_accepts_it(question: str, answer: str) -> None:
    """Any text that is taken in gives a story without an error."""
    rows = table((question, answer, *HERE), POOL)
    try:
        found = made(rows)
    except TableError:
        return
    assert [
        str(one) for one in loaded(found.files).problems if one.severity == "error"
    ] == []


def test_its_story_answers_its_questions() -> None:
    """A table's own questions are answered by their rows."""
    found = Answerer(story(table(POOL, DOG)))
    reply = found.reply("how much is the dog tax", TODAY)
    assert reply.name == "answer"


def test_an_empty_story_has_no_error_and_can_be_filled() -> None:
    """`receipts new --empty` begins with nothing that has to be deleted."""
    found = loaded(empty())
    assert found.problems == ()
    assert found.story
    assert found.story.entries == {}
    record = {"id": "a", "name": "A", "type": "thing", "description": "A thing."}
    files = {**empty(), **edit(empty(), [Add("entities", record)])}
    assert files["entities.yaml"].endswith("  description: A thing.\n")
    assert loaded(files).story
