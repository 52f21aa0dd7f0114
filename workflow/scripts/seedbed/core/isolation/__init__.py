"""Calls in processes of their own: limits, supervision, and what came of it."""
