"""Registered seeds: what is judged fixes the data that judge it, and nothing else does."""

from __future__ import annotations

import json
import shutil
import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from seedbed.core.code.code_digest import forget_digests
from seedbed.core.commands.recompute_registrations import main
from seedbed.core.config.config_file import config_text
from seedbed.core.errors import UserError
from seedbed.core.keeping.sub_config import sub_config
from seedbed.core.planning import registration
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.registration import check_registrations, seed_of

ROOT = Path(__file__).parents[4]
CONFIG = {
    "seed": "registered",
    "studies": {
        "clustering": {
            "replicates": 4,
            "scenarios": {"isotropic": {"params": {"n_points": 40}}},
            "methods": {"kmeans": {}, "mine": {"method": "my_methods:Mine", "params": {"strength": 1.0}}},
        },
        "reduction": {"replicates": 4, "scenarios": {"euclidean_b": {}}, "methods": {"sir": {}}},
    },
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my_methods.py").write_text(
        "class Mine:\n    def __init__(self, strength=0.0, seed=0): ...\n    def fit_predict(self, X): ...\n"
    )
    Path("notes.txt").write_text("some")
    monkeypatch.setattr(sys, "path", list(sys.path))
    forget_digests()


def seeds(config: dict, check: bool = False) -> dict[str, int]:
    return {name: plan.seed for name, plan in make_plan(deepcopy(config), check=check).studies.items()}


def changed(path: str, value: object) -> dict:
    config = deepcopy(CONFIG)
    *folders, last = path.split(".")
    entry = config["studies"]
    for folder in folders:
        entry = entry[folder]
    entry[last] = value
    return config


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("clustering.scenarios.isotropic", {"params": {"n_points": 41}}),
        ("clustering.scenarios.oriented", {}),
        ("clustering.methods.mine", {"method": "my_methods:Mine", "params": {"strength": 2.0}}),
        ("clustering.methods.ward", {}),
        ("clustering.methods.kmeans", {"scenarios": ["isotropic"]}),
        ("clustering.replicates", 5),
        ("clustering.scenarios.isotropic.overlap", 0.5),
        ("clustering.methods.mine.rename", {"random_state": "seed"}),
        ("clustering.methods.mine.files", ["notes.txt"]),
    ],
)
def test_what_is_judged_changes_the_seed_of_its_study_alone(path: str, value: object) -> None:
    before, after = seeds(CONFIG), seeds(changed(path, value), check=True)
    assert before["clustering"] != after["clustering"] and before["reduction"] == after["reduction"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("clustering.replicates_per_job", 2),
        ("clustering.limits", {"seconds": 7}),
        ("clustering.scenarios.isotropic", {"params": {"n_points": 40}, "label": "spheres"}),
    ],
)
def test_what_draws_no_data_changes_no_seed(path: str, value: object) -> None:
    assert seeds(changed(path, value)) == seeds(CONFIG)


def test_claims_and_code_change_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = seeds(CONFIG)
    Path("my_methods.py").write_text(
        "class Mine:\n    def __init__(self, strength=0.5): ...\n    def fit_predict(self, X): ...\n"
    )
    forget_digests()
    edited = seeds(CONFIG)
    assert edited["clustering"] != before["clustering"] and edited["reduction"] == before["reduction"]
    real = registration.load_claims
    monkeypatch.setattr(registration, "load_claims", lambda name: real(name)[:-1])
    assert set(seeds(CONFIG).values()).isdisjoint(edited.values())


def test_what_a_method_reads_changes_it_too() -> None:
    config = changed("clustering.methods.mine.files", ["notes.txt"])
    before = seeds(config)
    Path("notes.txt").write_text("others")
    assert seeds(config)["clustering"] != before["clustering"]


def test_jobs_get_the_digest_as_their_seed_and_claims_are_told() -> None:
    plan = make_plan(deepcopy(CONFIG)).studies["clustering"]
    assert len(plan.registered) == 16 and plan.seed == int(plan.registered, 16) == seed_of(plan.registered)
    assert json.loads(plan.data_job("isotropic", next(iter(plan.blocks))))["seed"] == plan.seed
    settings = {"confidence_level": 0.95, "bootstrap_samples": 200}
    assert json.loads(plan.summary_job(settings))["registered"] is True
    np.random.SeedSequence(plan.seed)
    fixed = make_plan(deepcopy(CONFIG | {"seed": 3})).studies["clustering"]
    assert fixed.seed == 3 and json.loads(fixed.summary_job(settings))["registered"] is False


@pytest.mark.parametrize("seed", ["Registered", "yes", 1.5])
def test_other_words_are_no_seed(seed: object) -> None:
    with pytest.raises(UserError, match="is not a whole number"):
        make_plan(deepcopy(CONFIG) | {"seed": seed})


def test_a_part_of_a_registered_run_keeps_its_data() -> None:
    plan = make_plan(deepcopy(CONFIG))
    found = {name: study.registered for name, study in plan.studies.items()}
    part = sub_config(CONFIG, [("clustering", "isotropic", "kmeans")], (), found)
    assert seeds(part) == {"clustering": plan.studies["clustering"].seed}


@pytest.mark.slow
def test_an_archive_is_asked_for_its_digests(capfd: pytest.CaptureFixture) -> None:
    config = changed("clustering.methods.mine.params", {"strength": "1e3"})
    Path("config.yaml").write_text(config_text(config))
    assert main() == 0
    found = json.loads(capfd.readouterr().out)
    quoted = {("studies", "clustering", "methods", "mine", "params", "strength"): "1e3"}
    assert found == {
        name: study.registered for name, study in make_plan(config, check=False, quoted=quoted).studies.items()
    }
    assert found["clustering"] != make_plan(config, check=False).studies["clustering"].registered, "a number there"
    shutil.copytree(ROOT / "workflow", "workflow", ignore=shutil.ignore_patterns("__pycache__", "benchmark*", "assets"))
    check_registrations(".", sys.executable, found)
    assert "clustering and reduction are the digests" in capfd.readouterr().out
    claims = Path(next(Path("workflow").rglob("reduction/claims.yaml")))
    claims.write_text(claims.read_text().replace("margin: -0.02", "margin: -0.2"))
    with pytest.raises(UserError, match="The seed of reduction is not the digest"):
        check_registrations(".", sys.executable, found)
