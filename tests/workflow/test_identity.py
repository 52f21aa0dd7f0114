"""The same config gives the same tables, whatever happened on the way."""

from __future__ import annotations

import fcntl
import itertools
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from project import Project, identical_parts

FITS = "clustering/*/fits/*/*.json"
RESULTS = "**/*.*"


def test_one_core_gives_what_two_cores_give(finished_project: Project, tmp_path) -> None:
    project = Project(tmp_path / "one core")  # also: a path with a space
    project.run(cores=1, PYTHONHASHSEED="1")
    expected = identical_parts(finished_project)
    assert len(expected) == 4 + 12 + 3
    assert identical_parts(project) == expected


def test_killed_run_keeps_what_was_finished(finished_project: Project, tmp_path) -> None:
    project = Project(tmp_path / "project")
    assert project.run_and_kill(FITS, 4)
    before = project.state(FITS)
    project.run()
    assert identical_parts(project) == identical_parts(finished_project)
    kept = [name for name, written in before.items() if project.state().get(name) == written]
    assert len(kept) >= len(before) - 2  # at most the jobs in flight were repeated


@pytest.mark.parametrize("seed", [1, 2])
def test_runs_that_are_killed_at_random_end_in_the_same_tables(finished_project: Project, tmp_path, seed: int) -> None:
    """Ten kills per seed. A run is killed again and again, on one core or two, until it gets through; then the next."""
    rng = np.random.default_rng(seed)
    kills, moments = 0, []
    for life in itertools.count():
        project = Project(tmp_path / f"life {life}")
        killed = True
        while killed and kills < 10:
            files = len(project.files(RESULTS)) + int(rng.integers(0, 9))
            moment = {"count": files, "delay": float(rng.uniform(0, 0.4)), "cores": int(rng.integers(1, 3))}
            hash_seed = str(rng.integers(1, 100))
            killed = project.run_and_kill(RESULTS, **moment, PYTHONHASHSEED=hash_seed)
            kills += killed
            moments.append((life, moment, hash_seed))
        project.run()
        assert identical_parts(project) == identical_parts(finished_project), moments
        if kills == 10:
            break


BURNER = """
import time
import numpy as np

class Burner:
    def __init__(self, n_clusters=2):
        self.n_clusters = n_clusters

    def fit_predict(self, X):
        while time.process_time() < 0.5:
            pass
        return np.arange(len(X)) % self.n_clusters
"""


def test_a_busy_machine_gives_the_same_tables_and_statuses(finished_project: Project, tmp_path) -> None:
    """A busy loop on every core: fits take longer on the clock, and not in CPU time, which is what is limited."""
    project = Project(tmp_path / "project")
    del project.study["scenarios"]["oriented"]
    (project.folder / "toy_burner.py").write_text(BURNER)
    project.study["methods"]["burner"] = {"method": "toy_burner:Burner", "limits": {"seconds": 1.2}}
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        project.run()
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    runs = project.table("runs")
    assert set(runs["status"]) == {"ok"}, runs["message"].unique()
    expected = {name: data for name, data in identical_parts(finished_project).items() if "/isotropic/" in name}
    found = identical_parts(project)
    fits = [name for name in expected if not name.endswith("scores.parquet")]
    assert len(fits) == 2 + 6 and {name: found[name] for name in fits} == {name: expected[name] for name in fits}
    kept = project.table("scores").query("method != 'burner'").reset_index(drop=True)
    old = finished_project.table("scores").query("scenario == 'isotropic'").reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, old)


def test_output_cache_gives_the_same_tables(finished_project: Project, tmp_path) -> None:
    (tmp_path / "cache").mkdir()
    for name in ("first", "second"):
        project = Project(tmp_path / name)
        project.run("--cache", SNAKEMAKE_OUTPUT_CACHE=str(tmp_path / "cache"))
        assert identical_parts(project) == identical_parts(finished_project)
    assert len(list((tmp_path / "cache").glob("*.npz"))) == 4  # one per scenario and block, drawn once


def test_every_method_sees_the_same_data(finished_project: Project) -> None:
    data = finished_project.files("clustering/*/data/*.npz")
    assert len(data) == 4  # one file per scenario and block, none per method


def test_every_fit_runs_on_the_threads_of_its_rule(finished_project: Project) -> None:
    runs = finished_project.table("runs").query("method == 'one_thread'")
    assert set(runs["status"]) == {"ok"}, runs["message"].tolist()


def test_another_seed_gives_other_numbers(finished_project: Project, tmp_path) -> None:
    project = Project(tmp_path / "project")
    project.config["seed"] = 8
    project.run("results/clustering/isotropic/data/0000-0001.npz")
    name = "clustering/isotropic/data/0000-0001.npz"
    assert project.contents(name)[name] != finished_project.contents(name)[name]


def test_two_runs_at_a_time_are_refused(finished_project: Project, tmp_path) -> None:
    project = finished_project.copy(tmp_path / "project")
    project.study["methods"]["coin"]["params"]["bias"] = 0.9
    with open(project.folder / ".snakemake/seedbed.lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = project.run(check=False)
    assert refused.returncode != 0 and "Another run is at work" in refused.stdout
    assert "Traceback" not in refused.stdout
    project.run("results/clustering/isotropic/fits/coin/0000-0001.npz")
