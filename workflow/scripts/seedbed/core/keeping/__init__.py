"""What is kept of a run: provenance, archives, their verification, locks, last words."""
