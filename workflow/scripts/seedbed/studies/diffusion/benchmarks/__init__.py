"""Benchmark cases of the study."""
