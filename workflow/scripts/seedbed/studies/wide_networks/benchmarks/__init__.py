"""Benchmarks of the wide_networks study."""
