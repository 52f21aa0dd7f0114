"""What our subspaces reach on classes that no linear rule tells apart: bounds of our own code, not claims."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.core.study import load_study, load_target

STUDY = load_study("grassmann")


def accuracy(name: str, seed: int) -> float:
    method, scenario = STUDY.methods[name], STUDY.scenarios["mixture"]
    generator = load_target(STUDY.generators[scenario.generator].function)
    data = generator(**scenario.params).draw(np.random.default_rng(seed))
    params = {**method.params, "epochs": 30}
    fit = load_target(STUDY.adapter)(load_target(method.target), params, data, 0)
    return load_target(STUDY.metrics["accuracy"].function)(data, fit)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_subspaces_tell_zero_mean_classes_apart_and_a_linear_head_cannot() -> None:
    subspaces, linear = accuracy("grassmann_4", 11), accuracy("linear_head", 11)
    assert subspaces >= 0.94 and subspaces - linear >= 0.64
