"""A conda environment of a method's own: where its fits run, what follows it, and what is wrong with its file."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from own_study import forgetting_own_studies
from seedbed.core.planning.config import config_errors, make_plan
from seedbed.core.planning.method_files import environment_errors
from seedbed.core.planning.rule_answers import RuleAnswers

GOOD = "channels: [conda-forge]\ndependencies: [python=3.11, numpy, pyyaml, r-mclust]\n"


def config(**entry: Any) -> dict[str, Any]:
    methods = {"mclust": entry, "kmeans": {}}
    study = {"replicates": 1, "scenarios": {"isotropic": {}}, "methods": methods}
    return {"seed": 1, "studies": {"clustering": study}}


def test_its_fits_run_there_and_all_else_where_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs/mine.yaml").write_text(GOOD)
    plan = make_plan(config(environment="envs/mine.yaml"))
    ask = RuleAnswers(plan, RuntimeError)
    found = {}
    for method in ("mclust", "kmeans", ""):
        named = {"study": "clustering", "scenario": "isotropic"} if method else {"study": "clustering"}
        named |= {"method": method, "block": "0000-0000"} if method else {}
        found[method] = ask.environment_file(SimpleNamespace(items=named.items))
    assert found == {
        "mclust": str(tmp_path / "envs/mine.yaml"),
        "kmeans": "../../envs/sdp.yaml",
        "": "../../envs/sdp.yaml",
    }
    assert "envs/mine.yaml" in json.loads(plan.archive_job("9"))["data_files"]
    plain = make_plan(config()).studies["clustering"]
    assert plain.fit_job("isotropic", "mclust") == plan.studies["clustering"].fit_job("isotropic", "mclust")
    assert plan.studies["clustering"].resolved()["methods"]["mclust"]["environment"] == "envs/mine.yaml"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("envs/none.yaml", None, "envs/none.yaml: there is no such file"),
        ("sdp", None, "'sdp' is no file that ends in .yaml"),
        ("a" * 5000 + ".yaml", None, "there is no such file"),
        ("folder.yaml", "", "there is no such file"),
        ("m{x}.yaml", GOOD, "takes braces in a name for a wildcard"),
        ("m.yaml", "channels: [conda-forge\n", "cannot be read"),
        ("m.yaml", "- numpy\n", "lists no dependencies"),
        ("m.yaml", "dependencies: []\n", "lists no dependencies"),
        ("m.yaml", "dependencies: numpy\n", "lists no dependencies"),
        ("m.yaml", "dependencies: [r-base]\n", "must name python, numpy and pyyaml"),
        ("m.yml", GOOD, None),
    ],
)
def test_what_is_wrong_with_the_file_is_said(
    name: str, text: str | None, message: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if text == "":
        (tmp_path / name).mkdir()
    elif text is not None:
        (tmp_path / name).write_text(text)
    found = [*environment_errors(name)]
    assert (message is None and found == []) or (len(found) == 1 and message in found[0])
    assert config_errors(config(environment=name))[0] == [f"studies.clustering.methods.mclust: {one}" for one in found]


@pytest.mark.parametrize("value", [3, ["a.yaml"], None, {}])
def test_what_is_no_text_is_the_schemas_to_name(value: Any) -> None:
    [message] = config_errors(config(environment=value))[0]
    assert message.startswith("studies.clustering.methods.mclust.environment: ")


def test_a_library_that_is_missing_here_is_refused_without_conda_and_noted_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(GOOD)
    (tmp_path / "special.py").write_text("import no_such_library\nclass Special:\n    def fit_predict(self, X): ...\n")
    entry = {"method": "special:Special", "environment": "mine.yaml"}
    with forgetting_own_studies():
        [message] = config_errors(config(**entry))[0]
        assert (
            "No module named 'no_such_library'; its environment, mine.yaml, is made with --sdm conda alone" in message
        )
        messages, looks = config_errors(config(**entry), own_environments=True)
    assert messages == [] and "only perhaps where its fits run" in looks["studies.clustering.methods.mclust"].notes[0]
