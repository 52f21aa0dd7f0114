"""Which regime an estimate is in, and how many points carry it."""
