"""The proximity study."""
