"""Data of the study: what one replicate of each task is."""
