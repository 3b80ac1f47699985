"""The entry point: every command, and what each kind of failure looks like."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from typer.exceptions import TyperException

from pollwitness import __version__
from pollwitness.case import InputRefusedError
from pollwitness.cli import (
    audits,
    bundles,
    cases,
    checking,
    claims,
    detentions,
    evidence,
    exports,
    forensics,
    imports,
    protocols,
    quickcounts,
    reading,
    reporting,
    simulation,
    tallies,
)
from pollwitness.cli.output import err, print_json, print_problems
from pollwitness.errors import RefusedError
from pollwitness.language import language_of_environment, speaking

OK, CONTRADICTED, REFUSED, BUG, INTERRUPTED = 0, 1, 2, 70, 130

app = typer.Typer(
    name="pollwitness",
    help="Check an announced election result against the evidence that citizens hold.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
cases.register(app)
checking.register(app)
imports.register(app)
exports.register(app)
reporting.register(app)
simulation.register(app)
bundles.register(app)
reading.register(app)
app.add_typer(audits.app, name="audit")
app.add_typer(quickcounts.app, name="quickcount")
app.add_typer(detentions.app, name="detentions")
app.add_typer(claims.app, name="claims")
app.add_typer(protocols.app, name="protocol")
app.add_typer(tallies.app, name="tally")
app.add_typer(forensics.app, name="forensics")
app.add_typer(evidence.app, name="evidence")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"pollwitness {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Check an announced election result against the evidence that citizens hold."""
    del version


def _may_hold_people(given: list[str]) -> bool:
    """Whether a command is about detention lists, or about a case that has some."""
    tables = [Path(word) / "tables" for word in given]
    return "detentions" in given or any(
        folder.is_dir() and any(folder.glob("detentions.*")) for folder in tables
    )


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (interfaces, "Problems and exits")."""
    given = sys.argv[1:] if arguments is None else arguments
    with speaking(language_of_environment()):
        return _run(given)


def _run(given: list[str]) -> int:
    try:
        code = app(args=given, standalone_mode=False, prog_name="pollwitness")
    except (RefusedError, TyperException) as error:
        _refuse(error, given)
        return REFUSED
    except (KeyboardInterrupt, typer.Abort):
        err().print("pollwitness: interrupted")
        return INTERRUPTED
    except OSError as error:
        # The system refuses, not we: a full disk, a folder that may not be written.
        err().print(
            escape(f"pollwitness: {error.filename or ''}: {error.strerror}"), soft_wrap=True
        )
        return REFUSED
    except Exception as error:  # noqa: BLE001 (a bug of ours: shown, never hidden)
        if _may_hold_people(given):
            # Where it happened, without its message: that may hold a cell with a name.
            traceback.print_tb(error.__traceback__)
            err().print(type(error).__qualname__, markup=False)
        else:
            traceback.print_exc()
        return BUG
    return code if isinstance(code, int) else OK


def _refuse(error: RefusedError | TyperException, given: list[str]) -> None:
    """Say what is wrong with the input: all problems, or one line with its mend."""
    if isinstance(error, TyperException):
        err().print(
            escape(f"pollwitness: {str(error).rstrip('.')}. See: pollwitness --help"),
            soft_wrap=True,
        )
    elif not isinstance(error, InputRefusedError):
        err().print(escape(f"pollwitness: {error}"), soft_wrap=True)
    elif "--json" in given:
        words = [word for word in given if not word.startswith("-")]
        print_json(" ".join(words[:1]), None, error.problems)
    else:
        print_problems(error.problems)


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
