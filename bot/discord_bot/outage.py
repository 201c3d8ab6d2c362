"""What is said in the log of records that fail: once, and that they no longer do."""

import logging
from typing import Final

from bot.records.values import RecordsError

_log: Final = logging.getLogger(__name__)


class Outage:
    """Whether the records fail, for what looks at them every few seconds."""

    def __init__(self) -> None:
        self._said = ""

    def failed(self, error: RecordsError) -> None:
        """Say why they fail, unless that was said before."""
        if str(error) != self._said:
            self._said = str(error)
            _log.error("records: %s", error)

    def over(self) -> None:
        """Say that they can be used again, where they could not."""
        if self._said:
            self._said = ""
            _log.info("records: they can be used again")
