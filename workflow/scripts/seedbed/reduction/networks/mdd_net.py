"""The martingale difference divergence network, the non-robust sibling of the Fréchet cumulative one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.spaces.response import Response

from .dependence_net import DependenceNet


class MDDNet(DependenceNet):
    r"""The network of :class:`FrechetCumulativeNet` with the kernel :math:`-d(y, y')` of the responses.

    This is the generalised martingale difference divergence network of Chen, Jiao, Qiu and Yu (2024), for responses
    of any space, trained as ours is. All parameters and attributes are those of :class:`FrechetCumulativeNet`,
    which has two more.

    Parameters
    ----------
    n_components : int or {"spectrum", "ladle", "cross_validation"}, default=1
    loss : {"penalised", "whitened"}, default="penalised"
    penalty : float, default=1.0
    combine : {"best", "consensus"}, default="best"
    n_restarts : int, default=3
    surplus : int, default=0
    architecture : {"mlp", "resnet"}, default="mlp"
    hidden_layer_sizes : sequence of int, default=(64, 64)
    image_shape : tuple, optional
    n_epochs : int, optional
    learning_rate : float, optional
    weight_decay : float, default=0.001
    batch_size : int, optional
    validation_fraction : float, default=0.2
    metric : str or callable, default="euclidean"
    random_state : int, RandomState instance or None, default=None

    Notes
    -----
    Needs finite mean distances, so it is not robust.

    References
    ----------
    Chen, Jiao, Qiu and Yu (2024), Deep nonlinear sufficient dimension reduction, Annals of Statistics 52, 1201-1226.
    """

    __module__ = "seedbed.reduction"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        n_components=1,
        *,
        loss="penalised",
        penalty=1.0,
        combine="best",
        n_restarts=3,
        surplus=0,
        architecture="mlp",
        hidden_layer_sizes=(64, 64),
        image_shape=None,
        n_epochs=None,
        learning_rate=None,
        weight_decay=1e-3,
        batch_size=None,
        validation_fraction=0.2,
        metric="euclidean",
        random_state=None,
    ):
        self.n_components = n_components
        self.loss = loss
        self.penalty = penalty
        self.combine = combine
        self.n_restarts = n_restarts
        self.surplus = surplus
        self.architecture = architecture
        self.hidden_layer_sizes = hidden_layer_sizes
        self.image_shape = image_shape
        self.n_epochs = n_epochs
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.validation_fraction = validation_fraction
        self.metric = metric
        self.random_state = random_state

    def _whole_kernel(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        return centre(-response.distances)

    def _partial_kernels(self, response: Response, random: np.random.RandomState) -> Callable[[np.ndarray], np.ndarray]:
        return lambda rows: centre(-response.take(rows).distances)
