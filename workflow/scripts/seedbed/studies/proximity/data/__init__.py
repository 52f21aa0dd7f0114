"""Graphs with known classes: simulated, shipped, made of tables, and of a user's own."""
