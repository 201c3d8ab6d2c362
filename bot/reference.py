"""What names a request: in each line that the log has of it, and to whoever made it."""

import secrets
from contextvars import ContextVar

_REQUEST: ContextVar[tuple[str, str]] = ContextVar("request", default=("", ""))


def begin(kind: str) -> None:
    """What follows here, and in whatever it starts, is a new request of a kind."""
    _REQUEST.set((secrets.token_hex(4), kind))


def reference() -> str:
    """The name of this request; where this is none, one begins."""
    if not _REQUEST.get()[0]:
        begin("")
    return _REQUEST.get()[0]


def fields() -> dict[str, str]:
    """What the log says of this request: nothing where this is none.

    >>> fields()
    {}
    """
    name, kind = _REQUEST.get()
    told = {"reference": name, "request": kind}
    return {key: value for key, value in told.items() if value}
