"""Networks whose scores depend on the response as much as a kernel of the responses can see."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy.linalg import block_diag
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.extras import extra
from seedbed.reduction.fccov.balls import EXACT_UP_TO
from seedbed.reduction.numerics.centring import u_centre
from seedbed.reduction.numerics.columns import Columns
from seedbed.reduction.numerics.leading_eigenpairs import leading_eigenpairs
from seedbed.reduction.reducer import Reducer
from seedbed.reduction.spaces.response import Response

if TYPE_CHECKING:
    from .training import Recipe

BATCH = 256  # rows, where all at once are too many
MOST_HELD_OUT = 1000  # rows whose whole kernel is made for every epoch's judgement
EPOCHS = {"penalised": 300, "whitened": 120}
LEARNING_RATES = {"penalised": 2e-3, "whitened": 2.0}


class DependenceNet(Reducer):
    """Base of :class:`FrechetCumulativeNet` and :class:`MDDNet`: a subclass says which kernel of the responses."""

    _parameter_constraints: ClassVar[dict] = {
        **Reducer._parameter_constraints,
        "loss": [StrOptions({"penalised", "whitened"})],
        "penalty": [Interval(Real, 0, None, closed="neither")],
        "architecture": [StrOptions({"mlp", "resnet"})],
        "hidden_layer_sizes": ["array-like"],
        "image_shape": ["array-like", None],
        "n_restarts": [Interval(Integral, 1, None, closed="left")],
        "combine": [StrOptions({"best", "consensus"})],
        "surplus": [Interval(Integral, 0, None, closed="left")],
        "n_epochs": [Interval(Integral, 1, None, closed="left"), None],
        "learning_rate": [Interval(Real, 0, None, closed="neither"), None],
        "weight_decay": [Interval(Real, 0, None, closed="left")],
        "batch_size": [Interval(Integral, 8, None, closed="left"), None],
        "validation_fraction": [Interval(Real, 0, 0.5, closed="both")],
    }
    _min_samples = 8

    @abstractmethod
    def _whole_kernel(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        """The centred kernel (n, n) of all responses."""

    @abstractmethod
    def _partial_kernels(self, response: Response, random: np.random.RandomState) -> Callable[[np.ndarray], np.ndarray]:
        """``kernel(rows)``, the kernel of a part of the responses, without an (n, n) matrix."""

    def _reduce(self, X: np.ndarray, response: Response, n_components: int, random: np.random.RandomState) -> None:
        with extra("reduction"):
            import torch

            from .training import train

        self._standardise(X)
        inputs = self._inputs(X)
        batch_size = self._batch_size(len(X))
        n_outputs = n_components + self.surplus
        network = self._network(inputs.shape[1], n_outputs, random)
        kernel, kernel_of = self._kernels(response, n_outputs, batch_size, random)
        train_rows, test_rows = self._split(len(X), batch_size, random)
        recipe = self._recipe(batch_size)
        self.holdout_scores_, self.history_ = train(
            network, inputs.float(), train_rows, test_rows, kernel, kernel_of, recipe, random
        )
        if self.combine == "best":
            best = int(np.nanargmax(self.holdout_scores_)) if np.isfinite(self.holdout_scores_).any() else 0
            network.keep(best)
        self.network_ = network.double().requires_grad_(False)
        with torch.no_grad():
            scores = self.network_(inputs).numpy()
        self._rotate(scores, n_components, kernel, kernel_of, random)

    def _evaluate(self, X: np.ndarray) -> np.ndarray:
        with extra("reduction"):
            import torch

        with torch.no_grad():
            scores = self.network_(self._inputs(X)).numpy()
        return (np.hstack([*scores]) - self._offset) @ self._rotation

    def _standardise(self, X: np.ndarray) -> None:
        """Features by their own mean and deviation; images as a whole, so that dark margins stay dark.

        Units, offsets and constants of features hence change nothing. Copies of a feature do: they count twice in what
        a network sees, as they do in the distances of a Gaussian kernel; and so do the units of single pixels.
        """
        self._columns = Columns.of(X.reshape(-1, 1) if self.architecture == "resnet" else X, self._resolution)

    def _inputs(self, X: np.ndarray) -> Any:
        import torch

        if self.architecture == "resnet":
            return torch.from_numpy(self._columns.standard(X))
        varies = np.isfinite(self._columns.scale)  # the same network whatever constants stand beside the features
        return torch.from_numpy(np.ascontiguousarray(self._columns.standard(X)[:, varies]))

    def _batch_size(self, n: int) -> int | None:
        """None for all rows at once, which is both fastest and best while K fits into memory."""
        if self.batch_size is not None and self.batch_size < n:
            return int(self.batch_size)
        return None if n <= EXACT_UP_TO else BATCH

    def _recipe(self, batch_size: int | None) -> Recipe:
        from .training import Recipe

        rate = LEARNING_RATES[self.loss] if self.learning_rate is None else float(self.learning_rate)
        epochs = EPOCHS[self.loss] if self.n_epochs is None else int(self.n_epochs)
        return Recipe(self.loss, float(self.penalty), epochs, rate, float(self.weight_decay), batch_size)

    def _network(self, n_features: int, n_outputs: int, random: np.random.RandomState) -> Any:
        import torch

        from .architectures import StackedMLP, StackedResNet

        generator = torch.Generator().manual_seed(int(random.randint(2**31)))
        sizes = [int(size) for size in self.hidden_layer_sizes]
        if self.architecture == "mlp":
            return StackedMLP(n_features, sizes, n_outputs, self.n_restarts, generator)
        if not sizes or any(size % 4 for size in sizes):
            raise ValueError(f"the widths of a resnet, hidden_layer_sizes, must be multiples of 4; got {tuple(sizes)}")
        shape = self._image_shape(n_features)
        return StackedResNet(shape, sizes, n_outputs, self.n_restarts, generator)

    def _image_shape(self, n_features: int) -> tuple[int, int, int]:
        side = round(np.sqrt(n_features))
        shape = tuple(int(size) for size in self.image_shape) if self.image_shape is not None else (side, side)
        shape = (1, *shape) if len(shape) == 2 else shape
        if len(shape) != 3 or np.prod(shape) != n_features:
            raise ValueError(
                f"image_shape must be (height, width) or (channels, height, width) with {n_features} entries, "
                f"as X has features; got {self.image_shape}"
            )
        return shape

    def _split(
        self, n: int, batch_size: int | None, random: np.random.RandomState
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Rows to train on and rows to judge by: the same for restarts that compete, others for those that add up.

        Both see blocks of one kernel of all responses: its balls are those of the whole sample, of which no response
        tells anything about the features of another row.
        """
        n_test = min(round(self.validation_fraction * n), MOST_HELD_OUT if batch_size else n)
        own = self.combine == "consensus" and batch_size is None
        tests = []
        pool = np.empty(0, int)
        for _ in range(self.n_restarts if own else 1):
            if len(pool) < n_test:  # every row is held out about as often as every other
                pool = random.permutation(n)
            tests.append(np.sort(pool[:n_test]))
            pool = pool[n_test:]
        return [np.setdiff1d(np.arange(n), test) for test in tests], tests

    def _kernels(
        self, response: Response, n_outputs: int, batch_size: int | None, random: np.random.RandomState
    ) -> tuple[Any, Callable[[np.ndarray, bool], Any]]:
        """Kernels as tensors, over the most that tr(S^-1 M) can be, so that losses mean the same in all spaces."""
        import torch

        if batch_size is None:
            kernel = self._whole_kernel(response, random)
            scale = 1.0 / attainable(kernel, n_outputs)
            tensor = torch.from_numpy(kernel * scale).float()
            return tensor, lambda rows, u_centred: tensor[rows][:, rows]
        kernel_of = self._partial_kernels(response, random)
        some = random.choice(len(response), min(len(response), MOST_HELD_OUT), replace=False)
        scale = 1.0 / attainable(kernel_of(some), n_outputs)

        def scaled(rows: np.ndarray, u_centred: bool) -> torch.Tensor:
            kernel = kernel_of(rows)
            return torch.from_numpy((u_centre(kernel) if u_centred else kernel) * scale).float()

        return None, scaled

    def _rotate(
        self,
        scores: np.ndarray,
        n_components: int,
        kernel: Any,
        kernel_of: Callable[[np.ndarray, bool], Any],
        random: np.random.RandomState,
    ) -> None:
        """Whitened components in the order of what they explain; of several restarts, what they agree on."""
        n = scores.shape[1]
        whitened, back = zip(*(_whitened(restart) for restart in scores), strict=True)
        self._offset = np.hstack([restart.mean(axis=0) for restart in scores])
        joint = np.hstack(whitened)
        mixing = block_diag(*back)
        if len(scores) > 1:
            shared = np.linalg.svd(joint, full_matrices=False)[2][:n_components].T
            joint, mixing = joint @ shared, mixing @ shared
            joint, again = _whitened(joint)
            mixing = mixing @ again
        rows = np.arange(n) if kernel is not None else random.choice(n, min(n, MOST_HELD_OUT), replace=False)
        matrix = (kernel if kernel is not None else kernel_of(rows, False)).numpy().astype(np.float64)
        part = joint[rows] - joint[rows].mean(axis=0)
        values, vectors = np.linalg.eigh(part.T @ matrix @ part / len(rows) ** 2)
        self.eigenvalues_ = values[::-1][:n_components]
        self._rotation = mixing @ vectors[:, ::-1][:, :n_components]
        components = joint @ vectors[:, ::-1][:, :n_components]
        largest = np.abs(components).argmax(axis=0)
        self._rotation *= np.where(components[largest, np.arange(len(largest))] < 0, -1.0, 1.0)


def attainable(kernel: np.ndarray, n_components: int) -> float:
    """The sum of the largest eigenvalues of K / n: what so many components explain if they may be any functions."""
    n = len(kernel)
    total = float(leading_eigenpairs(kernel, n_components)[0].sum()) / n
    return total if total > 0.0 else 1.0


def _whitened(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values with mean zero and covariance I, and the matrix that makes them from the centred values."""
    centred = values - values.mean(axis=0)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(values))
    back = axes / np.sqrt(np.maximum(spread, max(1e-10 * spread[-1], 1e-300)))
    return centred @ back, back
