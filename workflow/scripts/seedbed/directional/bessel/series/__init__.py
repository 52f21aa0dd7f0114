"""Generated series; ``python -m seedbed.directional.bessel.generator`` writes them."""
