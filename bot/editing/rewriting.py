"""A YAML text with another value in it: only what differs is written anew."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.editing.patching import Entry, Patch
from bot.editing.syntax_tree import Node, Part, Tree, nodes

_REACH: Final = 4
"""How many neighbours on each side of an item show how such items are written."""


def spliced(text: str, value: Tree, origins: Sequence[int | None]) -> str:
    """The text with this value as its root.

    `origins` says of each item of a root list which of the old ones it was, if any.
    The caller reads the result again: a text in a very odd style may come out wrong.

    Raises:
        LayoutError: the text is written in a way that cannot be changed in pieces.
    """
    patch = Patch(text)
    root = nodes(text)
    if root is None or (root.start == root.end and not root.parts):
        patch.write_below(value)
    elif value and root.parts and isinstance(value, list) and root.is_list:
        pairs = [(old, new) for new, old in enumerate(origins) if old is not None]
        _change_items(patch, root, value, pairs or [(0, 0)])
    elif isinstance(value, dict) and _shares_fields(root, value):
        _change_fields(patch, root, value, [])
    else:
        patch.write_root(root, value)
    return patch.result()


def _change(
    patch: Patch, holder: Node, part: Part, new: Tree, peers: Sequence[Node]
) -> None:
    """Give a part another value; peers are what stands in like places."""
    old = part.node
    if old.value == new:
        return
    if isinstance(new, dict) and _shares_fields(old, new):
        _change_fields(patch, old, new, peers)
    elif new and old.parts and isinstance(new, list) and old.is_list:
        pairs = _pairs([item.node.value for item in old.parts], new)
        _change_items(patch, old, new, pairs or [(0, 0)])
    else:
        patch.replace(holder, part, new, peers)


def _change_fields(
    patch: Patch, node: Node, new: Mapping[str, Tree], peers: Sequence[Node]
) -> None:
    names = [part.name for part in node.parts]
    added: dict[int, list[Entry]] = {}
    likes: dict[str | None, Sequence[Node]] = {}
    after = -1
    for field, value in new.items():
        likes[field] = [one.node for one in _fields(peers, field)]
        if field in names:
            after = names.index(field)
            _change(patch, node, node.parts[after], value, likes[field])
        else:
            added.setdefault(after, []).append((field, value))
    kept = [index for index, field in enumerate(names) if field in new]
    patch.take(node, kept)
    for after, entries in added.items():
        patch.add(node, kept[0], after, entries, likes)


def _change_items(
    patch: Patch, node: Node, new: Sequence[Tree], pairs: Sequence[tuple[int, int]]
) -> None:
    added: dict[int, list[Entry]] = {}
    old_of = {right: left for left, right in pairs}
    after = -1
    for index, value in enumerate(new):
        if index in old_of:
            after = old_of[index]
            _change(patch, node, node.parts[after], value, _around(node, after))
        else:
            added.setdefault(after, []).append((None, value))
    kept = [left for left, _ in pairs]
    patch.take(node, kept)
    for after, entries in added.items():
        near = max(after, kept[0])
        likes: dict[str | None, Sequence[Node]] = {
            None: [node.parts[near].node, *_around(node, near)]
        }
        patch.add(node, kept[0], after, entries, likes)


def _shares_fields(node: Node, value: Mapping[str, Tree]) -> bool:
    """Whether a node is a mapping with some of these fields."""
    return any(part.name in value for part in node.parts)


def _fields(peers: Iterable[Node], field: str) -> list[Part]:
    return [part for peer in peers for part in peer.parts if part.name == field]


def _around(node: Node, index: int) -> list[Node]:
    """The neighbours of an item, nearest first."""
    found: list[Node] = []
    for distance in range(1, _REACH + 1):
        places = (index - distance, index + distance)
        found += [node.parts[at].node for at in places if 0 <= at < len(node.parts)]
    return found


def _pairs(old: Sequence[Tree], new: Sequence[Tree]) -> list[tuple[int, int]]:
    """Which items of two lists are the same, or one with changes in it; in order."""
    matcher = difflib.SequenceMatcher(
        None, list(map(json.dumps, old)), list(map(json.dumps, new)), autojunk=False
    )
    pairs: list[tuple[int, int]] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(range(i, i_end), range(j, j_end), strict=True)
        elif kind == "replace":
            same_size = i_end - i == j_end - j
            start = j
            for left in range(i, i_end):
                alike = (
                    right
                    for right in range(start, j_end)
                    if _alike(old[left], new[right], same_size=same_size)
                )
                if (right := next(alike, None)) is not None:
                    pairs.append((left, right))
                    start = right + 1
    return pairs


def _alike(one: Tree, other: Tree, *, same_size: bool) -> bool:
    """Whether an item is rather the other with changes than one of its own."""
    if isinstance(one, dict) and isinstance(other, dict):
        if "id" in one or "id" in other:
            return one.get("id") == other.get("id")
        return same_size or any(other.get(key) == one[key] for key in one)
    return type(one) is type(other)
