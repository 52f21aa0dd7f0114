"""Convex optimisation that several programs share."""
