"""Rule answer_scenario: a chosen method on all rows of a user's table."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import call_forked
    from seedbed.core.job_records.answers import AnswerJob

    job, inputs, output = AnswerJob.from_json(snakemake.params.job), snakemake.input, snakemake.output
    files = list(inputs.tuning), output.labels, output.model
    call_forked(job.study, "seedbed.answers.fitting:write_answer", job, *files)
