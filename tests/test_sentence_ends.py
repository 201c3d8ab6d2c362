"""Where a sentence ends: whatever the next one begins with, in any script."""

from pathlib import Path

import pytest

from bot.story.prose import sentences
from tests.folder import Folder

ANSWERS = "answers/bell.yaml"
NEXT = """\
Žižkov heard it.
Łukasz heard it.
ǅordje heard it.
iPhone users heard it.
it was gone.
„Weg“ it was.
«Gone» it was.
‘Gone’ it was.
(The bell was gone.)
🔔 It was gone.
👍🏽 It was gone.
– It was gone.
— it was gone.
*The bell* was gone.
~~The bell~~ was gone.
#The bell was gone.
$5 was paid.
3 people heard it.
¿Quién lo vendió?
ʻOkina heard it.
Колокол пропал.
鐘は消えた。
ذهب الجرس""".split("\n")

PAIRS = [
    ("The council sold it to accomplice C.", "The bell was gone."),
    ("It was plan B. ", "Zoe heard it."),
    ("They took it to the bank.", "The bell was gone."),
    ("It was sold in 2022.", "The bell was gone."),
    ("It was sold.", "🔔 It was gone."),
    ("It was sold.", "„Weg“ it was."),
    ("It was sold.", "(The bell was gone.)"),
    ("It was sold.", "—The bell was gone."),
    ('He said "we sold it."', "The bell was gone."),
    ("**The council sold it.**", "The bell was gone."),
    ("It was sold… ", "Žižkov heard it."),
    ("It was sold... ", "Žižkov heard it."),
    ("It was sold?! ", "žižkov heard it."),
    ("It was sold!!! ", "žižkov heard it."),
    ("It was sold ‼️ ", "Žižkov heard it."),
    ("It was sold❗", "Žižkov heard it."),
    ("It was sold.\u200b ", "Žižkov heard it."),
    ("It was sold.\u00ad ", "Žižkov heard it."),
    ("It was sold.\u00a0", "Žižkov heard it."),
    ("It was sold to Bell Inc. ", "The bell was gone."),
    ("It was sold to Bell Inc. ", "Žižkov heard it."),
    ("It was sold by the town, etc. ", "Žižkov heard it."),
    ("It left the U.S. ", "The bell was gone."),
    ("It left at 5 p.m. ", "The bell was gone."),
    ("The answer is no. ", "The bell was gone."),
    ("It was sold\n\n", "The bell was gone."),
    ("- It was sold\n", "- The bell was gone."),
    ("Совет продал колокол. ", "Колокол пропал."),
    ("市議会は鐘を売った。", "鐘は消えた。"),
    ("परिषद ने घंटी बेची। ", "घंटी गई।"),
    ("باع المجلس الجرس؟ ", "ذهب الجرس"),
    ("Եկեղեցին վաճառվեց։ ", "Զանգը գնաց։"),
    ("ደወሉ ተሸጠ። ", "ደወሉ ጠፋ።"),
    *(("The council sold the bell. ", following) for following in NEXT),
]

WHOLE = """\
Dr. Wu met Mr. A. Smith and J. R. R. Tolkien at St. Mary's.
Kim v. The Crown was heard by Judge C. Smith.
He paid approx. 50 dollars, i.e. The New York price.
He moved to the U.S. District Court in Washington D.C. on Jan. 3 at 5 p.m. on Monday.
“It is over.” he said.
“Why?” he asked.
Yahoo! said it.
See example.com and Node.js and Booking.Com.
It cost 3.5 million in v2.1.3.
It was … and then ... it was not.
North Six, Inc. v. Balenciaga, Inc. was filed.
Balenciaga Inc. CEO Cédric Charbit left, as did Samuel L. Jackson and Downey Jr. too.
It was No. 3 of the list, or mill no. 2.
1. The bell was gone.
„Weg.“ sagte er.
「行く。」と言った。
А. С. Пушкин жил на ул. Мира.
Ph.D. students wrote of the U.K.'s court.
Warner Bros. Discovery sold it.
Kim, who is 5 ft. 2 in tall, left.
The brand (Balenciaga Inc.) sold it at 5 p.m. (then it closed).
EE. UU. vendió la campana.
He listed:
- one bell,
- another bell""".split("\n", 22)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_sentence_ends_whatever_comes_next(one: str, other: str) -> None:
    """Two sentences are two, so that the first cannot borrow the second one's fact."""
    found = sentences(f"{one}{other} [bell-gone]")
    assert [(part.text, part.facts) for part in found] == [
        (one.strip(), ()),
        (other, ("bell-gone",)),
    ]


@pytest.mark.parametrize("text", WHOLE[:22])
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    """Titles, initials, firms, numbers, names of sites and elisions stay inside."""
    assert [part.text for part in sentences(text)] == [text]


def test_a_list_goes_on_behind_a_colon_and_a_comma() -> None:
    """A list that is one sentence is one, over its lines."""
    assert [part.text for part in sentences(WHOLE[22])] == [
        "He listed: - one bell, - another bell"
    ]


def test_no_answer_hides_a_sentence_without_a_fact(tmp_path: Path) -> None:
    """The sentence without a fact is an error at its line, whatever follows it."""
    folder = Folder(tmp_path / "story")
    first = "The Harbour Street bell was missing from"
    hidden = [
        f"The council sold bell {number}. {following} [bell-gone]"
        for number, following in enumerate(NEXT)
    ]
    line = folder.edit(ANSWERS, first, f"{' '.join(hidden)} {first}")
    errors = [error for error in folder.errors() if "rests on" in error.message]
    assert {error.line for error in errors} == {line}
    assert [error.message.split("'")[1] for error in errors] == [
        f"The council sold bell {number}." for number in range(len(NEXT))
    ]
