"""Kernels of infinitely wide convolutional networks, and how fast regression with a kernel learns a Gaussian target."""
