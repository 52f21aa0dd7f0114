"""Records as text: what is written is what is read, and what a field does not need is not written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from made_results import config_of_all_studies
from seedbed.core.canonical import to_json
from seedbed.core.job_records.cells import DrawJob
from seedbed.core.job_records.fits import FitJob, TuneJob
from seedbed.core.job_records.reports import ArchiveJob, ReportJob, StudyDescription, VerifyJob
from seedbed.core.job_records.scores import CollectJob, ScoreJob
from seedbed.core.job_records.summaries import BenchmarkJob, FigureJob, SummaryJob
from seedbed.core.labels import MethodLabel, MetricLabel, StudyLabels
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import Plan
from seedbed.core.records import Record


@dataclass(frozen=True, kw_only=True)
class Part(Record):
    ends: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Whole(Record):
    parts: Mapping[str, Part]
    pairs: tuple[tuple[str, int], ...]
    note: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def test_a_record_is_read_back_with_its_types() -> None:
    whole = Whole(parts={"b": Part(ends=(0, 1)), "a": Part(ends=None)}, pairs=(("x", 1), ("y", 2)))
    text = whole.to_json()
    assert text == '{"pairs":[["x",1],["y",2]],"parts":{"a":{"ends":null},"b":{"ends":[0,1]}}}'
    assert Whole.from_json(text) == whole
    noted = Whole(parts={}, pairs=(), note="n", files={"f": "d"})
    assert Whole.from_json(noted.to_json()) == noted and '"note":"n"' in noted.to_json()


@pytest.mark.parametrize("text", ['{"parts":{}}', '{"pairs":[],"parts":{},"other":1}'])
def test_a_field_too_few_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(TypeError):
        Whole.from_json(text)


def test_what_is_no_record_is_no_json() -> None:
    with pytest.raises(TypeError, match="set is not JSON"):
        to_json({"a": {1, 2}})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(config_of_all_studies(scenarios=1, methods=2, replicates=2))


@pytest.mark.slow
def test_every_job_of_a_plan_survives_the_way_to_its_script(plan: Plan) -> None:
    """The text is canonical: what a script reads would be written as the same text, byte for byte."""
    texts: list[tuple[type[Record], str]] = [
        (ArchiveJob, plan.archive_job("9")),
        (ReportJob, plan.report_job()),
        (VerifyJob, plan.verify_job(["python", "-m", "snakemake"])),
    ]
    for study in plan.studies.values():
        for scenario in study.scenarios:
            texts += [
                (DrawJob, study.data_job(scenario, next(iter(study.blocks)))),
                (ScoreJob, study.score_job(scenario)),
            ]
            texts += [(FitJob, study.fit_job(scenario, method)) for method in study.methods_of(scenario)]
        texts += [(TuneJob, study.tuning_job(*pair)) for pair in study.tunings()]
        texts += [(CollectJob, study.collect_job()), (SummaryJob, study.summary_job(plan.report))]
        texts += [(FigureJob, study.figure_job(plan.report)), (BenchmarkJob, study.benchmark_job())]
    for kind, text in texts:
        job = kind.from_json(text)
        assert job.to_json() == text == to_json(json.loads(text))


def test_labels_come_back_as_records(plan: Plan) -> None:
    for study in plan.studies.values():
        names = study.labels()
        read = StudyLabels.from_json(names.to_json())
        assert read == names
        assert all(isinstance(one, MetricLabel) for one in read.metrics.values())
        assert all(isinstance(one, MethodLabel) for one in read.methods.values())
        assert read.scenarios[0].metrics == tuple(study.metrics_of(read.scenarios[0].name))
    (first, *_) = ReportJob.from_json(plan.report_job()).studies
    assert isinstance(first, StudyDescription) and first.figures[0].kind in ("data", "result", "convergence")
