"""An invented case of detention lists: three lists of invented people in several spellings."""

import numpy as np
import polars as pl
from calibration.roster import roster

from pollwitness.case import write_case
from tests.build import small_tables

LISTS = ("list-0", "list-1", "list-2")
AREAS = ("north", "south")


def listed_case(folder, records=900, seed=5):
    """Write a case of that many entries; who is who, by entry."""
    made = roster(np.random.default_rng(seed), records, lists=3)
    by_hand = np.random.default_rng(seed + 1)
    frame = made.records.with_columns(
        area_id=pl.Series([AREAS[int(one) % 2] for one in made.person]),
        detained_on=pl.Series([f"2020-08-{9 + int(one) % 6:02}" for one in made.person]),
        facility=pl.lit("Invented hall"),
        status=pl.Series([
            "released" if one < 0.5 else "detained" for one in by_hand.random(len(made.person))
        ]),
    ).with_columns(
        released_on=pl.when(pl.col("status") == "released").then(pl.lit("2020-08-14")),
    )  # fmt: skip
    tables = small_tables(
        areas=[{"area_id": "city", "level": "city", "name": "City"},
               *({"area_id": one, "level": "district", "parent_id": "city"} for one in AREAS)],
        documents=[{"document_id": "paper"}],
        detention_lists=[{"list_id": one, "document_id": "paper",
                          "names_nobody_twice": one == "list-1"} for one in LISTS],
        detentions=frame.to_dicts(),
        claims=[claim("few-arrested", "people_arrested", "eq", 100),
                claim("some-arrested", "people_arrested", "at_least", 50),
                claim("many-arrested", "people_arrested", "eq", 100_000),
                claim("few-released", "people_released", "at_most", 20),
                claim("no-killed", "people_killed", "eq", 0)],
    )  # fmt: skip
    write_case(tables, folder)
    return dict(zip(frame["record_id"], made.person.tolist(), strict=True))


def claim(name, measure, comparator, low):
    """A claim about people of the whole city, between 9 and 14 August."""
    ends = {"high": str(low)} if comparator == "at_most" else {"low": str(low)}
    return {"claim_id": name, "measure": measure, "comparator": comparator, "unit": "people",
            "denominator": "none", "contest_id": None, "option_id": None, "area_id": "city",
            "event_from": "2020-08-09", "event_to": "2020-08-14", "words": f"{name}.",
            **ends}  # fmt: skip
