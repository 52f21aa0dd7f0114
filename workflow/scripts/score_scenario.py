"""Rule score_scenario: every metric of every fit of one scenario."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.scoring import score_scenario, write_table

    spec, files = json.loads(snakemake.params.job), snakemake.input
    scores, runs = score_scenario(spec, list(files.data), list(files.arrays), list(files.rows))
    write_table(scores, snakemake.output.scores)
    write_table(runs, snakemake.output.runs)
