"""Case folders with files that are not tables, or not in the form of one."""

# ruff: noqa: E501 (the messages stand here as users see them, one line each)

import datetime
import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tests.case.bad_folder import BadFolder
from tests.case.small_folder import TABLES, Edit, add, drop, path_of, put, swap


def parquet(name: str, columns: Mapping[str, pl.Series | list[object]]) -> Edit:
    """The table as Parquet with these columns, in place of its CSV."""

    def edit(folder: Path) -> None:
        path_of(folder, name).unlink()
        pl.DataFrame(columns).write_parquet(folder / "tables" / f"{name}.parquet")

    return edit


def _parquet_bytes() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame({"area_id": ["land"], "level": ["nation"], "name": ["Land"]}).write_parquet(stream)
    return stream.getvalue()


def _linked(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere.csv"
    path_of(folder, "areas").rename(elsewhere)
    path_of(folder, "areas").symlink_to(elsewhere)


def _linked_to_nothing(folder: Path) -> None:
    path_of(folder, "claims").unlink()
    path_of(folder, "claims").symlink_to(folder / "nothing.csv")


def _folder_as_table(folder: Path) -> None:
    path_of(folder, "claims").unlink()
    path_of(folder, "claims").mkdir()


def _tables_are_a_file(folder: Path) -> None:
    for path in (folder / "tables").iterdir():
        path.unlink()
    (folder / "tables").rmdir()
    (folder / "tables").write_text("area_id,level,name\n", encoding="utf-8")


def _subfolder(folder: Path) -> None:
    (folder / "tables" / "old").mkdir()


_RAGGED = [f"a{number},land,district" for number in range(103)]
_STRAY = [f'a{number},land,district,the "{number}" hall,' for number in range(102)]
_UTF16 = TABLES["areas"].encode("utf-16")
_RUSSIAN = TABLES["areas"].replace("South", "Юг").encode("cp1251")

_QUOTES = 'Put the whole text in quotation marks and double the inner ones: "the ""big"" hall".'
_FIELDS = "Give every column a value or leave it empty between commas; quote texts with commas."
_SAYS_RAGGED = [
    f"F006 error tables/areas.csv, row {row}: the row has 3 fields where the header has 5. {_FIELDS}"
    for row in range(5, 105)
] + [
    f"F006 error tables/areas.csv, row 107: the row has another number of fields than the header: 3 more rows, this is the last. {_FIELDS}"
]
_INSIDE = "a quotation mark stands inside a text without quotation marks around it"
_SAYS_STRAY = [
    f"F008 error tables/areas.csv, row {row}: {_INSIDE}. {_QUOTES}" for row in range(5, 105)
] + [f"F008 error tables/areas.csv, row 106: {_INSIDE}: 2 more rows, this is the last. {_QUOTES}"]

BAD_FILES = (
    BadFolder(
        "spreadsheets among the tables",
        (
            put("tables/stations.xlsx", b"PK\x03\x04"),
            put("tables/Areas.ODS", b"PK"),
            put("tables/areas.tsv", "area_id\n"),
        ),
        says="""
F001 error tables/Areas.ODS: the file is not a table of a case. Save the sheet as CSV under the name of its table.
F001 error tables/areas.tsv: the file is not a table of a case. Save the sheet as CSV under the name of its table.
F001 error tables/stations.xlsx: the file is not a table of a case. Save the sheet as CSV under the name of its table.
""",
    ),
    BadFolder(
        "a table that no case has",
        (put("tables/voters.csv", "name\nsomeone\n"),),
        says="""
F001 error tables/voters.csv: the file is not a table of a case. Known tables: areas, stations, documents, evidence, official_results, official_figures, protocols, protocol_sums, voter_reports, voter_report_items, turnout_counts, sample, recounts, frame, arrivals, detention_lists, detentions, linkage, links, list_overlaps, listed_people, claims.
""",
    ),
    BadFolder(
        "a folder among the tables",
        (_subfolder,),
        says="""
F001 error tables/old: the file is not a table of a case. Known tables: areas, stations, documents, evidence, official_results, official_figures, protocols, protocol_sums, voter_reports, voter_report_items, turnout_counts, sample, recounts, frame, arrivals, detention_lists, detentions, linkage, links, list_overlaps, listed_people, claims.
""",
    ),
    BadFolder(
        "a file name that would move the cursor",
        (put("tables/are\x1b[2Jas\n.csv", "area_id\n"),),
        says="""
F001 error 'tables/are\\x1b[2Jas\\n.csv': the file is not a table of a case. Known tables: areas, stations, documents, evidence, official_results, official_figures, protocols, protocol_sums, voter_reports, voter_report_items, turnout_counts, sample, recounts, frame, arrivals, detention_lists, detentions, linkage, links, list_overlaps, listed_people, claims.
""",
    ),
    BadFolder(
        "one table as CSV and as Parquet",
        (put("tables/areas.parquet", _parquet_bytes()),),
        says="""
F002 error tables/areas.csv: the table is there twice, as CSV and as Parquet. Keep one of the two.
""",
    ),
    BadFolder(
        "an empty file",
        (put("claims", ""),),
        says="""
F003 error tables/claims.csv: the file has no header. Write the names of the columns in the first row.
""",
    ),
    BadFolder(
        "blank lines only",
        (put("claims", "\n\r\n \n"),),
        says="""
F003 error tables/claims.csv: the file has no header. Write the names of the columns in the first row.
""",
    ),
    BadFolder(
        "a blank line before the header",
        (put("areas", "\n" + TABLES["areas"]),),
        says="""
F003 error tables/areas.csv, row 1: the file has no header. Write the names of the columns in the first row.
""",
    ),
    BadFolder(
        "a table in cp1251",
        (put("areas", _RUSSIAN),),
        says="""
F004 error tables/areas.csv, row 4: the text is not UTF-8. Save the file as UTF-8.
""",
    ),
    BadFolder(
        "a table in UTF-16",
        (put("areas", _UTF16),),
        says="""
F004 error tables/areas.csv, row 1: the text is not UTF-8. Save the file as UTF-8.
""",
    ),
    BadFolder(
        "a table in UTF-16 without its mark",
        (put("areas", _UTF16[2:]),),
        says="""
F009 error tables/areas.csv, row 1: the file holds a zero byte. Save the file as plain text in UTF-8.
""",
    ),
    BadFolder(
        "a byte-order mark",
        (put("areas", TABLES["areas"].encode("utf-8-sig")),),
        says="""
F005 error tables/areas.csv, row 1: the file begins with a byte-order mark. Save the file as UTF-8 without it.
""",
    ),
    BadFolder(
        "a byte-order mark and nothing else",
        (put("claims", b"\xef\xbb\xbf\n"),),
        says="""
F003 error tables/claims.csv: the file has no header. Write the names of the columns in the first row.
F005 error tables/claims.csv, row 1: the file begins with a byte-order mark. Save the file as UTF-8 without it.
""",
    ),
    BadFolder(
        "a zero byte",
        (put("areas", TABLES["areas"].replace("South", "So\0uth")),),
        says="""
F009 error tables/areas.csv, row 4: the file holds a zero byte. Save the file as plain text in UTF-8.
""",
    ),
    BadFolder(
        "rows too short and too long",
        (add("areas", "east,land,region", "west,land,region,West,,"),),
        says="""
F006 error tables/areas.csv, row 5: the row has 3 fields where the header has 5. Give every column a value or leave it empty between commas; quote texts with commas.
F006 error tables/areas.csv, row 6: the row has 6 fields where the header has 5. Give every column a value or leave it empty between commas; quote texts with commas.
""",
    ),
    BadFolder(
        "an unquoted comma in a text",
        (swap("stations", '"School, hall 2"', "School, hall 2"),),
        says="""
F006 error tables/stations.csv, row 2: the row has 8 fields where the header has 7. Give every column a value or leave it empty between commas; quote texts with commas.
""",
    ),
    BadFolder(
        "a blank line at the end",
        (add("areas", ""),),
        says="""
F006 error tables/areas.csv, row 5: the row has 1 fields where the header has 5. Give every column a value or leave it empty between commas; quote texts with commas.
""",
    ),
    BadFolder("103 rows too short", (add("areas", *_RAGGED),), says="\n".join(_SAYS_RAGGED)),
    BadFolder(
        "a quotation mark that is never closed",
        (swap("areas", "region,North", 'region,"North'),),
        says="""
F007 error tables/areas.csv, row 3: a quotation mark is opened and never closed. Close it, or double it inside a text.
""",
    ),
    BadFolder(
        "a quotation mark inside a text",
        (swap("areas", "Land,L", 'The "Land",L'), swap("areas", "South", '"South" coast')),
        says="""
F008 error tables/areas.csv, row 2: a quotation mark stands inside a text without quotation marks around it. Put the whole text in quotation marks and double the inner ones: "the ""big"" hall".
F008 error tables/areas.csv, row 4: a quotation mark stands inside a text without quotation marks around it. Put the whole text in quotation marks and double the inner ones: "the ""big"" hall".
""",
    ),
    BadFolder(
        "102 rows with a quotation mark inside a text",
        (add("areas", *_STRAY),),
        says="\n".join(_SAYS_STRAY),
    ),
    BadFolder(
        "rows that end with a carriage return alone",
        (put("areas", TABLES["areas"].replace("\n", "\r")),),
        says="""
F011 error tables/areas.csv, row 1: a row ends with a carriage return alone. Save the file with LF line ends.
""",
    ),
    BadFolder(
        "one row that ends with a carriage return alone",
        (swap("areas", "North,N\n", "North,N\r"),),
        says="""
F011 error tables/areas.csv, row 3: a row ends with a carriage return alone. Save the file with LF line ends.
""",
    ),
    BadFolder(
        "a carriage return after a closing quotation mark",
        (swap("areas", "north,land,region,North,N\n", '"north"\r,land,region,North,N\n'),),
        says="""
F011 error tables/areas.csv, row 3: a row ends with a carriage return alone. Save the file with LF line ends.
""",
    ),
    BadFolder(
        "semicolons",
        (put("areas", TABLES["areas"].replace(",", ";")),),
        says="""
F012 error tables/areas.csv, row 1: the header has one column and looks separated by something else than commas. Separate the columns with commas.
""",
    ),
    BadFolder(
        "tabs",
        (put("areas", TABLES["areas"].replace(",", "\t")),),
        says="""
F012 error tables/areas.csv, row 1: the header has one column and looks separated by something else than commas. Separate the columns with commas.
""",
    ),
    BadFolder(
        "a linked table",
        (_linked,),
        says="""
F013 error tables/areas.csv: not an ordinary file. Put the file itself here.
""",
    ),
    BadFolder(
        "a link that leads nowhere",
        (_linked_to_nothing,),
        says="""
F013 error tables/claims.csv: not an ordinary file. Put the file itself here.
""",
    ),
    BadFolder(
        "a folder named like a table",
        (_folder_as_table,),
        says="""
F013 error tables/claims.csv: not an ordinary file. Put the file itself here.
""",
    ),
    BadFolder(
        "tables is a file",
        (_tables_are_a_file,),
        says="""
F013 error tables: not a folder. Make it a folder of CSV files.
""",
    ),
    BadFolder(
        "a control character in the header",
        (swap("areas", "area_id,", "x\x01,"),),
        says="""
F015 error tables/areas.csv, row 1: the header holds a control character, or more than 100,000 bytes. Write the names of the columns, separated by commas, in the first row.
""",
    ),
    BadFolder(
        "a header without end",
        (put("claims", "a" * 100_001),),
        says="""
F015 error tables/claims.csv, row 1: the header holds a control character, or more than 100,000 bytes. Write the names of the columns, separated by commas, in the first row.
""",
    ),
    BadFolder(
        "CSV named Parquet",
        (drop("areas"), put("tables/areas.parquet", TABLES["areas"])),
        says="""
F010 error tables/areas.parquet: the file cannot be read as Parquet. Write it again, or save the table as CSV.
""",
    ),
    BadFolder(
        "half a Parquet file",
        (drop("areas"), put("tables/areas.parquet", _parquet_bytes()[:200])),
        says="""
F010 error tables/areas.parquet: the file cannot be read as Parquet. Write it again, or save the table as CSV.
""",
    ),
    BadFolder(
        "an empty Parquet file",
        (drop("areas"), put("tables/areas.parquet", b"")),
        says="""
F010 error tables/areas.parquet: the file cannot be read as Parquet. Write it again, or save the table as CSV.
""",
    ),
    BadFolder(
        "Parquet with types that are not those of the table",
        (
            parquet(
                "areas",
                {
                    "area_id": [1, 2],
                    "level": ["nation", "region"],
                    "name": pl.Series([["A"], ["B"]]),
                    "code": pl.Series(["a", "b"], dtype=pl.Categorical),
                },
            ),
        ),
        says="""
F014 error tables/areas.parquet, column area_id: the column has a type that its values cannot be read from ('Int64'). Store it as text.
F014 error tables/areas.parquet, column code: the column has a type that its values cannot be read from ('Categorical'). Store it as text.
F014 error tables/areas.parquet, column name: the column has a type that its values cannot be read from ('List(String)'). Store it as text.
""",
    ),
    BadFolder(
        "Parquet with counts as decimals, days as days, flags as numbers",
        (
            parquet(
                "turnout_counts",
                {
                    "count_id": ["t1"],
                    "station_id": ["s1"],
                    "document_id": ["paper"],
                    "from": [datetime.date(2024, 5, 5)],
                    "to": ["2024-05-05"],
                    "entered": [690.0],
                    "complete": [1],
                },
            ),
        ),
        says="""
F014 error tables/turnout_counts.parquet, column complete: the column has a type that its values cannot be read from ('Int64'). Store it as text.
F014 error tables/turnout_counts.parquet, column entered: the column has a type that its values cannot be read from ('Float64'). Store it as whole numbers or text.
F014 error tables/turnout_counts.parquet, column from: the column has a type that its values cannot be read from ('Date'). Store it as text.
""",
    ),
    BadFolder(
        "Parquet with wrong values",
        (
            parquet(
                "voter_reports",
                {
                    "station_id": ["s1", "s9"],
                    "contest_id": ["mayor", "mayor"],
                    "option_id": ["anna", "Anna"],
                    "document_id": ["paper", ""],
                    "reports": [-1, 5],
                    "with_photo": ["1,000", None],
                },
            ),
        ),
        says="""
T006 error tables/voter_reports.parquet, row 2, column reports: less than 0 ('-1'). Write a number of 0 or more.
T005 error tables/voter_reports.parquet, row 2, column with_photo: not a whole number ('1,000'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T004 error tables/voter_reports.parquet, row 3, column document_id: a value is missing. Write the value; this column cannot be unknown.
T010 error tables/voter_reports.parquet, row 3, column option_id: not one of the values allowed here ('Anna'). Write one of: anna, boris, yes, no.
T015 error tables/voter_reports.parquet, row 3, column station_id: the table stations has no such row ('s9'). Add it to tables/stations.csv, or correct the id here.
""",
    ),
)
