"""Each rule in an environment of its own, which holds what its file lists: that suffices, and nothing else is seen."""

from __future__ import annotations

import base64
import importlib.metadata
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
import stand_in_conda
from packaging.utils import canonicalize_name
from project import ROOT, Project, identical_parts
from seedbed.core.code.code_digest import SCRIPTS, _Finder
from seedbed.core.study import load_study, study_names

ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))


@pytest.fixture(scope="module")
def conda_run(run_with_conda, new_small_project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = new_small_project(tmp_path_factory.mktemp("conda_run") / "project")
    run_with_conda(project)
    return project


def test_one_environment_per_rule_gives_the_same_tables(conda_run: Project, small_run: Project) -> None:
    assert identical_parts(conda_run) == identical_parts(small_run)


OWN_ENVIRONMENT = "".join(
    line
    for path in ("sdp.yaml", "report.yaml")
    for line in (ROOT / "envs" / path).read_text().splitlines(keepends=True)
    if path == "sdp.yaml" or "matplotlib" in line
)


def used_by(project: Project, part: str) -> set[str]:
    """The environment files with which outputs were made whose names have this part, by Snakemake's own record."""
    used = set()
    for file in (project.folder / ".snakemake/metadata").rglob("*"):
        name = base64.b64decode("".join(file.relative_to(project.folder / ".snakemake/metadata").parts)).decode()
        if file.is_file() and part in name:
            used.add(base64.b64decode(json.loads(file.read_text())["conda_env"] or "").decode())
    return used


def test_every_job_ran_in_the_environment_of_its_rule(conda_run: Project) -> None:
    """Snakemake's own record of each output names the environment file that it was made with."""
    used = defaultdict(set)
    for file in (conda_run.folder / ".snakemake/metadata").rglob("*"):
        if file.is_file():
            record = json.loads(file.read_text())
            used[base64.b64decode(record["conda_env"] or "").decode()].add(record["rule"])
    assert set(used) == {path.read_text() for path in ENVIRONMENTS}
    rules = {name for path in (ROOT / "workflow/rules").glob("*.smk") for name in declared_rules(path)}
    optional = {"run_benchmark", "archive", "verify", "answer_scenario", "describe_answer"}  # targets of their own
    assert set.union(*used.values()) | optional == rules


def declared_rules(path: Path) -> list[str]:
    """The rules of a file that have an environment."""
    bodies = re.split(r"^rule (\w+):$", path.read_text(), flags=re.M)[1:]
    return [name for name, body in zip(bodies[::2], bodies[1::2], strict=True) if "conda:" in body]


# Imported by code that does without.
OPTIONAL = {
    "sdp": {"pillow"},  # images of one's own, for studies of other environments
    "torch": {"pytorch_metric_learning"},  # a peer of the benchmark
    "report": {"numba", "llvmlite"},  # figures do without what is compiled
}


def code_of_environments() -> dict[str, set[str]]:
    """The modules that the rules of each environment run, the studies' own among them."""
    studies = [load_study(name) for name in study_names()]
    code = {
        "base": {"draw_data", "score_scenario", "collect_scores", "summarise_study", "archive", "verify"},
        "report": {"plot_study", "render_report"},
    }
    for study in studies:
        drawn = {item.function for item in (*study.generators.values(), *study.metrics.values())}
        fits = {study.adapter, *(method.target for method in study.methods.values())}
        code["base"] |= drawn
        code["report"] |= {figure.function for figure in study.figures.values()}
        code.setdefault(study.environment, {"fit_method", "tune_method", "run_benchmark"}).update(drawn | fits)
    return code


@pytest.mark.parametrize("name", [path.stem for path in ENVIRONMENTS])
def test_an_environment_lists_what_its_rules_import(name: str) -> None:
    modules = [target.partition(":")[0] for target in code_of_environments()[name]]
    imported = _Finder(SCRIPTS).closure(modules)[1] - {"snakemake"}  # which is lent to every script
    distributions = importlib.metadata.packages_distributions()
    needed = {canonicalize_name(distributions[library][0]) for library in imported if library in distributions}
    requested = [canonicalize_name(one) for one in stand_in_conda.requested(ROOT / f"envs/{name}.yaml")]
    listed = set(requested)
    assert len(listed) == len(requested), "a package is listed twice"
    optional = {canonicalize_name(one) for one in (*OPTIONAL.get(name, ()), "openpyxl")}  # workbooks: an extra
    assert needed - optional <= listed


def test_a_job_sees_what_its_environment_lists_and_no_more(conda_run: Project) -> None:
    packages = json.loads((conda_run.folder / "results/provenance.json").read_text())["packages"]
    listed = stand_in_conda.closure(stand_in_conda.requested(ROOT / "envs/report.yaml"))
    assert {name.lower().replace("_", "-") for name in packages} == listed


def test_an_import_that_is_not_declared_fails(run_with_conda, project: Project) -> None:
    project.study["methods"] = {"undeclared": {"method": "toy_undeclared:Undeclared"}}
    target = "results/clustering/runs.parquet"
    project.run(target)
    assert set(project.table("runs")["status"]) == {"ok"}  # everything is there where the tests run
    run_with_conda(project, target)
    runs = project.table("runs")
    assert set(runs["status"]) == {"error"}
    assert set(runs["message"]) == {"ModuleNotFoundError: No module named 'matplotlib'"}
    (project.folder / "own.yaml").write_text(OWN_ENVIRONMENT)
    project.study["methods"]["undeclared"]["environment"] = "own.yaml"
    project.study["methods"]["coin"] = {"method": "toy_coin:Coin", "params": {"bias": 0.5}}
    run_with_conda(project, target)
    assert set(project.table("runs")["status"]) == {"ok"}, "an environment of its own has what the study's lacks"
    assert used_by(project, "fits/undeclared/") == {OWN_ENVIRONMENT} != used_by(project, "fits/coin/")


@pytest.mark.parametrize(
    ("file", "package", "module", "target"),
    [
        ("base.yaml", "scikit-learn", "sklearn", "results/clustering/isotropic/scores.parquet"),
        ("report.yaml", "jinja2", "jinja2", "results/report.html"),
    ],
)
def test_a_package_that_an_environment_lacks_is_missed(
    run_with_conda, project: Project, file: str, package: str, module: str, target: str
) -> None:
    path = project.folder / "envs" / file
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if package not in line))
    done = run_with_conda(project, target, check=False)
    assert done.returncode != 0 and f"No module named '{module}'" in done.stdout
