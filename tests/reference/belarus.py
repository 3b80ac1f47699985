"""The station-level tables of Belarus 2020 as a case, read from the reference data."""

from pathlib import Path

import polars as pl

from pollwitness.tables import (
    Audience,
    Case,
    CaseTables,
    Contest,
    ContestRule,
    Option,
    OptionKind,
)

OPTIONS = (
    "lukashenko", "tikhanovskaya", "kanopatskaya", "dmitriev", "cherechen", "against_all",
)  # fmt: skip
REGIONS = {
    "Brest": "brest", "Vitebsk": "vitebsk", "Gomel": "gomel", "Grodno": "grodno",
    "Minsk region": "minsk-region", "Mogilev": "mogilev", "Minsk city": "minsk-city",
    "Abroad": "abroad",
}  # fmt: skip


def belarus_case() -> Case:
    return Case(
        id="belarus-2020-stations",
        title="Belarus 2020, station level",
        country="BY",
        date="2020-08-09",
        time_zone="Europe/Minsk",
        licence="not for redistribution",
        audience=Audience.INTERNAL,
        contests=(
            Contest(
                id="president",
                name="President",
                winners=1,
                rule=ContestRule.MAJORITY,
                options=tuple(
                    Option(
                        option,
                        option.replace("_", " ").title(),
                        OptionKind.AGAINST_ALL if option == "against_all" else OptionKind.CANDIDATE,
                    )
                    for option in OPTIONS
                ),
            ),
        ),
        roll_additions=59_717,
    )


def belarus_tables(reference: Path, *, negatives: bool = False) -> CaseTables:
    """All 5,767 stations, 1,395 protocols, photographed ballots, official figures, claims.

    Three forms carry a negative number of votes against all (-48, -23, -7), put there so that the
    parts add up to the ballots. No count is negative: they are read as blank, and these forms then
    break rule P002. ``negatives`` keeps them, as the published totals of this data set do.
    """
    folder = reference / "belarus2020"
    forms = pl.read_csv(folder / "station_protocols_platform.csv").with_columns(
        pl.col("region").replace_strict(REGIONS).alias("area_id")
    )
    if not negatives:
        forms = forms.with_columns(
            pl.when(pl.col(option) >= 0).then(pl.col(option)).alias(option) for option in OPTIONS
        )
    frames = {
        "areas": _areas(),
        "stations": _stations(folder),
        "documents": _documents(forms),
        "protocols": _protocols(forms),
        "voter_reports": _reports(folder),
        "official_results": _results(folder),
        "official_figures": _figures(folder),
        "claims": _claims(),
    }
    return CaseTables.of(belarus_case(), frames)


def _areas() -> pl.DataFrame:
    regions = [
        {"area_id": area, "parent_id": "by", "level": "region", "name": name}
        for name, area in REGIONS.items()
    ]
    nation = {"area_id": "by", "parent_id": None, "level": "nation", "name": "Belarus"}
    return pl.DataFrame([nation, *regions])


def _stations(folder: Path) -> pl.DataFrame:
    by_number = dict(enumerate(REGIONS.values(), start=1))
    order = {1: "brest", 2: "vitebsk", 3: "gomel", 4: "grodno", 5: "minsk-region",
             6: "mogilev", 7: "minsk-city", 8: "abroad"}  # fmt: skip
    assert by_number == order
    places = pl.read_csv(folder / "station_level" / "geo-categorized.csv")
    return places.select(
        pl.col("id").alias("station_id"),
        pl.col("region").replace_strict(order).alias("area_id"),
        pl.col("id").str.slice(7).alias("number"),
        pl.col("latitude").cast(pl.String),
        pl.col("longitude").cast(pl.String),
    )


def _documents(forms: pl.DataFrame) -> pl.DataFrame:
    protocols = forms.select(
        pl.format("protocol-{}", "platform_code").alias("document_id"),
        pl.lit("photograph").alias("kind"),
        pl.format("Protocol of station {}", "platform_code").alias("title"),
        pl.lit("Golos").alias("publisher"),
        pl.lit("2020-08-20").alias("published_at"),
    )
    others = pl.DataFrame(
        [
            ("roll", "statement", "Registered voters", "commission", "2020-07-27"),
            ("preliminary", "statement", "Preliminary result", "commission", "2020-08-10"),
            ("final", "statement", "Final result", "commission", "2020-08-14"),
            ("study", "study", "Study that quotes regional totals", "Golos", "2021-01-01"),
            ("photos", "table", "Photographed ballots by station", "Golos", "2020-09-26"),
            ("article", "article", "Article of 14 August", "outlet", "2020-08-14"),
        ],
        schema=["document_id", "kind", "title", "publisher", "published_at"],
        orient="row",
    )
    return pl.concat([protocols, others])


def _protocols(forms: pl.DataFrame) -> pl.DataFrame:
    return forms.select(
        pl.format("copy-{}", "platform_code").alias("copy_id"),
        pl.lit("president").alias("contest_id"),
        pl.col("platform_code").alias("station_id"),
        pl.format("protocol-{}", "platform_code").alias("document_id"),
        pl.lit("photo").alias("form"),
        pl.lit("accepted").alias("status"),
        "registered",
        pl.col("voted").alias("ballots"),
        "invalid",
        *(pl.col(option).alias(f"votes_{option}") for option in OPTIONS),
    )


def _reports(folder: Path) -> pl.DataFrame:
    theirs = dict(
        zip(
            ("lukashenko", "tihanovkaja", "kanopatskaja", "dmitriyev", "cherechen", "against"),
            OPTIONS,
            strict=True,
        )
    )
    raw = pl.read_csv(folder / "station_level" / "voice.csv", infer_schema_length=None)
    parts = [
        raw.select(
            pl.col("id").alias("station_id"),
            pl.lit("president").alias("contest_id"),
            pl.lit(option).alias("option_id"),
            pl.lit("photos").alias("document_id"),
            pl.col(f"{name}_photoVoices").cast(pl.Int64).alias("reports"),
            pl.col(f"{name}_photoVoices").cast(pl.Int64).alias("with_photo"),
        )
        for name, option in theirs.items()
    ]
    return pl.concat(parts).drop_nulls("reports")


def _result(result_id: str, area: str, document: str, version: int, day: str, **counts: int):
    return {
        "result_id": result_id, "contest_id": "president", "area_id": area,
        "document_id": document, "version": version, "published_at": day, "rounded_to": 1,
        "rounding": "unknown", "withdrawn": False, **counts,
    }  # fmt: skip


def _results(folder: Path) -> pl.DataFrame:
    regions = pl.read_csv(folder / "official_region.csv").filter(pl.col("region") != "NATIONAL")
    rows = [
        _result(f"roll-{REGIONS[name]}", REGIONS[name], "roll", 1, "2020-07-27",
                registered=registered, stations_total=stations)
        for name, registered, stations in regions.select(
            "region", "registered_2020-07-27", "stations").iter_rows()
    ]  # fmt: skip
    rows.append(_result("roll-by", "by", "roll", 1, "2020-07-27", registered=6_844_932,
                        stations_total=5_767))  # fmt: skip
    rows.append(
        _result("final-by", "by", "final", 4, "2020-08-14", ballots=5_818_955,
                stations_counted=5_767, stations_total=5_767, votes_lukashenko=4_661_075,
                votes_tikhanovskaya=588_622, votes_kanopatskaya=97_489, votes_dmitriev=70_671,
                votes_cherechen=66_613, votes_against_all=267_360)
    )  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _figure(area: str, measure: str, value: str, unit: str, **more: object):
    return {
        "figure_id": f"{area}-{measure}-{more.get('option_id', 'all')}",
        "contest_id": "president", "area_id": area, "document_id": "preliminary", "version": 1,
        "published_at": "2020-08-10", "measure": measure, "low": value, "high": value,
        "unit": unit, "denominator": "none", "rounded_to": "0.01", "rounding": "unknown",
        "withdrawn": False, **more,
    }  # fmt: skip


def _figures(folder: Path) -> pl.DataFrame:
    regions = pl.read_csv(folder / "official_region.csv", infer_schema=False).filter(
        ~pl.col("region").is_in(["NATIONAL", "Abroad"])
    )
    rows = [
        _figure(REGIONS[name], "turnout", value, "percent", denominator="registered")
        for name, value in regions.select("region", "turnout_updated_10aug_pct").iter_rows()
    ]
    for area, votes in (("minsk-region", "115300"), ("minsk-city", "126900")):
        rows.append(
            _figure(area, "votes", votes, "votes", option_id="tikhanovskaya", version=2,
                    rounded_to="100", document_id="study", published_at="2021-01-01")
        )  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _claim(claim_id: str, measure: str, **more: object):
    return {
        "claim_id": claim_id, "status": "confirmed", "document_id": "article", "words": claim_id,
        "speaker": "commission", "measure": measure, "contest_id": "president",
        "comparator": "eq", "rounding": "unknown", "unit": "votes", "denominator": "none",
        "polarity": "affirmed", **more,
    }  # fmt: skip


def _claims() -> pl.DataFrame:
    return pl.DataFrame(
        [
            _claim("lukashenko-80", "vote_share", option_id="lukashenko", low="80.1",
                   unit="percent", denominator="ballots"),
            _claim("tikhanovskaya-nation", "votes", option_id="tikhanovskaya", low="588622"),
            _claim("minsk-region", "votes", option_id="tikhanovskaya", low="115300",
                   rounded_to="100", area_id="minsk-region"),
            _claim("minsk-city", "votes", option_id="tikhanovskaya", low="126900",
                   rounded_to="100", area_id="minsk-city"),
            _claim("won-80", "stations_won", option_id="tikhanovskaya", comparator="at_least",
                   low="80", unit="stations", speaker="Honest People"),
            _claim("contradicted-300", "stations_contradicted", comparator="at_least", low="300",
                   unit="stations", speaker="Golos"),
        ],
        infer_schema_length=None,
    )  # fmt: skip
