"""Schemas, validation and the tables that the analysis works on."""

from pollwitness.tables.canonical import (
    TableDigest,
    canonical_csv,
    columns_written,
    table_digests,
)
from pollwitness.tables.case import (
    FORMAT,
    Audience,
    Case,
    Contest,
    ContestRule,
    Option,
    OptionKind,
)
from pollwitness.tables.case_tables import CaseTables
from pollwitness.tables.consistency import consistency_problems
from pollwitness.tables.csv_text import TextTable, read_csv_text
from pollwitness.tables.election import (
    count_columns,
    earlier_column,
    election_schemas,
    vote_column,
)
from pollwitness.tables.gate import anonymised_tables, public_tables, shown_tables
from pollwitness.tables.parsing import ROW, ParsedTable, parse_table
from pollwitness.tables.problems import Problem, Severity, has_errors, in_order
from pollwitness.tables.schema import LARGEST_COUNT, Column, Kind, Schema

__all__ = [
    "FORMAT",
    "LARGEST_COUNT",
    "ROW",
    "Audience",
    "Case",
    "CaseTables",
    "Column",
    "Contest",
    "ContestRule",
    "Kind",
    "Option",
    "OptionKind",
    "ParsedTable",
    "Problem",
    "Schema",
    "Severity",
    "TableDigest",
    "TextTable",
    "anonymised_tables",
    "canonical_csv",
    "columns_written",
    "consistency_problems",
    "count_columns",
    "earlier_column",
    "election_schemas",
    "has_errors",
    "in_order",
    "parse_table",
    "public_tables",
    "read_csv_text",
    "shown_tables",
    "table_digests",
    "vote_column",
]
