"""What was noticed on the way, counted by kind."""

from collections.abc import Iterator
from typing import Final

_SHOWN: Final = 6


class Notes:
    """Kinds of things to be told, each with the rows it is about, in order."""

    def __init__(self, unit: str = "row") -> None:
        self.unit = unit
        self._rows: dict[str, list[int]] = {}

    def add(self, kind: str, row: int | None = None) -> None:
        """Note something: a sentence without a full stop, and the row, if any."""
        rows = self._rows.setdefault(kind, [])
        if row is not None and row not in rows[-1:]:
            rows.append(row)

    def lines(self) -> Iterator[str]:
        """Each kind on a line, with how many rows, and the first of them.

        >>> notes = Notes()
        >>> notes.add("there is no answer", 3)
        >>> list(notes.lines())
        ['there is no answer: row 3']
        """
        for kind, rows in self._rows.items():
            yield f"{kind}{self._named(rows)}"

    def _named(self, rows: list[int]) -> str:
        if not rows:
            return ""
        unit = self.unit if len(rows) == 1 else f"{self.unit}s"
        shown = ", ".join(map(str, rows[:_SHOWN]))
        more = len(rows) - _SHOWN
        counted = f"{len(rows):,} {unit}: " if len(rows) > 1 else f"{unit} "
        return f": {counted}{shown}{f' and {more:,} more' if more > 0 else ''}"
