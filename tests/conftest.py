"""What the tests share: an invented story, its answerer, and golden files."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.story.model import Story
from bot.story.reading import load
from tests.scene import Scene

TODAY: Final = date(2026, 11, 23)
ROOT: Final = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files"
    )


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what commands cache away from the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def story() -> Story:
    """The invented story that `receipts new` copies."""
    loaded = load(ROOT / "bot" / "template", TODAY).story
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def answerer(story: Story) -> Answerer:
    """Answers from the invented story."""
    return Answerer(story)


@pytest.fixture
def simcord_bot(answerer: Answerer) -> Receipts:
    """The bot of the invented story."""
    return Receipts(answerer, lambda: TODAY)


@pytest.fixture
def scene(simcord_env: simcord.Env) -> Scene:
    """A simulated server with the bot in it."""
    return Scene(simcord_env)


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
