"""Pictures that people share, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pollwitness.checks import number_text
from pollwitness.cli.forensics.application import (
    BallotsOption,
    ContestOption,
    IssuedOption,
    LeaderOption,
    RegionOption,
    RegisteredOption,
    TableArgument,
    app,
)
from pollwitness.cli.forensics.tables import Table, read_stations
from pollwitness.cli.output import print_lines
from pollwitness.errors import QuestionError
from pollwitness.forensics import (
    Expected,
    Percentage,
    gates,
    integer_test,
    is_open,
    station_chances,
)
from pollwitness.language import gettext as _
from pollwitness.language import whole_number
from pollwitness.report.alone import picture_alone
from pollwitness.report.charts import Picture
from pollwitness.report.pages.indication_pictures import (
    comb_picture,
    cumulative_picture,
    fingerprint_picture,
    regions_picture,
)
from pollwitness.report.preview import as_png


class PictureKind(StrEnum):
    """Which picture is drawn."""

    COMB_TURNOUT = "comb-turnout"
    COMB_SHARE = "comb-share"
    FINGERPRINT = "fingerprint"
    CURVE = "curve"
    REGIONS = "regions"


@app.command("picture")
def picture_command(
    table: TableArgument,
    kind: Annotated[PictureKind, typer.Option("--kind", help="Which picture to draw.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write: .svg or .png.")
    ],
    registered: RegisteredOption = None,
    issued: IssuedOption = None,
    ballots: BallotsOption = None,
    leader: LeaderOption = None,
    region: RegionOption = None,
    contest: ContestOption = None,
) -> None:
    """Draw a picture with its title, basis and source, as SVG or PNG. Gates come first.

    Example: pollwitness forensics picture results.csv -o fingerprint.png --kind fingerprint
    --registered voters --ballots found --leader a
    """
    columns = {
        "registered": registered, "issued": issued, "ballots": ballots, "leader": leader,
        "region": region,
    }  # fmt: skip
    if output.suffix not in {".svg", ".png"}:
        raise QuestionError(f"{output}: the file must end in .svg or .png")
    found = read_stations(table, contest, columns)
    if not is_open(gates(found.stations, found.expected)):
        raise QuestionError("a gate fails; see: pollwitness forensics run")
    svg = picture_alone(_DRAW[kind](found))
    try:
        output.write_bytes(svg.encode() if output.suffix == ".svg" else as_png(svg, scale=2.0))
    except OSError as error:
        raise QuestionError(f"{output} cannot be written: {error.strerror}") from error
    print_lines([str(output)])


def _comb(percentage: Percentage) -> Callable[[Table], Picture]:
    def draw(found: Table) -> Picture:
        test = integer_test(station_chances(found.stations), percentage)
        template = (
            _("{n} stations have a turnout on a whole percent; chance puts {expected} ± {spread} "
              "there")
            if percentage is Percentage.TURNOUT
            else _("{n} stations have a leader share on a whole percent; chance puts {expected} ± "
                   "{spread} there")
        )  # fmt: skip
        title = template.format(
            n=whole_number(test.observed), expected=number_text(round(test.expected)),
            spread=number_text(round(test.spread)),
        )  # fmt: skip
        return comb_picture(found.stations, percentage, title, _source(found))

    return draw


def _source(found: Table) -> str:
    checked = found.expected != Expected()
    note = "" if checked else _(" Sums were not checked against official totals.")
    return _("Source: {election}. Method: pollwitness forensics.").format(
        election=found.election
    ) + note  # fmt: skip


def _regions(found: Table) -> Picture:
    if len(found.stations.regions) < 2:
        raise QuestionError("there is one region only; name a column with --region")
    return regions_picture(found.stations, found.leader, _source(found))


_DRAW: dict[PictureKind, Callable[[Table], Picture]] = {
    PictureKind.COMB_TURNOUT: _comb(Percentage.TURNOUT),
    PictureKind.COMB_SHARE: _comb(Percentage.SHARE),
    PictureKind.FINGERPRINT: lambda f: fingerprint_picture(f.stations, f.leader, _source(f)),
    PictureKind.CURVE: lambda f: cumulative_picture(f.stations, f.leader, _source(f)),
    PictureKind.REGIONS: _regions,
}
