"""Rule draw_data: the data sets of one block of replicates."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import call_forked
    from seedbed.core.job_records.cells import DrawJob

    job = DrawJob.from_json(snakemake.params.job)
    call_forked(job.study, "seedbed.core.jobs.drawing:draw_block", job, snakemake.output.data)
