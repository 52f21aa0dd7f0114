"""Stability of solvers: on a linear equation, on a geometric noise grid, and what it says of a law."""
