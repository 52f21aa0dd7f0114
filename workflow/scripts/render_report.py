"""Rule render_report: one self-contained HTML file, and the record of what produced it."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.report.render import render_report

    render_report(json.loads(snakemake.params.job), snakemake.output)
