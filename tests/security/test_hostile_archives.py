"""Archives that lie, explode or are broken end in one message, before anything of them is believed."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from archive_messages import message
from hostile_archives import RIGHT, archive_with, metadata_of, write
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.core.errors import UserError
from seedbed.core.job_records.reports import VerifyJob
from seedbed.core.keeping import crate_reader, verification
from seedbed.core.keeping.crate import METADATA
from seedbed.core.keeping.crate_reader import open_crate
from seedbed.core.keeping.member_names import name_errors
from seedbed.core.keeping.verification import Results, compare_cells, verify_archive

RUN_COLUMNS = ["study", "scenario", "method", "replicate", "status", "message"]


COSTS = ["wall_seconds", "cpu_seconds", "peak_memory_mb"]


def test_a_right_one_is_opened(tmp_path: Path) -> None:
    with open_crate(str(archive_with(tmp_path / "a.zip", {"data/größe 1.csv": b"x"}))) as crate:
        assert crate.read("data/größe 1.csv") == b"x"
        crate.extract(str(tmp_path))
    assert (tmp_path / "data/größe 1.csv").read_bytes() == b"x"


@pytest.mark.parametrize("folder", ["results", "logs", ".snakemake", ".git", ".venv"])
@pytest.mark.parametrize(
    "spelling",
    [
        "{}/a", "{}", "./{}/a", "x/../{}/a", "{}/./a", ".//{}/a", "{}//a", "{}./a", "{}. ./a", "{} /a", " {}/a",
        "{}\\a", ".\\{}\\a", "/{}/a", "{}:$DATA/a", "{}\u200b/a", "\u200d{}/a", "\u202e{}/a", "{}\x00/a",
        "\ufeff{}/a",
    ],
)  # fmt: skip
def test_nothing_lies_where_a_rerun_looks(folder: str, spelling: str) -> None:
    for name in (spelling.format(folder), spelling.format(folder.upper()), spelling.format(folder.title())):
        assert [*name_errors([name])], name
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isalpha() else char for char in folder)  # of full width
    assert [*name_errors([spelling.format(wide)])]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["../a"], "leads out"),
        (["/etc/a"], "leads out"),
        (["a/../../b"], "leads out"),
        (["x", "x/y"], "x/y: lies below x, which is a file"),
        (["a/b/c/d", "a/b"], "a/b/c/d: lies below a/b, which is a file"),
        (["X/y", "x"], "lies below x"),
        (["A.csv", "a.csv"], "a.csv: is the same file as A.csv where capitals do not count"),
        (["straße", "STRASSE"], "same file"),
        (["\u00e9", "e\u0301"], "same file"),
        (["a", "a"], "a: is there 2 times"),
        (["a" * 256], "too long"),
        (["ä" * 128], "too long"),
        (["/".join(["abc"] * 600)], "too long"),
        (["/".join("a" * 100)], "lies in more than 50 folders"),
        (["a\nb"], "nobody can see"),
        (["a\x1b[2J"], "nobody can see"),
        (["a/"], "no plain path"),
        ([""], "no plain path"),
        (["workflow/__pycache__/a.cpython-311.pyc"], "compiled code"),
        (["workflow/scripts/seedbed/core/errors.cpython-311-x86_64-linux-gnu.so"], "compiled code"),
        (["my_methods.PYC"], "compiled code"),
    ],
)
def test_names_that_are_refused(names: list[str], expected: str) -> None:
    assert expected in "\n".join(name_errors(names))


def test_names_that_are_right() -> None:
    names = ["Snakefile", "archived/results/a", "data/results/a.csv", "a.b/c.d", ".snakemake-workflow-catalog.yml"]
    assert [
        *name_errors([*names, "data/mes données (1).csv", "archived/c/s~n=1,m=2/fits/k/0000-0003.npz", "x", "xy/z"])
    ] == []


@settings(max_examples=300, deadline=None)
@given(names=st.lists(st.text("abAB./ \\\u0130ſ~:", min_size=1, max_size=8), max_size=5))
def test_names_that_pass_are_files_of_their_own_below_the_folder(names: list[str]) -> None:
    if [*name_errors(names)]:
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = Path(folder, name)
            assert not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
            assert os.path.realpath(path).startswith(os.path.realpath(folder) + "/")


def test_planted_results_are_refused_though_every_digest_is_right(tmp_path: Path) -> None:
    for name in ("results/clustering/scores.parquet", "Results/a", ".snakemake/metadata/a", "__pycache__/a.pyc"):
        assert f"{name}: " in message(archive_with(tmp_path / "a.zip", {name: b"forged"}))


def test_control_characters_of_a_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    text = message(archive_with(tmp_path / "a.zip", {"\x1b]0;title\x07": b""}))
    assert "\\x1b]0;title\\x07" in text and "\x1b" not in text and "\x07" not in text


def test_a_rerun_computes_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    done = subprocess.CompletedProcess([], 0, "", "")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command) or done)
    verification._rerun(str(tmp_path), ["snakemake"], ["clustering"])
    assert "--forceall" in asked[0] and "results/clustering/scores.parquet" in asked[0]
    for name in ("results", ".snakemake", "logs"):
        (tmp_path / name).symlink_to(tmp_path / "nowhere")
        with pytest.raises(UserError, match=f"brings {name} along"):
            verification._rerun(str(tmp_path), ["snakemake"], ["clustering"])
        (tmp_path / name).unlink()


def bomb(path: Path, name: str, megabytes: int) -> Path:
    """A member of blanks, described with its own size, as a forger would."""
    return archive_with(path, {name: b" " * (megabytes * 2**20)})


def test_an_archive_that_would_grow_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crate_reader, "USUAL", 2**20)
    path = bomb(tmp_path / "a.zip", "data/blanks.csv", 4)
    opened: list[str] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda self, name, *_, **__: opened.append(name))
    assert "would unpack to 4 MB; more than 1 MB are not unpacked" in message(path)
    assert opened == []


def test_the_bounds_as_they_are() -> None:
    assert crate_reader.USUAL <= 200 * 2**20 and crate_reader.GROWTH <= 200 and crate_reader.LARGEST <= 50e9


def test_large_metadata_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crate_reader, "LARGEST_METADATA", 1000)
    blanks = metadata_of(RIGHT) + b" " * 2000
    path = write(tmp_path / "a.zip", [*RIGHT.items(), (METADATA, blanks)])
    assert f"its {METADATA} has 0 MB; at most 0 are read" in message(path)


def test_no_room_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(crate_reader.shutil, "disk_usage", lambda folder: usage)
    (tmp_path / "out").mkdir()
    with (
        open_crate(str(archive_with(tmp_path / "a.zip", {"b": b"x" * 100}))) as crate,
        pytest.raises(UserError, match="has room for 0: free some space, or set TMPDIR"),
    ):
        crate.extract(str(tmp_path / "out"))
    assert [*(tmp_path / "out").iterdir()] == []


def test_a_size_that_is_not_the_members_is_named(tmp_path: Path) -> None:
    for size in ("1", 8, None, "8.0", "-8"):
        described = json.loads(metadata_of(RIGHT))
        described["@graph"][1]["contentSize"] = size
        path = write(tmp_path / "a.zip", [*RIGHT.items(), (METADATA, json.dumps(described).encode())])
        assert "config.yaml: is not what it was when the archive was made" in message(path)


def test_what_stands_twice_is_named(tmp_path: Path) -> None:
    twice = [
        *RIGHT.items(),
        ("config.yaml", b"seed: 2\n"),
        (METADATA, metadata_of({**RIGHT, "config.yaml": b"seed: 2\n"})),
    ]
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write(tmp_path / "a.zip", twice)
    assert "config.yaml: is there 2 times" in message(path)
    graph = json.loads(metadata_of(RIGHT))["@graph"]
    path = write(tmp_path / "b.zip", [*RIGHT.items(), (METADATA, json.dumps({"@graph": [*graph, graph[0]]}).encode())])
    assert "describes Snakefile more than once" in message(path)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000, '{"@graph": ' + "[" * 50_000 + "]" * 50_000 + "}", '{"@graph": [{"@id": {}, "@type": "File"}]}',
        '{"@graph": [{"@id": 1, "@type": "File"}]}', '{"@graph": [{"@id": "a", "@type": 3}]}',
        '{"@graph": 1' + "0" * 5000 + "}", '{"@graph": [null]}', '{"@graph": {"a": "b"}}', "\ud800", "NaN",
    ],
)  # fmt: skip
def test_descriptions_that_are_none(tmp_path: Path, text: str) -> None:
    found = message(write(tmp_path / "a.zip", [*RIGHT.items(), (METADATA, text.encode("utf-8", "surrogatepass"))]))
    assert METADATA in found and "\n" not in found


def parquet(folder: Path, table: pd.DataFrame) -> bytes:
    table.to_parquet(folder / "table.parquet", index=False)
    return (folder / "table.parquet").read_bytes()


def tables(folder: Path, status: str = "ok", **columns: object) -> dict[str, bytes]:
    runs = pd.DataFrame([["clustering", "isotropic", "kmeans", 0, status, ""]], columns=RUN_COLUMNS)
    runs = runs.assign(**dict.fromkeys(COSTS, 0.0), **columns)
    scores = runs[RUN_COLUMNS[:4]].assign(metric="m", value=0.5)
    files = {"runs": parquet(folder, runs), "scores": parquet(folder, scores)}
    return {
        f"archived/clustering/{part}{name}.parquet": data for part in ("", "isotropic/") for name, data in files.items()
    }


CONFIG = b"seed: 1\nstudies: {clustering: {replicates: 2, scenarios: {isotropic: {}}, methods: {kmeans: {}}}}\n"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda folder: {}, "the archive has no tables of any study"),
        (lambda folder: {**tables(folder), "config.yaml": b"- 1\n"}, "holds no 'key: value' lines"),
        (lambda folder: {**tables(folder), "config.yaml": b"seed: 1\n"}, "has no study 'clustering'"),
        (lambda folder: {**tables(folder), "config.yaml": b"studies: 3\n"}, "a.zip"),
        (lambda folder: {**tables(folder), "config.yaml": b"a: [1\n"}, "this is no valid YAML"),
        (lambda folder: {**tables(folder), "config.yaml": b"\xff"}, "a.zip"),
        (lambda folder: {**tables(folder), "config.yaml": b"a: &a [*a]\n"}, "stands inside of what it stands for"),
        (lambda folder: {**tables(folder), "archived/clustering/runs.parquet": b"PAR1"}, "runs.parquet of the archive"),
        (lambda folder: tables(folder, status="error"), "nothing to rerun"),
        (lambda folder: {**tables(folder), "archived/provenance.json": b"[]", "config.yaml": CONFIG}, "a.zip"),
    ],
)  # fmt: skip
def test_verify_answers_in_one_message(
    tmp_path: Path, change: Callable[[Path], dict[str, bytes]], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_rerun", lambda *_: pytest.fail("was rerun"))
    path = archive_with(tmp_path / "a.zip", change(tmp_path))
    with pytest.raises(UserError) as caught:
        verify_archive(VerifyJob(archive=str(path), cells=1, command=()), cores=1)
    assert expected in str(caught.value)


def results(folder: Path, methods: list[str], value: object = 0.5) -> Results:
    """Tables of one replicate."""
    (folder / "clustering").mkdir(parents=True)
    runs = pd.DataFrame([["clustering", "isotropic", name, 0, "ok", ""] for name in methods], columns=RUN_COLUMNS)
    runs = runs.assign(**dict.fromkeys(COSTS, 0.0))
    runs.to_parquet(folder / "clustering/runs.parquet")
    runs[RUN_COLUMNS[:4]].assign(metric="m", value=value).to_parquet(folder / "clustering/scores.parquet")
    return Results(folder)


def test_a_cell_that_the_rerun_lacks_is_no_agreement(tmp_path: Path) -> None:
    before, after = results(tmp_path / "a", ["kmeans", "ward"]), results(tmp_path / "b", ["ward"])
    with pytest.raises(UserError, match="rerun has nothing of clustering / isotropic / kmeans"):
        compare_cells(before, after, [("clustering", "isotropic", "kmeans")])
    assert compare_cells(before, after, [("clustering", "isotropic", "ward")])["verdict"].tolist() == ["identical"]


def test_a_second_row_beside_the_forged_one_does_not_hide_it(tmp_path: Path) -> None:
    before, after = results(tmp_path / "a", ["ward", "ward"], np.array([0.5, 0.0])), results(tmp_path / "b", ["ward"])
    assert compare_cells(before, after)["verdict"].tolist() == ["different"]


def test_a_table_that_says_it_is_endless_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_MOST_ROWS", 1)
    with pytest.raises(UserError, match="says that it has 2 rows"):
        results(tmp_path / "a", ["kmeans", "ward"]).table("runs")
