"""The health address: whether the bot does its work, and its figures, over HTTP.

It is served by threads of its own, so that it answers while the story is being built,
and where the event loop hangs.
"""

import errno
import json
import os
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from socketserver import ThreadingTCPServer
from typing import Final
from urllib.parse import urlsplit

from bot.operating.pulse import Pulse
from bot.setting_values import Address

MOST: Final = 32
"""Connections at once; who comes then is not answered."""

PATIENCE: Final = 5.0
"""Seconds in which a request must have come."""

_JSON: Final = "application/json"
_METRICS: Final = "text/plain; version=0.0.4; charset=utf-8"
_TEXT: Final = "text/plain; charset=utf-8"

_Answer = tuple[int, str, str | bytes]

_NOT_MEANT: Final[_Answer] = (403, _TEXT, "Ask for this address by its own name.\n")


class HealthAddressError(Exception):
    """The address cannot be listened on. Its text is one sentence, with the mend."""


def _told(pulse: Pulse, path: str) -> _Answer:
    match path:
        case "/livez":
            why = pulse.hangs()
            told = {"status": "unavailable" if why else "ok", "loop": why or "ok"}
            return 503 if why else 200, _JSON, json.dumps(told)
        case "/readyz":
            lacks = pulse.lacks()
            is_ready = not any(lacks.values())
            told = {"status": "ok" if is_ready else "unavailable"}
            told |= {name: why or "ok" for name, why in lacks.items()}
            return 200 if is_ready else 503, _JSON, json.dumps(told)
        case "/healthz":
            return _health(pulse)
        case "/metrics":
            figures = pulse.metrics.text(pulse.gateway, pulse.served)
            return 200, _METRICS, figures
        case _:
            return 404, _TEXT, "There are /livez, /readyz, /healthz and /metrics.\n"


def _health(pulse: Pulse) -> _Answer:
    served = pulse.served
    lacks = pulse.lacks()
    healthy = not lacks["gateway"] and not lacks["story"]
    told = {
        "status": "ok" if healthy else "unavailable",
        "gateway": "disconnected" if lacks["gateway"] else "connected",
        "story": served.story.about.title if served else None,
        "revision": served.story.revision if served else None,
        "files": "broken" if served and served.is_broken else "ok",
    }
    return 200 if healthy else 503, _JSON, json.dumps(told)


class _Server(ThreadingTCPServer):
    """A thread a connection, and never many."""

    allow_reuse_address = os.name == "posix"  # elsewhere it means something else
    request_queue_size = MOST
    block_on_close = False  # whoever is slow is not waited for
    daemon_threads = True

    def __init__(self, place: Address, pulse: Pulse) -> None:
        self._free = threading.BoundedSemaphore(MOST)
        self.pulse = pulse
        found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
        self.address_family, _, _, _, where = found[0]
        self.is_private = ip_address(str(where[0]).partition("%")[0]).is_loopback
        super().__init__((str(where[0]), place.port), _Handler)

    def process_request(
        self,
        request: socket.socket | tuple[bytes, socket.socket],
        client_address: object,
    ) -> None:
        """Answer, where there are not too many already."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(
        self,
        request: socket.socket | tuple[bytes, socket.socket],
        client_address: object,
    ) -> None:
        """Answer, in a thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of whoever hung up, or said nothing."""


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server_version = "receipts"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer, and close the connection."""
        code, kind, body = _NOT_MEANT
        if isinstance(self.server, _Server) and self._is_meant(self.server):
            code, kind, body = _told(self.server.pulse, urlsplit(self.path).path)
        data = body.encode() if isinstance(body, str) else body
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_HEAD = do_GET  # noqa: N815 - as it is called there

    def _is_meant(self, server: _Server) -> bool:
        """Whether it is asked by an address or a name of this machine's own.

        Else a web page could have somebody's browser read here what only this machine
        may: its own name can be made to lead here.
        """
        if not server.is_private:
            return True
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or "localhost"
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as there
        """Keep no log of who looked, and how often."""


def not_listened(address: Address, error: OSError) -> tuple[str, str]:
    """What is told of an address that cannot be listened on, and the mend."""
    says = f"{address} cannot be listened on ({error.strerror or error})"
    if isinstance(error, PermissionError):
        return says, "set a port from 1024 on"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return says, "set an address of this machine's own"
    return says, "set another"


@contextmanager
def serving(address: Address, pulse: Pulse) -> Generator[int]:
    """Serve the probes and the figures while the context is open; gives the port.

    /livez is 200 unless the event loop hangs: the only reason for a restart. /readyz is
    200 where the gateway is connected, a story is served and the records can be read,
    else 503; it tells what each lacks. /healthz tells the first two of them, and
    whether the story's files are broken, so that the last good revision is served.
    /metrics are the figures. Port 0 is any that is free.

    Raises:
        HealthAddressError: The address is in use, or not ours.
    """
    try:
        server = _Server(address, pulse)
    except OSError as error:
        says, mend = not_listened(address, error)
        raise HealthAddressError(
            f"HEALTH_ADDRESS: {says}; {mend}, or leave it empty."
        ) from error
    thread = threading.Thread(target=server.serve_forever, args=[0.1], daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
