r"""
A certificate for k-means
=========================

k-means ends in a local optimum, and says nothing about how far the best partition is. The semidefinite relaxation of
Peng and Wei bounds what any partition can reach, so that a good partition can be *proved* good.
"""

# %%
# Twelve groups, and k-means from a single start. It ends with groups that are put together and others that are cut,
# and nothing in its result says so.

import matplotlib.pyplot as plt
import numpy as np
from seedbed.clustering import KMeansSDP
from sklearn.cluster import KMeans

rng = np.random.default_rng(3)
centres = np.array([[x, y] for x in range(4) for y in range(3)]) * 9.0
X = np.repeat(centres, 25, axis=0) + rng.normal(size=(300, 2))
kmeans = KMeans(n_clusters=12, init="random", n_init=1, random_state=0).fit(X)
print(f"within-cluster sum of squares: {kmeans.inertia_:.0f}")

# %%
# The semidefinite program finds labels too, and a bound below which no partition of these rows can come.

model = KMeansSDP(n_clusters=12, solver="auto", tol=1e-5, random_state=0).fit(X)
print(model.message_)

# %%
# The bound is about the trace of the centred Gram matrix less ``upper_bound_``. Beside it the two partitions:


def sum_of_squares(labels):
    """Squared distances from the means of the clusters."""
    return sum(((X[labels == k] - X[labels == k].mean(axis=0)) ** 2).sum() for k in np.unique(labels))


bound = ((X - X.mean(axis=0)) ** 2).sum() - model.upper_bound_
for name, labels in (("k-means, one start", kmeans.labels_), ("semidefinite program", model.labels_)):
    found = sum_of_squares(labels)
    print(f"{name:22} {found:7.1f}, at most {100 * (found / bound - 1):.3f} % above the best")

# %%
# The certificate is for any labels: those of k-means with a hundred starts could be compared with the same bound.

figure, axes = plt.subplots(1, 2, figsize=(8, 3.2), sharex=True, sharey=True, layout="constrained")
for ax, labels, title in zip(axes, (kmeans.labels_, model.labels_), ("k-means, one start", "certified"), strict=True):
    ax.scatter(*X.T, c=labels, cmap="tab20", s=8)
    ax.set_title(title)
    ax.set_aspect("equal")
plt.show()
