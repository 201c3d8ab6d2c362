"""What is wrong with YAML that cannot be read, or that says less than it seems to.

Pure functions over a file's text, each near-linear in it.
"""

import re
from collections.abc import Mapping
from typing import Final

import yaml

Mark = tuple[int, int]
"""A line and a column, both from 1."""

Mistake = tuple[Mark, str]
"""Where a mistake stands, and the mend."""

_DASHES: Final = "–—−‐‑‒―•·∙●▪◦‣⁃*"  # noqa: RUF001 - what is typed for a hyphen
_BULLET = re.compile(rf"[ \t]*(?:- +)*([{_DASHES}])[ \t]")
_TIGHT = re.compile(r"[ \t]*(?:- +)*-[^\W\d_]")
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD = re.compile(
    rf"[ \t]*(?:- *)?(?:([{_SPACES}])|[\w-]+(?:([：﹕꞉∶])|:([{_SPACES}])))"  # noqa: RUF001
)
_KEY = re.compile(r"([ \t]*)(?:- +)?([\w-]+):(?:[ \t]|$)")
_CONFLICT = re.compile(
    r"^[ \t]*(<{7}(?=[ \t]|$)|>{7}(?=[ \t]|$)|\|{7}(?=[ \t]|$)|={7}(?=$))",
    re.MULTILINE,
)
_CUT = re.compile(r"(?<=\S)[ \t]+(#(?:[^\s#!]|[ \t]*\d)[^\n]*)")
_ENDS_CUT = re.compile(r"\S[ \t]+#\S")
_GOES_ON = re.compile(rf"\n[ \t]+([-{_DASHES}][ \t])")
_OPEN_QUOTE = re.compile(r"^(?P<indent>\s*(?:- )*(?:[\w-]+:\s+)?)(?P<mark>[\"'])")
_NEXT_KEY = re.compile(r"^\s*(?:- |[\w-]+:(?:\s|$))")


def bullet(text: str) -> str:
    """What to do about a sign that is no hyphen at a text's start; "" without one.

    >>> bullet("– where is the bell")
    "'–' is not the hyphen '-'; begin the line with '- '"
    """
    if found := _BULLET.match(text):
        return f"'{found[1]}' is not the hyphen '-'; begin the line with '- '"
    return "a '-' needs a space behind it" if _TIGHT.match(text) else ""


def _odd(text: str) -> str:
    """What to do about a sign in a line that only looks like one of YAML's."""
    found = _ODD.match(text)
    if found and found[2]:
        return f"'{found[2]}' is not the colon ':'; type it, and a space after it"
    if found:
        char = found[1] or found[3]
        return f"the space here is U+{ord(char):04X}, not a plain one; type it again"
    return bullet(text)


def new_record(key: str) -> str:
    """What to do where a record begins without its hyphen, and with which field."""
    return f"a new record begins with '- {key}:'; put the '- ' before it"


def conflict(text: str) -> Mistake | None:
    """The first mark of two versions that git, or another program, left in a text."""
    if not any(sign * 7 in text for sign in "<>=|"):
        return None
    found = _CONFLICT.search(text)
    if not found:
        return None
    message = f"two versions are in this file ({found[1]}); keep one, without the marks"
    return _mark(text, found.start(1)), message


def cuts(text: str) -> Mapping[int, str]:
    """Where plain text ends because a `#` follows it, and what it loses by that.

    A comment has a space behind its `#`, and no number.

    >>> cuts("- is it the #1 port")
    {11: '#1 port'}
    """
    if " #" not in text and "\t#" not in text:
        return {}
    return {found.start(): found[1].strip() for found in _CUT.finditer(text)}


def goes_on(raw: str) -> int | None:
    """Where in plain text a line begins like an item of a list, and is none."""
    found = _GOES_ON.search(raw) if "\n" in raw else None
    return found.start(1) if found else None


def _mark(text: str, at: int) -> Mark:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def unreadable(text: str, error: yaml.YAMLError) -> Mistake:
    """What YAML's parser says, where the mistake is, in a moderator's words."""
    unclosed = _unclosed_quote(text)
    if unclosed or not isinstance(error, yaml.MarkedYAMLError):
        return unclosed or ((1, 1), "this cannot be read as YAML")
    context, problem = error.context_mark, error.problem_mark
    is_open = re.search("flow|simple key", error.context or "")
    at = (is_open and context) or problem or context
    mark = (at.line + 1, at.column + 1) if at else (1, 1)
    lines = text.splitlines()
    seen = problem.line + 1 if problem else mark[0]
    for number in dict.fromkeys((mark[0], seen, seen - 1)):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        if message := _odd(line):
            return (number, len(line) - len(line.lstrip()) + 1), message
    said = f"{error.context or ''} {error.problem or ''}"
    if better := _likely(lines, mark, said):
        return better
    mend = next((mend for words, mend in MENDS.items() if words in said), None)
    return mark, mend or f"this cannot be read as YAML ({error.problem})"


def _likely(lines: list[str], mark: Mark, said: str) -> Mistake | None:
    """What a moderator probably did, where the parser tells only what followed."""
    number, column = mark
    line = lines[number - 1] if number <= len(lines) else ""
    key, begins = _KEY.match(line), _record_key(lines)
    first = next((at for at, one in enumerate(lines) if _is_content(one)), 0)
    headless = _KEY.match(lines[first]) if lines else None
    if headless and not lines[first].lstrip().startswith("-") and begins:
        return (first + 1, headless.start(2) + 1), new_record(headless[2])
    if "expected '-' indicator" in said and key and key[2] == begins:
        return mark, new_record(begins)
    before = line[: column - 1]
    if "mapping values" in said and ": " not in before:
        column = len(line) - len(line.lstrip()) + 1
        return (
            number,
            column,
        ), "this line is not indented like its neighbours; line it up"
    above = lines[number - 2] if number > 1 and not key else ""
    mend = _in_quotes(line, before, above, said)
    return (mark, mend) if mend else None


def _in_quotes(line: str, before: str, above: str, said: str) -> str:
    """How quotation marks mend a line; "" where they do not. `above` is no key."""
    if "mapping values" in said and _CURLY.search(before):
        return "put the text in plain quotation marks, \" or '"
    if _ENDS_CUT.search(above):
        return "' #' above begins a comment; put the text in quotation marks"
    quoted = _OPEN_QUOTE.match(line)
    before = before.rstrip()
    if quoted and before.endswith(quoted["mark"]) and len(before) > quoted.end():
        mend = _DOUBLED if quoted["mark"] == "'" else _SINGLED
        return f"text goes on behind the quotation mark{mend}"
    return ""


def _record_key(lines: list[str]) -> str:
    """The field that the records of a file begin with; "" where there is none."""
    found = (re.match(r"- +([\w-]+):(?:\s|$)", line) for line in lines)
    return next((one[1] for one in found if one), "")


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _unclosed_quote(text: str) -> Mistake | None:
    """The opening quotation mark whose line ends open before a line that is a key."""
    lines = text.split("\n")
    following: str | None = None
    mistake: Mistake | None = None
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        found = _OPEN_QUOTE.match(line)
        if found and (following is None or _NEXT_KEY.match(following)):
            mark, rest = found["mark"], line[found.end() :]
            rest = rest.replace("''", "") if mark == "'" else re.sub(r"\\.", "", rest)
            if mark not in rest:
                says = "this quotation mark is never closed"
                mend = _DOUBLED if mark == "'" else "; close it"
                mistake = (number, found.start("mark") + 1), f"{says}{mend}"
        following = line if line.strip() else following
    return mistake


_CURLY = re.compile(r"(?:[\w-]+: +|- +)[“”„«»‘’]")
_DOUBLED: Final = "; put the whole text in double quotation marks"
_SINGLED: Final = "; put the whole text in single quotation marks"

MENDS: Final = {
    "mapping values are not allowed": (
        "a second ': ' on this line; put the text in quotation marks"
    ),
    "did not find expected key": (
        "this line is not indented like its neighbours; line it up"
    ),
    "did not find expected '-' indicator": (
        "this line is not indented like its neighbours; line it up with the list"
    ),
    "could not find expected ':'": "a field's name needs a ':' and a space after it",
    "did not find expected ',' or ']'": "a '[' list is never closed; close it with ']'",
    "did not find expected ',' or '}'": "a '{' is never closed; close it with '}'",
    "cannot start any token": (
        "a value cannot start with this character; put it in quotation marks"
    ),
    "found undefined tag": "a value that starts with '!' needs quotation marks",
    "alphabetic or numeric character": (
        "a value that starts with '*' or '&' needs quotation marks"
    ),
    "unexpected end of stream": "something that was opened here is never closed",
    "unknown escape character": (
        "a '\\' inside double quotation marks; use single ones"
    ),
    "found undefined alias": "a value that starts with '*' needs quotation marks",
}
"""What is in YAML's own words → the mend."""
