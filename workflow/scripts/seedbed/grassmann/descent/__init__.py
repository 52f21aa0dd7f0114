"""Riemannian descent on subspaces, and training loops."""
