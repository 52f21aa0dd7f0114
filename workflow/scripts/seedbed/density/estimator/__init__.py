"""The estimator, and what it can be asked."""
