"""The diffusion study: samplers, paths and fields on laws whose score is exact."""
