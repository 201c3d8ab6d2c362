"""The catalogues: each language whole, and the same blanks in every sentence."""

import ast
import re

import pytest

from bot.discord_bot.moderation.record_forms import COLLECTIONS
from bot.discord_bot.showing.limits import width
from bot.words.catalogue import LANGUAGES, catalogue, told, words
from tests.conftest import ROOT

LIMITS = {"button.": 80, "form.": 45, "field.": 45, "command.": 100, "menu.": 32}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_whole(language: str) -> None:
    """Every language has every sentence, with the same blanks to fill in."""
    usual, own = catalogue("en"), catalogue(language)
    assert list(own) == list(usual)
    for key, text in usual.items():
        blanks = r"\{(\w*)\}"
        assert sorted(re.findall(blanks, own[key])) == sorted(re.findall(blanks, text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_fit_where_they_stand(language: str) -> None:
    """Labels, forms and commands keep Discord's limits in every language."""
    for key, text in catalogue(language).items():
        limit = (
            100
            if key.endswith((".hint", ".about"))
            else next(
                (most for start, most in LIMITS.items() if key.startswith(start)), 2000
            )
        )
        assert width(text) <= limit, key
    names = [
        text
        for key, text in catalogue(language).items()
        if re.fullmatch(r"command\.\w+(\.\w+)?", key) and not key.endswith("about")
    ]
    assert all(re.fullmatch(r"[\w-]{1,32}", name) for name in names)
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_other_rooms_say_is_told_in_each_language(language: str) -> None:
    """Each language tells what Spanish tells, in that order, with the same blanks."""
    own, usual = told(language), told("es")
    assert [one.pattern for one, *_ in own] == [one.pattern for one, *_ in usual]
    for (_, text, is_inner), (_, spanish, is_too) in zip(own, usual, strict=True):
        assert is_inner == is_too
        blanks = r"\{_(\d)\}"
        assert sorted(re.findall(blanks, text)) == sorted(re.findall(blanks, spanish))


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("how", ["change x", "add x", "add", "retire x", "import x"])
def test_what_moderators_change_is_told_in_each_language(
    language: str, how: str
) -> None:
    """What a version is called has no English left, whatever it is about."""
    for collection in COLLECTIONS.values():
        message = f"{collection}: {how}"
        assert words(language).told(message) != message


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_a_menu_as_it_is_called(language: str) -> None:
    """What people are told to choose is what they find."""
    own = catalogue(language)
    assert own["menu.answer"] in own["unread-above"]


def test_every_sentence_is_used() -> None:
    """The code asks for no sentence that is not there, and none is left over."""
    keys = set(catalogue("en"))
    said: set[str] = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
    built = re.compile(
        r"(?:kind|opening|button|form|command|slow|voted|more|more-sources|more-notes|months|date|draft|led|field|hint|change)\..*"
        r"|cues\.(?:when|who|how-\w+|passive|active)|tried\..*|stats\.(?:use|weak)"
        r"|lines\.(?:known|answers|wrong|offers|other|off|nothing)"
        r"|weak\.(?:right|offered|silence|wrong|answered)"
        r"|(?:timeline|sources|latest)\.title|(?:news|queue)\.(?:report|wrong|question)s?|queue\.(?:proposed|mine)"
    )
    assert {key for key in keys - said if not built.fullmatch(key)} == set()


@pytest.mark.parametrize(
    ("locale", "date"),
    [
        ("en-GB", "4 March 2024"),
        ("es-419", "4 de marzo de 2024"),
        ("de", "4. März 2024"),
        ("fr", "4 mars 2024"),
        ("pt-BR", "4 de março de 2024"),
        ("xx", "4 March 2024"),
    ],
)
def test_dates(locale: str, date: str) -> None:
    """A date is written as the language has it; English where it is not known."""
    assert words(locale).date("2024-03-04") == date
