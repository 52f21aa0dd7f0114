"""Generators of the density study."""
