"""Intrinsic dimension: from distances between data, and from fields such as scores."""
