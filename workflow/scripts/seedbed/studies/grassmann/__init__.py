"""The Grassmann study."""
