"""What the readers of standard formats share: a file that is read whole into a few flat tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pollwitness.case.importing.source import NO_SHEET, Batch, refusal, text_frame

Record = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Records:
    """Flat tables that a reader made of a file; a row is the number of a record."""

    path: Path
    sheets: Mapping[str, Sequence[Record]]

    def header(self, sheet: str | None) -> tuple[str, ...]:
        """The names of the columns of a sheet."""
        names: dict[str, None] = {}
        for record in self._records(sheet):
            names.update(dict.fromkeys(record))
        return tuple(names)

    def batches(self, sheet: str | None) -> Iterator[Batch]:
        """All records of a sheet at once."""
        names, records = self.header(sheet), self._records(sheet)
        columns = [[record.get(name) for record in records] for name in names]
        yield Batch(text_frame(columns, names), np.arange(1, len(records) + 1, dtype=np.int64))

    def _records(self, sheet: str | None) -> Sequence[Record]:
        name = next(iter(self.sheets)) if sheet is None else sheet
        if name not in self.sheets:
            known = ", ".join(self.sheets)
            raise refusal(NO_SHEET, self.path, value=sheet, more=f"it has {known}")
        return self.sheets[name]
