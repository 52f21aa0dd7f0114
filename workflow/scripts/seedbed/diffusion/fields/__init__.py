"""Vector fields along the flow: densities by integration, gauge freedom, and the conservative part of a field."""
