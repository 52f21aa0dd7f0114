"""Iterative likelihood adjusted semidefinite programs."""
