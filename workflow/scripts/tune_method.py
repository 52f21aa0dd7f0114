"""Rule tune_method: the parameters of one method, chosen on data sets of their own."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import call_forked
    from seedbed.core.job_records.fits import TuneJob

    job = TuneJob.from_json(snakemake.params.job)
    call_forked(job.study, "seedbed.core.jobs.tuning:tune_method", job, snakemake.output.tuning)
