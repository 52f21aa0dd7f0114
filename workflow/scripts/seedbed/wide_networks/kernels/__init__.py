"""Matrices of neural tangent and network Gaussian process kernels, as functions and as kernels of scikit-learn."""
