"""The shape of the code: imports point one way, and modules stay small."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

BOT = ROOT / "bot"
MODULES = sorted(BOT.rglob("*.py"))
ROOMS = ["story", "matching", "answering"]
ALLOWED = {
    "shelf": set[str](),
    "words": {"words"},
    "memory": set[str](),
    "lane": set[str](),
    "reference": set[str](),
    "story": {"story", "shelf"},
    "editing": {"story", "editing"},
    "importing": {"story", "editing", "importing"},
    "history": {"story", "history"},
    "matching": {"story", "matching"},
    "answering": {"story", "matching", "answering", "shelf", "words"},
    "records": {"records"},
    "evaluation": {*ROOMS, "evaluation", "lane", "shelf"},
    "publishing": {*ROOMS, "evaluation", "publishing", "shelf"},
    "moderating": {
        *ROOMS,
        *("editing", "history", "moderating", "publishing", "records", "shelf"),
        *("evaluation", "lane", "words"),
    },
    "discord_bot": {
        *ROOMS,
        *("discord_bot", "editing", "evaluation", "history", "moderating"),
        *("lane", "memory", "publishing", "records", "reference", "words"),
    },
    "operating": {
        *ROOMS,
        *("lane", "operating", "records", "reference"),
        *("setting_values", "settings", "shelf"),
    },
    "setting_values": set[str](),
    "settings": {"setting_values"},
    "hosting": {
        *ROOMS,
        *("discord_bot", "evaluation", "history", "moderating", "operating"),
        *("publishing", "records", "settings", "shelf"),
    },
    "demonstration": {
        *ROOMS,
        *("discord_bot", "history", "moderating", "publishing", "records"),
        *("settings", "shelf"),
    },
    "cli": {
        *ROOMS,
        *("cli", "demonstration", "editing", "evaluation", "history", "hosting"),
        *("importing", "memory", "moderating"),
        *("operating", "publishing", "records", "settings", "shelf"),
    },
    "__main__": {"cli"},
    "__init__": set[str](),
}
SAME = {"__init__", "commands"}
DISCORD = sorted((BOT / "discord_bot").rglob("*.py"))
FLOORS = ["showing", "asking", "moderation", "router", "client", "running", "watching"]
CLOCKS = ("date.today(", ".now(", "utcnow(")
PURE = {
    *ROOMS,
    "editing",
    "importing",
    "evaluation",
    "history",
    "moderating",
    "publishing",
}
PURE_FILES = {"batch.py", "console.py", "explanation.py"}  # of the command line
OUTSIDE = {"workshop.py"}  # it waits for the disk and the records


def room(path: Path) -> str:
    """The room a module is in: a folder of bot/, or the module itself."""
    return path.relative_to(BOT).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    """A module as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a module imports, anywhere in it."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_imports_point_one_way(path: Path) -> None:
    """A room imports only rooms below it."""
    used = {name.split(".")[1] for name in imports(path) if name.startswith("bot.")}
    assert used - {"__version__"} <= ALLOWED[room(path)]


@pytest.mark.parametrize("path", DISCORD, ids=lambda path: path.name)
def test_discord_has_floors(path: Path) -> None:
    """In Discord's room, too, imports point one way; what only shows is pure."""
    found = set(imports(path))
    used = {re.sub(r"bot\.discord_bot\.(\w+).*", r"\1", name) for name in found}
    here = path.relative_to(BOT / "discord_bot").parts[0].removesuffix(".py")
    if here in FLOORS:
        assert used.isdisjoint(FLOORS[FLOORS.index(here) + 1 :])
    assert not path.stem.endswith("_cards") or "discord" not in found


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("discord", {"discord_bot"}),
        ("rapidfuzz", {"matching"}),
        ("yaml", {"story"}),
        ("argparse", {"cli"}),
        ("prometheus_client", {"operating"}),
        ("pypdf", {"importing"}),
        ("sqlalchemy", {"records"}),
        ("alembic", {"records"}),
        ("aiosqlite", {"records"}),
        ("asyncpg", {"records"}),
        ("sqlite3", {"records"}),
        ("PIL", {"moderating"}),
    ],
)
def test_a_library_is_known_in_its_room_only(library: str, rooms: set[str]) -> None:
    """Discord, scoring, YAML and SQL each have one room."""
    users = {
        room(path)
        for path in MODULES
        if library in {name.split(".")[0] for name in imports(path)}
    }
    assert users <= rooms


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_core_knows_no_clock_network_or_environment(path: Path) -> None:
    """Today's date is an argument, and nothing below the command reads the machine."""
    if (room(path) in PURE or path.name in PURE_FILES) and path.name not in OUTSIDE:
        text = path.read_text(encoding="utf-8")
        used = imports(path)
        # These wait for the records, and for threads.
        is_waiting = path.stem in {"workshop", "own_questions"}
        waits = set[str]() if is_waiting else {"asyncio"}
        assert not used & {"time", "socket", "urllib.request", "random", *waits}
        for forbidden in (*CLOCKS, "os.environ", "getenv(", "open(0"):
            assert forbidden not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_records_are_told_the_time(path: Path) -> None:
    """Since when something is kept, and what is too old, the caller's clock says."""
    if room(path) == "records":
        text = path.read_text(encoding="utf-8")
        assert "time" not in imports(path)
        assert not any(clock in text for clock in (*CLOCKS, "func.now", "os.environ"))


def test_a_name_stands_for_one_thing() -> None:
    """No two files share a name, but for what is the same in each room."""
    names = Counter(path.stem for path in MODULES)
    assert {name for name, count in names.items() if count > 1} <= SAME


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """No module is over 400 lines, no function over 50."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: path.name
)
def test_every_test_is_a_promise(path: Path) -> None:
    """Every test says in its docstring what it promises."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_test = node.name.startswith("test_")
            assert not is_test or ast.get_docstring(node), node.name
