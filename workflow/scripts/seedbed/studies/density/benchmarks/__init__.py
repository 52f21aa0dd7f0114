"""Benchmarks of the density study."""
