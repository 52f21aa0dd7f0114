"""Rule fit_method: one method on one block of replicates, each in a process of its own."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.fork_server import call_forked

    job, inputs, output = json.loads(snakemake.params.job), snakemake.input, snakemake.output
    files = inputs.data, list(inputs.tuning), output.arrays, output.rows
    call_forked(job["study"], "seedbed.core.fitting:fit_block", job, *files)
