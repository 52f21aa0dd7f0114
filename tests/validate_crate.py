"""An archive against the profiles it claims to keep, by roc-validator; for an environment of its own, since that
pins older versions of what we use:

    python -m venv /tmp/roc && /tmp/roc/bin/pip install roc-validator rocrate
    /tmp/roc/bin/python tests/validate_crate.py results/seedbed.crate.zip

The validator fetches the JSON-LD context from the network; here it gets the one that the rocrate package ships.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from pathlib import Path

import rocrate
from rocrate_validator import models, services
from rocrate_validator.utils import http

PROFILES = ("ro-crate-1.1", "workflow-ro-crate-1.0", "workflow-run-crate-0.5")
CONTEXT = (Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_text(encoding="utf-8")
CONTEXT = CONTEXT.replace("bioschemas.org/terms/ComputationalWorkflow", "bioschemas.org/ComputationalWorkflow")


class Context:
    """The answer to every request."""

    status_code, ok, url, from_cache = 200, True, "", True
    text, content, headers = CONTEXT, CONTEXT.encode(), {"Content-Type": "application/ld+json"}

    def json(self) -> dict:
        return json.loads(CONTEXT)

    def raise_for_status(self) -> None:
        pass


def main(archive: str) -> int:
    """Print every issue; the exit status counts those of the level REQUIRED."""
    http.HttpRequester.get = http.HttpRequester.head = lambda self, url, **_: Context()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(archive).extractall(folder)
        for profile in PROFILES:
            level = models.Severity.RECOMMENDED
            found = services.validate(
                services.ValidationSettings(
                    rocrate_uri=folder, profile_identifier=profile, requirement_severity=level, offline=False
                )
            )
            issues = {(issue.severity.name, issue.check.identifier, issue.message) for issue in found.get_issues()}
            print(f"{profile}: {len(issues)} issues", *map(" ".join, sorted(issues)), sep="\n  ")
            failures += sum(severity == "REQUIRED" for severity, _, _ in issues)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
