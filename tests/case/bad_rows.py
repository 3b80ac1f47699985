"""Case folders whose rows disagree with each other or with case.toml."""

# ruff: noqa: E501 (the messages stand here as users see them, one line each)

from tests.case.bad_folder import BadFolder
from tests.case.small_folder import add, drop, put, swap

BAD_ROWS = (
    BadFolder(
        "two rows with one key say different things",
        (add("stations", "s2,north,2,Library,801,,"),),
        says="""
T013 error tables/stations.csv, row 3, column station_id: another row with the same key says something else ('s2'). Keep one of them, or give them different keys.
T013 error tables/stations.csv, row 5, column station_id: another row with the same key says something else ('s2'). Keep one of them, or give them different keys.
""",
    ),
    BadFolder(
        "three rows with one key, two of them equal",
        (add("areas", "south,land,region,South,S", "south,land,region,South,S"),),
        says="""
T013 error tables/areas.csv, row 4, column area_id: another row with the same key says something else ('south'). Keep one of them, or give them different keys.
T013 error tables/areas.csv, row 5, column area_id: another row with the same key says something else ('south'). Keep one of them, or give them different keys.
T014 warning tables/areas.csv, row 6, column area_id: the row stands in the table more than once; it is read once ('south'). Remove the repetition.
""",
    ),
    BadFolder(
        "a key of four columns stands twice",
        (add("voter_reports", "s1,mayor,anna,paper,21,10,5"),),
        says="""
T013 error tables/voter_reports.csv, row 2, column station_id: another row with the same key says something else ('s1, mayor, anna, paper'). Keep one of them, or give them different keys.
T013 error tables/voter_reports.csv, row 3, column station_id: another row with the same key says something else ('s1, mayor, anna, paper'). Keep one of them, or give them different keys.
""",
    ),
    BadFolder(
        "references to rows that are not there",
        (
            swap("areas", "south,land", "south,lnd"),
            swap("stations", "s2,north", "s2,nrth"),
            swap("turnout_counts", "t1,s1,paper", "t1,s01,papr"),
            swap("protocols", "accepted,c1,", "accepted,c01,"),
            swap("claims", "affirmed,,\nk2", "affirmed,press,k0\nk2"),
            swap("official_results", "r3,mayor,,s1", "r3,mayor,,s4"),
        ),
        says="""
T015 error tables/areas.csv, row 4, column parent_id: the table areas has no such row ('lnd'). Add it to tables/areas.csv, or correct the id here.
T015 error tables/claims.csv, row 2, column reply: the table documents has no such row ('press'). Add it to tables/documents.csv, or correct the id here.
T015 error tables/claims.csv, row 2, column supersedes: the table claims has no such row ('k0'). Add it to tables/claims.csv, or correct the id here.
T015 error tables/official_results.csv, row 4, column station_id: the table stations has no such row ('s4'). Add it to tables/stations.csv, or correct the id here.
T015 error tables/protocols.csv, row 3, column corrects: the table protocols has no such row ('c01'). Add it to tables/protocols.csv, or correct the id here.
T015 error tables/stations.csv, row 3, column area_id: the table areas has no such row ('nrth'). Add it to tables/areas.csv, or correct the id here.
T015 error tables/turnout_counts.csv, row 2, column document_id: the table documents has no such row ('papr'). Add it to tables/documents.csv, or correct the id here.
T015 error tables/turnout_counts.csv, row 2, column station_id: the table stations has no such row ('s01'). Add it to tables/stations.csv, or correct the id here.
""",
    ),
    BadFolder(
        "references into a table that is not there",
        (
            drop("documents"),
            *(
                drop(name)
                for name in (
                    "claims",
                    "official_figures",
                    "official_results",
                    "protocols",
                    "protocol_sums",
                    "voter_reports",
                )
            ),
        ),
        says="""
T015 error tables/turnout_counts.csv, row 2, column document_id: the table documents has no such row ('paper'). Add it to tables/documents.csv, or correct the id here.
""",
    ),
    BadFolder(
        "an area and a station in one row, and neither",
        (
            swap("official_results", "r3,mayor,,s1", "r3,mayor,north,s1"),
            swap("official_figures", "f1,mayor,land", "f1,mayor,"),
        ),
        says="""
T016 error tables/official_figures.csv, row 2, column area_id: the row names both an area and a station, or neither. Name exactly one of the two.
T016 error tables/official_results.csv, row 4, column area_id: the row names both an area and a station, or neither ('north'). Name exactly one of the two.
""",
    ),
    BadFolder(
        "a contest that the case does not have",
        (
            swap("protocol_sums", "mayor", "mayer"),
            swap("claims", "vote_share,mayor", "vote_share,mair"),
        ),
        says="""
T018 error tables/claims.csv, row 2, column contest_id: case.toml has no such contest ('mair'). Use the id of a contest in case.toml.
T018 error tables/protocol_sums.csv, row 2, column contest_id: case.toml has no such contest ('mayer'). Use the id of a contest in case.toml.
""",
    ),
    BadFolder(
        "an option of the other contest",
        (
            swap("voter_reports", "mayor,anna", "mayor,yes"),
            swap("official_figures", ",anna,", ",no,"),
        ),
        says="""
T019 error tables/official_figures.csv, row 2, column option_id: the option belongs to another contest ('no'). Name an option of the row's contest.
T019 error tables/voter_reports.csv, row 2, column option_id: the option belongs to another contest ('yes'). Name an option of the row's contest.
""",
    ),
    BadFolder(
        "votes for an option of the other contest",
        (
            add("protocols", "c4,question,s2,photo,qr,unread,,,,,,,5"),
            swap("protocol_sums", "votes_anna,votes_boris", "votes_anna,votes_no"),
        ),
        says="""
T019 error tables/protocol_sums.csv, row 2, column votes_no: the option belongs to another contest ('90'). Name an option of the row's contest.
T019 error tables/protocols.csv, row 5, column votes_boris: the option belongs to another contest ('5'). Name an option of the row's contest.
""",
    ),
    BadFolder(
        "ranges whose low end lies above the high end",
        (
            swap("claims", "2000,3000", "3000,2000"),
            swap("official_figures", "56.1,56.1", "56.100000000000000002,56.100000000000000001"),
        ),
        says="""
T020 error tables/claims.csv, row 3, column low: the low end lies above the high end ('3000'). Exchange the two ends.
T020 error tables/official_figures.csv, row 2, column low: the low end lies above the high end ('56.100000000000000002'). Exchange the two ends.
""",
    ),
    BadFolder(
        "spans that end before they begin",
        (
            swap("claims", "2024-05-05,2024-05-06", "2024-05-06,2024-05-05"),
            swap("turnout_counts", "2024-05-05T08:00+03:00", "2024-05-05T18:00:01Z"),
            add("turnout_counts", "t2,s2,paper,2024-05-05T08:00+03:00,2024-05-04,5,false"),
        ),
        says="""
T021 error tables/claims.csv, row 3, column event_from: the time span ends before it begins ('2024-05-06'). Exchange the two times.
T021 error tables/turnout_counts.csv, row 2, column from: the time span ends before it begins ('2024-05-05T18:00:01Z'). Exchange the two times.
T021 error tables/turnout_counts.csv, row 3, column from: the time span ends before it begins ('2024-05-05T08:00+03:00'). Exchange the two times.
""",
    ),
    BadFolder(
        "more stations counted than there are",
        (swap("official_results", "2024-05-07,3,3", "2024-05-07,4,3"),),
        says="""
T022 error tables/official_results.csv, row 3, column stations_counted: more stations are counted than there are ('4'). Check stations_counted, stations_total.
""",
    ),
    BadFolder(
        "areas that lie in each other",
        (swap("areas", "land,,nation", "land,south,nation"),),
        says="""
T023 error tables/areas.csv, row 2, column area_id: the chain leads back to its own beginning ('land'). Break the chain at one row.
T023 error tables/areas.csv, row 4, column area_id: the chain leads back to its own beginning ('south'). Break the chain at one row.
""",
    ),
    BadFolder(
        "an area that lies in itself",
        (swap("areas", "south,land", "south,south"),),
        says="""
T023 error tables/areas.csv, row 4, column area_id: the chain leads back to its own beginning ('south'). Break the chain at one row.
""",
    ),
    BadFolder(
        "copies that correct each other",
        (
            swap(
                "protocols",
                "c1,mayor,s1,photo,photo,accepted,,",
                "c1,mayor,s1,photo,photo,accepted,c2,3 read as 8",
            ),
        ),
        says="""
T023 error tables/protocols.csv, row 2, column copy_id: the chain leads back to its own beginning ('c1'). Break the chain at one row.
T023 error tables/protocols.csv, row 3, column copy_id: the chain leads back to its own beginning ('c2'). Break the chain at one row.
""",
    ),
    BadFolder(
        "versions that replace each other",
        (
            swap("official_results", "half_up,2,,true", "half_up,2,r2,true"),
            swap("claims", "affirmed,,\nk2", "affirmed,,k1\nk2"),
        ),
        says="""
T023 error tables/claims.csv, row 2, column claim_id: the chain leads back to its own beginning ('k1'). Break the chain at one row.
T023 error tables/official_results.csv, row 2, column result_id: the chain leads back to its own beginning ('r1'). Break the chain at one row.
T023 error tables/official_results.csv, row 3, column result_id: the chain leads back to its own beginning ('r2'). Break the chain at one row.
""",
    ),
    BadFolder(
        "a correction of another station's copy, and of another contest's",
        (
            add(
                "protocols",
                "c4,mayor,s3,photo,photo,accepted,c1,misread,,9,,,",
                "c5,question,s1,photo,photo,accepted,c2,misread,,9,,,",
            ),
        ),
        says="""
T026 error tables/protocols.csv, row 5, column corrects: the corrected copy belongs to another station or contest ('c1'). Correct a copy of the same station and contest.
T026 error tables/protocols.csv, row 6, column corrects: the corrected copy belongs to another station or contest ('c2'). Correct a copy of the same station and contest.
""",
    ),
    BadFolder(
        "a correction and a rejection without a reason",
        (swap("protocols", "8 read as 3", ""), swap("protocols", "another election", "")),
        says="""
T027 error tables/protocols.csv, row 3, column copy_id: a correction or rejection gives no reason ('c2'). Write the reason.
T027 error tables/protocols.csv, row 4, column copy_id: a correction or rejection gives no reason ('c3'). Write the reason.
""",
    ),
    BadFolder(
        "comparators without their figure",
        (
            swap("claims", "eq,56.1,,", "eq,,56.1,"),
            swap("claims", "between,2000,3000,", "between,2000,,"),
            add(
                "claims",
                "k3,proposed,paper,,,,Few.,,,crowd_size,,,north,,,at_most,100,,,unknown,people,none,affirmed,,",
                "k4,proposed,paper,,,,Many.,,,crowd_size,,,north,,,more_than,,100,,unknown,people,none,affirmed,,",
            ),
        ),
        says="""
T028 error tables/claims.csv, row 2, column comparator: the comparator needs a figure that the row does not give ('eq'). Give low (or, for between, low and high; for at_most and less_than, high).
T028 error tables/claims.csv, row 3, column comparator: the comparator needs a figure that the row does not give ('between'). Give low (or, for between, low and high; for at_most and less_than, high).
T028 error tables/claims.csv, row 4, column comparator: the comparator needs a figure that the row does not give ('at_most'). Give low (or, for between, low and high; for at_most and less_than, high).
T028 error tables/claims.csv, row 5, column comparator: the comparator needs a figure that the row does not give ('more_than'). Give low (or, for between, low and high; for at_most and less_than, high).
""",
    ),
    BadFolder(
        "claims about votes that name no contest, or no option",
        (
            swap("claims", "vote_share,mayor,anna", "vote_share,mayor,"),
            add(
                "claims",
                "k3,confirmed,paper,,,,Most voted.,,,turnout,,,land,,,at_least,50,,,unknown,percent,registered,affirmed,,",
            ),
            add(
                "claims",
                "k4,proposed,paper,,,,She won most.,,,vote_share,,,land,,,at_least,50,,,unknown,percent,unknown,affirmed,,",
            ),
        ),
        says="""
T029 error tables/claims.csv, row 2, column measure: a confirmed claim about votes names no contest, or no option where its measure needs one ('vote_share'). Name contest_id, and option_id for votes, vote_share, stations_won.
T029 error tables/claims.csv, row 4, column measure: a confirmed claim about votes names no contest, or no option where its measure needs one ('turnout'). Name contest_id, and option_id for votes, vote_share, stations_won.
""",
    ),
    BadFolder(
        "half a quotation, and an empty one",
        (
            swap("claims", "paper,0,8,", "paper,0,,"),
            swap("claims", "k2,proposed,paper,,,", "k2,proposed,paper,7,7,"),
        ),
        says="""
T030 error tables/claims.csv, row 2, column start: only one end of the quotation is given, or it is empty ('0'). Give start < end, or none.
T030 error tables/claims.csv, row 3, column start: only one end of the quotation is given, or it is empty ('7'). Give start < end, or none.
""",
    ),
    BadFolder(
        "rows that replace rows that are not there",
        (
            swap("official_results", "half_up,1,r1", "half_up,1,r0"),
            swap("official_figures", "3,3,1,,false", "3,3,1,f0,false"),
        ),
        says="""
T031 error tables/official_figures.csv, row 2, column supersedes: the row that it replaces is not in this table ('f0'). Name a row of this table.
T031 error tables/official_results.csv, row 3, column supersedes: the row that it replaces is not in this table ('r0'). Name a row of this table.
""",
    ),
    BadFolder(
        "more reports with photograph or verified than reports",
        (
            swap("voter_reports", "20,10,5", "20,21,"),
            add("voter_reports", "s1,mayor,boris,paper,5,,6"),
        ),
        says="""
T032 error tables/voter_reports.csv, row 2, column reports: more reports with photograph or verified than reports ('20'). Check the three counts.
T032 error tables/voter_reports.csv, row 3, column reports: more reports with photograph or verified than reports ('5'). Check the three counts.
""",
    ),
    BadFolder(
        "rounded, but to which unit is not said",
        (swap("claims", "56.1,,0.1,half_up", "56.1,,,half_up"),),
        says="""
T033 error tables/claims.csv, row 2, column rounded_to: the figure is said to be rounded but to which unit is not. Give rounded_to.
""",
    ),
    BadFolder(
        "what is restricted is not repeated, in rows that disagree either",
        (
            add(
                "voter_report_items",
                "v1,s1,mayor,anna,true,false",
                "hidden-1,hidden-2,hidden-3,anna,true,false",
                "hidden-4,s1,mayor,yes,true,true",
                "hidden-4,s1,mayor,yes,true,true",
            ),
        ),
        says="""
T013 error tables/voter_report_items.csv, row 2, column report_id: another row with the same key says something else. Keep one of them, or give them different keys.
T013 error tables/voter_report_items.csv, row 3, column report_id: another row with the same key says something else. Keep one of them, or give them different keys.
T018 error tables/voter_report_items.csv, row 4, column contest_id: case.toml has no such contest. Use the id of a contest in case.toml.
T015 error tables/voter_report_items.csv, row 4, column station_id: the table stations has no such row. Add it to tables/stations.csv, or correct the id here.
T019 error tables/voter_report_items.csv, row 5, column option_id: the option belongs to another contest. Name an option of the row's contest.
T014 warning tables/voter_report_items.csv, row 6, column report_id: the row stands in the table more than once; it is read once. Remove the repetition.
""",
    ),
    BadFolder(
        "a table that cannot be read gives no further errors where others refer to it",
        (put("stations", b"\xff"), swap("areas", "south,land", "south,lnd")),
        says="""
T015 error tables/areas.csv, row 4, column parent_id: the table areas has no such row ('lnd'). Add it to tables/areas.csv, or correct the id here.
F004 error tables/stations.csv, row 1: the text is not UTF-8. Save the file as UTF-8.
""",
    ),
    BadFolder(
        "a cell that does not fit gives no further errors in its row",
        (
            swap("official_results", "r3,mayor,,s1", "r3,mayor,,s 1"),
            swap("protocols", "8 read as 3", " 8 read as 3"),
            swap("claims", "eq,56.1,,0.1,", 'eq,"56,1",,"0,1",'),
            swap("claims", "paper,0,8,", "paper,0,x,"),
        ),
        says="""
T005 error tables/claims.csv, row 2, column end: not a whole number ('x'). Write digits only, without separators, signs or decimals; leave it empty if unknown.
T008 error tables/claims.csv, row 2, column low: not a decimal number ('56,1'). Write digits with a decimal point, such as 80.1.
T008 error tables/claims.csv, row 2, column rounded_to: not a decimal number ('0,1'). Write digits with a decimal point, such as 80.1.
T011 error tables/official_results.csv, row 4, column station_id: not an id ('s 1'). Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
T025 error tables/protocols.csv, row 3, column reason: the text begins or ends with a space, or holds a control character (' 8 read as 3'). Remove spaces at its ends and control characters.
""",
    ),
    BadFolder(
        "many problems in many files, all at once",
        (
            put("tables/areas.xlsx", b""),
            swap("stations", "s2,north", "s2,nrth"),
            swap("documents", "2024-05-06", "6 May"),
            swap("protocols", "c1,mayor,s1,photo", "c1,mayor,s1,foto"),
            swap("official_figures", "f1,", "f 1,"),
            swap("claims", "confirmed", "sure"),
            add("areas", "south,land,region,South,"),
            put("voter_reports", "a;b\n"),
        ),
        says="""
F001 error tables/areas.xlsx: the file is not a table of a case. Save the sheet as CSV under the name of its table.
T010 error tables/claims.csv, row 2, column status: not one of the values allowed here ('sure'). Write one of: proposed, confirmed, rejected.
T012 error tables/documents.csv, row 2, column published_at: not a date, nor a time with its offset ('6 May'). Write 2020-08-09, or 2020-08-09T20:00+03:00.
T011 error tables/official_figures.csv, row 2, column figure_id: not an id ('f 1'). Use 1 to 64 letters, digits, dots, underscores or hyphens (A-Z a-z 0-9).
T015 error tables/protocols.csv, row 2, column document_id: the table documents has no such row ('foto'). Add it to tables/documents.csv, or correct the id here.
T015 error tables/stations.csv, row 3, column area_id: the table areas has no such row ('nrth'). Add it to tables/areas.csv, or correct the id here.
F012 error tables/voter_reports.csv, row 1: the header has one column and looks separated by something else than commas. Separate the columns with commas.
T014 warning tables/areas.csv, row 5, column area_id: the row stands in the table more than once; it is read once ('south'). Remove the repetition.
""",
    ),
)
