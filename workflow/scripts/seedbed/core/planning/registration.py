"""Registered claims: the master seed of a study is the digest of what is judged there.

Data are drawn, so that a claim was fixed before the data that judge it can be made true by construction: whoever
changes a claim, a method or a scenario gets other data, and nobody can fit one to the other. In a config's folder
``python -m seedbed.core.commands.recompute_registrations`` prints the digests; ``snakemake verify`` compares them with
those of an archive.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.canonical import digest
from seedbed.core.code.code_digest import source_digest
from seedbed.core.errors import UserError, printable
from seedbed.core.files import content_digest
from seedbed.core.study import load_claims

if TYPE_CHECKING:
    from .entry_plans import MethodPlan, ScenarioPlan
    from .plan import StudyPlan

RECOMPUTE = "seedbed.core.commands.recompute_registrations"
REGISTERED = "registered"  # what the config says in place of a seed


def registration(plan: StudyPlan) -> str:
    """The digest of a study's claims, metrics, scenarios and methods, with their parameters, files and code.

    The numbers of replicates count too: nobody may stop when the verdict suits. Limits, labels, blocks, the level and
    the versions of libraries do not: they draw no data.
    """
    study = plan.study
    scenarios = {**plan.tuning_scenarios, **plan.scenarios}
    return digest(
        {
            "study": study.name,
            "claims": load_claims(study.name),
            "metrics": {name: [metric.function, metric.direction] for name, metric in study.metrics.items()},
            "scenarios": {name: _scenario(scenario) for name, scenario in scenarios.items()},
            "methods": {name: _method(method) for name, method in plan.methods.items()},
            "replicates": [plan.replicates, plan.tuning_replicates],
            "code": source_digest(
                study.adapter,
                *(metric.function for metric in study.metrics.values()),
                *(scenario.generator for scenario in scenarios.values()),
                *(method.target for method in plan.methods.values()),
            ),
        }
    )


def seed_of(registered: str) -> int:
    """The master seed that a registration stands for."""
    return int(registered, 16)


def check_registrations(folder: str, python: str, registered: Mapping[str, str]) -> None:
    """The seeds of registered studies are what the claims, scenarios, methods and code in a folder digest to.

    Parameters
    ----------
    folder : str
        Of an unpacked archive, whose own code is asked.
    python : str
        The interpreter.
    registered : mapping
        Study to digest, as the archive has it.

    Raises
    ------
    UserError
        Where one is not: the claims are then not known to be older than the data that judge them.
    """
    done = subprocess.run(
        [python, "-m", RECOMPUTE],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(folder, "workflow", "scripts"))},
        capture_output=True,
        text=True,
        errors="backslashreplace",
    )
    if done.returncode:
        raise UserError(f"The archive's registered seeds could not be recomputed:\n{printable(done.stderr[-2000:])}")
    found = json.loads(done.stdout.splitlines()[-1])
    if wrong := [study for study, then in registered.items() if found.get(study) != then]:
        raise UserError(
            f"The seed of {' and '.join(wrong)} is not the digest of what the archive holds: claims, scenarios, "
            "methods or code were changed after the run, and so its claims are not registered."
        )
    print(f"The seeds of {' and '.join(registered)} are the digests of what was judged there.", flush=True)


def _scenario(plan: ScenarioPlan) -> list[Any]:
    given = [] if plan.given_overlap is None else [plan.given_overlap]  # by which verdicts are corrected
    return [plan.generator, dict(plan.params), plan.tune_on, [content_digest(file) for file in plan.files], *given]


def _method(plan: MethodPlan) -> list[Any]:
    reads = [plan.reads] if plan.reads else []
    return [plan.target, dict(plan.params), dict(plan.tune), plan.tune_with, plan.scenarios, *reads]
