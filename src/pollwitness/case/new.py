"""A new case folder, ready to be filled in."""

from __future__ import annotations

from pathlib import Path

from pollwitness.case.folder import InputRefusedError
from pollwitness.case.head import FILE, head_text, parse_head
from pollwitness.case.write import check_new, replace_file
from pollwitness.tables import Case, election_schemas

_STARTED_TABLES = ("areas", "stations", "documents", "official_results", "protocols", "claims")


def new_case(folder: Path, case: Case) -> tuple[Path, ...]:
    """Make a case folder with its head and the headers of the tables that most cases need.

    Returns the files that were made.

    Raises:
        FolderExistsError: if the folder is there and not empty; nothing is overwritten.
        InputRefusedError: if the head could not be read again, such as for an id with a space.
    """
    head = head_text(case).encode("utf-8", "surrogatepass")
    read = parse_head(head)
    if not isinstance(read, Case):
        raise InputRefusedError(read)
    check_new(folder)
    for name in ("tables", "documents", "evidence"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    schemas = election_schemas(case.option_ids)
    files = {folder / FILE: head}
    for name in _STARTED_TABLES:
        files[folder / "tables" / f"{name}.csv"] = (",".join(schemas[name].names) + "\n").encode()
    for path, content in files.items():
        replace_file(path, content)
    return tuple(files)
