"""Gaussian probability paths: their kinetic energy in one function, and the path that has least of it."""
