"""``config/README.md``: every key of the config, generated from the schema.

Run ``python -m seedbed.core.commands.config_manual > config/README.md`` in ``workflow/scripts``'s environment; a test
keeps the two in step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seedbed.core.config.asked_types import read_schema

_HEAD = """\
# The config, key by key

Generated from `workflow/schemas/config.schema.yaml`; change that file, not this one. `config.yaml` is the default
run and shows the keys in use; `config/paper.yaml` is the large one;
[docs/studies](../docs/studies/README.md) lists what may be named. Another file replaces `config.yaml` as a whole:
`snakemake --cores N --configfile config/paper.yaml`. A single value can be set for one run:
`snakemake --cores N --config seed=3`.

| Key | Type | Default | Meaning |
|---|---|---|---|"""


def config_manual() -> str:
    """The text of ``config/README.md``."""
    schema = read_schema()
    rows = [" | ".join(["", *row, ""]).strip() for row in _rows(schema, schema, "")]
    return "\n".join([_HEAD, *rows]) + "\n"


def _rows(node: dict[str, Any], schema: dict[str, Any], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    """Depth first, in the order of the schema; a mapping with free names is shown as ``<name>``."""
    required = node.get("required", [])
    for key, entry in node.get("properties", {}).items():
        entry = _resolve(entry, schema)
        default = "required" if key in required else f"`{entry['default']}`" if "default" in entry else "–"
        yield f"`{prefix}{key}`", _type(entry), default, entry.get("description", "")
        yield from _rows(entry, schema, f"{prefix}{key}.")
    named = node.get("additionalProperties")
    if isinstance(named, dict):
        yield from _rows(_resolve(named, schema), schema, f"{prefix}<name>.")


def _resolve(entry: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in entry:
        return entry
    target = schema["$defs"][entry["$ref"].rpartition("/")[2]]
    return {**target, **{key: value for key, value in entry.items() if key != "$ref"}}


def _type(entry: dict[str, Any]) -> str:
    if "enum" in entry:
        return ", ".join(f"`{value}`" for value in entry["enum"])
    if "then" in entry:
        return f"{_type(entry['then'])} or `{entry['if']['not']['const']}`"
    names = entry.get("type", "any")
    return " or ".join(name for name in ([names] if isinstance(names, str) else names) if name != "null")


if __name__ == "__main__":
    print(config_manual(), end="")
