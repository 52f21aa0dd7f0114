"""Curvature of the loss of a torch module: its spectrum for all data and for batches, and learning rates."""
