"""What a method of each task is run on, and what is kept of it."""
