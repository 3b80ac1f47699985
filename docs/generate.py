"""The reference pages that derive from the code: tables, rules, problems, commands, checks, texts.

Run it by itself to look at the pages: python docs/generate.py
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

import pollwitness
from pollwitness.checks import CATALOGUE, TEXTS, VERDICT_WORDS
from pollwitness.cli.main import app
from pollwitness.quantities import Measure, Verdict
from pollwitness.tables import Column, Kind, Schema, election_schemas
from pollwitness.tally import RULES, Effect, Rule

SOURCES = Path(pollwitness.__file__).parent
READER_PACKAGES = ("case", "tables")
PROBLEM_ID = re.compile(r"^[CFIMT]\d{3}$")
PLACEHOLDER = "<option_id>"
NOTE = "This page is made from the code by `docs/generate.py`."

ABOUT_TABLES = (
    "Each table is `tables/<name>.csv` or `tables/<name>.parquet`; only those that exist are "
    "read. An empty cell means *not known*, never 0. A column that may be empty may also be "
    f"left out. `{PLACEHOLDER}` stands for the id of an option in `case.toml`: a contest with "
    "the options `anna` and `boris` has the columns `votes_anna` and `votes_boris`. Equal "
    "rows with equal keys are one row, with a warning; differing rows with equal keys are an "
    "error."
)
ABOUT_RULES = (
    "`pollwitness validate` lists every breach as a warning. A breach never stops anything. "
    "The last column says what it takes out of the bounds."
)
ABOUT_CORRECTIONS = (
    "A correction is a new copy that names the old one: [](../../../guides/correcting.md)."
)
ABOUT_PROBLEMS = (
    "Reading reports all problems at once, each with its id, the file, the row (the header is "
    "row 1), the column, the value and the mend. An error refuses the input; a warning is "
    "listed and nothing stops. `C` is about `case.toml`, `F` about a file of a case, `T` about a "
    "table, `M` about a mapping, `I` about a foreign file that is imported. "
    "`P` is about a results form: see [](rules/index.md). An ellipsis stands for what differs "
    "from case to case."
)
ABOUT_COMMANDS = (
    "Answers go to standard output, progress and errors to standard error. `--json` prints "
    "one object `{format, command, result, problems}`; lists are sorted, and keys are only "
    "ever added."
)
ABOUT_CHECKS = (
    "`pollwitness check` asks these questions, in this order. A check answers with findings, "
    "or says what it lacks. An id is never used again for another question."
)
ABOUT_TEXTS = (
    "A finding holds text ids and figures, no prose, so that a translation never changes it. "
    "A name in braces is the figure of that name in the same finding; `{left}`, `{right}`, "
    "`{claimed}`, `{area}` and `{options}` come from its other fields."
)

EFFECTS = {
    Effect.NOTHING: "Nothing. The form bounds its station as if the rule were kept.",
    Effect.INCONSISTENT: (
        "The form is inconsistent. It is read *as written*, with *one figure misread* (the "
        "headline), and *left out*; see [](../../../methods/readings.md)."
    ),
    Effect.EVERYTHING: "Everything. The form bounds nothing; its station counts as not seen.",
}
KINDS = {
    Kind.ID: "id",
    Kind.TEXT: "text",
    Kind.INTEGER: "whole number",
    Kind.DECIMAL: "decimal",
    Kind.BOOLEAN: "true / false",
    Kind.CHOICE: "one of",
    Kind.MOMENT: "day or time",
    Kind.DIGEST: "SHA-256",
}


def write_pages(folder: Path) -> None:
    """Write every generated page; a page that did not change keeps its time."""
    pages = {
        "tables.md": tables_page(),
        "rules/index.md": rules_page(),
        **{f"rules/{rule.id}.md": rule_page(rule) for rule in RULES},
        "problems.md": problems_page(),
        "commands.md": commands_page(),
        "checks.md": checks_page(),
        "texts.md": texts_page(),
    }
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in pages:
            path.unlink()


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; pipes in cells are escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )


def code(text: str) -> str:
    """A text in code type; an empty one stays empty."""
    return f"`{text}`" if text else ""


# Tables


def tables_page() -> str:
    """Every table of a case folder with its columns."""
    sections = [
        "# Tables of a case folder",
        NOTE,
        ABOUT_TABLES,
        *(_table_section(schema) for schema in election_schemas((PLACEHOLDER,)).values()),
    ]
    return "\n\n".join(sections) + "\n"


def _table_section(schema: Schema) -> str:
    rows = [_column_row(schema, column) for column in schema.columns]
    restricted = (
        "\n\nThis table is *restricted*: its values stay out of messages, logs and findings."
        if schema.restricted
        else ""
    )
    key = ", ".join(code(name) for name in schema.key)
    table = markdown_table(("column", "type", "may be empty", "meaning"), rows)
    return f"## {schema.name}\n\nA row is {schema.meaning}.{restricted}\n\nKey: {key}.\n\n{table}"


def _column_row(schema: Schema, column: Column) -> tuple[str, str, str, str]:
    unit = f" ({column.unit})" if column.unit else ""
    hidden = " Restricted." if column.restricted and not schema.restricted else ""
    empty = "yes" if column.nullable else "no"
    return code(column.name), _kind_text(column), empty, f"{column.meaning}{unit}{hidden}"


def _kind_text(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        if column.choices == (PLACEHOLDER,):
            return "id of an option"
        return ", ".join(code(choice) for choice in column.choices)
    text = KINDS[column.kind]
    if column.references:
        text += f", found in [{column.references}](#{column.references})"
    if column.kind is Kind.DECIMAL and column.low is not None and column.high is not None:
        text += f", {column.low} to {column.high}"
    elif column.low is not None:
        text += f", {column.low} or more"
    return text


# Rules of protocols


def rules_page() -> str:
    """The catalogue of protocol rules."""
    rows = [
        (f"[{rule.id}]({rule.id}.md)", rule.title, str(rule.effect))
        for rule in RULES
    ]  # fmt: skip
    pages = "\n".join(rule.id for rule in RULES)
    return (
        "\n\n".join(
            (
                "# Rules of protocols",
                NOTE,
                ABOUT_RULES,
                markdown_table(("rule", "what it notices", "takes out"), rows),
                f"```{{toctree}}\n:hidden:\n\n{pages}\n```",
            )
        )
        + "\n"
    )


def rule_page(rule: Rule) -> str:
    """One rule: meaning, severity, mend, and what it takes out of the bounds."""
    return (
        "\n\n".join(
            (
                f"# {rule.id}: {rule.title}",
                NOTE,
                f"Meaning\n: {rule.meaning}",
                "Severity\n: warning; a breach never stops anything.",
                f"Mend\n: {rule.mend}",
                f"What it takes out of the bounds\n: {EFFECTS[rule.effect]}",
                ABOUT_CORRECTIONS,
            )
        )
        + "\n"
    )


# Problems of the reader


@dataclass(frozen=True)
class KnownProblem:
    """A problem that the reader can report, as the code states it."""

    id: str
    severity: str
    message: str
    mend: str


@dataclass(frozen=True)
class Maker:
    """A call that makes a problem: where its id, message and mend stand among the arguments."""

    id: int
    message: int
    mend: int
    severity: int | None = None


MAKERS = {
    "Fault": Maker(0, 1, 2, 3),
    "Problem": Maker(0, 6, 7, 1),
    "_problem": Maker(0, 2, 3),
    "_refusal": Maker(0, 2, 3),
    "refuse": Maker(0, 3, 4),
}


def problems_page() -> str:
    """Every problem id of the reader."""
    rows = [
        (code(problem.id), problem.severity, problem.message, problem.mend)
        for problem in known_problems()
    ]  # fmt: skip
    return (
        "\n\n".join(
            (
                "# Problems of an input",
                NOTE,
                ABOUT_PROBLEMS,
                markdown_table(("id", "severity", "what is wrong", "mend"), rows),
            )
        )
        + "\n"
    )


def known_problems() -> list[KnownProblem]:
    """The problems that the source of the reader states, by id."""
    found: set[KnownProblem] = set()
    for package in READER_PACKAGES:
        for path in sorted((SOURCES / package).rglob("*.py")):
            found.update(_problems_of(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found, key=lambda p: (p.id, p.message, p.mend))


def _problems_of(module: ast.Module) -> Iterator[KnownProblem]:
    functions = {n.name: n for n in ast.walk(module) if isinstance(n, ast.FunctionDef)}
    for scope in (module, *functions.values()):
        for call in _own_calls(scope):
            maker = MAKERS.get(_called(call))
            if maker is not None and (name := _problem_id(call, maker.id)):
                yield _stated(name, call, maker, _assigned(scope, call))
            elif _called(call) in functions:
                yield from _passed_on(call, functions[_called(call)])


def _own_calls(scope: ast.AST) -> Iterator[ast.Call]:
    """The calls of a scope that stand in no function within it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _problem_id(call: ast.Call, position: int) -> str:
    if position < len(call.args):
        argument = call.args[position]
        if isinstance(argument, ast.Constant) and PROBLEM_ID.match(str(argument.value)):
            return str(argument.value)
    return ""


def _passed_on(call: ast.Call, function: ast.FunctionDef) -> Iterator[KnownProblem]:
    """Problems whose id is handed to a function that makes them."""
    names = [argument.arg for argument in function.args.args]
    for position, name in enumerate(names):
        given = _problem_id(call, position)
        for inner in _own_calls(function) if given else ():
            maker = MAKERS.get(_called(inner))
            first = inner.args[0] if maker is not None and inner.args else None
            if maker is not None and isinstance(first, ast.Name) and first.id == name:
                yield _stated(given, inner, maker, _assigned(function, inner))


def _stated(name: str, call: ast.Call, maker: Maker, words: dict[str, ast.expr]) -> KnownProblem:
    severity = "error"
    if maker.severity is not None and maker.severity < len(call.args):
        given = call.args[maker.severity]
        severity = given.attr.lower() if isinstance(given, ast.Attribute) else severity
    message, mend = (_words(call.args[at], words) for at in (maker.message, maker.mend))
    return KnownProblem(name, severity, message, mend)


def _assigned(scope: ast.AST, before: ast.Call) -> dict[str, ast.expr]:
    """What stands in each name of the scope at a call: its last assignment before."""
    assignments = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and node.lineno < before.lineno
    ]
    return {
        target.id: node.value
        for node in sorted(assignments, key=lambda node: node.lineno)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _words(node: ast.expr, words: dict[str, ast.expr]) -> str:
    """The text of an expression; what it fills in is shown as an ellipsis."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_words(value, words) for value in values)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{_words(body, words)} Or: {_words(orelse, words)}"
        case ast.Name(id=name) if name in words:
            return _words(words[name], {})
    return "…"


# Commands


def commands_page() -> str:
    """Every command with its help and options."""
    root = typer.main.get_command(app)
    sections = [
        "# Commands",
        NOTE,
        ABOUT_COMMANDS,
        markdown_table(
            ("exit code", "meaning"),
            (
                ("0", "nothing on rung 1 is contradicted; for `validate`: no errors"),
                ("1", "`check`, `tally compare`: something on rung 1 cannot be true"),
                ("2", "the input or the command was refused, or no question could be decided"),
                ("70", "a bug of ours; the traceback is shown"),
                ("130", "interrupted"),
            ),
        ),
        *_command_sections(root, "pollwitness", None),
    ]
    return "\n\n".join(sections) + "\n"


def _command_sections(command: typer.main.TyperGroup, name: str, parent: object) -> Iterator[str]:
    context = command.context_class(command, info_name=name.rsplit(maxsplit=1)[-1], parent=parent)
    subcommands = getattr(command, "commands", {})
    parts = [f"## {name}", _help_text(command.help), f"```text\n{context.get_usage()}\n```"]
    rows = [_parameter_row(parameter) for parameter in command.params]
    if rows:
        parts.append(markdown_table(("argument or option", "needed", "default", "meaning"), rows))
    if subcommands:
        parts.append("Commands: " + ", ".join(code(one) for one in subcommands) + ".")
    yield "\n\n".join(parts)
    for subname, subcommand in subcommands.items():
        yield from _command_sections(subcommand, f"{name} {subname}", context)


def _help_text(text: str | None) -> str:
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(
        f"Example:\n\n```console\n$ {paragraph.removeprefix('Example: ')}\n```"
        if paragraph.startswith("Example: ")
        else paragraph
        for paragraph in paragraphs
    )


def _parameter_row(parameter: object) -> tuple[str, str, str, str]:
    names = getattr(parameter, "opts", [])
    is_argument = getattr(parameter, "param_type_name", "") == "argument"
    shown = getattr(parameter, "metavar", None) if is_argument else ", ".join(names)
    default = getattr(parameter, "default", None)
    plain = default if isinstance(default, str | int) and not isinstance(default, bool) else ""
    choices = getattr(getattr(parameter, "type", None), "choices", ())
    allowed = " One of: " + ", ".join(code(str(c)) for c in choices) + "." if choices else ""
    needed = "yes" if getattr(parameter, "required", False) else "no"
    meaning = getattr(parameter, "help", None) or ""
    return code(str(shown or names[0])), needed, code(str(plain)), meaning + allowed


# Checks and texts


def checks_page() -> str:
    """The catalogue of checks."""
    rows = [
        (
            code(check.id),
            str(check.version),
            TEXTS[check.question],
            _measures(check.measures),
            ", ".join(f"[{name}](tables.md#{name})" for name in check.tables),
            str(int(check.rung)),
            f"[](../../{check.page}.md)",
        )
        for check in CATALOGUE
    ]
    return (
        "\n\n".join(
            (
                "# Catalogue of checks",
                NOTE,
                ABOUT_CHECKS,
                markdown_table(
                    ("id", "version", "question", "claims with measure", "needs", "rung", "method"),
                    rows,
                ),
            )
        )
        + "\n"
    )


def _measures(measures: frozenset[Measure]) -> str:
    if len(measures) == len(Measure):
        return "every measure"
    return ", ".join(code(str(m)) for m in sorted(measures)) or "no claim needed"


def texts_page() -> str:
    """Every text id with its English words."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for name, text in sorted(TEXTS.items()):
        by_kind.setdefault(name.partition(".")[0], []).append((code(name), text))
    sections = [
        "# Text ids",
        NOTE,
        ABOUT_TEXTS,
        "## Words of verdicts",
        markdown_table(
            ("verdict", "words"),
            [(code(str(verdict)), VERDICT_WORDS[verdict]) for verdict in Verdict],
        ),
    ]

    for kind, rows in by_kind.items():
        sections += [f"## {kind}", markdown_table(("text id", "English"), rows)]
    return "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    target = Path(__file__).parent / "reference" / "generated"
    write_pages(target)
    print(target)
