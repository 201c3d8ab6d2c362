"""How fast the bot answers on a real connection, beside a bot that only echoes.

    python -m tests.benchmarks.load [--soak 10000]

starts the bot as it is hosted, with the bundled story and records of its own, and a
bot of a few lines of discord.py that replies with what it was asked, each on a small
Discord on loopback. It asks both the same, in turn: one question at a time; bursts, in
which each question is another person's in a channel of its own; commands at one moment;
and a steady stream. Times are from when an event is sent to when its reply arrives.
They are the clock's, so that the machine should have two idle cores for it: one for
the bot that is asked, one for the small Discord.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from math import nan
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from bot.discord_bot.watching import REST
from tests.benchmarks.story import STORY, questions
from tests.places import ROOT
from tests.wire import Body, Discord, addresses, listening, until

SERVERS: Final = [number << 22 for number in range(1000, 2200)]
"""As many as keep each server's questions under the bot's limits, at any rate here."""

ECHO: Final = """
import os
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = os.environ["DISCORD_API"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY"])
intents = discord.Intents(guilds=True, guild_messages=True)
client = discord.Client(intents=intents, max_messages=None)

@client.event
async def on_message(message):
    if client.user in message.mentions:
        await message.reply(message.content, mention_author=False)

@client.event
async def on_interaction(interaction):
    await interaction.response.send_message(interaction.data["options"][0]["value"])

client.run("a-token", log_handler=None)
"""
BOT: Final = ("-m", "bot", "run")
_KINDS: Final = ("in_scope", "near_topic", "swaps", "off_topic", "multi")
_FIRST: Final = 20  # questions before any that count
_ALONE: Final = 20
_REST: Final = 0.5  # seconds between two bursts
_START: Final = 300.0  # seconds that building the story may take
_WAIT: Final = 60.0  # seconds after which an answer is taken for lost
_COLUMNS: Final = "      p50     p99   first  late"
_HEAD: Final = f"""\
Milliseconds from a question to its reply, and of the first reply of each burst; and how
many others overtook the one that was overtaken most. On the left the bot, on the right
one that only echoes.

                     asked{2 * _COLUMNS}"""
_TOKEN: Final = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105 - not one


@dataclass
class Timed(Discord):
    """A small Discord that notes when what was asked was answered, and how often."""

    at: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def _post(self, channel: str, body: Body) -> Body:
        self.seen(str(body["message_reference"]["message_id"]))
        return super()._post(channel, body)

    def responded(self, token: str, body: Body) -> None:
        """Keep the first callback of an interaction; a deferral is no answer."""
        if body["type"] == 4:
            self.seen(token)
        super().responded(token, body)

    def followed_up(self, token: str, body: Body) -> None:
        """Keep what came after an interaction's first callback."""
        self.seen(token)
        super().followed_up(token, body)

    def seen(self, asked: str) -> None:
        """Note that something was answered."""
        self.at.setdefault(asked, []).append(time.perf_counter())


class Bot:
    """A bot in a process of its own, on a small Discord of its own."""

    def __init__(self, wire: Timed, process: asyncio.subprocess.Process) -> None:
        self.wire, self._process = wire, process
        self._people = count(1)
        self._texts = [one.q for kind in _KINDS for one in questions(kind)]
        Random(1).shuffle(self._texts)
        self.lost = self.doubled = 0

    async def asked(self, many: int, *, pause: float = 0, slash: bool = False) -> "Run":
        """Ask so many questions, with pauses between them; wait for the answers."""
        sent: dict[str, float] = {}
        ask = self.wire.slash if slash else self.wire.mention
        start = time.perf_counter()
        for at in range(many):
            await asyncio.sleep(max(0, start + at * pause - time.perf_counter()))
            number = next(self._people)
            guild = SERVERS[number % len(SERVERS)]
            text = self._texts[number % len(self._texts)]
            now = time.perf_counter()
            sent[await ask(text, 10**6 + number, guild)] = now
        try:
            await until(lambda: sent.keys() <= self.wire.at.keys(), _WAIT)
        except TimeoutError:
            self.lost += len(sent.keys() - self.wire.at.keys())
        at = {one: self.wire.at[one] for one in sent if one in self.wire.at}
        self.doubled += sum(len(times) - 1 for times in at.values())
        order = sorted(at, key=lambda one: at[one][0])
        waited = [at[one][0] - sent[one] for one in order]
        places = {one: place for place, one in enumerate(at)}
        late = [place - places[one] for place, one in enumerate(order)]
        return Run(waited, max(late, default=0))

    async def quiet(self) -> None:
        """Wait until it has nothing left to do."""
        before = -1.0
        while self.processor > before + 0.2:
            before = self.processor
            await asyncio.sleep(REST + 1)  # it rests before it proves what it serves

    @property
    def memory(self) -> float:
        """Its resident memory in MiB; NaN where the system does not tell."""
        path = Path(f"/proc/{self._process.pid}/statm")
        pages = int(path.read_text().split()[1]) if path.exists() else nan
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def processor(self) -> float:
        """The seconds of the processor it has had; NaN where that is not told."""
        path = Path(f"/proc/{self._process.pid}/stat")
        if not path.exists():
            return nan
        used = path.read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """The seconds that answers took, in the order they came.

    `late`: by how many places the one came too late that was overtaken most.
    """

    waited: list[float] = field(default_factory=list[float])
    late: int = 0

    def percentile(self, share: float) -> float:
        """The milliseconds within which this share was answered."""
        ranked = sorted(self.waited) or [nan]
        return 1000 * ranked[min(int(share * len(ranked)), len(ranked) - 1)]


@asynccontextmanager
async def started(program: Sequence[str], folder: Path) -> AsyncGenerator[Bot]:
    """A bot, in all its servers, that has answered a few questions."""
    wire = Timed(servers=SERVERS)
    async with listening(wire) as (_, place):
        settings = {
            "PATH": os.defpath,
            "DISCORD_TOKEN": _TOKEN,
            "STORY": str(STORY),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": str(ROOT),
            **addresses(place),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *program),
            cwd=folder,
            env=settings,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await until(wire.connected.is_set, _START)
            bot = Bot(wire, process)
            await bot.asked(_FIRST, pause=0.1)
            yield bot
        finally:
            process.terminate()
            await process.wait()


def _row(name: str, runs: Sequence[Sequence[Run]]) -> str:
    """The figures of both bots: of all their answers, and the first of each run."""
    found = f"{name:20}{sum(len(run.waited) for run in runs[0]):6}"
    for of in runs:
        both = Run([one for run in of for one in run.waited])
        first = Run([run.waited[0] for run in of if run.waited]).percentile(0.5)
        late = max(run.late for run in of)
        found += f"{both.percentile(0.5):9.1f}{both.percentile(0.99):8.1f}"
        found += f"{first:8.1f}{late:6}"
    return found


async def _both(
    bots: Sequence[Bot], name: str, rounds: int, ask: Callable[[Bot], Awaitable[Run]]
) -> None:
    """Ask both bots the same, in turn, and print a row."""
    runs: tuple[list[Run], ...] = ([], [])
    for _ in range(rounds):
        for bot, found in zip(bots, runs, strict=True):
            await asyncio.sleep(_REST)
            found.append(await ask(bot))
    print(_row(name, runs), flush=True)


async def _measure(options: argparse.Namespace, folder: Path) -> None:
    bursts, burst = options.bursts, options.burst
    async with (
        started(["-m", "bot", "run"], folder) as bot,
        started(["-c", ECHO], folder) as echo,
    ):
        bots = bot, echo
        print(_HEAD)
        await _both(bots, "burst at the start", 1, lambda one: one.asked(burst))
        await bot.quiet()
        await _both(bots, "one at a time", _ALONE, lambda one: one.asked(1))
        used = bot.processor
        await _both(bots, "bursts", bursts, lambda one: one.asked(burst))
        used = (bot.processor - used) / (bursts * burst)
        slashes, steady = options.slashes, options.steady
        await _both(
            bots, "commands at once", bursts, lambda one: one.asked(slashes, slash=True)
        )
        await _both(bots, "10 a second", 1, lambda one: one.asked(steady, pause=0.1))
        print(f"\n{1000 * used:.1f} ms of the processor for a question of a burst")
        if options.soak:
            found = await soaked(bot, options.soak, options.rate)
            p50, p99, most = (found.run.percentile(one) for one in (0.5, 0.99, 1))
            print(
                f"soak of {options.soak}, {options.rate:g} a second: p50 {p50:.1f}, "
                f"p99 {p99:.1f}, at most {most:.1f} ms; memory {found.early:.0f} MiB "
                f"after a tenth, {found.late:.0f} at the end ({found.growth:+.1%})"
            )
        print(f"lost: {bot.lost}, doubled: {bot.doubled}")


class Soaked(NamedTuple):
    """How long answers took, and the memory early on and at the end."""

    run: Run
    early: float
    late: float

    @property
    def growth(self) -> float:
        """By what share the memory has grown."""
        return self.late / self.early - 1


async def soaked(bot: Bot, many: int, rate: float) -> Soaked:
    """Ask so many questions, so many a second; early is after a tenth of them."""
    first = await bot.asked(many // 10, pause=1 / rate)
    early = bot.memory
    rest = await bot.asked(many - many // 10, pause=1 / rate)
    return Soaked(Run(first.waited + rest.waited), early, bot.memory)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="How the bot bears load.")
    parser.add_argument("--bursts", type=int, default=6, help="how many there are")
    parser.add_argument("--burst", type=int, default=50, help="questions of each")
    parser.add_argument("--slashes", type=int, default=50, help="commands at once")
    parser.add_argument("--steady", type=int, default=300, help="10 a second, so many")
    parser.add_argument("--soak", type=int, default=0, help="questions")
    parser.add_argument("--rate", type=float, default=16, help="of the soak, a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(options, Path(folder)))


if __name__ == "__main__":
    main()
