"""Peers and controls that only this study has."""
