"""Rule render_report: one self-contained HTML file, and the record of what produced it."""

import os
from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import PAGES, call_forked
    from seedbed.core.job_records.reports import ReportJob

    job, output = ReportJob.from_json(snakemake.params.job), snakemake.output
    files = output.report, output.provenance
    # the rule's threads are processes of one thread each, and the server is the one that the figures had
    os.environ |= {name: "1" for name in os.environ if name.endswith("_NUM_THREADS")}
    call_forked(PAGES, "seedbed.report.page.render:render_report", job, *files, snakemake.threads)
