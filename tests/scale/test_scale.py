"""Large runs: what planning ten thousand jobs takes, and what the engine adds to two thousand tiny fits.

CPU time is measured, not time on the wall, since other things may run beside the tests. ``pytest -s tests/scale``
prints the numbers, which docs/usage.md quotes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from project import Project
from seedbed.core.study import load_study

FITS, JOBS = 2000, 20

BARE_LOOP = """
import gc, importlib, os, sys
import numpy as np
from toy_millisecond import Millisecond

def fork(function):
    if (child := os.fork()) == 0:
        function()
        os._exit(0)
    os.waitpid(child, 0)

def job():
    for _ in range({fits}):
        fork(lambda: Millisecond().fit_predict(points))

for library in {libraries}:
    importlib.import_module(library)
gc.freeze()
points = np.zeros((30, 2))
for _ in range({jobs}):
    fork(job)
"""


def cpu_and_memory(command: list[str], folder: Path) -> tuple[float, float]:
    """CPU seconds of a command and of all that it starts, and the largest resident size in MiB."""
    measured = [sys.executable, str(Path(__file__).with_name("measure.py")), *command]
    done = subprocess.run(measured, cwd=folder, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    return found["seconds"], found["memory"]


def test_ten_thousand_jobs_are_planned_in_a_minute(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.study.update(replicates=500, replicates_per_job=10)
    project.study["scenarios"] = {"isotropic": {"grid": {"n_points": list(range(30, 40))}}}
    project.study["methods"] = {"coin": {"method": "toy_coin:Coin", "grid": {"bias": [i / 20 for i in range(20)]}}}
    seconds, memory = cpu_and_memory(project.command("--dry-run", "--quiet", "rules"), project.folder)
    print(f"\n10 000 jobs planned in {seconds:.0f} s of CPU time and {memory:.0f} MiB")
    assert seconds < 60 and memory < 600


def test_the_engine_adds_little_to_tiny_fits(tmp_path: Path) -> None:
    """2000 fits of a millisecond, as a run up to its tables, and as a loop with the same processes."""
    project = Project(tmp_path / "project")
    project.study.update(replicates=FITS // JOBS, replicates_per_job=FITS // JOBS)
    project.study["scenarios"] = {"isotropic": {"params": {"n_points": 30}}}
    project.study["methods"] = {"one": {"method": "toy_millisecond:Millisecond", "grid": {"number": [*range(JOBS)]}}}
    run, _ = cpu_and_memory(project.command("results/clustering/scores.parquet"), project.folder)
    assert len(project.table("runs")) == FITS and set(project.table("runs")["status"]) == {"ok"}
    loop = BARE_LOOP.format(fits=FITS // JOBS, jobs=JOBS, libraries=load_study("clustering").libraries)
    bare, _ = cpu_and_memory([sys.executable, "-c", loop], project.folder)
    each = 1000 * (run - bare) / FITS
    print(f"\n2000 fits of 1 ms: {run:.1f} s of CPU time, a bare loop {bare:.1f} s: {each:.1f} ms more for each")
    assert run < 3 * bare
