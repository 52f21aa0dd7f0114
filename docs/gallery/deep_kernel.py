r"""
A deep kernel, with leave-one-out in one pass
=============================================

A network of infinite width is a ridge regression with a known kernel. Its depth, bias and ridge can be chosen by
leaving every row out in turn, exactly, for the price of one eigendecomposition for each kernel.
"""

# %%
# Three hundred rows, and a function of two of ten columns.

import matplotlib.pyplot as plt
import numpy as np
from seedbed.wide_networks import NTKRegressor

rng = np.random.default_rng(0)
X = rng.normal(size=(600, 10))
y = np.sin(2 * X[:, 0]) + X[:, 0] * X[:, 1] + 0.8 * rng.normal(size=600)
X, X_test, y, y_test = X[:300], X[300:], y[:300], y[300:]

model = NTKRegressor(depth=[1, 2, 3, 5]).fit(X, y)
print(model.message_)
print(f"R2: {model.loo_score_:.3f} left out, {model.score(X_test, y_test):.3f} on new rows")

# %%
# Left out one by one the slow way, for a few rows: the same residuals.

fixed = NTKRegressor(depth=model.depth_, input_bias=model.input_bias_, alpha=model.alpha_)
for row in range(3):
    others = np.arange(300) != row
    slow = y[row] - fixed.fit(X[others], y[others]).predict(X[row : row + 1])[0]
    print(f"row {row}: {model.loo_residuals_[row]:+.10f} in one pass, {slow:+.10f} by fitting again")

# %%
# The whole search is a table.

path = model.path_
figure, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
for depth, colour in zip((1, 2, 3, 5), ("#56B4E9", "#0072B2", "#D55E00", "0.3"), strict=True):
    tried = (path.depth == depth) & (path.input_bias == model.input_bias_)
    ax.semilogx(path.alpha[tried], path.loo_mse[tried], "o-", markersize=3, color=colour, label=f"depth {depth}")
ax.set(xlabel="ridge", ylabel="mean squared residual, left out")
ax.legend()
plt.show()
