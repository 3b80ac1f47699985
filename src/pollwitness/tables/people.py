"""The tables of detention lists, of links between their entries, and of what is public of both."""

from __future__ import annotations

from fractions import Fraction

from pollwitness.language import mark as _
from pollwitness.tables.columns import DOCUMENT, choice, count, flag, identifier, moment, text
from pollwitness.tables.schema import Column, Kind, Schema


def people() -> tuple[Schema, ...]:
    """Lists, entries, links and published counts, parents before children."""
    lists = Schema(
        "detention_lists",
        _("a list of detained people"),
        ("list_id",),
        (
            identifier("list_id", "the list"),
            DOCUMENT,
            flag(
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
            identifier("record_id", "the entry"),
            identifier("list_id", "the list that it stands on", references="detention_lists"),
            text("given", "given name, in any alphabet", nullable=True),
            text("patronymic", "patronymic", nullable=True),
            text("surname", "surname", nullable=True),
            choice("sex", "sex", ("f", "m"), nullable=True),
            part("birth_year", "year of birth", 1880, 2100),
            part("birth_month", "month of birth", 1, 12),
            part("birth_day", "day of birth", 1, 31),
            identifier("area_id", "where the person was detained", nullable=True,
                       references="areas"),
            moment("detained_on", "when", nullable=True),
            text("facility", "where the person was held", nullable=True),
            moment("released_on", "when the person was released", nullable=True),
            moment("died_on", "when the person died", nullable=True),
            choice("status", "what is known of the person last",
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
            count("seed", "the seed of everything random", unit="number", nullable=False),
        ),
        restricted=True,
    )  # fmt: skip
    links = Schema(
        "links",
        _("two entries that may be of one person; restricted"),
        ("first", "second"),
        (
            identifier("first", "the entry whose id comes first"),
            identifier("second", "the other entry"),
            count("probability", "of one person, in millionths; empty: not proposed",
                   unit="millionths"),
            choice("decision", "what people decided; it goes before the probability",
                    ("same", "different"), nullable=True),
        ),
        restricted=True,
    )  # fmt: skip
    overlaps = Schema(
        "list_overlaps",
        _("how many people stand on just these lists together, in numbers that may be published"),
        ("lists",),
        (
            text("lists", "the lists, in order, with + between; * for all that are not given"),
            count("people", "people, rounded to fives; empty below ten", unit="people"),
        ),
    )  # fmt: skip
    counts = Schema(
        "listed_people",
        _("how many different people stand on the lists, in numbers that may be published"),
        ("bound",),
        (
            choice("bound", "certainly different; or the ends over the uncertainty of links",
                    ("certain", "least", "greatest")),
            count("people", "people, rounded to fives; empty below ten", unit="people"),
        ),
    )  # fmt: skip
    return linkage, links, overlaps, counts
