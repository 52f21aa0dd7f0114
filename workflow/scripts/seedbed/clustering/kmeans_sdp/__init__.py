"""The semidefinite relaxation of k-means: solvers, bounds, certificates."""
