"""What a service manager is told: that the bot runs, still runs, and stops.

Source: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

import os
import socket
from contextlib import suppress


def notify(state: str) -> None:
    """Tell systemd a state, such as `READY=1`; nobody, where it did not ask to be told.

    Never raises: it is no reason to stop that nobody listens.
    """
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place.startswith(("/", "@")):
        return
    with (
        suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel,
    ):
        channel.connect(place.replace("@", "\0", 1) if place[0] == "@" else place)
        channel.sendall(state.encode())


def watchdog_seconds() -> float | None:
    """How often systemd must be told WATCHDOG=1: thrice as often as it waits for it."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    is_ours = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    if not is_ours or not microseconds.isdigit():
        return None
    return int(microseconds) / 3_000_000
