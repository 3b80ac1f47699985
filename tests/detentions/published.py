"""Published capture lists, small enough to stand here, with their sources."""

from pollwitness.detentions.histories import Histories

KOSOVO = Histories.of(
    ("EXH", "ABA", "OSCE", "HRW"),
    {
        (1, 0, 0, 0): 1131, (0, 1, 0, 0): 845, (1, 1, 0, 0): 177, (0, 0, 1, 0): 936,
        (1, 0, 1, 0): 228, (0, 1, 1, 0): 217, (1, 1, 1, 0): 181, (0, 0, 0, 1): 306,
        (1, 0, 0, 1): 106, (0, 1, 0, 1): 31, (1, 1, 0, 1): 18, (0, 0, 1, 1): 123,
        (1, 0, 1, 1): 42, (0, 1, 1, 1): 32, (1, 1, 1, 1): 27,
    },
)  # fmt: skip
"""Killed in Kosovo in 1999 on four lists: Ball, Betts, Scheuren, Dudukovich and Asher (2002)."""

UNITED_KINGDOM = Histories.of(
    ("LA", "NG", "PFNCA", "GO", "GP"),
    {
        (1, 0, 0, 0, 0): 54, (0, 1, 0, 0, 0): 463, (0, 0, 1, 0, 0): 995, (0, 0, 0, 1, 0): 695,
        (0, 0, 0, 0, 1): 316, (1, 1, 0, 0, 0): 15, (1, 0, 1, 0, 0): 19, (1, 0, 0, 1, 0): 3,
        (0, 1, 1, 0, 0): 62, (0, 1, 0, 1, 0): 19, (0, 1, 0, 0, 1): 1, (0, 0, 1, 1, 0): 76,
        (0, 0, 1, 0, 1): 11, (0, 0, 0, 1, 1): 8, (1, 1, 1, 0, 0): 1, (1, 1, 0, 1, 0): 1,
        (0, 1, 1, 1, 0): 4, (1, 1, 1, 1, 0): 1,
    },
)  # fmt: skip
"""Victims of trafficking in the United Kingdom in 2013: Bales, Hesketh and Silverman (2015)."""

TOY = Histories.of(
    ("A", "B", "C"),
    {(1, 0, 0): 18, (0, 1, 0): 22, (1, 1, 0): 22, (0, 0, 1): 5, (1, 0, 1): 11, (0, 1, 1): 4,
     (1, 1, 1): 6},
)  # fmt: skip
"""A toy stratum of three lists (test of the R package verdata)."""
