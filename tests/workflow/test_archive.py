"""A run in one file, which another machine can rerun and compare."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from project import Project
from seedbed.core.keeping.crate import METADATA

ARCHIVE = "results/seedbed.crate.zip"


@pytest.fixture(scope="module")
def archived(finished_project: Project, tmp_path_factory) -> Project:
    project = finished_project.copy(tmp_path_factory.mktemp("archived") / "project")
    file = project.folder / "data/mine.csv"
    file.write_text("x,kind\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20)))
    mine = {"scenario": "user_table", "params": {"path": "data/mine.csv", "label_column": "kind"}}
    mine["tune_on"] = "isotropic"
    project.study["scenarios"] = {"isotropic": project.study["scenarios"]["isotropic"], "mine": mine}
    project.study["methods"]["coins"] = {"method": "toy_coin:Coin", "grid": {"bias": [0.1, 0.9]}}
    project.study["methods"]["tuned"] = {"method": "toy_coin:Coin", "tune": {"bias": [0.1, 0.9]}}
    del project.study["methods"]["one_thread"]
    project.run("archive")
    return project


@pytest.fixture(scope="module")
def content(archived: Project) -> dict[str, bytes]:
    with zipfile.ZipFile(archived.folder / ARCHIVE) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def graph(content: dict[str, bytes]) -> dict[str, dict]:
    entities = json.loads(content[METADATA])["@graph"]
    assert len({entity["@id"] for entity in entities}) == len(entities)
    return {entity["@id"]: entity for entity in entities}


def test_everything_that_a_rerun_needs_is_in(archived: Project, content: dict[str, bytes]) -> None:
    expected = {"Snakefile", "README.md", "LICENSE", "CITATION.cff", "docs/outputs.md", "envs/base.yaml"}
    expected |= {"workflow/rules/fit.smk", "workflow/scripts/seedbed/studies/clustering/claims.yaml", "data/mine.csv"}
    expected |= {"toy_coin.py", "toy_threshold.py", "toy_helper.py"}  # the last one is imported by the others only
    assert expected <= set(content)
    assert not [name for name in content if "__pycache__" in name or name.startswith(("results/", "logs/", "."))]
    assert "toy_bad.py" not in content and "data/example.csv" not in content
    assert yaml.safe_load(content["config.yaml"]) == archived.config


def test_every_result_is_in_and_drawn_data_by_digest(archived: Project, content: dict[str, bytes]) -> None:
    results = {name.removeprefix("archived/"): data for name, data in content.items() if name.startswith("archived/")}
    drawn = json.loads(results.pop("drawn_data.json"))
    planned = [path for path in archived.files("**/*") if path.is_file() and "oriented" not in path.as_posix()]
    planned = [path for path in planned if path.name not in (".snakemake_timestamp", Path(ARCHIVE).name)]
    files = {path.relative_to(archived.folder / "results").as_posix(): path.read_bytes() for path in planned}
    files = {name: data for name, data in files.items() if "/one_thread/" not in name}
    assert drawn == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if "/data/" in name}
    assert results == {name: data for name, data in files.items() if "/data/" not in name}


def test_metadata_keeps_every_must_of_its_profiles(content: dict[str, bytes], graph: dict[str, dict]) -> None:
    """RO-Crate 1.1, Workflow RO-Crate 1.0, Workflow Run Crate 0.5; roc-validator finds no more (CONTRIBUTING.md)."""
    text = json.loads(content[METADATA])
    assert set(text) == {"@context", "@graph"} and text["@context"] == "https://w3id.org/ro/crate/1.1/context"
    descriptor, root = graph[METADATA], graph["./"]
    assert descriptor["@type"] == "CreativeWork" and descriptor["about"] == {"@id": "./"}
    assert {"@id": "https://w3id.org/ro/crate/1.1"} in descriptor["conformsTo"]
    assert root["@type"] == "Dataset" and root["name"] and root["description"]
    pd.Timestamp(root["datePublished"])
    workflow = graph[root["mainEntity"]["@id"]]
    assert set(workflow["@type"]) == {"File", "SoftwareSourceCode", "ComputationalWorkflow"}
    assert graph[workflow["programmingLanguage"]["@id"]]["name"] == "Snakemake"
    profiles = {entry["@id"] for entry in root["conformsTo"]}
    assert "https://w3id.org/workflowhub/workflow-ro-crate/1.0" in profiles
    assert graph["README.md"]["about"] == {"@id": "./"}
    action = graph[root["mentions"]["@id"]]
    assert action["@type"] == "CreateAction" and action["instrument"] == root["mainEntity"]
    assert {entry["@id"] for entry in action["object"]} == {"config.yaml", "data/mine.csv"}
    assert len(action["result"]) == len([name for name in content if name.startswith("archived/")])


def test_metadata_describe_every_file_and_nothing_else(content: dict[str, bytes], graph: dict[str, dict]) -> None:
    parts = [entry["@id"] for entry in graph["./"]["hasPart"]]
    assert sorted(parts) == sorted(set(content) - {METADATA})
    for name in parts:
        assert graph[name]["sha256"] == hashlib.sha256(content[name]).hexdigest()
        assert graph[name]["contentSize"] == str(len(content[name]))

    def references(value: object) -> list[str]:
        if isinstance(value, dict) and set(value) == {"@id"}:
            return [value["@id"]]
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        return [target for item in inner for target in references(item)]

    for entity in graph.values():
        for target in references({key: item for key, item in entity.items() if key != "@id"}):
            assert target in graph or target.startswith("https://"), f"{entity['@id']} -> {target}"


def test_an_independent_reader_understands_it(archived: Project) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(str(archived.folder / ARCHIVE))
    assert crate.mainEntity.id == "Snakefile" and crate.name == crate.root_dataset["name"]
    assert len(crate.data_entities) > 50 and crate.mainEntity.lang.id == "#snakemake"


def test_equal_results_give_equal_bytes(archived: Project) -> None:
    path = archived.folder / ARCHIVE
    before = path.read_bytes()
    archived.run("archive", "--force")
    assert path.read_bytes() == before


def verify(project: Project, *words: str, check: bool = True) -> str:
    done = project.run("verify", "--config", f"archive={words[0] if words else ARCHIVE}", *words[1:], check=check)
    assert "Traceback" not in done.stdout, done.stdout
    assert check or done.returncode != 0
    return " ".join(done.stdout.split())


def test_a_rerun_agrees_to_the_last_bit(archived: Project) -> None:
    assert "10 of 10 cells agree, 10 of them to the last bit" in verify(archived, ARCHIVE, "cells=99")


def tampered(archived: Project, path: Path, change: Callable[[dict[str, bytes]], None], honest: bool) -> None:
    """A copy of the archive with something changed, and with digests that fit if the forger was thorough."""
    with zipfile.ZipFile(archived.folder / ARCHIVE) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    if not honest:
        metadata = json.loads(content[METADATA])
        for entity in metadata["@graph"]:
            if entity["@id"] in content:
                entity["sha256"] = hashlib.sha256(content[entity["@id"]]).hexdigest()
                entity["contentSize"] = str(len(content[entity["@id"]]))
        content[METADATA] = json.dumps(metadata).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def better(content: dict[str, bytes], folder: Path) -> None:
    """One score of one fit, made a little better in all tables that hold it."""
    for name in ("archived/clustering/scores.parquet", "archived/clustering/isotropic/scores.parquet"):
        (folder / "table.parquet").write_bytes(content[name])
        table = pd.read_parquet(folder / "table.parquet")
        chosen = (table["method"] == "coin") & (table["metric"] == "misclustering_error") & (table["replicate"] == 1)
        table.loc[chosen & (table["scenario"] == "isotropic"), "value"] -= 0.01
        table.to_parquet(folder / "table.parquet", index=False)
        content[name] = (folder / "table.parquet").read_bytes()


def test_a_changed_file_is_named_without_a_rerun(archived: Project, tmp_path: Path) -> None:
    tampered(archived, tmp_path / "a.zip", lambda content: better(content, tmp_path), honest=True)
    output = verify(archived, str(tmp_path / "a.zip"), check=False)
    assert "was changed or damaged" in output
    assert "archived/clustering/scores.parquet: is not what it was when the archive was made" in output


def test_a_forged_score_is_found_by_the_rerun(archived: Project, tmp_path: Path) -> None:
    tampered(archived, tmp_path / "a.zip", lambda content: better(content, tmp_path), honest=False)
    output = verify(archived, str(tmp_path / "a.zip"), "cells=99", check=False)
    assert "The archive and its rerun disagree: 9 of 10 cells agree" in output
    assert "clustering / isotropic / coin: 1 of " in output
    assert "misclustering_error of replicate 1" in output


def test_planted_results_are_not_compared_with_themselves(archived: Project, tmp_path: Path) -> None:
    """The forged tables lie where a rerun would find them up to date, and every digest is right."""

    def plant(content: dict[str, bytes]) -> None:
        better(content, tmp_path)
        for name in ("clustering/scores.parquet", "clustering/runs.parquet"):
            content[f"results/{name}"] = content[f"archived/{name}"]
        metadata = json.loads(content[METADATA])
        metadata["@graph"] += [{"@id": name, "@type": "File"} for name in content if name.startswith("results/")]
        content[METADATA] = json.dumps(metadata).encode()

    tampered(archived, tmp_path / "a.zip", plant, honest=False)
    output = verify(archived, str(tmp_path / "a.zip"), check=False)
    assert "results/clustering/scores.parquet: lies in results, where a rerun looks for what it has computed" in output
    assert "cells agree" not in output
