"""Figures that only this study has."""
