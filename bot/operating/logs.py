"""The log: lines for people, or JSON for programs, and no secret in either."""

import json
import logging
import re
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TextIO

from bot import reference
from bot.operating.redactor import Redactor

OURS: Final = "bot"
"""The logger above all of ours. What libraries say below INFO is never logged:
discord.py then tells whole messages, and who wrote them."""

_STANDARD: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_log = logging.getLogger(__name__)


@contextmanager
def logging_to(
    stream: TextIO,
    *,
    level: str,
    as_json: bool,
    redact: Redactor,
    count: Callable[[str], None] = lambda _level: None,
) -> Generator[None]:
    """Log to a stream, and afterwards as before.

    `level` is a name, such as `INFO`. `count` is told the level of each line, in small
    letters. An exception that nobody caught is logged, and ends the process with 1.
    """
    handler = _Handler(stream, as_json=as_json, redact=redact, count=count)
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    ours.setLevel(level)
    logging.captureWarnings(capture=True)
    try:
        yield
    except Exception:  # noqa: BLE001 - its traceback would go past the redactor
        _log.critical("stopped by an error", exc_info=True)
        raise SystemExit(1) from None
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        root.setLevel(before[0])
        ours.setLevel(before[1])


def last_words(message: str, *, as_json: bool) -> str:
    r"""A line that tells why the process cannot start or go on, as the log has lines.

    For people it is the sentence alone.

    >>> last_words("There is no story.", as_json=False)
    'There is no story.\n'
    """
    if not as_json:
        return f"{message}\n"
    told = {"name": OURS, "levelname": "CRITICAL", "msg": message}
    return f"{json.dumps(_fields(logging.makeLogRecord(told)))}\n"


class _Handler(logging.Handler):
    """Writes each record as one redacted entry."""

    def __init__(
        self,
        stream: TextIO,
        *,
        as_json: bool,
        redact: Redactor,
        count: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._stream = stream
        self._as_json = as_json
        self._redact = redact
        self._count = count

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. Never raises, and never shows what it could not write."""
        try:
            fields = {key: self._clean(value) for key, value in _fields(record).items()}
            self._count(record.levelname.lower())
            # Once more: what was apart before may be a secret together.
            entry = json.dumps(fields) if self._as_json else self._redact(_text(fields))
            self._stream.write(f"{entry}\n")
            self._stream.flush()
        except Exception:  # noqa: BLE001, S110 - the log must not end the bot
            pass

    def _clean(self, value: object) -> object:
        return self._redact(value) if isinstance(value, str) else value


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What a record says: time, level, logger and message first; None of the others."""
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit the message
        message = str(record.msg)
    more = {
        key: value
        for key, value in vars(record).items()
        if key not in _STANDARD and isinstance(value, str | int | float)
    }
    found: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(
            timespec="milliseconds"
        ),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message,
    }
    error = record.exc_info
    if error and error[0]:
        found["exception"] = "".join(traceback.format_exception(*error)).rstrip()
    return {**reference.fields(), **more, **found}


def _text(fields: Mapping[str, object]) -> str:
    """An entry for people. Only its first line begins at the margin.

    So nothing that is logged can be taken for an entry of its own.
    """
    rest = {key: value for key, value in fields.items() if key not in _HEAD}
    exception = rest.pop("exception", "")
    more = "".join(f" {key}={value}" for key, value in rest.items())
    time, level, logger, message = (fields[key] for key in _HEAD)
    head = f"{time} {str(level).upper()} {logger}: {message}{more}"
    lines = [head, *str(exception).split("\n")] if exception else [head]
    return "\n  ".join(_CONTROL.sub(_escaped, line) for line in lines)


_HEAD: Final = ("time", "level", "logger", "message")


def _escaped(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]
