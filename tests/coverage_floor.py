"""Fail unless the last test run covered what the project promises: run after `pytest --cov`.

95 % of lines and branches overall; 100 % in the packages whose figures people will be attacked for.
"""

import io
import sys

import coverage

OVERALL = 95.0
WHOLE = ("tally", "claims", "case", "evidence", "bundle")


def percent(measured: coverage.Coverage, include: str | None) -> float:
    return measured.report(file=io.StringIO(), include=include, show_missing=False)


def main() -> int:
    measured = coverage.Coverage()
    measured.load()
    floors = {"pollwitness": (None, OVERALL)}
    floors |= {name: (f"*/pollwitness/{name}/*", 100.0) for name in WHOLE}
    short = False
    for name, (include, floor) in floors.items():
        reached = percent(measured, include)
        short |= reached < floor
        print(f"coverage of {name}: {reached:.2f} % (at least {floor:.0f} %)")
    if short:
        measured.report(show_missing=True, skip_covered=True)
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
