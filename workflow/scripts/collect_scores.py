"""Rule collect_scores: the tidy tables of a study; everything after them is cheap."""

from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    import json

    import pandas as pd
    from seedbed.core.scoring import tuning_table
    from seedbed.core.tables import read_table, write_table

    for name in ("scores", "runs"):
        tables = [read_table(path) for path in snakemake.input[name]]
        write_table(pd.concat(tables, ignore_index=True), snakemake.output[name])
    cells = json.loads(snakemake.params.job)["tunings"]
    write_table(tuning_table(cells, snakemake.input.tunings), snakemake.output.tunings)
