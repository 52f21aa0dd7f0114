"""Methods that no library has in this form: peers with their bandwidths, oracles, simulated sums."""
