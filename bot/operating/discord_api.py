"""Discord's HTTP API, asked as the bot: only read, and every refusal with its mend."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, Self, TypeVar

import aiohttp
from pydantic import TypeAdapter

from bot.operating.doctor import PORTAL

TIMEOUT_SECONDS: Final = 10.0

MAX_WAIT_SECONDS: Final = 10.0
"""Seconds we wait where Discord says that we ask too often; longer is an error."""

_AGENT: Final = "DiscordBot (https://discord.com, 1)"  # Discord wants this form

T = TypeVar("T")


class RefusedError(Exception):
    """Discord did not answer as it should: what is wrong, and the mend.

    `status` is what it answered with, 0 where it did not.
    """

    def __init__(self, says: str, mend: str, status: int = 0) -> None:
        super().__init__(says)
        self.mend = mend
        self.status = status


class DiscordApi:
    """The API at an address."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    @classmethod
    @asynccontextmanager
    async def open(cls, token: str, address: str) -> AsyncGenerator[Self]:
        """The API, asked with a bot's token."""
        headers = {"Authorization": f"Bot {token}", "User-Agent": _AGENT}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            yield cls(session, address)

    async def read(self, path: str, shape: TypeAdapter[T]) -> T:
        """What is at a path.

        Raises:
            RefusedError: Discord does not tell it, or does not answer.
            ValidationError: It has another shape.
        """
        return shape.validate_json(await self._get(f"{self._address}/{path}"))

    async def find(self, path: str, shape: TypeAdapter[T]) -> T | int:
        """What is at a path; 403 or 404 where the bot may not see it, or it is not."""
        try:
            return await self.read(path, shape)
        except RefusedError as refused:
            if refused.status not in {403, 404}:
                raise
            return refused.status

    async def _get(self, url: str) -> bytes:
        for _ in range(2):
            try:
                async with self._session.get(url, allow_redirects=False) as response:
                    if response.status == 200:
                        return await response.read()
                    wait = response.headers.get("Retry-After", "")
                    if response.status != 429 or not wait.replace(".", "", 1).isdigit():
                        raise _refusal(response.status)
                    if float(wait) > MAX_WAIT_SECONDS:
                        break
            except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
                raise RefusedError(
                    f"Discord cannot be reached ({type(error).__name__})",
                    "Check the network, a firewall, and this machine's clock",
                ) from None
            await asyncio.sleep(float(wait))
        raise _refusal(429)


def _refusal(status: int) -> RefusedError:
    says, mend = {
        401: (
            "Discord refuses it",
            f"Reset it (Bot, at {PORTAL}) and set DISCORD_TOKEN to the new one",
        ),
        403: (
            "Discord refuses to tell, with error 403",
            f"See at {PORTAL} that the application is not disabled",
        ),
        429: ("Discord is asked too often", "Try again in some minutes"),
    }.get(status, (f"Discord answers with error {status}", "Try again later"))
    return RefusedError(says, mend, status)
