"""Large runs: planning ten thousand jobs, Snakemake's own share in runs of many jobs, two thousand tiny fits.

CPU time is measured, not time on the wall, since other things may run beside the tests, and limits in seconds are those
of the machine that they were set on, times what a fixed piece of Python takes longer here. A neighbour stretches CPU
time too (shared caches, a core's other thread), by half at its worst and for a minute at a time, so that what is out
of its limit is measured again: a limit is broken where three turns say so. ``pytest -s tests/scale`` prints the
numbers, which docs/usage.md quotes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from project import Project
from seedbed.core.study import load_study

FITS, JOBS = 2000, 20

BARE_LOOP = """
import gc, importlib, os, sys
sys.path.insert(0, "workflow/scripts")
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


WORK_SECONDS = 0.12  # of CPU time, where the limits were set


def slowness() -> float:
    """How many times as long as there a piece of Python takes here and now; one at least."""

    def work() -> float:
        start, known = time.process_time(), {}
        for number in range(200_000):
            known[str(number)] = (number, len(known))
        return time.process_time() - start

    return max(1.0, median(work() for _ in range(5)) / WORK_SECONDS)


def measured(command: list[str], folder: Path) -> dict[str, float]:
    """What ``measure.py`` finds about a command that ends well."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("measure.py")), *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def hold(turn: Callable[[Path], str], folder: Path, turns: int = 3) -> None:
    """Let one of some turns, each in a folder of its own, say nothing; what each says is printed.

    A turn says what was out of its limit; whatever else is wrong it asserts, and that is not tried again.
    """
    said = []
    for number in range(turns):
        if not (word := turn(folder / f"turn {number}")):
            return
        said.append(word)
        print(f"turn {number}: {word}")
    raise AssertionError("; ".join(said))


def test_limits_are_broken_where_every_turn_says_so(tmp_path: Path) -> None:
    words = iter(["slow", "", "never asked"])
    hold(lambda folder: next(words), tmp_path)
    assert next(words) == "never asked"
    with pytest.raises(AssertionError, match="turn 0 slow; turn 1 slow; turn 2 slow"):
        hold(lambda folder: f"{folder.name} slow", tmp_path)


def plan_ten_thousand_jobs(folder: Path) -> str:
    project = Project(folder)
    project.study.update(replicates=500, replicates_per_job=10)
    project.study["scenarios"] = {"isotropic": {"grid": {"n_points": list(range(30, 40))}}}
    project.study["methods"] = {"coin": {"method": "toy_coin:Coin", "grid": {"bias": [i / 20 for i in range(20)]}}}
    found = measured(project.command("--dry-run", "--quiet", "rules"), project.folder)
    print(f"\n10 000 jobs planned in {found['seconds']:.0f} s of CPU time and {found['memory']:.0f} MiB")
    assert found["memory"] < 600
    return "" if found["seconds"] < 60 * slowness() else f"planned in {found['seconds']:.0f} s of CPU time"


def test_ten_thousand_jobs_are_planned_in_a_minute(tmp_path: Path) -> None:
    hold(plan_ten_thousand_jobs, tmp_path)


def many_jobs(folder: Path, jobs: int) -> Project:
    """One fit of a millisecond per job."""
    project = Project(folder)
    project.study.update(replicates=1, replicates_per_job=1)
    project.study["scenarios"] = {"isotropic": {"params": {"n_points": 30}}}
    project.study["methods"] = {"one": {"method": "toy_millisecond:Millisecond", "grid": {"number": [*range(jobs)]}}}
    return project


def make_empty_files(folder: Path) -> str:
    own = {}
    for jobs in (1, 400, 2000):
        project = many_jobs(folder / f"{jobs} jobs", jobs)
        rules = project.folder / "workflow/rules/fit.smk"
        script = 'script:\n        "../scripts/fit_method.py"'
        assert script in rules.read_text()
        rules.write_text(rules.read_text().replace(script, 'shell:\n        "touch {output}"'))
        blocks = [f"results/clustering/isotropic/fits/one~number={job}/0000-0000.npz" for job in range(jobs)]
        found = measured(project.command("--quiet", "rules", "--", *blocks), project.folder)
        assert len(project.files("clustering/isotropic/fits/*/*.npz")) == jobs
        assert found["threads"] < 20
        own[jobs] = found["own"]
    each, fewer = ((own[jobs] - own[1]) / jobs for jobs in (2000, 400))
    print(f"\n2000 jobs: {own[2000]:.1f} s of CPU time of Snakemake itself, {1000 * each:.1f} ms for each")
    # Quadratic growth is 5 here, and n^1.1, which we hold ourselves to, 1.2; the small run is a second or two of CPU
    # time more than a start, and starts differ by half a second on a machine with other work.
    if own[2000] < 2000 * 0.02 * slowness() and each < 2.5 * fewer:
        return ""
    return f"{1000 * each:.1f} ms for each of 2000 jobs, {1000 * fewer:.1f} ms for each of 400"


def test_snakemake_itself_costs_the_same_for_each_of_its_jobs(tmp_path: Path) -> None:
    """Its own CPU time grows as the number of jobs that are ready at once; the jobs make empty files here.

    Every job that ends made Snakemake look at all that were ready, and left a timer behind, each with a thread.
    """
    hold(make_empty_files, tmp_path)


def run_many_jobs(folder: Path) -> str:
    project = many_jobs(folder, 200)
    found = measured(project.command("results/clustering/scores.parquet"), project.folder)
    assert len(project.table("runs")) == 200 and set(project.table("runs")["status"]) == {"ok"}
    each = 1000 * found["seconds"] / 200
    print(f"\n200 jobs: {found['own']:.1f} s of CPU time of Snakemake itself, {each:.0f} ms for each job in all")
    assert found["threads"] < 20
    return "" if found["own"] < (8 + 200 * 0.02) * slowness() else f"{found['own']:.1f} s of Snakemake itself"


def test_a_run_of_many_jobs_starts_few_threads(tmp_path: Path) -> None:
    """A real one, up to its tables."""
    hold(run_many_jobs, tmp_path)


def run_tiny_fits(folder: Path) -> str:
    project = Project(folder)
    project.study.update(replicates=FITS // JOBS, replicates_per_job=FITS // JOBS)
    project.study["scenarios"] = {"isotropic": {"params": {"n_points": 30}}}
    project.study["methods"] = {"one": {"method": "toy_millisecond:Millisecond", "grid": {"number": [*range(JOBS)]}}}
    run = measured(project.command("results/clustering/scores.parquet"), project.folder)["seconds"]
    assert len(project.table("runs")) == FITS and set(project.table("runs")["status"]) == {"ok"}
    loop = BARE_LOOP.format(fits=FITS // JOBS, jobs=JOBS, libraries=load_study("clustering").libraries)
    bare = measured([sys.executable, "-c", loop], project.folder)["seconds"]
    each = 1000 * (run - bare) / FITS
    print(f"\n2000 fits of 1 ms: {run:.1f} s of CPU time, a bare loop {bare:.1f} s: {each:.1f} ms more for each")
    # The aim is twice a bare loop, and 1.9 was measured; machines with other work stretch one of the two by a half.
    return "" if run < 2.7 * bare else f"{run:.1f} s of CPU time for tiny fits, {bare:.1f} s for a bare loop"


def test_the_engine_adds_little_to_tiny_fits(tmp_path: Path) -> None:
    """2000 fits of a millisecond, as a run up to its tables, and as a loop with the same processes."""
    hold(run_tiny_fits, tmp_path)
