"""The shared tables of a case, stated once (interfaces, "Case")."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pollwitness.language import mark as _
from pollwitness.quantities import Comparator, Denominator, Measure, Rounding, Unit
from pollwitness.tables.columns import (
    DOCUMENT,
    choice,
    count,
    decimal,
    flag,
    identifier,
    moment,
    text,
)
from pollwitness.tables.people import people
from pollwitness.tables.schema import Column, Kind, Schema


def vote_column(option_id: str) -> str:
    """The name of the column that holds an option's votes."""
    return f"votes_{option_id}"


def earlier_column(option_id: str) -> str:
    """The name of the column that holds an option's votes in an earlier result."""
    return f"earlier_votes_{option_id}"


def count_columns(option_ids: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a results form, official or observed (interfaces, "COUNTS")."""
    return (
        count("registered", "voters on the list", unit="voters"),
        count("added", "voters added to the list on the day", unit="voters"),
        count("issued", "ballots handed out", unit="ballots"),
        count("ballots", "ballots found in the boxes", unit="ballots"),
        count("valid", "valid ballots", unit="ballots"),
        count("invalid", "invalid ballots", unit="ballots"),
        count("early", "ballots cast early", unit="ballots"),
        count("mobile", "ballots cast at home", unit="ballots"),
        *(count(vote_column(o), f"votes for the option {o}", unit="votes") for o in option_ids),
    )


_CONTEST = identifier("contest_id", "the contest, as in case.toml")
_AREA_OR_STATION = (
    identifier("area_id", "the area that the figure is about", nullable=True, references="areas"),
    identifier(
        "station_id", "the station that the figure is about", nullable=True, references="stations"
    ),
)
_VERSION = (
    count("version", "1 for the first publication, higher for later ones", unit="version",
           nullable=False, low=1),
    moment("published_at", "when it was published"),
)  # fmt: skip
_COVERAGE = (
    count("stations_counted", "stations that the figure includes", unit="stations"),
    count("stations_total", "stations there are", unit="stations"),
)
_PROVENANCE = (
    count("outlets", "independent sources that carry the figure", unit="outlets"),
    identifier("supersedes", "the row that this one replaces", nullable=True),
    flag("withdrawn", "whether the authority withdrew the figure"),
)
_ROUNDING = choice("rounding", "how the printed figure was made", tuple(Rounding))


def election_schemas(option_ids: Sequence[str]) -> dict[str, Schema]:
    """The shared tables of a case with these options, by name, parents before children."""
    schemas = (
        *_places(),
        _documents(),
        _evidence(),
        *_official(option_ids),
        *_observed(option_ids),
        *_reported(option_ids),
        *_samples(option_ids),
        *people(),
        _claims(option_ids),
    )
    return {schema.name: schema for schema in schemas}


def _places() -> tuple[Schema, ...]:
    areas = Schema(
        "areas",
        _("a node of the territory: nation, region, district, of any depth"),
        ("area_id",),
        (
            identifier("area_id", "the area"),
            identifier("parent_id", "the area that it lies in", nullable=True, references="areas"),
            text("level", "what kind of area it is"),
            text("name", "its name"),
            text("code", "its official code", nullable=True),
        ),
    )
    stations = Schema(
        "stations",
        _("a polling station"),
        ("station_id",),
        (
            identifier("station_id", "the station"),
            identifier("area_id", "the area that it lies in", references="areas"),
            text("number", "its official number, which need not be unique", nullable=True),
            text("name", "its name or place", nullable=True),
            count("registered", "voters on its list before the day", unit="voters"),
            Column("latitude", Kind.DECIMAL, "north of the equator", unit="degrees", nullable=True,
                   low=Fraction(-90), high=Fraction(90)),
            Column("longitude", Kind.DECIMAL, "east of Greenwich", unit="degrees", nullable=True,
                   low=Fraction(-180), high=Fraction(180)),
        ),
    )  # fmt: skip
    return areas, stations


def _documents() -> Schema:
    return Schema(
        "documents",
        _("a source: an article, a photograph, a table, a page"),
        ("document_id",),
        (
            identifier("document_id", "the document"),
            text("kind", "what it is: article, photograph, table, statement …"),
            text("title", "its title, or what it shows"),
            text("publisher", "who published it"),
            moment("published_at", "when it was published", nullable=True),
            text("address", "where it can be read", nullable=True),
            text("path", "its file below documents/ or evidence/", nullable=True),
            Column("sha256", Kind.DIGEST, "SHA-256 of the file", nullable=True),
            text("licence", "under which terms it may be shared", nullable=True),
            text("note", "anything a reader should know", nullable=True),
        ),
    )


def _evidence() -> Schema:
    def kept(name: str, kind: Kind, meaning: str) -> Column:
        return Column(name, kind, meaning, nullable=True, restricted=True)

    return Schema(
        "evidence",
        _("a file in the archive of the case"),
        ("evidence_id",),
        (
            identifier("evidence_id", "the file, by a random name that says nothing"),
            identifier("document_id", "the document that it shows", references="documents"),
            identifier("station_id", "the polling station", nullable=True, references="stations"),
            choice("visibility", "who may see it", ("public", "restricted")),
            choice("generation", "what it is", ("original", "copy", "derivative", "unknown")),
            identifier("parent_id", "the file that a derivative was made from", nullable=True),
            Column("sha256", Kind.DIGEST, "SHA-256 of its bytes"),
            text("media_type", "what it was found to be, such as image/jpeg"),
            count("bytes", "its size", unit="bytes", nullable=False),
            kept("received_at", Kind.MOMENT, "when it came into the archive"),
            kept("salt", Kind.DIGEST, "what opens the commitment in the log"),
            kept("name", Kind.TEXT, "the name that the file had"),
            kept("captured_at", Kind.TEXT, "when it was taken, as the device claims"),
            kept("place", Kind.TEXT, "where it was taken, as the device claims"),
            kept("device", Kind.TEXT, "the device, as it claims"),
            kept("perceptual_hash", Kind.TEXT, "PDQ of the picture, 64 hexadecimal digits"),
            kept("codes", Kind.TEXT, "texts of the codes (QR) that it shows"),
            kept("note", Kind.TEXT, "a note for the people of the case"),
        ),
    )


def _official(option_ids: Sequence[str]) -> tuple[Schema, ...]:
    results = Schema(
        "official_results",
        _("counts that an authority published for a station or an area, one version"),
        ("result_id",),
        (
            identifier("result_id", "the row"),
            _CONTEST,
            *_AREA_OR_STATION,
            DOCUMENT,
            *_VERSION,
            *_COVERAGE,
            count("registered_counted", "registered voters of the stations included",
                   unit="voters"),
            count("rounded_to", "one unit in the last printed digit of the counts",
                   unit="votes", nullable=False, low=1),
            _ROUNDING,
            *_PROVENANCE,
            *count_columns(option_ids),
        ),
    )  # fmt: skip
    figures = Schema(
        "official_figures",
        _("a percentage, turnout or rounded count that an authority published without its counts"),
        ("figure_id",),
        (
            identifier("figure_id", "the row"),
            _CONTEST,
            *_AREA_OR_STATION,
            choice("option_id", "the option, for votes and shares", option_ids, nullable=True),
            DOCUMENT,
            *_VERSION,
            choice("measure", "what the figure counts", tuple(Measure)),
            decimal("low", "the printed figure, or the low end of a printed range"),
            decimal("high", "the printed figure, or the high end of a printed range"),
            choice("unit", "the unit", tuple(Unit)),
            choice("denominator", "what a share is a share of", tuple(Denominator)),
            decimal("rounded_to", "one unit in the last printed digit"),
            _ROUNDING,
            *_COVERAGE,
            *_PROVENANCE,
        ),
    )
    return results, figures


def _observed(option_ids: Sequence[str]) -> tuple[Schema, ...]:
    protocols = Schema(
        "protocols",
        _("one copy of a station's signed results form: a photograph, transcript or code"),
        ("copy_id",),
        (
            identifier("copy_id", "the copy"),
            _CONTEST,
            identifier("station_id", "the station", references="stations"),
            DOCUMENT,
            choice("form", "what the copy is", ("photo", "transcript", "qr")),
            choice("status", "whether it is believed", ("accepted", "rejected", "unread")),
            identifier("corrects", "the copy that this one corrects", nullable=True,
                references="protocols"),
            text("reason", "why it was corrected or rejected", nullable=True),
            *count_columns(option_ids),
        ),
    )  # fmt: skip
    sums = Schema(
        "protocol_sums",
        _("a sum of protocols published without the protocols"),
        ("sum_id",),
        (
            identifier("sum_id", "the row"),
            _CONTEST,
            identifier("area_id", "the area of the stations", references="areas"),
            DOCUMENT,
            count("stations", "stations in the sum", unit="stations", nullable=False, low=1),
            choice("overlap", "whether its stations are disjoint from all others here",
                    ("disjoint", "unknown")),
            *count_columns(option_ids),
        ),
    )  # fmt: skip
    return protocols, sums


def _reported(option_ids: Sequence[str]) -> tuple[Schema, ...]:
    reports = Schema(
        "voter_reports",
        _("voters' own reports of ballots cast at a station, counted"),
        ("station_id", "contest_id", "option_id", "document_id"),
        (
            identifier("station_id", "the station", references="stations"),
            _CONTEST,
            choice("option_id", "the option voted for", option_ids),
            DOCUMENT,
            count("reports", "reports of a ballot cast", unit="reports", nullable=False),
            count("with_photo", "of these, with a photograph", unit="reports"),
            count("verified", "of these, by a verified voter", unit="reports"),
        ),
    )
    items = Schema(
        "voter_report_items",
        _("one voter's report of a ballot; restricted"),
        ("report_id",),
        (
            identifier("report_id", "the report"),
            identifier("station_id", "the station", references="stations"),
            _CONTEST,
            choice("option_id", "the option voted for", option_ids),
            flag("photo", "whether it has a photograph"),
            flag("verified", "whether the voter was verified"),
        ),
        restricted=True,
    )
    counts = Schema(
        "turnout_counts",
        _("voters counted at a station's door in a stated interval"),
        ("count_id",),
        (
            identifier("count_id", "the count"),
            identifier("station_id", "the station", references="stations"),
            DOCUMENT,
            moment("from", "when counting began"),
            moment("to", "when counting ended"),
            count("entered", "voters seen entering", unit="voters", nullable=False),
            flag("complete", "whether the interval covers all voting at the station"),
        ),
    )
    return reports, items, counts


def _samples(option_ids: Sequence[str]) -> tuple[Schema, ...]:
    station = identifier("station_id", "the station", references="stations")
    sample = Schema(
        "sample",
        _("a station drawn for a recount or a quick count, one draw"),
        ("sample_id", "draw"),
        (
            identifier("sample_id", "the sample"),
            count("draw", "the number of the draw, from 1", unit="draws", nullable=False, low=1),
            choice("purpose", "what it was drawn for", ("recount", "quick_count")),
            _CONTEST,
            station,
            text("stratum", "the stratum that it was drawn in", nullable=True),
            choice("method", "how it was drawn",
                    ("proportional", "uniform", "different", "consistent", "hash_order",
                     "hash_order_clusters", "observers")),
            text("seed", "the public seed; none where observers chose", nullable=True),
        ),
    )  # fmt: skip
    recounts = Schema(
        "recounts",
        _("what became of a station whose ballots were to be counted again"),
        ("recount_id",),
        (
            identifier("recount_id", "the recount"),
            _CONTEST,
            station,
            DOCUMENT,
            choice("outcome", "what became of it", ("counted", "refused", "unreachable")),
            *count_columns(option_ids),
        ),
    )
    frame = Schema(
        "frame",
        _("a station of the frame of a quick count, with its earlier results"),
        ("station_id",),
        (
            station,
            text("stratum", "the stratum in which it is drawn"),
            text("cluster", "the cluster that is drawn as a whole", nullable=True),
            decimal("cost", "what counting it costs, in any unit", nullable=True),
            count("earlier_total", "votes there in the earlier result", unit="votes",
                   nullable=False),
            *(count(earlier_column(one), f"votes for the option {one} in the earlier result",
                     unit="votes", nullable=False) for one in option_ids),
        ),
    )  # fmt: skip
    arrivals = Schema(
        "arrivals",
        _("what a drawn station reported to a quick count"),
        ("arrival_id",),
        (
            identifier("arrival_id", "the report"),
            _CONTEST,
            station,
            DOCUMENT,
            moment("arrived_at", "when it came", nullable=True),
            *count_columns(option_ids),
        ),
    )
    return sample, recounts, frame, arrivals


def _claims(option_ids: Sequence[str]) -> Schema:
    return Schema(
        "claims",
        _("an attributed, quantified statement"),
        ("claim_id",),
        (
            identifier("claim_id", "the claim"),
            choice("status", "only confirmed claims are checked",
                    ("proposed", "confirmed", "rejected")),
            DOCUMENT,
            count("start", "first code point of the quotation", unit="code points"),
            count("end", "code point after the quotation", unit="code points"),
            text("quote", "the words of the document", nullable=True),
            text("words", "the claim in our words"),
            text("speaker", "who said it", nullable=True),
            moment("stated_at", "when it was said", nullable=True),
            choice("measure", "what is counted", tuple(Measure)),
            identifier("contest_id", "the contest, as in case.toml", nullable=True),
            choice("option_id", "the option", option_ids, nullable=True),
            identifier("area_id", "where", nullable=True, references="areas"),
            moment("event_from", "when it happened, from", nullable=True),
            moment("event_to", "when it happened, to", nullable=True),
            choice("comparator", "how the true figure compares", tuple(Comparator)),
            decimal("low", "the figure, or the low end of a range", nullable=True),
            decimal("high", "the high end of a range", nullable=True),
            decimal("rounded_to", "one unit in the last printed digit", nullable=True),
            _ROUNDING,
            choice("unit", "the unit", tuple(Unit)),
            choice("denominator", "what a share is a share of", tuple(Denominator)),
            choice("polarity", "a denial is the negation of its range", ("affirmed", "denied")),
            identifier("reply", "the reply of the person concerned", nullable=True,
                references="documents"),
            identifier("supersedes", "the claim that this one replaces", nullable=True,
                references="claims"),
        ),
    )  # fmt: skip
