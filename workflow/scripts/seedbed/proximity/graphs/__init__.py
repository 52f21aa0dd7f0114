"""What a graph is here, and what users hold that is read as one."""
