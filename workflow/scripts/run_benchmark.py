"""Rule run_benchmark: our code and its peers on the same problems, as ratios of CPU time."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.canonical import digest
    from seedbed.core.job_records.summaries import BenchmarkJob
    from seedbed.core.jobs.benchmarking import run_cases
    from seedbed.core.judging.tables import write_table
    from seedbed.core.study import load_target

    job, table = BenchmarkJob.from_json(snakemake.params.job), snakemake.output.table
    measured = run_cases(job.study, load_target(job.cases), f"snakemake --cores 1 {table}")
    write_table(measured.assign(job=digest(snakemake.params.job)), table)
