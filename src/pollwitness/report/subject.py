"""What a report is about: a case as it may be shown, the answers, and where each has its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from pollwitness.checks import CATALOGUE, CheckRun, ClaimHead
from pollwitness.claims import AreaFigures, Claim, Finding, case_digest, confirmed_claims
from pollwitness.detentions.disclosure import Released
from pollwitness.detentions.estimate import Answer, answer_from
from pollwitness.detentions.register import released_of
from pollwitness.evidence.notes import Checkpoint
from pollwitness.quantities import Verdict
from pollwitness.reading.document import KeptArticle
from pollwitness.reading.spans import Span
from pollwitness.report.paths import file_names
from pollwitness.tables import (
    Audience,
    CaseTables,
    count_columns,
    shown_tables,
)
from pollwitness.tally import breaches, copy_differences, territory
from pollwitness.tally.rules import effective_copies

ROWS_A_PAGE = 200
"""Rows of a long table on one page."""
MOST_STATION_PAGES = 10_000
"""Up to so many stations with a protocol each have a page; beyond, only where there is more to see
than the row of the area's table shows."""

VERDICT_ORDER = (
    Verdict.CONTRADICTED,
    Verdict.ENTAILED,
    Verdict.UNLIKELY,
    Verdict.SUPPORTED,
    Verdict.COMPATIBLE,
    Verdict.ANOMALOUS,
    Verdict.UNREMARKABLE,
    Verdict.POSSIBLE,
    Verdict.UNDECIDED,
)
"""The order in which claims are shown."""

QuantityKey = tuple[str, str | None, str | None, str | None]
Row = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of stations: its id, what it was drawn for, how, and by which public seed."""

    id: str
    is_recount: bool
    method: str
    seed: str | None


@dataclass(frozen=True, eq=False)
class Subject:
    """A case and its answers, indexed for pages.

    ``tables`` are what may be shown: the public tables of a public case, the anonymised ones of an
    internal case. ``digest`` is that of the whole case, as in `findings.json`; ``is_complete``
    whether what may be shown is all there is. ``log`` is the last checkpoint of the custody log,
    ``articles`` the texts of documents that are shown with their claims marked.
    """

    tables: CaseTables
    run: CheckRun
    digest: str
    is_complete: bool
    log: Checkpoint | None = None
    articles: Mapping[str, KeptArticle] = field(default_factory=dict)

    @classmethod
    def of(
        cls, tables: CaseTables, run: CheckRun, log: Checkpoint | None = None,
        articles: Mapping[str, KeptArticle] | None = None,
    ) -> Subject:  # fmt: skip
        """The subject of a report on a case; restricted values stay behind.

        ``articles`` are texts of documents, by id; those of an internal case are not shown.
        """
        shown = shown_tables(tables)
        digest = case_digest(tables)
        texts = articles if articles and tables.case.audience is Audience.PUBLIC else {}
        return cls(shown, run, digest, case_digest(shown) == digest, log, texts)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """The confirmed claims: by what their verdict says, the firm before the fragile."""
        order = {verdict: number for number, verdict in enumerate(VERDICT_ORDER)}
        claims = confirmed_claims(self.tables)

        def rank(claim: Claim) -> tuple[int, bool, str]:
            head = self.heads[claim.claim_id]
            fragile = head.finding is not None and head.finding.fragile
            return order[head.verdict], fragile, claim.claim_id

        return {claim.claim_id: claim for claim in sorted(claims, key=rank)}

    @cached_property
    def heads(self) -> dict[str, ClaimHead]:
        """The verdict on every claim."""
        return self.run.heads()

    @cached_property
    def findings_of_claims(self) -> dict[str, list[Finding]]:
        """The findings on every claim; the one that heads the claim comes first."""
        found: dict[str, list[Finding]] = {claim: [] for claim in self.heads}
        for finding in self.run.findings:
            if finding.claim_id is not None:
                found[finding.claim_id].append(finding)
        for claim, findings in found.items():
            first = self.heads[claim].finding
            findings.sort(key=lambda f: (f is not first, int(f.rung), f.check))
        return found

    @cached_property
    def findings_of_areas(self) -> dict[str, list[Finding]]:
        """The findings about areas that no claim asked for."""
        found: dict[str, list[Finding]] = {}
        for finding in self.run.findings:
            if finding.claim_id is None and finding.scope.area_id is not None:
                found.setdefault(finding.scope.area_id, []).append(finding)
        return found

    @cached_property
    def findings_of_case(self) -> list[Finding]:
        """The findings about the case as a whole: the evidence against itself."""
        return [f for f in self.run.findings if f.claim_id is None and f.scope.area_id is None]

    @cached_property
    def areas(self) -> dict[tuple[str, str], AreaFigures]:
        """The figures of every area and contest."""
        return {(one.contest_id, one.area_id): one for one in self.run.areas}

    @cached_property
    def area_rows(self) -> dict[str, Row]:
        """The rows of the table of areas."""
        return _by_key(self.tables.table("areas"), "area_id")

    @cached_property
    def children(self) -> dict[str | None, list[str]]:
        """The areas directly below every area, by name; None for the top."""
        found: dict[str | None, list[str]] = {}
        frame = self.tables.table("areas").sort("name", "area_id")
        for area, parent in frame.select("area_id", "parent_id").iter_rows():
            found.setdefault(parent, []).append(area)
        return found

    @cached_property
    def stations_of(self) -> dict[str, pl.DataFrame]:
        """The stations directly in every area, by their number and id."""
        stations = self.tables.table("stations").sort("number", "station_id", nulls_last=True)
        parts = stations.partition_by("area_id", as_dict=True, maintain_order=True)
        return {str(key[0]): part for key, part in parts.items()}

    @cached_property
    def documents(self) -> dict[str, Row]:
        """The rows of the table of documents, in the order of their ids."""
        return _by_key(self.tables.table("documents"), "document_id")

    @cached_property
    def copies_of(self) -> dict[str, list[Row]]:
        """The copies of the protocol of every station, rejected and corrected ones too."""
        found: dict[str, list[Row]] = {}
        for row in self.tables.table("protocols").iter_rows(named=True):
            found.setdefault(row["station_id"], []).append(row)
        return found

    @cached_property
    def protocol_columns(self) -> list[tuple[str, str]]:
        """(contest, count) that any protocol of the case gives, in the order of the form."""
        found = []
        for contest in self.tables.case.contests:
            frame = self.tables.table("protocols").filter(pl.col("contest_id") == contest.id)
            names = [column.name for column in count_columns(contest.option_ids)]
            found += [(contest.id, n) for n in names if frame[n].null_count() < frame.height]
        return found

    @cached_property
    def effective(self) -> frozenset[str]:
        """The copies that count: accepted, and not corrected by another."""
        return frozenset(effective_copies(self.tables.table("protocols"))["copy_id"].to_list())

    @cached_property
    def corrected_by(self) -> dict[str, str]:
        """The copy that corrects each corrected one."""
        accepted = self.tables.table("protocols").filter(pl.col("status") == "accepted")
        pairs = accepted.drop_nulls("corrects").select("corrects", "copy_id")
        return dict(pairs.iter_rows())

    @cached_property
    def station_page(self) -> frozenset[str]:
        """The stations that have a page of their own."""
        with_protocol = set(self.tables.table("protocols")["station_id"].unique().to_list())
        if len(with_protocol) <= MOST_STATION_PAGES:
            return frozenset(with_protocol)
        return frozenset(with_protocol & self._remarkable)

    @cached_property
    def _remarkable(self) -> set[str]:
        """Stations with a breach, copies that differ, or a part in a verdict."""
        found = set(self.breaches_of)
        for contest in self.tables.case.contests:
            found |= set(copy_differences(self.tables, contest.id)["station_id"].to_list())
        for finding in self.run.findings:
            found |= {d.station_id for d in finding.decisive if d.station_id is not None}
        return found

    @cached_property
    def breaches_of(self) -> dict[str, list[tuple[str, str]]]:
        """(rule, copy) of every breach of a protocol rule, by station."""
        found: dict[str, list[tuple[str, str]]] = {}
        columns = breaches(self.tables).select("station_id", "rule", "copy_id")
        for station, rule, copy in columns.iter_rows():
            found.setdefault(station, []).append((rule, copy))
        return found

    @cached_property
    def map_points(self) -> pl.DataFrame:
        """Every station in the order of the territory: latitude, longitude, kind of mark."""
        seen = self.tables.table("protocols")["station_id"].unique()
        breached = pl.Series(list(self.breaches_of), dtype=pl.String)
        station = pl.col("station_id")
        return (
            pl.DataFrame({"station_id": territory(self.tables).station_ids})
            .join(self.tables.table("stations"), on="station_id", maintain_order="left")
            .select(
                pl.col("latitude").cast(pl.Float64),
                pl.col("longitude").cast(pl.Float64),
                pl.when(station.is_in(breached.implode()))
                .then(pl.lit("map-breach"))
                .when(station.is_in(seen.implode()))
                .then(pl.lit("map-seen"))
                .otherwise(pl.lit("map-unseen"))
                .alias("kind"),
            )
        )

    @cached_property
    def quantities(self) -> dict[QuantityKey, list[Claim]]:
        """Claims about one and the same quantity, where there are several, by date."""
        found: dict[QuantityKey, list[Claim]] = {}
        for claim in self.claims.values():
            found.setdefault(quantity_key(claim), []).append(claim)
        several = {key: claims for key, claims in found.items() if len(claims) > 1}
        for claims in several.values():
            claims.sort(key=lambda c: (c.stated_at or "9", c.claim_id))
        return dict(sorted(several.items(), key=lambda one: tuple(str(k) for k in one[0])))

    @cached_property
    def _names(self) -> dict[str, Mapping[str, str]]:
        return {
            "claims": file_names(self.claims),
            "areas": file_names(self.area_rows),
            "stations": file_names(sorted(self.station_page)),
            "articles": file_names(sorted(self.articles)),
            "quantities": file_names(_slug(key) for key in self.quantities),
            "samples": file_names(one.id for one in self.samples),
        }

    @cached_property
    def claim_spans(self) -> dict[str, Span]:
        """Where the words of every claim stand in the text of its document, if that is known."""
        rows = self.tables.table("claims").select("claim_id", "start", "end").drop_nulls().rows()
        return {name: Span(start, end) for name, start, end in rows}

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """The samples of the case, recounts first."""
        rows = self.tables.table("sample").unique("sample_id", keep="first", maintain_order=True)
        made = [
            Sample(one["sample_id"], one["purpose"] == "recount", one["method"], one["seed"])
            for one in rows.iter_rows(named=True)
        ]
        return tuple(sorted(made, key=lambda one: (not one.is_recount, one.id)))

    @cached_property
    def listed(self) -> Released | None:
        """The counts of listed people that the case publishes."""
        return released_of(self.tables)

    @cached_property
    def estimated_people(self) -> Answer | None:
        """What these counts say of people on no list; None where they do not carry an estimate."""
        return None if self.listed is None else answer_from(self.listed)

    def sample_path(self, sample_id: str) -> str:
        """Where the page of a sample lies."""
        return f"samples/{self._names['samples'][sample_id]}.html"

    def transcript_path(self, sample_id: str) -> str:
        """Where the transcript of a recount lies."""
        return f"samples/transcript-{self._names['samples'][sample_id]}.html"

    def article_name(self, document_id: str) -> str:
        """The name of the page of an article, without its folder."""
        return f"article-{self._names['articles'][document_id]}"

    def article_path(self, document_id: str) -> str | None:
        """Where the annotated text of a document lies, if it is shown."""
        name = self._names["articles"].get(document_id)
        return None if name is None else f"articles/{name}.html"

    def claim_path(self, claim_id: str) -> str:
        """Where the page of a claim lies."""
        return f"claims/{self._names['claims'][claim_id]}.html"

    def area_path(self, area_id: str) -> str:
        """Where the page of an area lies."""
        return f"areas/{self._names['areas'][area_id]}.html"

    def station_path(self, station_id: str | None) -> str | None:
        """Where the page of a station lies, if it has one."""
        name = self._names["stations"].get(station_id or "")
        return None if name is None else f"stations/{name}.html"

    def quantity_path(self, key: QuantityKey) -> str | None:
        """Where the page of a quantity lies, if several sources speak of it."""
        name = self._names["quantities"].get(_slug(key))
        return None if name is None else f"quantities/{name}.html"

    def document_path(self, document_id: str) -> str:
        """Where a document stands in the list of documents."""
        page = self._document_page[document_id]
        name = "documents.html" if page == 1 else f"documents-page-{page}.html"
        return f"{name}#d-{document_id}"

    @cached_property
    def _document_page(self) -> dict[str, int]:
        return {name: at // ROWS_A_PAGE + 1 for at, name in enumerate(self.documents)}

    def permalink(self, finding: Finding) -> str:
        """Where a finding stands: on the page of its claim, its area, or of the evidence."""
        anchor = f"#{finding_anchor(finding)}"
        if finding.claim_id is not None:
            return self.claim_path(finding.claim_id) + anchor
        if finding.scope.area_id is not None:
            return self.area_path(finding.scope.area_id) + anchor
        return "evidence.html" + anchor


def finding_anchor(finding: Finding) -> str:
    """The name of a finding within its page."""
    return f"f-{finding.id[:12]}"


def method_path(finding: Finding) -> str:
    """Where the method behind a finding is explained."""
    return next(f"{check.page}.html" for check in CATALOGUE if check.id == finding.check)


def quantity_key(claim: Claim) -> QuantityKey:
    """What a claim is about: claims with the same key speak of the same quantity."""
    return (str(claim.measure), claim.contest_id, claim.option_id, claim.area_id)


def _slug(key: QuantityKey) -> str:
    return ".".join(part for part in key if part)


def _by_key(frame: pl.DataFrame, key: str) -> dict[str, Row]:
    return {row[key]: row for row in frame.sort(key).iter_rows(named=True)}


def text(row: Row, name: str) -> str:
    """A value of a row as text; empty where it is not known."""
    value = row.get(name)
    return "" if value is None else str(value)


def whole(row: Row, name: str) -> int | None:
    """A count of a row; None where it is not known."""
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
