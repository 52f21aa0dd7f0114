"""Sums of a kernel over all centres, tile by tile, in the log domain."""
