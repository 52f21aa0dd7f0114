"""Rule draw_data: the data sets of one block of replicates."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.drawing import draw_block

    draw_block(json.loads(snakemake.params.job), snakemake.output.data)
