"""Everything that can be wrong with a mapping, all at once, each with its whole message."""

import pytest

from pollwitness.case.importing.mapping_file import parse_mapping
from pollwitness.tables import election_schemas

SCHEMAS = election_schemas(("anna", "boris"))
GOOD = 'format = 1\n[source]\nformat = "csv"\n'
TABLE = '[[tables]]\nname = "stations"\n[tables.columns]\nstation_id = "id"\n'

WRONG = {
    "not TOML": ("format = ", "M001 error mapping.toml, key '': not valid TOML "),
    "an unknown key": (
        GOOD.replace("format = 1", "format = 1\nfoo = 1") + TABLE,
        "M002 error mapping.toml, key foo: the key is not known. Known here: format, source, "
        "tables, rows, skip, lookups.",
    ),
    "nothing to do": (
        GOOD,
        "M003 error mapping.toml, key tables: the key is missing. Add a [[tables]] with its name "
        "and columns.",
    ),
    "no format of the source": (
        "format = 1\n[source]\n" + TABLE,
        "M003 error mapping.toml, key source.format: the key is missing. Write one of: csv, jsonl, "
        "parquet, spreadsheet, nist, eml.",
    ),
    "a value of the wrong kind": (
        GOOD + "header_rows = 0\n" + TABLE,
        "M004 error mapping.toml, key source.header_rows: the value is of the wrong kind ('0'). "
        "See the guide to importing.",
    ),
    "a table that no case has": (
        GOOD + '[[tables]]\nname = "stashuns"\n[tables.columns]\n',
        "M005 error mapping.toml, key tables[1].name: the case has no such table ('stashuns'). "
        "Known tables: areas, stations, documents, evidence, official_results, official_figures, "
        "protocols, protocol_sums, voter_reports, voter_report_items, turnout_counts, sample, "
        "recounts, frame, arrivals, detention_lists, detentions, linkage, links, list_overlaps, "
        "listed_people, claims.",
    ),
    "a column that no table has": (
        GOOD + TABLE + 'nme = "name"\n',
        "M006 error mapping.toml, key tables[1].columns: the table has no such column ('nme'). "
        "Columns of stations: station_id, area_id, number, name, registered, latitude, longitude.",
    ),
    "a lookup that is not there": (
        GOOD + TABLE + 'area_id = { from = "a", lookup = "areas" }\n',
        "M007 error mapping.toml, key tables[1].columns.area_id.lookup: the mapping has no such "
        "lookup ('areas'). Add it under [lookups].",
    ),
    "no text": (
        GOOD + TABLE + 'name = { prefix = "x" }\n',
        "M008 error mapping.toml, key tables[1].columns.name: the rule says no text, or more than "
        "one. Give exactly one of from, value, join, unpivot.",
    ),
    "two texts": (
        GOOD + TABLE + 'name = { from = "a", value = "b" }\n',
        "M008 error mapping.toml, key tables[1].columns.name: the rule says no text, or more than "
        "one. Give exactly one of from, value, join, unpivot.",
    ),
    "a rule that is a number": (
        GOOD + TABLE + "name = 3\n",
        "M004 error mapping.toml, key tables[1].columns.name: the value is of the wrong kind "
        "('3'). See the guide to importing.",
    ),
    "a key that is not mapped": (
        GOOD + '[[tables]]\nname = "areas"\n[tables.columns]\nname = "n"\n',
        "M009 error mapping.toml, key tables[1].columns.area_id: a column of the table's key is "
        "not mapped. Map it.",
    ),
    "a pattern that is none": (
        GOOD + TABLE + 'name = { from = "a", pattern = "(" }\n',
        "M010 error mapping.toml, key tables[1].columns.name.pattern: not a regular expression "
        "that can be used here ('('). Write it with one group, such as: No ([0-9]+).",
    ),
    "a pattern without a group": (
        GOOD + TABLE + 'name = { from = "a", pattern = "x" }\n',
        "M010 error mapping.toml, key tables[1].columns.name.pattern: not a regular expression "
        "that can be used here ('x'). Write it with one group, such as: No ([0-9]+).",
    ),
    "a pattern that looks around": (
        GOOD + '[[skip]]\ncolumn = "a"\nmatches = "(?=x)"\n' + TABLE,
        "M010 error mapping.toml, key skip[1].matches: not a regular expression that can be used "
        "here ('(?=x)'). Write it with one group, such as: No ([0-9]+).",
    ),
    "a newer format": (
        GOOD.replace("1", "2") + TABLE,
        "M011 error mapping.toml, key format: not a format that can be read ('2'). Write format = "
        "1.",
    ),
    "pivot and unpivot": (
        GOOD + '[[tables]]\nname = "stations"\n[tables.pivot]\nname = "a"\nvalue = "b"\n'
        '[tables.pivot.columns]\nx = "name"\n[tables.unpivot.columns]\nx = "y"\n[tables.columns]\n'
        'station_id = "id"\n',
        "M012 error mapping.toml, key tables[1].pivot: pivot and unpivot cannot both be used. Use "
        "one of the two.",
    ),
    "a pivot without its value": (
        GOOD + '[[tables]]\nname = "stations"\n[tables.pivot]\nname = "a"\n'
        '[tables.pivot.columns]\nx = "name"\n[tables.columns]\nstation_id = "id"\n',
        "M003 error mapping.toml, key tables[1].pivot.value: the key is missing. Add it.",
    ),
    "marks that are one": (
        GOOD + 'decimal = ","\nthousands = ","\n' + TABLE,
        "M013 error mapping.toml, key source: the mark must be one character, and decimal, "
        "thousands, delimiter and quote must differ (', \" , , ,'). Write one character for each.",
    ),
    "a condition without a test": (
        GOOD + '[[skip]]\ncolumn = "a"\n' + TABLE,
        "M003 error mapping.toml, key skip[1].column: the key is missing. Give column, and one of "
        "equals, matches and blank.",
    ),
    "an unpivot that is neither": (
        GOOD + TABLE + 'name = { unpivot = "both" }\n',
        "M004 error mapping.toml, key tables[1].columns.name.unpivot: the value is of the wrong "
        "kind ('both'). Write name or value.",
    ),
    "a zone that is none": (
        GOOD + TABLE + 'name = { from = "a", zone = "Mars" }\n',
        "M004 error mapping.toml, key tables[1].columns.name.zone: the value is of the wrong kind "
        "('Mars'). See the guide to importing.",
    ),
    "a constant row with a list": (
        GOOD + '[[rows]]\ntable = "areas"\narea_id = ["a"]\n',
        "M004 error mapping.toml, key rows[1]: the value is of the wrong kind. See the guide to "
        "importing.",
    ),
    "a constant row of no table": (
        GOOD + '[[rows]]\ntable = "x"\n',
        "M005 error mapping.toml, key rows[1].table: the case has no such table ('x'). Known "
        "tables: areas, stations, documents, evidence, official_results, official_figures, "
        "protocols, protocol_sums, voter_reports, voter_report_items, turnout_counts, sample, "
        "recounts, frame, arrivals, detention_lists, detentions, linkage, links, list_overlaps, "
        "listed_people, claims.",
    ),
    "tables that are a number": (
        "tables = 3\n" + GOOD,
        "M004 error mapping.toml, key tables: the value is of the wrong kind ('3'). See the guide "
        "to importing.",
    ),
    "a lookup of lists": (
        GOOD + '[lookups.areas]\n"x" = [1]\n' + TABLE,
        "M004 error mapping.toml, key lookups.areas: the value is of the wrong kind (\"{'x': "
        "[1]}\"). See the guide to importing.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_mapping_is_refused_with_the_mend(name):
    text, message = WRONG[name]
    found = parse_mapping(text.encode(), SCHEMAS)
    assert isinstance(found, tuple)
    shown = [str(problem) for problem in found]
    assert any(line == message or line.startswith(message.rstrip(")")) for line in shown), shown


def test_all_problems_are_listed_at_once():
    text = GOOD + "foo = 1\n" + TABLE + 'nme = "x"\nname = { prefix = "x" }\n'
    found = parse_mapping(text.encode(), SCHEMAS)
    assert sorted(problem.id for problem in found) == ["M002", "M006", "M008"]


def test_bytes_that_are_no_text_are_refused():
    assert [problem.id for problem in parse_mapping(b"\xff\xfe\x00", SCHEMAS)] == ["M001"]


def test_numbers_days_and_flags_stand_for_their_texts():
    text = GOOD + TABLE + "number = { value = 7 }\nname = { value = true }\n"
    rules = parse_mapping(text.encode(), SCHEMAS).tables[0].columns
    assert (rules["number"].value, rules["name"].value) == ("7", "true")


def test_columns_without_a_header_need_no_header_row():
    text = GOOD + 'columns = ["id"]\n' + TABLE
    assert parse_mapping(text.encode(), SCHEMAS).source.first_row == 1
