"""The text of a config: quotes, numbers, aliases, sizes, and what the command line adds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hostile_configs import changed, mistakes
from seedbed.core.config.config_file import check_config_files, read_config_text
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import Plan


def plan_of(text: str, folder: Path) -> Plan:
    """As a run reads it: Snakemake hands on the values, and not the quotes."""
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    quoted = check_config_files([path])
    return make_plan(yaml.safe_load(text), quoted=quoted)


def test_text_in_quotes_stays_text_and_numbers_are_numbers(tmp_path: Path) -> None:
    plan = plan_of(
        """
seed: 1_000
report: {title: "1e3"}
studies:
  clustering:
    replicates: 2
    limits: {seconds: 1e2, memory_mb: 2_000}
    scenarios:
      isotropic: {label: 1e3, params: {n_points: 3e1}}
      oriented: {label: "0x10"}
    methods:
      kmeans: {params: {tol: 1e-3, init: "random"}, label: "yes"}
""",
        tmp_path,
    )
    study = plan.studies["clustering"]
    assert plan.report["title"] == "1e3" and plan.config["seed"] == 1000
    assert (
        study.scenarios["isotropic"].label.startswith("1e3") and study.scenarios["isotropic"].params["n_points"] == 30
    )
    assert study.methods["kmeans"].params["tol"] == 1e-3 and study.methods["kmeans"].label.startswith("yes")
    assert study.methods["kmeans"].limits == {"seconds": 100, "memory_mb": 2000}


def test_quotes_are_seen_through_aliases_merges_lists_and_json(tmp_path: Path) -> None:
    text = 'a: &x {p: "1e3", q: [1e3, "2e3"]}\nb: {<<: *x, r: 1}\nc: *x\n'
    paths = read_config_text(text, "config.yaml")[1]
    assert paths == {(key, *rest): value for key in "abc" for rest, value in {("p",): "1e3", ("q", 1): "2e3"}.items()}
    assert read_config_text('{"a": ["1e3", 1e3]}', "config.json")[1] == {("a", 0): "1e3"}


def test_numbers_as_they_are_usually_written_are_no_surprise() -> None:
    text = "a: [0, -1, 1_000, 0x1F, 0o17, 1.50, 0.1, .5, 10, -0, 12:00 pm, \"0100\", '1:30', 00:1x]\n"
    assert read_config_text(text, "config.yaml")[0]["a"][:4] == [0, -1, 1000, 31]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("report: {title: 2024-02-30}\n", "line 1, column 17: '2024-02-30' is written like a date and is none"),
        (
            "a: 1\nseed: " + "9" * 5000 + "\n",
            "line 2, column 7: '99999999999999999999...' is written like a whole number",
        ),
        ("a: " + "[" * 60 + "]" * 60 + "\n", "it is nested more than 50 levels deep"),
        ("a: " + "[" * 20_000 + "\n", "it is nested more than 50 levels deep"),
        ('{"a": ' + "[" * 20_000, "it is nested more than 50 levels deep"),
        ('{"a": ' + "[" * 60 + "]" * 60 + "}", "it is nested more than 50 levels deep"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' stands twice"),
        ("a: &a\n  b: *a\n", "an alias (*name) stands inside of what it stands for"),
        ("\x1b: 1\n", "no valid YAML"),
        ("seed: 0100\n", "line 1, column 7: '0100' is 64 for YAML; write that, or text in quotes"),
        ("limits: {seconds: 1:30}\n", "'1:30' is 90 for YAML"),
        ("a: [1:30.5]\n", "'1:30.5' is 90.5 for YAML"),
    ],
)
def test_what_is_wrong_with_a_text_is_what_is_said(text: str, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        read_config_text(text, "config.yaml")
    assert expected in str(caught.value) and "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


def test_aliases_that_multiply_are_counted_before_they_are_written_out() -> None:
    """A thousand million values in 700 bytes."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(UserError, match="holds more than 200000 values, aliases"):
        read_config_text("\n".join(lines), "config.yaml")
    with pytest.raises(UserError, match="more than 200000 values"):
        read_config_text(json.dumps({"a": [0] * 200_001}), "config.json")
    wide = "\n".join(["x: &x {a: 1, b: [1, 2]}", *(f"k{i}: *x" for i in range(1000))])
    assert len(read_config_text(wide, "config.yaml")[0]) == 1001


def test_a_long_text_of_digits_is_no_matter() -> None:
    content, quoted = read_config_text(f'a: "{"1" * 60_000}"\n', "config.yaml")
    assert len(content["a"]) == 60_000 and quoted == {}
    assert "is a text of 60000 characters" in mistakes(changed("report.title", content["a"]))[0]


def test_a_config_of_many_megabytes_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seedbed.core.config.config_file._LARGEST", 10)
    (tmp_path / "a.yaml").write_text("seed: 1\n" * 10)
    with pytest.raises(UserError, match="is not read"):
        check_config_files([tmp_path / "a.yaml"])
