"""Methods that no library has: baselines, controls and oracles of the study."""
