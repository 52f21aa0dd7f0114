"""Regression, classification and Gaussian processes with kernels of wide networks, which tune themselves."""
