"""Dirty files of separated text: encodings, separators, headers, numbers, dates, totals, ids."""

import codecs

from tests.importing.dirty import HEADER, ROWS, STATIONS, Dirty, lines

TEXT = "\n".join((HEADER, *ROWS)) + "\n"
CYRILLIC = "id,area,name,voters\n1,city,School,812\n2,city,Гімназія № 5,1204\n"
ACCENTS = "id,area,name,voters\n1,city,School,812\n2,city,Liceo Simón Bolívar,1204\n"
SEMICOLON = 'format = "csv"\ndelimiter = ";"'
BLANK = "the row is empty"


def stations(**columns: str) -> str:
    """The mapping of stations with some of its columns made otherwise."""
    head, listed = STATIONS.split("[tables.columns]\n")
    rules = dict(line.split(" = ", 1) for line in listed.splitlines()) | columns
    text = "\n".join(f"{name} = {rule}" for name, rule in rules.items() if rule)
    return f"{head}[tables.columns]\n{text}\n"


PROTOCOLS = """
[[tables]]
name = "protocols"
[tables.columns]
copy_id = { from = "station", prefix = "c" }
contest_id = { value = "mayor" }
station_id = { from = "station", prefix = "s" }
document_id = { value = "paper" }
form = { value = "photo" }
status = { value = "accepted" }
"""

TEXTS: dict[str, Dirty] = {
    "plain": Dirty(TEXT.encode()),
    "utf-8 with mark": Dirty(codecs.BOM_UTF8 + TEXT.encode()),
    "utf-16 little with mark": Dirty(
        codecs.BOM_UTF16_LE + CYRILLIC.encode("utf-16-le"), 'format = "csv"\nencoding = "utf-16"'
    ),
    "utf-16 big with mark": Dirty(
        codecs.BOM_UTF16_BE + CYRILLIC.encode("utf-16-be"), 'format = "csv"\nencoding = "utf-16"'
    ),
    "utf-16 little without mark": Dirty(
        CYRILLIC.encode("utf-16-le"), 'format = "csv"\nencoding = "utf-16-le"'
    ),
    "utf-16 big, marked though named": Dirty(
        codecs.BOM_UTF16_BE + CYRILLIC.encode("utf-16-be"),
        'format = "csv"\nencoding = "utf-16-be"',
    ),
    "cp1251": Dirty(CYRILLIC.encode("cp1251"), 'format = "csv"\nencoding = "cp1251"'),
    "latin-1": Dirty(ACCENTS.encode("latin-1"), 'format = "csv"\nencoding = "latin-1"'),
    "crlf": Dirty(lines(HEADER, *ROWS, end="\r\n")),
    "old mac line ends": Dirty(lines(HEADER, *ROWS, end="\r")),
    "no line end at the end": Dirty(TEXT.rstrip("\n").encode()),
    "semicolons": Dirty(TEXT.replace(",", ";").encode(), SEMICOLON),
    "tabs": Dirty(TEXT.replace(",", "\t").encode(), 'format = "csv"\ndelimiter = "\\t"'),
    "bars": Dirty(TEXT.replace(",", "|").encode(), 'format = "csv"\ndelimiter = "|"'),
    "quoted fields with separators and line ends": Dirty(
        lines(HEADER, ROWS[0], '2,city,"Library, ""old""\nbuilding",1204')
    ),
    "single quotes": Dirty(
        lines(HEADER, ROWS[0], "2,city,'Library, old',1204"),
        'format = "csv"\nquote = "\'"',
    ),
    "quotation marks that mean nothing": Dirty(
        lines(HEADER, ROWS[0], '2,city,School "No 5,1204'), 'format = "csv"\nquote = ""'
    ),
    "a stray quotation mark": Dirty(
        lines(HEADER, ROWS[0], '2,city,School "No" 5,1204'),
        counted={"unchanged": 1},
        problems=(
            "I003 error file.csv, row 3: a quotation mark stands inside a text without quotation "
            'marks around it. Mend the row, or write quote = "" in the mapping if quotation marks '
            "mean nothing here.",
        ),
    ),
    "columns in another order": Dirty(
        lines("voters,name,id,area", "1204,Library,2,city", "812,School,1,city")
    ),
    "columns nobody needs": Dirty(lines(HEADER + ",phone", *(row + ",555" for row in ROWS))),
    "spaces around everything": Dirty(
        lines(" id , area,name ,voters", " 1 ,city , School,812 ", "2,city,Library, 1204")
    ),
    "a column twice": Dirty(
        lines("id,area,name,voters,voters", "1,city,School,5,812", "2,city,Library,6,1204"),
        tables=stations(registered='"voters #2"'),
    ),
    "no header": Dirty(lines(*ROWS), 'format = "csv"\ncolumns = ["id", "area", "name", "voters"]'),
    "titles above the header": Dirty(
        lines("List of stations,,,", "as of 1 May,,,", HEADER, *ROWS),
        'format = "csv"\nheader_rows = [3]',
    ),
    "a header of two rows": Dirty(
        lines("place,,,list", "id,area,name,voters", *ROWS),
        'format = "csv"\nheader_rows = [1, 2]',
        tables=stations(
            station_id='{ from = "place / id", prefix = "s" }',
            area_id='"place / area"',
            name='"place / name"',
            registered='"list / voters"',
        ),
    ),
    "blank rows": Dirty(lines(HEADER, "", ROWS[0], ",,,", ROWS[1], ""), skipped={BLANK: 3}),
    "a total row": Dirty(
        lines(HEADER, *ROWS, ",,Total,2016"),
        tables='[[skip]]\ncolumn = "name"\nmatches = "(?i)^total"\nwhy = "a total"\n' + STATIONS,
        skipped={"a total": 1},
    ),
    "a total row that is not skipped": Dirty(
        lines(HEADER, *ROWS, ",,Total,2016"),
        counted={"added": 1, "unchanged": 1, "rejected": 1},
        problems=(
            "T004 error file.csv, row 4, column area_id: a value is missing (for stations). Write "
            "the value; this column cannot be unknown.",
            "T004 error file.csv, row 4, column station_id: a value is missing (for stations). "
            "Write the value; this column cannot be unknown.",
        ),
    ),
    "a short row": Dirty(
        lines(HEADER, ROWS[0], "2,city"),
        counted={"unchanged": 1},
        problems=(
            "I002 error file.csv, row 3: the row has another number of fields than the header. "
            "Mend the row in the file, or skip it in the mapping.",
        ),
    ),
    "a long row": Dirty(
        lines(HEADER, ROWS[0], ROWS[1] + ",more"),
        counted={"unchanged": 1},
        problems=(
            "I002 error file.csv, row 3: the row has another number of fields than the header. "
            "Mend the row in the file, or skip it in the mapping.",
        ),
    ),
    "thousands with commas in quotes": Dirty(
        lines(HEADER, ROWS[0], '2,city,Library,"1,204"'), 'format = "csv"\nthousands = ","'
    ),
    "thousands with no-break spaces": Dirty(
        lines(HEADER, ROWS[0], "2,city,Library,1\u00a0204"), 'format = "csv"\nthousands = " "'
    ),
    "thousands with points, decimal commas": Dirty(
        lines(HEADER.replace(",", ";"), "1;city;School;812,0", "2;city;Library;1.204"),
        SEMICOLON + '\nthousands = "."\ndecimal = ","',
    ),
    "thousands in the wrong place": Dirty(
        lines(HEADER, ROWS[0], "2,city,Library,12 04"),
        'format = "csv"\nthousands = " "',
        counted={"unchanged": 1, "rejected": 1},
        problems=(
            "I025 error file.csv, row 3, column voters: the marks in the number are not where the "
            "mapping says that they are (for stations) ('12 04'). Correct decimal and thousands in "
            "the mapping, or the cell.",
        ),
    ),
    "a decimal point where commas are used": Dirty(
        lines("id;area;name;lat", "1;city;School;53.9"),
        SEMICOLON + '\ndecimal = ","',
        tables=stations(registered="") + 'latitude = "lat"\n',
        counted={"rejected": 1, "kept": 1},
        problems=(
            "I025 error file.csv, row 2, column lat: the marks in the number are not where the "
            "mapping says that they are (for stations) ('53.9'). Correct decimal and thousands in "
            "the mapping, or the cell.",
        ),
    ),
    "decimal commas": Dirty(
        lines("id;area;name;lat", "1;city;School;53,9"),
        SEMICOLON + '\ndecimal = ","',
        tables=stations(registered="") + 'latitude = "lat"\n',
        counted={"changed": 1},
    ),
    "a word for not known": Dirty(
        lines(HEADER, ROWS[0], "2,city,n/a,-"), 'format = "csv"\nunknown = ["n/a", "-"]'
    ),
    "a word for not known that nobody declared": Dirty(
        lines(HEADER, ROWS[0], "2,city,Library,n/a"),
        counted={"unchanged": 1, "rejected": 1},
        problems=(
            "T005 error file.csv, row 3, column registered: not a whole number (for stations) "
            "('n/a'). Write digits only, without separators, signs or decimals; leave it empty if "
            "unknown.",
        ),
    ),
    "figures in thousands": Dirty(
        lines(HEADER, "1,city,School,0.812", "2,city,Library,1.204"),
        tables=stations(registered='{ from = "voters", times = 1000 }'),
    ),
    "figures in thousands that are not whole": Dirty(
        lines(HEADER, "1,city,School,0.8125"),
        tables=stations(registered='{ from = "voters", times = 1000 }'),
        counted={"rejected": 1, "kept": 1},
        problems=(
            "T005 error file.csv, row 2, column registered: not a whole number (for stations) "
            "('812.5'). Write digits only, without separators, signs or decimals; leave it empty "
            "if unknown.",
        ),
    ),
    "a negative count": Dirty(
        lines(HEADER, "1,city,School,-3"),
        counted={"rejected": 1, "kept": 1},
        problems=(
            "T006 error file.csv, row 2, column registered: less than 0 (for stations) ('-3'). "
            "Write a number of 0 or more.",
        ),
    ),
    "ids from several columns": Dirty(
        lines(
            "district,no,area,name,voters",
            "7,1,city,School,812",
            "7,2,city,Library,1204",
            "8,1,east,Old school,300",
        ),
        tables=stations(station_id='{ join = ["district", "no"], separator = ".", prefix = "d" }'),
        counted={"added": 3, "kept": 1},
    ),
    "padded ids": Dirty(
        lines(HEADER, "1,city,School,812"),
        tables=stations(station_id='{ from = "id", pad = 4, prefix = "s" }'),
        counted={"added": 1, "kept": 1},
    ),
    "ids from names in another alphabet": Dirty(
        lines("area,name,voters", "city,Гімназія,812"),
        tables=stations(station_id='{ join = ["area", "name"], digest = 12 }'),
        counted={"added": 1, "kept": 1},
    ),
    "an id in another alphabet as it is": Dirty(
        lines(HEADER, "ж,city,School,812"),
        counted={"rejected": 1, "kept": 1},
        problems=(
            "T011 error file.csv, row 2, column station_id: not an id (for stations) ('sж'). Use 1 "
            "to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).",
        ),
    ),
    "the same row twice": Dirty(
        lines(HEADER, *ROWS, ROWS[1]), counted={"added": 1, "unchanged": 1, "repeated": 1}
    ),
    "two rows that differ under one id": Dirty(
        lines(HEADER, ROWS[0], ROWS[1], "2,east,Library,1204"),
        counted={"unchanged": 1, "rejected": 2},
        problems=(
            "I030 error file.csv, row 3, column station_id: another row of the file with the same "
            "key says something else (for stations) ('s2'). Keep one of the rows, or build the key "
            "from more columns.",
            "I030 error file.csv, row 4, column station_id: another row of the file with the same "
            "key says something else (for stations) ('s2'). Keep one of the rows, or build the key "
            "from more columns.",
        ),
    ),
    "an area that is not there": Dirty(
        lines(HEADER, ROWS[0], "2,west,Library,1204"),
        counted={"unchanged": 1, "rejected": 1},
        problems=(
            "T015 error file.csv, row 3, column area_id: the table areas has no such row (for "
            "stations) ('west'). Add it to areas, or correct the mapping.",
        ),
    ),
    "a station that changed its area": Dirty(
        lines(HEADER, "1,east,School,812"), counted={"changed": 1}
    ),
    "areas by their names": Dirty(
        lines(HEADER, "1,The City,School,812", "2,The City,Library,1204"),
        tables='[lookups.areas]\n"The City" = "city"\n'
        + stations(area_id='{ from = "area", lookup = "areas" }'),
    ),
    "a name that is not in the lookup": Dirty(
        lines(HEADER, "1,The City,School,812", "2,The Town,Library,1204"),
        tables='[lookups.areas]\n"The City" = "city"\n'
        + stations(area_id='{ from = "area", lookup = "areas" }'),
        counted={"unchanged": 1, "rejected": 1},
        problems=(
            "I022 error file.csv, row 3, column area: the text is not in the lookup (for stations) "
            "('The Town'). Add it to the lookup in the mapping.",
        ),
    ),
    "a column to be split": Dirty(
        lines("id,where,voters", "1,city / School,812", "2,city / Library,1204"),
        tables=stations(
            area_id='{ from = "where", split = "/" }',
            name='{ from = "where", split = "/", part = 2 }',
        ),
    ),
    "a column that cannot be split": Dirty(
        lines("id,where,voters", "1,city,812"),
        tables=stations(
            area_id='{ from = "where", split = "/" }',
            name='{ from = "where", split = "/", part = 2 }',
        ),
        counted={"rejected": 1, "kept": 1},
        problems=(
            "I021 error file.csv, row 2, column where: the text has no such part (for stations) "
            "('city'). Correct split and part in the mapping.",
        ),
    ),
    "a number inside a text": Dirty(
        lines("id,area,name,voters", "No 1 (A),city,School,812", "No 2 (B),city,Library,1204"),
        tables=stations(station_id='{ from = "id", pattern = "No ([0-9]+)", prefix = "s" }'),
    ),
    "a text without the number": Dirty(
        lines("id,area,name,voters", "one,city,School,812"),
        tables=stations(station_id='{ from = "id", pattern = "No ([0-9]+)", prefix = "s" }'),
        counted={"rejected": 1, "kept": 1},
        problems=(
            "I020 error file.csv, row 2, column id: the text does not match the pattern of the "
            "mapping (for stations) ('one'). Correct the text or the pattern.",
        ),
    ),
    "cells left out below the first, as merged cells are exported": Dirty(
        lines("area,id,name,voters", "city,1,School,812", ",2,Library,1204"),
        'format = "csv"\nfill_down = ["area"]',
    ),
    "only some rows are meant": Dirty(
        lines(
            "kind,id,area,name,voters",
            "station,1,city,School,812",
            "area,9,city,City,",
            "station,2,city,Library,1204",
        ),
        tables=STATIONS.replace(
            "[tables.columns]", 'where = { column = "kind", equals = "station" }\n[tables.columns]'
        ),
        skipped={"no table takes the row": 1},
    ),
    "all rows but some": Dirty(
        lines("id,area,name,voters", *ROWS, "99,city,closed,"),
        tables=STATIONS.replace(
            "[tables.columns]",
            'where = { column = "voters", blank = true, not = true }\n[tables.columns]',
        ),
        skipped={"no table takes the row": 1},
    ),
    "dates of the country": Dirty(
        lines("id;kind;title;when", "d1;table;List;05.05.2024"),
        SEMICOLON,
        tables='[[tables]]\nname = "documents"\n[tables.columns]\ndocument_id = "id"\n'
        'kind = "kind"\ntitle = "title"\npublisher = { value = "board" }\n'
        'published_at = { from = "when", date = "%d.%m.%Y" }\n',
        counted={"added": 1, "kept": 1},
    ),
    "a date that is none": Dirty(
        lines("id;kind;title;when", "d1;table;List;31.02.2024"),
        SEMICOLON,
        tables='[[tables]]\nname = "documents"\n[tables.columns]\ndocument_id = "id"\n'
        'kind = "kind"\ntitle = "title"\npublisher = { value = "board" }\n'
        'published_at = { from = "when", date = "%d.%m.%Y" }\n',
        counted={"rejected": 1, "kept": 1},
        problems=(
            "I024 error file.csv, row 2, column when: the text is not a date, or not a time with a "
            "place, in the form that the mapping names (for documents) ('31.02.2024'). Correct "
            "date in the mapping, name the zone of its times, or correct the cell.",
        ),
    ),
    "long form: a row for each option": Dirty(
        lines("station,candidate,votes", "1,Anna,10", "1,Boris,20", "1,nobody,3"),
        tables=PROTOCOLS.replace(
            "[tables.columns]",
            '[tables.pivot]\nname = "candidate"\nvalue = "votes"\nignore = ["nobody"]\n'
            '[tables.pivot.columns]\nAnna = "votes_anna"\nBoris = "votes_boris"\n[tables.columns]',
        ),
        counted={"added": 1, "repeated": 2},
    ),
    "long form: an option that nobody knows": Dirty(
        lines("station,candidate,votes", "1,Anna,10", "1,Clara,20"),
        tables=PROTOCOLS.replace(
            "[tables.columns]",
            '[tables.pivot]\nname = "candidate"\nvalue = "votes"\n'
            '[tables.pivot.columns]\nAnna = "votes_anna"\n[tables.columns]',
        ),
        counted={"added": 1, "rejected": 1},
        problems=(
            "I026 error file.csv, row 3, column candidate: the mapping has no column for this name "
            "(for protocols) ('Clara'). Add it to pivot.columns, or to ignore.",
        ),
    ),
    "long form: one figure twice, differently": Dirty(
        lines("station,candidate,votes", "1,Anna,10", "1,Anna,11"),
        tables=PROTOCOLS.replace(
            "[tables.columns]",
            '[tables.pivot]\nname = "candidate"\nvalue = "votes"\n'
            '[tables.pivot.columns]\nAnna = "votes_anna"\n[tables.columns]',
        ),
        counted={"rejected": 2},
        problems=(
            "I030 error file.csv, row 2, column copy_id: another row of the file with the same key "
            "says something else (for protocols) ('c1'). Keep one of the rows, or build the key "
            "from more columns.",
            "I030 error file.csv, row 3, column copy_id: another row of the file with the same key "
            "says something else (for protocols) ('c1'). Keep one of the rows, or build the key "
            "from more columns.",
        ),
    ),
    "wide form: a column for each option": Dirty(
        lines("station,Anna,Boris", "1,10,20"),
        tables='[[tables]]\nname = "voter_reports"\n[tables.unpivot.columns]\nanna = "Anna"\n'
        'boris = "Boris"\n[tables.columns]\nstation_id = { from = "station", prefix = "s" }\n'
        'contest_id = { value = "mayor" }\noption_id = { unpivot = "name" }\n'
        'document_id = { value = "paper" }\nreports = { unpivot = "value" }\n',
        counted={"added": 2},
    ),
    "flags in another language": Dirty(
        lines("id,station,from,to,n,full", "d1,1,2024-05-05T08:00Z,2024-05-05T20:00Z,40,так"),
        tables='[[tables]]\nname = "turnout_counts"\n[tables.columns]\ncount_id = "id"\n'
        'station_id = { from = "station", prefix = "s" }\ndocument_id = { value = "paper" }\n'
        'from = "from"\nto = "to"\nentered = "n"\n'
        'complete = { from = "full", true = ["так"], false = ["не"] }\n',
        counted={"added": 1},
    ),
    "a flag that is neither": Dirty(
        lines("id,station,from,to,n,full", "d1,1,2024-05-05T08:00Z,2024-05-05T20:00Z,40,maybe"),
        tables='[[tables]]\nname = "turnout_counts"\n[tables.columns]\ncount_id = "id"\n'
        'station_id = { from = "station", prefix = "s" }\ndocument_id = { value = "paper" }\n'
        'from = "from"\nto = "to"\nentered = "n"\n'
        'complete = { from = "full", true = ["так"], false = ["не"] }\n',
        counted={"rejected": 1},
        problems=(
            "I023 error file.csv, row 2, column full: the text is neither among true nor among "
            "false (for turnout_counts) ('maybe'). Add it to one of the two.",
        ),
    ),
    "times of a zone, and a span that ends before it begins": Dirty(
        lines("id,station,from,to,n", "d1,1,05.05.2024 20:00,05.05.2024 08:00,40"),
        tables='[[tables]]\nname = "turnout_counts"\n[tables.columns]\ncount_id = "id"\n'
        'station_id = { from = "station", prefix = "s" }\ndocument_id = { value = "paper" }\n'
        'from = { from = "from", date = "%d.%m.%Y %H:%M", zone = "Europe/Minsk" }\n'
        'to = { from = "to", date = "%d.%m.%Y %H:%M", zone = "Europe/Minsk" }\n'
        'entered = "n"\ncomplete = { value = true }\n',
        counted={"rejected": 1},
        problems=(
            "T021 error file.csv, row 2, column from: the time span ends before it begins (for "
            "turnout_counts) ('2024-05-05T20:00:00+03:00'). Exchange the two times.",
        ),
    ),
    "a new row that lacks what the table needs": Dirty(
        lines("id,voters", "1,900", "2,1204"),
        tables='[[tables]]\nname = "stations"\n[tables.columns]\n'
        'station_id = { from = "id", prefix = "s" }\nregistered = "voters"\n',
        counted={"changed": 1, "rejected": 1},
        problems=(
            "T004 error file.csv, row 3, column area_id: the case has no such row yet, and area_id "
            "is not known (for stations). Map area_id: the area that it lies in.",
        ),
    ),
    "a blank where the case knows the figure": Dirty(
        lines(HEADER, "1,city,School,"), counted={"changed": 1}
    ),
    "a blank that the mapping fills": Dirty(
        lines(HEADER, ROWS[0], "2,,Library,1204"),
        tables=stations(area_id='{ from = "area", otherwise = "east" }'),
    ),
    "only a header": Dirty(lines(HEADER), counted={"kept": 1}),
}
"""Every dirty text; most must end with one station unchanged and one added."""
