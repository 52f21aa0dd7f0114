"""Estimators: proximities of a graph, and clusters of its nodes with everything chosen without truth."""
