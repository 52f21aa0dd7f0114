"""A method's class: found, looked at, and bound to its study's adapter; only where a stranger's code may run."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .global_generators import seed_global_generators
from .study import load_target

if TYPE_CHECKING:
    from seedbed.core.job_records.fits import MethodJob


def load_fit(job: MethodJob, made: list[Any] | None = None) -> Callable[[dict, dict, int], dict]:
    """``fit(params, data, seed)``: the adapter bound to its method.

    The class is prepared for, see :func:`prepare_for`: what a method loads or compiles when it is first used every
    replicate would otherwise load in a process of its own.

    Parameters
    ----------
    job : MethodJob
        Says which, and what the class calls what the adapter passes.
    made : list, optional
        Gets every estimator that the adapter constructs.

    Raises
    ------
    TypeError
        If the target is no class, so that naming it in a config would call something else.
    """
    adapter, estimator_class = load_target(job.adapter), load_target(job.target)
    if not inspect.isclass(estimator_class):
        raise TypeError(f"{job.target} is {kind_of(estimator_class)}, and a method is a class")
    prepare_for(adapter, estimator_class)
    called = Renamed(estimator_class, job.rename, made) if job.rename or made is not None else estimator_class

    def fit(params: dict, data: dict, seed: int) -> dict:
        seed_global_generators(seed)
        return adapter(called, params, data, seed)

    return fit


def prepare_for(adapter: Callable, estimator_class: type) -> None:
    """Call the ``prepare(estimator_class)`` of the adapter's module, if it has one."""
    prepare = getattr(sys.modules[adapter.__module__], "prepare", None)
    if prepare is not None:
        prepare(estimator_class)


def kind_of(thing: Any) -> str:
    """What stands in a class's place: ``a function``."""
    if inspect.isroutine(thing):
        return "a function"
    return "a module" if inspect.ismodule(thing) else f"an object of type {type(thing).__name__}"


class Renamed:
    """A class whose constructor is called by the names that an adapter knows.

    Parameters
    ----------
    cls : type
        Calling this object constructs it; its attributes are this object's.
    names : mapping
        The adapter's name of an argument to the class's own.
    made : list, optional
        Gets every object that is constructed.
    """

    def __init__(self, cls: type, names: Mapping[str, str], made: list[Any] | None = None) -> None:
        self._cls, self._names, self._made = cls, dict(names), made
        self.__module__, self.__doc__ = cls.__module__, cls.__doc__  # adapters tell our own classes by their module
        adapters = {own: name for name, own in names.items()}
        known = inspect.signature(cls)
        parameters = {}
        for name, parameter in known.parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD:  # it takes these names as well
                taken = {new: inspect.Parameter(new, parameter.KEYWORD_ONLY) for new in names if new not in parameters}
                parameters |= taken
            parameters[adapters.get(name, name)] = parameter.replace(name=adapters.get(name, name))
        self.__signature__ = known.replace(parameters=list(parameters.values()))

    def __call__(self, **given: Any) -> Any:
        """What the config says by the class's own name counts more than what the adapter adds."""
        own = {name: value for name, value in given.items() if name not in self._names}
        found = self._cls(**{self._names[name]: value for name, value in given.items() if name in self._names} | own)
        if self._made is not None:
            self._made.append(found)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cls, name)
