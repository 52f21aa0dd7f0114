"""A package that is missing ends in a message that says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT = """
import sys
import importlib.abc
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
import numpy as np
X = np.random.default_rng(0).normal(size=(40, 3))
y = X[:, 0]
try:
    {code}
except (ImportError, ValueError) as error:
    print(type(error).__name__, error)
else:
    print("no error")
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


@pytest.mark.parametrize(("missing", "code", "message"), CASES, ids=lambda value: str(value)[:60])
def test_a_missing_package_says_what_to_install(missing, code, message):
    path = str(Path(__file__).parents[2] / "workflow/scripts")
    script = WITHOUT.format(missing=missing, code=code)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, cwd=path)
    assert message in done.stdout, done.stdout + done.stderr


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
