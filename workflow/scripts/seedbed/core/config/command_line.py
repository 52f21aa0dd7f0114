"""What ``--config`` gives: Snakemake reads nested values as text throughout, numbers and truth values included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from .asked_types import asks_for_text


def reread(config: Mapping[str, Any], given: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The config, with the texts inside of nested values of the command line read as YAML reads them in a file.

    Parameters
    ----------
    config : mapping
        Files and command line, as Snakemake has merged them.
    given : mapping
        What the command line gave.
    schema : mapping
        Of the config: where it asks for text, text it stays.
    """
    nested = {key: value for key, value in given.items() if isinstance(value, Mapping | list)}
    read = {key: _read(config[key], value, schema, (key,)) for key, value in nested.items() if key in config}
    return {**config, **read}


def _read(value: Any, given: Any, schema: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping) and isinstance(given, Mapping):
        read = {key: _read(value.get(key), item, schema, (*path, key)) for key, item in given.items()}
        return {**{key: item for key, item in value.items() if key not in given}, **read}
    if isinstance(value, list) and isinstance(given, list):
        return [_read(item, item, schema, path) for item in value]
    if not isinstance(value, str) or value != given or asks_for_text(schema, path):
        return value
    try:
        read = yaml.safe_load(value)
    except (yaml.YAMLError, ValueError):
        return value
    return read if isinstance(read, bool | int | float | None) else value
