"""The part of a config that makes some cells, for a rerun of these alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from seedbed.core.config.grid import expand_grid
from seedbed.core.errors import UserError
from seedbed.core.planning.expand import groups_of_tuning
from seedbed.core.planning.registration import seed_of

Cell = tuple[str, str, str]  # study, scenario, method


def sub_config(
    config: Mapping[str, Any],
    cells: Iterable[Cell],
    tunings: Iterable[Cell] = (),
    registered: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The config with nothing but the cells' scenarios and methods, and the first block of replicates.

    Scenarios that one of these methods was tuned on stay too, as the config describes them.

    Seeds are named by study, scenario, replicate and method, so that leaving the others out changes no number. A seed
    that is the digest of all of them is written out.
    """
    cells, studies = list(cells), {}
    methods = {(study, method) for study, _, method in cells}
    methods |= {(study, mate) for study, name in methods for mate in _tuned_with(config, study).get(name, ())}
    tuned_on = [cell for cell in tunings if (cell[0], cell[2]) in methods]
    for study in dict.fromkeys(study for study, _, _ in cells):
        entry = (config.get("studies") or {}).get(study)
        if entry is None:
            raise UserError(f"The config.yaml of the archive has no study '{study}', of which there are tables.")
        chosen = {
            "scenarios": {scenario for name, scenario, _ in (*cells, *tuned_on) if name == study},
            "methods": {method for name, method in methods if name == study},
        }
        parts = {part: dict(_restricted(entry[part], names)) for part, names in chosen.items()}
        parts["methods"] = {name: _limited(one, parts["scenarios"]) for name, one in parts["methods"].items()}
        block = min(entry["replicates"], entry.get("replicates_per_job", 4))
        studies[study] = {**entry, **parts, "replicates": block}
        if registered and study in registered:
            studies[study]["seed"] = seed_of(registered[study])
    return {**config, "studies": studies}


def _limited(method: Mapping[str, Any] | None, scenarios: Collection[str]) -> Mapping[str, Any] | None:
    """A method that is limited to scenarios, of which only these are left."""
    if not method or "scenarios" not in method:
        return method
    left = [name for name in method["scenarios"] if name in scenarios]
    return {key: value for key, value in method.items() if key != "scenarios"} | ({"scenarios": left} if left else {})


def _tuned_with(config: Mapping[str, Any], study: str) -> dict[str, list[str]]:
    """The methods that share a method's tuned parameters, of those that share them."""
    return groups_of_tuning(((config.get("studies") or {}).get(study) or {}).get("methods") or {})


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
