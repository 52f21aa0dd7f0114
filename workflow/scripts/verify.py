"""Rule verify: rerun a sample of an archive's cells, and compare the scores."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_records.reports import VerifyJob
    from seedbed.core.keeping.verification import verify_archive

    verify_archive(VerifyJob.from_json(snakemake.params.job), snakemake.threads)
