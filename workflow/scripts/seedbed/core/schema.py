"""Every mistake that the JSON Schema can see, each in one sentence.

``snakemake.utils.validate`` stops at the first error; this lists all of them, with the path of the key,
the offending value, and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema

from .errors import did_you_mean

_NAMES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "object": "a mapping (key: value lines)",
    "array": "a list",
    "null": "nothing",
}


def schema_errors(config: Any, schema: dict) -> list[str]:
    """Messages for all violations of ``schema`` by ``config``, in the order of their paths."""
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(validator.iter_errors(config), key=lambda error: [str(part) for part in error.path])
    return [message for error in errors for message in _messages(error)]


def key_path(parts: Any) -> str:
    """``studies.clustering.methods.kmeans``; ``the top level`` for the config as a whole."""
    return ".".join(str(part) for part in parts) or "the top level"


def _messages(error: jsonschema.ValidationError) -> Iterator[str]:
    where, value, rule = key_path(error.absolute_path), error.instance, error.validator_value
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for key in sorted(set(map(str, value)) - set(known)):
                yield f"{where}: unknown key '{key}'{did_you_mean(key, known)}"
        case "required":
            for key in sorted(set(rule) - set(value)):
                yield f"{where}: the key '{key}' is missing"
        case "type":
            wanted = " or ".join(_NAMES[name] for name in ([rule] if isinstance(rule, str) else rule))
            yield f"{where}: {show(value)} is not {wanted}{_quotes_hint(value, wanted)}"
        case "enum":
            yield f"{where}: {show(value)} is not one of the choices{did_you_mean(value, map(str, rule))}"
        case "minProperties" | "minItems":
            yield f"{where}: is empty; at least {rule} entry is needed"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            bound = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most"}
            yield f"{where}: {show(value)} must be {bound.get(error.validator, 'below')} {rule}"
        case "pattern" | "propertyNames":
            yield f"{where}: {error.message}; use lower-case letters, digits and '_', a letter first"
        case "oneOf" | "anyOf":
            choices = [" and ".join(map(repr, option.get("required", []))) for option in rule]
            yield f"{where}: needs {'exactly ' if error.validator == 'oneOf' else ''}one of {', '.join(choices)}"
        case _:
            yield f"{where}: {error.message}"


def show(value: Any) -> str:
    """A value as the user wrote it, shortened."""
    text = "nothing (empty)" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _quotes_hint(value: Any, wanted: str) -> str:
    if "number" not in wanted or not isinstance(value, str):
        return ""
    try:
        float(value)
    except ValueError:
        return ""
    return f" but text: write {value} without quotes"
