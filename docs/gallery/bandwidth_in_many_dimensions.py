r"""
A bandwidth in many dimensions
==============================

Rules of thumb for the bandwidth of a kernel density estimate were made for a few columns. With many, what is best lies
elsewhere, and the estimate rests on a few points: here is how to see both.
"""

# %%
# A thousand rows, twenty columns, and the expected divergence from the truth at every bandwidth, which is known exactly
# for Gaussian data.

import matplotlib.pyplot as plt
import numpy as np
from seedbed.density import (
    HighDimensionalKDE,
    critical_bandwidths,
    expected_kl,
    expected_participation,
    optimal_bandwidth,
)

n, d = 1000, 20
best = optimal_bandwidth(n, d)
rules = {"Scott": n ** (-1 / (d + 4)), "Silverman": (4 / (d + 2)) ** (1 / (d + 4)) * n ** (-1 / (d + 4))}
for name, h in {"best": best, **rules}.items():
    points = 1 / expected_participation(h, n, d)
    print(f"{name:10} h = {h:.3f}  divergence {expected_kl(h, n, d):.2f} nats, carried by {points:.1f} of {n} points")

# %%
# Below the threshold ``h_g`` a few points carry a value; above ``h_clt`` the central limit theorem holds for it. These
# are limits for large sizes, which twenty columns are not yet.

edges = critical_bandwidths(n, d)
grid = np.linspace(0.5, 1.4, 40)
figure, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
ax.plot(grid, [expected_kl(h, n, d) for h in grid], color="0.2")
ax.axvline(best, color="#0072B2", label="best")
ax.axvline(rules["Scott"], color="#D55E00", linestyle="--", label="Scott's rule")
ax.axvspan(grid[0], edges.h_g, color="#009E73", alpha=0.15, label="condensed (in the limit)")
ax.set(xlabel="bandwidth h", ylabel="expected divergence, nats")
ax.legend()
plt.show()

# %%
# Data do not come with their law. Leave-one-out likelihood finds the bandwidth from the rows alone, sixteen values for
# one pass over the pairs, and ``diagnose`` says what a value rests on.

rng = np.random.default_rng(0)
X, fresh = rng.normal(size=(n, d)), rng.normal(size=(500, d))
model = HighDimensionalKDE(covariance="isotropic").fit(X)
print(f"leave-one-out: {model.bandwidth_:.3f}")
print(model.diagnose(fresh))

# %%
# What helps is not another bandwidth but another estimate: points moved towards their mean, so that the covariance of
# the estimate is that of the data.

kept = HighDimensionalKDE(keep_covariance=True).fit(X)
for name, fitted in (("plain", model), ("covariance kept", kept)):
    print(f"{name:16} mean log density of new rows {fitted.score_samples(fresh).mean():.2f}")
