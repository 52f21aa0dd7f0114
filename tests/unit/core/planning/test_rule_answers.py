"""What rules ask of the plan, without Snakemake."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.rule_answers import RuleAnswers

CONFIG = {
    "seed": 1,
    "studies": {
        "clustering": {
            "replicates": 3,
            "replicates_per_job": 2,
            "limits": {"seconds": 90, "memory_mb": 500},
            "scenarios": {"isotropic": {}},
            "methods": {"kmeans": {}, "ward": {}},
        }
    },
}


class Mistake(Exception):
    """Stands for Snakemake's own."""


def wildcards(**names: str) -> Any:
    return SimpleNamespace(**names, items=lambda: names.items())


@pytest.fixture(scope="module")
def ask() -> RuleAnswers:
    return RuleAnswers(make_plan(CONFIG), Mistake)


def test_files_of_a_scenario_are_listed_methods_outermost(ask: RuleAnswers) -> None:
    here = wildcards(study="clustering", scenario="isotropic")
    folder = "results/clustering/isotropic"
    blocks = ("0000-0001", "0002-0002")
    assert ask.scenario_data(here) == [f"{folder}/data/{block}.npz" for block in blocks]
    expected = [f"{folder}/fits/{method}/{block}.npz" for method in ("kmeans", "ward") for block in blocks]
    assert ask.scenario_arrays(here) == expected


def test_a_job_is_given_the_time_of_all_its_fits_and_more_when_it_is_tried_again(ask: RuleAnswers) -> None:
    here = wildcards(study="clustering", scenario="isotropic", method="kmeans")
    first, second = (ask.fit_minutes(here, attempt) for attempt in (1, 2))
    assert first >= 2 * 90 / 60 and second == 2 * first
    assert ask.fit_memory_mb(here, 2) == 2 * ask.fit_memory_mb(here, 1) > 1000


def test_a_study_that_is_not_in_the_config_is_named(ask: RuleAnswers) -> None:
    with pytest.raises(Mistake, match="clustring"):
        ask.study(wildcards(study="clustring"))


def calls_of(function: Callable[[], object]) -> int:
    """How many functions are called."""
    calls: list[str] = []
    sys.setprofile(lambda frame, event, argument: calls.append(event) if event.endswith("call") else None)
    try:
        function()
    finally:
        sys.setprofile(None)
    return len(calls)


def test_what_a_job_asks_costs_the_same_however_many_jobs_there_are() -> None:
    """Snakemake's own process answers for every job: what goes with their number goes with its square in all."""

    def cost(methods: int, blocks: int) -> int:
        study = CONFIG["studies"]["clustering"]
        grid = {"method": "kmeans", "grid": {"n_init": [*range(1, 1 + methods)]}}
        study = {**study, "methods": {"one": grid}, "replicates": blocks, "replicates_per_job": 1}
        ask = RuleAnswers(make_plan({"seed": 1, "studies": {"clustering": study}}), Mistake)
        here = wildcards(study="clustering", scenario="isotropic", method="one~n_init=1", block="0000-0000")

        def questions() -> None:
            for answer in (ask.study, ask.data_job, ask.fit_job, ask.tuning_file, ask.environment_file):
                answer(here)
            for resource in (ask.fit_minutes, ask.fit_memory_mb, ask.usual_minutes, ask.usual_memory_mb):
                resource(here, 1)

        questions()  # digests are looked up once
        return calls_of(questions)

    assert cost(60, 70) == cost(2, 3)
