"""Case folders whose case.toml is wrong."""

# ruff: noqa: E501 (the messages stand here as users see them, one line each)

from pathlib import Path

from tests.case.bad_folder import BadFolder
from tests.case.small_folder import HEAD, drop, put, swap


def _folder_in_its_place(folder: Path) -> None:
    (folder / "case.toml").unlink()
    (folder / "case.toml").mkdir()


def _link_to_itself(folder: Path) -> None:
    (folder / "case.toml").unlink()
    (folder / "case.toml").symlink_to("case.toml")


_HEAD_ONLY = HEAD[: HEAD.index("[[contests]]")]
_FIRST_OPTIONS = HEAD[
    HEAD.index("[[contests.options]]") : HEAD.index('[[contests]]\nid = "question"')
]

BAD_HEADS = (
    BadFolder(
        "there is no case.toml",
        (drop("case.toml"),),
        says="""
C001 error case.toml: the folder has no case.toml. Make one with: pollwitness new <CASE>
""",
    ),
    BadFolder(
        "case.toml is a folder",
        (_folder_in_its_place,),
        says="""
C001 error case.toml: the folder has no case.toml. Make one with: pollwitness new <CASE>
""",
    ),
    BadFolder(
        "case.toml cannot be opened",
        (_link_to_itself,),
        says="""
C015 error case.toml: the file cannot be opened: Too many levels of symbolic links. See that you may read it.
""",
    ),
    BadFolder(
        "a text is not closed",
        (swap("case.toml", '"Small election"', '"Small election'),),
        says="""
C002 error case.toml, row 3: not valid TOML: <TOML>. Mend the line.
""",
    ),
    BadFolder(
        "a key without a value",
        (swap("case.toml", 'country = "XX"', "country"),),
        says="""
C002 error case.toml, row 4: not valid TOML: <TOML>. Mend the line.
""",
    ),
    BadFolder(
        "the file ends inside a list",
        (put("case.toml", "format = 1\ncontests = [\n"),),
        says="""
C002 error case.toml, row 3: not valid TOML: <TOML>. Mend the line.
""",
    ),
    BadFolder(
        "a key stands twice",
        (swap("case.toml", 'country = "XX"', 'country = "XX"\ncountry = "YY"'),),
        says="""
C002 error case.toml, row 5: not valid TOML: <TOML>. Mend the line.
""",
    ),
    BadFolder(
        "TOML has no 30 February",
        (swap("case.toml", '"2024-05-05"', "2024-02-30"),),
        says="""
C002 error case.toml, row 5: not valid TOML: <TOML>. Mend the line.
""",
    ),
    BadFolder(
        "lists in lists in lists",
        (put("case.toml", "format = " + "[" * 5000),),
        says="""
C002 error case.toml: not valid TOML: it nests too deep, or holds a number too long to read. Write it simpler.
""",
    ),
    BadFolder(
        "a number of 5,000 digits",
        (swap("case.toml", "3000", "1" * 5000),),
        says="""
C002 error case.toml: not valid TOML: it nests too deep, or holds a number too long to read. Write it simpler.
""",
    ),
    BadFolder(
        "case.toml in cp1251",
        (put("case.toml", HEAD.replace("Small election", "Выборы").encode("cp1251")),),
        says="""
C003 error case.toml, row 3: the text is not UTF-8. Save the file as UTF-8.
""",
    ),
    BadFolder(
        "case.toml in UTF-16",
        (put("case.toml", HEAD.encode("utf-16")),),
        says="""
C003 error case.toml, row 1: the text is not UTF-8. Save the file as UTF-8.
""",
    ),
    BadFolder(
        "case.toml with a byte-order mark",
        (put("case.toml", HEAD.encode("utf-8-sig")),),
        says="""
C003 error case.toml, row 1: the file begins with a byte-order mark. Save the file as UTF-8 without it.
""",
    ),
    BadFolder(
        "case.toml is empty",
        (put("case.toml", ""),),
        says="""
C004 error case.toml, key audience: the key is missing. Add audience = "…".
C004 error case.toml, key contests: there is none. Add a [[contests]] table.
C004 error case.toml, key country: the key is missing. Add country = "…".
C004 error case.toml, key date: the key is missing. Add date = "…".
C010 error case.toml, key format: not a format that can be read. Write format = 1.
C004 error case.toml, key id: the key is missing. Add id = "…".
C004 error case.toml, key licence: the key is missing. Add licence = "…".
C004 error case.toml, key time_zone: the key is missing. Add time_zone = "…".
C004 error case.toml, key title: the key is missing. Add title = "…".
""",
    ),
    BadFolder(
        "keys are missing",
        (
            swap("case.toml", 'title = "Small election"\n', ""),
            swap("case.toml", 'licence = "CC0-1.0"\n', ""),
            swap("case.toml", 'name = "Anna"\n', ""),
        ),
        says="""
C004 error case.toml, key contests[1].options[1].name: the key is missing. Add name = "…".
C004 error case.toml, key licence: the key is missing. Add licence = "…".
C004 error case.toml, key title: the key is missing. Add title = "…".
""",
    ),
    BadFolder(
        "no contest",
        (put("case.toml", _HEAD_ONLY),),
        says="""
C004 error case.toml, key contests: there is none. Add a [[contests]] table.
""",
    ),
    BadFolder(
        "contests is one table, not a list",
        (put("case.toml", _HEAD_ONLY + '[contests]\nid = "mayor"\n'),),
        says="""
C004 error case.toml, key contests: there is none. Add a [[contests]] table.
""",
    ),
    BadFolder(
        "contests is a text",
        (put("case.toml", _HEAD_ONLY + 'contests = "mayor"\n'),),
        says="""
C004 error case.toml, key contests: there is none. Add a [[contests]] table.
""",
    ),
    BadFolder(
        "a contest without options",
        (
            swap("case.toml", _FIRST_OPTIONS, ""),
            *(
                drop(name)
                for name in (
                    "claims",
                    "protocols",
                    "protocol_sums",
                    "voter_reports",
                    "voter_report_items",
                    "official_results",
                    "official_figures",
                )
            ),
        ),
        says="""
C004 error case.toml, key contests[1].options: there is none. Add a [[contests.options]] table.
""",
    ),
    BadFolder(
        "numbers where texts belong and texts where numbers belong",
        (
            swap("case.toml", '"Small election"', "5"),
            swap("case.toml", "3000", '"3000"'),
            swap("case.toml", '"Mayor"\nwinners = 1', '"Mayor"\nwinners = "one"'),
            swap("case.toml", "roll_additions = 100", "roll_additions = true"),
        ),
        says="""
C005 error case.toml, key contests[1].winners: not a whole number ('one'). Write winners = 1.
C005 error case.toml, key largest_station: not a whole number ('3000'). Write largest_station = 1.
C005 error case.toml, key roll_additions: not a whole number ('True'). Write roll_additions = 1.
C005 error case.toml, key title: not a text, or a blank one ('5'). Write title = "…".
""",
    ),
    BadFolder(
        "blank texts",
        (swap("case.toml", '"Small election"', '"  "'), swap("case.toml", '"Boris"', '""')),
        says="""
C005 error case.toml, key contests[1].options[2].name: not a text, or a blank one (''). Write name = "…".
C005 error case.toml, key title: not a text, or a blank one ('  '). Write title = "…".
""",
    ),
    BadFolder(
        "a clock where a time zone belongs",
        (swap("case.toml", '"Europe/Minsk"', "20:00:00"),),
        says="""
C005 error case.toml, key time_zone: not a text, or a blank one ('20:00:00'). Write time_zone = "…".
""",
    ),
    BadFolder(
        "a day where a time zone belongs",
        (swap("case.toml", '"Europe/Minsk"', "2024-05-05"),),
        says="""
C013 error case.toml, key time_zone: cannot be read ('2024-05-05'). Write one such as Europe/Minsk.
""",
    ),
    BadFolder(
        "unknown keys at every level",
        (
            swap("case.toml", "format = 1", "format = 1\ncolour = 3"),
            swap("case.toml", 'name = "Mayor"', 'name = "Mayor"\nwiners = 1'),
            swap("case.toml", 'name = "No"', 'name = "No"\nparty = "X"'),
        ),
        says="""
C006 error case.toml, key colour: the key is not known. Known keys here: audience, contests, country, date, format, id, largest_station, licence, roll_additions, time_zone, title.
C006 error case.toml, key contests[1].winers: the key is not known. Known keys here: id, name, options, round, rule, threshold, winners.
C006 error case.toml, key contests[2].options[2].party: the key is not known. Known keys here: id, kind, name.
""",
    ),
    BadFolder(
        "numbers out of bounds",
        (
            swap("case.toml", "3000", "0"),
            swap("case.toml", "roll_additions = 100", "roll_additions = -1"),
            swap("case.toml", "round = 1", "round = 0"),
            swap("case.toml", '"Mayor"\nwinners = 1', '"Mayor"\nwinners = 9999999999999'),
        ),
        says="""
C007 error case.toml, key contests[1].winners: the number is out of bounds ('9999999999999'). Write a number from 1 to 1099511627776.
C007 error case.toml, key contests[2].round: the number is out of bounds ('0'). Write a number from 1 to 1099511627776.
C007 error case.toml, key largest_station: the number is out of bounds ('0'). Write a number from 1 to 1099511627776.
C007 error case.toml, key roll_additions: the number is out of bounds ('-1'). Write a number from 0 to 1099511627776.
""",
    ),
    BadFolder(
        "ids with a space, a capital, a line end",
        (
            swap("case.toml", '"small"', '"small case"'),
            swap("case.toml", '"mayor"', '"mayor\\n"'),
            swap("case.toml", '"anna"', '"Anna"'),
        ),
        says="""
C008 error case.toml, key contests[1].id: not an id ('mayor\\n'). Use 1 to 64 letters, digits, dots, _ or -.
C008 error case.toml, key contests[1].options[1].id: not an id ('Anna'). Use a-z first, then a-z, 0-9 and _.
C008 error case.toml, key id: not an id ('small case'). Use 1 to 64 letters, digits, dots, _ or -.
""",
    ),
    BadFolder(
        "an id of 65 letters",
        (swap("case.toml", '"small"', '"' + "a" * 65 + '"'),),
        says="""
C008 error case.toml, key id: not an id ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'). Use 1 to 64 letters, digits, dots, _ or -.
""",
    ),
    BadFolder(
        "values that are not among the choices",
        (
            swap("case.toml", '"public"', '"everybody"'),
            swap("case.toml", '"plurality"', '"Plurality"'),
            swap(
                "case.toml", 'name = "Boris"\nkind = "candidate"', 'name = "Boris"\nkind = "person"'
            ),
        ),
        says="""
C009 error case.toml, key audience: not one of the values allowed here ('everybody'). Write one of: public, internal.
C009 error case.toml, key contests[1].options[2].kind: not one of the values allowed here ('person'). Write one of: candidate, party, answer, against_all.
C009 error case.toml, key contests[1].rule: not one of the values allowed here ('Plurality'). Write one of: plurality, majority, threshold.
""",
    ),
    BadFolder(
        "a format of the future",
        (swap("case.toml", "format = 1", "format = 2"),),
        says="""
C010 error case.toml, key format: not a format that can be read ('2'). Write format = 1.
""",
    ),
    BadFolder(
        "no format",
        (swap("case.toml", "format = 1\n", ""),),
        says="""
C010 error case.toml, key format: not a format that can be read. Write format = 1.
""",
    ),
    BadFolder(
        "format is true",
        (swap("case.toml", "format = 1", "format = true"),),
        says="""
C010 error case.toml, key format: not a format that can be read ('True'). Write format = 1.
""",
    ),
    BadFolder(
        "format is a number too long to write",
        (swap("case.toml", "format = 1", "format = 0x" + "f" * 5000),),
        says="""
C010 error case.toml, key format: not a format that can be read ('a number too long to show'). Write format = 1.
""",
    ),
    BadFolder(
        "two contests with one id",
        (swap("case.toml", '"question"', '"mayor"'),),
        says="""
C011 error case.toml, key contests: the id stands twice in the case ('mayor'). Give each its own id.
""",
    ),
    BadFolder(
        "one option in two contests",
        (swap("case.toml", 'id = "yes"', 'id = "anna"'),),
        says="""
C012 error case.toml, key options: the id stands twice in the case ('anna'). Give each its own id.
""",
    ),
    BadFolder(
        "a day that does not exist, a zone that does not exist",
        (
            swap("case.toml", '"2024-05-05"', '"2024-02-30"'),
            swap("case.toml", "Europe/Minsk", "Europe/Mensk"),
        ),
        says="""
C013 error case.toml, key date: cannot be read ('2024-02-30'). Write the day as 2020-08-09.
C013 error case.toml, key time_zone: cannot be read ('Europe/Mensk'). Write one such as Europe/Minsk.
""",
    ),
    BadFolder(
        "the day in the order of another country",
        (swap("case.toml", '"2024-05-05"', '"05.05.2024"'),),
        says="""
C013 error case.toml, key date: cannot be read ('05.05.2024'). Write the day as 2020-08-09.
""",
    ),
    BadFolder(
        "a threshold where the rule has none, and none where it has one",
        (
            swap("case.toml", '"plurality"', '"plurality"\nthreshold = "1/2"'),
            swap("case.toml", 'threshold = "3/5"\n', ""),
        ),
        says="""
C014 error case.toml, key contests[1].threshold: it disagrees with the rule ('1/2'). Give threshold = "3/5" with rule = "threshold", and only there.
C014 error case.toml, key contests[2].threshold: it disagrees with the rule. Give threshold = "3/5" with rule = "threshold", and only there.
""",
    ),
    BadFolder(
        "a threshold in percent",
        (swap("case.toml", '"3/5"', "60"),),
        says="""
C014 error case.toml, key contests[2].threshold: not a share between 0 and 1 ('60'). Write a share as a text, such as "3/5" or "0.05".
""",
    ),
    BadFolder(
        "a threshold with a decimal comma",
        (swap("case.toml", '"3/5"', '"0,6"'),),
        says="""
C014 error case.toml, key contests[2].threshold: not a share between 0 and 1 ('0,6'). Write a share as a text, such as "3/5" or "0.05".
""",
    ),
    BadFolder(
        "a threshold divided by zero",
        (swap("case.toml", '"3/5"', '"3/0"'),),
        says="""
C014 error case.toml, key contests[2].threshold: not a share between 0 and 1 ('3/0'). Write a share as a text, such as "3/5" or "0.05".
""",
    ),
    BadFolder(
        "a threshold with an endless exponent",
        (swap("case.toml", '"3/5"', '"1e-999999999"'),),
        says="""
C014 error case.toml, key contests[2].threshold: not a share between 0 and 1 ('1e-999999999'). Write a share as a text, such as "3/5" or "0.05".
""",
    ),
    BadFolder(
        "a threshold that is a flag",
        (swap("case.toml", '"3/5"', "true"),),
        says="""
C014 error case.toml, key contests[2].threshold: not a share between 0 and 1 ('True'). Write a share as a text, such as "3/5" or "0.05".
""",
    ),
    BadFolder(
        "a wrong head hides nothing of itself, but the tables are not read",
        (
            swap("case.toml", "format = 1", "format = 3"),
            swap("case.toml", '"XX"', "7"),
            swap("case.toml", '"2024-05-05"', '"yesterday"'),
            swap("areas", "land,,", "la nd,,"),
        ),
        says="""
C005 error case.toml, key country: not a text, or a blank one ('7'). Write country = "…".
C013 error case.toml, key date: cannot be read ('yesterday'). Write the day as 2020-08-09.
C010 error case.toml, key format: not a format that can be read ('3'). Write format = 1.
""",
    ),
)
