"""Rule plot_study: the figures of a study in the formats asked for, and the numbers behind them."""

from typing import TYPE_CHECKING

from seedbed.core.job_processes.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.job_processes.fork_server import PAGES, call_forked
    from seedbed.core.job_records.summaries import FigureJob

    job, inputs = FigureJob.from_json(snakemake.params.job), dict(snakemake.input.items())
    call_forked(PAGES, "seedbed.report.drawing.draw:draw_figures", job, inputs, snakemake.output.figures)
