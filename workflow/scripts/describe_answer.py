"""Rule describe_answer: the page on an answer."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.answers.page import write_page

    write_page(snakemake.input.labels, snakemake.input.model, snakemake.output.page)
