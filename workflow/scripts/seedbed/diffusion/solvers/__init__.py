"""Solvers of the probability flow: weights of a step, multistep rules, one-step methods, and the sampler."""
