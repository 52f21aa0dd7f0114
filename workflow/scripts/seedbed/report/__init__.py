"""From tidy tables to figures and to one HTML file."""
