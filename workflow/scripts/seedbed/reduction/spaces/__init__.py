"""Spaces of random objects: distances, responses, features."""
