"""Grassmann Class Representation on fixed features, as a scikit-learn estimator."""

from __future__ import annotations

from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.extras import extra
from seedbed.grassmann.geometry.manifold import retract_polar
from seedbed.grassmann.heads.logit_scale import gamma_for_classes

from .clafic import class_subspaces
from .subspace_classifier import SubspaceClassifier

__all__ = ["GrassmannClassifier"]


class GrassmannClassifier(SubspaceClassifier):
    r"""Every class a linear subspace, learned by Riemannian descent on the cross-entropy.

    .. math:: p(c \mid x) \propto \exp\bigl(\gamma \|S_c x\| / \|x\|\bigr), \qquad S_c S_c^\top = I_k ,

    over the Grassmann manifold of each :math:`S_c`, in mini-batches.

    Parameters
    ----------
    subspace_dim : int or array-like of shape (n_classes,), default=4
        Dimension of every class, or of each, in the order of ``classes_``; at most half of the space's, since any
        two larger subspaces intersect.
    gamma : float or "log_classes", default="log_classes"
        Scale of the logits; :func:`seedbed.grassmann.heads.logit_scale.gamma_for_classes` gives the rule.
    start : {"random", "clafic"}, default="random"
        Uniformly random subspaces, or the classes' principal components (then a class gets no more dimensions
        than it has training rows).
    lift : bool or "auto", default="auto"
        Replace x by (x / r, 1), with r the typical norm of the training rows. "auto": if features take both signs
        and the classes are not centred at zero; see
        :func:`seedbed.grassmann.classifiers.added_dimension.lift_is_needed`.
    epochs : int, default=60
    batch_size : int, default=64
    learning_rate : float, default=0.1
        Falls to zero along a cosine.
    momentum : float, default=0.9
    momentum_kind : {"ambient", "projected", "transported"}, default="ambient"
        See :class:`~seedbed.grassmann.RiemannianSGD`.
    n_threads : int, default=1
        Threads of torch's operations; results are equal to the bit for the same number.
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    subspaces_ : ndarray of shape (n_classes, k, n)
        Orthonormal rows, padded with zero rows where dimensions differ; n counts the lifted coordinate.
    classes_ : ndarray of shape (n_classes,)
    subspace_dims_ : ndarray of shape (n_classes,)
    gamma_ : float
    lift_ : float or None
        r, where features are lifted.
    loss_curve_ : list of float
        Mean loss of every epoch.
    n_iter_ : int
        Epochs.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For a single class, dimensions below one, or data that are not finite.

    Notes
    -----
    ``O(N n C k)`` per epoch. Features are normalised, not standardised: do that before, where units differ.

    References
    ----------
    H. Wang, Z. Li, X. Zhang (2023). Get the Best of Both Worlds: Improving Accuracy and Transferability by Grassmann
    Class Representation. ICCV. arXiv:2308.01547.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> X, y = load_digits(return_X_y=True)
    >>> model = GrassmannClassifier(8, epochs=20, random_state=0).fit(X[::2], y[::2])
    >>> bool(model.score(X[1::2], y[1::2]) > 0.97)
    True
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        "subspace_dim": [Interval(Integral, 1, None, closed="left"), "array-like"],
        "gamma": [Interval(Real, 0, None, closed="neither"), StrOptions({"log_classes"})],
        "start": [StrOptions({"random", "clafic"})],
        "lift": ["boolean", StrOptions({"auto"})],
        "epochs": [Interval(Integral, 1, None, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
        "momentum": [Interval(Real, 0, 1, closed="left")],
        "momentum_kind": [StrOptions({"ambient", "projected", "transported"})],
        "n_threads": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        subspace_dim=4,
        *,
        gamma="log_classes",
        start="random",
        lift="auto",
        epochs=60,
        batch_size=64,
        learning_rate=0.1,
        momentum=0.9,
        momentum_kind="ambient",
        n_threads=1,
        random_state=None,
    ):
        self.subspace_dim = subspace_dim
        self.gamma = gamma
        self.start = start
        self.lift = lift
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.momentum_kind = momentum_kind
        self.n_threads = n_threads
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Learn the subspace of every class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)

        Returns
        -------
        self
        """
        with extra("grassmann"):
            import torch

            from seedbed.grassmann.descent.training import train
            from seedbed.grassmann.heads.grassmann_head import GrassmannHead

        X, codes = self._start_fit(X, y)
        n, n_classes = X.shape[1], len(self.classes_)
        generator = torch.Generator().manual_seed(int(check_random_state(self.random_state).randint(2**31 - 1)))
        self.gamma_ = gamma_for_classes(n_classes) if self.gamma == "log_classes" else float(self.gamma)
        largest = np.bincount(codes) if self.start == "clafic" else None
        self.subspace_dims_ = self._class_dims(n, largest)
        head = GrassmannHead(n, n_classes, self.subspace_dims_.tolist(), gamma=self.gamma_, generator=generator)
        if self.start == "clafic":
            with torch.no_grad():
                head.basis.copy_(torch.from_numpy(class_subspaces(X, codes, self.subspace_dims_)))
        self.loss_curve_ = train(
            torch.nn.Identity(),
            head,
            torch.from_numpy(X.astype(np.float32)),
            torch.from_numpy(codes),
            generator=generator,
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            momentum=self.momentum,
            momentum_kind=self.momentum_kind,
            n_threads=self.n_threads,
        )
        self.n_iter_ = self.epochs
        trained = head.basis.detach().numpy().astype(float)
        self.subspaces_ = retract_polar(trained, np.zeros_like(trained))  # from single to double precision
        return self
