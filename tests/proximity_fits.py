"""A small planted graph, and fits of the proximity study to it."""

from __future__ import annotations

import warnings

import numpy as np
from asked_generators import drawn
from seedbed.core.study import load_study, load_target
from seedbed.studies.proximity import adapter as methods

STUDY = load_study("proximity")


PLANTED = STUDY.generators["planted_graph"]


DATA = drawn(PLANTED, np.random.default_rng(0), sizes=[15, 12], p_in=0.8, p_out=0.04)


def fitted(name, data=DATA, **params):
    method = STUDY.methods[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return methods.fit(load_target(method.target), {**method.params, **params}, data, seed=1)
