r"""
Which proximity measure, without truth?
=======================================

There are two dozen measures of how near the nodes of a graph are, most with a parameter. On a graph whose classes are
known one sees that the choice matters; on yours they are not known.
"""

# %%
# A graph with a large class, a small one, and popular nodes.

import matplotlib.pyplot as plt
import numpy as np
from seedbed.proximity import GraphProximity, KernelWard, ProximityClustering
from sklearn.metrics import adjusted_rand_score

rng = np.random.default_rng(1)
truth = np.repeat([0, 1, 2], [70, 40, 20])
popular = rng.pareto(2.5, truth.size) + 1.0
rates = np.where(truth[:, None] == truth, 0.3, 0.05) * np.outer(popular, popular) / popular.mean() ** 2
A = np.triu(rng.random(rates.shape) < rates, 1)
A = (A | A.T).astype(float)

# %%
# Every measure along its parameter, judged by a truth that only this page has.

curves = {}
for measure in ("communicability", "heat", "pagerank"):
    model = GraphProximity(measure, transform="log")
    ts = np.linspace(0.05, 0.95, 10) if measure == "pagerank" else np.logspace(-2, 0.7, 10)
    labels = [KernelWard(n_clusters=3, metric="distance").fit_predict(D) for D in model.path(A, ts)]
    curves[measure] = (ts, [adjusted_rand_score(truth, found) for found in labels])

# %%
# Without it: candidates are compared by the likelihood of a block model, and whether nodes have degrees of their own is
# decided by a likelihood ratio.

chosen = ProximityClustering(n_clusters=3, random_state=0).fit(A)
print(chosen.message_)
print(f"adjusted Rand index {adjusted_rand_score(truth, chosen.labels_):.2f}")

figure, axes = plt.subplots(1, 3, figsize=(8, 3), sharey=True, layout="constrained")
for ax, (measure, (ts, scores)) in zip(axes, curves.items(), strict=True):
    ax.plot(ts, scores, "o-", color="#0072B2", label="one measure")
    ax.axhline(adjusted_rand_score(truth, chosen.labels_), color="#D55E00", label="chosen without truth")
    ax.set(title=measure, xlabel="parameter", xscale="linear" if measure == "pagerank" else "log")
axes[0].set_ylabel("adjusted Rand index")
axes[0].legend(fontsize="small")
plt.show()

# %%
# How many clusters may be asked too, and is an answer that can be wrong: look at ``message_``.

print(ProximityClustering(n_clusters="auto", random_state=0).fit(A).n_clusters_)
