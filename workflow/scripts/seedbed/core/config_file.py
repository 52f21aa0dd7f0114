"""A config file as text: what is wrong with its YAML, before Snakemake reads it.

Snakemake says of a broken file only that it is broken, takes the last of two equal keys, and runs the Python of a
file that asks for YTE. A file named by ``--configfile`` it has read before we are asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from .errors import UserError

_YTE = "__use_yte__"


class _Loader(yaml.SafeLoader):
    """Plain YAML, in which a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[Any, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                line = key.start_mark.line + 1
                if key.value in seen:
                    text = f"the key '{key.value}' stands here for the second time (first in line {seen[key.value]})"
                    raise yaml.constructor.ConstructorError(None, None, text, key.start_mark)
                seen[key.value] = line
        return super().construct_mapping(node, deep)


def check_config_files(paths: Iterable[str | Path]) -> None:
    """Read each file as plain YAML (or JSON).

    Raises
    ------
    UserError
        That names file, line and column; or the tag or key that would run Python.
    """
    for path in map(Path, paths):
        if path.is_file():
            _check(path)


def _check(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
        if _is_json(text):
            return
        content = yaml.load(text, Loader=_Loader)  # a SafeLoader
        json.dumps(content, default=str, skipkeys=True)
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is no text in UTF-8 (byte {error.start})") from None
    except yaml.YAMLError as error:
        raise UserError(f"{path}{_place(error)}: {_reason(error)}") from None
    except (ValueError, RecursionError):
        raise UserError(f"{path}: an alias (*name) stands inside of what it stands for") from None
    if not isinstance(content, dict):
        raise UserError(f"{path} holds no 'key: value' lines; config.yaml as it was shipped shows what belongs into it")
    if _YTE in content:
        raise UserError(f"{path}: '{_YTE}' would let the file run Python; configs here are plain YAML")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    hint = "; indent with spaces" if "\\t" in problem else ""
    return f"this is no valid YAML: {problem}{hint}" if "second time" not in problem else problem
