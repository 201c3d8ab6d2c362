"""What moderators type ↔ records."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editing.editor import Texts, edit, record_of, records_of
from bot.editing.edits import Append, Drop, Edit, EditError, Plain, Set
from bot.editing.typed_fields import TypedError, read, shown
from bot.editing.typed_records import (
    MAIN,
    WHOLE,
    edits,
    fields_of,
    fill,
    new_id,
    new_record,
    parts_of,
)
from bot.story.documents import UNWANTED
from bot.story.model import Entry
from bot.story.prose import squeeze
from tests.places import ROOT

PLACES = [ROOT / "bot" / "template", ROOT / "knowledge" / "balenciaga-2022"]


def files_of(number: int) -> Texts:
    """A story's files."""
    folder = PLACES[number]
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.yaml")
    }


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("collection", sorted(MAIN))
def test_what_stands_makes_no_edit(number: int, collection: str) -> None:
    """A form that is sent as it was filled changes nothing, in each way of editing."""
    records = records_of(files_of(number), collection)
    assert records
    for name, found in records.items():
        for field in ("", *fields_of(collection)):
            if field != WHOLE:
                parts = parts_of(collection, field)
                typed = fill(parts, found.values)
                assert edits(collection, name, found.values, typed) == ((), ())


@pytest.mark.parametrize("number", [0, 1])
def test_a_field_is_read_as_it_is_shown(number: int) -> None:
    """Each field of each record there is comes back as it was."""
    for collection in MAIN:
        for found in records_of(files_of(number), collection).values():
            for field, value in found.values.items():
                text = shown(field, value)
                assert shown(field, read(field, text)) == text


WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1
).map(squeeze)
SAID = WORDS.filter(lambda one: bool(one) and not UNWANTED.search(one))
IDS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)
VALUES: Mapping[str, st.SearchStrategy[object]] = {
    "statement": SAID,
    "also_asked": st.lists(
        SAID.filter(lambda one: one[0] not in "-*•"), min_size=1, unique=True
    ),
    "related": st.lists(IDS, min_size=1, unique=True),
    "citations": st.lists(
        st.fixed_dictionaries({"source": IDS, "quote": SAID}), min_size=1
    ),
    "premises": st.lists(
        st.fixed_dictionaries(
            {"claims": st.lists(SAID, min_size=1), "correction": SAID}
        ),
        min_size=1,
    ),
    "volunteer": st.sampled_from(["true", "false"]),
}


@given(st.data(), st.sampled_from(sorted(VALUES)))
def test_any_value_comes_back(data: st.DataObject, field: str) -> None:
    """What is shown of a value is read as that value."""
    value: Any = data.draw(VALUES[field])
    assert read(field, shown(field, value)) == value


@given(st.data(), st.sampled_from(["also_asked", "premises", "related"]))
def test_what_is_typed_is_what_is_written(data: st.DataObject, field: str) -> None:
    """The edits of a form make of the record what was typed, in its file."""
    files = files_of(0)
    value: Any = data.draw(VALUES[field])
    found = records_of(files, "answers")["was-it-stolen"]
    made, errors = edits(
        "answers", "was-it-stolen", found.values, {field: shown(field, value)}
    )
    assert errors == ()
    try:
        after = {**files, **edit(files, made)}
    except EditError:  # a character that no fact file may hold
        return
    now = records_of(after, "answers")["was-it-stolen"].values
    assert shown(field, now[field]) == shown(field, value)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ({"note": "new"}, Set("answers", "x", "note", "new")),
        (
            {"also_asked": "one\ntwo\nthree"},
            Append("answers", "x", "also_asked", "three"),
        ),
        ({"also_asked": "two"}, Drop("answers", "x", "also_asked", "one")),
        ({"also_asked": "two\none"}, Set("answers", "x", "also_asked", ["two", "one"])),
        ({"also_asked": ""}, Set("answers", "x", "also_asked", None)),
        ({"historical": "yes"}, Set("answers", "x", "historical", "true")),
        (
            {"gives+related": "gives: when, who\nrelated:"},
            Set("answers", "x", "gives", ["when", "who"]),
        ),
    ],
)
def test_only_what_differs_is_edited(typed: Mapping[str, str], made: Edit) -> None:
    """A way more is an item more: what others changed in the same list stays."""
    record: Mapping[str, Plain] = {"id": "x", "also_asked": ["one", "two"]}
    assert edits("answers", "x", record, typed) == ((made,), ())


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("citations", "herald-1 it was gone", "line 1 of the citations"),
        ("citations", 'a-1: "x"\nb-1:', "line 2 of the citations"),
        ("premises", "he stole it", "no correction"),
        ("premises", "= he did not", "after the wrong claims"),
        ("also_asked", "one\none", "twice"),
        ("volunteer", "maybe", "yes or no"),
        (
            "also_asked",
            "where is it\nwho took the\u200b bell",
            "also asked, line 2: there is a character that nobody sees (U+200B) after "
            "“who took the”; type the words around it again",
        ),
        ("note", "\u202eabc", "nobody sees (U+202E) at its start"),
    ],
)
def test_what_is_wrong_is_said(field: str, typed: str, why: str) -> None:
    """An error names the field or the line, and says what to write."""
    with pytest.raises(TypedError, match=re.escape(why)):
        read(field, typed)
    made, errors = edits("facts", "x", {}, {field: typed})
    assert made == ()
    assert why in errors[0]


def test_an_unknown_line_is_said() -> None:
    """In a part of several fields, a line without a field's name has a hint."""
    _, errors = edits("facts", "x", {}, {"kind+by": "knid: fact"})
    assert "did you mean" in errors[0]
    assert "kind: …" in errors[0]


def test_a_whole_record_is_typed_as_yaml() -> None:
    """The last resort: the record as it stands; what is wrong in it has its place."""
    files = files_of(0)
    _, text = record_of(files, "facts", "bell-gone")
    made, errors = edits("facts", "bell-gone", {}, {WHOLE: text})
    assert errors == ()
    assert edit(files, made) == {}
    _, errors = edits("facts", "bell-gone", {}, {WHOLE: "- id: 'x"})
    assert "line 1" in errors[0]
    _, errors = edits("facts", "bell-gone", {}, {WHOLE: "nothing"})
    assert "one record" in errors[0]


def test_a_new_record_has_its_own_id() -> None:
    """An id is made of the text's own words, and is not taken; what lacks is said."""
    typed = {
        "question": "What happened to the clock?",
        "answer": "It fell. [bell-gone]",
    }
    found = new_record("answers", typed, {"happened-clock"})
    assert found.errors == ()
    assert found.values["id"] == "happened-clock-2"
    assert (
        "answer: write something here"
        in new_record("answers", {"question": "Why?"}, ()).errors
    )


@pytest.mark.parametrize(
    "pair", ["“”", "„“", "‘’", "»«", "«»", "「」", "‚‘", '""', "''"]
)
def test_quotation_marks_of_any_kind_are_none_of_the_words(pair: str) -> None:
    """Whatever a phone types around a quotation is not a part of it."""
    typed = f"herald-1: {pair[0]}the bell’s gone{pair[1]}"
    quote = "the bell’s gone"
    assert read("citations", typed) == [{"source": "herald-1", "quote": quote}]
    within = f"{pair[0]}one bell{pair[1]} of two"
    found = read("citations", f"herald-1: {within}")
    assert found == [{"source": "herald-1", "quote": within}]


@pytest.mark.parametrize("typed", ["y", "Y", "1", "t", "true", "on", "YES"])
def test_a_switch_is_read_as_its_file_is(typed: str) -> None:
    """What counts as yes in a file is shown as yes, and is what a form takes."""
    assert shown("historical", typed) == "yes"
    assert read("historical", typed) == "true"
    assert Entry.model_validate(
        {"id": "x", "question": "x", "answer": "x", "historical": typed}
    ).historical


@pytest.mark.parametrize("typed", ["n", "N", "0", "f", "false", "off", "No"])
def test_a_switch_that_is_off_is_shown_so(typed: str) -> None:
    """What counts as no in a file is no in a form, too."""
    assert shown("historical", typed) == "no"
    assert read("historical", typed) == "false"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Колокол украден", "kolokol-ukraden"),
        ("市長", "shizhang"),
        ("Straße gesperrt", "strasse-gesperrt"),
        ("¿Qué pasó?", "que-paso"),
    ],
)
def test_an_id_can_be_read_in_any_script(text: str, name: str) -> None:
    """A new record's id has the words of its text, in Latin letters."""
    assert new_id(text, ()) == name


@given(st.text(), st.sets(IDS))
def test_any_text_makes_an_id(text: str, taken: set[str]) -> None:
    """Whatever is typed, the id is one, and is not taken."""
    found = new_id(text, taken)
    assert found not in taken
    assert len(found) <= 64
    assert all(part.isalnum() and part.isascii() for part in found.split("-"))
