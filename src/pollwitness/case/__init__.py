"""Case folders: read, check, write, correct. The only package of the library that touches files."""

from pollwitness.case.articles import (
    Described,
    ReadArticle,
    add_article,
    articles_of,
    keep_table,
    with_rows,
)
from pollwitness.case.correct import Correction, correct_protocol
from pollwitness.case.evidence import public_files
from pollwitness.case.export import (
    ExportFormat,
    export_case,
)
from pollwitness.case.folder import CaseFolder, InputRefusedError, read_case, validate_case
from pollwitness.case.importing.account import ImportAccount, TableAccount
from pollwitness.case.importing.propose import Proposal, propose_mapping
from pollwitness.case.importing.run import Wishes, import_file
from pollwitness.case.new import new_case
from pollwitness.case.review import Choice, Decision, decide, parse_decisions, read_log
from pollwitness.case.shown import shown_descriptor, shown_head
from pollwitness.case.truth import write_truth
from pollwitness.case.write import check_new, write_case

__all__ = [
    "CaseFolder",
    "Choice",
    "Correction",
    "Decision",
    "Described",
    "ExportFormat",
    "ImportAccount",
    "InputRefusedError",
    "Proposal",
    "ReadArticle",
    "TableAccount",
    "Wishes",
    "add_article",
    "articles_of",
    "check_new",
    "correct_protocol",
    "decide",
    "export_case",
    "import_file",
    "keep_table",
    "new_case",
    "parse_decisions",
    "propose_mapping",
    "public_files",
    "read_case",
    "read_log",
    "shown_descriptor",
    "shown_head",
    "validate_case",
    "with_rows",
    "write_case",
    "write_truth",
]
