"""Rule score_scenario: every metric of every fit of one scenario."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import call_forked
    from seedbed.core.job_records.scores import ScoreJob

    job, files = ScoreJob.from_json(snakemake.params.job), snakemake.input
    inputs = list(files.data), list(files.arrays), list(files.rows)
    call_forked(job.study, "seedbed.core.jobs.scoring:write_scores", job, *inputs, *snakemake.output)
