"""What Discord accepts of messages, forms and choices: checked before it is sent.

discord.py checks some of it only. Payloads are as `to_components` gives them.
Source: https://docs.discord.com/developers/components/reference
and https://docs.discord.com/developers/resources/message
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeGuard

MAX_CONTENT: Final = 2000
"""Characters of a message's content."""

MAX_TEXT: Final = 4000
"""Characters of all texts of a message with components of the second version."""

MAX_COMPONENTS: Final = 40
"""Components of such a message, nested ones too."""

MAX_CARDS: Final = 4
"""Cards in a message: the project's choice; each takes at most nine components."""

MAX_TITLE: Final = 256
"""Characters of a card's title: the project's choice."""

MAX_CHOICES: Final = 25
"""Choices that autocomplete or a menu may offer."""

MAX_CHOICE: Final = 100
"""Characters of a choice's name, and of its value."""

MAX_LABEL: Final = 80
"""Characters of a button's words."""

MAX_QUESTION: Final = 300
"""Characters of the question given to /ask: the project's choice; Discord's is 6000."""

_ROW: Final = 5
_ROWS: Final = 5
_TEXTS: Final[Mapping[str, int]] = {
    "custom_id": 100,
    "placeholder": 150,
    "label": MAX_LABEL,
    "description": 100,
    "value": 4000,
    "title": 45,
}
"""Characters of each text of a component, where it has no other limit here."""

_ACTION_ROW, _BUTTON, _MENU, _INPUT, _TEXT, _LABEL = 1, 2, 3, 4, 10, 18

Component = Mapping[str, object]


def width(text: str) -> int:
    """The length of text as Discord may count it: in UTF-16 units.

    Discord does not say what it counts; this is never less than code points.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(content: str | None, components: Sequence[Component]) -> list[str]:
    """Why Discord would refuse a message; empty where it would not.

    Where any text is a component, the message is one of the second version.
    """
    found = list(_of_components(components))
    texts = [one for one in walk(components) if one.get("type") == _TEXT]
    if texts:
        if content is not None:
            found.append("content beside components of the second version")
        total = sum(width(str(one.get("content") or "")) for one in texts)
        if total > MAX_TEXT:
            found.append(f"{total} characters in all; {MAX_TEXT} are accepted")
        return found
    if content is None or not content.strip():
        found.append("nothing in it")
    elif width(content) > MAX_CONTENT:
        found.append(f"{width(content)} characters; {MAX_CONTENT} are accepted")
    if len(components) > _ROWS:
        found.append(f"{len(components)} rows; {_ROWS} are accepted")
    return [*found, *_broken("content", content or "")]


def form_problems(form: Component) -> list[str]:
    """Why Discord would refuse a form; empty where it would not."""
    components = form.get("components")
    fields = list(components) if _is_list(components) else []
    found = [
        problem
        for name in ("title", "custom_id")
        for problem in _text(name, str(form.get(name) or ""), _TEXTS[name])
    ]
    if not 1 <= len(fields) <= _ROWS:
        found.append(f"{len(fields)} fields; 1 to {_ROWS} are accepted")
    for field in fields:
        if field.get("type") == _LABEL:
            found += _text("label", str(field.get("label") or ""), 45)
    return [*found, *_of_components(fields)]


def choice_problems(choices: Sequence[tuple[str, str]]) -> list[str]:
    """Why Discord would refuse choices of autocomplete, each a name and a value."""
    found = [
        problem
        for choice in choices
        for what, text in zip(("name", "value"), choice, strict=True)
        for problem in _text(what, text, MAX_CHOICE)
    ]
    if len(choices) > MAX_CHOICES:
        found.append(f"{len(choices)} choices; {MAX_CHOICES} are accepted")
    return found


def walk(components: Iterable[Component]) -> Iterator[Component]:
    """Every component, nested ones after what they are in."""
    for one in components:
        yield one
        for name in ("components", "component", "accessory"):
            inner = one.get(name)
            yield from walk(
                inner if _is_list(inner) else [inner] if _is_one(inner) else []
            )


def _of_components(components: Sequence[Component]) -> Iterator[str]:
    every = list(walk(components))
    ids = [str(one["custom_id"]) for one in every if one.get("custom_id")]
    if len(every) > MAX_COMPONENTS:
        yield f"{len(every)} components; {MAX_COMPONENTS} are accepted"
    if len(set(ids)) < len(ids):
        yield "a custom id that is there twice"
    for one in every:
        yield from _of_component(one)


def _of_component(one: Component) -> Iterator[str]:
    kind = one.get("type")
    if kind == _TEXT:
        content = str(one.get("content") or "")
        if not content.strip():
            yield "a text with nothing in it"
        yield from _broken("text", content)
    if kind == _ACTION_ROW:
        inner = one.get("components")
        count = len(inner) if _is_list(inner) else 0
        if not 1 <= count <= _ROW:
            yield f"{count} components in a row; 1 to {_ROW} are accepted"
    if kind == _MENU:
        yield from _of_menu(one)
    if kind in {_BUTTON, _MENU, _INPUT}:
        yield from _of_control(one)


def _of_control(one: Component) -> Iterator[str]:
    for name, limit in _TEXTS.items():
        text = one.get(name)
        if isinstance(text, str) and text:
            yield from _text(name, text, limit)
    if not one.get("custom_id") and not one.get("url"):
        yield "a component without a custom id"
    if one.get("type") == _BUTTON and not one.get("label"):
        yield "a button without a label"


def _of_menu(menu: Component) -> Iterator[str]:
    options = menu.get("options")
    choices = list(options) if _is_list(options) else []
    if not 1 <= len(choices) <= MAX_CHOICES:
        yield f"{len(choices)} choices; 1 to {MAX_CHOICES} are accepted"
    values = [str(one.get("value") or "") for one in choices]
    if len(set(values)) < len(values):
        yield "a choice that is there twice"
    for one in choices:
        yield from _text("choice", str(one.get("label") or ""), MAX_CHOICE)
        yield from _text("choice's value", str(one.get("value") or ""), MAX_CHOICE)
        yield from _text("choice", str(one.get("description") or "-"), MAX_CHOICE)


def _text(what: str, text: str, limit: int) -> Iterator[str]:
    if not text.strip():
        yield f"nothing in a {what}"
    if width(text) > limit:
        yield f"{width(text)} characters of {what}; {limit} are accepted"
    yield from _broken(what, text)


def _broken(what: str, text: str) -> Iterator[str]:
    if any("\ud800" <= char <= "\udfff" for char in text):
        yield f"half a character in the {what}"


def _is_one(value: object) -> TypeGuard[Component]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[Sequence[Component]]:
    return isinstance(value, list)
