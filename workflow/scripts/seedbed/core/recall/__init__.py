"""What an earlier run found out or made, kept for the next one in the user's own cache."""
