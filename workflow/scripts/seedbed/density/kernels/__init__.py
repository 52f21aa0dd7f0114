"""Radial kernels: profiles, constants, and noise."""
