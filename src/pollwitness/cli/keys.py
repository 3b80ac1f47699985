"""Options and prompts for keys, shared by the commands that sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pollwitness.errors import QuestionError
from pollwitness.evidence.keys import read_key
from pollwitness.evidence.notes import SigningKey
from pollwitness.language import gettext as _

KeyOption = Annotated[Path, typer.Option("--key", help="The private key that signs.")]
PassphraseOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="A file with the passphrase; else it is asked for."),
]


def passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase from a file, or asked for without showing it."""
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    text: str = typer.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=new, err=True)
    return text


def signing_key(file: Path, passphrase_file: Path | None, *, outside: Path | None) -> SigningKey:
    """The key of a file.

    Raises:
        QuestionError: if the file lies inside the case, and would be published or lost with it.
    """
    if outside is not None and file.resolve().is_relative_to(outside.resolve()):
        raise QuestionError(f"{file} lies inside {outside}; keep keys elsewhere")
    return read_key(file, passphrase(passphrase_file))
