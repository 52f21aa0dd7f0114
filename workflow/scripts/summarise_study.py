"""Rule summarise_study: means and costs with intervals, standings, paired comparisons, the claims' verdicts."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import TABLES, call_forked
    from seedbed.core.job_records.summaries import SummaryJob

    job, files = SummaryJob.from_json(snakemake.params.job), (snakemake.input, snakemake.output)
    inputs, outputs = (dict(some.items()) for some in files)
    call_forked(TABLES, "seedbed.core.judging.summaries:summarise_files", job, inputs, outputs)
