"""What a server loads before it forks, and how its memory lies."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from seedbed.core.job_processes import study_calls
from seedbed.core.study import Method, load_study

SCRIPTS = Path(study_calls.__file__).parents[3]

LOADED = """
import sys, threading
from seedbed.core.study import load_study, load_target
from seedbed.core.job_processes.study_calls import load_what_jobs_call
study = load_study("wide_networks")
load_what_jobs_call(study)
assert threading.active_count() == 1, "a thread does not survive a fork"
known = {*sys.modules}
for call in (*study.generators.values(), *study.metrics.values()):
    load_target(call.function)
load_target(study.adapter), [load_target(method.target) for method in study.methods.values()]
assert {*sys.modules} == known, {*sys.modules} - known
"""

LARGE = """
import os
from seedbed.core.job_processes.large_pages import use_large_pages
held = [bytes([number % 256]) * 100_000 for number in range(640)]
use_large_pages()
if (child := os.fork()) == 0:
    held[7] = b"written"
    os._exit(0 if all(one == bytes([number % 256]) * 100_000 for number, one in enumerate(held) if number != 7) else 1)
assert os.waitpid(child, 0)[1] == 0 and held[7] == bytes([7]) * 100_000
print(sum(int(line.split()[1]) for line in open("/proc/self/smaps") if line.startswith("AnonHugePages")))
"""


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_forks_import_nothing_that_the_jobs_of_a_study_call() -> None:
    run(LOADED)


def test_what_is_not_ours_is_never_loaded_by_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study("clustering")
    methods = {"own": Method("own_class:Own", {}, "own"), "ours": study.methods["kmeans_sdp"]}
    asked, prepared = [], []
    monkeypatch.setattr(study_calls, "load_target", lambda target: asked.append(target) or target)
    monkeypatch.setattr(study_calls, "prepare_for", lambda adapter, found: prepared.append((adapter, found)))
    study_calls.load_what_jobs_call(replace(study, methods=methods))
    assert "own_class:Own" not in asked and all(target.startswith("seedbed.") for target in asked)
    assert prepared == [(study.adapter, study.methods["kmeans_sdp"].target)]
    asked.clear()
    study_calls.load_what_jobs_call(replace(study, methods=methods, adapter="own_study.adapter:fit"))
    assert "own_study.adapter:fit" not in asked and len(prepared) == 1


def test_large_pages_hold_what_small_ones_held() -> None:
    """Where the kernel has no ``MADV_COLLAPSE`` nothing else happens."""
    assert int(run(LARGE)) >= 0
