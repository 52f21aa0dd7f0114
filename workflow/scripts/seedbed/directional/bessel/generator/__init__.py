"""Writes the series: ``python -m seedbed.directional.bessel.generator``."""
