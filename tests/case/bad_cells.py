"""Case folders with wrong columns, and with cells that do not fit their column."""

# ruff: noqa: E501 (the messages stand here as users see them, one line each)

from tests.case.bad_folder import BadFolder
from tests.case.small_folder import TABLES, add, put, swap

_AREAS = [f"a {number},land,district,District {number}," for number in range(104)]

_IDS = "Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9)."
_SAYS_IDS = [
    f"T011 error tables/areas.csv, row {number + 5}, column area_id: not an id ('a {number}'). {_IDS}"
    for number in range(100)
] + [
    f"T011 error tables/areas.csv, row 108, column area_id: not an id: 4 more rows, this is the last. {_IDS}"
]

BAD_CELLS = (
    BadFolder(
        "columns are missing",
        (
            put("areas", "area_id,parent_id,code\nland,,\nnorth,land,\nsouth,land,\n"),
            swap("turnout_counts", ",complete\n", "\n"),
            swap("turnout_counts", ",true\n", "\n"),
        ),
        says="""
T001 error tables/areas.csv, row 1, column level: the column is missing. Add the column level: what kind of area it is.
T001 error tables/areas.csv, row 1, column name: the column is missing. Add the column name: its name.
T001 error tables/turnout_counts.csv, row 1, column complete: the column is missing. Add the column complete: whether the interval covers all voting at the station.
""",
    ),
    BadFolder(
        "a misspelt column",
        (swap("areas", "parent_id", "parentid"),),
        says="""
T002 error tables/areas.csv, row 1, column parentid: the column is not part of this table. Did you mean parent_id?
""",
    ),
    BadFolder(
        "a column with a space before its name",
        (put("areas", TABLES["areas"].replace(",level", ", level")),),
        says="""
T002 error tables/areas.csv, row 1, column ' level': the column is not part of this table. Did you mean level?
T001 error tables/areas.csv, row 1, column level: the column is missing. Add the column level: what kind of area it is.
""",
    ),
    BadFolder(
        "a column of another world",
        (swap("areas", "level,name,code", "level,name,xyzzy"),),
        says="""
T002 error tables/areas.csv, row 1, column xyzzy: the column is not part of this table. Known columns: area_id, parent_id, level, name, code.
""",
    ),
    BadFolder(
        "a column without a name",
        (put("areas", TABLES["areas"].replace("\n", ",\n")),),
        says="""
T002 error tables/areas.csv, row 1, column '': the column is not part of this table. Known columns: area_id, parent_id, level, name, code.
""",
    ),
    BadFolder(
        "a column twice",
        (swap("areas", "level,name,code", "level,name,name"),),
        says="""
T003 error tables/areas.csv, row 1, column name: the column stands twice. Remove one of the two columns.
""",
    ),
    BadFolder(
        "votes for an option that the case does not have",
        (swap("protocol_sums", "votes_boris", "votes_clara"),),
        says="""
T017 error tables/protocol_sums.csv, row 1, column votes_clara: the column names an option that the case does not have. Name an option of case.toml: anna, boris, yes, no.
""",
    ),
    BadFolder(
        "votes in a table that holds none",
        (swap("areas", "code", "votes_anna"),),
        says="""
T002 error tables/areas.csv, row 1, column votes_anna: the column is not part of this table. Known columns: area_id, parent_id, level, name, code.
""",
    ),
    BadFolder(
        "required values are missing",
        (
            swap("documents", "paper,article,Report,", "paper,article,,"),
            swap("stations", "s2,north,", "s2,,"),
            add("voter_reports", "s2,mayor,anna,paper,,,"),
        ),
        says="""
T004 error tables/documents.csv, row 2, column title: a value is missing. Write the value; this column cannot be unknown.
T004 error tables/stations.csv, row 3, column area_id: a value is missing. Write the value; this column cannot be unknown.
T004 error tables/voter_reports.csv, row 3, column reports: a value is missing. Write the value; this column cannot be unknown.
""",
    ),
    BadFolder(
        "a row of commas",
        (add("areas", ",,,,"),),
        says="""
T004 error tables/areas.csv, row 5, column area_id: a value is missing. Write the value; this column cannot be unknown.
T004 error tables/areas.csv, row 5, column level: a value is missing. Write the value; this column cannot be unknown.
T004 error tables/areas.csv, row 5, column name: a value is missing. Write the value; this column cannot be unknown.
""",
    ),
    BadFolder(
        "counts with separators, commas, signs, decimals, words",
        (
            swap("stations", "1000", "1 000"),
            swap("stations", ",800", ',"1,234"'),
            swap("protocol_sums", "100,90", '"12,5",12.0'),
            swap("turnout_counts", "690", "+690"),
            swap("voter_reports", "20,10,5", "20,n/a,٣"),
        ),
        says="""
T005 error tables/protocol_sums.csv, row 2, column votes_anna: not a whole number ('12,5'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T005 error tables/protocol_sums.csv, row 2, column votes_boris: not a whole number ('12.0'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T005 error tables/stations.csv, row 2, column registered: not a whole number ('1 000'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T005 error tables/stations.csv, row 3, column registered: not a whole number ('1,234'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T005 error tables/turnout_counts.csv, row 2, column entered: not a whole number ('+690'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T005 error tables/voter_reports.csv, row 2, column verified: not a whole number ('٣'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T005 error tables/voter_reports.csv, row 2, column with_photo: not a whole number ('n/a'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
""",
    ),
    BadFolder(
        "negative counts",
        (
            swap("stations", "1000", "-1"),
            swap("protocols", "1000,650,10,350,290", "1000,650,10,350,-48"),
        ),
        says="""
T006 error tables/protocols.csv, row 2, column votes_boris: less than 0 ('-48'). Write a number of 0 or more.
T006 error tables/stations.csv, row 2, column registered: less than 0 ('-1'). Write a number of 0 or more.
""",
    ),
    BadFolder(
        "counts without bound",
        (
            swap("stations", "1000", "1099511627777"),
            swap("stations", "800", "99999999999999999999999999"),
        ),
        says="""
T007 error tables/stations.csv, row 2, column registered: more than 1099511627776 ('1099511627777'). Check for digits typed twice.
T007 error tables/stations.csv, row 3, column registered: more than 1099511627776 ('99999999999999999999999999'). Check for digits typed twice.
""",
    ),
    BadFolder(
        "a version 0",
        (swap("official_results", "r3,mayor,,s1,paper,1", "r3,mayor,,s1,paper,0"),),
        says="""
T006 error tables/official_results.csv, row 4, column version: less than 1 ('0'). Write a number of 1 or more.
""",
    ),
    BadFolder(
        "decimals with a comma, a percent sign, an exponent, without end",
        (
            swap("official_figures", "56.1,56.1", '"56,1",56.1%'),
            swap("claims", "2000,3000", "2e3," + "9" * 31),
        ),
        says="""
T008 error tables/claims.csv, row 3, column high: not a decimal number ('9999999999999999999999999999999'). Write digits with a decimal point, such as 80.1.
T008 error tables/claims.csv, row 3, column low: not a decimal number ('2e3'). Write digits with a decimal point, such as 80.1.
T008 error tables/official_figures.csv, row 2, column high: not a decimal number ('56.1%'). Write digits with a decimal point, such as 80.1.
T008 error tables/official_figures.csv, row 2, column low: not a decimal number ('56,1'). Write digits with a decimal point, such as 80.1.
""",
    ),
    BadFolder(
        "a negative percentage",
        (swap("official_figures", "56.1,56.1", "-56.1,56.1"),),
        says="""
T006 error tables/official_figures.csv, row 2, column low: less than 0 ('-56.1'). Write a number of 0 or more.
""",
    ),
    BadFolder(
        "places off the globe",
        (swap("stations", "52.1,23.5", "-90.5,180.001"), swap("stations", "-33.25,151", "91,-181")),
        says="""
T006 error tables/stations.csv, row 2, column latitude: less than -90 ('-90.5'). Write a number of -90 or more.
T007 error tables/stations.csv, row 2, column longitude: more than 180 ('180.001'). Write at most 180.
T007 error tables/stations.csv, row 3, column latitude: more than 90 ('91'). Write at most 90.
T006 error tables/stations.csv, row 3, column longitude: less than -180 ('-181'). Write a number of -180 or more.
""",
    ),
    BadFolder(
        "flags that say yes",
        (
            swap("turnout_counts", "true", "yes"),
            swap("official_figures", "false", "FALSE"),
            swap("official_results", ",,,false,", ",,,0,"),
        ),
        says="""
T009 error tables/official_figures.csv, row 2, column withdrawn: neither true nor false ('FALSE'). Write true or false.
T009 error tables/official_results.csv, row 4, column withdrawn: neither true nor false ('0'). Write true or false.
T009 error tables/turnout_counts.csv, row 2, column complete: neither true nor false ('yes'). Write true or false.
""",
    ),
    BadFolder(
        "words that are not among the choices",
        (
            swap("protocols", "photo,photo,accepted,c1", "photo,scan,Accepted,c1"),
            swap("claims", "affirmed,,\nk2", "maybe,,\nk2"),
            swap("voter_reports", "mayor,anna", "mayor,clara"),
        ),
        says="""
T010 error tables/claims.csv, row 2, column polarity: not one of the values allowed here ('maybe'). Write one of: affirmed, denied.
T010 error tables/protocols.csv, row 3, column form: not one of the values allowed here ('scan'). Write one of: photo, transcript, qr.
T010 error tables/protocols.csv, row 3, column status: not one of the values allowed here ('Accepted'). Write one of: accepted, rejected, unread.
T010 error tables/voter_reports.csv, row 2, column option_id: not one of the values allowed here ('clara'). Write one of: anna, boris, yes, no.
""",
    ),
    BadFolder(
        "ids with a space, in Cyrillic, too long, with a slash",
        (
            add(
                "areas",
                "e st,land,region,East,",
                "восток,land,region,East,",
                "e" * 65 + ",land,region,East,",
                "../east,land,region,East,",
            ),
        ),
        says="""
T011 error tables/areas.csv, row 5, column area_id: not an id ('e st'). Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
T011 error tables/areas.csv, row 6, column area_id: not an id ('восток'). Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
T011 error tables/areas.csv, row 7, column area_id: not an id ('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'). Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
T011 error tables/areas.csv, row 8, column area_id: not an id ('../east'). Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
""",
    ),
    BadFolder(
        "days that do not exist",
        (
            swap("official_results", "2024-05-07", "2024-02-30"),
            swap("documents", "2024-05-06", "0000-01-01"),
            swap("claims", "Committee,2024-05-06", "Committee,6.5.2024"),
            swap("claims", "2024-05-05,2024-05-06", "2024-5-5,20240506"),
        ),
        says="""
T012 error tables/claims.csv, row 2, column stated_at: not a date, nor a time with its offset ('6.5.2024'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/claims.csv, row 3, column event_from: not a date, nor a time with its offset ('2024-5-5'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/claims.csv, row 3, column event_to: not a date, nor a time with its offset ('20240506'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/documents.csv, row 2, column published_at: not a date, nor a time with its offset ('0000-01-01'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/official_results.csv, row 3, column published_at: not a date, nor a time with its offset ('2024-02-30'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
""",
    ),
    BadFolder(
        "hours that do not exist, and hours without their offset",
        (
            swap(
                "turnout_counts",
                "2024-05-05T08:00+03:00,2024-05-05T20:00+03:00",
                "2024-05-05T24:00+03:00,2024-05-05T20:00",
            ),
            swap("documents", "T22:10+03:00", "T22:10:60Z"),
            swap("official_figures", "2024-05-06", "2024-05-06T10:00+15:00"),
            swap("claims", "Committee,2024-05-06", "Committee,2024-05-06T1٣:00Z"),
        ),
        says="""
T012 error tables/claims.csv, row 2, column stated_at: not a date, nor a time with its offset ('2024-05-06T1٣:00Z'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/documents.csv, row 3, column published_at: not a date, nor a time with its offset ('2024-05-05T22:10:60Z'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/official_figures.csv, row 2, column published_at: not a date, nor a time with its offset ('2024-05-06T10:00+15:00'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/turnout_counts.csv, row 2, column from: not a date, nor a time with its offset ('2024-05-05T24:00+03:00'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T012 error tables/turnout_counts.csv, row 2, column to: not a date, nor a time with its offset ('2024-05-05T20:00'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
""",
    ),
    BadFolder(
        "digests that are none",
        (
            swap("documents", "https://example.org/1,,", "https://example.org/1,," + "a" * 63),
            swap("documents", "T22:10+03:00,,,", "T22:10+03:00,,," + "A" * 64),
        ),
        says="""
T024 error tables/documents.csv, row 2, column sha256: not a SHA-256 digest ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'). Write its 64 digits 0-9 a-f.
T024 error tables/documents.csv, row 3, column sha256: not a SHA-256 digest ('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'). Write its 64 digits 0-9 a-f.
""",
    ),
    BadFolder(
        "texts with spaces at their ends and control characters",
        (
            swap("areas", ",Land,", ", Land,"),
            swap("areas", ",North,", ",North\u00a0,"),
            swap("areas", ",South,", ",So\x1buth,"),
            swap("stations", "Library", '"Library\r\n2"'),
        ),
        says="""
T025 error tables/areas.csv, row 2, column name: the text begins or ends with a space, or holds a control character (' Land'). Remove spaces at its ends and control characters.
T025 error tables/areas.csv, row 3, column name: the text begins or ends with a space, or holds a control character ('North\\xa0'). Remove spaces at its ends and control characters.
T025 error tables/areas.csv, row 4, column name: the text begins or ends with a space, or holds a control character ('So\\x1buth'). Remove spaces at its ends and control characters.
T025 error tables/stations.csv, row 3, column name: the text begins or ends with a space, or holds a control character ('Library\\r\\n2'). Remove spaces at its ends and control characters.
""",
    ),
    BadFolder("104 wrong ids", (add("areas", *_AREAS),), says="\n".join(_SAYS_IDS)),
    BadFolder(
        "what is restricted is not repeated",
        (
            swap(
                "voter_report_items",
                "v1,s1,mayor,boris,true,false",
                "secret person,secret,secret,secret,secret,",
            ),
        ),
        says="""
T018 error tables/voter_report_items.csv, row 2, column contest_id: case.toml has no such contest. Use the id of a contest in case.toml.
T010 error tables/voter_report_items.csv, row 2, column option_id: not one of the values allowed here. Write one of: anna, boris, yes, no.
T009 error tables/voter_report_items.csv, row 2, column photo: neither true nor false. Write true or false.
T011 error tables/voter_report_items.csv, row 2, column report_id: not an id. Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
T015 error tables/voter_report_items.csv, row 2, column station_id: the table stations has no such row. Add it to tables/stations.csv, or correct the id here.
T004 error tables/voter_report_items.csv, row 2, column verified: a value is missing. Write the value; this column cannot be unknown.
""",
    ),
)
