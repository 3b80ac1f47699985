"""Foreign files into the tables of a case, through a mapping that is written down."""
