"""The `receipts` command: what can be typed, what each command does, what it prints.

`main` runs one command; `arguments` is what can be typed, `commands` what each does.
`batch` takes questions as lines, from people and from programs. `console` is replies as
the terminal shows them, `explanation` why a question led where it led.
"""

from bot.cli.main import entry_point

__all__ = ["entry_point"]
