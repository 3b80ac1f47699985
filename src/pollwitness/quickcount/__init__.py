"""Quick counts: a sample of stations, designed, drawn, estimated, and honest about the missing."""
