"""Rule summarise_study: means and costs with intervals, standings, paired comparisons, the claims' verdicts."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.summaries import summarise_study
    from seedbed.core.tables import read_table

    scores, runs = read_table(snakemake.input.scores), read_table(snakemake.input.runs)
    summarise_study(json.loads(snakemake.params.job), scores, runs, snakemake.output)
