"""Methods that draw from generators that are nobody's, and methods that are not the same twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from seedbed.core.blocks import load_arrays, save_arrays
from seedbed.core.job_processes.package_path import note_run_environment
from seedbed.core.job_records.fits import FitJob
from seedbed.core.jobs.fitting import fit_block
from seedbed.core.keeping.run_summary import _words

ADAPTER = """
class M:
    def fit(self, X):
        import os, random, sys, time
        import numpy as np
        return {body}

def adapt(cls, params, data, seed):
    return cls().fit(data["X"])
"""


def fit(name: str, body: str, own: bool = True, replicates: int = 2) -> list[dict]:
    Path(f"{name}.py").write_text(ADAPTER.format(body=body))
    save_arrays("data.npz", {i: {"X": np.arange(4.0)} for i in range(replicates)})
    job = FitJob(
        seed=1, study="s", scenario="c", method="m", params={}, target=f"{name}:M", adapter=f"{name}:adapt",
        limits={"seconds": 20, "memory_mb": 500}, own=own, code="",
    )  # fmt: skip
    fit_block(job, "data.npz", (), "fit.npz", "fit.json")
    return json.loads(Path("fit.json").read_text())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])


@pytest.mark.parametrize(
    "body",
    [
        "{'x': np.array([random.random(), np.random.rand()])}",
        "{'x': np.array(__import__('torch').rand(1).item() if 'torch' in sys.modules else 0.0)}",
        "{'x': np.array(float('nan')), 'seconds': np.array(time.perf_counter())}",
        "{'x': np.array(os.environ['PYTHONHASHSEED'])}",
    ],
)
def test_global_generators_are_the_methods_own(body: str) -> None:
    rows = fit("drawing_method", body)
    assert [(row["status"], row["message"]) for row in rows] == [("ok", "")] * 2
    first = load_arrays("fit.npz")
    fit("drawing_method", body)
    again = load_arrays("fit.npz")
    for replicate in (0, 1):
        np.testing.assert_array_equal(first[replicate]["x"], again[replicate]["x"])
    if "random" in body:
        assert (first[0]["x"] != first[1]["x"]).all()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{'labels': np.arange(3), 'x': np.array(time.perf_counter_ns())}", "differ in x"),
        ("{'x': np.frombuffer(os.urandom(8))}", "differ in x"),
        ("{'x' if os.path.exists('once') else os.mkdir('once') or 'y': np.ones(1)}", "differ in x, y"),
        (
            "{'x': np.ones('a' if os.path.exists('once') else os.mkdir('once') or 1)}",
            "ended as error",
        ),
    ],
)
def test_a_method_that_is_not_the_same_twice_is_marked(body: str, text: str) -> None:
    if os.path.exists("once"):
        os.rmdir("once")
    rows = fit("restless_method", body, replicates=1)
    assert rows[0]["status"] == "ok" and rows[0]["message"].startswith("not reproducible: ")
    assert text in rows[0]["message"]
    assert "not reproducible" not in fit("restless_method", body, own=False)[0]["message"]
    cell = {"study": "s", "scenario": "c", "method": "m"}
    assert _words({"ok": 2}, [cell | rows[0]])[1] == f"  s / c / m: 1 x ok: {rows[0]['message']}"


def test_hashes_are_the_same_in_every_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "random")
    note_run_environment()
    command = [sys.executable, "-c", "print(list({'a', 'b', 'c', 'd', 'e'}))"]
    assert len({subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout for _ in range(3)}) == 1


@pytest.mark.parametrize("act", ["os.remove", "lambda f: open(f, 'w').close()", "lambda f: os.chmod(f, 0)"])
def test_a_method_that_takes_the_data_away_costs_its_own_row(act: str) -> None:
    body = f"(os.path.exists('once') or os.mkdir('once') or ({act})('data.npz')) and None or {{'x': np.ones(1)}}"
    before = None
    Path("once").mkdir()
    fit("greedy_method", body, own=False, replicates=3)
    before = Path("data.npz").read_bytes(), Path("data.npz").stat().st_mode
    os.rmdir("once")
    rows = fit("greedy_method", body, own=False, replicates=3)
    assert [row["status"] for row in rows] == ["error", "ok", "ok"]
    assert "removed or changed its input, data.npz" in rows[0]["message"]
    assert (Path("data.npz").read_bytes(), Path("data.npz").stat().st_mode) == before
