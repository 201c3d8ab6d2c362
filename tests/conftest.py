"""What the tests share: an invented story, its answerer, and golden files."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import simcord
from sqlalchemy import Connection

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import Options
from bot.discord_bot.client import Receipts
from bot.records.database import Database
from bot.records.records import Records
from bot.records.tables import metadata
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Story
from tests import postgres
from tests.home import HOME, Home
from tests.places import ROOT, TODAY
from tests.scene import Clock, Restart, Scene
from tests.soak import FEW, times
from tests.watchdog import EVER, watched

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("ours", deadline=None, max_examples=times(FEW))
hypothesis.settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the long run try every law that hypothesis finds examples for."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.soak)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what commands cache away from the cache of whoever runs the tests.

    Tests on all cores share one, so that what takes long is made once.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        yield


@pytest.fixture(autouse=True)
def _loop_is_free() -> Iterator[None]:
    """Have a test fail where the bot held the event loop up."""
    with watched(EVER) as found:
        yield
    assert not found, "\n".join(found)


@pytest.fixture(scope="session")
def story() -> Story:
    """The invented story that `receipts new` copies."""
    loaded = load(Files.read(ROOT / "bot" / "template"), TODAY).story
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def answerer(story: Story) -> Answerer:
    """Answers from the invented story."""
    return Answerer(story)


@pytest.fixture
def simcord_bot(
    request: pytest.FixtureRequest, answerer: Answerer, kept: Records, clock: Clock
) -> Receipts:
    """The bot of the invented story, with records and a clock that a test moves.

    It has a home server where a test asks for a `home`.
    """
    options = Options(home_guilds=frozenset({HOME}))
    named = options if "home" in request.fixturenames else None
    return Receipts(answerer, lambda: TODAY, kept, named, clock=clock)


@pytest.fixture
def home(simcord_env: simcord.Env, tmp_path: Path, kept: Records) -> Home:
    """The story's home server, with two moderators and a workshop."""
    return Home(simcord_env, tmp_path, kept)


@pytest.fixture
def clock() -> Clock:
    """A clock that a test moves."""
    return Clock()


@pytest.fixture(params=["before", "after"])
def restart(
    request: pytest.FixtureRequest,
    scene: Scene,
    answerer: Answerer,
    kept: Records,
    clock: Clock,
) -> Restart:
    """Start the bot again over the same records, or do nothing."""

    async def again() -> None:
        clock.seconds += 60
        if request.param == "after":
            new = Receipts(answerer, lambda: TODAY, kept, clock=clock)
            await scene.env.restart_bot(new)

    return again


@pytest.fixture
def scene(simcord_env: simcord.Env) -> Scene:
    """A simulated server with the bot in it."""
    return Scene(simcord_env)


@pytest.fixture
async def kept(records_file: Path, tmp_path: Path) -> AsyncIterator[Records]:
    """Open records with nothing in them, in a file."""
    async with Records.open(await _new_records(records_file, tmp_path)) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server; the tests that need one are skipped where there is none."""
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.server() as folder:
        yield folder


@pytest.fixture
def postgres_address(postgres_server: str) -> str:
    """The address of an empty PostgreSQL database."""
    postgres.empty(postgres_server)
    return postgres.address(postgres_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of records that were never opened, in each database there is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite3'}"
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture(scope="session")
def records_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records file that those of the tests are copies of, once one was made."""
    return tmp_path_factory.mktemp("records") / "records.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
async def records(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Records]:
    """Open records with nothing in them, in each database there is."""
    if request.param == "sqlite":
        new: Path = request.getfixturevalue("records_file")
        where = f"sqlite:///{await _new_records(new, tmp_path)}"
    else:
        where = postgres.address(request.getfixturevalue("postgres_server"))
        async with Database.open(where) as database:
            await database.write(_delete_rows)
    async with Records.open(where) as opened:
        yield opened


async def _new_records(new: Path, folder: Path) -> Path:
    """A copy of the records file that has nothing in it, made at first."""
    if not new.exists():  # noqa: ASYNC240 - nothing else runs
        async with Records.open(new):
            pass
    return Path(shutil.copy(new, folder))


def _delete_rows(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Callable[[str, str], None]:
    """Compare a text with the file of that name under tests/golden, or rewrite it."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if pytestconfig.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no {path.name}; run pytest --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return compare
