"""Gaussian mixtures: densities, covariance steps, EM and hard EM from given starts."""
