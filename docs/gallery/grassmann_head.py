r"""
A Grassmann head in a torch network
===================================

Classes as subspaces in place of vectors. The head is a torch module; its bases have an optimiser of their own, which
keeps them orthonormal, and everything else is trained as usual.
"""

# %%
# A class's logit is the length of the feature's projection, :math:`\gamma \|S_c x\| / \|x\|`. Eight-by-eight digits,
# and a small network:

import matplotlib.pyplot as plt
import torch
from seedbed.grassmann import GrassmannHead, LinearHead, RiemannianSGD
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True)
X, X_test, y, y_test = (
    torch.as_tensor(part, dtype=torch.float32 if part.ndim == 2 else torch.int64)
    for part in train_test_split(X / 16.0, y, test_size=0.5, random_state=0)
)


def backbone():
    """From 64 pixels to 32 features."""
    return torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 32))


# %%
# One loop for both heads: two optimisers step side by side.


def trained(head, epochs=20):
    """The network, and its accuracy on the test rows after every epoch."""
    network = torch.nn.Sequential(backbone(), head)
    subspaces = [head.basis] if isinstance(head, GrassmannHead) else []
    others = [p for p in network.parameters() if not any(p is s for s in subspaces)]
    optimisers = [torch.optim.SGD(others, lr=0.05, momentum=0.9)]
    optimisers += [RiemannianSGD(subspaces, lr=0.05)] if subspaces else []
    accuracy = []
    for _ in range(epochs):
        for rows in torch.randperm(len(X)).split(64):
            loss = torch.nn.functional.cross_entropy(network(X[rows]), y[rows])
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
        with torch.no_grad():
            accuracy.append((network(X_test).argmax(dim=1) == y_test).float().mean().item())
    return network, accuracy


torch.manual_seed(0)
grassmann = GrassmannHead(32, 10, subspace_dim=4, gamma="log_classes")
_, with_subspaces = trained(grassmann)
torch.manual_seed(0)
_, with_vectors = trained(LinearHead(32, 10))
print(f"accuracy: subspaces {with_subspaces[-1]:.3f}, vectors {with_vectors[-1]:.3f}")

# %%
# The bases are orthonormal after training, without having been forced:

basis = grassmann.basis.detach()
print(f"largest defect: {(basis @ basis.transpose(1, 2) - torch.eye(4)).abs().max():.1e}")

figure, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
ax.plot(with_subspaces, color="#0072B2", label="subspaces of four dimensions")
ax.plot(with_vectors, color="#D55E00", label="vectors (linear softmax)")
ax.set(xlabel="epoch", ylabel="accuracy on test rows")
ax.legend()
plt.show()

# %%
# One split of one small data set shows how the head is used, not that it is better: that is asked by the study
# `grassmann`, with tuned rates, replicates and intervals.
