"""Networks for nonlinear sufficient dimension reduction."""
