"""Reading: figures, dates and speakers in a text, as proposals that a person decides on."""
