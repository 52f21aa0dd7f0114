"""Drawing, fitting and scoring one block without Snakemake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from seedbed.core import blocks
from seedbed.core.blocks import load_arrays
from seedbed.core.drawing import FAILURE, draw_block
from seedbed.core.fitting import fit_block
from seedbed.core.scoring import score_scenario
from seedbed.core.tables import read_table, write_table


def make(rng, *, size=4):
    """A generator."""
    return {"X": rng.normal(size=size)}


def fail(rng):
    """A generator that fails."""
    raise ValueError("no data today")


def adapter(estimator_class, params, data, seed):
    """Returns what the class makes of the data."""
    return estimator_class(params, data, seed)


def echo(params, data, seed):
    """A method: the mean, its seed, and its own clock."""
    return {"mean": data["X"].mean(), "seed": seed, "seconds": 12.5}


def objects(params, data, seed):
    """A method whose result would need pickle."""
    return {"mean": np.array([object()])}


def nothing(params, data, seed):
    """A method without a result."""
    return {}


def mean(data, fit):
    """A metric."""
    return fit["mean"]


def broken(data, fit):
    """A metric that raises."""
    raise ZeroDivisionError


HERE = Path(__file__).stem


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HERE, sys.modules[__name__])
    monkeypatch.chdir(tmp_path)


def draw(generator: str = "make", **params: object) -> dict:
    spec = {"seed": 1, "study": "s", "scenario": "c", "replicates": [0, 1], "params": params}
    draw_block({**spec, "generator": f"{HERE}:{generator}"}, "data.npz")
    return load_arrays("data.npz")


def fit(target: str, *tunings: str) -> list[dict]:
    spec = {
        "seed": 1,
        "study": "s",
        "scenario": "c",
        "method": "m",
        "params": {},
        "adapter": f"{HERE}:adapter",
    }
    limits = {"seconds": 20, "memory_mb": 500}
    fit_block({**spec, "target": f"{HERE}:{target}", "limits": limits}, "data.npz", tunings, "fit.npz", "fit.json")
    return json.loads(Path("fit.json").read_text())


def test_draw_fit_score() -> None:
    data = draw(size=6)
    assert data[0]["X"].shape == (6,) and not np.array_equal(data[0]["X"], data[1]["X"])
    rows = fit("echo")
    assert [row["status"] for row in rows] == ["ok", "ok"]
    assert [row["cpu_seconds"] for row in rows] == [12.5, 12.5]  # the method's own measure
    results = load_arrays("fit.npz")
    assert set(results[0]) == {"mean", "seed"} and results[0]["seed"] != results[1]["seed"]
    metrics = {"mean": f"{HERE}:mean", "broken": f"{HERE}:broken"}
    spec = {"study": "s", "scenario": "c", "methods": ["m"], "metrics": metrics}
    scores, runs = score_scenario(spec, ["data.npz"], ["fit.npz"], ["fit.json"])
    assert scores.query("metric == 'mean'")["value"].tolist() == [data[i]["X"].mean() for i in (0, 1)]
    assert scores.query("metric == 'broken'")["value"].isna().all()
    assert len(runs) == 2
    for name in ("t.parquet", "t.csv"):
        write_table(scores, name)
        assert read_table(name).equals(scores)


def test_a_replicate_without_data_is_skipped() -> None:
    assert set(draw("fail")[0]) == {FAILURE}
    rows = fit("echo")
    assert [row["status"] for row in rows] == ["skipped"] * 2 and "no data today" in rows[0]["message"]
    spec = {"study": "s", "scenario": "c", "methods": ["m"], "metrics": {"mean": f"{HERE}:mean"}}
    scores, runs = score_scenario(spec, ["data.npz"], ["fit.npz"], ["fit.json"])
    assert scores.empty and len(runs) == 2


@pytest.mark.parametrize(("target", "text"), [("objects", "Python objects"), ("nothing", "dict of arrays")])
def test_results_that_are_no_arrays(target: str, text: str) -> None:
    draw()
    assert all(row["status"] == "error" and text in row["message"] for row in fit(target))


def test_a_class_that_is_not_there() -> None:
    draw()
    assert all(row["status"] == "error" and "absent" in row["message"] for row in fit("absent"))


def test_a_daemon_that_a_job_leaves_behind_does_not_hold_it_up() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(blocks.__file__).parents[2])}
    job = "import subprocess, seedbed.core.job_log as m\nm._PATIENCE_SECONDS = 0.5\n"
    job += "with m.job_log('job.log'):\n    p = subprocess.Popen(['sleep', '60'], start_new_session=True)\nprint(p.pid)"
    done = subprocess.run([sys.executable, "-c", job], env=environment, stdout=subprocess.PIPE, text=True, timeout=30)
    os.kill(int(done.stdout), signal.SIGKILL)
    assert done.returncode == 0


JOB = """
import os
from seedbed.core.errors import UserError
from seedbed.core.job_log import job_log

with job_log("logs/job.log"):
    print("from Python")
    os.system("echo from a child")
    raise {error}("from the job")
"""


@pytest.mark.parametrize(("error", "traceback"), [("RuntimeError", True), ("UserError", False)])
def test_log_and_terminal_hold_what_a_job_and_its_children_say(error: str, traceback: bool) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(blocks.__file__).parents[2])}
    command = [sys.executable, "-c", JOB.format(error=error)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    for text in ("from Python", "from a child", "from the job"):
        assert text in Path("logs/job.log").read_text() and text in done.stderr
    assert ("Traceback" in done.stderr) == traceback
