"""Rule verify: rerun a sample of an archive's cells, and compare the scores."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.verification import verify_archive

    verify_archive(json.loads(snakemake.params.job), snakemake.threads)
