"""Heads for classification: modules of torch."""
