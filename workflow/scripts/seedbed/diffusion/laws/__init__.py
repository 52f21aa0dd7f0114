"""Laws whose denoiser is exact: mixtures, empirical sets, spheres, and what is built of them."""
