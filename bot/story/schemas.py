"""JSON Schemas of the fact files, for editors: generated from the models."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.story.files import FILES
from bot.story.model import About

FOLDER: Final = "schema"


def schemas() -> Mapping[str, str]:
    """The schema of each kind of fact file as JSON text, by its file name."""
    return {f"{name}.json": _schema(name) for name in FILES}


def write(story: Path) -> None:
    """Write the schemas into a story's folder, where its files look for them.

    Raises:
        OSError: the folder cannot be written.
    """
    (story / FOLDER).mkdir(exist_ok=True)
    for name, text in schemas().items():
        (story / FOLDER / name).write_text(text, encoding="utf-8")


def _schema(name: str) -> str:
    """A file's schema: a record where it holds one, else a list of them."""
    model = FILES[name]
    schema = model.model_json_schema()
    if model is not About:
        definitions = {**schema.pop("$defs", {}), model.__name__: schema}
        items = {"$ref": f"#/$defs/{model.__name__}"}
        schema = {"$defs": definitions, "type": "array", "items": items}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = f"Receipts: {name}"
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
