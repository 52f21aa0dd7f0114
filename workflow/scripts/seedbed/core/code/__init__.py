"""Code as text: digests, checks of studies and of classes of a config, without running any."""
