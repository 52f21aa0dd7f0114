"""Rule fit_method: one method on one block of replicates, each in a process of its own."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.fitting import fit_block

    fit_block(
        json.loads(snakemake.params.job),
        data_file=snakemake.input.data,
        tuning_files=snakemake.input.tuning,
        arrays_file=snakemake.output.arrays,
        rows_file=snakemake.output.rows,
    )
