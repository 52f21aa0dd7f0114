"""Columns by their own measure, leading eigenpairs, centring."""
