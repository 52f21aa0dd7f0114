"""What runs again after which change: exactly what depends on it."""

from __future__ import annotations

import json
import os

import pandas as pd
import pytest
from project import Project


def expensive(files: set[str]) -> set[str]:
    """Data and fits: what a rerun should spare."""
    return {name for name in files if "/data/" in name or "/fits/" in name}


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_second_run_does_nothing_whatever_hash_order_and_dates_of_sources(project: Project, hash_seed: str) -> None:
    for path in [*project.folder.glob("workflow/**/*.py"), *project.folder.glob("*.py")]:
        os.utime(path)
    before = project.state()
    assert "Nothing to be done" in project.run(PYTHONHASHSEED=hash_seed).stdout
    assert project.changed(before) == set()


def test_changed_parameter_refits_that_method_only(project: Project) -> None:
    project.study["methods"]["coin"]["params"]["bias"] = 0.9
    before, old = project.state(), project.table("scores")
    project.run()
    changed = expensive(project.changed(before))
    assert changed and all("/fits/coin/" in name for name in changed)
    assert len(changed) == 2 * 2 * 2  # scenarios, blocks, files
    new = project.table("scores")
    assert not new[new["method"] == "coin"].equals(old[old["method"] == "coin"])
    pd.testing.assert_frame_equal(new[new["method"] != "coin"], old[old["method"] != "coin"])


@pytest.mark.parametrize("module", ["toy_threshold.py", "toy_helper.py"])
def test_edited_module_refits_what_imports_it(project: Project, module: str) -> None:
    path = project.folder / module
    path.write_text(path.read_text() + "\n# edited\n")
    before = project.state()
    project.run()
    changed = expensive(project.changed(before))
    assert len(changed) == 8 and all("/fits/threshold/" in name for name in changed)


def test_edited_generator_redraws_its_data(project: Project) -> None:
    old = project.table("scores")
    path = project.folder / "workflow/scripts/seedbed/studies/clustering/data/simulated.py"
    path.write_text(path.read_text() + "\n# edited\n")
    before = project.state()
    project.run()
    assert expensive(project.changed(before)) == expensive(set(before))
    pd.testing.assert_frame_equal(project.table("scores"), old)


def test_edited_metric_refits_nothing(project: Project) -> None:
    path = project.folder / "workflow/scripts/seedbed/studies/clustering/metrics.py"
    path.write_text(path.read_text() + "\n# edited\n")
    before = project.state()
    project.run()
    changed = project.changed(before)
    assert not expensive(changed)
    assert "clustering/isotropic/scores.parquet" in changed


def test_report_setting_refits_and_rescores_nothing(project: Project) -> None:
    project.config["report"] = {"confidence_level": 0.9, "title": "Another {title}"}
    before = project.state()
    project.run()
    changed = project.changed(before)
    assert "report.html" in changed
    assert not expensive(changed)
    assert not [name for name in changed if name.endswith(".parquet")]
    assert "Another {title}" in (project.folder / "results/report.html").read_text()


def test_new_method_changes_no_number(project: Project) -> None:
    project.study["methods"] = {"more": {"method": "toy_coin:Coin"}, **project.study["methods"]}
    before, old = project.state(), project.table("scores")
    project.run()
    changed = expensive(project.changed(before))
    assert changed and all("/fits/more/" in name for name in changed)
    new = project.table("scores")
    kept = new[new["method"] != "more"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, old)


def test_new_replicates_change_no_number(project: Project) -> None:
    project.study["replicates"] = 5
    before, old = project.state(), project.table("scores")
    project.run()
    assert not [name for name in expensive(project.changed(before)) if "0000-0001" in name]
    new = project.table("scores")
    keys = ["scenario", "method", "metric", "replicate"]
    kept = new[new["replicate"] < 3].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(kept, old.sort_values(keys, ignore_index=True))


def test_new_scenario_changes_no_number(project: Project) -> None:
    project.study["scenarios"] = {"scales": {"params": {"n_points": 30}}, **project.study["scenarios"]}
    before, old = project.state(), project.table("scores")
    project.run()
    assert all(name.startswith("clustering/scales/") for name in expensive(project.changed(before)))
    new = project.table("scores")
    pd.testing.assert_frame_equal(new[new["scenario"] != "scales"].reset_index(drop=True), old)


def test_block_size_changes_no_number(project: Project) -> None:
    old = project.table("scores")
    project.study["replicates_per_job"] = 1
    project.run()
    pd.testing.assert_frame_equal(project.table("scores"), old)


def test_a_removed_method_leaves_the_tables(project: Project) -> None:
    del project.study["methods"]["coin"]
    before = project.state()
    project.run()
    assert not expensive(project.changed(before))
    assert set(project.table("scores")["method"]) == {"threshold", "one_thread"}


def test_edited_user_file_redraws_its_scenario_only(project: Project) -> None:
    file = project.folder / "data" / "mine.csv"
    rows = "\n".join(f"{i},{i % 7},{'ab'[i % 2]}" for i in range(20))
    file.write_text("x,y,kind\n" + rows + "\n")
    params = {"path": "data/mine.csv", "label_column": "kind"}
    project.study["scenarios"]["mine"] = {"scenario": "user_table", "params": params}
    project.run()
    before = project.state()
    file.write_text("x,y,kind\n" + rows + "\n99,99,a\n")
    project.run()
    changed = expensive(project.changed(before))
    assert changed and all(name.startswith("clustering/mine/") for name in changed)


def test_tuning_on_data_of_its_own_and_what_it_reruns(project: Project) -> None:
    project.study["scenarios"]["isotropic"]["tune_on"] = "oriented"
    project.study["methods"]["threshold"]["tune"] = {"column": [1, 0]}
    before = project.state()
    project.run()
    changed = expensive(project.changed(before))
    assert changed and all("isotropic/fits/threshold/" in name for name in changed)
    record = json.loads((project.folder / "results/clustering/oriented/tuning/threshold.json").read_text())
    means = {one["params"]["column"]: one["mean"] for one in record["candidates"]}
    assert record["chosen"] == {"column": min(means, key=means.get)}
    table = pd.read_csv(project.folder / "results/clustering/tunings.csv")
    assert table["chosen"].sum() == 1 and len(table) == 2
    assert "Nothing to be done" in project.run().stdout
