"""A head on a small convolutional network, or on the features themselves: what the study compares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any, Literal

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

__all__ = ["HeadClassifier"]

HeadName = Literal["linear", "cosine", "sub_center", "arcface", "unconstrained", "grassmann"]
BackboneName = Literal["plain", "residual"]  # as in modules that need torch
MomentumName = Literal["ambient", "projected", "transported"]
Scale = float | Literal["log_classes"]


class HeadClassifier(ClassifierMixin, BaseEstimator):
    """A head trained together with a small convolutional network, or alone on feature matrices.

    Networks with different heads start from the same filters and see the same batches if ``random_state`` is the same.

    Parameters
    ----------
    head : {"linear", "cosine", "sub_center", "arcface", "unconstrained", "grassmann"}, default="grassmann"
        See :mod:`seedbed.grassmann.heads.vector_heads` and :mod:`seedbed.grassmann.heads.grassmann_head`. "arcface"
        needs pytorch-metric-learning.
    subspace_dim : int or sequence of int, default=8
        Dimension of every class of "grassmann", rows of "unconstrained", centres of "sub_center". A sequence is
        repeated over the classes.
    gamma : float or "log_classes", default=25.0
        Scale of the logits of every head but "linear".
    learn_gamma : bool, default=False
        Learn it from there ("arcface" cannot).
    backbone : {"plain", "residual"}, default="plain"
        For images; see :func:`seedbed.studies.grassmann.networks.backbones.build_backbone`.
    widths : sequence of int, default=(16, 32)
        Filters of its convolutions before the last.
    n_features : int, default=64
        Filters of the last: the dimension of the features.
    epochs : int, default=30
    batch_size : int, default=64
        At most a quarter of the training examples (but sixteen), so that small sets have several steps an epoch.
    learning_rate : float, default=0.1
    subspace_learning_rate : float, optional
        By default the same, as in the paper.
    momentum_kind : {"ambient", "projected", "transported"}, default="ambient"
        See :class:`~seedbed.grassmann.RiemannianSGD`.
    weight_decay : float, default=5e-4
        Of everything but subspaces; 0 on feature matrices, where there is no network to hold back.
    n_threads : int, default=1
    random_state : int, default=0

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    subspaces_ : ndarray of shape (n_classes, k, n)
        Of the head "grassmann" alone.
    gamma_ : float
        Of heads that have one.
    loss_curve_ : list of float
        Mean loss of every epoch.
    backbone_, head_ : torch modules

    Raises
    ------
    ImportError
        For "arcface" without pytorch-metric-learning.
    ValueError
        For an unknown head, momentum or backbone, or dimensions that the features do not allow.
    """

    def __init__(
        self,
        head: HeadName = "grassmann",
        *,
        subspace_dim: int | list[int] = 8,
        gamma: Scale = 25.0,
        learn_gamma: bool = False,
        backbone: BackboneName = "plain",
        widths: Sequence[int] = (16, 32),
        n_features: int = 64,
        epochs: int = 30,
        batch_size: int = 64,
        learning_rate: float = 0.1,
        subspace_learning_rate: float | None = None,
        momentum_kind: MomentumName = "ambient",
        weight_decay: float = 5e-4,
        n_threads: int = 1,
        random_state: int = 0,
    ) -> None:
        self.head = head
        self.subspace_dim = subspace_dim
        self.gamma: Scale = gamma
        self.learn_gamma = learn_gamma
        self.backbone: BackboneName = backbone
        self.widths = widths
        self.n_features = n_features
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.subspace_learning_rate = subspace_learning_rate
        self.momentum_kind: MomentumName = momentum_kind
        self.weight_decay = weight_decay
        self.n_threads = n_threads
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> HeadClassifier:
        """Train network and head; with ``epochs=0`` both stay as they were drawn.

        Parameters
        ----------
        X : ndarray of shape (N, channels, side, side) or (N, n)
        y : ndarray of shape (N,)

        Returns
        -------
        self
        """
        import torch

        from seedbed.grassmann.descent.training import train

        self.classes_, codes = np.unique(y, return_inverse=True)
        filters, head, batches = (torch.Generator().manual_seed(self.random_state + number) for number in range(3))
        images = self._tensor(X)
        if images.ndim == 4:
            from .backbones import build_backbone

            self.backbone_ = build_backbone(self.backbone, images.shape[1], self.n_features, self.widths, filters)
            n_features = self.n_features
        else:
            self.backbone_, n_features = torch.nn.Identity(), images.shape[1]
        self.head_ = self._build_head(n_features, len(self.classes_), head)
        self.loss_curve_ = train(
            self.backbone_,
            self.head_,
            images,
            torch.from_numpy(codes),
            generator=batches,
            epochs=self.epochs,
            batch_size=min(self.batch_size, max(16, len(images) // 4)),
            learning_rate=self.learning_rate,
            subspace_learning_rate=self.subspace_learning_rate,
            momentum_kind=self.momentum_kind,
            weight_decay=self.weight_decay if images.ndim == 4 else 0.0,
            n_threads=self.n_threads,
        )
        if self.head == "grassmann":
            self.subspaces_ = self.head_.basis.detach().numpy()
        if hasattr(self.head_, "scale"):
            self.gamma_ = self.head_.scale.value
        return self

    def _build_head(self, n_features: int, n_classes: int, generator: Any) -> Any:
        from seedbed.grassmann.heads import grassmann_head, vector_heads

        common = {"n_features": n_features, "n_classes": n_classes, "generator": generator}
        scale = {"gamma": self.gamma, "learn_gamma": self.learn_gamma}
        dims: Any = self.subspace_dim  # a number, or a sequence of them
        if np.ndim(dims) and self.head in ("sub_center", "unconstrained"):
            raise ValueError(f"the head {self.head!r} has one subspace_dim for all classes, got {dims!r}")
        match self.head:
            case "linear":
                return vector_heads.LinearHead(**common)
            case "cosine":
                return vector_heads.CosineHead(**common, **scale)
            case "arcface":
                return vector_heads.ArcFaceHead(**common, gamma=self.gamma)
            case "sub_center":
                return vector_heads.SubCenterHead(**common, **scale, n_centers=dims)
            case "unconstrained":
                return grassmann_head.UnconstrainedHead(**common, **scale, subspace_dim=dims)
            case "grassmann":
                dims = list(islice(cycle(dims), n_classes)) if np.ndim(dims) else dims
                return grassmann_head.GrassmannHead(**common, **scale, subspace_dim=dims)
        raise ValueError(f"unknown head {self.head!r}")

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Features of the network, shape (N, n_features), in float32."""
        from seedbed.grassmann.descent.training import predict_in_batches

        check_is_fitted(self)
        return predict_in_batches(self.backbone_, self._tensor(X), n_threads=self.n_threads).numpy()

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Logits, shape (N, n_classes)."""
        return self.logits(self.transform(X))

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Logits of features that :meth:`transform` gave."""
        import torch

        from seedbed.grassmann.descent.training import predict_in_batches

        return predict_in_batches(self.head_, torch.from_numpy(features), n_threads=self.n_threads).numpy()

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Softmax of the logits."""
        return softmax(self.decision_function(X).astype(float), axis=1)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The class with the largest logit."""
        best = self.decision_function(X).argmax(axis=1)
        return self.classes_[best]

    @staticmethod
    def _tensor(X: np.ndarray) -> Any:
        import torch

        tensor = torch.from_numpy(np.ascontiguousarray(X, np.float32))
        return tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor
