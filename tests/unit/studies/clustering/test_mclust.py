"""R's mclust as a method of the study: what its authors report, what must not matter, and where it is missing."""

from __future__ import annotations

import numpy as np
import pytest
from in_r import needs_mclust
from seedbed.core.errors import SkipFit
from seedbed.core.programs.exchange import ProgramError
from seedbed.studies.clustering.metrics import log_likelihood, misclustering_error
from seedbed.studies.clustering.peers.mclust import Mclust
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture


def test_where_r_is_missing_it_is_skipped_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SkipFit, match="Rscript is not there: install R and its package mclust"):
        Mclust(2).fit(np.ones((4, 2)))


def test_where_the_package_is_missing_it_is_skipped_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_mclust()
    monkeypatch.setattr(Mclust, "command", ("Rscript", "-e", MISSING, "--args", "{result.csv}"))
    with pytest.raises(SkipFit, match="the R package mclust is not installed"):
        Mclust(2).fit(np.ones((4, 2)))


MISSING = "message('the R package mclust is not installed'); quit(status = 77)"


def test_iris_is_as_its_authors_report() -> None:
    """Fraley and Raftery: with three groups five of the 150 flowers are put to the wrong ones."""
    needs_mclust()
    X, species = load_iris(return_X_y=True)
    labels = Mclust(3).fit_predict(X)
    assert round(150 * misclustering_error({"X": X, "labels": species}, {"labels": labels})) == 5


def test_rows_in_another_order_and_other_units_are_the_same_clusters() -> None:
    """VVV, covariances without any restriction: the likelihood is the same in all coordinates."""
    needs_mclust()
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 30)
    X = rng.normal(size=(90, 3)) * [0.5, 1, 2] + 9 * np.eye(3)[truth]
    order = rng.permutation(90)
    plain = Mclust(3, model="VVV").fit_predict(X)
    turned = Mclust(3, model="VVV").fit_predict((X @ np.diag([1.0, 100.0, 0.01]))[order])
    assert misclustering_error({"labels": plain[order]}, {"labels": turned}) == 0
    assert misclustering_error({"labels": truth}, {"labels": plain}) == 0


def test_its_partition_is_as_likely_as_that_of_another_em() -> None:
    """scikit-learn's EM from the same labels has nowhere to go: both climb the same likelihood."""
    needs_mclust()
    X, _ = load_iris(return_X_y=True)
    labels = Mclust(3, model="VVV").fit_predict(X)
    means = np.array([X[labels == label].mean(axis=0) for label in range(3)])
    precisions = np.array([np.linalg.inv(np.cov(X[labels == label].T, bias=True)) for label in range(3)])
    other = GaussianMixture(
        3, means_init=means, precisions_init=precisions, weights_init=np.bincount(labels) / 150, max_iter=1000, tol=1e-8
    )
    again = other.fit_predict(X)
    assert misclustering_error({"labels": labels}, {"labels": again}) <= 1 / 150
    assert log_likelihood({"X": X}, {"labels": labels}) == pytest.approx(
        log_likelihood({"X": X}, {"labels": again}), abs=0.02
    )


def test_data_without_a_model_are_refused_in_rs_own_words() -> None:
    needs_mclust()
    with pytest.raises(ProgramError, match=r"Mclust \(Rscript\) ended with the exit status 1: Error"):
        Mclust(3).fit(np.zeros((20, 2)))
