"""Rule tune_method: the parameters of one method, chosen on data sets of their own."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.fork_server import call_forked

    job = json.loads(snakemake.params.job)
    call_forked(job["study"], "seedbed.core.tuning:tune_method", job, snakemake.output.tuning)
