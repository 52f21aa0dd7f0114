"""Seedbed: open implementations of methods in statistical learning, and the engine that tests them."""

__version__ = "0.1.0"
