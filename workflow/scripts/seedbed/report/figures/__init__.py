"""Figures: the studies' own, and the charts that every study gets."""
