"""A field of a record ↔ what a moderator types for it. Pure.

Prose is typed as it is, lists one item a line, a citation as `source-id: "its words"`,
a premise as the claims, one a line, and then `= the correction`. What is typed wrong is
said in a sentence, with the line and the mend.
"""

import re
from collections.abc import Mapping
from typing import Final

from bot.editing.edits import Plain
from bot.editing.yaml_style import IN_BRACKETS
from bot.story.documents import UNWANTED
from bot.story.printed import quoted
from bot.story.prose import squeeze
from bot.story.validation import closest

LISTS: Final = IN_BRACKETS | {"also_asked", "not_this"}
"""Fields that are lists of texts."""

SWITCHES: Final[Mapping[str, bool]] = {
    "volunteer": True,
    "historical": False,
    "link": True,
}
"""Fields that are yes or no, and what they are where they are not there."""

_WORDS: Final = IN_BRACKETS - {"aliases"}
_YES: Final = frozenset({"yes", "true", "on", "y", "t", "1", "sí", "si"})
_NO: Final = frozenset({"no", "false", "off", "n", "f", "0"})
_CITATION = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\s*:\s*(.*)")


class TypedError(Exception):
    """What was typed cannot be read; its text says what is wrong, and the mend."""


def shown(field: str, value: Plain) -> str:
    """A field's value as it is typed; "" where it is not there.

    >>> shown("citations", [{"source": "herald-1", "quote": "it was gone"}])
    'herald-1: "it was gone"'
    """
    if value is None:
        return ""
    if field in SWITCHES:
        return "yes" if str(value).lower() in _YES else "no"
    if isinstance(value, str):
        return value.strip()
    if field == "citations":
        return "\n".join(map(_citation, value))
    if field == "premises":
        return "\n\n".join(map(_premise, value))
    return "\n".join(squeeze(str(one)) for one in value)


def read(field: str, typed: str) -> Plain:
    """The value of what was typed for a field; None where nothing was.

    Raises:
        TypedError: it cannot be read.
    """
    text = re.sub(r"\r\n?", "\n", typed).strip()
    if not text:
        return None
    _refuse_unseen(field, text)
    if field in SWITCHES:
        return _switch(field, text)
    if field == "citations":
        return [_read_citation(number, line) for number, line in _lines(text)]
    if field == "premises":
        return _read_premises(text)
    if field in LISTS:
        return _read_list(field, text)
    return text


def _refuse_unseen(field: str, text: str) -> None:
    """Say where a character stands that nobody sees, and no fact file may have."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := UNWANTED.search(line):
            after = line[: found.start()].split()[-3:]
            where = f"after “{' '.join(after)}”" if after else "at its start"
            raise TypedError(
                f"{named(field)}, line {number}: there is a character that nobody sees "
                f"(U+{ord(found[0]):04X}) {where}; type the words around it again"
            )


def _citation(value: Plain) -> str:
    if not isinstance(value, dict):
        return squeeze(str(value))
    return f'{value.get("source")}: "{squeeze(str(value.get("quote") or ""))}"'


def _premise(value: Plain) -> str:
    if not isinstance(value, dict):
        return squeeze(str(value))
    claims = value.get("claims")
    lines = claims if isinstance(claims, list) else [claims]
    said = [_escaped(squeeze(str(one or ""))) for one in lines]
    return "\n".join([*said, f"= {squeeze(str(value.get('correction') or ''))}"])


def _escaped(claim: str) -> str:
    r"""A claim that is not taken for a correction: `=` at its start becomes `\=`."""
    return f"\\{claim}" if claim.startswith(("=", "\\")) else claim


def _lines(text: str) -> list[tuple[int, str]]:
    rows = enumerate(text.split("\n"), 1)
    return [(number, line.strip()) for number, line in rows if line.strip()]


def _read_citation(number: int, line: str) -> Plain:
    found = _CITATION.fullmatch(line)
    quote = _unquoted(found[2]) if found else ""
    if found is None or not quote:
        raise TypedError(
            f"line {number} of the citations: write the source's id, a colon, and the "
            'exact words it printed, such as herald-1: "it was gone"'
        )
    return {"source": found[1], "quote": quote}


def _unquoted(text: str) -> str:
    """A text without the quotation marks around it, of whatever kind."""
    text = text.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return text[1:-1].strip()
    first = next(quoted(text), None)
    is_whole = first and (first.start, first.end) == (1, len(text) - 1)
    return first.words if first and is_whole else text


def _read_premises(text: str) -> Plain:
    found: list[Plain] = []
    claims: list[Plain] = []
    for number, line in _lines(text):
        if not line.startswith("="):
            claims.append(line.removeprefix("\\"))
            continue
        correction = line.removeprefix("=").strip()
        if not claims or not correction:
            raise TypedError(
                f"line {number} of the premises: a correction comes after the wrong "
                "claims it sets right, one a line, and begins with ="
            )
        found.append({"claims": claims, "correction": correction})
        claims = []
    if claims:
        raise TypedError(
            "the last claims of the premises have no correction; write it below them, "
            "beginning with ="
        )
    return found


def _read_list(field: str, text: str) -> Plain:
    parts = re.split(r"[\n,;]", text) if field in _WORDS else text.split("\n")
    items = [squeeze(re.sub(r"^\s*[-*•]\s+", "", one)) for one in parts]
    found: list[Plain] = []
    for item in filter(None, items):
        if item in found:
            raise TypedError(f"'{item}' is there twice in {named(field)}; keep one")
        found.append(item)
    return found or None


def _switch(field: str, text: str) -> str:
    word = text.lower()
    if word not in _YES | _NO:
        hint = closest(word, [*_YES, *_NO])
        raise TypedError(f"{named(field)}: write yes or no{hint}")
    return "true" if word in _YES else "false"


def named(field: str) -> str:
    """A field's name as people read it.

    >>> named("also_asked")
    'also asked'
    """
    return field.replace("_", " ")
