r"""
Logarithms of Bessel functions where SciPy fails
================================================

The constant of a law on the sphere has a Bessel function in it, which leaves the range of double precision long before
the number of dimensions is large.
"""

# %%
# In :math:`p` dimensions it is :math:`I_{p/2-1}(\kappa)`. SciPy's scaled function is ``ive(v, x)``, or
# :math:`I_v(x) e^{-x}`; its logarithm plus :math:`x` is the usual way out, and it ends where ``ive`` is zero. Here are
# both on a plane of orders and arguments.

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import ive
from seedbed.directional import VonMisesFisher, log_iv, sample_von_mises_fisher

orders, arguments = np.meshgrid(np.logspace(-1, 5, 120), np.logspace(-1, 5, 120))
with np.errstate(divide="ignore"):
    usual = np.log(ive(orders, arguments)) + arguments
ours = log_iv(orders, arguments)
print(f"finite: SciPy {np.isfinite(usual).mean():.0%}, ours {np.isfinite(ours).mean():.0%}")

# %%
# Where both are finite they agree to the digits that there are.

both = np.isfinite(usual)
difference = np.abs(usual - ours)[both] / np.maximum(1.0, np.abs(ours[both]))
print(f"largest difference there, over the size of the value: {difference.max():.1e}")

figure, ax = plt.subplots(figsize=(6, 4), layout="constrained")
image = ax.pcolormesh(orders, arguments, np.sign(ours) * np.log10(1 + np.abs(ours)), cmap="cividis", rasterized=True)
ax.contourf(orders, arguments, ~both, levels=[0.5, 1.5], colors="none", hatches=["///"])
ax.set(xscale="log", yscale="log", xlabel="order v", ylabel="argument x")
ax.set_title("log I; hatched: SciPy gives minus infinity")
figure.colorbar(image, label="sign times log10(1 + |log I|)")
plt.show()

# %%
# What it is for: directions in 2,048 dimensions, as a network's features are.

mean = np.zeros(2048)
mean[0] = 1.0
directions = sample_von_mises_fisher(mean, 1500.0, 500, random_state=0)
law = VonMisesFisher().fit(directions)
print(f"concentration {law.concentration_:.0f}, drawn with 1500")
print(f"log density of the first row {law.score_samples(directions[:1])[0]:.1f}")
