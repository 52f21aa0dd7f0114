"""Graphs of users' files."""
