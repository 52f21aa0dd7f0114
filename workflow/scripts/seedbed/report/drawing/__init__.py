"""Figures as files: drawn where something has changed, kept where nothing has."""
