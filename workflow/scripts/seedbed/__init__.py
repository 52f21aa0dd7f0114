"""Seedbed: open implementations of methods in statistical learning, and the engine that tests them."""
