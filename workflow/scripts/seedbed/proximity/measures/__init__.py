"""Families of proximity measures: spectra, distances that stay accurate, and the parameters at which they are asked."""
