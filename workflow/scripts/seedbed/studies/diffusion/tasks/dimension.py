"""Dimensions: estimators on data, or on a field at points that a replicate gives."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from seedbed.core.errors import SkipFit
from seedbed.diffusion.dimension.fields import FieldDimension, FlowDimension
from seedbed.diffusion.fields.field import Field, ScoreField
from seedbed.diffusion.fields.gauge import GaugeField
from seedbed.diffusion.laws.law import Law
from seedbed.studies.diffusion.data.laws import law_of
from seedbed.studies.diffusion.peers.fields import Sheared

Arrays = Mapping[str, np.ndarray]


def estimate(cls: type, params: Mapping[str, object], data: Arrays) -> dict[str, np.ndarray]:
    """The dimension, and that of each point where the method has one.

    Parameters
    ----------
    cls : type
        An estimator; those that take ``field`` get the score with the replicate's gauge, at noise level ``sigma``.
    params : mapping
        ``gauge=False`` leaves the gauge out, ``at="noisy"`` takes points near the manifold in place of points on it.
    data : mapping
        Arrays of a replicate of :mod:`seedbed.studies.diffusion.data.manifolds`.

    Raises
    ------
    SkipFit
        If the method needs a field and the data have none, or the other way round.
    """
    params = dict(params)
    gauge, at = bool(params.pop("gauge", True)), str(params.pop("at", "points"))
    if not issubclass(cls, FieldDimension):
        if "X" not in data:
            raise SkipFit("this scenario gives a score at a few points, not data")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # rows that repeat
            model = cls(**params).fit(data["X"])
        points = getattr(model, "dimension_pw_", np.full(len(data["X"]), model.dimension_))
        return {"dimension": np.array(float(model.dimension_)), "dimension_pw": np.asarray(points, dtype=np.float64)}
    if "law" not in data:
        raise SkipFit("these data have no score that is known")
    law, sigma = law_of(data), float(data["sigma"])
    field = _with_gauge(law, data) if gauge else ScoreField(law)
    if issubclass(cls, FlowDimension):
        model = cls(field=field, **params).fit(data["flow_start"])
    else:
        model = cls(field=field, sigma=sigma, **params).fit(data[at])
    return {"dimension": np.array(model.dimension_), "dimension_pw": np.asarray(model.dimension_pw_, dtype=np.float64)}


def _with_gauge(law: Law, data: Arrays) -> Field:
    """The score and the replicate's gauge."""
    norm = float(data["norm"])
    if not norm:
        return ScoreField(law)
    if str(data["gauge"]) == "shear":
        return Sheared(law, norm)
    return GaugeField(law, norm, "fourier", random_state=int(data["gauge_seed"]))
