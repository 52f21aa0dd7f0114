"""Kernel methods for nonlinear sufficient dimension reduction."""
