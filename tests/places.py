"""Where the tests are, and when."""

from datetime import date
from pathlib import Path
from typing import Final

TODAY: Final = date(2026, 11, 23)
ROOT: Final = Path(__file__).parent.parent
