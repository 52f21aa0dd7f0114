"""Activations, and what they are on average over Gaussian preactivations."""
