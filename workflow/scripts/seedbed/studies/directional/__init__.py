"""The directional study."""
