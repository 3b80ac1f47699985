"""The shared tables of a case, stated once (interfaces, "Case")."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pollwitness.language import mark as _
from pollwitness.quantities import Comparator, Denominator, Measure, Rounding, Unit
from pollwitness.tables.schema import LARGEST_COUNT, Column, Kind, Schema


def _id(
    name: str, meaning: str, *, nullable: bool = False, references: str | None = None
) -> Column:
    return Column(name, Kind.ID, meaning, nullable=nullable, references=references)


def _text(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, nullable=nullable)


def _count(name: str, meaning: str, *, unit: str, nullable: bool = True, low: int = 0) -> Column:
    return Column(
        name,
        Kind.INTEGER,
        meaning,
        unit=unit,
        nullable=nullable,
        low=Fraction(low),
        high=Fraction(LARGEST_COUNT),
    )


def _choice(name: str, meaning: str, choices: Sequence[str], *, nullable: bool = False) -> Column:
    return Column(
        name, Kind.CHOICE, meaning, nullable=nullable, choices=tuple(str(c) for c in choices)
    )


def _moment(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, Kind.MOMENT, meaning, nullable=nullable)


def _decimal(name: str, meaning: str, *, nullable: bool = False, low: int | None = 0) -> Column:
    return Column(
        name,
        Kind.DECIMAL,
        meaning,
        nullable=nullable,
        low=None if low is None else Fraction(low),
    )


def _flag(name: str, meaning: str) -> Column:
    return Column(name, Kind.BOOLEAN, meaning)


def vote_column(option_id: str) -> str:
    """The name of the column that holds an option's votes."""
    return f"votes_{option_id}"


def earlier_column(option_id: str) -> str:
    """The name of the column that holds an option's votes in an earlier result."""
    return f"earlier_votes_{option_id}"


def count_columns(option_ids: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a results form, official or observed (interfaces, "COUNTS")."""
    return (
        _count("registered", "voters on the list", unit="voters"),
        _count("added", "voters added to the list on the day", unit="voters"),
        _count("issued", "ballots handed out", unit="ballots"),
        _count("ballots", "ballots found in the boxes", unit="ballots"),
        _count("valid", "valid ballots", unit="ballots"),
        _count("invalid", "invalid ballots", unit="ballots"),
        _count("early", "ballots cast early", unit="ballots"),
        _count("mobile", "ballots cast at home", unit="ballots"),
        *(_count(vote_column(o), f"votes for the option {o}", unit="votes") for o in option_ids),
    )


_CONTEST = _id("contest_id", "the contest, as in case.toml")
_DOCUMENT = _id("document_id", "where the figure is written", references="documents")
_AREA_OR_STATION = (
    _id("area_id", "the area that the figure is about", nullable=True, references="areas"),
    _id("station_id", "the station that the figure is about", nullable=True, references="stations"),
)
_VERSION = (
    _count("version", "1 for the first publication, higher for later ones", unit="version",
           nullable=False, low=1),
    _moment("published_at", "when it was published"),
)  # fmt: skip
_COVERAGE = (
    _count("stations_counted", "stations that the figure includes", unit="stations"),
    _count("stations_total", "stations there are", unit="stations"),
)
_PROVENANCE = (
    _count("outlets", "independent sources that carry the figure", unit="outlets"),
    _id("supersedes", "the row that this one replaces", nullable=True),
    _flag("withdrawn", "whether the authority withdrew the figure"),
)
_ROUNDING = _choice("rounding", "how the printed figure was made", tuple(Rounding))


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
        *_people(),
        _claims(option_ids),
    )
    return {schema.name: schema for schema in schemas}


def _places() -> tuple[Schema, ...]:
    areas = Schema(
        "areas",
        _("a node of the territory: nation, region, district, of any depth"),
        ("area_id",),
        (
            _id("area_id", "the area"),
            _id("parent_id", "the area that it lies in", nullable=True, references="areas"),
            _text("level", "what kind of area it is"),
            _text("name", "its name"),
            _text("code", "its official code", nullable=True),
        ),
    )
    stations = Schema(
        "stations",
        _("a polling station"),
        ("station_id",),
        (
            _id("station_id", "the station"),
            _id("area_id", "the area that it lies in", references="areas"),
            _text("number", "its official number, which need not be unique", nullable=True),
            _text("name", "its name or place", nullable=True),
            _count("registered", "voters on its list before the day", unit="voters"),
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
            _id("document_id", "the document"),
            _text("kind", "what it is: article, photograph, table, statement …"),
            _text("title", "its title, or what it shows"),
            _text("publisher", "who published it"),
            _moment("published_at", "when it was published", nullable=True),
            _text("address", "where it can be read", nullable=True),
            _text("path", "its file below documents/ or evidence/", nullable=True),
            Column("sha256", Kind.DIGEST, "SHA-256 of the file", nullable=True),
            _text("licence", "under which terms it may be shared", nullable=True),
            _text("note", "anything a reader should know", nullable=True),
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
            _id("evidence_id", "the file, by a random name that says nothing"),
            _id("document_id", "the document that it shows", references="documents"),
            _id("station_id", "the polling station", nullable=True, references="stations"),
            _choice("visibility", "who may see it", ("public", "restricted")),
            _choice("generation", "what it is", ("original", "copy", "derivative", "unknown")),
            _id("parent_id", "the file that a derivative was made from", nullable=True),
            Column("sha256", Kind.DIGEST, "SHA-256 of its bytes"),
            _text("media_type", "what it was found to be, such as image/jpeg"),
            _count("bytes", "its size", unit="bytes", nullable=False),
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
            _id("result_id", "the row"),
            _CONTEST,
            *_AREA_OR_STATION,
            _DOCUMENT,
            *_VERSION,
            *_COVERAGE,
            _count("registered_counted", "registered voters of the stations included",
                   unit="voters"),
            _count("rounded_to", "one unit in the last printed digit of the counts",
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
            _id("figure_id", "the row"),
            _CONTEST,
            *_AREA_OR_STATION,
            _choice("option_id", "the option, for votes and shares", option_ids, nullable=True),
            _DOCUMENT,
            *_VERSION,
            _choice("measure", "what the figure counts", tuple(Measure)),
            _decimal("low", "the printed figure, or the low end of a printed range"),
            _decimal("high", "the printed figure, or the high end of a printed range"),
            _choice("unit", "the unit", tuple(Unit)),
            _choice("denominator", "what a share is a share of", tuple(Denominator)),
            _decimal("rounded_to", "one unit in the last printed digit"),
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
            _id("copy_id", "the copy"),
            _CONTEST,
            _id("station_id", "the station", references="stations"),
            _DOCUMENT,
            _choice("form", "what the copy is", ("photo", "transcript", "qr")),
            _choice("status", "whether it is believed", ("accepted", "rejected", "unread")),
            _id("corrects", "the copy that this one corrects", nullable=True,
                references="protocols"),
            _text("reason", "why it was corrected or rejected", nullable=True),
            *count_columns(option_ids),
        ),
    )  # fmt: skip
    sums = Schema(
        "protocol_sums",
        _("a sum of protocols published without the protocols"),
        ("sum_id",),
        (
            _id("sum_id", "the row"),
            _CONTEST,
            _id("area_id", "the area of the stations", references="areas"),
            _DOCUMENT,
            _count("stations", "stations in the sum", unit="stations", nullable=False, low=1),
            _choice("overlap", "whether its stations are disjoint from all others here",
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
            _id("station_id", "the station", references="stations"),
            _CONTEST,
            _choice("option_id", "the option voted for", option_ids),
            _DOCUMENT,
            _count("reports", "reports of a ballot cast", unit="reports", nullable=False),
            _count("with_photo", "of these, with a photograph", unit="reports"),
            _count("verified", "of these, by a verified voter", unit="reports"),
        ),
    )
    items = Schema(
        "voter_report_items",
        _("one voter's report of a ballot; restricted"),
        ("report_id",),
        (
            _id("report_id", "the report"),
            _id("station_id", "the station", references="stations"),
            _CONTEST,
            _choice("option_id", "the option voted for", option_ids),
            _flag("photo", "whether it has a photograph"),
            _flag("verified", "whether the voter was verified"),
        ),
        restricted=True,
    )
    counts = Schema(
        "turnout_counts",
        _("voters counted at a station's door in a stated interval"),
        ("count_id",),
        (
            _id("count_id", "the count"),
            _id("station_id", "the station", references="stations"),
            _DOCUMENT,
            _moment("from", "when counting began"),
            _moment("to", "when counting ended"),
            _count("entered", "voters seen entering", unit="voters", nullable=False),
            _flag("complete", "whether the interval covers all voting at the station"),
        ),
    )
    return reports, items, counts


def _samples(option_ids: Sequence[str]) -> tuple[Schema, ...]:
    station = _id("station_id", "the station", references="stations")
    sample = Schema(
        "sample",
        _("a station drawn for a recount or a quick count, one draw"),
        ("sample_id", "draw"),
        (
            _id("sample_id", "the sample"),
            _count("draw", "the number of the draw, from 1", unit="draws", nullable=False, low=1),
            _choice("purpose", "what it was drawn for", ("recount", "quick_count")),
            _CONTEST,
            station,
            _text("stratum", "the stratum that it was drawn in", nullable=True),
            _choice("method", "how it was drawn",
                    ("proportional", "uniform", "different", "consistent", "hash_order",
                     "hash_order_clusters", "observers")),
            _text("seed", "the public seed; none where observers chose", nullable=True),
        ),
    )  # fmt: skip
    recounts = Schema(
        "recounts",
        _("what became of a station whose ballots were to be counted again"),
        ("recount_id",),
        (
            _id("recount_id", "the recount"),
            _CONTEST,
            station,
            _DOCUMENT,
            _choice("outcome", "what became of it", ("counted", "refused", "unreachable")),
            *count_columns(option_ids),
        ),
    )
    frame = Schema(
        "frame",
        _("a station of the frame of a quick count, with its earlier results"),
        ("station_id",),
        (
            station,
            _text("stratum", "the stratum in which it is drawn"),
            _text("cluster", "the cluster that is drawn as a whole", nullable=True),
            _decimal("cost", "what counting it costs, in any unit", nullable=True),
            _count("earlier_total", "votes there in the earlier result", unit="votes",
                   nullable=False),
            *(_count(earlier_column(one), f"votes for the option {one} in the earlier result",
                     unit="votes", nullable=False) for one in option_ids),
        ),
    )  # fmt: skip
    arrivals = Schema(
        "arrivals",
        _("what a drawn station reported to a quick count"),
        ("arrival_id",),
        (
            _id("arrival_id", "the report"),
            _CONTEST,
            station,
            _DOCUMENT,
            _moment("arrived_at", "when it came", nullable=True),
            *count_columns(option_ids),
        ),
    )
    return sample, recounts, frame, arrivals


def _people() -> tuple[Schema, ...]:
    lists = Schema(
        "detention_lists",
        _("a list of detained people"),
        ("list_id",),
        (
            _id("list_id", "the list"),
            _DOCUMENT,
            _flag(
                "names_nobody_twice", "whether its publisher made sure that nobody is on it twice"
            ),
        ),
    )

    def part(name: str, meaning: str, low: int, high: int) -> Column:
        return Column(
            name,
            Kind.INTEGER,
            meaning,
            unit="date",
            nullable=True,
            low=Fraction(low),
            high=Fraction(high),
        )

    records = Schema(
        "detentions",
        _("one entry of a list of detained people; restricted"),
        ("record_id",),
        (
            _id("record_id", "the entry"),
            _id("list_id", "the list that it stands on", references="detention_lists"),
            _text("given", "given name, in any alphabet", nullable=True),
            _text("patronymic", "patronymic", nullable=True),
            _text("surname", "surname", nullable=True),
            _choice("sex", "sex", ("f", "m"), nullable=True),
            part("birth_year", "year of birth", 1880, 2100),
            part("birth_month", "month of birth", 1, 12),
            part("birth_day", "day of birth", 1, 31),
            _id("area_id", "where the person was detained", nullable=True, references="areas"),
            _moment("detained_on", "when", nullable=True),
            _text("facility", "where the person was held", nullable=True),
            _moment("released_on", "when the person was released", nullable=True),
            _moment("died_on", "when the person died", nullable=True),
            _choice("status", "what is known of the person last",
                    ("detained", "released", "killed", "unknown"), nullable=True),
        ),
        restricted=True,
    )  # fmt: skip
    return lists, records, *_links()


def _links() -> tuple[Schema, ...]:
    """What `pollwitness detentions` finds out about the entries, and what of it is public."""
    linkage = Schema(
        "linkage",
        _("how the links between entries were made; restricted"),
        ("entries_sha256",),
        (
            Column("entries_sha256", Kind.DIGEST, "digest of the entries that were linked"),
            _count("seed", "the seed of everything random", unit="number", nullable=False),
        ),
        restricted=True,
    )  # fmt: skip
    links = Schema(
        "links",
        _("two entries that may be of one person; restricted"),
        ("first", "second"),
        (
            _id("first", "the entry whose id comes first"),
            _id("second", "the other entry"),
            _count("probability", "of one person, in millionths; empty: not proposed",
                   unit="millionths"),
            _choice("decision", "what people decided; it goes before the probability",
                    ("same", "different"), nullable=True),
        ),
        restricted=True,
    )  # fmt: skip
    overlaps = Schema(
        "list_overlaps",
        _("how many people stand on just these lists together, in numbers that may be published"),
        ("lists",),
        (
            _text("lists", "the lists, in order, with + between; * for all that are not given"),
            _count("people", "people, rounded to fives; empty below ten", unit="people"),
        ),
    )  # fmt: skip
    counts = Schema(
        "listed_people",
        _("how many different people stand on the lists, in numbers that may be published"),
        ("bound",),
        (
            _choice("bound", "certainly different; or the ends over the uncertainty of links",
                    ("certain", "least", "greatest")),
            _count("people", "people, rounded to fives; empty below ten", unit="people"),
        ),
    )  # fmt: skip
    return linkage, links, overlaps, counts


def _claims(option_ids: Sequence[str]) -> Schema:
    return Schema(
        "claims",
        _("an attributed, quantified statement"),
        ("claim_id",),
        (
            _id("claim_id", "the claim"),
            _choice("status", "only confirmed claims are checked",
                    ("proposed", "confirmed", "rejected")),
            _DOCUMENT,
            _count("start", "first code point of the quotation", unit="code points"),
            _count("end", "code point after the quotation", unit="code points"),
            _text("quote", "the words of the document", nullable=True),
            _text("words", "the claim in our words"),
            _text("speaker", "who said it", nullable=True),
            _moment("stated_at", "when it was said", nullable=True),
            _choice("measure", "what is counted", tuple(Measure)),
            _id("contest_id", "the contest, as in case.toml", nullable=True),
            _choice("option_id", "the option", option_ids, nullable=True),
            _id("area_id", "where", nullable=True, references="areas"),
            _moment("event_from", "when it happened, from", nullable=True),
            _moment("event_to", "when it happened, to", nullable=True),
            _choice("comparator", "how the true figure compares", tuple(Comparator)),
            _decimal("low", "the figure, or the low end of a range", nullable=True),
            _decimal("high", "the high end of a range", nullable=True),
            _decimal("rounded_to", "one unit in the last printed digit", nullable=True),
            _ROUNDING,
            _choice("unit", "the unit", tuple(Unit)),
            _choice("denominator", "what a share is a share of", tuple(Denominator)),
            _choice("polarity", "a denial is the negation of its range", ("affirmed", "denied")),
            _id("reply", "the reply of the person concerned", nullable=True,
                references="documents"),
            _id("supersedes", "the claim that this one replaces", nullable=True,
                references="claims"),
        ),
    )  # fmt: skip
