"""The record of a run can be written whatever else its process has loaded."""

from __future__ import annotations

import io
import json

import scipy.io
from seedbed.core.keeping import provenance


def test_thread_pools_are_those_of_blas_and_openmp() -> None:
    """SciPy's reader of Matrix Market files counts as a pool too, with a function for a version."""
    scipy.io.mmread(io.BytesIO(b"%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 2.5\n"))
    pools = json.loads(json.dumps(provenance._thread_pools()))
    assert pools and {pool["user_api"] for pool in pools} <= {"blas", "openmp"}
    assert all(pool["num_threads"] >= 1 and pool["version"] for pool in pools if pool["user_api"] == "blas")
