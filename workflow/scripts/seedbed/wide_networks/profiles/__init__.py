"""A kernel on rows of one norm is a function of the angle: its Chebyshev series, and its spectrum on the sphere."""
