"""The two charts of the calibration, as SVG texts."""

from collections.abc import Mapping
from html import escape

STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.t{font-size:16px;font-weight:600}"
    ".m{fill:#555}.b{fill:#33658a}.g{stroke:#d0d0d0}.bg{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#eee}.m{fill:#bbb}.b{fill:#7fb2d6}"
    ".g{stroke:#444}.bg{fill:#181818}}</style>"
)


def _svg(width: int, height: int, title: str, body: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{STYLE}'
        f'<rect class="bg" width="{width}" height="{height}"/>'
        f'<text class="t" x="16" y="28">{escape(title)}</text>{"".join(body)}</svg>\n'
    )


def bars(values: Mapping[str, int], *, title: str, axis: str, unit: str) -> str:
    """Horizontal bars with their numbers: one for each value, in the given order."""
    most = max([*values.values(), 1])
    body = [f'<text class="m" x="16" y="50">{escape(axis)}; number of {escape(unit)}</text>']
    for row, (name, value) in enumerate(values.items()):
        y = 68 + row * 24
        length = 440 * value / most
        body.append(f'<text x="120" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<rect class="b" x="130" y="{y + 2}" width="{length:.1f}" height="16"/>')
        body.append(f'<text x="{136 + length:.1f}" y="{y + 14}">{value:,}</text>')
    return _svg(660, 84 + 24 * len(values), title, body)


def heat(cells: Mapping[tuple[str, str], float], *, title: str) -> str:
    """A grid of shares: rows by columns, darker for more, the number in each cell."""
    rows = list(dict.fromkeys(row for row, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    body = [
        f'<text class="m" x="{270 + 170 * at}" y="60" text-anchor="middle">{escape(name)}</text>'
        for at, name in enumerate(columns)
    ]
    for number, row in enumerate(rows):
        y = 72 + number * 30
        body.append(f'<text x="176" y="{y + 19}" text-anchor="end">{escape(row)}</text>')
        for at, column in enumerate(columns):
            share, x = cells[row, column], 186 + 170 * at
            body.append(
                f'<rect class="b" x="{x}" y="{y}" width="166" height="26" '
                f'fill-opacity="{0.08 + 0.5 * share:.2f}"/>'
                f'<text x="{x + 83}" y="{y + 18}" text-anchor="middle">{share:.0%}</text>'
            )
    return _svg(206 + 170 * len(columns), 90 + 30 * len(rows), title, body)
