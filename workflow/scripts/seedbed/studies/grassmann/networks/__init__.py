"""Backbones and heads that the study trains, and its controls."""
