"""Where methods stand against each other, as heat maps and rankings."""
