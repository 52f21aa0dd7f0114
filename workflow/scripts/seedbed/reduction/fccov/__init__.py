"""The Fréchet cumulative covariance, its ball kernel, and the test of independence."""
