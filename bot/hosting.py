"""The bot as it is hosted: with its log, its figures, its health, and its story now."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.discord_bot import gateway
from bot.discord_bot.amending import amending
from bot.discord_bot.announcing import announcing
from bot.discord_bot.asking.app import App, Options
from bot.discord_bot.client import Receipts
from bot.discord_bot.running import Hosting, run
from bot.discord_bot.sharding import Shards
from bot.discord_bot.sharing import Place, Sharing, asking, errands
from bot.discord_bot.watching import Look, watching
from bot.history.history import History, history_of
from bot.matching.vectors import INSTALLED, Installed, Vectors
from bot.moderating.shared_history import SharedHistory
from bot.moderating.workshop import Workshop
from bot.operating.health import HealthAddressError, serving
from bot.operating.logs import last_words, logging_to
from bot.operating.meaning_model import chosen
from bot.operating.metrics import MeasuredAnswerer, Metrics, Served
from bot.operating.pulse import Pulse
from bot.operating.redactor import Redactor
from bot.publishing.gate import Gate
from bot.publishing.live import Live, Refused, Swapped
from bot.records.exchange import Common
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.settings import BACKED_UP, RECORDS, Settings, cache_folder, kept
from bot.shelf import Shelf
from bot.story.files import Files
from bot.story.model import Story

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Bot:
    """What is hosted, and with what. `tell` says why it cannot start or go on."""

    folder: Path
    shown: str
    settings: Settings
    today: Callable[[], date]
    pulse: Pulse
    tell: Callable[[str], None]


def host(
    folder: Path, shown: str, settings: Settings, today: Callable[[], date]
) -> int:
    """Run the bot of a story's folder until it is told to stop; return the exit code.

    `shown` names the folder in problems; records are kept under its last name. Where it
    cannot start or go on, stderr says why, and the mend: see `run` for the code.
    """
    as_json = settings.log_format == "json"

    def tell(message: str) -> None:
        sys.stderr.write(last_words(message, as_json=as_json))

    metrics = Metrics()
    metrics.backed_up(BACKED_UP)
    pulse = Pulse(metrics)
    address = settings.health_address
    with logging_to(
        sys.stderr,
        level=settings.log_level,
        as_json=as_json,
        redact=Redactor(settings.secrets),
        count=metrics.logged,
    ):
        try:
            with serving(address, pulse) if address else nullcontext():
                return _host(_Bot(folder, shown, settings, today, pulse, tell))
        except (HealthAddressError, RecordsError) as error:
            tell(str(error))
            return 1


def _host(bot: _Bot) -> int:
    settings = bot.settings
    vectors, problem = chosen(settings)
    if problem:
        _log.warning("%s", problem)
    where = (bot.folder, bot.shown, settings, bot.today)
    live = follow(*where, vectors=vectors, metrics=bot.pulse.metrics)
    found = _begin(settings, bot.folder, live)
    answerer = live.current
    if isinstance(found, Refused) and answerer is None:
        for problem in found.problems:
            bot.tell(str(problem))
    if answerer is None:
        bot.tell("This story is not served until its errors are mended.")
        return 1
    gc.freeze()  # what is loaded stays; from here on, garbage is collected
    gc.enable()
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    return run(answerer, token, bot.today, _hosting(bot, live, found))


def follow(  # noqa: PLR0913 - the last two are told by name
    folder: Path,
    shown: str,
    settings: Settings,
    today: Callable[[], date],
    *,
    vectors: Vectors | Installed | None = INSTALLED,
    metrics: Metrics | None = None,
) -> Live[MeasuredAnswerer]:
    """A story's folder as it changes, not started: all its revisions count together.

    Good ones are kept where all is that the bot keeps of a story.
    """
    shelf, metrics = Shelf(cache_folder()), metrics or Metrics()

    def build(story: Story, before: MeasuredAnswerer | None) -> MeasuredAnswerer:
        sure = settings.false_answers
        return MeasuredAnswerer(story, shelf, sure, before, vectors, metrics=metrics)

    gate = Gate(build, today, shelf, shown)
    keep = kept(folder) / "last-good"
    return Live(folder, gate, today, keep=keep, shown=shown)


def _name(folder: Path) -> str:
    return folder.resolve().name


@asynccontextmanager
async def _beside(
    bot: _Bot, live: Live[MeasuredAnswerer], found: Swapped | Refused, client: Receipts
) -> AsyncGenerator[None]:
    """What runs as long as the client does: its story's files, and its pulse."""
    metrics = bot.pulse.metrics
    if client.app.records:
        client.app.records.tell(metrics.kept)

    def look() -> tuple[gateway.State, Served]:
        metrics.waits("answers", client.app.answers.waiting)
        metrics.waits("aside", client.app.aside.waiting)
        served = Served(client.app.answerer.story, bool(live.problems))
        return gateway.state(client), served

    trying = partial(_try, client.app, metrics)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(bot.pulse.beating(look, trying))
        look_there: Look | None = None
        if bot.settings.shard_ids and client.app.records:
            shared = Sharing(client, client.app.records, live, _place(bot.folder))
            await stack.enter_async_context(errands(shared))
            look_there = shared.look
        await stack.enter_async_context(watching(client, live, found, look_there))
        await stack.enter_async_context(announcing(client))
        await stack.enter_async_context(amending(client))
        yield


async def _try(app: App, metrics: Metrics) -> str:
    """Why the records cannot be read now; "" where they can, or there are none."""
    try:
        if app.records:
            size = await app.records.questions.size(app.options.story)
            metrics.waits("open", size)
    except RecordsError as error:
        return str(error)
    return ""


def _begin(
    settings: Settings, folder: Path, live: Live[MeasuredAnswerer]
) -> Swapped | Refused:
    """Serve what is served everywhere, where there are several processes; else files.

    Raises:
        RecordsError: The records, which would tell that, cannot be used.
    """

    async def read() -> Common | None:
        async with Records.open(*_database(settings)) as records:
            return await records.exchange.common(_name(folder))

    common = asyncio.run(read()) if settings.shard_ids else None
    if common is None:
        return live.start()
    found = live.adopt(Files(common.content), common.hidden)
    return live.start() if isinstance(found, Refused) and folder.is_dir() else found


def _place(folder: Path) -> Place:
    keep = kept(folder)
    here = history_of(folder, keep) if folder.is_dir() else None
    return Place(folder, keep / "served", here)


def _database(settings: Settings) -> tuple[str | Path, str | None]:
    url, secret = settings.database_url, settings.records_secret
    return (
        url.get_secret_value() if url else RECORDS,
        secret.get_secret_value() if secret else None,
    )


def _workshop(
    bot: _Bot, live: Live[MeasuredAnswerer], app: App, records: Records
) -> Workshop:
    """Where moderators change a story; what they only look at is not counted."""
    settings, folder = bot.settings, bot.folder

    def serving() -> Answerer:
        one = app.answerer
        return one.uncounted() if isinstance(one, MeasuredAnswerer) else one

    if settings.shard_ids:
        here, ask = _place(folder).here, asking(records, app.options.story)
        history: History = SharedHistory(here, lambda: app.keeps, ask)
    else:
        history = history_of(folder, kept(folder))
    return Workshop(
        app.options.story,
        history,
        records,
        judge=live.judge,
        serving=serving,
        now=lambda: datetime.now(UTC),
        two_person=settings.two_person_rule,
        behind=app.answers,
    )


def _hosting(
    bot: _Bot, live: Live[MeasuredAnswerer], found: Swapped | Refused
) -> Hosting:
    settings, folder = bot.settings, bot.folder
    where, secret = _database(settings)
    return Hosting(
        records=where,
        secret=secret,
        has_files=folder.is_dir(),
        options=Options(
            story=_name(folder),
            reads_channels=settings.read_channels,
            home_guilds=settings.home_guilds,
            moderator_roles=settings.moderator_roles,
            moderators_channel=settings.moderators_channel,
            audit_days=settings.audit_days,
        ),
        workshop=partial(_workshop, bot, live),
        beside=partial(_beside, bot, live, found),
        tell=bot.tell,
        counts=bot.pulse.metrics,
        shards=(
            Shards(settings.shard_ids, settings.shard_count)
            if settings.shard_ids and settings.shard_count
            else None
        ),
        addresses=gateway.Addresses(
            settings.discord_api, settings.discord_gateway, settings.discord_cdn
        ),
    )
