"""Every mistake that the JSON Schema can see, each in one sentence.

``snakemake.utils.validate`` stops at the first error; this lists all of them, with the path of the key,
the offending value, and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import jsonschema

from seedbed.core.errors import did_you_mean

SHOWN = 100  # mistakes of one config
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
    where, value = key_path(error.absolute_path), cast(Any, error.instance)
    rule = cast(Any, error.validator_value)  # and the value: set in every error that a validator yields
    match error.validator:
        case "additionalProperties":
            known = cast(dict, error.schema).get("properties", {})
            for place, key in enumerate(sorted(set(map(str, value)) - set(known))):
                hint = did_you_mean(key, known) if place < SHOWN else ""  # a look for what is alike takes its time
                yield f"{where}: unknown key '{key}'{hint}"
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
            yield f"{where}: {show(value)} must be {bound.get(str(error.validator), 'below')} {rule}"
        case "pattern" | "propertyNames":
            yield f"{where}: {_name(error)} cannot be a name; use lower-case letters, digits and '_', a letter first"
        case "oneOf" | "anyOf":
            choices = [" and ".join(map(repr, option.get("required", []))) for option in rule]
            yield f"{where}: needs {'exactly ' if error.validator == 'oneOf' else ''}one of {', '.join(choices)}"
        case _:
            yield f"{where}: {error.message[:300]}"


def _name(error: jsonschema.ValidationError) -> str:
    """What is refused as a name; of a mapping the first key that is."""
    inner = error.context[0] if error.context else error
    return show(inner.instance)


def show(value: Any) -> str:
    """A value as the user wrote it, shortened."""
    if value is None:
        return "nothing (empty)"
    try:
        text = repr(value)
    except ValueError:  # thousands of digits
        text = f"a value of the type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def _quotes_hint(value: Any, wanted: str) -> str:
    if wanted == "text" and isinstance(value, bool):
        return "; YAML reads yes, no, on and off so: write it in quotes"
    if wanted == "text" and isinstance(value, int | float):
        return "; write it in quotes"
    if "number" not in wanted or not isinstance(value, str):
        return ""
    try:
        float(value)
    except ValueError:
        return ""
    return f" but text: write {value} without quotes"
