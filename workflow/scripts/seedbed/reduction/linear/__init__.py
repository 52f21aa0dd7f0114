"""Linear sufficient dimension reduction."""
