"""Logarithms of modified Bessel functions, their ratio and derivatives."""
