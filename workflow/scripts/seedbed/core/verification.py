"""Rerun a sample of an archive's cells with the archive's own code, and compare the scores."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from .archive import DRAWN, file_sha256
from .canonical import digest
from .crate import RESULTS
from .crate_reader import Crate, open_crate
from .errors import UserError
from .files import atomic_path
from .fork_server import VARIABLE
from .grid import expand_grid
from .statuses import USABLE
from .tables import read_table

ROUNDING = 1e-6  # relative; another processor or library of linear algebra may round differently
AGREEMENT = ("identical", "equal but for rounding")
_LIMITED = ("timeout", "out_of_memory")  # what another machine may do without disagreeing
Cell = tuple[str, str, str]  # study, scenario, method


def verify_archive(job: Mapping[str, Any], cores: int) -> None:
    """Print what agrees.

    Parameters
    ----------
    job : mapping
        ``archive`` (path), ``cells`` (how many per study), ``command`` (to start Snakemake with).
    cores : int
        For the rerun.

    Raises
    ------
    UserError
        If the archive is none, is damaged, or does not agree with its rerun.
    """
    if not job["archive"]:
        raise UserError("Say which archive: snakemake --cores 2 verify --config archive=results/seedbed.crate.zip")
    with open_crate(job["archive"]) as crate, tempfile.TemporaryDirectory(prefix="seedbed-verify-") as folder:
        crate.extract(folder)
        archived = Results(Path(folder, RESULTS))
        _check_sums(archived)
        config = yaml.safe_load(crate.read("config.yaml"))
        cells = sample_cells(archived.table("runs"), job["cells"], np.random.default_rng())
        print(f"Rerunning {len(cells)} cells of {job['archive']} in {folder}:", flush=True)
        for cell in cells:
            print("  " + " / ".join(cell), flush=True)
        with atomic_path(Path(folder, "config.yaml")) as part:
            part.write_text(yaml.safe_dump(sub_config(config, cells, archived.tunings()), sort_keys=False))
        _rerun(folder, [*job["command"], "--cores", str(cores)], sorted({study for study, _, _ in cells}))
        rows = compare_cells(archived, Results(Path(folder, "results")))
        _report(rows, _other_versions(crate))


class Results:
    """The tables of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def studies(self) -> list[str]:
        return sorted(path.parent.name for path in self.folder.glob("*/runs.parquet"))

    def scenarios(self, study: str) -> list[str]:
        return list(read_table(str(self.folder / study / "runs.parquet"))["scenario"].unique())

    def tunings(self) -> list[Cell]:
        """The methods that were tuned, and the scenarios that they were tuned on."""
        files = sorted(self.folder.glob("*/*/tuning/*.json"))
        return [(*path.relative_to(self.folder).parts[:2], path.stem) for path in files]

    def table(self, name: str) -> pd.DataFrame:
        """``scores`` or ``runs`` of all studies."""
        return pd.concat([read_table(str(self.folder / study / f"{name}.parquet")) for study in self.studies()])


def _check_sums(archived: Results) -> None:
    """The tables of a study are those of its scenarios, one after the other."""
    for study in archived.studies():
        for name in ("scores", "runs"):
            whole, *parts = (
                read_table(str(archived.folder / study / part / f"{name}.parquet"))
                for part in ("", *archived.scenarios(study))
            )
            if not whole.astype(str).equals(pd.concat(parts, ignore_index=True).astype(str)):
                raise UserError(
                    f"{study}/{name}.parquet of the archive is not what its scenarios' tables make: one was changed."
                )


def sample_cells(runs: pd.DataFrame, per_study: int, rng: np.random.Generator) -> list[Cell]:
    """Cells with an answer, drawn at random, so that every verification tries others."""
    usable = runs[runs["status"].isin(USABLE)]
    cells = []
    for study, group in usable.groupby("study", sort=False):
        known = list(dict.fromkeys(zip(group["scenario"], group["method"], strict=True)))
        chosen = rng.choice(len(known), min(per_study, len(known)), replace=False)
        cells += [(study, *known[i]) for i in sorted(chosen)]
    if not cells:
        raise UserError("The archive has no fit that gave an answer: there is nothing to rerun.")
    return cells


def sub_config(config: Mapping[str, Any], cells: Iterable[Cell], tunings: Iterable[Cell] = ()) -> dict[str, Any]:
    """The config with nothing but the cells' scenarios and methods, and the first block of replicates.

    Scenarios that one of these methods was tuned on stay too, as the config describes them.

    Seeds are named by study, scenario, replicate and method, so that leaving the others out changes no number.
    """
    cells, studies = list(cells), {}
    methods = {(study, method) for study, _, method in cells}
    tuned_on = [cell for cell in tunings if (cell[0], cell[2]) in methods]
    for study in dict.fromkeys(study for study, _, _ in cells):
        entry = config["studies"][study]
        chosen = {
            "scenarios": {scenario for name, scenario, _ in (*cells, *tuned_on) if name == study},
            "methods": {method for name, _, method in cells if name == study},
        }
        parts = {part: dict(_restricted(entry[part], names)) for part, names in chosen.items()}
        block = min(entry["replicates"], entry.get("replicates_per_job", 4))
        studies[study] = {**entry, **parts, "replicates": block}
    return {**config, "studies": studies}


def _restricted(entries: Mapping[str, Any], names: set[str]) -> Iterator[tuple[str, Any]]:
    """The entries that a name comes from, each with the part of its grid that gives these names."""
    for key, entry in entries.items():
        grid = (entry or {}).get("grid", {})
        combinations = [values for suffix, values in expand_grid(grid) if key + suffix in names]
        if not grid and key in names:
            yield key, entry
        elif grid and combinations:
            used = {name: [v for v in values if v in [c[name] for c in combinations]] for name, values in grid.items()}
            yield key, {**entry, "grid": used}


def _rerun(folder: str, command: list[str], studies: list[str]) -> None:
    targets = [f"results/{study}/{name}.parquet" for study in studies for name in ("scores", "runs")]
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    done = subprocess.run(
        [*command, *targets], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise UserError(f"The archive could not be rerun. Its workflow said:\n{done.stdout[-4000:]}")


def compare_cells(archived: Results, rerun: Results) -> pd.DataFrame:
    """One row per cell that was rerun: ``study, scenario, method, replicates, verdict, digest, detail``.

    Verdicts: ``identical`` (the same digest of statuses and scores), ``equal but for rounding``, ``not comparable``
    (a limit of time or memory was met), ``different``.
    """
    before, after = archived.table("runs"), rerun.table("runs")
    keys = ["study", "scenario", "method", "replicate"]
    runs = after[keys].merge(before[[*keys, "status"]], how="left", on=keys).merge(after[[*keys, "status"]], on=keys)
    scores = rerun.table("scores").merge(archived.table("scores"), "outer", [*keys, "metric"], suffixes=("", "_then"))
    scores = scores.merge(after[keys], on=keys)
    drawn = _drawn(archived.folder)
    rows = []
    for cell, group in runs.groupby(keys[:3], sort=False):
        own = scores[(scores[keys[:3]] == list(cell)).all(axis=1)]
        verdict, detail = _verdict(group, own)
        if verdict == "different" and not _same_data(drawn, rerun.folder, cell):
            detail += "; already the data that were drawn differ"
        record = own.assign(value=own["value"].map(lambda value: float(value).hex()))
        text = record[["replicate", "metric", "value"]].astype(str).to_numpy().tolist()
        rows.append([*cell, len(group), verdict, digest([group["status_y"].tolist(), text]), detail])
    return pd.DataFrame(rows, columns=[*keys[:3], "replicates", "verdict", "digest", "detail"])


def _verdict(runs: pd.DataFrame, scores: pd.DataFrame) -> tuple[str, str]:
    changed = runs[runs["status_x"] != runs["status_y"]]
    if len(changed):
        row = changed.iloc[0]
        limited = changed[["status_x", "status_y"]].isin(_LIMITED).any(axis=1).all()
        detail = f"replicate {row['replicate']}: {row['status_x']} in the archive, {row['status_y']} here"
        return ("not comparable" if limited else "different"), detail
    then, now = scores["value_then"].to_numpy(float), scores["value"].to_numpy(float)
    same = (then == now) | (np.isnan(then) & np.isnan(now))
    if same.all():
        return "identical", ""
    with np.errstate(invalid="ignore"):
        gaps = np.where(same, 0.0, np.abs(then - now) / np.maximum(np.maximum(np.abs(then), np.abs(now)), 1e-300))
    worst = int(np.argmax(np.where(np.isnan(gaps), np.inf, gaps)))
    row = scores.iloc[worst]
    detail = f"{(~same).sum()} of {len(same)} scores differ; {row['metric']} of replicate {row['replicate']}: "
    detail += f"{then[worst]:.17g} in the archive, {now[worst]:.17g} here"
    return ("equal but for rounding" if gaps[worst] <= ROUNDING else "different"), detail


def _drawn(folder: Path) -> dict[str, str]:
    path = folder.parent / DRAWN
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _same_data(drawn: Mapping[str, str], folder: Path, cell: Cell) -> bool:
    names = [path.relative_to(folder).as_posix() for path in (folder / cell[0] / cell[1] / "data").glob("*.npz")]
    return all(drawn.get(name) == file_sha256(folder / name) for name in names)


def _other_versions(crate: Crate) -> list[str]:
    from importlib.metadata import distributions

    here = {dist.name: dist.version for dist in distributions()}
    there = json.loads(crate.read(f"{RESULTS}/provenance.json"))["packages"]
    wanted = crate.read("requirements.txt").decode().lower()
    names = [name for name, version in there.items() if here.get(name) not in (None, version)]
    return [f"{name} {there[name]} then, {here[name]} here" for name in names if f"{name.lower()}==" in wanted]


def _report(rows: pd.DataFrame, versions: list[str]) -> None:
    print(rows.drop(columns="detail").to_string(index=False))
    for row in rows[rows["detail"] != ""].itertuples():
        print(f"{row.study} / {row.scenario} / {row.method}: {row.detail}")
    if versions:
        print("Versions that differ: " + "; ".join(versions))
    agreeing, exact = (rows["verdict"].isin(names).sum() for names in (AGREEMENT, AGREEMENT[:1]))
    summary = f"{agreeing} of {len(rows)} cells agree, {exact} of them to the last bit."
    if (rows["verdict"] == "different").any():
        raise UserError(f"The archive and its rerun disagree: {summary}")
    print(summary)
