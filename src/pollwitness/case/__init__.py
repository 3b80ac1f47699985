"""Case folders: read, check, write, correct. The only package of the library that touches files."""

from pollwitness.case.correct import Correction, correct_protocol
from pollwitness.case.folder import CaseFolder, InputRefusedError, read_case, validate_case
from pollwitness.case.importing.account import ImportAccount, TableAccount
from pollwitness.case.importing.run import Wishes, import_file
from pollwitness.case.new import new_case
from pollwitness.case.write import write_case

__all__ = [
    "CaseFolder",
    "Correction",
    "ImportAccount",
    "InputRefusedError",
    "TableAccount",
    "Wishes",
    "correct_protocol",
    "import_file",
    "new_case",
    "read_case",
    "validate_case",
    "write_case",
]
