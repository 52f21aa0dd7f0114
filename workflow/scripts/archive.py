"""Rule archive: the run in one file, a Workflow RO-Crate."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_records.reports import ArchiveJob
    from seedbed.core.keeping.archive import write_archive

    job, files = ArchiveJob.from_json(snakemake.params.job), snakemake.input
    write_archive(job, list(files.results), list(files.drawn), snakemake.output.archive)
