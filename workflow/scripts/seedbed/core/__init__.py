"""The engine: it knows no study."""
