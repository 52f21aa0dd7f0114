"""A package that is missing ends in a message that says what to install."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Each case in a fork of a process that has imported what is always there: a process of its own takes a second for that.
CASE_BY_CASE = """
import importlib.abc, json, os, sys
import numpy as np
import scipy.linalg, scipy.optimize, scipy.sparse.linalg, scipy.spatial, scipy.special, scipy.stats
import sklearn.base, sklearn.cluster, sklearn.linear_model, sklearn.metrics, sklearn.neighbors

X = np.random.default_rng(0).normal(size=(40, 3))
y = X[:, 0]

class Missing(importlib.abc.MetaPathFinder):
    def __init__(self, names):
        self.names = names
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for number, (missing, code) in enumerate(json.loads(sys.argv[1])):
    if not os.fork():
        sys.meta_path.insert(0, Missing(missing))
        for name in [name for name in sys.modules if name.partition(".")[0] in missing]:  # scikit-learn has asked
            del sys.modules[name]
        try:
            exec(code)
        except (ImportError, ValueError) as error:
            print(number, type(error).__name__, error, flush=True)
        else:
            print(number, "no error", flush=True)
        os._exit(0)
    os.wait()
"""

GRASSMANN, REDUCTION, REFERENCE, PROXIMITY, WIDE = (
    f'pip install "seedbed[{name}]"' for name in ("grassmann", "reduction", "reference", "proximity", "wide_networks")
)
CASES = [
    (["torch"], "from seedbed.grassmann import GrassmannHead", f"torch is needed here, and not installed: {GRASSMANN}"),
    (["torch"], "from seedbed.grassmann import RiemannianSGD, CosineHead", GRASSMANN),
    (["torch"], "from seedbed.grassmann import GrassmannClassifier as C; C().fit(X, y > 0)", GRASSMANN),
    (["torch"], "from seedbed.grassmann import ClaficClassifier as C; C().fit(X, y > 0)", "no error"),
    (["torch"], "from seedbed.directional.bessel import torch_k", GRASSMANN),
    (["torch"], "from seedbed.reduction import FrechetCumulativeNet as C; C().fit(X, y)", REDUCTION),
    (["torch"], "from seedbed.reduction import KernelFCCov as C; C().fit(X, y)", "no error"),
    (["numba"], "from seedbed.reduction import KernelFCCov as C; C().fit(X, y)", REDUCTION),
    (["numba"], "from seedbed.reduction import LinearFCCov as C; C().fit(X, y)", REDUCTION),
    (["numba"], "from seedbed.reduction import fccov_independence_test as f; f(X, y)", REDUCTION),
    (["numba", "torch"], "from seedbed.reduction import SIR; SIR().fit(X, y)", "no error"),
    (["numba"], "from seedbed.proximity import ProximityClustering as C; C(2).fit(np.ones((6, 6)))", PROXIMITY),
    (["networkx"], "from seedbed.proximity import read_graph; read_graph('absent.gml')", "there is no such file"),
    (["numba", "networkx"], "from seedbed.proximity import proximity; proximity([[0, 1], [1, 2]])", "no error"),
    (["numba"], "from seedbed.proximity import KernelWard as C; C(2).fit(X @ X.T)", "no error"),
    (
        ["numba"],  # so many nodes that loops are compiled where it is there
        "from seedbed.proximity import KernelWard as C, proximity as f; C(2).fit(f(1.0 - np.eye(2000)))",
        "no error",
    ),
    (["numba"], "from seedbed.diffusion import EmpiricalLaw as C; C(X).denoise(X, 0.5)", "no error"),
    (["numba"], "from seedbed.wide_networks import NTKRegressor as C; C().fit(X, y)", WIDE),
    (["torch"], "from seedbed.wide_networks import NTKRegressor as C; C().fit(X, y)", "no error"),
    (["torch"], "from seedbed.wide_networks import empirical_ntk", f"torch is needed here, and not installed: {WIDE}"),
    (["torch"], "from seedbed.wide_networks import parametrize", WIDE),
    (["torch"], "from seedbed.wide_networks import hessian_extremes", WIDE),
    (["torch", "numba"], "from seedbed.wide_networks import cnn_kernel as f; f(X.reshape(-1, 2, 3))", "no error"),
    (["torch", "numba"], "from seedbed.wide_networks import expected_vertex as f; f(9, 3, 'gelu')", "no error"),
    (["pandas"], "from seedbed.wide_networks import advise as f; f(9, 3)", WIDE),
    (["numba"], "from seedbed.density import HighDimensionalKDE as C; C().fit(X).score_samples(X)", "no error"),
    (["cvxpy"], "from seedbed.clustering import KMeansSDP as C; C(2, solver='cvxpy').fit(X)", REFERENCE),
    (["cvxpy"], "from seedbed.clustering import LikelihoodSDP as C; C(2, solver='cvxpy').fit(X)", REFERENCE),
]  # fmt: skip


@pytest.fixture(scope="module")
def said() -> dict[int, str]:
    """What each case ended with."""
    path = Path(__file__).parents[2] / "workflow/scripts"
    cases = json.dumps([[missing, code] for missing, code, _ in CASES])
    command = [sys.executable, "-W", "ignore", "-c", CASE_BY_CASE, cases]
    done = subprocess.run(command, capture_output=True, text=True, cwd=path, check=True)
    lines = [line.partition(" ") for line in done.stdout.splitlines()]
    return {
        number: "\n".join(text for n, _, text in lines if n == str(number)) + done.stderr
        for number in range(len(CASES))
    }


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: str(CASES[number][:2])[:90])
def test_a_missing_package_says_what_to_install(number: int, said: dict[int, str]) -> None:
    assert CASES[number][2] in said[number]


def test_every_extra_that_is_named_exists():
    import re
    import tomllib

    root = Path(__file__).parents[2]
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = {
        name
        for path in (root / "workflow/scripts/seedbed").rglob("*.py")
        for name in re.findall(r'extra\("(\w+)"\)|seedbed\[(\w+)\]', path.read_text())
    }
    assert {a or b for a, b in named} <= set(extras)
