"""A small valid case folder with a row or more in every table, and edits that spoil it."""

from collections.abc import Callable
from pathlib import Path

HEAD = """\
format = 1
id = "small"
title = "Small election"
country = "XX"
date = "2024-05-05"
time_zone = "Europe/Minsk"
licence = "CC0-1.0"
audience = "public"
largest_station = 3000
roll_additions = 100

[[contests]]
id = "mayor"
name = "Mayor"
winners = 1
rule = "plurality"

[[contests.options]]
id = "anna"
name = "Anna"
kind = "candidate"

[[contests.options]]
id = "boris"
name = "Boris"
kind = "candidate"

[[contests]]
id = "question"
name = "Question"
winners = 1
rule = "threshold"
threshold = "3/5"
round = 1

[[contests.options]]
id = "yes"
name = "Yes"
kind = "answer"

[[contests.options]]
id = "no"
name = "No"
kind = "answer"
"""

TABLES = {
    "areas": """\
area_id,parent_id,level,name,code
land,,nation,Land,L
north,land,region,North,N
south,land,region,South,
""",
    "stations": """\
station_id,area_id,number,name,registered,latitude,longitude
s1,north,1,"School, hall 2",1000,52.1,23.5
s2,north,2,Library,800,-33.25,151
s3,south,1,,,,
""",
    "documents": """\
document_id,kind,title,publisher,published_at,address,path,sha256,licence,note
paper,article,Report,Gazette,2024-05-06,https://example.org/1,,,CC0-1.0,"Says ""won"" twice"
photo,photograph,Form of s1,observers,2024-05-05T22:10+03:00,,,,,
""",
    "official_results": """\
result_id,contest_id,area_id,station_id,document_id,version,published_at,stations_counted,\
stations_total,registered_counted,rounded_to,rounding,outlets,supersedes,withdrawn,registered,\
ballots,votes_anna,votes_boris
r1,mayor,land,,paper,1,2024-05-06,3,3,2500,1,half_up,2,,true,2500,1800,1000,750
r2,mayor,land,,paper,2,2024-05-07,3,3,2500,1,half_up,1,r1,false,2500,1800,1010,740
r3,mayor,,s1,paper,1,2024-05-06,,,,1,unknown,,,false,1000,700,400,280
""",
    "official_figures": """\
figure_id,contest_id,area_id,station_id,option_id,document_id,version,published_at,measure,low,\
high,unit,denominator,rounded_to,rounding,stations_counted,stations_total,outlets,supersedes,\
withdrawn
f1,mayor,land,,anna,paper,1,2024-05-06,vote_share,56.1,56.1,percent,ballots,0.1,half_up,3,3,1,,false
""",
    "protocols": """\
copy_id,contest_id,station_id,document_id,form,status,corrects,reason,registered,ballots,invalid,\
votes_anna,votes_boris
c1,mayor,s1,photo,photo,accepted,,,1000,650,10,350,290
c2,mayor,s1,photo,photo,accepted,c1,8 read as 3,1000,700,20,400,280
c3,mayor,s2,photo,transcript,rejected,,another election,,,,1,2
""",
    "protocol_sums": """\
sum_id,contest_id,area_id,document_id,stations,overlap,votes_anna,votes_boris
sum1,mayor,south,paper,1,unknown,100,90
""",
    "voter_reports": """\
station_id,contest_id,option_id,document_id,reports,with_photo,verified
s1,mayor,anna,paper,20,10,5
""",
    "voter_report_items": """\
report_id,station_id,contest_id,option_id,photo,verified
v1,s1,mayor,boris,true,false
""",
    "turnout_counts": """\
count_id,station_id,document_id,from,to,entered,complete
t1,s1,paper,2024-05-05T08:00+03:00,2024-05-05T20:00+03:00,690,true
""",
    "claims": """\
claim_id,status,document_id,start,end,quote,words,speaker,stated_at,measure,contest_id,option_id,\
area_id,event_from,event_to,comparator,low,high,rounded_to,rounding,unit,denominator,polarity,\
reply,supersedes
k1,confirmed,paper,0,8,Anna won,Anna had 56.1 %.,Committee,2024-05-06,vote_share,mayor,anna,land,,,\
eq,56.1,,0.1,half_up,percent,ballots,affirmed,,
k2,proposed,paper,,,,A crowd.,,,crowd_size,,,north,2024-05-05,2024-05-06,between,2000,3000,,\
unknown,people,none,affirmed,photo,
""",
}

Edit = Callable[[Path], None]


def make_folder(folder: Path) -> Path:
    """The valid case, written into a new folder."""
    (folder / "tables").mkdir(parents=True)
    (folder / "case.toml").write_text(HEAD, encoding="utf-8", newline="")
    for name, text in TABLES.items():
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def path_of(folder: Path, name: str) -> Path:
    """The file of a table named without its suffix; other names stand for themselves."""
    return folder / (f"tables/{name}.csv" if name in TABLES else name)


def swap(name: str, old: str, new: str) -> Edit:
    """One passage of a file written otherwise; the passage must stand there exactly once."""

    def edit(folder: Path) -> None:
        path = path_of(folder, name)
        text = path.read_bytes().decode()
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_bytes(text.replace(old, new).encode())

    return edit


def put(name: str, content: str | bytes) -> Edit:
    """A file with this content, in place of what stood there."""

    def edit(folder: Path) -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        path_of(folder, name).write_bytes(raw)

    return edit


def add(name: str, *rows: str) -> Edit:
    """Further rows at the end of a table."""

    def edit(folder: Path) -> None:
        path = path_of(folder, name)
        path.write_bytes(path.read_bytes() + "".join(f"{row}\n" for row in rows).encode())

    return edit


def drop(name: str) -> Edit:
    """A file that is not there."""
    return lambda folder: path_of(folder, name).unlink()
