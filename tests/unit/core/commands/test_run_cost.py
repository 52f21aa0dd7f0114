from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml
from seedbed.core.commands.run_cost import main, pilot_of
from seedbed.core.config.config_file import read_config_text
from seedbed.core.judging.tables import write_table
from seedbed.core.planning.config import make_plan

CONFIG = {
    "seed": "registered",
    "studies": {
        "clustering": {
            "replicates": 40,
            "tuning_replicates": 5,
            "scenarios": {"isotropic": {"tune_on": "isotropic"}, "scales": None},
            "methods": {
                "kmeans": {"tune": {"n_init": [1, 10]}},
                "ward": {"scenarios": ["scales"]},
                "random_labels": None,
            },
        }
    },
}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(yaml.safe_dump(CONFIG))
    return "config.yaml"


def test_fits_and_tuning_are_those_of_the_pilot_times_their_number(config: str, capsys: pytest.CaptureFixture) -> None:
    seconds = {("isotropic", "kmeans"): 0.5, ("scales", "kmeans"): 1.5, ("scales", "ward"): 2.0}
    runs = [("clustering", s, m, 0, "ok", "", 9.0, cpu, 1.0) for (s, m), cpu in seconds.items()]
    names = ["study", "scenario", "method", "replicate", "status", "message", "wall_seconds", "cpu_seconds"]
    Path("results/clustering").mkdir(parents=True)
    write_table(pd.DataFrame(runs, columns=[*names, "peak_memory_mb"]), "results/clustering/runs.parquet")
    tried = [("isotropic", "kmeans", p, 0.1, 0.0, 2, 2, cpu, p == "a", "") for p, cpu in (("a", 3.0), ("b", 5.0))]
    columns = ["scenario", "method", "params", "mean", "standard_error", "n_scored", "n_expected", "cpu_seconds"]
    write_table(pd.DataFrame(tried, columns=[*columns, "chosen", "edge"]), "results/clustering/tunings.csv")
    assert main([config]) == 0
    head, row, total, meaning = capsys.readouterr().out.splitlines()
    assert row.split()[:4] == ["clustering", "160", "20", "2"]  # (.5 + 1.5 + 2) x 40, (3 + 5) / 2 x 5; random labels
    assert "kmeans 100, ward 80" in row and total.startswith("180 s") and "not measured" in head
    assert meaning.startswith("In fits:") and "Outside" in meaning


def test_a_pilot_has_one_replicate_of_everything_and_sees_no_registered_data(config: str) -> None:
    assert main([config, "--pilot", "pilot.yaml"]) == 0
    pilot = yaml.safe_load(Path("pilot.yaml").read_text())
    assert pilot == pilot_of(CONFIG)
    plan, registered = (make_plan(one).studies["clustering"] for one in (pilot, CONFIG))
    assert (plan.replicates, plan.tuning_replicates, plan.registered) == (1, 1, "") and registered.registered
    assert plan.seed != registered.seed and plan.tunings() == registered.tunings()


def test_a_pilot_keeps_what_stands_in_quotes(config: str) -> None:
    Path(config).write_text("studies: {clustering: {methods: {mine: {params: {a: '1e3', b: 1e3}}}}}\n")
    assert main([config, "--pilot", "pilot.yaml"]) == 0
    content, quoted = read_config_text(Path("pilot.yaml").read_text(), "pilot.yaml")
    assert content["studies"]["clustering"]["methods"]["mine"]["params"] == {"a": "1e3", "b": 1000}
    assert [*quoted.values()] == ["1e3"]


def test_mistakes_end_in_one_message(config: str, capsys: pytest.CaptureFixture) -> None:
    for words in ([config], ["absent.yaml"]):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert not out and err.count("\n") == 1 and "Traceback" not in err
