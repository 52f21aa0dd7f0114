"""The reduction study."""
