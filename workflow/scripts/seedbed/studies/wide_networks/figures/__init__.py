"""Figures of the wide_networks study."""
