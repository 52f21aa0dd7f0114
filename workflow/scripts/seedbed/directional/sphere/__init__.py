"""Rows of unit length, and k-means on the sphere."""
