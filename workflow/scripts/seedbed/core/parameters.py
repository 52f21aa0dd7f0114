"""Parameters from the config, checked against the signature of what will receive them."""

from __future__ import annotations

import inspect
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any

import pydantic

from .errors import did_you_mean
from .schema import show


def parameter_errors(function: Callable, params: Mapping[str, Any]) -> list[str]:
    """Messages for unknown names and for values of the wrong type.

    Types are the annotations of ``function`` (a function or a class); a scikit-learn estimator is
    checked against its ``_parameter_constraints`` too, since that is what its ``fit`` would refuse.
    """
    signature = inspect.signature(function)
    if any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        return []
    known = [name for name, p in signature.parameters.items() if p.kind not in (p.VAR_POSITIONAL,)]
    init = function.__init__ if inspect.isclass(function) else function
    hints = typing.get_type_hints(init)
    constraints = getattr(function, "_parameter_constraints", {})
    messages = []
    for name, value in params.items():
        if name not in known:
            messages.append(f"unknown parameter '{name}'{did_you_mean(name, _settable(signature))}")
        elif name in hints:
            messages += [f"'{name}': {text}" for text in _type_errors(hints[name], value)]
        elif name in constraints:
            messages += _constraint_errors({name: constraints[name]}, name, value)
    return messages


def missing_parameters(function: Callable, params: Mapping[str, Any]) -> list[str]:
    """Messages for keyword-only parameters without default that ``params`` does not give."""
    required = [
        name
        for name, p in inspect.signature(function).parameters.items()
        if p.kind is p.KEYWORD_ONLY and p.default is p.empty
    ]
    return [f"the parameter '{name}' is needed" for name in required if name not in params]


def _settable(signature: inspect.Signature) -> list[str]:
    """Names that a config may set: a positional argument without default is the engine's to give."""
    return [name for name, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY or p.default is not p.empty]


def _type_errors(hint: Any, value: Any) -> list[str]:
    """Strict: text is no number, a fraction is no whole number; a whole number serves as a float."""
    try:
        pydantic.TypeAdapter(hint).validate_json(json.dumps(value), strict=True)
    except pydantic.ValidationError as error:
        reasons = dict.fromkeys(detail["msg"][0].lower() + detail["msg"][1:] for detail in error.errors())
        return [f"{show(value)}: {' or '.join(reasons)}"]
    except pydantic.errors.PydanticSchemaGenerationError:
        return []  # an annotation that no config value could be checked against
    return []


def _constraint_errors(constraints: dict, name: str, value: Any) -> list[str]:
    from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

    try:
        validate_parameter_constraints(constraints, {name: value}, caller_name="the method")
    except InvalidParameterError as error:
        return [str(error)]
    return []
