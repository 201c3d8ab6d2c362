"""A small package of word vectors, in the form in which the real one keeps them."""

import json
import struct
import sys
from collections.abc import Mapping, Sequence
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from bot.matching import vectors
from bot.matching.vectors import WordVectors, word_vectors

NAME: Final = "madeupvectors"
UNKNOWN: Final = "[UNK]"


def write(
    folder: Path, table: Mapping[str, Sequence[float]], dtype: str = "F16"
) -> None:
    """Write a package with a vector for each word; other words have that of UNKNOWN."""
    package = folder / NAME
    for name in ("", "weights", "tokenizers"):
        (package / name).mkdir()
    (package / "__init__.py").touch()
    numbers = np.array(
        list(table.values()), np.float16 if dtype == "F16" else np.float32
    )
    about = {
        "dtype": dtype,
        "shape": list(numbers.shape),
        "data_offsets": [0, numbers.nbytes],
    }
    head = json.dumps({"__metadata__": {"of": "tests"}, "embedding": about}).encode()
    (package / "weights" / "l2_supercat_256.safetensors").write_bytes(
        struct.pack("<Q", len(head)) + head + numbers.tobytes()
    )
    pieces: dict[str, object] = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {
            "type": "WordLevel",
            "vocab": {word: at for at, word in enumerate(table)},
            "unk_token": UNKNOWN,
        },
    }
    (package / "tokenizers" / "l2_supercat_tokenizer_config.json").write_text(
        json.dumps(pieces), encoding="utf-8"
    )


def read(folder: Path) -> WordVectors | None:
    """The vectors of the package in a folder, read as the installed ones are."""
    if find_spec("tokenizers") is None:
        pytest.skip("tokenizers is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(folder), *sys.path])
        invalidate_caches()
        patch.setattr(vectors, "_PACKAGE", NAME)
        return word_vectors.__wrapped__()


def small(folder: Path, table: Mapping[str, Sequence[float]]) -> WordVectors:
    """Vectors of a few words; UNKNOWN must be one of them."""
    write(folder, table)
    found = read(folder)
    assert found is not None
    return found
