"""What a fitted estimate can be asked: densities, samples, gradients, conditional laws, and a diagnosis."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from seedbed.counts import whole_number
from seedbed.density.kernels.radial_kernels import Gaussian, RadialKernel, Student
from seedbed.density.regimes.regimes import N_TERMS, Diagnosis, diagnosis
from seedbed.density.scales import refuse_large
from seedbed.density.sums.kernel_sums import KernelSums

from .conditionals import Components, conditional, marginal
from .shapes import Shape

CARRIERS = 5  # points that ``contributions`` names


class Queries:
    """The questions; :class:`HighDimensionalKDE` is who answers them.

    A subclass has ``_queries(X)``, which validates rows, and ``_of_components``, which makes another estimate.
    """

    n_jobs: int | None
    n_features_in_: int
    _kept_rows: np.ndarray

    def _build(self, components: Components, kernel: RadialKernel, single: bool) -> None:
        """Centres in coordinates in which the kernel is the unit one."""
        self.components_, self._root = components, Shape.of(components.matrix)
        self.kernel_covariance_ = components.matrix
        self._shift = components.centres.mean(axis=0)
        self._log_constant = kernel.log_constant() - self._root.log_det_root()
        self._sums = KernelSums(
            self._coordinates(components.centres), kernel, components.log_weights, components.log_widths, single,
            self.n_jobs,
        )  # fmt: skip

    def _coordinates(self, X: np.ndarray) -> np.ndarray:
        return self._root.coordinates(X - self._shift)

    def score_samples(self, X) -> np.ndarray:
        """Log density of every row, minus infinity where a compact kernel reaches no point.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)

        Returns
        -------
        ndarray of shape (m,)
        """
        X = self._queries(X)
        return self._sums.log_sums(self._coordinates(X)).log_total + self._log_constant

    def score(self, X, y=None) -> float:
        """Mean log density of the rows."""
        return float(np.mean(self.score_samples(X)))

    def sample(self, n_samples: int = 1, random_state=None) -> np.ndarray:
        """Draw from the estimate: a point, and noise of the kernel.

        Parameters
        ----------
        n_samples : int, default=1
        random_state : int, Generator, RandomState or None

        Returns
        -------
        ndarray of shape (n_samples, d)
        """
        check_is_fitted(self)
        if not isinstance(random_state, np.random.Generator):
            random_state = np.random.default_rng(check_random_state(random_state).randint(2**31, size=4))
        centres, log_weights, _, log_widths = self.components_
        n = whole_number(n_samples, "n_samples", 1)
        weights = np.exp(log_weights)
        chosen = random_state.choice(len(centres), n, p=weights / weights.sum())
        noise = self._sums.kernel.noise(random_state, n)
        if log_widths is not None:
            noise *= np.exp(log_widths[chosen])[:, None]
        return centres[chosen] + self._root.back(noise)

    def gradient(self, X) -> np.ndarray:
        r"""Gradient of the log density, :math:`H^{-1} \sum_i w_i \psi_i (y_i - x)`, of shape (m, d).

        psi is 1 for the Gaussian kernel, whose gradient is the score of the data blurred by the kernel.
        """
        u, means, mass = self._moved(self._queries(X))
        return self._root.pull_back(means - mass[:, None] * u)

    def mean_shift(self, X, n_steps: int = 1) -> np.ndarray:
        r"""Move rows uphill, to the mean of the points by their shares, :math:`x \leftarrow \sum_i w_i y_i`.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)
        n_steps : int, default=1
            A few hundred lead to the modes. No step lowers the density of a Gaussian or Student kernel.

        Returns
        -------
        ndarray of shape (m, d)
        """
        X, n_steps = self._queries(X), whole_number(n_steps, "n_steps", 0)
        for _ in range(n_steps):
            _, means, mass = self._moved(X)
            usable = mass > 0.0
            u = means[usable] / mass[usable, None] + self._sums.origin
            moved = X.copy()
            moved[usable] = self._root.back(u) + self._shift
            if np.array_equal(moved, X):
                break
            X = moved
        return X

    def _moved(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows in coordinates, relative to the middle of the centres; the weighted sums of centres, and of weights."""
        u = self._coordinates(X)
        found = self._sums.shares(u, self._sums.points)
        return u - self._sums.origin, found.means, found.mass

    def contributions(self, X, k: int = CARRIERS) -> tuple[np.ndarray, np.ndarray]:
        """The points that carry every density most, and their shares.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)
        k : int, default=5
            An estimate of fewer points than the default has fewer columns here.

        Returns
        -------
        indices : ndarray of int (m, k)
            Rows of the X that was fitted, largest share first.
        shares : ndarray (m, k)
        """
        u = self._coordinates(self._queries(X))
        n = len(self._sums)
        k = min(whole_number(k, "k", 1, most=max(n, CARRIERS)), n)
        values, places = self._sums.largest(u, k)
        total = self._sums.log_sums(u, single=False).log_total
        with np.errstate(invalid="ignore"):
            return self._kept_rows[places], np.exp(values - total[:, None])

    def diagnose(self, X) -> Diagnosis:
        """How many points carry every density, and what that means for it.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (m, d)

        Returns
        -------
        Diagnosis
            A record per row, and a sentence as ``str``; see :class:`seedbed.density.Diagnosis`.
        """
        u = self._coordinates(self._queries(X))
        sums = self._sums.log_sums(u, single=False)
        largest, _ = self._sums.largest(u, min(N_TERMS + 1, len(self._sums)))
        least = float(np.exp(2.0 * self.components_.log_weights).sum())
        log_densities = sums.log_total + self._log_constant
        return diagnosis(log_densities, sums.participation, largest, sums.log_total, len(self._sums), least)

    def conditional(self, columns, values):
        """The estimate of the other columns, given the values of these.

        Parameters
        ----------
        columns : list of int or str
            Numbers or, of a DataFrame, names.
        values : array-like of shape (len(columns),)

        Returns
        -------
        HighDimensionalKDE
            Fitted, with as many features as are left.

        Raises
        ------
        ValueError
            For a kernel other than the Gaussian one, columns that are not there, or none that are left.
        """
        check_is_fitted(self)
        if not isinstance(self._sums.kernel, Gaussian):
            raise ValueError("conditional needs kernel='gaussian': only its conditional laws are of the same kind")
        given = self._columns(columns)
        values = np.asarray(values, np.float64).ravel()
        if values.shape != given.shape or not np.isfinite(values).all():
            raise ValueError(f"values must be {given.size} finite numbers, one for each column, got {values.size}")
        refuse_large(values, "conditional was given")
        left = np.setdiff1d(np.arange(self.n_features_in_), given)
        if not left.size:
            raise ValueError("all columns are given; at least one must be left")
        return self._of_components(conditional(self.components_, given, left, values), left)

    def marginal(self, columns):
        """The estimate of some of the columns alone, in the order asked for.

        Parameters and errors are those of :meth:`conditional`; Student's kernel has marginals too.
        """
        check_is_fitted(self)
        if not isinstance(self._sums.kernel, Gaussian | Student):
            raise ValueError("marginal needs kernel='gaussian' or 'student': those of others are of another kind")
        left = self._columns(columns)
        return self._of_components(marginal(self.components_, left), left)

    def _columns(self, columns: Any) -> np.ndarray:
        """Columns by number or name."""
        d, names = self.n_features_in_, list(getattr(self, "feature_names_in_", ()))
        asked = [columns] if isinstance(columns, str | int | np.integer) else list(columns)
        found = [names.index(each) if each in names else each for each in asked]
        wrong = [
            each
            for each in found
            if isinstance(each, bool) or not isinstance(each, int | np.integer) or not -d <= each < d
        ]
        if wrong or not found:
            known = f"names are {', '.join(names)}" if names else f"numbers are 0 to {d - 1}"
            raise ValueError(f"columns has no {wrong[0]!r}; {known}" if wrong else "columns is empty")
        places = np.array([int(each) % d for each in found])
        if len(set(places.tolist())) < len(places):
            raise ValueError("columns names a column twice")
        return places

    _of_components: Any
    _queries: Any
