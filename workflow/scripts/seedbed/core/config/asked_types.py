"""Text or number: what the schema of the config asks for decides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from seedbed.core.canonical import read_exponents

from .config_file import KeyPath

SCHEMA = Path(__file__).parents[4] / "schemas" / "config.schema.yaml"


@cache
def read_schema() -> dict:
    """The JSON Schema of the config."""
    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


def asks_for_text(schema: Mapping[str, Any], path: tuple[Any, ...]) -> bool:
    """Whether the schema has text at this place, and nothing else."""
    node: Any = schema
    for key in path:
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        named = node.get("properties", {}).get(key) if isinstance(key, str) else None
        node = named or node.get("additionalProperties", {})
        if not isinstance(node, Mapping):
            return False
    return node.get("type") == "string"


def with_numbers(config: dict[str, Any], quoted: Mapping[KeyPath, str]) -> dict[str, Any]:
    """A config in which ``1e3``, text for YAML, is a number, unless it stands in quotes or the schema asks for text."""
    schema = read_schema()
    return read_exponents(config, lambda path, text: quoted.get(path) == text or asks_for_text(schema, path))
