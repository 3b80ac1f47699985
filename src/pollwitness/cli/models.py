"""The model of a language for the tier `nlp`: a folder on disk whose digest is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pollwitness.errors import QuestionError
from pollwitness.reading.document import Tier, digest_of_tree
from pollwitness.reading.parsed import Parse

if TYPE_CHECKING:
    from spacy.tokens import Doc

_BATCH = 256


def load_model(folder: Path, sha256: str | None) -> tuple[Parse, Tier]:
    """A parser by the model in a folder, which must have the given digest.

    Raises:
        QuestionError: if spaCy or the model is missing, or the digest is another one.
    """
    if not (folder / "config.cfg").is_file():
        raise QuestionError(f"{folder} is no folder of a spaCy model: it has no config.cfg")
    found = model_digest(folder)
    if sha256 is None:
        raise QuestionError(
            f"say which model you trust: --model-sha256 {found} if this is the one you mean"
        )
    if found != sha256.lower():
        raise QuestionError(f"the model in {folder} has the digest {found}, not {sha256}")
    try:
        import spacy  # noqa: PLC0415 (only this tier needs it)
    except ImportError as error:
        raise QuestionError(
            "this tier needs spaCy: install pollwitness with the extra nlp"
        ) from error
    model = spacy.load(folder, exclude=["ner"])

    def parse(texts: Sequence[str]) -> Iterator[Doc]:
        return model.pipe(texts, batch_size=_BATCH)

    named = f"{model.meta['lang']}_{model.meta['name']} {model.meta['version']}"
    return parse, Tier("nlp", f"{named}, spaCy {version('spacy')}", found)


def model_digest(folder: Path) -> str:
    """The digest of the files of a folder, byte for byte."""
    return digest_of_tree(
        (path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file()
    )
