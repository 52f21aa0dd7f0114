"""Rerun a sample of an archive's cells with the archive's own code, and compare the scores."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet

from seedbed.core.canonical import digest
from seedbed.core.config.asked_types import with_numbers
from seedbed.core.config.config_file import config_text, read_config_text
from seedbed.core.errors import UserError, printable
from seedbed.core.files import atomic_path
from seedbed.core.job_processes.fork_server import VARIABLE
from seedbed.core.job_records.reports import VerifyJob
from seedbed.core.judging.tables import read_table
from seedbed.core.planning.registration import check_registrations
from seedbed.core.statuses import USABLE

from .archive import DRAWN, file_sha256
from .crate import RESULTS
from .crate_reader import Crate, distrusting, open_crate
from .member_names import TAKEN
from .sub_config import Cell, sub_config

ROUNDING = 1e-6  # relative; another processor or library of linear algebra may round differently
AGREEMENT = ("identical", "equal but for rounding")
_LIMITED = ("timeout", "out_of_memory")  # what another machine may do without disagreeing
_MOST_ROWS = 50_000_000  # of a table: a few kilobytes of Parquet can stand for any number of equal rows


def verify_archive(job: VerifyJob, cores: int) -> None:
    """Print what agrees.

    Parameters
    ----------
    job : VerifyJob
        Which archive, how many cells of it, and how to start Snakemake.
    cores : int
        For the rerun.

    Raises
    ------
    UserError
        If the archive is none, is damaged, or does not agree with its rerun.
    """
    if not job.archive:
        raise UserError("Say which archive: snakemake --cores 2 verify --config archive=results/seedbed.crate.zip")
    path = job.archive
    with open_crate(path) as crate, tempfile.TemporaryDirectory(prefix="seedbed-verify-") as folder:
        with distrusting(path):
            crate.extract(folder)
            archived = Results(Path(folder, RESULTS), "the archive")
            _check_sums(archived)
            cells = sample_cells(archived.table("runs"), job.cells, np.random.default_rng())
            config = with_numbers(*read_config_text(crate.read("config.yaml").decode(), f"config.yaml of {path}"))
            registered = json.loads(crate.read(f"{RESULTS}/provenance.json")).get("registered", {})
            sample, versions = sub_config(config, cells, archived.tunings(), registered), _other_versions(crate)
            if registered:
                check_registrations(folder, job.command[0], registered)
        print(printable(f"Rerunning {len(cells)} cells of {path} in {folder}:"), flush=True)
        for cell in cells:
            print(printable("  " + " / ".join(map(str, cell))), flush=True)
        with atomic_path(Path(folder, "config.yaml")) as part:
            part.write_text(config_text(sample), encoding="utf-8")
        _rerun(folder, [*job.command, "--cores", str(cores)], sorted({study for study, _, _ in cells}))
        with distrusting(path):
            rows = compare_cells(archived, Results(Path(folder, "results"), "its rerun"), cells)
        _report(rows, versions)


class Results:
    """The tables of one run; ``whose`` is what a message calls it."""

    def __init__(self, folder: Path, whose: str = "this run") -> None:
        self.folder, self.whose = folder, whose

    def studies(self) -> list[str]:
        return sorted(path.parent.name for path in self.folder.glob("*/runs.parquet"))

    def scenarios(self, study: str) -> list[str]:
        return list(self.read(f"{study}/runs.parquet")["scenario"].unique())

    def tunings(self) -> list[Cell]:
        """The methods that were tuned, and the scenarios that they were tuned on."""
        files = sorted(self.folder.glob("*/*/tuning/*.json"))
        return [(path.parts[-4], path.parts[-3], path.stem) for path in files]

    def table(self, name: str) -> pd.DataFrame:
        """``scores`` or ``runs`` of all studies."""
        if not (studies := self.studies()):
            raise UserError(f"{self.whose} has no tables of any study.")
        return pd.concat([self.read(f"{study}/{name}.parquet") for study in studies])

    def read(self, name: str) -> pd.DataFrame:
        """One table.

        Raises
        ------
        UserError
            If it is damaged, or larger than any run's.
        """
        path = self.folder / name
        try:
            if (rows := pyarrow.parquet.read_metadata(path).num_rows) > _MOST_ROWS:
                raise ValueError(f"it says that it has {rows} rows")
            return read_table(str(path))
        except Exception as error:  # whose cure would be to make it anew, which is not for an archive
            reason = " ".join(str(error.__cause__ or error).split())[:200]
            raise UserError(f"{name} of {self.whose} cannot be read ({reason}).") from None


def _check_sums(archived: Results) -> None:
    """The tables of a study are those of its scenarios, one after the other."""
    for study in archived.studies():
        for name in ("scores", "runs"):
            whole, *parts = (
                archived.read(f"{study}/{part}{name}.parquet")
                for part in ("", *(f"{scenario}/" for scenario in archived.scenarios(study)))
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


def _rerun(folder: str, command: list[str], studies: list[str]) -> None:
    """Run everything anew, whatever lies there: a file that was planted would be compared with itself."""
    there = [name for name in TAKEN if os.path.lexists(Path(folder, name))]
    if there:
        raise UserError(f"The archive brings {there[0]} along, where a rerun looks for what it has computed.")
    targets = [f"results/{study}/{name}.parquet" for study in studies for name in ("scores", "runs")]
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    done = subprocess.run(
        [*command, "--forceall", *targets],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="backslashreplace",
    )
    if done.returncode:
        raise UserError(f"The archive could not be rerun. Its workflow said:\n{done.stdout[-4000:]}")


def compare_cells(archived: Results, rerun: Results, asked: Iterable[Cell] = ()) -> pd.DataFrame:
    """One row per cell that was rerun: ``study, scenario, method, replicates, verdict, digest, detail``.

    Those that were ``asked`` for must be among them.

    Verdicts: ``identical`` (the same digest of statuses and scores), ``equal but for rounding``, ``not comparable``
    (a limit of time or memory was met), ``different``.
    """
    before, after = archived.table("runs"), rerun.table("runs")
    keys = ["study", "scenario", "method", "replicate"]
    if absent := set(asked) - set(after[keys[:3]].itertuples(index=False, name=None)):
        raise UserError(f"The rerun has nothing of {' / '.join(min(absent))}, which the archive has.")
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
    print(printable(rows.drop(columns="detail").to_string(index=False)))
    for row in rows[rows["detail"] != ""].itertuples():
        print(printable(f"{row.study} / {row.scenario} / {row.method}: {row.detail}"))
    if versions:
        print(printable("Versions that differ: " + "; ".join(versions)))
    agreeing, exact = (rows["verdict"].isin(names).sum() for names in (AGREEMENT, AGREEMENT[:1]))
    summary = f"{agreeing} of {len(rows)} cells agree, {exact} of them to the last bit."
    if (rows["verdict"] == "different").any():
        raise UserError(f"The archive and its rerun disagree: {summary}")
    print(summary)
