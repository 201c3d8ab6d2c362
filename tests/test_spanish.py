"""What a Spanish moderator reads is Spanish: every card, and every sentence in it."""

import ast
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import simcord
from simcord.results import InteractionResult

from bot.records.values import Answered
from bot.words.catalogue import LANGUAGES, catalogue, words
from tests.home import Home, answer, speaks
from tests.places import ROOT
from tests.scene import labels, text_of

SAY: Final = words("es").say
ROOMS: Final = ("story", "editing", "history", "publishing", "moderating")
"""The rooms that know no language, and whose sentences moderators read in a card."""

PROGRAMMERS: Final = frozenset(
    {
        "a time needs a zone, and each path a text before",
        "this is no change of a story's fact files",
        "this is no id of a version",
        "Pillow was built without FreeType; install its own wheel.",
        "{} is before {}",
    }
)
"""What only a mistake in the code brings about."""


def raised() -> Iterator[tuple[Path, str]]:
    """Every sentence that an error or a problem is made with; `{}` is filled in."""
    for room in ROOMS:
        for path in sorted((ROOT / "bot" / room).rglob("*.py")):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                    for text in _said_in(function):
                        yield path, text


def _said_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    named = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        said: list[ast.expr] = []
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            said = node.exc.args[:1]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_problem = ast.unparse(node.func) in {"Problem.error", "Problem.warning"}
            said = node.args[1:] if is_problem else []
        for one in said:
            value = named.get(one.id, one) if isinstance(one, ast.Name) else one
            yield from _texts(value)


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "{}"
                for one in parts
            )
        case ast.IfExp():
            yield from _texts(value.body)
            yield from _texts(value.orelse)
        case _:
            return


@pytest.mark.parametrize("text", sorted({text for _, text in raised()} - PROGRAMMERS))
def test_every_sentence_has_its_spanish(text: str) -> None:
    """Whatever other rooms say, each language but English has how it is said there."""
    if re.search("[a-z]", text):
        filled = text.format(*(f"x{at}" for at in range(9)))
        for language in LANGUAGES[1:]:
            assert words(language).told(filled) != filled, language


def test_what_is_filled_in_stays_as_it_is() -> None:
    """What people wrote is not translated, whatever it says."""
    said = words("es").told("'this changes nothing' stands twice; delete one")
    assert said == "'this changes nothing' está dos veces; borra una"
    assert words("es").told("Fable and fact: a list") == "Fable and fact: a list"


@pytest.fixture
def spanish(home: Home) -> Home:
    """A home server whose moderators' Discord is in Spanish."""
    speaks(home, "es-ES")
    return home


async def _edited(home: Home, field: str, typed: str, name: str = "") -> Any:  # noqa: ANN401
    kind = "answers" if name else "facts"
    form = await home.use(f"{kind} edit", id=name or "bell-gone", field=field)
    return answer(await home.send(form, **{field: typed}))


async def _pressed(home: Home, key: str, *typed: str) -> Any:  # noqa: ANN401
    card = await _edited(home, *typed)
    await home.mo.click(card, label=SAY(f"button.{key}"))
    return card


async def _conflict(home: Home) -> Any:  # noqa: ANN401
    form = await home.use("facts edit", id="bell-gone", field="note")
    home.folder.edit("facts/bell.yaml", "- id: bell-gone", "- id: bell-gone\n  note: a")
    return answer(await home.send(form, note="b"))


async def _hidden(home: Home) -> Any:  # noqa: ANN401
    await home.use("hide", what="facts/bell-gone", reason="xyz")
    return answer(await home.use("facts view", id="bell-gone"))


async def _audit(home: Home) -> Any:  # noqa: ANN401
    await _pressed(home, "submit", "note", "xyz")
    return answer(await home.use("audit"))


async def _history(home: Home) -> Any:  # noqa: ANN401
    await _pressed(home, "submit", "note", "xyz")
    return answer(await home.use("facts history"))


async def _broken(home: Home) -> Any:  # noqa: ANN401
    home.folder.edit("facts/bell.yaml", "- id: bell-gone", "- id: bell-gone\n\tx: y")
    return await _edited(home, "question", "Xyz?", "what-happened")


async def _wanted(home: Home) -> Any:  # noqa: ANN401
    now = datetime.now(UTC)
    await home.records.questions.note("story", "xyz gone with rascals", now)
    votes, entry = home.records.votes, Answered("story", "what-happened", "0")
    await votes.cast(entry, 1, "wrong", now, "xyz")
    return answer(await home.use("queue"))


async def _cues(home: Home) -> simcord.ResponseMessage:
    shown = answer(await home.use("answers view", id="what-happened"))
    return answer(await home.mo.click(shown, label=SAY("button.cues")))


async def _lines(home: Home) -> simcord.ResponseMessage:
    form = await home.mo.click(await _cues(home), label=SAY("button.write"))
    typed = "xyz abc\nWas the bell stolen\nwas the bell taken by a thief\nwhere is it"
    return answer(await home.send(form, words=typed))


async def _reply(home: Home) -> simcord.ResponseMessage:
    said = await home.ann.send(home.channel, "xyz")
    menu = words("en").say("menu.draft")
    return answer(await home.mo.context_menu(home.channel, menu, said))


def use(command: str, **options: object) -> Callable[[Home], Awaitable[Any]]:
    """Using a command."""

    async def act(home: Home) -> Any:  # noqa: ANN401
        result: InteractionResult = await home.use(command, **options)
        return answer(result)

    return act


def edit(*typed: str) -> Callable[[Home], Awaitable[Any]]:
    """Sending a form of one field."""
    return lambda home: _edited(home, *typed)


def press(key: str, *typed: str) -> Callable[[Home], Awaitable[Any]]:
    """Pressing a button of what a form led to."""
    return lambda home: _pressed(home, key, *typed)


CARDS: Final[dict[str, Callable[[Home], Awaitable[Any]]]] = {
    "search": use("facts search", words="bell"),
    "view": use("facts view", id="bell-gone"),
    "view of an answer": use("answers view", id="was-it-stolen"),
    "no such record": use("facts view", id="xyz"),
    "history": _history,
    "audit": _audit,
    "undo of nothing": use("facts undo", version="xyz"),
    "export": use("facts export"),
    "retire": use("answers retire", id="when-returned"),
    "hide without": use("hide", what="xyz", reason="xyz"),
    "hidden": _hidden,
    "stats": use("stats", days=7),
    "cues": _cues,
    "lines": _lines,
    "a reply of somebody else": _reply,
    **{
        f"queue: {kind}": use("queue", show=kind)
        for kind in ("questions", "wrong", "reports", "proposed", "mine")
    },
    "wanted": _wanted,
    "preview": edit("also_asked", "xyz rascals", "was-it-stolen"),
    "theft": edit("also_asked", "When did the bell come back?", "was-it-stolen"),
    "unknown fact": edit("answer", "Xyz. [xyz]", "was-it-stolen"),
    "no fact": edit("answer", "Xyz.", "was-it-stolen"),
    "no change": edit("statement", "The  bell"),
    "bad citation": edit("citations", "xyz"),
    "bad kind": edit("kind", "xyz"),
    "bad date": edit("as_of", "xyz"),
    "bad record": edit("record", "xyz"),
    "future": edit("until", "2999-01-01"),
    "saved": press("submit", "note", "xyz"),
    "withdrawn": press("withdraw", "note", "xyz"),
    "conflict": _conflict,
    "broken files": _broken,
}
"""A way to each card that a moderator can be shown."""


@pytest.mark.parametrize("card", CARDS)
async def test_a_card_has_no_english(spanish: Home, card: str) -> None:
    """No card, and no file with it, has a sentence or a label of ours in English."""
    found = await CARDS[card](spanish)
    message = found.message if isinstance(found, simcord.ResponseMessage) else found
    text = "\n".join([text_of(message), *labels(message)])
    for file in message.attachments:
        text += f"\n{file.description or ''}"
        if file.filename in {"figures.txt", "questions.txt"}:
            text += f"\n{(await file.read()).decode()}"
    ours = [line for line in text.split("\n") if not _is_theirs(line)]
    assert [one for one in english() if any(one in line for line in ours)] == []


def english() -> Iterator[str]:
    """Pieces of our English sentences and labels, without what varies in them."""
    for key, text in catalogue("en").items():
        if not key.startswith(("command.", "menu.")):
            yield from _pieces(text, catalogue("es")[key])
    told = (ROOT / "bot" / "words" / "told.es.txt").read_text(encoding="utf-8")
    for text, other in re.findall(r"^([^#\n].*) => (.+)$", told, re.MULTILINE):
        yield from _pieces(text, other)


def _pieces(text: str, other: str) -> Iterator[str]:
    for piece in re.split(r"\{\w+!?\}", text):
        if len(piece) > 8 and " " in piece.strip() and piece not in other:
            yield piece


def _is_theirs(line: str) -> bool:
    """Whether a line shows what stands in the story's files."""
    return line.startswith(("+", "-", "@", " ", "…")) and not line.startswith("- ")
