"""Partitions of what has distances or a kernel, and criteria that judge a partition of a graph."""
