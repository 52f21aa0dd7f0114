"""A method that fails costs one status row and nothing else; a user's mistake costs one message."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from project import Project

BAD = {
    "raises": ("error", "ValueError: this method always fails"),
    "hangs": ("timeout", "stopped after 5 s, 10 times its limit of 0.5 s of CPU time"),
    "spins": ("timeout", "stopped after the limit of 0.5 s of CPU time"),
    "hogs": ("out_of_memory", ""),
    "wrong_shape": ("error", "31"),
    "not_labels": ("error", ""),
    "dies": ("error", "killed by SIGSEGV"),
    "exits": ("error", "SystemExit: 3"),
    "unimportable": ("error", "RuntimeError: broken module"),
    "slow_import": ("timeout", "importing toy_slow:Anything: stopped after 5 s, 10 times"),
}
CLASSES = {name: f"toy_bad:{name.title().replace('_', '')}" for name in BAD} | {
    "unimportable": "toy_unimportable:Anything",
    "slow_import": "toy_slow:Anything",
}


@pytest.fixture(scope="module")
def bad_run(finished_project: Project, tmp_path_factory) -> Project:
    project = finished_project.copy(tmp_path_factory.mktemp("bad") / "project")
    del project.study["scenarios"]["oriented"]
    for name, target in CLASSES.items():
        seconds = 0.5 if BAD[name][0] == "timeout" else 10
        limits = {"seconds": seconds, "memory_mb": 200}
        project.study["methods"][name] = {"method": target, "limits": limits}
    project.before = finished_project.table("scores")
    project.output = project.run().stdout
    return project


@pytest.mark.parametrize("method", BAD)
def test_bad_method_costs_status_rows(bad_run: Project, method: str) -> None:
    status, message = BAD[method]
    rows = bad_run.table("runs").query("method == @method")
    assert list(rows["replicate"]) == [0, 1, 2]
    assert set(rows["status"]) == {status}, rows["message"].tolist()
    assert all(message in text and "\n" not in text for text in rows["message"])
    assert bad_run.table("scores").query("method == @method").empty


def test_bad_methods_change_nothing_else(bad_run: Project) -> None:
    kept = bad_run.table("scores").reset_index(drop=True)
    old = bad_run.before.query("scenario == 'isotropic'").reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, old)


def test_no_process_is_left_behind(bad_run: Project) -> None:
    """The hanging fits, and what they had started, are gone."""
    left = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # a process of somebody else, or one that has just ended
            left += [link.parent.name] if link.readlink() == bad_run.folder else []
    assert left == []


def test_summary_and_report_name_what_failed(bad_run: Project) -> None:
    assert "Report: results/report.html" in bad_run.output
    assert "clustering / isotropic / raises: 3 x error: ValueError: this method always fails" in bad_run.output
    page = (bad_run.folder / "results/report.html").read_text()
    assert "0 of 3" in page and "this method always fails" in page
    provenance = yaml.safe_load((bad_run.folder / "results/provenance.json").read_text())
    assert len(provenance["missing"]) == 3 * len(BAD)


def test_traceback_is_in_the_job_log(bad_run: Project) -> None:
    log = bad_run.folder / "logs/clustering/isotropic/fit_method/raises/0000-0001.log"
    assert "Traceback" in log.read_text() and "toy_bad.py" in log.read_text()


def test_data_that_cannot_be_drawn_become_errors_that_the_last_words_name(project: Project) -> None:
    project.study["scenarios"] = {"isotropic": {"params": {"n_points": 30}}}
    path = project.folder / "workflow/scripts/seedbed/studies/clustering/data/simulated.py"
    edit = "\n\ndef _unlucky(self, rng):\n    raise ValueError('no luck')\n\n\nGaussianMixture.draw = _unlucky\n"
    path.write_text(path.read_text() + edit)
    project.study["scenarios"]["isotropic"] = {}
    output = project.run().stdout
    runs = project.table("runs")
    assert set(runs["status"]) == {"error"} and runs["message"].str.contains("no luck").all()
    assert "clustering / isotropic / 3 methods: 3 x error: no data: ValueError: no luck" in output


def refuse(project: Project) -> str:
    """The message of a run that must not start."""
    done = project.run(check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    return done.stdout


def test_all_mistakes_are_named_at_once(project: Project) -> None:
    project.config["sed"] = 3
    project.study["replicates"] = "three"
    project.study["scenarios"]["isotropc"] = {}
    project.study["scenarios"]["mine"] = {"scenario": "user_table", "params": {"path": "data/absent.csv"}}
    project.study["scenarios"]["isotropic"] = {"params": {"n_points": 3}}
    project.study["scenarios"]["oriented"] = {"params": {"n_points": "many"}}
    project.study["methods"]["kmean"] = {}
    project.study["methods"]["kmeans"] = {"params": {"n_inits": 3}}
    project.study["methods"]["gmm"] = {"params": {"n_init": 0.5}}
    project.study["methods"]["own"] = {"method": "toy_absent:Thing"}
    before, output = project.state(), refuse(project)
    for text in (
        "unknown key 'sed'; did you mean 'seed'?",
        "studies.clustering.replicates: 'three' is not a whole number",
        "unknown scenario 'isotropc'; did you mean 'isotropic'?",
        "studies.clustering.scenarios.oriented: 'n_points': 'many'",
        "data/absent.csv: there is no such file",
        "studies.clustering.scenarios.isotropic: ",
        "unknown method 'kmean'; did you mean 'kmeans'?",
        "unknown parameter 'n_inits'; did you mean 'n_init'?",
        "studies.clustering.methods.gmm: The 'n_init' parameter",
        "there is no module 'toy_absent'",
    ):
        assert text in output
    assert project.changed(before) == set()


BAD_FILES = {
    "nan": ("x,y\n1,2\n3,\n5,6\n", {"n_clusters": 2}, "'y'"),
    "more_clusters_than_points": ("x,y\n1,2\n3,4\n", {"n_clusters": 5}, "5"),
    "text": ("x,y\n1,2\n3,word\n", {"n_clusters": 2}, "'y'"),
    "no_label_column": ("x,y\n1,2\n3,4\n", {"label_column": "kind"}, "'kind'"),
    "no_number_of_clusters": ("x,y\n1,2\n3,4\n", {}, "n_clusters"),
}


def test_bad_user_files_are_named_at_once(project: Project) -> None:
    project.study["methods"] = {}
    for name, (text, params, _) in BAD_FILES.items():
        (project.folder / f"data/{name}.csv").write_text(text)
        entry = {"scenario": "user_table", "params": {"path": f"data/{name}.csv", **params}}
        project.study["scenarios"][name] = entry
    lines = refuse(project).splitlines()
    assert any("studies.clustering.methods: is empty" in line for line in lines)
    for name, (_, _, expected) in BAD_FILES.items():
        (line,) = (line for line in lines if f"studies.clustering.scenarios.{name}: data/{name}.csv" in line)
        assert expected in line.partition(".csv")[2], line


def test_failed_job_keeps_the_rest_and_says_so(project: Project) -> None:
    """A job that dies as a whole, as when a cluster kills it: here its own class kills every process above it."""
    text = "import os\n\n\nclass Anything:\n    def fit_predict(self, X):\n        parent = os.getppid()\n"
    text += "        job = open(f'/proc/{parent}/stat').read().rpartition(')')[2].split()[1]\n"
    text += "        os.kill(int(job), 9)\n"
    (project.folder / "toy_deadly.py").write_text(text)
    project.study["methods"]["deadly"] = {"method": "toy_deadly:Anything"}
    project.study["methods"]["more"] = {"method": "toy_coin:Coin"}
    done = project.run(check=False)
    assert done.returncode != 0 and "Some jobs failed" in done.stdout
    assert len(project.files("clustering/*/fits/more/*.json")) == 4
