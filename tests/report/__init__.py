"""The report: what pages say, how they look, and what must never be on them."""
