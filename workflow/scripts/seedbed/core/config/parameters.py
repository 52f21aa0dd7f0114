"""Parameters from the config, checked against the signature of what will receive them."""

from __future__ import annotations

import dataclasses
import inspect
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any

import pydantic

from seedbed.core.errors import did_you_mean

from .schema import show


def parameter_errors(function: Callable, params: Mapping[str, Any]) -> list[str]:
    """Messages for unknown names and for values of the wrong type.

    Types are the annotations of ``function`` (a function or a class); a scikit-learn estimator is
    checked against its ``_parameter_constraints`` too, since that is what its ``fit`` would refuse.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of a class in C, say, which does not tell
        return []
    if any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        return []
    known = [name for name, p in signature.parameters.items() if p.kind not in (p.VAR_POSITIONAL,)]
    hints = _hints(function)
    constraints = getattr(function, "_parameter_constraints", {})
    constraints = constraints if isinstance(constraints, Mapping) else {}
    messages = []
    for name, value in params.items():
        if name not in known:
            messages.append(f"unknown parameter '{name}'{did_you_mean(name, _settable(signature))}")
        elif name in hints:
            messages += [f"'{name}': {text}" for text in _type_errors(hints[name], value)]
        elif name in constraints:
            messages += _constraint_errors({name: constraints[name]}, name, value)
    return messages


def _hints(function: Callable) -> dict[str, Any]:
    # of a dataclass each field is read where it is written: a base may lie in another module
    of_init = inspect.isclass(function) and not dataclasses.is_dataclass(function)
    try:
        return typing.get_type_hints(function.__init__ if of_init else function)
    except Exception:  # an annotation of the user's that names what is not there at run time
        return {}


def missing_parameters(function: Callable, params: Mapping[str, Any]) -> list[str]:
    """Messages for keyword-only parameters, or fields of a class, without default that ``params`` does not give."""
    required = [
        name
        for name, p in inspect.signature(function).parameters.items()
        if (p.kind is p.KEYWORD_ONLY or inspect.isclass(function)) and p.default is p.empty
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
    except Exception:
        return []  # an annotation that no config value could be checked against
    return []


def _constraint_errors(constraints: dict, name: str, value: Any) -> list[str]:
    from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints

    try:
        validate_parameter_constraints(constraints, {name: value}, caller_name="the method")
    except InvalidParameterError as error:
        return [str(error)]
    except Exception:  # constraints of the user's that are none
        return []
    return []
