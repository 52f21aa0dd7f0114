"""Partitions and their membership matrices; Lloyd's algorithm; rounding."""
