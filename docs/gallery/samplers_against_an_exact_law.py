r"""
Samplers against an exact law
=============================

How good a sampler of a diffusion model is can hardly be seen on images. On a mixture of Gaussians the denoiser is known
in closed form, so that every error is the sampler's own.
"""

# %%
# The law, its noise, and where the exact flow takes that noise: a Runge-Kutta run of two hundred steps.

import matplotlib.pyplot as plt
import numpy as np
from seedbed.diffusion import GaussianMixtureLaw, ProbabilityFlow, geometric_grid, karras_grid

angles = 2 * np.pi * np.arange(6) / 6
law = GaussianMixtureLaw(4 * np.c_[np.cos(angles), np.sin(angles)], np.full(6, 0.1))
noise = 15 * np.random.default_rng(0).standard_normal((300, 2))
end = ProbabilityFlow("rk4").sample(law, noise, geometric_grid(200, 15.0, 0.02))

# %%
# Five samplers on one grid, by the number of times that they ask the denoiser.

samplers = {
    "DDIM": ProbabilityFlow("ddim"),
    "PLMS of order 4": ProbabilityFlow("adams", order=4, coefficients="constant"),
    "DPM-Solver++ of order 2": ProbabilityFlow("exponential", order=2),
    "Heun": ProbabilityFlow("heun"),
    "power Adams of order 3": ProbabilityFlow(),
}
budgets = [6, 10, 16, 24, 40]
errors = {}
for name, sampler in samplers.items():
    errors[name] = []
    for budget in budgets:
        steps = budget // 2 if name == "Heun" else budget
        found = sampler.sample(law, noise, karras_grid(steps, 15.0, 0.02))
        errors[name].append(np.median(np.linalg.norm(found - end, axis=1)))
    print(f"{name:24}", "  ".join(f"{error:.4f}" for error in errors[name]))

# %%
# Lower is better, and a steeper line is a higher order.

figure, ax = plt.subplots(figsize=(6, 3.8), layout="constrained")
for (name, line), colour in zip(errors.items(), ("0.3", "#D55E00", "#009E73", "#CC79A7", "#0072B2"), strict=True):
    ax.loglog(budgets, line, "o-", color=colour, label=name)
ax.set(xlabel="evaluations of the denoiser", ylabel="median distance to the exact end")
ax.set_xticks(budgets, [str(budget) for budget in budgets])
ax.legend(fontsize="small")
plt.show()

# %%
# Under guidance things change: what is accurate without can be unstable with. ``explain`` says which sampler can take
# what a law asks, and the page on diffusion (:doc:`/diffusion`) how much guidance is too much.
