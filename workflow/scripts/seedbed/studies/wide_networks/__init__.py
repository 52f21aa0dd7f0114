"""The wide_networks study: kernels of infinitely wide networks, and what finite width changes."""
