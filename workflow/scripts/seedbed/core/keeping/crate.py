"""The description of an archive: RO-Crate metadata of the profiles Workflow RO-Crate and Workflow Run Crate.

Specifications: RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Workflow RO-Crate 1.0,
https://w3id.org/workflowhub/workflow-ro-crate/1.0; Workflow Run Crate 0.5, https://w3id.org/ro/wfrun/workflow/0.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

METADATA = "ro-crate-metadata.json"
RESULTS = "archived"  # not results/: a rerun in the unpacked folder starts from nothing, and can be compared
_RO_CRATE = "https://w3id.org/ro/crate/1.1"
_WORKFLOW = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_RUNS = [f"https://w3id.org/ro/wfrun/{name}/0.5" for name in ("process", "workflow")]
_BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_TYPES = {
    ".py": "text/x-python", ".smk": "text/x-python", ".md": "text/markdown", ".yaml": "application/yaml",
    ".cff": "application/yaml", ".json": "application/json", ".html": "text/html", ".csv": "text/csv",
    ".tsv": "text/tab-separated-values", ".txt": "text/plain", ".svg": "image/svg+xml", ".png": "image/png",
    ".parquet": "application/vnd.apache.parquet", ".npz": "application/zip", ".toml": "application/toml",
    ".j2": "text/plain", "Snakefile": "text/x-python", "Makefile": "text/x-makefile", "LICENSE": "text/plain",
    ".js": "text/javascript", ".css": "text/css",
}  # fmt: skip


_DESCRIPTION = (
    "Config, code, results and provenance of a Snakemake workflow for reproducible experiments in statistical "
    "learning. `snakemake --cores 2 --forceall` in the unpacked folder reruns it; results/ is then what "
    f"{RESULTS}/ was."
)


@dataclass(frozen=True)
class Member:
    """One file of the archive."""

    name: str
    size: int
    sha256: str
    description: str = ""


@dataclass(frozen=True)
class About:
    """What an archive says of itself as a whole."""

    title: str
    date: str  # ISO 8601
    version: str
    snakemake: str
    citation: Mapping[str, Any]  # of CITATION.cff
    inputs: Sequence[str]  # members that the run read: the config and the user's files


def crate_metadata(members: Sequence[Member], about: About) -> dict[str, Any]:
    """The JSON-LD document that lies in the archive as ``ro-crate-metadata.json``."""
    authors = [_author(person) for person in about.citation.get("authors", [])]
    results = [member.name for member in members if member.name.startswith(f"{RESULTS}/")]
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": [{"@id": _RO_CRATE}, {"@id": _WORKFLOW}],
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": about.title,
            "description": _DESCRIPTION,
            "datePublished": about.date,
            "version": about.version,
            "license": {"@id": "https://spdx.org/licenses/MIT"},
            "author": _references(authors),
            "keywords": ", ".join(about.citation.get("keywords", ["Snakemake", "workflow"])),
            "conformsTo": [{"@id": profile} for profile in (*_RUNS, _WORKFLOW)],
            "mainEntity": {"@id": "Snakefile"},
            "mentions": {"@id": "#run"},
            "publisher": _references(authors),
            "hasPart": [{"@id": member.name} for member in members],
        },
        *({"@id": profile, "@type": "CreativeWork", "name": profile.split("/ro/")[-1]} for profile in _RUNS),
        {"@id": _WORKFLOW, "@type": "CreativeWork", "name": "Workflow RO-Crate", "version": "1.0"},
        {"@id": _BIOSCHEMAS, "@type": "CreativeWork", "name": "Bioschemas ComputationalWorkflow"},
        {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "MIT License", "identifier": "MIT"},
        {
            "@id": "#snakemake",
            "@type": "ComputerLanguage",
            "name": "Snakemake",
            "version": about.snakemake,
            "url": {"@id": "https://snakemake.readthedocs.io"},
            "identifier": {"@id": "https://doi.org/10.1093/bioinformatics/bts480"},
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": about.title,
            "description": "One run of the workflow with the config of this archive.",
            "instrument": {"@id": "Snakefile"},
            "object": _references([{"@id": name} for name in about.inputs]),
            "result": _references([{"@id": name} for name in results]),
            "endTime": about.date,
            "actionStatus": "http://schema.org/CompletedActionStatus",
            "agent": _references(authors),
        },
        *authors,
        *(_entity(member, about) for member in members),
    ]
    return {"@context": f"{_RO_CRATE}/context", "@graph": graph}


def _entity(member: Member, about: About) -> dict[str, Any]:
    suffix = PurePosixPath(member.name).suffix
    entity: dict[str, Any] = {
        "@id": member.name,
        "@type": "File",
        "name": PurePosixPath(member.name).name,
        "contentSize": str(member.size),
        "sha256": member.sha256,
    }
    if format_of := _TYPES.get(suffix or member.name):
        entity["encodingFormat"] = format_of
    if member.description:
        entity["description"] = member.description
    if member.name == "README.md":
        entity["about"] = {"@id": "./"}
    if member.name == "Snakefile":
        entity |= {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "name": "Seedbed",
            "version": about.version,
            "programmingLanguage": {"@id": "#snakemake"},
            "license": {"@id": "https://spdx.org/licenses/MIT"},
            "url": {"@id": about.citation.get("repository-code", "https://snakemake.readthedocs.io")},
            "conformsTo": {"@id": _BIOSCHEMAS},
        }
    return entity


def _references(entities: Sequence[Mapping[str, str]]) -> dict[str, str] | list[dict[str, str]]:
    """One reference as itself, several as a list: RO-Crate 1.1 asks for it."""
    references = [{"@id": entity["@id"]} for entity in entities]
    return references[0] if len(references) == 1 else references


def _author(person: Mapping[str, str]) -> dict[str, str]:
    name = person.get("name") or " ".join(
        person[key] for key in ("given-names", "name-particle", "family-names") if key in person
    )
    kind = "Organization" if "name" in person else "Person"
    return {"@id": person.get("orcid") or "#" + name.replace(" ", "-"), "@type": kind, "name": name}
