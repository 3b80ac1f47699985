"""What every result must be read with: its null model, what it does not see, what is innocent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pollwitness.forensics.battery import BatteryTest
from pollwitness.language import mark as _


@dataclass(frozen=True, slots=True)
class About:
    """One method in four lines; texts are marked for translation, references name author and year.

    ``null`` is the model that is tested, or what a description compares with; ``blind`` what it
    fails to see or misreads; ``innocent`` what honest elections do to look the same.
    """

    null: str
    blind: str
    innocent: str
    reference: str


_OWN_RATES = _("every voter decides independently, at the station's own rates")
_ROUND_ONLY = _("changes that end on no whole percent are not seen")
_ROUNDING = _("clerks who round; counts computed back from printed percentages")
_INTEGERS = About(_OWN_RATES, _ROUND_ONLY, _ROUNDING, "Kobak, Shpilkin, Pshenichnikov 2016")
_DIGITS = About(
    _OWN_RATES,
    _("votes moved or added in small numbers are not seen; invented figures may have good digits"),
    _("counts that were rounded or estimated; limits on the size of stations"),
    "Beber, Scacco 2012; Mebane 2006; Deckert, Myagkov, Ordeshook 2011",
)
ABOUT: Mapping[BatteryTest, About] = {
    BatteryTest.INTEGERS_ANY: _INTEGERS,
    BatteryTest.INTEGERS_TURNOUT: _INTEGERS,
    BatteryTest.INTEGERS_SHARE: _INTEGERS,
    BatteryTest.SPIKES_SHARE: About(
        _OWN_RATES,
        _("changes that differ from station to station are not seen"),
        _("many stations of one kind, such as hospitals and camps, that vote as one"),
        "Rozenas 2017",
    ),
    BatteryTest.SMOOTH_AREAS: About(
        _("every voter of a region prefers the leader with the same probability"),
        _("figures made up with ordinary scatter are not seen"),
        _("one figure copied to several stations by mistake"),
        "Pearson 1900",
    ),
    BatteryTest.DIGITS_LAST: _DIGITS,
    BatteryTest.DIGITS_SECOND: _DIGITS,
}
ANOMALOUS_VOTES = About(
    _("the leader's votes go up in proportion to the others' as turnout rises"),
    _("votes added everywhere alike are not seen; no result where the peak wanders"),
    _("voters who turn out more also prefer the leader: villages against towns"),
    "Shpilkin 2011; Kobak, Shpilkin, Pshenichnikov 2018",
)
LATE_SHIFT = About(
    _("which stations of a place are counted late has nothing to do with how they voted"),
    _("changes at early stations, or at early and late ones alike, are not seen"),
    _("remote, large or contested stations of a place report later and vote differently"),
    "Idrobo, Kronick, Rodriguez 2022",
)
SAME_RESULTS = About(
    _("figures of stations scatter independently; the number of equal pairs is a bound"),
    _("copies that were changed by more than one vote a figure are not seen"),
    _("a form typed in twice; one station under two numbers; full counts of clean elections "
      "hold such pairs"),
    "Skellam 1946",
)  # fmt: skip
SAME_BUILDING = About(
    _("stations of a building differ as those of the middle half of all buildings do"),
    _("changes at all stations of a building alike are not seen"),
    _("one of them serves a barracks, a hospital, a dormitory or another village"),
    "",
)
