"""What is done in each task that is no regression, and its metrics."""
