"""Files that a method of the config's own is said to need: scripts, weights, the file of an environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from seedbed.core.messages import one_line

_WANTED = "a conda environment is a YAML file with channels and dependencies"


def file_errors(files: Any) -> Iterator[str]:
    """What is wrong with ``files``; what the schema refuses is passed over."""
    for file in files if isinstance(files, list) else []:
        if isinstance(file, str) and not os.path.exists(file):
            yield f"files: {file}: there is no such file"
        elif isinstance(file, str) and not (os.path.isfile(file) or os.path.isdir(file)):
            yield f"files: {file}: is neither a regular file nor a folder"


def environment_errors(environment: Any) -> Iterator[str]:
    """What is wrong with ``environment``, read as little as says whether conda could make something of it."""
    if not isinstance(environment, str):
        return
    path = Path(environment)
    if path.suffix not in (".yaml", ".yml"):
        yield f"environment: '{environment}' is no file that ends in .yaml; {_WANTED}"
    elif not os.path.isfile(environment):
        yield f"environment: {environment}: there is no such file; {_WANTED}"
    elif {"{", "}"} & {*environment}:
        yield f"environment: {environment}: Snakemake takes braces in a name for a wildcard; give the file another one"
    else:
        yield from (f"environment: {environment}: {text}" for text in _content_errors(path))


def _content_errors(path: Path) -> Iterator[str]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, OSError) as error:
        yield f"it cannot be read: {one_line(str(getattr(error, 'problem', None) or error))}"
        return
    listed = content.get("dependencies") if isinstance(content, dict) else None
    if not (isinstance(listed, list) and listed):
        yield f"it lists no dependencies; {_WANTED}"
    elif not any(isinstance(one, str) and one.partition("=")[0].strip() == "python" for one in listed):
        yield "its dependencies must name python, numpy and pyyaml, with which a job reads data and writes results"
