"""What is found by meaning: by an operator's sentence model, by word vectors, or not.

Whatever is wrong with a model, the bot goes on without it.
"""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from bot.matching.embedding import SentenceModel, sentence_model
from bot.matching.vectors import Vectors, WordVectors, word_vectors
from bot.setting_values import NO_MODEL
from bot.settings import SettingProblem, Settings

MODEL: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"

_INSTALL: Final = "run: pip install --require-hashes -r deploy/sentence-model.txt"


class Chosen(NamedTuple):
    """What is used, None for nothing, and what keeps the model from being used."""

    vectors: Vectors | None
    problem: SettingProblem | None = None


def chosen(settings: Settings) -> Chosen:
    """What the operator has chosen, else what is installed. Never raises."""
    named, sha256 = settings.meaning_model, settings.meaning_model_sha256
    words = None if named == NO_MODEL else word_vectors()
    if isinstance(named, Path):
        found = read(named, sha256, words)
        if isinstance(found, SentenceModel):
            return Chosen(found)
        says, mend = found
        return Chosen(
            words, _problem("MEANING_MODEL", f"{says}, so {used(words)}; {mend}")
        )
    if sha256:
        says = (
            "MEANING_MODEL names no folder with a model; set it to one, or unset this"
        )
        return Chosen(words, _problem("MEANING_MODEL_SHA256", says))
    return Chosen(words)


def used(vectors: Vectors | None) -> str:
    """What is used where there is no sentence model, in words."""
    return "word vectors are used" if vectors else "nothing is found by meaning"


def _problem(variable: str, message: str) -> SettingProblem:
    return SettingProblem(variable, "warning", message)


class Unusable(NamedTuple):
    """Why a model cannot be used, and the mend."""

    says: str
    mend: str


def read(
    folder: Path, sha256: str | None, words: WordVectors | None
) -> SentenceModel | Unusable:
    """The sentence model in a folder; else why there is none, and the mend.

    Where the model's file has another hash than the one that is given, it is not run.
    """
    try:
        model, tokenizer = ((folder / one).read_bytes() for one in (MODEL, TOKENIZER))
    except OSError as error:
        file = error.filename or folder
        says = f"'{file}' cannot be read ({error.strerror or error})"
        mend = f"put a sentence model's {MODEL} and {TOKENIZER} there"
        return Unusable(says, f"{mend}, or unset MEANING_MODEL")
    found = hashlib.sha256(model).hexdigest()
    if sha256 not in {None, found}:
        return Unusable(
            f"'{folder / MODEL}' has another hash than MEANING_MODEL_SHA256 ({found})",
            "put the right file there, or set MEANING_MODEL_SHA256 to this one's hash",
        )
    try:
        return sentence_model(model, tokenizer, words)
    except ImportError as error:
        return Unusable(f"{error.name or 'onnxruntime'} is not installed", _INSTALL)
    except ValueError as error:
        says = f"what is in '{folder}' is no sentence model ({error})"
        mend = f"put another one's {MODEL} and {TOKENIZER} there"
        return Unusable(says, f"{mend}, or unset MEANING_MODEL")
