"""Rule summarise_study: means with intervals, paired comparisons, costs, and the claims' verdicts."""

import json
from typing import TYPE_CHECKING

from seedbed.core.job_log import job_log

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with job_log(snakemake.log[0]):
    from seedbed.core.claims import judge_claims
    from seedbed.core.files import write_json
    from seedbed.core.statistics import compare_methods, summarise_costs, summarise_scores
    from seedbed.core.tables import read_table, write_table

    job = json.loads(snakemake.params.job)
    scores, runs = read_table(snakemake.input.scores), read_table(snakemake.input.runs)
    level, samples = job["confidence_level"], job["bootstrap_samples"]
    write_table(summarise_scores(scores, runs, level), snakemake.output.summary)
    write_table(summarise_costs(runs), snakemake.output.costs)
    comparisons = compare_methods(scores, job["ours"], job["methods"], level=level, samples=samples)
    write_table(comparisons, snakemake.output.comparisons)
    benchmark = read_table(job["benchmark"]["path"]) if job["benchmark"] else None
    judged = judge_claims(job["claims"], scores, runs, benchmark, level=level, samples=samples)
    write_json(judged, snakemake.output.claims)
