"""What the jobs of a run do: draw, tune, fit, score, measure; isolation and fork servers."""
