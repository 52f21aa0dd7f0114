"""Where the data come from: generators, and presets of their parameters."""

from __future__ import annotations

from seedbed.core.study import Generator, Scenario

GENERATORS = {
    "contaminated_sample": Generator(".data.contaminated_sample:ContaminatedSample"),
}
SCENARIOS = {
    "clean": Scenario("contaminated_sample", {}, "normal sample"),
    "outliers": Scenario("contaminated_sample", {"share_wrong": 0.1}, "one in ten wrong"),
}
