"""Geometry of the Grassmann manifold."""
