"""One call in a process of its own: limits, supervision, and what came of it."""
