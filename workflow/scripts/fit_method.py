"""Rule fit_method: one method on one block of replicates, apart from the job itself."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import call_forked
    from seedbed.core.job_records.fits import FitJob

    job, inputs, output = FitJob.from_json(snakemake.params.job), snakemake.input, snakemake.output
    files = inputs.data, list(inputs.tuning), output.arrays, output.rows
    call_forked(job.study, "seedbed.core.jobs.fitting:fit_block", job, *files)
