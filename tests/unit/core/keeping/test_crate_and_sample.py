"""Archives that are none, and what a sample of cells asks for."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.core.errors import UserError
from seedbed.core.job_records.reports import VerifyJob
from seedbed.core.keeping.crate import METADATA
from seedbed.core.keeping.crate_reader import open_crate
from seedbed.core.keeping.sub_config import sub_config
from seedbed.core.keeping.verification import _verdict, sample_cells, verify_archive


def message(path: Path) -> str:
    with pytest.raises(UserError) as caught, open_crate(str(path)):
        pass
    return str(caught.value)


def zip_of(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return path


def test_what_is_no_archive(tmp_path: Path) -> None:
    assert "there is no such file" in message(tmp_path / "absent.zip")
    (tmp_path / "a.zip").write_bytes(b"no zip at all")
    assert "is no archive, or a damaged one" in message(tmp_path / "a.zip")
    assert f"has no {METADATA}" in message(zip_of(tmp_path / "b.zip", Snakefile="x"))
    for text in ("{", "[]", '{"@graph": [1]}', '{"@graph": [{"@type": "File"}]}', "null"):
        with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
            archive.writestr(METADATA, text)
        assert "cannot be read" in message(tmp_path / "c.zip")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr(METADATA, json.dumps({"@graph": []}))
    assert "is no archive of this workflow: it has no Snakefile, config.yaml" in message(tmp_path / "d.zip")
    with pytest.raises(UserError, match="Say which archive"):
        verify_archive(VerifyJob(archive="", cells=2, command=()), cores=1)


def test_a_name_that_leads_out_is_refused(tmp_path: Path) -> None:
    names = ["Snakefile", "config.yaml", "archived/provenance.json", "../out.txt", "/etc/out.txt"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names[:3]:
            archive.writestr(name, "")
        archive.writestr(zipfile.ZipInfo("../out.txt"), "")
        graph = [{"@id": name, "@type": "File", "sha256": ""} for name in names]
        archive.writestr(METADATA, json.dumps({"@graph": graph}))
    text = message(tmp_path / "a.zip")
    assert "../out.txt: leads out of the archive" in text and "/etc/out.txt: is described, but not there" in text


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 400), byte=st.integers(0, 255), cut=st.integers(0, 300))
def test_a_damaged_archive_ends_in_a_message(place: int, byte: int, cut: int, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    zip_of(path, Snakefile="text", **{METADATA: json.dumps({"@graph": []})})
    content = bytearray(path.read_bytes())
    content[place % len(content)] = byte
    path.write_bytes(content[: len(content) - cut])
    assert "\n" not in message(path).strip() or "changed" in message(path)


def test_a_sample_has_cells_of_every_study_that_gave_an_answer() -> None:
    rows = [("a", "s1", "m1", "ok"), ("a", "s1", "m2", "error"), ("a", "s2", "m1", "not_converged")]
    rows += [("b", "s", f"m{i}", "ok") for i in range(5)]
    runs = pd.DataFrame(rows, columns=["study", "scenario", "method", "status"])
    cells = sample_cells(runs, 2, np.random.default_rng(0))
    assert {cell for cell in cells if cell[0] == "a"} == {("a", "s1", "m1"), ("a", "s2", "m1")}
    assert len(cells) == len(set(cells)) == 4
    with pytest.raises(UserError, match="nothing to rerun"):
        sample_cells(runs[runs["status"] == "error"], 2, np.random.default_rng(0))


def test_a_sample_asks_for_its_cells_alone() -> None:
    study = {
        "replicates": 10, "replicates_per_job": 4, "limits": {"seconds": 3},
        "scenarios": {"s": {"grid": {"n": [1, 2, 3]}}, "t": None, "u": {"params": {"n": 1}}},
        "methods": {"m": {"grid": {"a": [1, 2], "b": ["x", "y"]}}, "k": {}, "l": {}},
    }  # fmt: skip
    config = {"seed": 1, "studies": {"one": study, "two": study}, "report": {"title": "T"}}
    cells = [("one", "s~n=2", "m~a=1,b=y"), ("one", "t", "k")]
    sample = sub_config(config, cells)
    assert sample["studies"] == {
        "one": {
            "replicates": 4, "replicates_per_job": 4, "limits": {"seconds": 3},
            "scenarios": {"s": {"grid": {"n": [2]}}, "t": None},
            "methods": {"m": {"grid": {"a": [1], "b": ["y"]}}, "k": {}},
        }
    }  # fmt: skip
    tuned = sub_config(config, cells, [("one", "u", "k"), ("one", "s~n=1", "l"), ("two", "u", "k")])
    assert set(tuned["studies"]["one"]["scenarios"]) == {"s", "t", "u"} and set(tuned["studies"]) == {"one"}
    assert tuned["studies"]["one"]["scenarios"]["s"] == {"grid": {"n": [2]}}
    assert sample["seed"] == 1 and len(config["studies"]["one"]["methods"]) == 3


@pytest.mark.parametrize(
    ("now", "status", "verdict", "detail"),
    [
        ([1.0, np.nan], "ok", "identical", ""),
        ([1.0 + 1e-12, np.nan], "ok", "equal but for rounding", "1 of 2 scores differ"),
        ([1.1, np.nan], "ok", "different", "m of replicate 0: 1 in the archive, 1.1"),
        ([1.0, 0.5], "ok", "different", "m of replicate 1: nan in the archive, 0.5 here"),
        ([], "timeout", "not comparable", "replicate 0: ok in the archive, timeout here"),
        ([], "error", "different", "replicate 0: ok in the archive, error here"),
    ],
)
def test_verdicts(now: list[float], status: str, verdict: str, detail: str) -> None:
    runs = pd.DataFrame({"replicate": [0, 1], "status_x": "ok", "status_y": status})
    scores = pd.DataFrame(
        {"metric": "m", "replicate": range(len(now)), "value": now, "value_then": [1.0, np.nan][: len(now)]}
    )
    found = _verdict(runs, scores)
    assert found[0] == verdict and detail in found[1]


def test_methods_that_were_tuned_together_are_rerun_together() -> None:
    methods = {"a": {"tune_with": "k"}, "b": {"tune_with": "k"}, "c": {}}
    config = {"seed": 1, "studies": {"s": {"replicates": 2, "scenarios": {"x": {}}, "methods": methods}}}
    assert [*sub_config(config, [("s", "x", "a")])["studies"]["s"]["methods"]] == ["a", "b"]
    assert [*sub_config(config, [("s", "x", "c")])["studies"]["s"]["methods"]] == ["c"]
