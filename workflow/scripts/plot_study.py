"""Rule plot_study: the figures of a study, each as SVG, PNG and the numbers behind it."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.report.figures import draw_figures

    draw_figures(json.loads(snakemake.params.job), dict(snakemake.input.items()), snakemake.output.figures)
