"""Rule collect_scores: the tidy tables of a study; everything after them is cheap."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import TABLES, call_forked
    from seedbed.core.job_records.scores import CollectJob

    job = CollectJob.from_json(snakemake.params.job)
    inputs = {name: list(snakemake.input[name]) for name in ("scores", "runs", "tunings")}
    call_forked(TABLES, "seedbed.core.jobs.scoring:write_study", job, inputs, dict(snakemake.output.items()))
