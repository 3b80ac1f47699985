"""What the commands on detention lists share."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pollwitness.language import gettext as _

app = typer.Typer(no_args_is_help=True, help="Lists of detained people: how many people are there?")
SeedOption = Annotated[int, typer.Option(help="The seed of everything random.", min=0)]


def for_holders() -> str:
    """That what a command prints is not for everybody."""
    return _("These are exact counts, for those who hold the lists; what may be published is "
             "written by: pollwitness detentions report")  # fmt: skip


def models_fitted(done: int) -> None:
    """Say how many models have been fitted, now and then."""
    if done % _EVERY == 0 and sys.stderr.isatty():
        print(_("{n} models fitted").format(n=done), end="\r", file=sys.stderr)  # noqa: T201


_EVERY = 200
